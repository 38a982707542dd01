"""Folding: the one spelling in which lexicons and prompts meet.

Lower case, full-width and Arabic-Indic digits as ASCII digits, alphabets without their accents and vowel points,
variant letters (ة/ه, ى/ي, ß, ł, curly apostrophes) as one. A character becomes one character or none, so that
places in folded text can be traced back. Prompts are typed in haste: "francais" is meant to be found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

_VARIANTS = {
    "ة": "ه",
    "ى": "ي",
    "ی": "ي",
    "ک": "ك",
    "ہ": "ه",
    "ـ": "",
    "ı": "i",
    "ł": "l",
    "ø": "o",
    "đ": "d",
    "’": "'",
    "ʼ": "'",
    "‘": "'",
    "ς": "σ",
    "৷": "।",  # a Bengali numerator sign that keyboards offer for the danda
    # Dotted letters of Indic scripts are one character on keyboards, two elsewhere: the dot is left out.
    "\u093c": "",
    "\u09bc": "",
    "\u0958": "\u0915",
    "\u0959": "\u0916",
    "\u095a": "\u0917",
    "\u095b": "\u091c",
    "\u095c": "\u0921",
    "\u095d": "\u0922",
    "\u095e": "\u092b",
    "\u09dc": "\u09a1",
    "\u09dd": "\u09a2",
    "\u09df": "\u09af",
}
_ALPHABETS_END = 0x0700
"""Latin, Greek, Cyrillic, Hebrew and Arabic lie below: their marks may be left out. In Indic scripts and kana the marks
are letters of their own and stay."""


SETTLED = (
    "a-zα-ρσ-ωа-ик-яא-ת\u0627\u0628\u062a-\u063f\u0641-\u0648\u064a\u0671-\u06a8\u06aa-\u06bf\u0900-\u093b"
    "\u093d-\u0950\u0971-\u097f\u0981-\u0983\u0985-\u098c\u0993-\u09a8\u09aa-\u09b0\u09b2\u09b6-\u09b9"
    "\u09be-\u09c4\u09c7\u09c8\u09cb-\u09cd\u0e01-\u0e3a\u0e40-\u0e4e\u3005\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
)
"""Ranges of letters and marks, most of what prompts are written with, that no ``Spelling`` changes."""


class Spelling:
    """Replaces characters one by one, fast: of a text only the few that may change are looked at, each once.

    ``change`` says what a character becomes; what it becomes must not change again. ``same`` are characters that it
    leaves as they are, besides ``SETTLED``: ranges as a pattern has them in brackets.
    """

    def __init__(self, change: Callable[[str], str], same: str) -> None:
        self._change = change
        self._doubtful = re.compile(f"[^{SETTLED}{same}]")
        self._same: set[str] = set()
        self._changed: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        """The text with all its characters changed."""
        for char in self.doubtful(text) - self._same:
            other = self._changed.get(char)
            if other is None:
                other = self._learn(char)
            if other != char:
                text = text.replace(char, other)
        return text

    def doubtful(self, text: str) -> set[str]:
        """The characters of a text that may change."""
        return set(self._doubtful.findall(text))

    def changed(self, char: str) -> str:
        """What one character becomes."""
        if char in self._same:
            return char
        return self._changed[char] if char in self._changed else self._learn(char)

    def _learn(self, char: str) -> str:
        other = self._change(char)
        if len(self._same) + len(self._changed) > _MOST_KNOWN:  # hostile text: every character there is
            self._same.clear()
            self._changed.clear()
        if other == char:
            self._same.add(char)
        else:
            self._changed[char] = other
        return other


_MOST_KNOWN = 30_000


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


_spelling = Spelling(_fold, "\0-@[-\x7f")


def fold(text: str) -> str:
    """``text`` as lexicons spell it; never longer than ``text``."""
    if text.isascii():
        return text.lower()
    # Only the dotted capital I becomes two characters in lower case.
    return _spelling(text.replace("İ", "i").lower())


def folded(texts: list[str]) -> list[str]:
    """``fold`` of many short texts at once, none of which holds a NUL."""
    return fold("\0".join(texts)).split("\0") if texts else []


def origins(text: str, spelled: str) -> range | list[int]:
    """For every place in ``spelled``, the folded text, and its end, the place in ``text`` that it came from."""
    if len(spelled) == len(text):
        return range(len(text) + 1)
    places: list[int] = []
    last = 0
    for place in sorted(_places_of({char for char in _spelling.doubtful(text) if not _spelling.changed(char)}, text)):
        places.extend(range(last, place))
        last = place + 1
    places.extend(range(last, len(text) + 1))
    return places


def _places_of(chars: set[str], text: str) -> Iterator[int]:
    for char in chars:
        place = text.find(char)
        while place >= 0:
            yield place
            place = text.find(char, place + 1)
