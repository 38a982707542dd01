"""The reply has no hiragana.

M-IFEval's letters:no_hiragana (Japanese) is the same rule. A line that leads in, or what surrounds a code fence, is
peeled off.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent, each
from .base import Example, Modifier, Outcome
from .kana import is_hiragana
from .reply import Reply


class NoHiragana(Modifier, frozen=True):
    """ "ひらがなを一文字も使わないで答えてください。" """

    ifeval = "letters:no_hiragana"

    def judge(self, reply: Reply) -> Outcome:
        """A hiragana fails at once."""
        return absent(reply, each(is_hiragana), "hiragana/hiragana")

    examples: ClassVar = (
        Example("ひらがなを使わないで書いてください。", "茶、熱。", Verdict.PASS, "ja"),
        Example("", "緑茶、コーヒー。", Verdict.PASS, "ja", form="bare"),
        Example("", "はい：\n緑茶", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "お茶", Verdict.FAIL, "ja"),
        Example("", "Tea", Verdict.PASS, form="bare"),
        Example("", "茶很热。", Verdict.PASS, "zh", form="bare"),
    )
