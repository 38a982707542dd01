"""Sentences, by the marks of their script."""

from __future__ import annotations

import re

from .units import COUNTED

_MARKS_OF_SENTENCES = ".!?…।॥۔؟։።။។‼⁇⁈⁉"
_CLOSERS_OF_SENTENCES = "\"'”’»›)\\]）」』】》*_~"
_OPENERS_OF_SENTENCES = "\"'“„‘«‹(\\[（「『【《*_~¿¡"
_SENTENCE_END = re.compile(
    # These end a sentence unless a quotation that they close goes on: 「本当？」と言った. The marks of other scripts
    # end one only before a blank or the end.
    rf"(?<![。！？｡])(?P<full>[。！？｡]++)(?![{_CLOSERS_OF_SENTENCES}]++[^\W_])[{_CLOSERS_OF_SENTENCES}]*+"
    rf"|(?<![{_MARKS_OF_SENTENCES}])(?P<mark>[{_MARKS_OF_SENTENCES}]++)[{_CLOSERS_OF_SENTENCES}]*+(?=\s|$)"
)
_NEXT = re.compile(rf"[\s{_OPENERS_OF_SENTENCES}–—-]*+(.)", re.DOTALL)
_LAST_WORD = re.compile(r"[^\s\"'“„‘«(\[*_/]*+$")
_LIST_NUMBER = re.compile(r"\n[ \t>#*_-]*+(?:\d{1,3}|[^\W\d_])$")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*$")
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
_SENTENCE_LOOK = 24
"""Longest look back, in characters, for an abbreviation or the number of a list item."""


def sentences(text: str) -> list[str]:
    """The sentences of a text, stripped: what stands between two marks that end one, and has a letter or a digit.

    A full stop ends none after an abbreviation, an initial or the number of a list item, or in a number; before a
    small letter, "..." ends none, nor does a full stop after what looks cut short. Line breaks end none, so that a
    heading belongs to the sentence after it. Thai and Lao have no such mark: a text in them is one sentence. The
    abbreviations are those of a few European languages. More text never makes fewer sentences.
    """
    found: list[str] = []
    start = 0
    for mark in _SENTENCE_END.finditer(text):
        if mark["full"] or _ends(text, mark):
            found.append(text[start : mark.end()].strip())
            start = mark.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if COUNTED.search(sentence)]


def _ends(text: str, mark: re.Match[str]) -> bool:
    """Whether a mark that may end a sentence does."""
    signs = mark["mark"]
    following = _NEXT.match(text, mark.end())
    small = following is not None and following[1].islower()
    if signs.strip(".…"):
        return not (small and mark.end() > mark.end("mark"))  # "Why?" she asked
    if signs != ".":
        return not small
    before = text[max(0, mark.start() - _SENTENCE_LOOK) : mark.start()]
    if mark.start() < _SENTENCE_LOOK:
        before = "\n" + before
    word = _LAST_WORD.search(before)
    last = word[0].lower() if word else ""
    if _LIST_NUMBER.search(before) or last in _ABBREVIATED or _INITIALS.fullmatch(last):
        return False
    return not small or not (last in _ABBREVIATED_INSIDE or _SHORTENED.fullmatch(last))
