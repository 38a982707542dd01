"""A loop: the reply ends in, or holds at length, the same characters over and over.

A stretch has period p when each of its characters is the one p before it. A loop is a stretch of at least ``LEAST``
characters and ``TIMES`` periods that ends where the reply does or that is longer than a piece. Refrains are shorter;
rules, tables of zeros and code may go on for longer. Lines that are the same but for the number before them are a loop
too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

import msgspec

from ..core import Instruction, SurfaceFinding, Verdict
from .base import PIECE, Example, Scan, Signal, said

LEAST = 200
"""Characters of a loop; half as many in scripts without spaces, whose characters say more."""

LEAST_WITHOUT_WORDS = 600
"""Characters of a loop without letters, or in code."""

TIMES = 4
"""Periods of a loop."""

_WINDOW = 2 * PIECE  # characters before a piece that are looked at with it; a period is at most a quarter of them
_TAIL = 32  # characters at the end whose occurrence before gives the period
_TRIES = 4  # periods that are tried
_SPEAKS = 4  # letters from which finding a period in the messages is no accident
_DENSE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_TAG = re.compile(r"<[^<>]*+>")
_NUMBER = re.compile(r"^[ \t]*+\d{1,5}[.)、．:][ \t]*+", re.MULTILINE)


class Repetition(Signal):
    """A loop at the end, or one that is longer than 2,048 characters."""

    name = "repetition"
    examples = (
        Example("Gern:\n" + "Das ist gut. " * 20, flaw="Das ist gut. " * 20),
        Example("So: " + "ha" * 150, flaw="ha" * 150),
        Example("答：" + "好的。" * 40, flaw="好的。" * 40, language="zh"),
        Example("ตอบ " + "ดีมาก" * 30, flaw="ดีมาก" * 30, language="th"),
        Example("Gut" + "!" * 700, flaw="!" * 700),
        Example("Also\n" + " \n" * 400, flaw="\n" + " \n" * 400),
        Example("A:\n" + "".join(f"{n}. Viel Wasser trinken und gut schlafen.\n" for n in range(1, 9)),
                flaw="".join(f"{n}. Viel Wasser trinken und gut schlafen.\n" for n in range(1, 9))),
        Example("Zuerst:\n" + "Und noch einmal von vorn. " * 120 + "Dann war Schluss.",
                flaw="Und noch einmal von vorn. " * 120),
        Example("Das ist gut. " * 20, prompt="Schreib zwanzigmal „Das ist gut.“"),
        Example("| Tag | Essen |\n|-----|-----|\n" + "| | |\n" * 30),
        Example("Tabelle:\n" + "-" * 120 + "\nA\n" + "=" * 120),
        Example("[" + "0, " * 150 + "0]"),
        Example("Lied:\n" + "Bruder Jakob, schläfst du noch?\n" * 3 + "Ding dang dong.\n" * 3),
        Example("La la la, " * 8 + "la!"),
        Example("```html\n" + "<tr><td>leer</td><td></td></tr>\n" * 12 + "```"),
        Example("".join(f"Woche {n}: {n} km laufen und gut schlafen\n" for n in range(1, 13))),
    )  # fmt: skip

    def observe(self, instruction: Instruction) -> Loops:
        """Start watching."""
        return Loops(self, instruction)


class Stretch(msgspec.Struct, frozen=True):
    """Characters ``start`` to ``end`` that repeat the first ``period`` of them."""

    start: int
    end: int
    period: int


class Loops(Scan):
    """One reply. At the end of each piece it is asked whether what came last repeats itself."""

    __slots__ = ("_before", "_loop", "_unit")

    def __init__(self, signal: Signal, instruction: Instruction) -> None:
        super().__init__(signal, instruction)
        self._before = ""  # what came before the next piece
        self._loop: Stretch | None = None  # that the piece before ended in
        self._unit = ""  # what repeats itself in it

    def take(self, piece: str, *, is_last: bool) -> None:
        """Look at what the next piece ends in."""
        if self._found is not None:
            return
        window = self._before + piece
        found = self._found_in(window)
        if found is not None:
            self._go_on(window, found)
            if is_last:
                self._report()
        elif self._loop is not None:
            self._end(window, piece)
        self._before = window[-_WINDOW:]

    def _go_on(self, window: str, found: Stretch) -> None:
        shift = self._position - len(self._before)
        # One that fills the window began before it.
        start = self._loop.start if self._loop is not None and found.start == 0 else shift + found.start
        self._loop = Stretch(start, shift + found.end, found.period)
        self._unit = window[found.start : found.start + found.period]

    def _end(self, window: str, piece: str) -> None:
        assert self._loop is not None
        loop = self._loop
        earlier = window[len(self._before) - loop.period :]
        going_on = next((at for at, (one, other) in enumerate(zip(piece, earlier, strict=False)) if one != other), 0)
        self._loop = Stretch(loop.start, loop.end + going_on, loop.period)
        if self._loop.end - loop.start > PIECE:
            self._report()
        self._loop = None

    def _found_in(self, window: str) -> Stretch | None:
        candidates = chain(stretches(window), numbered_stretches(window))
        return next((each for each in candidates if self._is_loop(window, each)), None)

    def _is_loop(self, window: str, found: Stretch) -> bool:
        unit = window[found.start : found.start + found.period]
        words = _TAG.sub("", unit).strip()
        speaks = any(map(str.isalpha, words))
        if speaks and len(words) >= _SPEAKS and said(words, self._instruction):
            return False
        if not speaks or self._starts_in_code(window, found):
            least = LEAST_WITHOUT_WORDS
        else:
            least = LEAST // 2 if 2 * len(_DENSE.findall(words)) > len(words) else LEAST
        return found.end - found.start >= least

    def _starts_in_code(self, window: str, found: Stretch) -> bool:
        """Whether a fence is open there: whether one is open is known where the piece begins."""
        start, end = sorted((found.start, len(self._before)))
        return self._is_fenced ^ bool(window.count("```", start, end) & 1)

    def _report(self) -> None:
        assert self._loop is not None
        start, end, period = self._loop.start, self._loop.end, self._loop.period
        self._found = SurfaceFinding(
            name=self._signal.name,
            verdict=Verdict.FAIL,
            explanation=f"{self._unit.strip()[:40]!r} {(end - start) // period} times over, {period} characters each",
            span=(start, end),
        )


def stretches(text: str) -> Iterator[Stretch]:
    """What the text ends in, of ``TIMES`` periods or more, the shortest period first."""
    size = len(text)
    known = _TAIL
    for _ in range(_TRIES):
        at = text.rfind(text[-known:], 0, size - 1)
        period = size - known - at
        if at < 0 or TIMES * period > size:
            return
        length = period + _agreeing(text, period)
        if length >= TIMES * period:
            yield Stretch(size - length, size, period)
        known = length + 1  # that much has no such period


def _agreeing(text: str, period: int) -> int:
    """How many characters at the end are those one period before them."""
    size = len(text)
    least, most = 0, size - period
    while least < most:
        middle = (least + most + 1) // 2
        if text.endswith(text[size - period - middle : size - period]):
            least = middle
        else:
            most = middle - 1
    return least


def numbered_stretches(text: str) -> Iterator[Stretch]:
    """What the text ends in, the numbers before its lines aside; the period is that without them."""
    lines = text.rsplit("\n", 3)
    numbered = _NUMBER.match(lines[-2]) if len(lines) == 4 else None
    if numbered is None or text.count(lines[-2][numbered.end() :]) < TIMES:
        return
    bare = _NUMBER.sub("", text)
    for found in stretches(bare):
        line = bare.count("\n", 0, found.start) + (bare[found.start - 1 : found.start] not in ("", "\n"))
        yield Stretch(_line_start(text, line), len(text), found.period)


def _line_start(text: str, line: int) -> int:
    at = 0
    for _ in range(line):
        at = text.find("\n", at) + 1
    return at
