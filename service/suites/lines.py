"""Lines of the files that suites are, plain or gzip, of bounded length, each with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..commands.reading import read_lines
from ..errors import SetupError
from .base import Refused, Row


class Line(NamedTuple):
    """A line as it stands in its file; lines count from 1."""

    path: Path
    number: int
    text: bytes

    @property
    def place(self) -> str:
        """How a person finds it."""
        return f"{self.path.name}, line {self.number}"


def existing_file(where: str, example: str) -> Path:
    """The file of that name.

    Raises:
        SetupError: none is named, or there is none.
    """
    path = Path(where)
    if not where:
        raise SetupError(f"name the suite's file, as in {example}")
    if not path.is_file():
        raise SetupError(f"there is no file {where}")
    return path


def lines(path: Path) -> Iterator[Line | Refused]:
    """All lines of a file; where it cannot be read on, that is the last."""
    number = 0
    try:
        with path.open("rb") as source:
            for number, text in enumerate(read_lines(source), start=1):
                yield Line(path, number, text)
    except (OSError, SetupError) as error:
        yield Refused(f"{path.name}, after line {number}", str(error))


def rows(path: Path, parse: Callable[[Line], Iterable[Row | Refused]]) -> Iterator[Row | Refused]:
    """What ``parse`` makes of each line that is not blank; a line for which it raises ``ValueError`` is refused."""
    for line in lines(path):
        if isinstance(line, Refused):
            yield line
        elif line.text.strip():
            yield from _parsed(line, parse)


def _parsed(line: Line, parse: Callable[[Line], Iterable[Row | Refused]]) -> Iterator[Row | Refused]:
    try:
        yield from parse(line)
    except ValueError as error:
        yield Refused(line.place, str(error))
