"""The reply has no digits, of any script; numbers in words, Roman numerals, and signs such as ² or ① are none.

M-IFEval's detectable_content:no_digits (French) is the same rule: nothing may match ``\\d``. So numbers of a list and
those in code count too.
"""

from __future__ import annotations

import re
from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome

_NUMBER = re.compile(r"\d++")


class Digits(Modifier, frozen=True):
    """ "Do not use digits." """

    ifeval = "detectable_content:no_digits"
    concepts: ClassVar = ()

    def check(self, reply: str, complete: bool) -> Outcome:
        """A digit fails at once."""
        count = sum(1 for _ in _NUMBER.finditer(reply))
        if count:
            explanation = (
                "1 number in digits, none allowed" if count == 1 else f"{count} numbers in digits, none allowed"
            )
            return Outcome(Verdict.FAIL, explanation, score=0.0)
        return Outcome(Verdict.PASS, "no digits", "bare", 1.0) if complete else CUT_SHORT

    examples: ClassVar = (
        Example("", "Deux thés et trois laits.", Verdict.PASS, "fr", form="bare"),
        Example("", "Chapter IV: m², ①, ½", Verdict.PASS, form="bare"),
        Example("", "お茶を三杯ください。", Verdict.PASS, "ja", form="bare"),
        Example("", "1. Tee", Verdict.FAIL, "de"),
        Example("", "اشرب ٣ أكواب", Verdict.FAIL, "ar"),
        Example("", "ชา ๒ ถ้วย", Verdict.FAIL, "th"),
    )
