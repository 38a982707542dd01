"""Were requests assigned as was said?"""

from __future__ import annotations

from math import comb, exp, inf, log

import pytest

from diagnostics.canary.assignment import log_mismatch


@pytest.mark.parametrize("weight", [0.01, 0.1, 0.5])
def test_the_expectation_is_one_over_all_that_can_happen(weight: float) -> None:
    count = 40
    chances = [comb(count, n) * weight**n * (1 - weight) ** (count - n) for n in range(count + 1)]
    evidence = [exp(log_mismatch([(weight, count - n, n)])) for n in range(count + 1)]
    assert sum(c * e for c, e in zip(chances, evidence, strict=True)) == pytest.approx(1)


def test_a_share_that_is_off_is_found_and_a_right_one_is_not() -> None:
    assert log_mismatch([(0.1, 9_000, 1_000)]) < 0
    assert log_mismatch([(0.1, 9_300, 700)]) > log(1000)
    assert log_mismatch([(0.1, 8_700, 1_300)]) > log(1000)


def test_phases_are_each_held_against_their_own_weight() -> None:
    right = [(0.05, 1_900, 100), (0.5, 1_000, 1_000)]
    assert log_mismatch(right) < 0
    swapped = [(0.05, 1_000, 1_000), (0.5, 1_900, 100)]
    assert log_mismatch(swapped) > log(1000)
    assert log_mismatch([(0.275, 2_900, 1_100)]) < 0  # all that the sums of either would show


def test_a_canary_that_nobody_was_to_be_sent_to() -> None:
    assert log_mismatch([(0.0, 10, 0)]) == 0
    assert log_mismatch([(0.0, 10, 1)]) == inf
    assert log_mismatch([(1.0, 1, 10)]) == inf
