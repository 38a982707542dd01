"""In which scripts a text is written, and how many of its letters are capitals."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Container
from typing import NamedTuple

from ..core import Span

# First code point of a run of blocks -> script, from Unicode's Blocks.txt and Scripts.txt; "" is no script of its own.
_BLOCKS: tuple[tuple[int, str], ...] = (
    (0x0000, "Latin"), (0x02B0, ""), (0x0370, "Greek"), (0x0400, "Cyrillic"), (0x0530, "Armenian"), (0x0590, "Hebrew"),
    (0x0600, "Arabic"), (0x0700, "Syriac"), (0x0750, "Arabic"), (0x0780, "Thaana"), (0x07C0, "Nko"), (0x0800, "Other"),
    (0x0870, "Arabic"), (0x0900, "Devanagari"), (0x0980, "Bengali"), (0x0A00, "Gurmukhi"), (0x0A80, "Gujarati"),
    (0x0B00, "Oriya"), (0x0B80, "Tamil"), (0x0C00, "Telugu"), (0x0C80, "Kannada"), (0x0D00, "Malayalam"),
    (0x0D80, "Sinhala"), (0x0E00, "Thai"), (0x0E80, "Lao"), (0x0F00, "Tibetan"), (0x1000, "Myanmar"),
    (0x10A0, "Georgian"), (0x1100, "Hangul"), (0x1200, "Ethiopic"), (0x13A0, "Cherokee"), (0x1400, "Canadian"),
    (0x1680, "Other"), (0x1780, "Khmer"), (0x1800, "Mongolian"), (0x18B0, "Canadian"), (0x1900, "Other"),
    (0x19E0, "Khmer"), (0x1A00, "Other"), (0x1C80, "Cyrillic"), (0x1C90, "Georgian"), (0x1CC0, "Other"),
    (0x1D00, "Latin"), (0x1E00, "Latin"), (0x1F00, "Greek"), (0x2000, ""), (0x2C00, "Other"), (0x2C60, "Latin"),
    (0x2C80, "Other"), (0x2D00, "Georgian"), (0x2D30, "Tifinagh"), (0x2D80, "Ethiopic"), (0x2DE0, "Cyrillic"),
    (0x2E00, "Other"), (0x2E80, "Han"), (0x3040, "Hiragana"), (0x30A0, "Katakana"), (0x3100, "Bopomofo"),
    (0x3130, "Hangul"), (0x3190, ""), (0x31A0, "Bopomofo"), (0x31C0, "Han"), (0x31F0, "Katakana"), (0x3200, ""),
    (0x3400, "Han"), (0xA000, "Other"), (0xA640, "Cyrillic"), (0xA6A0, "Other"), (0xA720, "Latin"), (0xA800, "Other"),
    (0xA8E0, "Devanagari"), (0xA900, "Other"), (0xA960, "Hangul"), (0xA980, "Other"), (0xA9E0, "Myanmar"),
    (0xAA00, "Other"), (0xAA60, "Myanmar"), (0xAA80, "Other"), (0xAB00, "Ethiopic"), (0xAB30, "Latin"),
    (0xAB70, "Cherokee"), (0xABC0, "Other"), (0xAC00, "Hangul"), (0xD800, ""), (0xF900, "Han"), (0xFB00, "Latin"),
    (0xFB13, "Armenian"), (0xFB1D, "Hebrew"), (0xFB50, "Arabic"), (0xFE00, ""), (0xFE70, "Arabic"), (0xFF00, ""),
    (0xFF21, "Latin"), (0xFF5B, ""), (0xFF66, "Katakana"), (0xFFA0, "Hangul"), (0xFFE0, ""), (0x10000, "Other"),
    (0x1B000, "Hiragana"), (0x1B170, "Other"), (0x1D400, "Latin"), (0x1D6A8, "Greek"), (0x1D7CC, ""),
    (0x1D800, "Other"), (0x1F000, ""), (0x20000, "Han"), (0x323B0, "Other"),
)  # fmt: skip
_STARTS = [start for start, _ in _BLOCKS]
_NO_ASCII_LETTERS = bytes(byte for byte in range(256) if byte > 127 or not chr(byte).isalpha())
_NON_ASCII = re.compile(r"[^\x00-\x7f]+")


def script(char: str) -> str:
    """Script of one letter ("Latin", "Han", …), "" for anything that is no letter or belongs to no script."""
    if not unicodedata.category(char).startswith("L"):
        return ""
    return _BLOCKS[bisect_right(_STARTS, ord(char)) - 1][1]


class _Known(dict[str, str]):
    """Scripts of the letters met so far: a lookup takes a tenth of the time of ``script``. Bounded."""

    def __missing__(self, char: str) -> str:
        if len(self) >= 8192:
            self.clear()
        self[char] = script(char)
        return self[char]


_known = _Known()


def scripts(text: str) -> Counter[str]:
    """How many letters of each script; digits, marks, punctuation and symbols are no letters."""
    # The letters of ASCII are counted as bytes, ten times faster than one by one.
    latin = len(text.encode("utf-8", "replace").translate(None, _NO_ASCII_LETTERS))
    if text.isascii():
        return Counter({"Latin": latin}) if latin else Counter()
    found = Counter(map(_known.__getitem__, "".join(_NON_ASCII.findall(text))))
    found.pop("", None)
    if latin:
        found["Latin"] += latin
    return found


def stretches(text: str, foreign: Container[str]) -> list[Span]:
    """Where letters of these scripts stand together, with what is between them but no letter of another script."""
    kinds = "".join(["F" if kind in foreign else "N" if kind else " " for kind in map(_known.__getitem__, text)])
    return [match.span() for match in _STRETCH.finditer(kinds)]


_STRETCH = re.compile("F(?: *+F++)*+")


class Cases(NamedTuple):
    """How many letters are small, how many capitals, and how many have no case; what is counted of parts adds up."""

    small: int = 0
    capital: int = 0
    caseless: int = 0

    @property
    def cased(self) -> int:
        """How many have a case."""
        return self.small + self.capital

    def __add__(self, other: Cases, /) -> Cases:  # type: ignore[override]  # a sum, not a longer tuple
        return Cases(self.small + other.small, self.capital + other.capital, self.caseless + other.caseless)


_ASCII_SMALL = bytes(byte for byte in range(256) if not chr(byte).islower() or byte > 127)
_ASCII_CAPITALS = bytes(byte for byte in range(256) if not chr(byte).isupper() or byte > 127)


def count_cases(text: str) -> Cases:
    """The letters of a text by their case.

    Small is what has one capital ("ß" has none), a capital what has a small form; Georgian, whose capitals nobody asks
    for, has no case.
    """
    # The letters of ASCII are counted as bytes, ten times faster than one by one.
    letters = text.encode("utf-8", "replace")
    small, capital = len(letters.translate(None, _ASCII_SMALL)), len(letters.translate(None, _ASCII_CAPITALS))
    if text.isascii():
        return Cases(small, capital)
    counts = {"s": small, "c": capital, "n": 0, "": 0}
    for char, number in Counter("".join(_NON_ASCII.findall(text))).items():
        counts[_case_of[char]] += number
    return Cases(counts["s"], counts["c"], counts["n"])


class _CaseOf(dict[str, str]):
    """ "s", "c", "n" or "" of the characters met so far. Bounded."""

    def __missing__(self, char: str) -> str:
        if len(self) >= 8192:
            self.clear()
        self[char] = found = _case(char)
        return found


_case_of = _CaseOf()


def _case(char: str) -> str:
    if is_small(char):
        return "s"
    if is_capital(char):
        return "c"
    return "n" if char.isalpha() else ""


def is_cased(char: str) -> bool:
    """Whether a character has a small and a capital form."""
    return is_small(char) or is_capital(char)


def is_small(char: str) -> bool:
    """Whether a character is small and has one capital; Georgian, whose capitals nobody asks for, has none."""
    capital = char.upper()
    return capital != char and len(capital) == 1 and not "\u10d0" <= char <= "\u10ff"


def is_capital(char: str) -> bool:
    """Whether a character is a capital."""
    return char.lower() != char and not "\u1c90" <= char <= "\u1cbf"
