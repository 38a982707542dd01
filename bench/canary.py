"""How often a canary is rolled back falsely, and how many requests it takes otherwise: ``python -m bench.canary``.

Requests are drawn with fixed seeds, the evidence is the library's own, and it is looked at after every request where a
table does not say otherwise. Beside it: a z-test of two rates that is looked at as often, which is what watching a
dashboard amounts to, and the information limit ``log(1/α) / I``, below which no test is on average. ``--runs`` is the
number of runs behind each figure; 2,000 take about three quarters of an hour of CPU.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from diagnostics.canary.decision import decide
from diagnostics.canary.evalues import Array, mixture
from diagnostics.canary.evidence import PASS, Arm, Count, Evidence, Phase
from diagnostics.canary.multiplicity import rollback
from diagnostics.canary.paired import Paired
from diagnostics.canary.policy import Policy, Rule
from diagnostics.canary.unpaired import Cells, Unpaired, information

ALPHA = 0.05
THRESHOLD = -np.log(ALPHA)
BLOCK = 400
"""Requests whose evidence is worked out together."""
PAST = 300
"""Requests of the stable checkpoint before the run, in the language in question."""

Rates = tuple[float, float]
"""How often a reply of stable, and of the canary, is wrong."""


class Case(NamedTuple):
    """Rates of wrong replies and the canary's weight; ``most`` requests are drawn."""

    name: str
    rates: Rates
    weight: float
    most: int


CASES = (
    Case("79 to 65 %", (0.21, 0.35), 0.5, 6_000),
    Case("79 to 65 %", (0.21, 0.35), 0.1, 16_000),
    Case("57 to 14 %", (0.43, 0.86), 0.5, 1_000),
    Case("57 to 14 %", (0.43, 0.86), 0.1, 3_000),
    Case("97 to 92 %", (0.03, 0.08), 0.5, 10_000),
    Case("97 to 92 %", (0.03, 0.08), 0.1, 25_000),
    Case("79 to 75 %", (0.21, 0.25), 0.5, 50_000),
)
NULLS = (
    Case("79 %", (0.21, 0.21), 0.5, 5_000),
    Case("79 %", (0.21, 0.21), 0.1, 5_000),
    Case("57 %", (0.43, 0.43), 0.1, 5_000),
    Case("97 %", (0.03, 0.03), 0.1, 5_000),
)
PAIRS = (("79 to 65 %", (0.21, 0.35), 0.0), ("79 to 65 %", (0.21, 0.35), 0.3), ("79 to 65 %", (0.21, 0.35), 0.6))


