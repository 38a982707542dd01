"""The queue and the thread that writes, over real databases that are slow, full, locked or gone."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from diagnostics.core import Message
from service.record import Record, Text
from service.store import writer as module
from service.store.base import Count, Kept, Query
from service.store.sql import SQLStore
from service.store.sqlite import SQLiteStore
from service.store.texts import Redact, Texts
from service.store.writer import BATCH, Writer
from tests.command_line import ROOT, environment
from tests.stores import record

Starting = Callable[..., Writer]


@pytest.fixture
def path(sqlite_template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(sqlite_template, tmp_path / "records.db"))


@pytest.fixture
def starting() -> Iterator[Starting]:
    """Starts writers, and ends them with the test."""
    writers: list[Writer] = []

    def start(store: SQLStore, texts: Texts | None = None, limit: int = 10_000, **more: object) -> Writer:
        writer = Writer(store, texts or Texts("off"), limit, **more)
        writers.append(writer)
        writer.start()
        return writer

    yield start
    for writer in writers:
        writer.close(10)


def until(condition: Callable[[], object], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def stored(store: SQLStore) -> set[str]:
    return {entry.id for entry in store.entries(Query())}


def test_what_was_put_is_there_within_200_ms(store: SQLStore, starting: Starting) -> None:
    writer = starting(store)
    records = [record() for _ in range(20)]
    begun = time.monotonic()
    for each in records:
        writer.put(each)
    until(lambda: writer.written == 20)
    assert time.monotonic() - begun < 1  # a busy machine may take longer than the promise
    assert stored(store) == {each.id for each in records}
    assert (writer.waiting, writer.lag, writer.dropped.total(), writer.is_up) == (0, 0, 0, True)


def test_a_full_queue_drops_and_counts_and_never_waits(path: Path, starting: Starting) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        writer = starting(SQLiteStore(path), limit=100)
        writer.put(first := record())
        until(lambda: writer.waiting == 0)  # the thread has it, and cannot write
        begun = time.perf_counter()
        for _ in range(1100):
            writer.put(record())
        assert time.perf_counter() - begun < 2
        assert writer.waiting == 100
        assert writer.dropped == {"full": 1000}
        assert writer.lag > 0
        other.rollback()
    until(lambda: writer.written == 101)
    assert first.id in stored(SQLiteStore(path))


def test_a_locked_database_is_waited_for(path: Path, starting: Starting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.store.sqlite.BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        writer = starting(SQLiteStore(path))
        writer.put(record())
        until(lambda: writer.errors >= 2)
        assert not writer.is_up
        other.rollback()
    until(lambda: writer.written == 1)
    assert (writer.is_up, writer.dropped.total()) == (True, 0)


def test_a_disk_that_is_gone_and_comes_back(path: Path, starting: Starting, caplog: pytest.LogCaptureFixture) -> None:
    folder = path.parent
    writer = starting(SQLiteStore(path))
    writer.put(record())
    until(lambda: writer.written == 1)
    away = folder.rename(folder.with_name("away"))
    writer.put(record())
    until(lambda: writer.errors >= 2)
    assert (writer.written, writer.is_up) == (1, False)
    assert not folder.exists()
    away.rename(folder)
    until(lambda: writer.written == 2)
    assert len(stored(SQLiteStore(path))) == 2
    assert caplog.text.count("records cannot be written") == 1
    assert "records are written again" in caplog.text


def test_what_fails_for_too_long_is_dropped_and_counted(
    path: Path, starting: Starting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.2)
    path.rename(path.with_suffix(".away"))
    writer = starting(SQLiteStore(path))
    for _ in range(3):
        writer.put(record())
    until(lambda: writer.dropped["failed"] == 3)
    path.with_suffix(".away").rename(path)
    writer.put(last := record())
    until(lambda: writer.written == 1)
    assert stored(SQLiteStore(path)) == {last.id}


def test_a_record_that_cannot_be_kept_does_not_end_the_thread(
    store: SQLStore, starting: Starting, caplog: pytest.LogCaptureFixture
) -> None:
    def counted(record: Record) -> list[Count]:
        if record.phase == 7:
            raise ZeroDivisionError
        return []

    writer = starting(store, counted=counted)
    for phase in (7, 7, 1):
        writer.put(record(phase=phase))
    until(lambda: writer.written == 1)
    assert writer.dropped == {"broken": 2}
    assert caplog.text.count("a record cannot be kept") == 1


def test_what_the_database_cannot_take_does_not_end_the_thread(
    path: Path, starting: Starting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.0)
    writer = starting(SQLiteStore(path))
    writer.put(record(phase=2**70))
    until(lambda: writer.dropped["failed"] == 1)
    writer.put(record())
    until(lambda: writer.written == 1)


def test_counters_come_with_the_record(store: SQLStore, starting: Starting) -> None:
    count = Count(model="m", run="r", phase=1, arm="canary", language="de", check="language", outcome="fail")
    writer = starting(store, counted=lambda record: [count])
    for _ in range(3):
        writer.put(record())
    until(lambda: writer.written == 3)
    assert [each.requests for each in store.counts("m", "r")] == [3]


SAID = Text((Message("user", "Hallo, ich heiße Geheim."),), "Hallo, Geheim!")


def raising(text: str) -> str:
    raise ValueError(text)


@pytest.mark.parametrize(("redact", "counted"), [(None, "kept"), (str.upper, "kept"), (raising, "broken")])
def test_texts_are_kept_redacted_or_not_at_all(
    store: SQLStore, starting: Starting, caplog: pytest.LogCaptureFixture, redact: Redact | None, counted: str
) -> None:
    writer = starting(store, Texts("failures", redact=redact))
    wrong, right = record(text=SAID), record(diagnosis=None, text=SAID)
    writer.put(wrong)
    writer.put(right)
    until(lambda: writer.written == 2)
    body = store.body(wrong.id, 0)
    assert (body is None) == (counted == "broken")
    assert body is None or body.response == (redact or str)(SAID.response or "")
    assert store.body(right.id, 0) is None
    assert +writer.bodies == {counted: 1}
    assert "Geheim" not in caplog.text


def test_texts_that_wait_are_bounded_too(path: Path, starting: Starting, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CHARACTERS", 3 * SAID.characters)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        writer = starting(SQLiteStore(path), Texts("all"))
        writer.put(record())
        until(lambda: writer.waiting == 0)
        for _ in range(5):
            writer.put(record(text=SAID))
        assert writer.bodies == {"full": 2}
        other.rollback()
    until(lambda: writer.written == 6)
    writer.put(record(text=SAID))  # there is room again
    until(lambda: writer.written == 7)
    assert writer.bodies == {"full": 2, "kept": 4}


def test_the_end_writes_what_is_left(store: SQLStore) -> None:
    writer = Writer(store, Texts("off"), 10_000)
    writer.start()
    for _ in range(2 * BATCH + 1):
        writer.put(record())
    assert writer.close(20)
    assert writer.written == 2 * BATCH + 1


def test_the_end_does_not_wait_for_ever(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        writer = Writer(SQLiteStore(path), Texts("off"), 10_000)
        writer.start()
        for _ in range(BATCH + 10):
            writer.put(record())
        begun = time.monotonic()
        assert not writer.close(0.5)
        assert time.monotonic() - begun < 3
        assert writer.dropped["closed"] >= 10


KILLED = """
import sys, time
from pathlib import Path
from service.store.sqlite import SQLiteStore
from service.store.texts import Texts
from service.store.writer import Writer
from tests.stores import record

