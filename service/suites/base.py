"""What a suite is: rows to put to a model, read one after the other.

A new kind of suite is one file that is a ``Kind``, and one line in ``suites.KINDS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import msgspec

from diagnostics.core import Message
from diagnostics.modifiers.declaration import DeclaredModifier


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One prompt.

    ``id`` is the row's own within its suite. ``messages`` is empty where a reply is there and its prompt is not.
    ``language`` is the instruction's BCP 47 tag as the suite says, None where it says nothing and the detectors decide.
    ``expected_language`` and ``modifiers`` are what the suite demands of the reply; where it says nothing they are read
    from the messages, as in an inference. ``type`` is the suite's own name for what the row is about (the study's
    modifier, IFEval's instruction id, the Language Confusion Benchmark's task and source): a row of the report. Rows
    that have ``parallel`` in common ask for the same: as translations of each other, or for replies in different
    languages. ``response`` is a reply that exists already.
    """

    id: str
    messages: tuple[Message, ...]
    language: str | None = None
    expected_language: str | None = None
    modifiers: tuple[DeclaredModifier, ...] = ()
    type: str = ""
    parallel: str | None = None
    response: str | None = None
    finish_reason: str | None = None


class Refused(msgspec.Struct, frozen=True):
    """What cannot be read: where it is ("modifiers.fr.jsonl, line 3") and why. It is reported.

    ``left_out`` is whether a row is missing because of it; else the row is there without what cannot be read of it.
    """

    place: str
    reason: str
    left_out: bool = True


class Suite(Protocol):
    """Rows, read anew each time they are asked for, in an order that stays the same, and never all in memory at
    once."""

    @property
    def name(self) -> str:
        """As on the command line: ``modifiers``, ``ifeval:input_data.jsonl``."""

    def __iter__(self) -> Iterator[Row | Refused]: ...


class Kind(Protocol):
    """How suites of one kind are found and read: what a module of this package defines."""

    @property
    def EXAMPLE(self) -> str:
        """How one of them is named on the command line."""

    def files(self, where: str) -> Sequence[Path]:
        """The files that ``where`` names, what stands behind the kind and a colon; they are there.

        Raises:
            SetupError: it names none.
        """

    def read(self, files: Sequence[Path]) -> Iterator[Row | Refused]:
        """Their rows. A file that cannot be read to its end is refused from there on; nothing is raised."""