def main() -> None:
    """Simulate, print tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; all of it by default")
    parser.add_argument("--runs", type=int, default=2000, help="runs behind each figure")
    options = parser.parse_args()
    console = Console(width=150)
    for part in options.parts or PARTS:
        begun = time.process_time()
        console.print(PARTS[part](options.runs))
        console.print(f"{time.process_time() - begun:.0f} s of CPU", style="dim", highlight=False)


def draw(rng: np.random.Generator, rates: Rates, weight: float, requests: int) -> Array:
    """Numbers after each request: wrong and right of stable, wrong and right of the canary; shape (requests, 4)."""
    arm = rng.random(requests) < weight
    wrong = rng.random(requests) < np.where(arm, rates[1], rates[0])
    return counted(arm, wrong)


def counted(arm: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> Array:
    """The same from who answered each request, and whether it was wrong."""
    numbers: Array = np.zeros((len(arm), 4))
    numbers[np.arange(len(arm)), 2 * arm + ~wrong] = 1
    return numbers.cumsum(axis=0)


def slices(numbers: Sequence[Array], weights: Sequence[float], past: float | None) -> Unpaired:
    """Every row of the numbers, one array for each phase, as a slice: the evidence after each request. ``past`` is the
    rate of wrong replies that stable had before, None where it is not known."""
    rows = len(numbers[0])
    cells = [Cells(weight, np.arange(rows), each) for weight, each in zip(weights, numbers, strict=True)]
    before = np.array([0.0, 0.0] if past is None else [past * PAST, (1 - past) * PAST])
    return Unpaired(rows, cells, np.tile(before, (rows, 1)), np.full(rows, weights[-1]))


def worse(evidence: Unpaired | Paired, rows: int, tolerance: float = 0.0) -> Array:
    """Evidence for rolling back after each request."""
    return mixture(evidence.harm(np.full(rows, tolerance)), evidence.log_harm_weights)


def first(evidence: Callable[[slice], Array], requests: int, threshold: float = THRESHOLD) -> int | None:
    """After which request the evidence is enough; None where it never is. It is worked out a block at a time."""
    for start in range(0, requests, BLOCK):
        reached = np.flatnonzero(evidence(slice(start, min(start + BLOCK, requests))) >= threshold)
        if reached.size:
            return start + int(reached[0]) + 1
    return None


def until_rollback(numbers: Array, weight: float, past: float | None, tolerance: float = 0.0) -> int | None:
    """The request after which a canary is rolled back."""

    def evidence(block: slice) -> Array:
        rows = numbers[block]
        return worse(slices([rows], [weight], past), len(rows), tolerance)

    return first(evidence, len(numbers))


def until_promotion(numbers: Array, weight: float, past: float | None, margin: float) -> int | None:
    """The request after which a canary is promoted."""

    def evidence(block: slice) -> Array:
        rows = numbers[block]
        return slices([rows], [weight], past).promise(np.full(len(rows), margin))

    return first(evidence, len(numbers))


def z_statistic(numbers: Array) -> Array:
    """Of two rates, pooled; 0 where an arm has fewer than five requests."""
    stable, canary = numbers[:, :2].sum(axis=1), numbers[:, 2:].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (numbers[:, 0] + numbers[:, 2]) / (stable + canary)
        error = np.sqrt(pooled * (1 - pooled) * (1 / stable + 1 / canary))
        z = (numbers[:, 2] / canary - numbers[:, 0] / stable) / error
    return np.where((stable >= 5) & (canary >= 5), np.nan_to_num(z), 0.0)


def runs_of(seed: int, runs: int) -> Iterator[np.random.Generator]:
    """A generator of its own for each run: figures do not depend on how many are made."""
    return (np.random.default_rng([seed, run]) for run in range(runs))


def limit(rates: Rates, weight: float, margin: float = 0.0, side: int = 1) -> float:
    """The fewest requests that any test at level α needs, on average."""
    stable, canary, share, by = (np.array([each]) for each in (*rates, weight, margin))
    return float(THRESHOLD / information(stable, canary, share, by, side)[0])


def false_alarms(runs: int) -> Table:
    """No difference: how often is the canary rolled back?"""
    table = titled(
        f"Nothing is worse: rolled back, % of {runs:,} runs of 5,000 requests, α = 5 %",
        "right replies", "weight", "tolerance",
        "e-process, every request", "without a past", "z-test, every request", "z-test, every 100",
    )  # fmt: skip
    z = 1.6449
    for case in NULLS:
        for tolerance in (0.0, 0.02):
            rates = (case.rates[0], case.rates[0] + tolerance)
            found = np.zeros(4)
            for rng in runs_of(1, runs):
                numbers = draw(rng, rates, case.weight, case.most)
                found[0] += until_rollback(numbers, case.weight, rates[0], tolerance) is not None
                found[1] += tolerance == 0 and until_rollback(numbers, case.weight, None) is not None
                statistic = z_statistic(numbers)
                found[2:] += ((statistic > z).any(), (statistic[99::100] > z).any())
            shown = [f"{share:.1%}" for share in found / runs]
            shown[1:] = shown[1:] if tolerance == 0 else ["", "", ""]
            table.add_row(case.name, f"{case.weight:.0%}", f"{tolerance:.0%}", *shown)
    return table


def requests_needed(runs: int) -> Table:
    """A difference: after how many requests is the canary rolled back?"""
    table = titled(
        f"Worse: requests in the slice until it is rolled back, mean of {runs:,} runs, α = 5 %",
        "right replies", "weight", "limit", "e-process", "of limit", "90 %", "without a past", "of limit", "found",
    )  # fmt: skip
    for case in CASES:
        least = limit(case.rates, case.weight)
        needed: list[list[int]] = [[], []]
        missed = 0
        for rng in runs_of(2, runs):
            numbers = draw(rng, case.rates, case.weight, case.most)
            for at, past in enumerate((case.rates[0], None)):
                after = until_rollback(numbers, case.weight, past)
                missed += after is None
                needed[at].append(after or case.most)
        known, unknown = np.mean(needed[0]), np.mean(needed[1])
        found = 1 - missed / runs / 2
        table.add_row(
            case.name, f"{case.weight:.0%}", f"{least:,.0f}", f"{known:,.0f}", f"{known / least:.2f}",
            f"{np.quantile(needed[0], 0.9):,.0f}", f"{unknown:,.0f}", f"{unknown / least:.2f}", f"{found:.1%}",
        )  # fmt: skip
    return table


def promotions(runs: int) -> Table:
    """Equal arms, and a canary that is worse by just the margin."""
    table = titled(
        f"No worse than the margin: {runs:,} runs, α = 5 %",
        "right replies", "margin", "weight", "limit", "requests, equal arms", "of limit", "promoted at the margin, %",
    )  # fmt: skip
    for rate, margin, weight, most in ((0.21, 0.05, 0.5, 12_000), (0.43, 0.05, 0.5, 16_000), (0.03, 0.02, 0.5, 12_000)):
        least = limit((rate, rate), weight, margin, -1)
        needed, false = [], 0
        for rng in runs_of(3, runs):
            after = until_promotion(draw(rng, (rate, rate), weight, most), weight, rate, margin)
            needed.append(after or most)
            at_margin = draw(rng, (rate, rate + margin), weight, 5_000)
            false += until_promotion(at_margin, weight, rate, margin) is not None
        mean = np.mean(needed)
        table.add_row(
            f"{1 - rate:.0%}", f"{margin:.0%}", f"{weight:.0%}", f"{least:,.0f}", f"{mean:,.0f}",
            f"{mean / least:.2f}", f"{false / runs:.1%}",
        )  # fmt: skip
    return table


def languages(runs: int) -> Table:
    """Twenty languages of unequal traffic, looked at every 100 requests."""
    table = titled(
        f"Twenty languages, Zipf traffic, 10 % canary, looked at every 100 of 60,000 requests, {runs // 4:,} runs",
        "canary", "rolled back, %", "after, median", "z-test in any language, %", "z-test of all together, %",
    )  # fmt: skip
    base = np.linspace(0.03, 0.30, 20)
    one = base.copy()
    one[7] += 0.2
    for name, rates in (
        ("identical", base),
        ("one language -20 points", one),
        ("all -3", base + 0.03),
        ("all -10", base + 0.1),
    ):
        after: list[float] = []
        naive = pooled = 0
        for rng in runs_of(4, runs // 4):
            numbers = traffic(rng, base, rates, 0.1, 60_000, 100)
            reached = np.flatnonzero(over_languages(numbers, 0.1, base) >= THRESHOLD)
            after.append((reached[0] + 1) * 100 if reached.size else np.inf)
            naive += any(bool((z_statistic(numbers[:, at]) > 1.6449).any()) for at in range(20))
            pooled += bool((z_statistic(numbers.sum(axis=1)) > 1.6449).any())
        found = np.isfinite(after).mean()
        median = np.median(after)
        shown = f"{median:,.0f}" if np.isfinite(median) else ""
        table.add_row(name, f"{found:.1%}", shown, f"{naive / (runs // 4):.1%}", f"{pooled / (runs // 4):.1%}")
    return table


def traffic(rng: np.random.Generator, stable: Array, canary: Array, weight: float, requests: int, every: int) -> Array:
    """Numbers at every look: shape (looks, languages, 4). The k-th language is asked in with a probability ~ 1/k."""
    share = 1 / np.arange(1, len(stable) + 1)
    language = rng.choice(len(stable), requests, p=share / share.sum())
    arm = rng.random(requests) < weight
    wrong = rng.random(requests) < np.where(arm, canary[language], stable[language])
    look = np.arange(requests) // every
    numbers: Array = np.zeros((requests // every, len(stable), 4))
    np.add.at(numbers, (look, language, 2 * arm + ~wrong), 1)
    return numbers.cumsum(axis=0)


def over_languages(numbers: Array, weight: float, past: Array) -> Array:
    """Evidence for rolling back at every look, from numbers of shape (looks, languages, 4)."""
    looks, count, _ = numbers.shape
    before = np.stack([past * PAST, (1 - past) * PAST], axis=1)
    cells = Cells(weight, np.arange(looks * count), numbers.reshape(-1, 4))
    evidence = Unpaired(looks * count, [cells], np.tile(before, (looks, 1)), np.full(looks * count, weight))
    by_harm = evidence.harm(np.zeros(looks * count)).reshape(looks, count, -1)
    return rollback(by_harm, evidence.log_harm_weights, np.full(count, -np.log(count)), [range(count)], np.zeros(1))


def ramps(runs: int) -> Table:
    """Identical arms while the weight and the mix of languages change."""
    table = titled(
        f"Identical arms; a harder language comes to half, weight 5, 20, 50 %: rolled back, {runs:,} runs",
        "by language and phase", "together, by phase", "together, with one weight", "z-test, once at the end",
    )  # fmt: skip
    found = np.zeros(4)
    for rng in runs_of(5, runs):
        found += ramp(rng)
    table.add_row(*(f"{each:.1%}" for each in found / runs))
    return table


def ramp(rng: np.random.Generator, each: int = 2000, every: int = 20) -> Array:
    """One run, looked at every 20 requests: who rolls back, as 0 or 1, in the order of the table's columns."""
    weights, hard = (0.05, 0.2, 0.5), (0.1, 0.3, 0.5)
    phase = np.repeat(np.arange(3), each)
    language = (rng.random(3 * each) < np.array(hard)[phase]).astype(int)
    arm = rng.random(3 * each) < np.array(weights)[phase]
    wrong = rng.random(3 * each) < np.array([0.03, 0.3])[language]
    numbers: Array = np.zeros((3 * each, 3, 2, 4))
    numbers[np.arange(3 * each), phase, language, 2 * arm + ~wrong] = 1
    numbers = numbers.cumsum(axis=0)[every - 1 :: every]
    by_language = [
        worse(slices(list(np.moveaxis(numbers[:, :, at], 1, 0)), weights, None), len(numbers)) for at in (0, 1)
    ]
    together = numbers.sum(axis=2)
    by_phase = worse(slices(list(np.moveaxis(together, 1, 0)), weights, None), len(numbers))
    overall = together.sum(axis=1)
    one_weight = worse(slices([overall], [float(np.mean(weights))], None), len(numbers))
    stratified = np.logaddexp(*by_language) - np.log(2)
    z = z_statistic(overall)[-1]
    return np.array(
        [(each >= THRESHOLD).any() for each in (stratified, by_phase, one_weight)] + [z > 1.6449], dtype=float
    )


