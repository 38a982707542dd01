"""Rows that check themselves."""

from __future__ import annotations

import msgspec
import pytest

from diagnostics.canary.evidence import Arm, Count, Phase, Times


def test_a_weight_is_a_probability() -> None:
    for weight in (-0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="weight: expected a number from 0 to 1"):
            Phase(weight)


def test_a_histogram_has_a_number_for_each_bound_and_one_more() -> None:
    with pytest.raises(ValueError, match="expected 3 numbers; got 2"):
        Times(0, Arm.STABLE, "de", "first_token", (0.1, 0.2), (1, 2))
    with pytest.raises(ValueError, match="ascending"):
        Times(0, Arm.STABLE, "de", "first_token", (0.2, 0.1), (1, 2, 3))


def test_rows_from_a_database_are_checked() -> None:
    row = {"phase": 0, "arm": "canary", "language": "de", "check": "language", "outcome": "fail", "requests": 3}
    assert msgspec.convert(row, Count).arm is Arm.CANARY
    with pytest.raises(msgspec.ValidationError, match="requests"):
        msgspec.convert({**row, "requests": -1}, Count)
