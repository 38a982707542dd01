"""Rows of evidence, grouped into slices: what one check's outcome did in one language."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from .evalues import Array
from .evidence import Arm, Evidence
from .paired import Paired
from .policy import Policy
from .unpaired import Cells, Unpaired

Cell = dict[tuple[int, Arm], Counter[str]]
"""What one language and check has: outcomes by phase and arm."""


class Key(NamedTuple):
    """One slice, and its share of the evidence for rolling back: all that there may be sum to 1."""

    language: str
    check: str
    outcome: str
    weight: float


class Slices(NamedTuple):
    """The slices, their evidence in the same order, and how many requests (or pairs) called for which check in which
    language."""

    keys: list[Key]
    evidence: Unpaired | Paired
    requests: Counter[tuple[str, str]]
    assigned: dict[tuple[str, str], list[tuple[float, int, int]]]
    """Weight and requests of either arm in each phase; none where there are pairs."""


def group(policy: Policy, evidence: Evidence) -> Slices:
    """Raises:
    ValueError: there are more languages or checks than the policy provides for, or histograms with different bounds."""
    counted = {(row.language, row.check) for row in evidence.counts}
    timed = {(row.language, row.measure) for row in evidence.times}
    paired = {(row.language, row.check) for row in evidence.pairs}
    _check(policy, counted | timed | paired)
    return _pairs(policy, evidence) if evidence.pairs else _requests(policy, evidence)


def _requests(policy: Policy, evidence: Evidence) -> Slices:
    cells: defaultdict[tuple[str, str], Cell] = defaultdict(lambda: defaultdict(Counter))
    for row in evidence.counts:
        cells[row.language, row.check][row.phase, row.arm][row.outcome] += row.requests
    keys = [key for language, check in cells for key in _keys(policy, language, check, policy.rule(check).outcomes)]
    numbers = [_numbers(cells[key.language, key.check], {key.outcome}, len(evidence.phases)) for key in keys]
    for (language, measure), cell in _times(evidence).items():
        bounds = sorted({bound for outcomes in cell.values() for bound in map(float, outcomes)})[:-1]
        timed = list(_keys(policy, language, measure, tuple(f"over_{bound:g}s" for bound in bounds)))
        keys += timed
        for bound in bounds:
            longer = {outcome for outcomes in cell.values() for outcome in outcomes if float(outcome) > bound}
            numbers.append(_numbers(cell, longer, len(evidence.phases)))
        cells[language, measure] = cell
    assigned = {place: _assigned(cell, evidence) for place, cell in cells.items()}
    requests = Counter({place: sum(stable + canary for _, stable, canary in each) for place, each in assigned.items()})
    table = np.array(numbers, dtype=np.float64).reshape(len(keys), len(evidence.phases), 4)
    return Slices(keys, _unpaired(evidence, keys, table), requests, assigned)


def _keys(policy: Policy, language: str, check: str, outcomes: Sequence[str]) -> Iterable[Key]:
    weight = policy.weight(check) / policy.languages
    for outcome, share in zip(outcomes, policy.rule(check).shares(len(outcomes)), strict=True):
        yield Key(language, check, outcome, weight * share)


def _numbers(cell: Cell, outcomes: set[str], phases: int) -> list[list[int]]:
    """For each phase with and without one of the outcomes, in stable and in the canary."""
    rows = []
    for phase in range(phases):
        row = []
        for arm in Arm:
            counted = cell.get((phase, arm), Counter())
            having = sum(counted[outcome] for outcome in outcomes)
            row += [having, counted.total() - having]
        rows.append(row)
    return rows


def _times(evidence: Evidence) -> dict[tuple[str, str], Cell]:
    """Histograms as outcomes named by their bounds, the last one ``inf``."""
    cells: defaultdict[tuple[str, str], Cell] = defaultdict(lambda: defaultdict(Counter))
    bounds: dict[str, tuple[float, ...]] = {}
    for row in evidence.times:
        if bounds.setdefault(row.measure, row.bounds) != row.bounds:
            raise ValueError(f"times: {row.measure} has histograms with different bounds")
        counted = cells[row.language, row.measure][row.phase, row.arm]
        for bound, requests in zip((*row.bounds, float("inf")), row.requests, strict=True):
            counted[str(bound)] += requests
    return dict(cells)


def _assigned(cell: Cell, evidence: Evidence) -> list[tuple[float, int, int]]:
    return [
        (
            phase.weight,
            cell.get((at, Arm.STABLE), Counter()).total(),
            cell.get((at, Arm.CANARY), Counter()).total(),
        )
        for at, phase in enumerate(evidence.phases)
    ]


def _unpaired(evidence: Evidence, keys: Sequence[Key], table: Array) -> Unpaired:
    """``table`` has shape (slices, phases, 4)."""
    cells = []
    now = np.full(len(keys), 0.5)
    for at, phase in enumerate(evidence.phases):
        rows = np.flatnonzero(table[:, at].any(axis=1))
        if rows.size:
            cells.append(Cells(phase.weight, rows, table[rows, at]))
            if 0 < phase.weight < 1:
                now[rows] = phase.weight
    return Unpaired(len(keys), cells, _past(evidence, keys), now)


def _past(evidence: Evidence, keys: Sequence[Key]) -> Array:
    seen = {(row.language, row.check, row.outcome): (row.having, row.requests - row.having) for row in evidence.past}
    rows = [seen.get((key.language, key.check, key.outcome), (0, 0)) for key in keys]
    return np.array(rows, dtype=np.float64).reshape(len(keys), 2)


def _pairs(policy: Policy, evidence: Evidence) -> Slices:
    cells: defaultdict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in evidence.pairs:
        cells[row.language, row.check][row.stable, row.canary] += row.pairs
    keys = [key for language, check in cells for key in _keys(policy, language, check, policy.rule(check).outcomes)]
    numbers = np.zeros((len(keys), 4))
    for at, key in enumerate(keys):
        for (stable, canary), pairs in cells[key.language, key.check].items():
            place = {(False, True): 0, (True, True): 1, (False, False): 2, (True, False): 3}
            numbers[at, place[stable == key.outcome, canary == key.outcome]] += pairs
    requests = Counter({place: cell.total() for place, cell in cells.items()})
    return Slices(keys, Paired(numbers), requests, {})


def _check(policy: Policy, places: set[tuple[str, str]]) -> None:
    """More slices than have a weight could not be weighed."""
    for check, languages in Counter(check for _, check in places).items():
        if languages > policy.languages:
            raise ValueError(
                f"{check}: counted in {languages} languages; the policy provides for {policy.languages} (languages). "
                "Count the rarest as one, from the start of the run."
            )
    others = {check for _, check in places} - set(policy.rules)
    if len(others) > policy.others:
        raise ValueError(f"{len(others)} checks have no rule; the policy provides for {policy.others} (others)")
