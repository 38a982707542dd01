"""Evidence from requests that were drawn to one of two arms."""

from __future__ import annotations

from itertools import product
from math import comb, log

import numpy as np
import pytest

from diagnostics.canary.evalues import Array, mixture
from diagnostics.canary.unpaired import Cells, Unpaired, information, log_ratios, project

WEIGHTS = (0.01, 0.05, 0.1, 0.5, 0.9)


def of_counts(numbers: Array, weight: float, past: tuple[float, float] = (0, 0)) -> Unpaired:
    """Each row a slice of its own."""
    rows = len(numbers)
    cells = [Cells(weight, np.arange(rows), numbers.astype(float))]
    return Unpaired(rows, cells, np.tile(np.array(past, dtype=float), (rows, 1)), np.full(rows, weight))


def worse(evidence: Unpaired, tolerance: Array) -> Array:
    return mixture(evidence.harm(tolerance), evidence.log_harm_weights)


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize(("margin", "side"), [(0.0, 1), (0.02, 1), (0.03, -1), (0.1, -1), (-0.3, 1), (0.6, -1)])
def test_the_expectation_of_a_request_is_at_most_one_wherever_the_hypothesis_is_true(
    weight: float, margin: float, side: int
) -> None:
    """Over a grid of rates in the null hypothesis, its corners and its boundary, for alternatives of all sizes."""
    grid = np.linspace(0, 1, 101)
    stable, canary = (each.ravel() for each in np.meshgrid(grid, np.concatenate([grid, grid + margin]), indexing="ij"))
    true = (canary >= 0) & (canary <= 1) & ((canary - stable - margin) * side <= 1e-12)
    stable, canary = stable[true], canary[true]
    chances = np.stack([(1 - weight) * (1 - stable), weight * canary, weight * (1 - canary)], axis=1)
    chances = np.concatenate([(1 - weight) * stable[:, None], chances], axis=1)
    inner = np.linspace(0.001, 0.999, 25)
    e = np.exp(log_ratios(weight, margin, inner[:, None], inner[None, :], side)).reshape(4, -1)
    expected = chances @ e
    assert expected.max() <= 1 + 1e-9
    assert e.max() > 1.001  # it does bet


@pytest.mark.parametrize("weight", [0.2, 0.5])
@pytest.mark.parametrize(("rates", "tolerance"), [((0.2, 0.2), 0.0), ((0.5, 0.52), 0.02), ((0.03, 0.01), 0.0)])
def test_so_is_that_of_everything_together_over_all_that_can_happen(
    weight: float, rates: tuple[float, float], tolerance: float
) -> None:
    """All counts of eight requests, each with its probability: no simulation, no chance."""
    count = 8
    numbers = np.array([each for each in product(range(count + 1), repeat=4) if sum(each) == count])
    stable, canary = rates
    chances = np.array([(1 - weight) * stable, (1 - weight) * (1 - stable), weight * canary, weight * (1 - canary)])
    ways = [comb(count, a) * comb(count - a, b) * comb(count - a - b, c) for a, b, c, _ in numbers]
    probability = np.array(ways) * np.prod(chances**numbers, axis=1)
    assert probability.sum() == pytest.approx(1)
    for past in ((0, 0), (30, 70)):
        evidence = of_counts(numbers, weight, past)
        assert probability @ np.exp(worse(evidence, np.full(len(numbers), tolerance))) <= 1 + 1e-9
        margin = np.full(len(numbers), 0.1)
        at_margin = np.array([(1 - weight) * 0.3, (1 - weight) * 0.7, weight * 0.4, weight * 0.6])
        probable = np.array(ways) * np.prod(at_margin**numbers, axis=1)
        assert probable @ np.exp(evidence.promise(margin)) <= 1 + 1e-9


def test_fixed_numbers_of_requests_are_evidence_too_with_their_share_as_the_weight() -> None:
    """All outcomes of six requests to stable and three to the canary."""
    rows = np.array([(a, 6 - a, c, 3 - c) for a in range(7) for c in range(4)])
    for rate in (0.05, 0.3, 0.7):
        chance = [
            comb(6, a) * comb(3, c) * rate ** (a + c) * (1 - rate) ** (9 - a - c) for a in range(7) for c in range(4)
        ]
        assert np.array(chance) @ np.exp(worse(of_counts(rows, 3 / 9), np.zeros(len(rows)))) <= 1 + 1e-9


