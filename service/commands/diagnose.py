"""``dragoman diagnose``: judge recorded replies, with no model and no server."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import BinaryIO

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from diagnostics import jsonl
from diagnostics.core import Diagnosis, LeadInFinding, Verdict
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
    if summary.has_languages:
        console.print(summary.languages())
    if summary.refused:
        console.print(f"{summary.refused} lines could not be judged; see above.")
    return 1 if summary.refused else 0


def _judge(
    diagnostics: Diagnostics, number: int, line: bytes, output: BinaryIO, summary: Summary, console: Console
) -> None:
    try:
        diagnosis = jsonl.diagnose(diagnostics, jsonl.parse(line), str(number))
    except ValueError as error:
        console.print(f"line {number}: {error}", markup=False, highlight=False, soft_wrap=True)
        summary.refused += 1
    else:
        output.write(jsonl.write(diagnosis))
        summary.add(diagnosis)


class Summary:
    """Verdicts counted by check and, for the language, by expected language; and what other languages stand in replies
    that are not simply wrong."""

    def __init__(self) -> None:
        self.refused = 0
        self._counts: Counter[tuple[str, Verdict]] = Counter()
        self._replies: Counter[str] = Counter()
        self._languages: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one diagnosis."""
        if diagnosis.language is not None:
            expected = diagnosis.expected_language.tag if diagnosis.expected_language else "none"
            self._counts[f"language: {expected} expected", diagnosis.language.verdict] += 1
        for modifier in diagnosis.modifiers:
            self._counts[f"modifier: {modifier.name}", modifier.verdict] += 1
        self._add_languages(diagnosis)

    def _add_languages(self, diagnosis: Diagnosis) -> None:
        found = diagnosis.language
        if found is not None:
            self._note("runs of foreign words", [run.language for run in found.foreign_words])
            self._note("mixture", found.shares if found.verdict is Verdict.ABSTAIN else ())
        lead_ins = [each.language for each in diagnosis.surface if isinstance(each, LeadInFinding)]
        self._note("lead-in", lead_ins)

    def _note(self, what: str, languages: Iterable[str]) -> None:
        languages = list(languages)
        if languages:
            self._replies[what] += 1
            self._languages[what].update(languages)

    def table(self) -> Table:
        """A row a check, a column a verdict."""
        table = Table("check", title="Verdicts")
        for verdict in Verdict:
            table.add_column(verdict.value, justify="right")
        for check in sorted({check for check, _ in self._counts}):
            table.add_row(check, *(str(self._counts[check, verdict] or "") for verdict in Verdict))
        return table

    @property
    def has_languages(self) -> bool:
        """Is there anything to put into ``languages``?"""
        return bool(self._replies)

    def languages(self) -> Table:
        """A row for each way in which replies hold other languages: how many do, and how often which language."""
        table = Table("found", title="Languages beside the expected one")
        table.add_column("replies", justify="right")
        table.add_column("languages")
        for what, replies in sorted(self._replies.items()):
            most_first = self._languages[what].most_common()
            table.add_row(what, str(replies), ", ".join(f"{tag} {count}" for tag, count in most_first))
        return table
