"""Is the reply in the language that was wanted? Line by line while it streams, and as a whole when it ends."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import ExpectedLanguage, Finding, Instruction, LanguageFinding
from ..text import CodeMask, mask_quotes
from .identify import count_letters
from .tally import ALONE, Tally, Verifier

LONGEST_REPLY = 65_536
"""Characters of a reply that are judged; what follows is ignored and the explanation says so."""

UNIT = 512
"""Longest piece judged at once, in characters: a longer line is cut at a space, so that no single step is slow."""


class LanguageMismatch:
    """Compares the language of the reply with the expected one."""

    name = "language"
    finding: type[Finding] = LanguageFinding

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    def observe(self, instruction: Instruction) -> LanguageObserver | None:
        """Start watching; None when no language is expected."""
        expected = instruction.expected_language
        if expected is None:
            return None
        rivals = tuple(filter(None, ("en", instruction.language)))
        return LanguageObserver(self._verifier, expected, rivals)


class LanguageObserver:
    """One reply: cuts it into lines, masks what is not prose, weighs what remains and adds up the letters."""

    def __init__(self, verifier: Verifier, expected: ExpectedLanguage, rivals: Sequence[str]) -> None:
        self._tally = Tally(verifier, expected.tag, rivals)
        self._expected = expected
        self._mask = CodeMask()
        self._pending = ""
        self._room = LONGEST_REPLY
        self._cut_off = False

    def feed(self, text: str) -> None:
        """Take the next piece of the reply; work is done where a line ends."""
        if len(text) > self._room:
            self._cut_off = True
            text = text[: self._room]
        self._room -= len(text)
        if len(self._pending) + len(text) <= UNIT and "\n" not in text:
            self._pending += text
            return
        pending = self._pending + text
        start = 0
        while True:
            end = pending.find("\n", start, start + UNIT + 1)
            if end >= 0:
                self._take(pending[start:end], ends_line=True)
                start = end + 1
            elif len(pending) - start > UNIT:
                end = _cut(pending, start)
                self._take(pending[start:end], ends_line=False)
                start = end
            else:
                break
        self._pending = pending[start:]

    def close(self, *, complete: bool) -> Sequence[Finding]:
        """The document's verdict."""
        self._take(self._pending, ends_line=True)
        self._pending = ""
        return (self._tally.finding(self._expected, complete=complete, cut_off=self._cut_off),)

    def _take(self, piece: str, *, ends_line: bool) -> None:
        prose = self._mask.line(piece)
        letters = count_letters(prose)
        if letters:
            unquoted = mask_quotes(prose)
            if unquoted != prose:
                # Quoted titles and names say little of the reply's language, unless the line is little else.
                outside = count_letters(unquoted)
                if sum(outside.values()) >= ALONE:
                    prose, letters = unquoted, outside
            self._tally.add(prose, letters)
        if ends_line:
            self._tally.end_line()


def _cut(text: str, start: int) -> int:
    end = start + UNIT
    space = text.rfind(" ", start + UNIT // 2, end)
    return end if space < 0 else space + 1
