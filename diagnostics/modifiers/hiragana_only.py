"""All letters of the reply are hiragana; digits, marks and blanks do not matter.

M-IFEval's letters:hiragana_only (Japanese) is the same rule, yet passes a reply without letters. A line that leads in,
or what surrounds a code fence, is peeled off.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .absence import only
from .base import Example, Modifier, Outcome
from .kana import NEUTRAL, is_hiragana
from .reply import Reply


class HiraganaOnly(Modifier, frozen=True):
    """ "ひらがなだけを用いて答えてください。" """

    ifeval = "letters:hiragana_only"

    def judge(self, reply: Reply) -> Outcome:
        """Another letter fails at once."""
        return only(reply, is_hiragana, NEUTRAL, "letter that is no hiragana/letters that are no hiragana")

    examples: ClassVar = (
        Example("ひらがなだけで答えてください。", "おちゃはあつい。", Verdict.PASS, "ja"),
        Example("", "おちゃは、95どです。らーめん！", Verdict.PASS, "ja", form="bare"),
        Example("", "平仮名：\nおちゃ", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "お茶", Verdict.FAIL, "ja"),
        Example("", "おちゃ、コーヒー", Verdict.FAIL, "ja"),
        Example("", "Tea", Verdict.FAIL),
        Example("", "95", Verdict.FAIL, "fr"),
    )
