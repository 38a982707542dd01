"""The numbers of the reply are in Chinese characters, as 漢数字 are: it has no digits, of any script.

M-IFEval's letters:kansuuji (Japanese) is the same rule, nothing may match ``\\d``, so that "1." at the head of a list
item counts. A line that leads in, or what surrounds a code fence, is peeled off.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent, each
from .base import Example, Modifier, Outcome
from .reply import Reply


class Kansuuji(Modifier, frozen=True):
    """ "数字を全て漢数字で表記してください。" """

    ifeval = "letters:kansuuji"

    def judge(self, reply: Reply) -> Outcome:
        """A digit fails at once."""
        return absent(reply, each(str.isdecimal), "digit/digits")

    examples: ClassVar = (
        Example("数字は漢数字で書いてください。", "お茶を三杯。", Verdict.PASS, "ja"),
        Example("", "三杯、二〇二四年、①", Verdict.PASS, "ja", form="bare"),
        Example("", "2つ：\nお茶を三杯", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "お茶を3杯", Verdict.FAIL, "ja"),
        Example("", "お茶を３杯", Verdict.FAIL, "ja"),
        Example("", "1. 茶", Verdict.FAIL, "zh"),
        Example("", "Three teas.", Verdict.PASS, form="bare"),
    )
