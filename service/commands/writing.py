"""Where a command writes to: standard output, or a file that appears when all of it is there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

STDOUT = Path("-")
CLOSED = 141
"""Exit status when whoever reads our output has had enough: that of a program that SIGPIPE ends."""


@contextmanager
def written(output: Path) -> Iterator[BinaryIO]:
    """Where to write. A file gets its name, or takes it over, at the end, and only if no error ended the block."""
    if output == STDOUT:
        yield sys.stdout.buffer
    elif output.exists() and not output.is_file():
        with output.open("wb") as device:  # a device or a named pipe is there to be written to, not to be replaced
            yield device
    else:
        file = output.resolve()  # a link stays one
        part = file.with_name(f".{file.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as target:
                yield target
            if file.exists():
                shutil.copymode(file, part)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def forget_stdout() -> None:
    """Python writes out what is left for standard output when it ends, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
