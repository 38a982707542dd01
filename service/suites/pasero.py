"""The files of the study (Chirkova & Nikoulina, INLG 2024): ``modifiers.LANG.jsonl``, a list of messages a line, and
``modifiers.LANG.types`` beside it, the type of the same line.

Nothing is declared: what the rows demand is read from their messages. A folder is all its ``modifiers.*.jsonl``, whose
rows of the same line are parallel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path

import msgspec

from diagnostics import jsonl
from diagnostics.core import Message
from diagnostics.language.tags import normalise_tag

from ..errors import SetupError
from .base import Refused, Row
from .lines import Line, existing_file, lines

EXAMPLE = "pasero:modifiers.fr.jsonl"

_decoder = msgspec.json.Decoder(tuple[Message, ...])


def files(where: str) -> Sequence[Path]:
    """One file, or those of a folder in the order of their names."""
    folder = Path(where)
    if not where or not folder.is_dir():
        return (existing_file(where, EXAMPLE),)
    found = sorted(path for path in folder.glob("modifiers.*") if path.name.endswith((".jsonl", ".jsonl.gz")))
    if not found:
        raise SetupError(f"there is no modifiers.LANG.jsonl in {where}")
    return found


def read(files: Sequence[Path]) -> Iterator[Row | Refused]:
    """File by file, a row a line; ``id`` is the file's name and the line's number."""
    for path in files:
        yield from _read_file(path)


def _read_file(path: Path) -> Iterator[Row | Refused]:
    suite, _, ending = _stem(path).rpartition(".")
    language = _language(ending)
    types = _types(path.with_name(f"{_stem(path)}.types"))
    lacking = None
    for line in lines(path):
        if isinstance(line, Refused):
            yield line
            return
        type = next(types, None)
        if not line.text.strip():
            continue
        if type is None and lacking is None:
            lacking = Refused(line.place, "from here on the .types file has no line for a row", left_out=False)
            yield lacking
        yield _row(line, language, suite, type or "")
    if next(types, ""):
        yield Refused(path.name, "its .types file has more lines than it", left_out=False)


def _row(line: Line, language: str | None, suite: str, type: str) -> Row | Refused:
    try:
        messages = jsonl.decode(_decoder, line.text)
    except ValueError as error:
        return Refused(line.place, str(error))
    if not messages:
        return Refused(line.place, "there are no messages")
    parallel = f"{suite}/{line.number}" if language else None
    id = f"{_stem(line.path)}/{line.number}"
    return Row(id=id, messages=messages, language=language, type=type, parallel=parallel)


def _stem(path: Path) -> str:
    """The file's name without .jsonl or .jsonl.gz."""
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


def _language(ending: str) -> str | None:
    try:
        return normalise_tag(ending)
    except ValueError:
        return None


def _types(path: Path) -> Iterator[str]:
    """The types, line by line; without such a file every row's is empty."""
    if not path.is_file():
        yield from repeat("")
    for line in lines(path):
        if isinstance(line, Line):
            yield line.text.decode(errors="replace").strip()
