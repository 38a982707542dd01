"""What another version of the detectors says of the same replies: verdict by verdict, old beside new."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from typing import BinaryIO

import msgspec
from rich.console import Console
from rich.table import Table

from diagnostics import jsonl
from diagnostics.core import Diagnosis

ABSENT = "absent"
"""The verdict of a check that only one of the two made."""

EXAMPLES = 3
"""Ids that are shown of each check."""


class Difference(msgspec.Struct, frozen=True):
    """One verdict that is another now: a line of the full list."""

    id: str
    check: str
    old: str
    new: str
    old_version: str
    new_version: str


class _Old(msgspec.Struct, frozen=True):
    version: str
    verdicts: dict[str, str]


class Differences:
    """Compares diagnoses with older ones, read from ``lines``: diagnoses, or exchanges that hold theirs, as ``dragoman
    export`` writes them. Every difference also goes to ``target``, if there is one."""

    def __init__(self, lines: Iterable[bytes], target: BinaryIO | None = None) -> None:
        self._target = target
        self._old: defaultdict[str, deque[_Old]] = defaultdict(deque)
        self._counts: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        self._examples: defaultdict[str, list[str]] = defaultdict(list)
        self._alone = 0
        self._unreadable = 0
        for line in lines:
            if line.strip():
                self._read(line)

    def add(self, diagnosis: Diagnosis) -> None:
        """Compare one; of several with the same id, the first with the first."""
        waiting = self._old.get(diagnosis.id)
        if not waiting:
            self._alone += 1
            return
        old, new = waiting.popleft(), _verdicts(diagnosis)
        for check in sorted(old.verdicts.keys() | new.keys()):
            before, now = old.verdicts.get(check, ABSENT), new.get(check, ABSENT)
            self._counts[check][before, now] += 1
            if before != now:
                self._note(Difference(diagnosis.id, check, before, now, old.version, diagnosis.version))

    def show(self, console: Console) -> None:
        """Print what differs, check by check."""
        table = Table("check", title="Verdicts, old and new")
        for column in ("same", "changed"):
            table.add_column(column, justify="right")
        table.add_column("changes")
        table.add_column("for example")
        for check, counts in sorted(self._counts.items()):
            changes = [(count, f"{old} → {new}") for (old, new), count in counts.items() if old != new]
            changed = sum(count for count, _ in changes)
            listed = ", ".join(f"{change} {count}" for count, change in sorted(changes, reverse=True))
            examples = "\n".join(self._examples[check])
            table.add_row(check, str(counts.total() - changed), str(changed or ""), listed, examples)
        console.print(table)
        left = sum(map(len, self._old.values()))
        unreadable = f" {self._unreadable:,} older lines could not be read." if self._unreadable else ""
        console.print(
            f"{self._alone:,} without an older diagnosis, {left:,} older ones without a new one.{unreadable}",
            highlight=False,
        )

    def _read(self, line: bytes) -> None:
        try:
            diagnosis = jsonl.parse_diagnosis(line)
        except ValueError:
            self._unreadable += 1
            return
        if diagnosis is not None:
            self._old[diagnosis.id].append(_Old(diagnosis.version, _verdicts(diagnosis)))

    def _note(self, difference: Difference) -> None:
        examples = self._examples[difference.check]
        if len(examples) < EXAMPLES:
            examples.append(difference.id)
        if self._target is not None:
            self._target.write(msgspec.json.encode(difference) + b"\n")


def _verdicts(diagnosis: Diagnosis) -> dict[str, str]:
    """Verdicts by check; of two modifiers of one name the second is called "NAME 2"."""
    found: dict[str, str] = {}
    checks = (diagnosis.language, *diagnosis.modifiers, *diagnosis.surface)
    seen: Counter[str] = Counter()
    for check in checks:
        if check is not None:
            seen[check.name] += 1
            name = check.name if seen[check.name] == 1 else f"{check.name} {seen[check.name]}"
            found[name] = check.verdict.value
    return found
