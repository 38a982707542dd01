"""Lines, words and characters."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from ..core import Span

MARKS = (  # vowel signs and other marks that are part of a word, which ``\w`` leaves out
    "\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06ed\u0900-\u0963\u0971-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ece\u0f18-\u0f39"
    "\u0f71-\u0fbc\u102b-\u109d\u135d-\u135f\u17b4-\u17d3\u17dd\u200c\u200d"
)
_WORD = re.compile(rf"[^\W\d_][\w{MARKS}]*+(?:['’ʼ][^\W\d_][\w{MARKS}]*+)*+")


def lines(text: str) -> list[str]:
    r"""The lines of a text without their ends; ``\r\n`` and a lone ``\r`` are one end each."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def words(text: str) -> list[str]:
    """Runs of letters with their marks and inner apostrophes ("don't"); without spaces, a phrase is one run."""
    return _WORD.findall(text)


def word_spans(text: str) -> list[Span]:
    """Where the words of a text are, one cut at its apostrophes."""
    return [match.span() for match in _PART.finditer(text)]


_PART = re.compile(rf"[^\W\d_][\w{MARKS}]*+")


ELIDED = r"(?<![\w'’])(?i:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|dell|dall|nell|sull|all|un)['’](?=[^\W\d_])"
"""An article, a pronoun or a conjunction that French, Italian or Catalan joins to the next word: l'eau, qu'il."""
_ELIDED = re.compile(ELIDED)
COUNTED = re.compile(rf"[^\W_][\w{MARKS}]*+(?:['’ʼ][^\W_][\w{MARKS}]*+|(?<=\d)[.,]\d[\w{MARKS}]*+)*+")
_COUNTED_ASCII = re.compile(r"[^\W_]\w*+(?:'[^\W_]\w*+|(?<=\d)[.,]\d\w*+)*+", re.ASCII)


def count_words(text: str) -> int:
    """How many words a person would count: numbers are words, 3.5 and "don't" are one each, "l'eau" is two."""
    found = (_COUNTED_ASCII if text.isascii() else COUNTED).findall(text)
    return len(found) + (len(_ELIDED.findall(text)) if "'" in text or "’" in text else 0)


def count_characters(text: str) -> int:
    """How many characters a person would count: marks on a letter and invisible controls are none, blanks are some."""
    if text.isascii():
        return len(text)
    return sum(n for char, n in Counter(text).items() if unicodedata.category(char) not in _NO_CHARACTERS)


_NO_CHARACTERS = frozenset({"Mn", "Mc", "Me", "Cf"})
