"""``dragoman diagnose``: judge recorded replies, with no model and no server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import BinaryIO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from diagnostics import jsonl
from diagnostics.core import Diagnosis, Verdict
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard


def diagnose(lines: Iterable[bytes], output: BinaryIO, console: Console) -> int:
    """Judge ``lines`` and write a diagnosis each to ``output``; progress and a summary go to ``console``.

    A line that cannot be judged is named on the console and left out. Returns the exit status: 1 when there was one.
    """
    diagnostics = standard()
    summary = Summary()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Judging", total=None)
        for number, line in enumerate(lines, start=1):
            if line.strip():
                _judge(diagnostics, number, line, output, summary, console)
                progress.advance(task)
    console.print(summary.table())
    if summary.refused:
        console.print(f"{summary.refused} lines could not be judged; see above.")
    return 1 if summary.refused else 0


def _judge(
    diagnostics: Diagnostics, number: int, line: bytes, output: BinaryIO, summary: Summary, console: Console
) -> None:
    try:
        diagnosis = jsonl.diagnose(diagnostics, jsonl.parse(line), str(number))
    except ValueError as error:
        console.print(f"line {number}: {error}", markup=False, highlight=False)
        summary.refused += 1
    else:
        output.write(jsonl.write(diagnosis))
        summary.add(diagnosis)


class Summary:
    """Verdicts counted by check and, for the language, by expected language."""

    def __init__(self) -> None:
        self.refused = 0
        self._counts: Counter[tuple[str, Verdict]] = Counter()

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one diagnosis."""
        if diagnosis.language is not None:
            expected = diagnosis.expected_language.tag if diagnosis.expected_language else "none"
            self._counts[f"language: {expected} expected", diagnosis.language.verdict] += 1
        for modifier in diagnosis.modifiers:
            self._counts[f"modifier: {modifier.name}", modifier.verdict] += 1

    def table(self) -> Table:
        """A row a check, a column a verdict."""
        table = Table("check", title="Verdicts")
        for verdict in Verdict:
            table.add_column(verdict.value, justify="right")
        for check in sorted({check for check, _ in self._counts}):
            table.add_row(check, *(str(self._counts[check, verdict] or "") for verdict in Verdict))
        return table
