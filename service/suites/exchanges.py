"""Lines of ``dragoman diagnose``: prompts of one's own, with what is declared of their replies, or with the replies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from diagnostics import jsonl
from diagnostics.core import Message

from .base import Refused, Row
from .lines import Line, existing_file, rows

EXAMPLE = "exchanges:prompts.jsonl"


def files(where: str) -> Sequence[Path]:
    """One file."""
    return (existing_file(where, EXAMPLE),)


def read(files: Sequence[Path]) -> Iterator[Row | Refused]:
    """A row a line; one that has no id is called by its number."""
    for path in files:
        yield from rows(path, _row)


def _row(line: Line) -> Iterator[Row]:
    exchange = jsonl.parse(line.text)
    declared = jsonl.declared(exchange)
    yield Row(
        id=str(line.number if exchange.id is None else exchange.id),
        messages=exchange.messages or (Message("user", exchange.prompt or ""),),
        expected_language=declared.expected_language,
        modifiers=exchange.modifiers or (),
        response=exchange.response,
        finish_reason=exchange.finish_reason,
    )
