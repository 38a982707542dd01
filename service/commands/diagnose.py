"""``dragoman diagnose``: judge recorded replies, with no model and no server.

Lines are read, judged and written one at a time, so that a file may be of any length.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
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
from .reading import progress, read_lines

STDOUT = Path("-")
CLOSED = 141
"""Exit status when whoever reads our output has had enough: that of a program that SIGPIPE ends."""


def diagnose(source: BufferedReader, output: Path, console: Console) -> int:
    """Judge the lines of ``source``, plain or gzip, and write a diagnosis each to ``output`` (``STDOUT``, or a file,
    which appears when all is written); progress and a summary go to ``console``.

    A line that cannot be judged is named on the console and left out. Returns the exit status: 0, 1 when there was such
    a line, ``CLOSED``.

    Raises:
        SetupError: the input cannot be read, the output cannot be written, or no line of several could be judged.
    """
    diagnostics = standard()
    summary = Summary()
    try:
        with _written(output) as target, progress(source, console, "Judging", shown=not target.isatty()) as advance:
            for number, line in enumerate(read_lines(source), start=1):
                if line.strip():
                    _judge(diagnostics, number, line, target, summary, console)
                advance(number)
            if summary.refused and not summary.judged:
                raise SetupError("no line could be judged; see above")
    except BrokenPipeError:
        _forget_stdout()
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


@contextmanager
def _written(output: Path) -> Iterator[BinaryIO]:
    """Where to write. A file gets its name, or takes it over, at the end, and only if no error ended the block."""
    if output == STDOUT:
        yield sys.stdout.buffer
    elif output.exists() and not output.is_file():
        with output.open("wb") as device:  # a device or a named pipe is there to be written to, not to be replaced
            yield device
    else:
        file = output.resolve()  # a link stays one
        part = file.with_name(f".{file.name}.{os.getpid()}.part")
        try:
            with part.open("xb") as target:
                yield target
            if file.exists():
                shutil.copymode(file, part)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _forget_stdout() -> None:
    """Python writes out what is left for standard output when it ends, and would complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Summary:
    """Verdicts counted by check and, for the language, by expected language; and what other languages stand in replies
    that are not simply wrong."""

    def __init__(self) -> None:
        self.judged = 0
        self.refused = 0
        self._counts: Counter[tuple[str, Verdict]] = Counter()
        self._replies: Counter[str] = Counter()
        self._languages: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, diagnosis: Diagnosis) -> None:
        """Count one diagnosis."""
        self.judged += 1
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
