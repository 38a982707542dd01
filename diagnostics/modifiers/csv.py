"""The reply is CSV and nothing else: at least two rows of equal length, and of at least two columns.

Read as RFC 4180 has it: fields between separators, in double quotes where they hold one, a quote doubled. Blank lines
are skipped. A code fence or a line that leads in makes the form "unwrapped". Prose with as many commas in each line
is CSV to every reader, and passes.

IFEval has no such type; IFBench's one-off CSV checks count rows and columns by Python's ``csv`` alike.
"""

from __future__ import annotations

import csv
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import fenced, led_in

_FEWEST = 2
_MOSTLY = 0.5
_SEPARATORS = ",;\t|"


class Csv(Modifier, frozen=True):
    """ "Answer as CSV, separated by semicolons." """

    separator: Annotated[str, msgspec.Meta(min_length=1, max_length=1, pattern=r'[^"\r\n]')] = ","
    columns: Annotated[int, msgspec.Meta(ge=2, le=1000)] | None = None
    """Exactly how many; None when any number will do."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Rows are equal or not at the end only."""
        if not complete:
            return CUT_SHORT
        error = self._error(reply)
        if error is None:
            return Outcome(Verdict.PASS, "the reply is CSV", "bare", 1.0)
        for inner in (fenced(reply), led_in(reply)):
            if inner is None or inner.share < _MOSTLY:
                continue
            inner_error = self._error(inner.text)
            if inner_error is None:
                return Outcome(Verdict.PASS, "CSV in a code fence or after a line that leads in", "unwrapped", 0.75)
            error = inner_error
        return Outcome(Verdict.FAIL, error, score=0.0)

    examples: ClassVar = (
        Example("Return the result as CSV.", "name,age\nAnn,3\nBob,4", Verdict.PASS),
        Example("Write a script that reads a CSV file.", "import csv"),
        Example("", "tea,hot\nmilk,cold", Verdict.PASS, form="bare"),
        Example("", "Tee;1,50\nMilch;1,20", Verdict.PASS, "de", {"separator": ";", "columns": 2}, "bare"),
        Example("", '名前,説明\nお茶,"緑, 黒"', Verdict.PASS, "ja", form="bare"),
        Example("", "Voici :\n```csv\nthé,chaud\nlait,froid\n```", Verdict.PASS, "fr", form="unwrapped"),
        Example("", "tea,hot\nmilk", Verdict.FAIL),
        Example("", "чай;горячий\nмолоко;холодное", Verdict.FAIL, "ru"),
        Example("", "Tea is hot, and milk is cold.", Verdict.FAIL),
    )

    def _error(self, text: str) -> str | None:
        """Why the text is no CSV; None when it is."""
        lengths = _lengths(text, self.separator)
        if lengths is None:
            return "the reply is no CSV: a quotation mark is left open or out of place, or a field is too long"
        if len(lengths) < _FEWEST:
            return "no rows of CSV" if not lengths else "1 row; CSV has at least 2"
        if max(lengths) < _FEWEST:
            return f"one column only{self._other_separator(text)}"
        if min(lengths) != max(lengths):
            return f"rows of {min(lengths)} to {max(lengths)} columns"
        if self.columns not in (None, lengths[0]):
            return f"{lengths[0]} columns, {self.columns} asked for"
        return None

    def _other_separator(self, text: str) -> str:
        for other in filter(text.__contains__, _SEPARATORS):
            lengths = _lengths(text, other)
            if lengths and min(lengths) == max(lengths) >= _FEWEST:
                return f"; separated by {other!r}, {self.separator!r} asked for"
        return ""


def _lengths(text: str, separator: str) -> list[int] | None:
    """How many fields each row has; None when the text cannot be read."""
    try:
        rows = csv.reader(text.strip("\r\n").splitlines(keepends=True), delimiter=separator, strict=True)
        return [len(row) for row in rows if row]
    except csv.Error:
        return None
