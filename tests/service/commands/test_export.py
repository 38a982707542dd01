"""``dragoman export``, run as a user runs it, and read by DuckDB, Polars and ``dragoman diagnose``."""

from __future__ import annotations

import json
import re
from itertools import islice
from pathlib import Path

import duckdb
import msgspec
import polars
import pytest
from rich.console import Console

from diagnostics import jsonl
from diagnostics.core import Message
from service.commands import export as module
from service.config import Store
from service.errors import SetupError, StoreError
from service.record import Text
from service.store.base import Entry, Found, Kept, Query
from service.store.entries import entry_of
from service.store.sql import PAGE, SQLStore
from service.store.texts import Texts
from tests.command_line import dragoman
from tests.service.store.test_sql import id_of
from tests.stores import entry, record, sqlite

BEGIN = 1_700_006_400  # 2023-11-15, midnight
DAY = 86_400

QUESTION = Message("user", "Wie heißt die Hauptstadt von Frankreich?")
ENGLISH = "The capital of France is called Paris and lies on the river Seine."


@pytest.fixture
def store(tmp_path: Path) -> SQLStore:
    return sqlite(tmp_path)


def run(tmp_path: Path, output: Path | str, *arguments: str, status: int = 0) -> str:
    ended = dragoman("export", str(output), "--store", f"sqlite:{tmp_path / 'records.db'}", *arguments)
    assert ended.returncode == status, ended.stderr
    return ended.stdout if str(output) == "-" else ended.stderr


def days(store: SQLStore) -> list[Entry]:
    """Three days of records, some of them wrong; more than a page."""
    entries = []
    for number in range(PAGE + 50):
        moment = BEGIN + number % 3 * DAY + number / 1000
        wrong = number % 10 == 0
        entries.append(
            entry(
                id_of(moment, number),
                time=moment,
                model="n" if number % 2 else "m",
                language_verdict="fail" if wrong else "pass",
                found=(Found("language", "fail" if wrong else "pass", 0 if wrong else 2), Found("html", "pass")),
                client="ж" if wrong else None,
                final=not wrong,
            )
        )
    store.write([Kept(each) for each in entries])
    return sorted(entries, key=lambda each: each.id)


def test_duckdb_reads_the_folder_as_one_table(store: SQLStore, tmp_path: Path) -> None:
    entries = days(store)
    output = tmp_path / "out"
    assert f"{len(entries)} records exported" in run(tmp_path, output, "--format", "parquet")
    assert sorted(each.name for each in output.iterdir()) == ["dt=2023-11-15", "dt=2023-11-16", "dt=2023-11-17"]
    files = f"read_parquet('{output}/**/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT id, time, client, final, dt FROM {files} ORDER BY id").fetchall()
        failures = connection.execute(
            f"SELECT dt::text, count(*) FROM {files}, unnest(found) AS f(f) "
            "WHERE f.name = 'language' AND f.verdict = 'fail' GROUP BY dt ORDER BY dt"
        ).fetchall()
    assert [row[0] for row in rows] == [each.id for each in entries]
    assert [row[1].timestamp() for row in rows] == pytest.approx([each.time for each in entries], abs=1e-5)
    assert [row[2:4] for row in rows] == [(each.client, each.final) for each in entries]
    assert sum(count for _, count in failures) == sum(each.language_verdict == "fail" for each in entries)
    assert [day for day, _ in failures] == ["2023-11-15", "2023-11-16", "2023-11-17"]


def test_polars_reads_every_field(store: SQLStore, tmp_path: Path) -> None:
    entries = days(store)
    run(tmp_path, tmp_path / "out", "--format", "parquet")
    frame = polars.scan_parquet(tmp_path / "out", hive_partitioning=True).sort("id").collect()
    assert set(frame.columns) == {*Entry.__struct_fields__, "dt"}
    for name in set(Entry.__struct_fields__) - {"time", "found"}:
        assert frame[name].to_list() == [getattr(each, name) for each in entries], name
    assert frame["found"].to_list()[0] == [msgspec.structs.asdict(each) for each in entries[0].found]


