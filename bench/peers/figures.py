"""Numbers out of many numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

import msgspec


class Spread(msgspec.Struct, frozen=True):
    """The middle, the 99th percentile and the highest of some values."""

    p50: float
    p99: float
    highest: float


class Figure(msgspec.Struct, frozen=True):
    """One value a round: their median and range."""

    median: float
    lowest: float
    highest: float


def spread(values: Sequence[float]) -> Spread | None:
    """Of at least one value."""
    if not values:
        return None
    ranked = sorted(values)
    return Spread(quantile(ranked, 0.5), quantile(ranked, 0.99), ranked[-1])


def quantile(ranked: Sequence[float], share: float) -> float:
    """The smallest of ``ranked`` that ``share`` of them do not exceed (nearest rank)."""
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def figure(values: Sequence[float | None]) -> Figure | None:
    """Of the rounds that have a value, if any has."""
    there = [value for value in values if value is not None]
    return Figure(statistics.median(there), min(there), max(there)) if there else None


def ratios(values: Sequence[float | None], base: Sequence[float | None]) -> list[float | None]:
    """Round by round: what both have gone through together divides out."""
    pairs = zip(values, base, strict=True)
    return [value / below if value is not None and below else None for value, below in pairs]


def differences(values: Sequence[float | None], base: Sequence[float | None]) -> list[float | None]:
    """Round by round."""
    pairs = zip(values, base, strict=True)
    return [value - below if value is not None and below is not None else None for value, below in pairs]