def conversations(runs: int) -> Table:
    """Conversations of ten turns that stay with their arm."""
    table = titled(
        f"Identical arms, conversations of ten turns, weight 10 %: rolled back, % of {runs:,} runs of 10,000 turns",
        "turns alike (ICC)", "one turn of each counts", "every turn counts",
    )  # fmt: skip
    for alike in (0.0, 0.2, 0.5):
        found = np.zeros(2)
        for rng in runs_of(6, runs):
            for at, numbers in enumerate(sticky(rng, alike)):
                found[at] += until_rollback(numbers, 0.1, 0.21) is not None
        table.add_row(f"{alike:g}", *(f"{share:.1%}" for share in found / runs))
    return table


def sticky(rng: np.random.Generator, alike: float, count: int = 1000, turns: int = 10) -> tuple[Array, Array]:
    """Numbers of one run: with one turn of each conversation, and with all."""
    rate = np.full(count, 0.21) if alike == 0 else rng.beta(0.21 * (1 / alike - 1), 0.79 * (1 / alike - 1), count)
    arm = rng.random(count) < 0.1
    wrong = rng.random((count, turns)) < rate[:, None]
    chosen = wrong[np.arange(count), rng.integers(turns, size=count)]
    return counted(arm, chosen), counted(np.repeat(arm, turns), wrong.ravel())


