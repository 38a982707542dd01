"""Folding: the one spelling in which lexicons and prompts meet.

Lower case, full-width and Arabic-Indic digits as ASCII digits, alphabets without their accents and vowel points,
variant letters (ة/ه, ى/ي, ß, ł, curly apostrophes) as one. A character becomes one character or none, so that
places in folded text can be traced back. Prompts are typed in haste: "francais" is meant to be found.
"""

from __future__ import annotations

import unicodedata

_VARIANTS = {
    "ة": "ه",
    "ى": "ي",
    "ـ": "",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "’": "'",
    "ʼ": "'",
    "‘": "'",
    "ς": "σ",
}
_ALPHABETS_END = 0x0700
"""Latin, Greek, Cyrillic, Hebrew and Arabic lie below: their marks may be left out. In Indic scripts and kana the marks
are letters of their own and stay."""


class _Folding(dict[int, str]):
    """Code point -> what it becomes, worked out when first met; ``str.translate`` asks it."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


def _fold(char: str) -> str:
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Cs":
        return "\ufffd"
    if category == "Cf":
        return ""
    parts = unicodedata.normalize("NFKD", char)
    if ord(parts[0]) < _ALPHABETS_END:
        plain = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    else:
        plain = unicodedata.normalize("NFKC", char)
    plain = plain.lower()
    # One character for one character: "ﬁ" stays, rather than shift what comes after.
    folded = plain if len(plain) < 2 else char.lower()[0]
    return _VARIANTS.get(folded, folded)


_FOLDING = _Folding()


def fold(text: str) -> str:
    """``text`` as lexicons spell it; never longer than ``text``."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def origins(text: str, folded: str) -> range | list[int]:
    """For every place in ``folded``, and its end, the place in ``text`` that it came from."""
    if len(folded) == len(text):
        return range(len(text) + 1)
    return [place for place, char in enumerate(text) if _FOLDING[ord(char)]] + [len(text)]
