"""The study's files: messages a line, types beside them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from diagnostics.core import Message
from service.errors import SetupError
from service.suites import open_suite
from service.suites.base import Refused, Row


def line(text: str) -> str:
    return json.dumps([{"role": "user", "content": text}])


def write(folder: Path, language: str, prompts: list[str], types: str | None) -> Path:
    file = folder / f"modifiers.{language}.jsonl"
    file.write_text("\n".join(prompts), encoding="utf-8")  # the last line ends without a line end
    if types is not None:
        (folder / f"modifiers.{language}.types").write_text(types, encoding="utf-8")
    return file


def read(where: Path) -> list[Row | Refused]:
    return list(open_suite(f"pasero:{where}"))


def test_messages_types_and_the_language_of_the_name(tmp_path: Path) -> None:
    file = write(tmp_path, "fr", [line("Où vas-tu ?"), line("Que fais-tu ?")], "short\r\nlong")
    first, second = read(file)
    assert first == Row(
        id="modifiers.fr/1",
        messages=(Message("user", "Où vas-tu ?"),),
        language="fr",
        type="short",
        parallel="modifiers/1",
    )
    assert isinstance(second, Row)
    assert (second.type, second.parallel) == ("long", "modifiers/2")


def test_a_folder_is_all_its_languages_and_same_lines_are_parallel(tmp_path: Path) -> None:
    write(tmp_path, "ru", [line("Куда ты идёшь?")], "short")
    write(tmp_path, "fr", [line("Où vas-tu ?")], "short")
    (tmp_path / "modifiers.en.jsonl.bak").write_text(line("no"), encoding="utf-8")
    rows = [each for each in read(tmp_path) if isinstance(each, Row)]
    assert [(row.language, row.parallel) for row in rows] == [("fr", "modifiers/1"), ("ru", "modifiers/1")]


def test_a_folder_without_such_files(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no modifiers\.LANG\.jsonl"):
        open_suite(f"pasero:{tmp_path}")


def test_a_compressed_file_has_the_same_types_beside_it(tmp_path: Path) -> None:
    file = write(tmp_path, "fr", [line("Où vas-tu ?")], "short")
    (tmp_path / "modifiers.fr.jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    file.unlink()
    (row,) = read(tmp_path / "modifiers.fr.jsonl.gz")
    assert isinstance(row, Row)
    assert (row.language, row.type) == ("fr", "short")


def test_types_that_are_too_few_are_said_once_and_the_rows_are_kept(tmp_path: Path) -> None:
    file = write(tmp_path, "fr", [line("a"), line("b"), line("c")], "short\n")
    first, refused, second, third = read(file)
    assert refused == Refused(
        "modifiers.fr.jsonl, line 2", "from here on the .types file has no line for a row", left_out=False
    )
    assert [each.type for each in (first, second, third) if isinstance(each, Row)] == ["short", "", ""]


def test_types_that_are_too_many_are_said(tmp_path: Path) -> None:
    _, refused = read(write(tmp_path, "fr", [line("a")], "short\nlong\n"))
    assert isinstance(refused, Refused)
    assert not refused.left_out


def test_a_file_without_types_or_language(tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    file.write_text(line("a"), encoding="utf-8")
    (row,) = read(file)
    assert row == Row(id="prompts/1", messages=(Message("user", "a"),))


def test_lines_that_are_none_are_refused_and_keep_the_types_in_step(tmp_path: Path) -> None:
    prompts = ["{", "[]", '[{"role": "user"}]', '{"role": "user", "content": "a"}', "", line("b"), "x" * 20_000_000]
    *refused, row, long = read(write(tmp_path, "fr", prompts, "1\n2\n3\n4\n5\n6\n7"))
    assert [each.place for each in refused if isinstance(each, Refused)] == [
        f"modifiers.fr.jsonl, line {number}" for number in (1, 2, 3, 4)
    ]
    assert isinstance(row, Row)
    assert row.type == "6"
    assert isinstance(long, Refused)
    assert "longer than" in long.reason
