"""Lines of files that are not as they should be."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from diagnostics.jsonl import MAX_LINE_BYTES
from service.errors import SetupError
from service.suites.base import Refused
from service.suites.lines import Line, existing_file, lines, rows


def test_each_line_knows_its_place(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(b"\xef\xbb\xbfa\r\n\nb")
    found = list(lines(file))
    assert found == [Line(file, 1, b"a\r\n"), Line(file, 2, b"\n"), Line(file, 3, b"b")]
    assert isinstance(found[2], Line)
    assert found[2].place == "some.jsonl, line 3"


def test_gzip_is_read_whatever_the_name(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(gzip.compress(b"a\nb\n"))
    assert [each.text for each in lines(file) if isinstance(each, Line)] == [b"a\n", b"b\n"]


def test_a_gzip_that_breaks_off_ends_the_file_and_not_the_reading(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl.gz"
    whole = gzip.compress(b"".join(f"{number * 7919}\n".encode() for number in range(20_000)))
    file.write_bytes(whole[: len(whole) // 2])
    *_, line, refused = lines(file)
    assert isinstance(line, Line)
    assert isinstance(refused, Refused)
    assert refused.place == f"some.jsonl.gz, after line {line.number}"


def test_a_file_that_is_gone_meanwhile(tmp_path: Path) -> None:
    (refused,) = lines(tmp_path / "gone.jsonl")
    assert isinstance(refused, Refused)
    assert "No such file" in refused.reason


def test_of_a_line_that_is_too_long_there_is_as_much_as_shows_it(tmp_path: Path) -> None:
    file = tmp_path / "long.jsonl"
    file.write_bytes(b"x" * 20_000_000 + b"\nshort\n")
    long, short = (each for each in lines(file) if isinstance(each, Line))
    assert len(long.text) == MAX_LINE_BYTES + 1
    assert short == Line(file, 2, b"short\n")


def test_what_is_wrong_with_a_line_has_its_place_and_blank_ones_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "some.jsonl"
    file.write_bytes(b"\n \nx\n")

    def parse(line: Line) -> list[Refused]:
        raise ValueError(f"no {line.text.decode().strip()}")

    assert list(rows(file, parse)) == [Refused("some.jsonl, line 3", "no x")]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no file"):
        existing_file(str(tmp_path), "ifeval:x")
