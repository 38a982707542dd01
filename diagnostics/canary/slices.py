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

Cell = dict[int, dict[Arm, Counter[str]]]
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
    counted, timed = _counts(evidence), _times(evidence)
    rows = [
        (key, _numbers(cell, {key.outcome}))
        for (language, check), cell in counted.items()
        for key in _keys(policy, language, check, policy.rule(check).outcomes)
    ]
    for (language, measure), cell in timed.items():
        bounds = sorted({float(bound) for arms in cell.values() for counts in arms.values() for bound in counts})
        names = [f"over_{bound:g}s" for bound in bounds[:-1]]
        for at, key in enumerate(_keys(policy, language, measure, names)):
            rows.append((key, _numbers(cell, set(map(str, bounds[at + 1 :])))))
    phases = evidence.phases
    assigned = {
        place: [(phases[at].weight, arms[Arm.STABLE].total(), arms[Arm.CANARY].total()) for at, arms in cell.items()]
        for place, cell in (counted | timed).items()
    }
    requests = Counter({place: sum(stable + canary for _, stable, canary in each) for place, each in assigned.items()})
    return Slices([key for key, _ in rows], _unpaired(evidence, rows), requests, assigned)


def _counts(evidence: Evidence) -> dict[tuple[str, str], Cell]:
    cells: dict[tuple[str, str], Cell] = {}
    for row in evidence.counts:
        arms = cells.setdefault((row.language, row.check), {}).setdefault(row.phase, {arm: Counter() for arm in Arm})
        arms[row.arm][row.outcome] += row.requests
    return cells


def _times(evidence: Evidence) -> dict[tuple[str, str], Cell]:
    """Histograms as outcomes named by their bounds, the last one ``inf``."""
    cells: dict[tuple[str, str], Cell] = {}
    bounds: dict[str, tuple[float, ...]] = {}
    for row in evidence.times:
        if bounds.setdefault(row.measure, row.bounds) != row.bounds:
            raise ValueError(f"times: {row.measure} has histograms with different bounds")
        arms = cells.setdefault((row.language, row.measure), {}).setdefault(row.phase, {arm: Counter() for arm in Arm})
        for bound, requests in zip((*row.bounds, float("inf")), row.requests, strict=True):
            arms[row.arm][str(bound)] += requests
    return cells


def _keys(policy: Policy, language: str, check: str, outcomes: Sequence[str]) -> Iterable[Key]:
    weight = policy.weight(check) / policy.languages
    for outcome, share in zip(outcomes, policy.rule(check).shares(len(outcomes)), strict=True):
        yield Key(language, check, outcome, weight * share)


def _numbers(cell: Cell, outcomes: set[str]) -> dict[int, list[int]]:
    """By phase: with and without one of the outcomes, in stable and in the canary."""
    numbers = {}
    for phase, arms in cell.items():
        having = [sum(arms[arm][outcome] for outcome in outcomes) for arm in Arm]
        stable, canary = (arms[arm].total() for arm in Arm)
        numbers[phase] = [having[0], stable - having[0], having[1], canary - having[1]]
    return numbers


def _unpaired(evidence: Evidence, rows: Sequence[tuple[Key, dict[int, list[int]]]]) -> Unpaired:
    by_phase: defaultdict[int, list[tuple[int, list[int]]]] = defaultdict(list)
    for at, (_, numbers) in enumerate(rows):
        for phase, each in numbers.items():
            by_phase[phase].append((at, each))
    cells = []
    now = np.full(len(rows), 0.5)
    for phase, slices in sorted(by_phase.items()):
        weight = evidence.phases[phase].weight
        places = np.array([at for at, _ in slices])
        cells.append(Cells(weight, places, np.array([each for _, each in slices], dtype=np.float64)))
        if 0 < weight < 1:
            now[places] = weight
    return Unpaired(len(rows), cells, _past(evidence, [key for key, _ in rows]), now)


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
