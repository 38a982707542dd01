"""Files of lines that may be long: plain or gzip, with a bar that shows how far they are read."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader
from stat import S_ISREG

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from diagnostics import jsonl

from ..errors import SetupError

_GZIP = b"\x1f\x8b"


def read_lines(source: BufferedReader) -> Iterator[bytes]:
    """The lines of a file, plain or gzip.

    Raises:
        SetupError: the source cannot be read on; says after which line.
    """
    number = 0
    try:
        stream = gzip.GzipFile(fileobj=source) if source.peek(len(_GZIP)).startswith(_GZIP) else source
        for line in jsonl.lines(stream):
            number += 1
            yield line
    except (OSError, EOFError, zlib.error) as error:
        raise SetupError(f"cannot read {source.name} after line {number}: {error}") from None


@contextmanager
def progress(source: BufferedReader, console: Console, doing: str, *, shown: bool) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, as far as the source's bytes are read. Its function takes the number of lines."""
    if not (shown and console.is_terminal):
        yield lambda lines: None
        return
    about = os.fstat(source.fileno())
    total = about.st_size if S_ISREG(about.st_mode) else None
    time = TimeElapsedColumn() if total is None else TimeRemainingColumn()
    columns = (TextColumn(doing), BarColumn(), TextColumn("{task.fields[lines]:,} lines"), time)
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, lines=0)
        yield lambda lines: bar.update(task, completed=0 if total is None else source.tell(), lines=lines)
