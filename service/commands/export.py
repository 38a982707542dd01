"""``dragoman export``: records out of the store, for other programs.

As Parquet: all records that were asked for, a folder a day, which DuckDB and Polars read as one table. As JSON lines:
the texts that are kept, each with its diagnosis, which ``dragoman diagnose`` reads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

import msgspec
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from .. import config
from ..errors import MissingExtra, SetupError, StoreError
from ..store.base import Entry, Query, Store
from ..store.opening import open_to_read
from .writing import CLOSED, STDOUT, forget_stdout, written

if TYPE_CHECKING:
    import pyarrow

GROUP = 10_000
"""Rows of a row group, which is what is held in memory."""

Advance = Callable[[int], None]


def export(settings: config.Store, query: Query, form: str, output: Path, console: Console) -> int:
    """Write what ``query`` finds to ``output``; ``form`` is "jsonl" or "parquet". Returns the exit status.

    Raises:
        SetupError: the store cannot be read, or the output cannot be written.
        MissingExtra: Parquet is asked for, and pyarrow is not installed.
    """
    store = open_to_read(settings, os.environ)
    write = _jsonl if form == "jsonl" else _parquet
    try:
        with _progress(console) as advance:
            count = write(store, query, output, advance)
    except BrokenPipeError:
        forget_stdout()
        return CLOSED
    except StoreError as error:
        raise SetupError(f"the records cannot be read: {error}") from None
    except OSError as error:
        where = "standard output" if output == STDOUT else output
        raise SetupError(f"cannot write {where}: {error.strerror or error}") from None
    finally:
        store.close()
    what = "texts" if form == "jsonl" else "records"
    console.print(f"{count:,} {what} exported.", highlight=False)
    return 0


def _jsonl(store: Store, query: Query, output: Path, advance: Advance) -> int:
    count = 0
    with written(output) as target:
        attempts = store.entries(msgspec.structs.replace(query, with_text=True), oldest_first=True)
        for body in store.bodies((entry.id, entry.attempt) for entry in attempts):
            target.write(msgspec.json.encode(body) + b"\n")
            advance(count := count + 1)
    return count


def _parquet(store: Store, query: Query, output: Path, advance: Advance) -> int:
    """A folder that appears when all of it is there."""
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise SetupError(f"{output}: is there already; name a folder that is not, or is empty")
    part = output.with_name(f".{output.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        count = 0
        entries = store.entries(query, oldest_first=True)
        for day, of_day in groupby(entries, key=lambda entry: datetime.fromtimestamp(entry.time, UTC).date()):
            count = _write_day(part / f"dt={day}", of_day, count, advance)
        part.replace(output)
    finally:
        rmtree(part, ignore_errors=True)
    return count


def _write_day(folder: Path, entries: Iterator[Entry], count: int, advance: Advance) -> int:
    try:
        from pyarrow import parquet
    except ModuleNotFoundError:
        raise MissingExtra("Parquet needs the package pyarrow: pip install 'dragoman[parquet]'") from None
    schema = _schema()
    folder.mkdir()
    with parquet.ParquetWriter(folder / "records.parquet", schema, compression="zstd") as writer:
        while group := list(islice(entries, GROUP)):
            writer.write_table(_table(group, schema))
            advance(count := count + len(group))
    return count


def _schema() -> pyarrow.Schema:
    import pyarrow

    finding = [("name", "string"), ("verdict", "string"), ("score", "float64"), ("form", "string")]
    kinds = {
        str: pyarrow.string(),
        str | None: pyarrow.string(),
        int: pyarrow.int64(),
        int | None: pyarrow.int64(),
        float: pyarrow.float64(),
        float | None: pyarrow.float64(),
        bool: pyarrow.bool_(),
    }
    found = pyarrow.list_(pyarrow.struct([(name, pyarrow.type_for_alias(kind)) for name, kind in finding]))
    own = {"time": pyarrow.timestamp("us", tz="UTC"), "found": found}
    fields = msgspec.structs.fields(Entry)
    return pyarrow.schema([(field.name, own.get(field.name) or kinds[field.type]) for field in fields])


def _table(entries: Sequence[Entry], schema: pyarrow.Schema) -> pyarrow.Table:
    import pyarrow

    columns = {name: [getattr(entry, name) for entry in entries] for name in Entry.__struct_fields__}
    columns["time"] = [round(time * 1e6) for time in columns["time"]]
    columns["found"] = [[msgspec.structs.asdict(finding) for finding in found] for found in columns["found"]]
    return pyarrow.table(columns, schema=schema)


@contextmanager
def _progress(console: Console) -> Iterator[Advance]:
    """A count on a terminal."""
    if not console.is_terminal:
        yield lambda count: None
        return
    columns = (TextColumn("Exporting"), TextColumn("{task.fields[count]:,}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None, count=0)
        yield lambda count: bar.update(task, count=count)
