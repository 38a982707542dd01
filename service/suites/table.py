"""Rows of CSV files (RFC 4180: cells may be quoted and hold line ends), under the names that the first row gives."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from diagnostics.jsonl import MAX_LINE_BYTES

from .base import Refused
from .lines import Line, lines


class Record(NamedTuple):
    """One row; ``number`` is its own, from 0, and ``line`` the file's on which it ends."""

    number: int
    line: int
    cells: Mapping[str, str]


class BadRecord(NamedTuple):
    """A row that cannot be read; it counts as one."""

    number: int
    line: int
    reason: str


def records(path: Path, columns: Collection[str]) -> Iterator[Record | BadRecord]:
    """The rows of a file that has at least these columns; else, and where it cannot be read on, a ``BadRecord`` is the
    last. A cell may have as many characters as ``csv.field_size_limit()`` says, 131,072."""
    feed = _Feed(path)
    table = _rows(feed)
    header, problem = next(table, ([], "it is empty"))
    missing = [column for column in columns if column not in header]
    if problem or missing:
        yield BadRecord(0, feed.line, problem or f"there is no column {', '.join(missing)}")
        return
    for number, (cells, problem) in enumerate(table):
        if not problem and len(cells) != len(header):
            problem = f"{len(cells)} cells, but {len(header)} columns"
        if problem:
            yield BadRecord(number, feed.line, problem)
        else:
            yield Record(number, feed.line, dict(zip(header, cells, strict=True)))


def _rows(feed: _Feed) -> Iterator[tuple[list[str], str]]:
    """Cells, and what is wrong with them; blank lines are no rows."""
    reader = csv.reader(feed)
    while True:
        problem = ""
        cells: list[str] = []
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problem = str(error)
        problem = feed.taken() or problem
        if cells or problem:
            yield cells, problem
    if problem := feed.taken():
        yield [], problem


class _Feed:
    """The lines of a file as text. One that is none is handed on as a blank one, and ``taken`` says what was wrong."""

    def __init__(self, path: Path) -> None:
        self.line = 0
        self._lines = lines(path)
        self._problem = ""

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            yield self._text(line)

    def taken(self) -> str:
        """What was wrong since this was last asked, "" when nothing."""
        problem, self._problem = self._problem, ""
        return problem

    def _text(self, line: Line | Refused) -> str:
        if isinstance(line, Refused):
            self._problem = line.reason
            return ""
        self.line = line.number
        if len(line.text) > MAX_LINE_BYTES:
            self._problem = f"longer than {MAX_LINE_BYTES} bytes"
            return "\n"
        try:
            return line.text.decode()
        except UnicodeDecodeError as error:
            self._problem = f"not UTF-8: {error.reason}"
            return "\n"
