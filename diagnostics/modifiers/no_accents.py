"""The reply has no letters with an accent: é, ç, ñ, ü; of the Latin and the Greek script.

What is decomposed counts too. Letters that only look it are none: œ, ø, ß, the Cyrillic й and ё. A line that leads in,
or what surrounds a code fence, is peeled off.

M-IFEval's special_character:no_accents (French) looks for a list of letters, the same but for those that French does
not know (ō, ž, ά).
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from diagnostics.core import Verdict

from .absence import absent, each
from .base import Example, Modifier, Outcome
from .reply import Reply


class NoAccents(Modifier, frozen=True):
    """ "Do not use accents." """

    ifeval = "special_character:no_accents"

    def judge(self, reply: Reply) -> Outcome:
        """An accent fails at once."""
        return absent(reply, each(is_accented), "accented letter/accented letters")

    examples: ClassVar = (
        Example("Réponds sans accents.", "Le the est chaud.", Verdict.PASS, "fr"),
        Example("", "Le lait est tres chaud; l'oeuf, la sœur, 2 ’ ` ^", Verdict.PASS, "fr", form="bare"),
        Example("", "Voilà :\nLe lait est chaud.", Verdict.PASS, "fr", form="unwrapped"),
        Example("", "Ça chauffe.", Verdict.FAIL, "fr"),
        Example("", "El nin\u0303o", Verdict.FAIL, "es"),
        Example("", "Мой ёж.", Verdict.PASS, "ru", form="bare"),
        Example("", "Το τσάι", Verdict.FAIL, "el"),
        Example("", "がぎぐ", Verdict.PASS, "ja", form="bare"),
    )


def is_accented(char: str) -> bool:
    """Whether a character is a Latin or Greek letter with a mark, or a mark that stands on any letter."""
    if char < "\x80":
        return False
    parts = unicodedata.normalize("NFD", char)
    if not any("\u0300" <= part <= "\u036f" for part in parts):
        return False
    return len(parts) == 1 or parts[0] < "\u0400"
