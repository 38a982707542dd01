"""The reply does not have a given character, small or capital.

A letter with a mark is a letter of its own: "é" is no "e"; "œ" is no "o". A line that leads in, or what surrounds a
code fence, is peeled off.

M-IFEval's special_character:ethel_or_cedilla (French) is the same rule for "œ" and "ç".
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .absence import absent
from .base import Example, Modifier, Outcome
from .reply import Reply


class ForbiddenCharacter(Modifier, frozen=True):
    """ "Do not use the letter ç." """

    ifeval = "special_character:ethel_or_cedilla"

    forbidden_char: Annotated[
        str, msgspec.Meta(min_length=1, max_length=2, pattern=r"^\S[\u0300-\u036f\u3099\u309a]?\Z")
    ]
    """One character; the second is for a mark on it."""

    def judge(self, reply: Reply) -> Outcome:
        """The character fails at once."""
        composed = unicodedata.normalize("NFC", self.forbidden_char)
        # While more may come, a mark may follow on the last letter and make it another.
        return absent(reply, _counter(composed), f"{composed!r}/{composed!r}", whole_lines=True)

    examples: ClassVar = (
        Example("", "Le cafe, la soeur, C.", Verdict.PASS, "fr", {"forbidden_char": "ç"}, "bare"),
        Example("", "Ça va.", Verdict.FAIL, "fr", {"forbidden_char": "ç"}),
        Example("", "la fac\u0327ade", Verdict.FAIL, "fr", {"forbidden_char": "ç"}),
        Example("", "Sans œ :\nLe lait.", Verdict.PASS, "fr", {"forbidden_char": "œ"}, "unwrapped"),
        Example("", "e\u0301te\u0301", Verdict.FAIL, "fr", {"forbidden_char": "é"}),
        Example("", "\u00e9", Verdict.PASS, "fr", {"forbidden_char": "e"}),
        Example("", "Ёж", Verdict.FAIL, "ru", {"forbidden_char": "ё"}),
        Example("", "Hot!", Verdict.FAIL, arguments={"forbidden_char": "!"}),
    )


@lru_cache(maxsize=256)
def _counter(char: str) -> Callable[[str], Counter[str]]:
    """Count the forms of a character, composed and decomposed."""
    forms = {char, char.lower(), char.upper()}
    forms |= {unicodedata.normalize("NFD", form) for form in forms}

    def count(text: str) -> Counter[str]:
        return Counter({form: number for form in sorted(forms) if (number := _alone(text, form))})

    return count


def _alone(text: str, form: str) -> int:
    """How often a character stands in a text without a mark on it that makes it another."""
    count = start = 0
    while (start := text.find(form, start)) >= 0:
        start += len(form)
        count += not "\u0300" <= text[start : start + 1] <= "\u036f"
    return count