writer = Writer(SQLiteStore(Path(sys.argv[1])), Texts("off"), 100_000)
writer.start()
while True:
    for _ in range(10):
        one = record()
        writer.put(one)
        print(one.id, time.monotonic(), flush=True)
    time.sleep(0.005)
"""


def lost(path: Path, seconds: float) -> float:
    """How long before the kill the oldest record was put that was lost, in seconds."""
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment()) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline()]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            lines.append(process.stdout.readline())
        killed = time.monotonic()
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    put = dict(line.split() for line in lines if line.endswith("\n") and len(line.split()) == 2)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    missing = put.keys() - stored(SQLiteStore(path))
    assert len(put) > 100
    assert len(missing) < len(put)
    return max((killed - float(put[id]) for id in missing), default=0.0)


def test_a_kill_loses_200_ms_at_most_and_breaks_nothing(path: Path) -> None:
    losses = [lost(path, seconds) for seconds in (0.5, 0.77, 1.0)]
    assert min(losses) < 0.2
    assert max(losses) < 1.0  # where the machine is busy with something else


class Slow(SQLiteStore):
    """A disk that takes half a second over everything."""

    def write(self, batch: list[Kept]) -> None:
        time.sleep(0.5)
        super().write(batch)


def test_a_slow_disk_holds_up_the_queue_alone(path: Path, starting: Starting) -> None:
    writer = starting(Slow(path), limit=500)
    slowest = 0.0
    for _ in range(600):
        begun = time.perf_counter()
        writer.put(record())
        slowest = max(slowest, time.perf_counter() - begun)
    assert slowest < 0.25
    assert writer.dropped["full"] <= 100
