"""What a signal is: a flaw on the surface of a reply that can be seen without a model and without a word list.

Each signal is one file; the file's name is the signal's name everywhere. It is a detector whose observer, a ``Scan``,
shows it the reply in pieces that depend on the text alone, however it came in chunks. Only flaws are reported: a reply
without a finding has none, or is too short to tell. ``examples`` are a signal's first tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import ClassVar

import msgspec

from ..core import Finding, Instruction, Observer, Span, SurfaceFinding, Verdict

PIECE = 2048
"""Longest piece looked at at once, in characters. What is longer is cut behind a line, else behind a word."""

MOST_CANDIDATES = 16
"""Flaws of one piece that are weighed against the messages: a bound on what a hostile reply can cost."""


MOST_SHOWN = 40
"""Characters of a flaw that its explanation shows."""


class Flaw(msgspec.Struct, frozen=True):
    """The characters of a piece that are flawed, and how; ``language`` is that of the finding."""

    span: Span
    explanation: str
    language: str | None = None


class Example(msgspec.Struct, frozen=True):
    """A reply, and its first characters that are flawed: None where none are."""

    reply: str
    flaw: str | None = None
    prompt: str = ""
    language: str = "de"
    complete: bool = True


class Signal:
    """A detector of one kind of flaw; holds no state of any reply. Subclasses add ``name``, ``examples`` and
    ``flaws``, or an observer of their own."""

    name: str
    finding: type[Finding] = SurfaceFinding
    examples: ClassVar[tuple[Example, ...]] = ()

    def observe(self, instruction: Instruction) -> Observer | None:
        """Start watching a reply to ``instruction``; None when there is nothing to check."""
        return Scan(self, instruction)

    def flaws(self, piece: str, instruction: Instruction) -> Iterator[Flaw]:
        """The flaws of one piece of a reply."""
        raise NotImplementedError


class Scan:
    """Looks at one reply piece by piece until a flaw is found. What stands in code or in the messages themselves is no
    flaw of the reply, which speaks of it."""

    __slots__ = ("_chunks", "_found", "_instruction", "_is_fenced", "_length", "_position", "_signal")

    def __init__(self, signal: Signal, instruction: Instruction) -> None:
        self._signal = signal
        self._instruction = instruction
        self._chunks: list[str] = []
        self._length = 0
        self._position = 0  # characters of the reply before the chunks that are held
        self._is_fenced = False  # whether that position is inside a code fence
        self._found: SurfaceFinding | None = None

    def feed(self, text: str) -> None:
        """Take the next piece of the reply; work is done where enough has come."""
        self._length += len(text)
        self._chunks.append(text)
        if self._length > PIECE:
            self._take_pieces()

    def close(self, *, complete: bool) -> Sequence[Finding]:
        """The flaw that was found first."""
        rest = "".join(self._chunks)
        if not complete:
            rest = _without_half_a_character(rest)
        self.take(rest, is_last=True)
        return () if self._found is None else (self._found,)

    def _take_pieces(self) -> None:
        text, start = "".join(self._chunks), 0
        while len(text) - start > PIECE:
            end = cut(text, start)
            piece = text[start:end]
            self.take(piece, is_last=False)
            self._is_fenced ^= bool(piece.count("```") & 1)
            self._position += len(piece)
            start = end
        self._chunks = [text[start:]]
        self._length = len(text) - start

    def take(self, piece: str, *, is_last: bool) -> None:
        """Look at the next piece."""
        if self._found is not None:
            return
        for flaw in islice(self._signal.flaws(piece, self._instruction), MOST_CANDIDATES):
            start, end = flaw.span
            if not (self._is_code(piece, start) or said(piece[start:end], self._instruction)):
                self._found = SurfaceFinding(
                    name=self._signal.name,
                    verdict=Verdict.FAIL,
                    explanation=flaw.explanation,
                    language=flaw.language,
                    span=(self._position + start, self._position + end),
                )
                return

    def _is_code(self, piece: str, at: int) -> bool:
        if not (self._is_fenced or "`" in piece):
            return False
        is_fenced = self._is_fenced ^ bool(piece.count("```", 0, at) & 1)
        return is_fenced or bool(piece.count("`", piece.rfind("\n", 0, at) + 1, at) & 1)


def _without_half_a_character(text: str) -> str:
    """A text that was cut short inside a character, of whose up to three bytes each may be shown as one U+FFFD."""
    whole = text.rstrip("\ufffd")
    return whole if len(text) - len(whole) <= 3 else text


def cut(text: str, start: int) -> int:
    """Where the piece that begins at ``start`` ends, of a text that holds more than that."""
    end = start + PIECE
    for separator in ("\n", " "):
        behind = text.rfind(separator, start + PIECE // 2, end) + 1
        if behind:
            return behind
    return end


def matches(pattern: re.Pattern[str], piece: str, explanation: str) -> Iterator[Flaw]:
    """A flaw for each match, which is shown, in short, where ``explanation`` has ``{}``."""
    for match in pattern.finditer(piece):
        yield Flaw(match.span(), explanation.format(match[0].strip()[:MOST_SHOWN]))


def said(text: str, instruction: Instruction) -> bool:
    """Do the messages that the reply answers contain the text?"""
    return any(text in each.content for each in instruction.messages if each.role != "assistant")
