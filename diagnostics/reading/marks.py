"""Marks: what in a prompt means the same in every language. Ends of sentences, commas, numbers, and literal signs."""

from __future__ import annotations

import re

from diagnostics.text.units import MARKS

from .scanner import Token

_LETTER = rf"[^\W_][\w{MARKS}]*+"
WORD = re.compile(rf"{_LETTER}(?:['’-]{_LETTER})*+")
"""A word of folded text, vowel signs and all."""

_SIGNS = re.compile("[\n.!?؟。।॥۔;؛,،、()—–:\\-0-9*#<《\\[【`=]")
_SINGLE = {
    **dict.fromkeys("\n!?؟。।॥۔;؛", "stop"),
    **dict.fromkeys(",،、()—", "comma"),
    ":": "colon",
}
_NUMBER = re.compile(r"\d{1,3}(?:[,.\u00a0 ]\d{3})++(?!\d)|\d++(?:[.,]\d++)?+")
_GROUPED = re.compile(r"\d{1,3}(?:[,.\u00a0 ]\d{3})++")
_GROUPING = re.compile(r"[,.\u00a0 ]")
_POSTSCRIPT = re.compile(r"p ?\. ?(?:p ?\. ?)?(?:-s|s)(?![a-z0-9])\.?")
_LATIN = re.compile("[a-z0-9]")
_MEASURES = re.compile(" [%‰°€£¥₹]")
_NO_COUNT = frozenset("%‰°$€£¥₹")
"""Beside a number: it is a share, a price, a temperature."""
_MODEL = re.compile("[a-wyz](?![a-z])")
"""A letter right after a number makes a name of it ("3a", "4k"); an "x" means times."""
_LITERALS = (
    ("*", "stars", re.compile(r"\*{3,}+")),
    ("<", "angles", re.compile(r"<<[^<>\n]{0,80}+>>|<<")),
    ("《", "angles", re.compile(r"《《[^《》\n]{0,80}+》》")),
    ("[", "bracket", re.compile(r"\[[^\[\]\n]{1,60}+\]")),
    ("【", "bracket", re.compile(r"【[^【】\n]{1,60}+】")),
    ("#", "hashes", re.compile(r"##[^#\s][^#\n]{0,80}+##")),
    ("`", "ticks", re.compile(r"`{3,}+")),
    ("-", "arrow", re.compile(r"-{1,2}+>")),
    ("=", "arrow", re.compile(r"={1,2}+>")),
)
_BY_FIRST: dict[str, tuple[str, re.Pattern[str]]] = {first: (concept, pattern) for first, concept, pattern in _LITERALS}
_token = tuple.__new__
_DASHES = frozenset("-–")


def marks(folded: str) -> list[Token]:
    """The marks of folded text, in order and without overlaps.

    ``number``: its value, with a "+" where "300+" stands; thousands may be grouped. ``stars``: three asterisks or more.
    ``angles``, ``hashes``, ``bracket``, ``ticks``, ``arrow``, ``postscript``: as they are written.
    """
    found: list[Token] = []
    until = 0
    for match in _SIGNS.finditer(folded):
        start = match.start()
        if start < until:
            continue
        sign = match[0]
        concept = _SINGLE.get(sign)
        if sign == ":" and folded[start - 1 : start].isdigit() and folded[start + 1 : start + 2].isdigit():
            continue  # a time of day
        if concept is not None:
            found.append(_token(Token, (start, start + 1, concept, sign)))
            continue
        token = _longer(folded, start, sign)
        if token is not None:
            found.append(token)
            until = token.end
    return found


def _longer(folded: str, start: int, sign: str) -> Token | None:
    if sign == ".":
        return _full_stop(folded, start)
    if sign.isdigit():
        return _number(folded, start)
    if sign in _BY_FIRST:
        concept, pattern = _BY_FIRST[sign]
        if match := pattern.match(folded, start):
            return Token(start, match.end(), concept, match[0])
    if sign in _DASHES and folded[start - 1 : start] == " " and folded[start + 1 : start + 2] == " ":
        return Token(start, start + 1, "comma", sign)
    return None


def _full_stop(folded: str, start: int) -> Token | None:
    """A stop where a sentence can end with it: not in "3.5" or "e.g.", but in Arabic also without a space."""
    marks = folded[start - 1 : start] == "p" and not _LATIN.match(folded, max(start - 2, 0), start - 1)
    if marks and (match := _POSTSCRIPT.match(folded, start - 1)):
        return Token(start - 1, match.end(), "postscript", match[0])
    following = folded[start + 1 : start + 2]
    if following == " " and _abbreviates(folded, start):
        return None
    if not following or following.isspace() or following in "*\"'" or following >= "\u0370":
        return Token(start, start + 1, "stop", ".")
    return None


def _abbreviates(folded: str, start: int) -> bool:
    """ "max. 280", "z. B.": a short word before a number, or one of several single letters; "section x." is an end."""
    word = _LAST_WORD.search(folded, max(start - 6, 0), start)
    if word is None:
        return False
    if folded[start + 2 : start + 3].isdigit():
        return len(word[0]) <= 4
    return len(word[0]) == 1 and bool(
        _ONE_OF_SEVERAL.match(folded, start) or _ONE_MORE.search(folded, max(start - 6, 0), start)
    )


_ONE_OF_SEVERAL = re.compile(r"\. [^\W\d_]\.")
_ONE_MORE = re.compile(r"(?<!\w)[^\W\d_]\. ?[^\W\d_]\Z")
_LAST_WORD = re.compile(rf"(?<![\w{MARKS}])[^\W\d_]++\Z")


def _number(folded: str, start: int) -> Token | None:
    match = _NUMBER.match(folded, start)
    if match is None:
        return None
    digits, end = match[0], match.end()
    if _MODEL.match(folded, end) or _MEASURES.match(folded, end):
        return Token(start, end, "figure", digits)
    counts = _NO_COUNT.isdisjoint(folded[max(start - 1, 0) : start] + folded[end : end + 1])
    if not digits.isdecimal():
        counts = counts and _GROUPED.fullmatch(digits) is not None
        digits = _GROUPING.sub("", digits)
    if not counts or len(digits) > 7:
        return Token(start, end, "figure", match[0])
    return (
        Token(start, end + 1, "number", digits + "+")
        if folded[end : end + 1] == "+"
        else Token(start, end, "number", digits)
    )
