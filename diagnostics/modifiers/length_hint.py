"""The reply is short, long, brief or detailed, without a number.

How long that is depends on the question: the verdict is always ``abstain``, the explanation says how long the reply
is, and a judge has to decide. IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict
from diagnostics.text import count_characters, count_words

from .base import CUT_SHORT, Example, Modifier, Outcome
from .opinion import for_a_judge

Length = Literal["short", "concise", "long", "detailed"]


class LengthHint(Modifier, frozen=True):
    """ "Keep it short.", "Explain in detail." """

    judged = True

    length: Length

    def check(self, reply: str, complete: bool) -> Outcome:
        """Say how long the reply is, and leave the rest to a judge."""
        if not complete:
            return CUT_SHORT
        size = f"{count_words(reply)} words, {count_characters(reply.strip())} characters"
        return for_a_judge(f"that is {self.length}: {size}")

    examples: ClassVar = (
        Example("Answer briefly: what is tea?", "A drink.", Verdict.ABSTAIN, arguments={"length": "short"}),
        Example("Give a detailed answer: what is tea?", "A drink.", Verdict.ABSTAIN, arguments={"length": "long"}),
        Example("", "Tea is hot.", Verdict.ABSTAIN, arguments={"length": "short"}),
        Example("", "O chá é quente.", Verdict.ABSTAIN, "pt", {"length": "detailed"}),
        Example("", "お茶は熱い。", Verdict.ABSTAIN, "ja", {"length": "long"}),
    )
