"""The arithmetic that paired and unpaired evidence share: mixtures in logarithms, and limits found by inverting tests.

Evidence is a natural logarithm of an e-value throughout; ``log(1/α)`` is where a hypothesis falls at level α.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

LIMIT = 1 - 1e-6
"""The largest difference of two rates that is asked about."""
COARSE = 33
"""Differences that are asked about first when a limit is sought."""
HALVINGS = 8
"""How often the place of a limit between two of them is halved: it is found to within 0.0003."""


def mixture(log_e: Array, log_weights: Array | float = 0.0) -> Array:
    """The logarithm of the weighted sum of e-values along the last axis: an e-value again if the weights, fixed before
    the run, sum to 1 (Wald, "Sequential Analysis", 1947, A.6; any average of e-values: Vovk & Wang, Annals of
    Statistics 49, 2021, section 3)."""
    terms = log_e + log_weights
    highest = terms.max(axis=-1, keepdims=True)
    summed: Array = highest[..., 0] + np.log(np.exp(terms - highest).sum(axis=-1))
    return summed


def log_uniform(count: int) -> Array:
    """Equal weights that sum to 1, as logarithms."""
    return np.full(count, -np.log(count))


def limits(against: Callable[[Array, int], Array], slices: int, log_threshold: float) -> Array:
    """The differences of two rates that are not refuted, as pairs of limits of shape (slices, 2).

    ``against(differences, side)`` is the evidence, of shape (slices,), against the hypothesis that the difference is at
    most (``side`` 1) or at least (``side`` -1) the given one. What is returned holds every difference that no test
    refutes: a confidence sequence (Howard et al., "Time-uniform, nonparametric, nonasymptotic confidence sequences",
    Annals of Statistics 49, 2021, section 1; of differences: Turner & Grünwald, arXiv:2203.09785).
    """
    return np.stack([_limit(against, side, slices, log_threshold) for side in (1, -1)], axis=-1)


def _limit(against: Callable[[Array, int], Array], side: int, slices: int, log_threshold: float) -> Array:
    # From the far end, where all is refuted if anything is, towards what was observed: the first that is not refuted.
    coarse = -side * np.linspace(LIMIT, -LIMIT, COARSE)
    refuted = np.stack([against(np.full(slices, each), side) >= log_threshold for each in coarse])
    first = np.argmin(refuted, axis=0)
    inside, outside = coarse[first], coarse[np.maximum(first - 1, 0)]
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        falls = against(middle, side) >= log_threshold
        inside, outside = np.where(falls, inside, middle), np.where(falls, middle, outside)
    limit: Array = np.where(first == 0, -float(side), outside)
    return limit
