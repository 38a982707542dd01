"""The reply has no katakana, full or half width.

M-IFEval's letters:no_katakana (Japanese) is the same rule, without the small ㇰ to ㇿ. A line that leads in, or what
surrounds a code fence, is peeled off.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent, each
from .base import Example, Modifier, Outcome
from .kana import is_katakana
from .reply import Reply


class NoKatakana(Modifier, frozen=True):
    """ "カタカナを一文字も使わないで答えてください。" """

    ifeval = "letters:no_katakana"

    def judge(self, reply: Reply) -> Outcome:
        """A katakana fails at once."""
        return absent(reply, each(is_katakana), "katakana/katakana")

    examples: ClassVar = (
        Example("カタカナを使わないでください。", "お茶は熱い。", Verdict.PASS, "ja"),
        Example("", "お茶は熱いです。らーめん・蕎麦", Verdict.PASS, "ja", form="bare"),
        Example("", "カタカナなし：\n緑茶です。", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "コーヒー", Verdict.FAIL, "ja"),
        Example("", "ｶﾌｪ", Verdict.FAIL, "ja"),
        Example("", "Tea", Verdict.PASS, form="bare"),
        Example("", "차", Verdict.PASS, "ko", form="bare"),
    )