def pairs(runs: int) -> Table:
    """The same prompts to both arms."""
    table = titled(
        f"Pairs of replies to the same prompt: pairs until it is rolled back, mean of {runs:,} runs, α = 5 %",
        "right replies", "correlation", "limit", "e-process", "of limit", "rolled back where equal, %",
    )  # fmt: skip
    for name, rates, correlation in PAIRS:
        least = pair_limit(rates, correlation)
        needed, false = [], 0
        for rng in runs_of(7, runs):
            needed.append(until_pairs(draw_pairs(rng, rates, correlation, 2_000)) or 2_000)
            false += until_pairs(draw_pairs(rng, (rates[0], rates[0]), correlation, 2_000)) is not None
        mean = np.mean(needed)
        table.add_row(
            name, f"{correlation:g}", f"{least:,.0f}", f"{mean:,.0f}", f"{mean / least:.2f}", f"{false / runs:.1%}"
        )
    return table


def joint(rates: Rates, correlation: float) -> Array:
    """Probabilities that the canary alone is wrong, both are, none is, stable alone is."""
    stable, canary = rates
    spread = correlation * np.sqrt(stable * (1 - stable) * canary * (1 - canary))
    both = min(stable * canary + spread, stable, canary)
    return np.array([canary - both, both, 1 - stable - canary + both, stable - both])