def test_what_is_asked_for_is_exported_and_no_more(store: SQLStore, tmp_path: Path) -> None:
    entries = days(store)
    narrow = ("--since", "2023-11-16", "--until", "2023-11-17T00:00:00", "--model", "m", "--failed", "language")
    run(tmp_path, tmp_path / "out", "--format", "parquet", *narrow)
    wanted = [
        each.id
        for each in entries
        if BEGIN + DAY <= each.time < BEGIN + 2 * DAY and each.model == "m" and each.language_verdict == "fail"
    ]
    assert wanted
    assert polars.scan_parquet(tmp_path / "out").sort("id").collect()["id"].to_list() == wanted


def kept(id: str, response: str = ENGLISH) -> Kept:
    one = record(id, text=Text((QUESTION,), response))
    return Kept(entry_of(one), Texts("all").body(one))


def test_diagnose_takes_back_the_texts_and_lists_what_is_judged_otherwise(store: SQLStore, tmp_path: Path) -> None:
    german = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine."
    store.write([kept(id_of(BEGIN), german), kept(id_of(BEGIN + 1)), Kept(entry(id_of(BEGIN + 2)))])
    lines = run(tmp_path, "-").splitlines()
    exchanges = [jsonl.parse(line.encode()) for line in lines]
    assert [each.response for each in exchanges] == [german, ENGLISH]
    exported, listed = tmp_path / "week.jsonl", tmp_path / "differences.jsonl"
    run(tmp_path, exported)
    assert exported.read_text(encoding="utf-8").splitlines() == lines
    again = dragoman(
        "diagnose", str(exported), "--against", str(exported), "--differences", str(listed), "--output", "/dev/null"
    )
    assert again.returncode == 0, again.stderr
    # The records say of both that they were wrong; only one is.
    assert re.search(rf"language +│ +1 │ +1 │ fail → pass 1 │ {id_of(BEGIN)}", again.stderr), again.stderr
    (difference,) = (json.loads(line) for line in listed.read_text(encoding="utf-8").splitlines())
    assert (difference["id"], difference["check"]) == (id_of(BEGIN), "language")
    assert (difference["old"], difference["new"]) == ("fail", "pass")


def test_a_folder_that_is_not_empty_stays_as_it_is(store: SQLStore, tmp_path: Path) -> None:
    output = tmp_path / "out"
    output.mkdir()
    (output / "mine").touch()
    assert "is there already" in run(tmp_path, output, "--format", "parquet", status=2)
    assert [each.name for each in output.iterdir()] == ["mine"]
    assert "goes to a folder" in dragoman("export", "-", "--format", "parquet").stderr


def test_nothing_is_made_where_there_is_no_store(tmp_path: Path) -> None:
    assert "cannot be opened" in run(tmp_path, tmp_path / "out.jsonl", status=2)
    assert list(tmp_path.iterdir()) == []
    off = dragoman("export", "-", "--store", "off")
    assert (off.returncode, "store.url is off" in off.stderr) == (2, True)


def test_a_store_that_fails_half_way_leaves_nothing_behind(
    store: SQLStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days(store)
    pages = SQLStore._pages

    def broken(*arguments: object, **more: object) -> object:
        yield from islice(pages(*arguments, **more), PAGE)
        raise StoreError("gone")

    monkeypatch.setattr(SQLStore, "_pages", broken)
    settings = Store(url=f"sqlite:{tmp_path / 'records.db'}")
    before = set(tmp_path.iterdir())
    for form in ("parquet", "jsonl"):
        with pytest.raises(SetupError, match="gone"):
            module.export(settings, Query(), form, tmp_path / "out", Console(quiet=True))
    assert set(tmp_path.iterdir()) - before <= {tmp_path / "records.db-wal", tmp_path / "records.db-shm"}


def test_a_line_is_a_body(store: SQLStore, tmp_path: Path) -> None:
    store.write([one := kept(id_of(BEGIN))])
    (line,) = run(tmp_path, "-").splitlines()
    assert line.encode() == msgspec.json.encode(one.body)
