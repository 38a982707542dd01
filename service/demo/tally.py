"""What the demonstration has seen so far, and the tables it shows."""

from __future__ import annotations

from collections import Counter

import msgspec
from rich.console import Group
from rich.table import Table
from rich.text import Text

from diagnostics.core import Diagnosis, Verdict

from ..checkpoints.corpus import Example
from ..config import Model

GOOD, POOR = 0.9, 0.5


class Answer(msgspec.Struct, frozen=True):
    """One diagnosed reply to one instruction, and the checkpoint it came from."""

    example: Example
    checkpoint: str
    diagnosis: Diagnosis


class Rate(msgspec.Struct):
    """Passes among what could be judged; what abstained is counted apart."""

    passed: int = 0
    judged: int = 0
    abstained: int = 0

    def add(self, verdict: Verdict) -> None:
        """Count one verdict."""
        if verdict in (Verdict.PASS, Verdict.FAIL):
            self.judged += 1
            self.passed += verdict is Verdict.PASS
        else:
            self.abstained += 1

    def cell(self) -> Text:
        """ "96 % of 25", green to red."""
        if not self.judged:
            return Text("–" if not self.abstained else f"{self.abstained} abstained", style="dim")
        share = self.passed / self.judged
        style = "green" if share >= GOOD else "red" if share < POOR else "yellow"
        return Text(f"{share:4.0%} of {self.judged}", style=style)

    def plain(self) -> str:
        """ "96 % (24 of 25)"."""
        return f"{self.passed / self.judged:.0%} ({self.passed} of {self.judged})" if self.judged else "nothing yet"


class Tally:
    """Counts answers by arm; ``model`` is the one that the demonstration asks."""

    def __init__(self, model: Model, total: int) -> None:
        self._arms = dict(zip(("stable", "canary"), model.checkpoints, strict=False))
        self._total = total
        self.answers = 0
        self.errors: Counter[str] = Counter()
        self._language: dict[tuple[str, str], Rate] = {}
        self._modifiers: dict[tuple[str, str], Rate] = {}
        self._overall: dict[str, Rate] = {}
        self._instead: dict[tuple[str, str], Counter[str]] = {}
        self._misread = 0

    def add(self, answer: Answer) -> None:
        """Count one answer."""
        self.answers += 1
        checkpoint, wanted, diagnosis = answer.checkpoint, answer.example.answer_language, answer.diagnosis
        expected = diagnosis.expected_language
        self._misread += expected is None or expected.tag != wanted
        if diagnosis.language is not None:
            verdict = diagnosis.language.verdict
            self._language.setdefault((wanted, checkpoint), Rate()).add(verdict)
            self._overall.setdefault(checkpoint, Rate()).add(verdict)
            if verdict is Verdict.FAIL:
                self._instead.setdefault((wanted, checkpoint), Counter())[diagnosis.language.detected or "unclear"] += 1
        for modifier in diagnosis.modifiers:
            self._modifiers.setdefault((modifier.name, checkpoint), Rate()).add(modifier.verdict)

    def line(self) -> str:
        """Progress on one line, for output that is no terminal."""
        arms = "; ".join(f"{name} {self._overall.get(name, Rate()).plain()}" for name in self._arms.values())
        return f"{self.answers:>4} of {self._total}: in the wanted language: {arms}"

    def view(self, counters: str = "") -> Group:
        """Both tables, what stands beside them, and the gateway's own counters."""
        notes = [f"{self.answers} of {self._total} instructions answered."]
        if self.answers:
            read = self.answers - self._misread
            notes.append(f"The wanted language was read right from {read} of {self.answers} instructions.")
        notes += [f"{count} requests failed: {error}" for error, count in self.errors.most_common()]
        if counters:
            notes.append(f"Counters at /metrics: {counters}")
        notes += self._findings()
        return Group(self._language_table(), self._modifier_table(), *notes)

    def _findings(self) -> list[str]:
        """What the table shows, in a sentence for each arm that answers mostly in one other language."""
        found = []
        for checkpoint in self._arms.values():
            wrong: Counter[str] = Counter()
            for (_, name), counts in self._instead.items():
                wrong += counts if name == checkpoint else Counter()
            judged = self._overall.get(checkpoint, Rate()).judged
            for tag, count in wrong.most_common(1):
                if count > judged / 2:
                    found.append(
                        f"Caught: {checkpoint} answers in {tag} whatever was wanted ({count} of {judged} replies)."
                    )
        return found

    def _language_table(self) -> Table:
        table = Table(title="Replies in the language that was wanted", title_justify="left")
        table.add_column("wanted")
        for arm, checkpoint in self._arms.items():
            table.add_column(f"{checkpoint} ({arm})", justify="right")
            table.add_column("instead in", style="dim")
        for language in sorted({language for language, _ in self._language}):
            self._add_row(table, language, self._language, with_instead=True)
        table.add_section()
        overall = {("all", checkpoint): rate for checkpoint, rate in self._overall.items()}
        self._add_row(table, "all", overall, with_instead=True)
        return table

    def _modifier_table(self) -> Table:
        table = Table(title="Modifiers obeyed", title_justify="left")
        table.add_column("modifier")
        for arm, checkpoint in self._arms.items():
            table.add_column(f"{checkpoint} ({arm})", justify="right")
        for modifier in sorted({modifier for modifier, _ in self._modifiers}):
            self._add_row(table, modifier, self._modifiers, with_instead=False)
        return table

    def _add_row(self, table: Table, name: str, rates: dict[tuple[str, str], Rate], *, with_instead: bool) -> None:
        cells: list[str | Text] = [name]
        for checkpoint in self._arms.values():
            cells.append(rates.get((name, checkpoint), Rate()).cell())
            if with_instead:
                counts = self._instead.get((name, checkpoint), Counter())
                cells.append(", ".join(f"{tag} {count}" for tag, count in counts.most_common(3)))
        table.add_row(*cells)