def pair_limit(rates: Rates, correlation: float) -> float:
    """Against equal rates, the nearest of which splits the pairs that differ evenly."""
    canary, _, _, stable = joint(rates, correlation)
    even = (canary + stable) / 2
    nats = canary * np.log(canary / even) + (stable * np.log(stable / even) if stable > 0 else 0.0)
    return float(THRESHOLD / nats)


def draw_pairs(rng: np.random.Generator, rates: Rates, correlation: float, count: int) -> Array:
    """Numbers after each pair, of shape (count, 4), as in ``Paired``."""
    numbers: Array = np.zeros((count, 4))
    numbers[np.arange(count), rng.choice(4, count, p=joint(rates, correlation))] = 1
    return numbers.cumsum(axis=0)


def until_pairs(numbers: Array) -> int | None:
    """The pair after which a canary is rolled back."""
    return first(lambda block: worse(Paired(numbers[block]), len(numbers[block])), len(numbers))


def cost(runs: int) -> Table:
    """CPU of a decision from counters."""
    table = titled("CPU of one decision, ms, least of ten", "slices", "decision", "with confidence intervals")
    names = ("language", "modifiers", "reply")
    for policy in (Policy(rules={name: Rule(outcomes=("fail",)) for name in names}), Policy()):
        counts = tuple(
            Count(0, arm, f"l{at}", check, outcome, requests)
            for at in range(20)
            for check in names
            for arm, total in ((Arm.STABLE, 900), (Arm.CANARY, 100))
            for outcome, requests in (("fail", total // 5), (PASS, total - total // 5))
        )
        evidence = Evidence(phases=(Phase(0.1, 18_000, 2_000),), counts=counts)
        shown = []
        for intervals in (False, True):
            spent = []
            for _ in range(10):
                begun = time.process_time()
                decision = decide(policy, evidence, intervals=intervals)
                spent.append(time.process_time() - begun)
            shown.append(f"{min(spent) * 1e3:.1f}")
        table.add_row(str(len(decision.slices)), *shown)
    return table


def titled(title: str, *columns: str) -> Table:
    """An empty table."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right")
    return table


PARTS: dict[str, Callable[[int], Table]] = {
    "cost": cost,
    "false-alarms": false_alarms,
    "requests": requests_needed,
    "promotions": promotions,
    "pairs": pairs,
    "ramps": ramps,
    "conversations": conversations,
    "languages": languages,
}


if __name__ == "__main__":
    main()
