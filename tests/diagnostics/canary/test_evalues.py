"""Mixtures and limits."""

from __future__ import annotations

import numpy as np
import pytest

from diagnostics.canary.evalues import Array, limits, log_uniform, mixture


def test_a_mixture_is_a_mean() -> None:
    assert np.exp(mixture(np.log([[1.0, 3.0], [2.0, 6.0]]), log_uniform(2))) == pytest.approx([2, 4])
    assert mixture(np.array([5000.0, -5000.0]), log_uniform(2)) == pytest.approx(5000 - np.log(2))


def test_limits_are_found_where_the_evidence_is_enough() -> None:
    """Evidence that grows by one for each tenth from 0.2."""

    def against(differences: Array, side: int) -> Array:
        return 10 * side * (np.array([0.2, -0.9]) - differences)

    assert limits(against, 2, 3.0) == pytest.approx(np.array([[-0.1, 0.5], [-1.0, -0.6]]), abs=0.001)


def test_limits_hold_every_difference_that_is_not_refuted() -> None:
    """Also where the evidence does not grow all the way: between -0.3 and -0.2 it is not enough once more."""

    def against(differences: Array, side: int) -> Array:
        gap = (differences > -0.3) & (differences < -0.2)
        return np.where(gap, 0.0, -100 * side * differences)

    low, high = limits(against, 1, 3.0)[0]
    assert low < -0.2
    assert high == pytest.approx(0.03, abs=0.001)
