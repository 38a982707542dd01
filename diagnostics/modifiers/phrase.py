"""Where a phrase that somebody named stands in a reply: in any case, between word borders where the script has them.

Inflection is not guessed: "war" stands in "War!" and in "post-war", not in "wars" or "warm".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Annotated

import msgspec

from diagnostics.core import Span
from diagnostics.text import composed, script

Phrase = Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
Phrases = Annotated[tuple[Phrase, ...], msgspec.Meta(min_length=1, max_length=100)]

_BORDERLESS = frozenset({"Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"})
_ALIKE = (("’", "'"), ("ʼ", "'"), ("İ", "i"), ("\u00ad", ""), ("\u200b", ""))
_BLANKS_ASCII = "\n\t\r\x0b\x0c\x1c\x1d\x1e\x1f"
_BLANKS = (
    _BLANKS_ASCII + "\x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""All that is white space, the blank itself aside."""


def spelled(text: str) -> str:
    """``text`` case-folded and composed (NFC), apostrophes made one, each run of white space one space."""
    if not text.isascii():
        for variant, char in _ALIKE:
            text = text.replace(variant, char)
        text = composed(text)
    text = text.casefold()
    # What split and join do, in a fifth of the time.
    for blank in _BLANKS_ASCII if text.isascii() else _BLANKS:
        text = text.replace(blank, " ")
    while "  " in text:
        text = text.replace("  ", " ")
    return text.strip(" ")


def spelled_lines(lines: str) -> str:
    """``spelled`` of whole lines, such that it can be joined with that of the lines that follow: it ends in a space."""
    found = spelled(lines)
    return found + " " if found else ""


def places(text: str, phrase: str) -> Iterator[Span]:
    """Where ``phrase`` stands in ``text`` as words of its own, without overlaps; both as ``spelled`` gives them.

    A neighbour counts as part of the word where it is a letter, mark or digit, except in scripts without spaces,
    and after Hangul, where particles are written on.
    """
    start = text.find(phrase) if phrase else -1
    while start >= 0:
        end = start + len(phrase)
        inside = start > 0 and _joined(text[start - 1], text[start], _BORDERLESS)
        inside = inside or (end < len(text) and _joined(text[end - 1], text[end], _BORDERLESS | {"Hangul"}))
        if not inside:
            yield start, end
        start = text.find(phrase, start + 1 if inside else end)


def _joined(left: str, right: str, borderless: frozenset[str]) -> bool:
    """Are the two characters, side by side, in one word?"""
    if unicodedata.category(right).startswith("M"):
        return True
    if not (_wordlike(left) and _wordlike(right)):
        return False
    return borderless.isdisjoint((script(left), script(right)))


def _wordlike(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char).startswith("M")
