"""Is the reply in the language that was wanted? Early while it streams, line by line, and as a whole when it ends."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ..core import Alarm, ExpectedLanguage, Finding, Instruction, LanguageFinding
from ..text import CodeMask, mask_glosses, mask_quotes
from .early import EarlyTest
from .identify import Identifier, count_letters
from .tally import ALONE, Tally

LONGEST_REPLY = 65_536
"""Characters of a reply that are judged; what follows is ignored and the explanation says so."""

UNIT = 512
"""Longest piece judged at once, in characters: a longer line is cut at a space, so that no single step is slow."""

LITTLE = 0.35
"""Share of a line's letters outside brackets and quotation marks, below which it is judged with what is inside."""


class LanguageMismatch:
    """Compares the language of the reply with the expected one."""

    name = "language"
    finding: type[Finding] = LanguageFinding

    def __init__(self, identifier: Identifier) -> None:
        self._identifier = identifier

    def observe(self, instruction: Instruction) -> LanguageObserver | None:
        """Start watching; None when no language is expected."""
        if instruction.expected_language is None:
            return None
        return LanguageObserver(self._identifier, instruction.expected_language, instruction.language)


class LanguageObserver:
    """One reply: cuts it into lines, masks what is not prose, weighs what remains and adds up the letters."""

    def __init__(self, identifier: Identifier, expected: ExpectedLanguage, instruction: str | None) -> None:
        rivals = tuple(filter(None, ("en", instruction)))
        self._identifier = identifier
        self._tally = Tally(identifier, expected, rivals)
        self._early = EarlyTest(identifier, expected.tag, instruction)
        self._mask = CodeMask()
        self._pending = ""
        self._position = 0  # characters of the reply before the pending ones
        self._room = LONGEST_REPLY
        self._cut_off = False

    @property
    def alarm(self) -> Alarm | None:
        """The strongest alarm raised so far."""
        return self._early.hard or self._early.soft

    @property
    def is_clear(self) -> bool:
        """Has the reply begun in the right language, so far as one can tell?"""
        return self._early.is_clear

    def feed(self, text: str) -> None:
        """Take the next piece of the reply; work is done where a line ends, and at each of the first words."""
        if len(text) > self._room:
            self._cut_off = True
            text = text[: self._room]
        self._room -= len(text)
        if not self._early.is_over:
            self._early.feed(text)
        if len(self._pending) + len(text) <= UNIT and "\n" not in text:
            self._pending += text
            return
        self._take_lines(self._pending + text)

    def close(self, *, complete: bool) -> Sequence[Finding]:
        """The document's verdict."""
        self._early.close()
        self._take(self._pending, ends_line=True)
        self._pending = ""
        found = self._tally.finding(complete=complete, cut_off=self._cut_off)
        if (soft := self._early.soft) is not None:
            hard = self._early.hard
            found = msgspec.structs.replace(
                found, soft_mismatch=soft.characters, hard_mismatch=hard.characters if hard else None
            )
        lead_in = self._tally.lead_in()
        return (found,) if lead_in is None else (found, lead_in)

    def _take_lines(self, pending: str) -> None:
        start = 0
        while True:
            end = pending.find("\n", start, start + UNIT + 1)
            if end >= 0:
                self._take(pending[start:end], ends_line=True)
                self._position += 1
                start = end + 1
            elif len(pending) - start > UNIT:
                end = _cut(pending, start)
                self._take(pending[start:end], ends_line=False)
                start = end
            else:
                break
        self._pending = pending[start:]

    def _take(self, piece: str, *, ends_line: bool) -> None:
        prose = self._mask.line(piece)
        letters = count_letters(prose)
        if letters:
            spoken = mask_glosses(mask_quotes(prose))
            if spoken != prose:
                # Titles, names and glosses say little of the reply's language, unless the line is little else.
                outside = count_letters(spoken)
                if sum(outside.values()) >= min(ALONE, LITTLE * sum(letters.values())):
                    prose, letters = spoken, outside
            self._tally.add(self._identifier.passage(prose, letters), self._position)
        if ends_line:
            self._tally.end_line()
        self._position += len(piece)


def _cut(text: str, start: int) -> int:
    end = start + UNIT
    space = text.rfind(" ", start + UNIT // 2, end)
    return end if space < 0 else space + 1
