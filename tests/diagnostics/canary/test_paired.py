"""Evidence from prompts that both arms have answered."""

from __future__ import annotations

from itertools import product
from math import comb, log

import numpy as np
import pytest

from diagnostics.canary.evalues import Array, mixture
from diagnostics.canary.paired import Paired


def worse(numbers: Array, tolerance: float = 0.0) -> Array:
    evidence = Paired(numbers.astype(float))
    return mixture(evidence.harm(np.full(len(numbers), tolerance)), evidence.log_harm_weights)


@pytest.mark.parametrize("tolerance", [0.0, 0.02, 0.2])
@pytest.mark.parametrize("differing", [0.05, 0.3, 0.8])
def test_the_expectation_is_at_most_one_over_all_that_can_happen(tolerance: float, differing: float) -> None:
    """All counts of twelve pairs at the boundary: the canary is worse by just the tolerance, or better by it."""
    count = 12
    numbers = np.array([each for each in product(range(count + 1), repeat=4) if sum(each) == count and not each[1]])
    ways = np.array([comb(count, a) * comb(count - a, b) for a, _, b, _ in numbers])
    differing = max(differing, tolerance)
    for sign, log_e in (
        (1, worse(numbers, tolerance)),
        (-1, Paired(numbers.astype(float)).promise(np.full(len(numbers), -tolerance or 0.0))),
    ):
        more, less = (differing + sign * tolerance) / 2, (differing - sign * tolerance) / 2
        chance = ways * more ** numbers[:, 0] * (1 - differing) ** numbers[:, 2] * less ** numbers[:, 3]
        assert chance.sum() == pytest.approx(1)
        assert chance @ np.exp(log_e) <= 1 + 1e-9


def test_only_pairs_that_differ_speak_against_equality() -> None:
    """As in McNemar's test."""
    assert worse(np.array([[8, 0, 0, 1]])) == pytest.approx(worse(np.array([[8, 500, 500, 1]])))
    assert worse(np.array([[8, 0, 0, 0]]))[0] > log(20)
    assert worse(np.array([[4, 50, 0, 4]]))[0] < 0


def test_numbers_by_arm() -> None:
    assert Paired(np.array([[1.0, 2, 30, 4]])).numbers.tolist() == [[6, 31, 3, 34]]


def test_confidence_limits_hold_the_difference_and_shrink_with_correlation() -> None:
    """The same rates of 20 and 34 in 100, with few and with many pairs that differ."""
    narrow, wide = Paired(np.array([[16.0, 18, 64, 2], [30.0, 4, 50, 16]])).limits(log(40))
    for low, high in (narrow, wide):
        assert low < 0.14 < high
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_what_a_pair_adds_is_the_more_the_less_pairs_differ_otherwise() -> None:
    alike, other = Paired(np.array([[160.0, 180, 640, 20], [300.0, 40, 500, 160]])).information(np.zeros(2), 1)
    assert alike > 1.5 * other > 0
    assert Paired(np.array([[1.0, 0, 90, 9]])).information(np.zeros(1), 1)[0] < 1e-9