def test_the_projection_is_where_a_search_finds_it() -> None:
    draw = np.random.default_rng(1)
    weight, stable, canary = draw.uniform(0.01, 0.99, (3, 2000))
    margin = draw.uniform(-0.9, 0.9, 2000) * draw.choice([0, 0.01, 1], 2000)
    low, high = np.maximum(0, -margin), np.minimum(1, 1 - margin)
    for _ in range(100):
        near = (low + high) / 2
        far = near + margin
        slope = (1 - weight) * (near - stable) / (near * (1 - near)) + weight * (far - canary) / (far * (1 - far))
        low, high = np.where(slope < 0, near, low), np.where(slope < 0, high, near)
    assert np.abs(project(weight, margin, stable, canary) - near).max() < 1e-12


@pytest.mark.parametrize(
    ("rates", "weight", "margin", "side", "requests"),
    [
        ((0.21, 0.35), 0.5, 0.0, 1, 245),
        ((0.21, 0.35), 0.1, 0.0, 1, 649),
        ((0.43, 0.86), 0.5, 0.0, 1, 28),
        ((0.21, 0.21), 0.5, 0.05, -1, 1593),
        ((0.21, 0.21), 0.5, 0.03, -1, 4420),
        ((0.43, 0.43), 0.5, 0.05, -1, 2346),
        ((0.03, 0.03), 0.5, 0.02, -1, 1824),
    ],
)
def test_the_information_limit(
    rates: tuple[float, float], weight: float, margin: float, side: int, requests: int
) -> None:
    """As worked out beforehand by another program, that searches for the nearest point."""
    stable, canary, share, by = (np.array([each]) for each in (*rates, weight, margin))
    assert log(20) / information(stable, canary, share, by, side)[0] == pytest.approx(requests, abs=1)


def test_alternatives_that_the_hypothesis_allows_are_no_bet() -> None:
    assert not log_ratios(0.1, 0.05, np.array([0.2]), np.array([0.22]), 1).any()


def test_a_phase_adds_what_it_has_and_no_more() -> None:
    """Evidence of two phases of the same weight is that of their sum; of another weight it is another."""
    first, second = np.array([[20.0, 80, 5, 7]]), np.array([[10.0, 60, 9, 4]])
    past, now = np.zeros((1, 2)), np.full(1, 0.1)

    def of(*phases: tuple[float, Array]) -> float:
        cells = [Cells(weight, np.arange(1), numbers) for weight, numbers in phases]
        return float(worse(Unpaired(1, cells, past, now), np.zeros(1))[0])

    assert of((0.1, first), (0.1, second)) == pytest.approx(of((0.1, first + second)))
    assert of((0.1, first), (0.5, second)) != pytest.approx(of((0.1, first + second)), abs=0.1)


def test_the_past_makes_it_sooner_and_a_wrong_past_does_not_blind_it() -> None:
    numbers = np.array([[190.0, 710, 35, 65]])
    none, right, wrong = (
        float(worse(of_counts(numbers * 3, 0.1, past), np.zeros(1))[0]) for past in ((0, 0), (63, 237), (285, 15))
    )
    assert right > none > wrong > log(20)


def test_confidence_limits_hold_the_difference_and_shrink() -> None:
    widths = []
    for size in (1, 10, 100):
        low, high = of_counts(np.array([[21.0, 79, 35, 65]]) * size, 0.5).limits(log(40))[0]
        assert low < 0.14 < high
        widths.append(high - low)
    assert widths[0] > 2 * widths[1] > 4 * widths[2]
    assert widths[2] < 0.05


def test_confidence_limits_agree_with_the_test_of_no_difference() -> None:
    """Where zero is outside, so says the evidence for a harm, with slack for their different grids."""
    for wrong in range(20, 60, 4):
        evidence = of_counts(np.array([[20.0, 80, wrong, 100 - wrong]]), 0.5)
        low = evidence.limits(log(40))[0, 0]
        found = float(worse(evidence, np.zeros(1))[0])
        assert not (low > 0 and found < log(40) - 1.5)
        assert not (low < 0 and found > log(40) + 1.5)


def test_nothing_seen_says_nothing() -> None:
    nothing = Unpaired(1, [], np.zeros((1, 2)), np.full(1, 0.5))
    assert worse(nothing, np.zeros(1)) == pytest.approx(0)
    assert nothing.promise(np.full(1, 0.05)) == pytest.approx(0)
    assert nothing.limits(log(40)).tolist() == [[-1, 1]]
