"""The reply holds a Markdown table, with as many rows and columns as asked for.

A table is a header row, a delimiter row of as many cells (``|---|:-:|``), and the rows up to the first line without a
pipe (GitHub Flavored Markdown, section 4.10, Tables). The header does not count as a row; a row may be shorter or
longer than the header, whose cells are the columns. Text around the table is allowed. A table in a code fence is
shown as source and makes the form "unwrapped". A table in HTML is none here.

IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_DELIMITER = re.compile(r":?-++:?")
_PIPE = re.compile(r"(?<!\\)\|")
_HTML = re.compile(r"<table\b", re.IGNORECASE)

Size = tuple[int, int]
"""Rows below the header, and columns."""


class Table(Modifier, frozen=True):
    """ "Answer with a table of 3 columns." """

    rows: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    """Exactly how many, without the header; None when any number will do."""
    columns: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None

    def judge(self, reply: Reply) -> Outcome:
        """Pass on one table of the right size; whether there is none is known at the end only."""
        if not reply.doubled:
            return CUT_SHORT
        shown = tables(reply.prose)
        if any(map(self._fits, shown)) and (reply.complete or self.rows is None):
            return Outcome(Verdict.PASS, "the reply holds a Markdown table as asked for", "bare", 1.0)
        if not reply.complete:
            return CUT_SHORT
        source = [size for block in reply.blocks for size in tables(block.text)]
        if any(map(self._fits, source)):
            return Outcome(Verdict.PASS, "the Markdown table is inside a code fence", "unwrapped", 1.0)
        if shown or source:
            return self._wrong_size(shown + source)
        instead = "an HTML table, no Markdown table" if _HTML.search(reply.text) else "no Markdown table"
        return Outcome(Verdict.FAIL, instead, score=0.0)

    def _fits(self, size: Size) -> bool:
        return self.rows in (None, size[0]) and self.columns in (None, size[1])

    def _wrong_size(self, found: list[Size]) -> Outcome:
        rows, columns = max(found)
        parts = []
        if self.rows is not None:
            parts.append(f"{rows} rows below the header, {self.rows} asked for")
        if self.columns is not None:
            parts.append(f"{columns} columns, {self.columns} asked for")
        return Outcome(Verdict.FAIL, "; ".join(parts), score=0.5)

    examples: ClassVar = (
        Example("Put the result in a table.", "| a | b |\n|---|---|\n| 1 | 2 |", Verdict.PASS),
        Example("How high is a kitchen table?", "75 cm."),
        Example("", "| a | b |\n|---|---|\n| 1 | 2 |", Verdict.PASS, arguments={"rows": 1, "columns": 2}, form="bare"),
        Example("", "Voici :\n\na | b\n--|--\n1 | 2\n\nVoilà.", Verdict.PASS, "fr", form="bare"),
        Example("", "```\n| 茶 |\n|---|\n| 緑 |\n```", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "| a | b |\n|---|---|\n| 1 | 2 |", Verdict.FAIL, arguments={"rows": 2}),
        Example("", "<table><tr><td>Tee</td></tr></table>", Verdict.FAIL, "de"),
        Example("", "| чай | молоко |\n| 1 | 2 |", Verdict.FAIL, "ru"),
        Example("", "Tea\n---\nMilk | water", Verdict.FAIL),
    )


def tables(text: str) -> list[Size]:
    """The sizes of the Markdown tables in a text, in their order."""
    found: list[Size] = []
    if "|" not in text:
        return found
    rows = lines(text)
    i = 1
    while i < len(rows):
        columns = _delimited(rows[i])
        if not columns or columns != len(_cells(rows[i - 1])) or "|" not in rows[i - 1] + rows[i]:
            i += 1
            continue
        start = i = i + 1
        while i < len(rows) and "|" in rows[i]:
            i += 1
        found.append((i - start, columns))
    return found


def _delimited(row: str) -> int:
    """How many cells a delimiter row has; 0 when the row is none."""
    if "-" not in row or row.strip("|:- \t"):
        return 0
    cells = _cells(row)
    return len(cells) if all(_DELIMITER.fullmatch(cell) for cell in cells) else 0


def _cells(row: str) -> list[str]:
    row = row.strip().removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip() for cell in _PIPE.split(row)]
