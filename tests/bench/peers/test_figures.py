"""Numbers out of many numbers."""

from __future__ import annotations

import pytest

from bench.peers.figures import Figure, Spread, differences, figure, quantile, ratios, spread


@pytest.mark.parametrize(("share", "value"), [(0.5, 50), (0.99, 99), (0.991, 100), (1.0, 100), (0.0, 1)])
def test_quantiles_are_values_that_occur(share: float, value: float) -> None:
    assert quantile(range(1, 101), share) == value


def test_spread_needs_no_order_and_some_values() -> None:
    assert spread([3.0, 1.0, 2.0]) == Spread(2.0, 3.0, 3.0)
    assert spread([]) is None


def test_rounds_without_a_value_do_not_count() -> None:
    assert figure([3.0, None, 1.0]) == Figure(2.0, 1.0, 3.0)
    assert figure([None, None]) is None


def test_rounds_are_compared_with_the_same_round() -> None:
    assert ratios([2.0, 9.0, None, 4.0], [1.0, 3.0, 1.0, None]) == [2.0, 3.0, None, None]
    assert differences([2.0, 9.0, None, 4.0], [1.0, 3.0, 1.0, None]) == [1.0, 6.0, None, None]


def test_nothing_is_divided_by_zero() -> None:
    assert ratios([1.0], [0.0]) == [None]
