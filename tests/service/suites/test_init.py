"""Which suite is meant, and what is said where there is none."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from service.errors import SetupError
from service.suites import KINDS, open_suite
from service.suites.base import Row


@pytest.mark.parametrize("name", KINDS)
def test_an_unknown_kind_is_answered_with_all_kinds_and_an_example_of_each(name: str) -> None:
    with pytest.raises(SetupError, match=rf"no kind of suite 'alpaca'.*\b{name}, as in {KINDS[name].EXAMPLE}"):
        open_suite("alpaca:file.jsonl")


@pytest.mark.parametrize("name", sorted(KINDS.keys() - {"modifiers"}))
@pytest.mark.parametrize("where", ["", ":", ":missing.jsonl", ":missing/"])
def test_a_suite_that_is_not_there(name: str, where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SetupError, match=f"as in {name}:|there is no file missing"):
        open_suite(f"{name}{where}")


def test_every_example_is_of_its_own_kind() -> None:
    assert all(kind.EXAMPLE.startswith(f"{name}:") for name, kind in KINDS.items())


def test_a_suite_has_its_name_and_can_be_read_again(tmp_path: Path) -> None:
    file = tmp_path / "a:b.jsonl"
    file.write_text('{"prompt": "Wie geht es dir?"}\n', encoding="utf-8")
    suite = open_suite(f"exchanges:{file}")
    assert suite.name == f"exchanges:{file}"
    assert list(suite) == list(suite)
    assert len(list(suite)) == 1


def test_ten_thousand_rows_are_never_all_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    row = {"key": 1, "prompt": "tea " * 1000, "instruction_id_list": ["punctuation:no_comma"], "kwargs": [{}]}
    with file.open("w", encoding="utf-8") as lines:
        for key in range(10_000):
            lines.write(json.dumps(row | {"key": key}) + "\n")
    assert file.stat().st_size > 40_000_000
    tracemalloc.start()
    try:
        rows = sum(isinstance(each, Row) for each in open_suite(f"ifeval:{file}"))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert rows == 10_000
    assert most < 5_000_000
