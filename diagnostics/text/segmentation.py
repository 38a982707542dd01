"""Sentences, by the marks of their script; words of scripts without blanks, by a segmenter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.util import find_spec
from typing import NamedTuple, Protocol

import msgspec

from .units import COUNTED, count_words, spaced, unspaced

_FULL = "。！？｡．।॥۔؟։።፧။៕។᠃᠉܀෴‼⁇⁈⁉⸮"
"""These end a sentence wherever they stand, unless what they close goes on (「本当？」と言った) or a number does."""
_OPEN = ".!?…;"
"""These end one only before a blank or the end; the semicolon is a question mark in Greek, and only there."""
_CLOSERS = "\"'”’»›)\\]）」』】》*_~"
_MARK = re.compile(rf"(?P<signs>[{_FULL}{_OPEN}]++)(?P<closers>[{_CLOSERS}]*+)")
_NEXT = re.compile(r"[^\S\n]*+[\"'“„‘«‹(\[（「『【《*_~¿¡–—-]*+([^\n])")
_LAST_WORD = re.compile(r"[^\s\"'“„‘«(\[*_/]*+\Z")
_LIST_NUMBER = re.compile(r"\n[ \t>#*_-]*+(?:\d{1,3}|[^\W\d_])\Z")
_INITIALS = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*$")
_ABBREVIATIONS = """
mr mrs ms dr prof st sr jr vs no fig vol pp gen col sgt capt lt rev hon sen rep gov mt ft approx dept eq ph
mme mlle cf chap av bd env nr hr vgl bzw ca str abs art bsp sra srta dra ud uds pág núm sig dott
ул им см стр рис проф гг тыс руб обл dhr mevr nl bl tzv
"""
_ABBREVIATED = frozenset(_ABBREVIATIONS.split())
"""A capital letter or a number follows these."""
_LATE_ABBREVIATIONS = """
etc al inc ltd co corp incl ed eds est enz evtl ggf inkl usw esim ecc bzgl jan feb mar apr jun jul aug sep sept
oct nov dec млн млрд
"""
_ABBREVIATED_INSIDE = frozenset(_LATE_ABBREVIATIONS.split())
"""These may end a sentence as well, but not before a small letter."""
_SHORTENED = re.compile(r"(?![a-zß-ɏ]*[aeiouyà-æè-öø-ýÿ])[^\W\d_]{1,3}|\S*\.\S*|\d*")
"""Before a small letter a word of up to three letters without a vowel, or a number ("am 3. mai"), is cut short."""
_LONGEST_SHORTENED = 3
_ALL_ABBREVIATED = _ABBREVIATED | _ABBREVIATED_INSIDE
_LOOK = 24
"""Longest look back, in characters, for an abbreviation or the number of a list item."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, stripped: what stands between two marks that end one, and has a letter or a digit.

    A full stop ends none after an abbreviation, an initial or the number of a list item, or in a number; before a
    small letter on its line, "..." ends none, nor does a full stop after what looks cut short. Line breaks end none,
    so that a heading belongs to the sentence after it. Thai and Lao have no such mark: a text in them is one sentence.
    The abbreviations are those of a few European languages. More text never makes fewer sentences.
    """
    found, start = [], 0
    for end in (*_ends(text), len(text)):
        found.append(text[start:end].strip())
        start = end
    return [sentence for sentence in found if COUNTED.search(sentence)]


class SentenceCount(NamedTuple):
    """How many sentences there are in a part of a text, in such a way that parts can be added up.

    ``ended`` have a mark at their end. ``opens``: there is a letter before the first mark; ``marked``: there is a mark;
    ``goes_on``: there is a letter after the last.
    """

    ended: int = 0
    opens: bool = False
    marked: bool = False
    goes_on: bool = False

    @property
    def total(self) -> int:
        """How many sentences, the last one counted whether it has its mark or not."""
        return self.ended + self.goes_on

    def __add__(self, later: SentenceCount, /) -> SentenceCount:  # type: ignore[override]  # a sum, not a longer tuple
        opens = self.opens or (not self.marked and later.opens)
        if not later.marked:
            return SentenceCount(self.ended, opens, self.marked, self.goes_on or later.goes_on)
        joined = self.goes_on and not later.opens
        return SentenceCount(self.ended + later.ended + joined, opens, True, later.goes_on)


def count_sentences(lines: str) -> SentenceCount:
    """The count of whole lines, as ``sentences`` finds them."""
    ended, start, opens, marked = 0, 0, False, False
    for end in _ends(lines):
        spoken = _has_letter(lines, start, end)
        opens = spoken if not marked else opens
        marked = True
        ended += spoken
        start = end
    goes_on = _has_letter(lines, start, len(lines))
    return SentenceCount(ended, opens if marked else goes_on, marked, goes_on)


def _has_letter(text: str, start: int, end: int) -> bool:
    return any(map(str.isalnum, text[start:end]))


def _ends(text: str) -> Iterator[int]:
    """Where the marks stand behind which a sentence has ended."""
    for mark in _MARK.finditer(text):
        end = mark.end()
        following = text[end : end + 1]
        if mark["signs"][-1] in _FULL:
            goes_on = following.isdigit() if mark[0] == "．" else mark["closers"] and following.isalnum()
        else:
            goes_on = (following and not following.isspace()) or not _stops(text, mark)
        if not goes_on:
            yield end


def _stops(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark before a blank, which may end a sentence, does."""
    signs = mark["signs"]
    if ";" in signs:
        return signs == ";" and "\u0370" <= text[mark.start() - 1 : mark.start()] <= "\u03ff"
    if signs == ".":
        # Most full stops are told without the patterns: those after a longer word, and after the number of a list item.
        earliest = max(0, mark.start() - _LOOK)
        begins = max(earliest, text.rfind(" ", earliest, mark.start()) + 1)
        _, line_end, last = text[begins : mark.start()].rpartition("\n")
        if last.isdecimal() and len(last) <= _LONGEST_SHORTENED and (line_end or not begins):
            return False
        if len(last) > _LONGEST_SHORTENED and last.isalpha() and last.lower() not in _ALL_ABBREVIATED:
            return True
    following = _NEXT.match(text, mark.end())
    small = following is not None and following[1].islower()
    if signs.strip(".…"):
        return not (small and mark["closers"])  # "Why?" she asked
    if signs != ".":
        return not small
    before = text[max(0, mark.start() - _LOOK) : mark.start()]
    if mark.start() < _LOOK:
        before = "\n" + before
    word = _LAST_WORD.search(before)
    last = word[0].lower() if word else ""
    if _LIST_NUMBER.search(before) or last in _ABBREVIATED or _INITIALS.fullmatch(last):
        return False
    return not small or not (last in _ABBREVIATED_INSIDE or _SHORTENED.fullmatch(last))


class Segmenter(Protocol):
    """Tells the words of scripts without blanks apart; can be hashed."""

    @property
    def name(self) -> str:
        """What a verdict calls it."""

    def words(self, text: str) -> list[str]:
        """The words of runs of such a script, with blanks between the runs."""


class Icu(NamedTuple):
    """The dictionaries of ICU: Chinese, Japanese, Thai, Lao, Khmer and Burmese."""

    name: str = "ICU"

    def words(self, text: str) -> list[str]:
        """The words of ``text``."""
        from icu4py.breakers import WordBreaker

        # The locale makes no difference to these scripts.
        return [word for word in WordBreaker(text, "en") if not word.isspace()]


def installed_segmenter() -> Segmenter | None:
    """ICU, where the extra ``segmentation`` is installed."""
    return Icu() if find_spec("icu4py") else None


class SegmentedWords(msgspec.Struct, frozen=True):
    """``count_words``, with the words of scripts without blanks told apart."""

    segmenter: Segmenter

    def __call__(self, text: str) -> int:
        runs = unspaced(text)
        if not runs:
            return count_words(text)
        return count_words(spaced(text)) + len(self.segmenter.words(" ".join(runs)))
