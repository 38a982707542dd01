"""Suites of prompts that ``dragoman evaluate`` runs: the built-in one, and the files of others as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from ..errors import SetupError
from . import exchanges, ifeval, lcb, modifiers, pasero
from .base import Kind, Refused, Row, Suite

KINDS: dict[str, Kind] = {
    "modifiers": modifiers,
    "ifeval": ifeval,
    "pasero": pasero,
    "lcb": lcb,
    "exchanges": exchanges,
}


def open_suite(spec: str) -> Suite:
    """The suite that ``spec`` names on the command line: its kind, and behind a colon where it is.

    Raises:
        SetupError: there is no such kind, or nothing where it should be.
    """
    name, _, where = spec.partition(":")
    kind = KINDS.get(name)
    if kind is None:
        examples = "; ".join(f"{name}, as in {each.EXAMPLE}" for name, each in KINDS.items())
        raise SetupError(f"there is no kind of suite {name[:40]!r}; there are: {examples}")
    return _Suite(spec, kind, kind.files(where))


class _Suite(msgspec.Struct, frozen=True):
    name: str
    kind: Kind
    files: Sequence[Path]

    def __iter__(self) -> Iterator[Row | Refused]:
        return self.kind.read(self.files)
