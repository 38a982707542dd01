"""The dates of the reply are written in a given format.

Judged: dates in digits, with the year in four of them (or behind slashes in two), and 2024年5月1日. Every one must be
in the format, zeros included, with a month and a day that there are. Names of months are not looked for, so that a
reply without a date in digits shows nothing. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

Format = Literal[
    "YYYY-MM-DD", "YYYY/MM/DD", "DD.MM.YYYY", "DD/MM/YYYY", "DD-MM-YYYY", "MM/DD/YYYY", "MM-DD-YYYY", "YYYY年M月D日"
]

_DATE = re.compile(
    r"\d(?<![\d./-]\d)(?:"  # begins with what is rare
    r"(?:\d{3}([./-])\d{1,2}\1\d{1,2}|\d?([./-])\d{1,2}\2\d{4}|\d?/\d{1,2}/\d{2})(?![\d/-]|\.\d)"
    r"|\d{3}年\d{1,2}月\d{1,2}日)",
    re.ASCII,
)
_PARTS = {"YYYY": r"(?P<year>\d{4})", "MM": r"(?P<month>\d\d)", "DD": r"(?P<day>\d\d)"}
_SHORT_PARTS = {"M": r"(?P<month>[1-9]\d?)", "D": r"(?P<day>[1-9]\d?)"}
_MONTHS, _DAYS = 12, 31


class DateFormat(Modifier, frozen=True):
    """ "Write dates as YYYY-MM-DD." """

    format: Format

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the dates in the format."""
        if not reply.complete:
            return CUT_SHORT
        dates = [match[0] for match in _DATE.finditer(reply.text)]
        if not dates:
            return Outcome(Verdict.ABSTAIN, "no date in digits")
        shape = self._shape()
        wrong = [date for date in dates if not _fits(shape.fullmatch(date))]
        if not wrong:
            return Outcome(Verdict.PASS, f"{len(dates)} dates as {self.format}", "bare", 1.0)
        said = f"{len(wrong)} of {len(dates)} dates are not {self.format}: {', '.join(wrong[:3])}"
        return Outcome(Verdict.FAIL, said, score=round(1 - len(wrong) / len(dates), 3))

    def _shape(self) -> re.Pattern[str]:
        parts = _SHORT_PARTS | {"YYYY": _PARTS["YYYY"]} if "年" in self.format else _PARTS
        return re.compile(re.sub("Y+|M+|D+", lambda match: parts[match[0]], re.escape(self.format)), re.ASCII)

    examples: ClassVar = (
        Example("", "On 2024-05-01, not 1.2.3.", Verdict.PASS, arguments={"format": "YYYY-MM-DD"}, form="bare"),
        Example("", "Am 01.05.2024. Am 31.12.2023 auch.", Verdict.PASS, "de", {"format": "DD.MM.YYYY"}),
        Example("", "Am 1.5.2024", Verdict.FAIL, "de", {"format": "DD.MM.YYYY"}),
        Example("", "Le 31/05/2024", Verdict.FAIL, "fr", {"format": "MM/DD/YYYY"}),
        Example("", "2024年5月1日", Verdict.PASS, "ja", {"format": "YYYY年M月D日"}),
        Example("", "2024年5月1日", Verdict.FAIL, "zh", {"format": "YYYY-MM-DD"}),
        Example("", "On May 1, 2024", Verdict.ABSTAIN, arguments={"format": "YYYY-MM-DD"}),
    )


def _fits(date: re.Match[str] | None) -> bool:
    return date is not None and 1 <= int(date["month"]) <= _MONTHS and 1 <= int(date["day"]) <= _DAYS
