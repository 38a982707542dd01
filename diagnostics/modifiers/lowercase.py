"""The reply is in small letters.

No letter may be a capital; digits, marks and letters without case do not matter. In Japanese, Arabic, Hindi or
Georgian the demand means nothing. The language is not judged here.

IFEval's change_case:english_lowercase (google-research: instruction_following_eval/instructions.py), M-IFEval's
french_lowercase: ``islower()``, and langdetect, which is unseeded, must name the language, or fail to.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .reply import Reply
from .uppercase import judge_case


class Lowercase(Modifier, frozen=True):
    """ "Answer in lowercase letters." """

    ifeval = "change_case:english_lowercase"

    def judge(self, reply: Reply) -> Outcome:
        """Count the capitals. One is enough to fail, once it is clear that it leads into nothing."""
        return judge_case(reply, "capital", "capital letter/capital letters")

    examples: ClassVar = (
        Example("Answer in all lowercase letters.", "tea is hot.", Verdict.PASS),
        Example("Your answer must not contain any capital letters.", "Tea.", Verdict.FAIL),
        Example("Why do Germans write nouns with a capital?", "Custom."),
        Example("", "tea is hot: 95 °.", Verdict.PASS, form="bare"),
        Example("", "Sure, here it is:\ntea is hot.", Verdict.PASS, form="unwrapped"),
        Example("", "tea is hot, I think.", Verdict.FAIL),
        Example("", "le thé est chaud.", Verdict.PASS, "fr"),
        Example("", "чай горячий. Молоко холодное.", Verdict.FAIL, "ru"),
        Example("", "الشاي ساخن.", Verdict.NOT_APPLICABLE, "ar"),
        Example("", "95 %", Verdict.FAIL),
    )
