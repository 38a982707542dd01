"""What every part of the measurement is given, and how one reply is judged."""

from __future__ import annotations

from pathlib import Path

import msgspec

from diagnostics.core import ExpectedLanguage, Instruction, LanguageFinding, Origin
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch

from .engines import Engine, Lingua, Ours


class Options(msgspec.Struct, frozen=True):
    """What the command line asks for beside the parts."""

    plot: Path | None = None
    errors: bool = False  # list the keys of what went wrong
    official_rules: bool = False  # list the cells by the product's pass rates
    heavy: bool = False  # lingua too


class Setup(msgspec.Struct, frozen=True):
    """The product's engines, the peers that are installed, the data and the options."""

    data: Path
    identifier: Identifier
    detector: LanguageMismatch
    ours: Ours
    peers: list[Engine]
    options: Options

    @property
    def everyone(self) -> list[Engine]:
        """Ours and all that answer openly, ours first."""
        return [self.ours, *self.jury]

    @property
    def jury(self) -> list[Engine]:
        """The peers that answer openly: all but lingua, which is asked about pairs."""
        return [engine for engine in self.peers if engine.name != Lingua.name]


def instruction(expected: str, asked_in: str | None) -> Instruction:
    """An instruction in one language that wants another, or its own."""
    origin = Origin.INSTRUCTION if expected == asked_in else Origin.REQUESTED
    return Instruction((), asked_in, ExpectedLanguage(expected, origin))


def judge(
    detector: LanguageMismatch, reply: str, expected: str, asked_in: str | None, *, complete: bool = True
) -> LanguageFinding:
    """The detector's finding on a whole reply."""
    observer = detector.observe(instruction(expected, asked_in))
    assert observer is not None
    observer.feed(reply)
    found = observer.close(complete=complete)[0]
    assert isinstance(found, LanguageFinding)
    return found
