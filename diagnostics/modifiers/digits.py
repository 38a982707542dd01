"""The reply has no digits, of any script; numbers in words, Roman numerals, and signs such as ² or ① are none.

M-IFEval's detectable_content:no_digits (French) is the same rule: nothing may match ``\\d``. So numbers of a list and
those in code count too.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import judge_absence
from .reply import Reply

_NUMBER = re.compile(r"\d++")
_NUMBER_ASCII = re.compile("[0-9]++")


class Digits(Modifier, frozen=True):
    """ "Do not use digits." """

    ifeval = "detectable_content:no_digits"

    def judge(self, reply: Reply) -> Outcome:
        """A digit fails, once it is clear that it leads into nothing."""
        number = _NUMBER_ASCII if reply.text.isascii() else _NUMBER
        return judge_absence(reply, _numbers, number, "number in digits/numbers in digits")

    examples: ClassVar = (
        Example("Do not use any digits.", "Three teas.", Verdict.PASS),
        Example("How many digits has 100?", "Three."),
        Example("", "Deux thés et trois laits.", Verdict.PASS, "fr", form="bare"),
        Example("", "Chapter IV: m², ①, ½", Verdict.PASS, form="bare"),
        Example("", "お茶を三杯ください。", Verdict.PASS, "ja", form="bare"),
        Example("", "1. Tee", Verdict.FAIL, "de"),
        Example("", "اشرب ٣ أكواب", Verdict.FAIL, "ar"),
        Example("", "ชา ๒ ถ้วย", Verdict.FAIL, "th"),
    )


def _numbers(text: str) -> int:
    return len((_NUMBER_ASCII if text.isascii() else _NUMBER).findall(text))
