"""``dragoman diagnose``: judge recorded replies, with no model and no server.

Lines are read, judged and written one at a time, so that a file may be of any length.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from contextlib import ExitStack
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.table import Table

from diagnostics import jsonl
from diagnostics.core import Diagnosis, LeadInFinding, Verdict
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard

from ..errors import SetupError
from .differences import Differences
from .reading import progress, read_lines
from .writing import CLOSED, STDOUT, forget_stdout, written


def diagnose(
    source: BufferedReader,
    output: Path,
    console: Console,
    against: BufferedReader | None = None,
    listed: Path | None = None,
) -> int:
    """Judge the lines of ``source``, plain or gzip, and write a diagnosis each to ``output`` (``STDOUT``, or a file,
    which appears when all is written); progress and a summary go to ``console``. Verdicts that are not those of the
    diagnoses in ``against`` are shown too, and all are listed in ``listed``.

    A line that cannot be judged is named on the console and left out. Returns the exit status: 0, 1 when there was such
    a line, ``CLOSED``.

    Raises:
        SetupError: the input cannot be read, the output cannot be written, or no line of several could be judged.
    """
    diagnostics = standard()
    summary = Summary()
    try:
        with ExitStack() as stack:
            target = stack.enter_context(written(output))
            if against is not None:
                list_ = None if listed is None else stack.enter_context(written(listed))
                summary.differences = Differences(read_lines(against), list_)
            advance = stack.enter_context(progress(source, console, "Judging", shown=not target.isatty()))
            for number, line in enumerate(read_lines(source), start=1):
                if line.strip():
                    _judge(diagnostics, number, line, target, summary, console)
                advance(number)
            if summary.refused and not summary.judged:
                raise SetupError("no line could be judged; see above")
    except BrokenPipeError:
        forget_stdout()
        return CLOSED
    except OSError as error:
        where = "standard output" if output == STDOUT else output
        raise SetupError(f"cannot write {where}: {error.strerror or error}") from None
    summary.show(console)
    return 1 if summary.refused else 0


def _judge(
    diagnostics: Diagnostics, number: int, line: bytes, target: BinaryIO, summary: Summary, console: Console
) -> None:
    try:
        diagnosis = jsonl.diagnose(diagnostics, jsonl.parse(line), str(number))
    except ValueError as error:
        console.print(f"line {number}: {error}", markup=False, highlight=False, soft_wrap=True)
        summary.refused += 1
    else:
        target.write(jsonl.write(diagnosis))
        target.flush()  # whoever reads at the other end of a pipe need not wait
        summary.add(diagnosis)


class Summary:
    """Verdicts counted by check and, for the language, by expected language; and what other languages stand in replies
    that are not simply wrong."""

    def __init__(self) -> None:
        self.judged = 0
        self.refused = 0
        self.differences: Differences | None = None
        self._counts: Counter[tuple[str, Verdict]] = Counter()
        self._replies: Counter[str] = Counter()
        self._languages: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one diagnosis."""
        self.judged += 1
        if self.differences is not None:
            self.differences.add(diagnosis)
        if diagnosis.language is not None:
            expected = diagnosis.expected_language.tag if diagnosis.expected_language else "none"
            self._counts[f"language: {expected} expected", diagnosis.language.verdict] += 1
        for modifier in diagnosis.modifiers:
            self._counts[f"modifier: {modifier.name}", modifier.verdict] += 1
        for flaw in diagnosis.surface:
            self._counts[f"surface: {flaw.name}", flaw.verdict] += 1
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

    def show(self, console: Console) -> None:
        """Print what was counted."""
        if self._counts:
            console.print(self.table())
        if self._replies:
            console.print(self.languages())
        if self.differences is not None:
            self.differences.show(console)
        refused = f"; {self.refused:,} could not be judged, see above" if self.refused else ""
        console.print(f"{self.judged:,} judged{refused}.", highlight=False)

    def table(self) -> Table:
        """A row a check, a column a verdict."""
        table = Table("check", title="Verdicts")
        for verdict in Verdict:
            table.add_column(verdict.value, justify="right")
        for check in sorted({check for check, _ in self._counts}):
            table.add_row(check, *(str(self._counts[check, verdict] or "") for verdict in Verdict))
        return table

    def languages(self) -> Table:
        """A row for each way in which replies hold other languages: how many do, and how often which language."""
        table = Table("found", title="Languages beside the expected one")
        table.add_column("replies", justify="right")
        table.add_column("languages")
        for what, replies in sorted(self._replies.items()):
            most_first = self._languages[what].most_common()
            table.add_row(what, str(replies), ", ".join(f"{tag} {count}" for tag, count in most_first))
        return table
