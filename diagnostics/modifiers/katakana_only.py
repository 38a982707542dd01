"""All letters of the reply are katakana, full or half width; digits, marks and blanks do not matter.

M-IFEval's letters:katakana_only (Japanese) is the same rule, yet passes a reply without letters. A line that leads in,
or what surrounds a code fence, is peeled off.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .absence import only
from .base import Example, Modifier, Outcome
from .kana import NEUTRAL, is_katakana
from .reply import Reply


class KatakanaOnly(Modifier, frozen=True):
    """ "カタカナだけを用いて答えてください。" """

    ifeval = "letters:katakana_only"

    def judge(self, reply: Reply) -> Outcome:
        """Another letter fails at once."""
        return only(reply, is_katakana, NEUTRAL, "letter that is no katakana/letters that are no katakana")

    examples: ClassVar = (
        Example("カタカナだけで答えてください。", "オチャ", Verdict.PASS, "ja"),
        Example("", "コーヒー・95ド。", Verdict.PASS, "ja", form="bare"),
        Example("", "ｺｰﾋｰ", Verdict.PASS, "ja", form="bare"),
        Example("", "はい：\nオチャ", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "オ茶", Verdict.FAIL, "ja"),
        Example("", "Tea", Verdict.FAIL),
        Example("", "95", Verdict.FAIL, "fr"),
    )
