"""CSV as others write it, and as they should not."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from service.suites.table import BadRecord, Record, records


def read(tmp_path: Path, content: bytes, columns: tuple[str, ...] = ("a", "b")) -> list[Record | BadRecord]:
    file = tmp_path / "table.csv"
    file.write_bytes(content)
    return list(records(file, columns))


def cells(found: list[Record | BadRecord]) -> list[tuple[str, ...]]:
    return [tuple(each.cells.values()) for each in found if isinstance(each, Record)]


def test_cells_are_called_by_the_first_row(tmp_path: Path) -> None:
    (record,) = read(tmp_path, b"\xef\xbb\xbfa,x,b\r\n1,2,3\r\n")
    assert record == Record(0, 2, {"a": "1", "x": "2", "b": "3"})


def test_quoted_cells_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    found = read(tmp_path, b'a,b\n"one, ""two""","x\ny\n"\n3,4\n')
    assert cells(found) == [('one, "two"', "x\ny\n"), ("3", "4")]
    assert [each.line for each in found] == [4, 5]


def test_blank_lines_are_no_rows_and_nul_is_a_character(tmp_path: Path) -> None:
    assert cells(read(tmp_path, b"a,b\n\n1\0,2\n\n")) == [("1\0", "2")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"a,c\n1,2\n", "there is no column b"),
        (b"\xff\xfea\n", "not UTF-8"),
    ],
)
def test_a_file_without_these_columns_has_no_rows(tmp_path: Path, content: bytes, reason: str) -> None:
    (bad,) = read(tmp_path, content)
    assert isinstance(bad, BadRecord)
    assert reason in bad.reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1,2,3\n", "3 cells, but 2 columns"),
        (b"1\n", "1 cells, but 2 columns"),
        (b"\xff,2\n", "not UTF-8"),
        (b'1,"' + b"x" * 140_000 + b'"\n', "field limit"),
        (b"1," * 10_000_000 + b"\n", "longer than"),
    ],
)
def test_a_bad_row_counts_as_one_and_the_next_is_read(tmp_path: Path, row: bytes, reason: str) -> None:
    bad, good = read(tmp_path, b"a,b\n" + row + b"3,4\n")
    assert isinstance(bad, BadRecord)
    assert reason in bad.reason
    assert isinstance(good, Record)
    assert (bad.number, good.number) == (0, 1)


def test_a_quote_that_is_never_closed_swallows_no_more_than_a_cell(tmp_path: Path) -> None:
    found = read(tmp_path, b'a,b\n1,"' + b"x,y\n" * 60_000)
    assert isinstance(found[0], BadRecord)
    assert len(cells(found)) > 20_000


def test_a_gzip_that_breaks_off_is_said_after_what_was_read(tmp_path: Path) -> None:
    whole = gzip.compress(b"a,b\n" + b"".join(f"{number * 7919},x\n".encode() for number in range(20_000)))
    *read_before, bad = read(tmp_path, whole[: len(whole) // 2])
    assert len(cells(read_before)) > 100
    assert isinstance(bad, BadRecord)
    assert "cannot read" in bad.reason
