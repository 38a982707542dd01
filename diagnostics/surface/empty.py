"""Nothing but white space came, and the model was done."""

from __future__ import annotations

from collections.abc import Sequence

from ..core import Finding, Instruction, SurfaceFinding, Verdict
from .base import Example, Signal


class Empty(Signal):
    """A reply that ended by itself without one visible character."""

    name = "empty"
    examples = (
        Example("", flaw=""),
        Example(" \n\u200b\t\ufeff\u3000\n", flaw=""),
        Example("", complete=False),
        Example("   .   "),
        Example("🦉"),
        Example("\n\nน้ำ"),
    )

    def observe(self, instruction: Instruction) -> EmptyObserver:
        """Start watching."""
        return EmptyObserver(self.name)


class EmptyObserver:
    """One reply: has a visible character come?"""

    __slots__ = ("_is_empty", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._is_empty = True

    def feed(self, text: str) -> None:
        """Take the next piece of the reply."""
        if self._is_empty:
            self._is_empty = not any(char.isprintable() and not char.isspace() for char in text)

    def close(self, *, complete: bool) -> Sequence[Finding]:
        """The flaw, in a reply that ended by itself."""
        if not (complete and self._is_empty):
            return ()
        return (SurfaceFinding(name=self._name, verdict=Verdict.FAIL, explanation="the reply is empty"),)
