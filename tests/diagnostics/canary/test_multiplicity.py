"""Many slices, one decision."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest

from diagnostics.canary.multiplicity import holm, mean, rollback


def test_slices_that_were_not_seen_count_as_one() -> None:
    weights = np.log([0.25, 0.25])
    assert np.exp(mean(weights, np.log([4.0, 2.0]))) == pytest.approx(0.25 * 4 + 0.25 * 2 + 0.5)


def test_half_on_one_slice_half_on_all_together() -> None:
    by_harm = np.log([[8.0, 2.0], [4.0, 1.0]])
    even = np.full(2, np.log(0.5))
    found = np.exp(rollback(by_harm, even, even, [[0, 1]], np.zeros(1)))
    assert found == pytest.approx((5.0 + 2.5) / 2 / 2 + (32 + 2) / 2 / 2)


def test_together_finds_what_no_slice_shows() -> None:
    """Twenty slices with odds of 2 each are nothing by themselves."""
    by_harm = np.full((20, 1), np.log(2.0))
    weights = np.full(20, -np.log(20))
    assert np.exp(mean(weights, by_harm[:, 0])) == pytest.approx(2)
    assert rollback(by_harm, np.zeros(1), weights, [range(20)], np.zeros(1)) > np.log(20)


def test_named_slices_are_those_of_which_every_set_is_refuted() -> None:
    """Against all sets there are, which is what closed testing says."""
    draw = np.random.default_rng(3)
    for _ in range(50):
        log_e = draw.normal(1, 2, 6)
        weights = draw.dirichlet(np.ones(7))[:6]
        every, value = np.append(weights, 1 - weights.sum()), np.append(np.exp(log_e), 1.0)
        sets = [list(s) for s in chain.from_iterable(combinations(range(7), n) for n in range(1, 8))]
        means = [(every[s] @ value[s]) / every[s].sum() for s in sets]
        least = [min(m for s, m in zip(sets, means, strict=True) if at in s) for at in range(6)]
        assert holm(np.log(weights), log_e) == pytest.approx(least)


def test_evidence_beyond_all_numbers_is_no_error() -> None:
    assert holm(np.log([0.5]), np.array([5_000.0]))[0] > 1e6
