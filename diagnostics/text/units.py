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
_AROUND = ".,;:!?…\"'“”‘’«»„()[]{}<>*#>/|`~–—-¿¡。、，！？：；「」『』（）"
"""What stands around a word and never in a letter or a number."""


def count_words(text: str) -> int:
    """How many words a person would count: numbers are words, 3.5 and "don't" are one each, "l'eau" is two."""
    parts = text.split()
    # What is all letters and digits is one word, which is told ten times faster than by the pattern.
    others = [part for part in parts if not part.isalnum() and not part.strip(_AROUND).isalnum()]
    rest = " ".join(others)
    found = (_COUNTED_ASCII if rest.isascii() else COUNTED).findall(rest)
    elided = len(_ELIDED.findall(rest)) if "'" in rest or "’" in rest else 0
    return len(parts) - len(others) + len(found) + elided


# Blocks that hold no mark and no control: what is in them need not be asked one by one.
_DOUBTFUL = re.compile(
    "[^\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u05d0-\u05ea\u0620-\u064a\u0660-\u066f\u0671-\u06d5\u1e00-\u1fff"
    "\u2010-\u2027\u2030-\u205f\u20a0-\u20cf\u2100-\u2cee\u3000-\u3029\u3030-\u3098\u309b-\ua66e\uac00-\ud7ff\uf900-\ufaff"
    "\uff00-\ufff8]+"
)
_NO_CHARACTERS = frozenset({"Mn", "Mc", "Me", "Cf"})


def count_characters(text: str) -> int:
    """How many characters a person would count: marks on a letter and invisible controls are none, blanks are some."""
    if text.isascii():
        return len(text)
    doubtful = Counter("".join(_DOUBTFUL.findall(text)))
    return len(text) - sum(n for char, n in doubtful.items() if unicodedata.category(char) in _NO_CHARACTERS)


_PIECE = re.compile(r"(?s).{1,256}(?=[\x00-\x7f]|\Z)|.{1,256}")


def composed(text: str) -> str:
    """``text`` in Unicode's form NFC, in pieces cut before ASCII: the time grows with the square of a run of marks."""
    return text if text.isascii() else "".join(unicodedata.normalize("NFC", piece) for piece in _PIECE.findall(text))


_UNSPACED_RUN = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]+"
)


def unspaced(text: str) -> list[str]:
    """The runs of Chinese, Japanese, Thai, Lao, Khmer and Burmese, which write no blanks between words."""
    return [] if text.isascii() else _UNSPACED_RUN.findall(text)


def spaced(text: str) -> str:
    """``text`` with a blank in the place of every such run."""
    return _UNSPACED_RUN.sub(" ", text)
