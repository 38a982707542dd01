"""All digits of the reply are of a given numbering system: Devanagari, Arabic-Indic, Thai …

Numbers in words have no digits. A reply without any shows nothing. Numbers at the head of list items count. IFEval has
no such type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .absence import absent, each
from .base import Example, Modifier, Outcome
from .reply import Reply

System = Literal[
    "latn", "arab", "arabext", "deva", "beng", "guru", "gujr", "orya", "tamldec", "telu", "knda", "mlym", "thai",
    "laoo", "tibt", "mymr", "khmr", "fullwide",
]  # fmt: skip
"""CLDR's names: arab is ٠١٢, arabext is the Persian and Urdu ۰۱۲, latn is 0 1 2."""

_ZEROS: dict[str, str] = {
    "latn": "0", "arab": "٠", "arabext": "۰", "deva": "०", "beng": "০", "guru": "੦", "gujr": "૦", "orya": "୦",
    "tamldec": "௦", "telu": "౦", "knda": "೦", "mlym": "൦", "thai": "๐", "laoo": "໐", "tibt": "༠", "mymr": "၀",
    "khmr": "០", "fullwide": "０",
}  # fmt: skip


class Numerals(Modifier, frozen=True):
    """ "Write numbers in Devanagari digits." """

    system: System

    def judge(self, reply: Reply) -> Outcome:
        """A digit of another system fails at once."""
        outcome = absent(reply, _others(self.system), "digit of another system/digits of other systems")
        if outcome.verdict is Verdict.PASS and not any(map(str.isdecimal, reply.text)):
            return Outcome(Verdict.ABSTAIN, "the reply has no digits")
        return outcome

    examples: ClassVar = (
        Example("", "चाय ३ कप, २०२४", Verdict.PASS, "hi", {"system": "deva"}, "bare"),
        Example("", "चाय 3 कप", Verdict.FAIL, "hi", {"system": "deva"}),
        Example("", "٣ أكواب", Verdict.PASS, "ar", {"system": "arab"}, "bare"),
        Example("", "۳ فنجان", Verdict.FAIL, "fa", {"system": "arab"}),
        Example("", "ชา ๒ ถ้วย ①", Verdict.PASS, "th", {"system": "thai"}),
        Example("", "Three teas.", Verdict.ABSTAIN, arguments={"system": "latn"}),
    )


@cache
def _others(system: System) -> Callable[[str], Counter[str]]:
    zero = _ZEROS[system]
    nine = chr(ord(zero) + 9)
    return each(lambda char: char.isdecimal() and not zero <= char <= nine)
