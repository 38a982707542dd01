"""What keeps a text from being JSON, where it nearly is: each fault that a person would mend at a glance, and where.

Read once from left to right, without recursion: trailing and missing commas, single and curly quotes, keys without
quotes, comments, literals of Python and JavaScript, line breaks and odd escapes in strings, numbers that JSON does
not know, ellipses, brackets and strings that are never closed. Anything else is no JSON at all.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import NamedTuple

from .document import place_in

_TOKEN = re.compile(
    r"""
      (?P<space>\s++)
    | (?P<comment>//[^\n]*+|\#[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/)
    | (?P<mark>[{}\[\]:,])
    | (?P<string>"(?:[^"\\]++|\\.)*+")
    | (?P<single>'(?:[^'\\]++|\\.)*+')
    | (?P<curly>[“„«][^"“”„«»]*+[“”»])
    | (?P<dots>\.{3}|…)
    | (?P<number>[+-]?\.?[0-9][\w.+-]*+)
    | (?P<word>-?[^\W\d][\w$]*+)
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+")
_CONTROL = re.compile(r"[\x00-\x1f]")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_BETWEEN = re.compile(r"[\s,;]*+")
_LITERALS = {"true": "", "false": "", "null": ""} | {
    "True": "True for true", "False": "False for false", "None": "None for null", "undefined": "undefined for null",
    "NaN": "NaN, which JSON lacks", "Infinity": "Infinity, which JSON lacks", "-Infinity": "Infinity, which JSON lacks",
}  # fmt: skip
_CLOSES = {"{": "}", "[": "]"}
_UNCLOSED = "that is never closed"
_SHOWN = 3


class Fault(NamedTuple):
    """What is wrong, "a trailing comma", and the place of it in the text."""

    what: str
    place: int

    @property
    def breaks_off(self) -> bool:
        """Whether the text ends too early."""
        return self.what.endswith(_UNCLOSED)


def faults(text: str) -> list[Fault] | None:
    """What keeps the text from being one object or array; None where it is something else altogether."""
    reading = _Reading()
    place = 0
    while match := _TOKEN.match(text, place):
        if not reading.take(match.lastgroup or "", match[0], place):
            return None
        place = match.end()
    if place < len(text) and not reading.opens_string(text[place], place):
        return None
    return reading.end()


def told(reply: str, text: str, found: list[Fault]) -> str:
    """Faults as people read them, the first few kinds: "single quotes (6 times, first in line 1, column 2)"."""
    offset = max(reply.find(text), 0)
    counts = Counter(fault.what for fault in found)
    firsts = {fault.what: fault.place for fault in reversed(found)}
    shown = []
    for what, count in list(counts.items())[:_SHOWN]:
        times = f"{count} times, first in " if count > 1 else ""
        shown.append(f"{what} ({times}{place_in(reply, offset + firsts[what])})")
    rest = len(counts) - _SHOWN
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def documents(text: str) -> int:
    """How many objects and arrays stand one after the other, with nothing but spaces or commas between; 0 where
    anything else is there."""
    decoder = json.JSONDecoder()
    count = place = 0
    try:
        while place < len(text):
            if text[place] not in "{[":
                return 0
            place = decoder.raw_decode(text, place)[1]
            count += 1
            between = _BETWEEN.match(text, place)
            place = between.end() if between else place
    except (ValueError, RecursionError):
        return 0
    return count


class _Reading:
    """One text being read: what is open, what may come next, and the faults so far."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._open: list[Fault] = []
        self._wants = "value"
        self._comma: int | None = None
        self._done = False

    def take(self, kind: str, token: str, place: int) -> bool:
        """Take the next token; False where it cannot be JSON."""
        if kind == "space":
            return True
        if kind in ("comment", "dots"):
            self._fault("a comment" if kind == "comment" else "an ellipsis", place)
            self._comma = None if kind == "dots" else self._comma
            return bool(self._open) or self._done
        if kind == "mark":
            return self._mark(token, place)
        return bool(self._open) and self._scalar(kind, token, place)

    def opens_string(self, quote: str, place: int) -> bool:
        """The rest is a string that is never closed."""
        self._fault(f"a string {_UNCLOSED}", place)
        return quote in "\"'" and bool(self._open)

    def end(self) -> list[Fault] | None:
        """All faults, when the text is at its end."""
        self._faults += self._open
        return self._faults if self._open or self._done else None

    def _fault(self, what: str, place: int) -> None:
        self._faults.append(Fault(what, place))

    def _in_object(self) -> bool:
        return self._open[-1].what.startswith("{")

    def _mark(self, mark: str, place: int) -> bool:
        if mark in _CLOSES:
            return self._opened(mark, place)
        if mark in "}]":
            return self._closed(mark)
        if not self._open or self._wants != ("comma" if mark == "," else "colon"):
            return False
        if mark == ",":
            self._comma = place
            self._wants = "key" if self._in_object() else "value"
        else:
            self._wants = "value"
        return True

    def _opened(self, bracket: str, place: int) -> bool:
        self._missing_comma(place)
        if self._wants != "value":
            return False
        self._open.append(Fault(f"{bracket} {_UNCLOSED}", place))
        self._wants = "key" if bracket == "{" else "value"
        self._comma = None
        return True

    def _closed(self, bracket: str) -> bool:
        if not self._open or _CLOSES[self._open[-1].what[0]] != bracket:
            return False
        if self._wants == "colon" or (self._wants == "value" and self._in_object()):
            return False
        if self._comma is not None:
            self._fault("a trailing comma", self._comma)
        self._open.pop()
        self._filled()
        self._done = not self._open
        return True

    def _scalar(self, kind: str, token: str, place: int) -> bool:
        self._missing_comma(place)
        if kind in ("string", "single", "curly"):
            self._string(kind, token, place)
        if self._wants == "key":
            if kind in ("word", "number"):
                self._fault("a key without quotes", place)
            self._wants, self._comma = "colon", None
            return True
        if self._wants != "value" or not self._value(kind, token, place):
            return False
        self._filled()
        return True

    def _value(self, kind: str, token: str, place: int) -> bool:
        if kind == "number" and not _NUMBER.fullmatch(token):
            self._fault("a number that JSON lacks", place)
        if kind == "word":
            wrong = _LITERALS.get(token)
            if wrong:
                self._fault(wrong, place)
            return wrong is not None
        return True

    def _string(self, kind: str, token: str, place: int) -> None:
        if kind != "string":
            self._fault("single quotes" if kind == "single" else "curly quotes", place)
        if control := _CONTROL.search(token):
            self._fault("a line break or tab within a string", place + control.start())
        for escape in _ESCAPE.finditer(token):
            if len(escape[1]) == 1 and escape[1] not in ('"\\/bfnrt' if kind == "string" else "\"'\\/bfnrt"):
                self._fault("an escape that JSON lacks", place + escape.start())
                break

    def _missing_comma(self, place: int) -> None:
        if self._open and self._wants == "comma":
            self._fault("a missing comma", place)
            self._wants = "key" if self._in_object() else "value"

    def _filled(self) -> None:
        self._wants, self._comma = "comma", None
