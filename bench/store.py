"""Records through the writer's queue: ``python -m bench.store [--postgres URL]``.

How many a second are written when the queue never runs dry, with the process held to one core; the CPU time of a
record, all threads together; and what of that the event loop pays: making the record and ``put``. Every record is of a
reply with a language verdict and two modifiers; where texts are kept, of some 400 characters. Shared machines are
noisy: compare figures of one run.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep, thread_time

from rich.console import Console
from rich.table import Table

from diagnostics.core import (
    Diagnosis,
    ExpectedLanguage,
    Instruction,
    LanguageFinding,
    Message,
    ModifierFinding,
    Origin,
    Verdict,
)
from service.backends.scripted import ScriptedBackend
from service.config import KeptText, ScriptedCheckpoint, Store
from service.ids import uuid7
from service.record import Record, Text
from service.routing import Arm, Role, Route
from service.schema import Usage
from service.store.opening import open_store
from service.store.texts import Texts
from service.store.writer import Writer

from .gateway import PROMPT, REPLY

LIMIT = 10_000
EXPECTED = ExpectedLanguage("de", Origin.INSTRUCTION)
INSTRUCTION = Instruction((), "de", EXPECTED)
ROUTE = Route("llama", Arm(Role.STABLE, "llama-multi", ScriptedBackend(ScriptedCheckpoint(("x",))), 0.5))
DIAGNOSIS = Diagnosis(
    id="",
    instruction_language="de",
    expected_language=EXPECTED,
    language=LanguageFinding(verdict=Verdict.PASS, score=2, detected="de", confidence=0.99, shares={"de": 1.0}),
    modifiers=(
        ModifierFinding(name="bullets", verdict=Verdict.PASS, form="bare", score=1.0),
        ModifierFinding(name="words", verdict=Verdict.FAIL, form="bare", score=0.5),
    ),
)
TEXT = Text((Message("user", PROMPT),), REPLY)


def main() -> None:
    """Measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=100_000, help="records of a measurement")
    parser.add_argument("--postgres", metavar="URL", help="also write there, to a database that is empty")
    options = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    table = Table("store", title=f"{options.records:,} records, one core")
    for column in ("records/s", "CPU µs a record", "of that in the event loop"):
        table.add_column(column, justify="right")
    with TemporaryDirectory() as folder:
        for name, url, text in stores(Path(folder), options.postgres):
            rate, used, put = measure(url, text, options.records)
            table.add_row(name, f"{rate:,.0f}", f"{used:.1f}", f"{put:.1f}")
    Console().print(table)


def stores(folder: Path, postgres: str | None) -> Iterator[tuple[str, str, KeptText]]:
    """A name, where it is, and which texts are kept."""
    yield "SQLite", f"sqlite:{folder / 'records.db'}", "off"
    yield "SQLite, with texts", f"sqlite:{folder / 'texts.db'}", "all"
    if postgres is not None:
        yield "PostgreSQL", postgres, "off"
        yield "PostgreSQL, with texts", postgres, "all"


def measure(url: str, text: KeptText, records: int) -> tuple[float, float, float]:
    """Records a second, and CPU µs of a record: of the process, and of the thread that puts it."""
    store = open_store(Store(url=url), os.environ)
    assert store is not None
    writer = Writer(store, Texts(text), LIMIT)
    writer.start()
    said = None if text == "off" else TEXT
    begun, used, mine = perf_counter(), process_time(), 0.0
    for at in range(records):
        if at % 100 == 0:
            while writer.waiting > LIMIT - 100:
                sleep(0.001)
            before = thread_time()
        writer.put(record(said))
        if at % 100 == 99:
            mine += thread_time() - before
    writer.close(600)
    seconds, used = perf_counter() - begun, process_time() - used
    assert writer.written == records, writer.dropped
    store.close()
    return records / seconds, used / records * 1e6, mine / records * 1e6


def record(text: Text | None) -> Record:
    """One attempt that went well."""
    return Record(
        id=uuid7(),
        route=ROUTE,
        checkpoint="llama-multi",
        outcome="ok",
        duration=1.25,
        first_token=0.2,
        diagnosis=DIAGNOSIS,
        diagnosing=0.0002,
        usage=Usage(30, 80, 110),
        instruction=INSTRUCTION,
        characters=len(REPLY),
        finish_reason="stop",
        streamed=True,
        client="team-a",
        api="chat",
        text=text,
    )


if __name__ == "__main__":
    main()
