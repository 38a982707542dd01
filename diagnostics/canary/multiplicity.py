"""Many slices, one decision: evidence that the canary is worse somewhere, and where.

All means are of current values with weights that are fixed before the run. Means of each slice's highest value so far
would not be evidence (Tavyrikov, Goeman, de Heide, arXiv:2501.19360).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .evalues import Array, mixture


def mean(log_weights: Array, log_e: Array) -> Array:
    """Along the last axis; what the weights, which sum to 1 at most, leave over is of slices that were not seen yet,
    with evidence 1. As logarithms."""
    unseen = max(0.0, 1.0 - float(np.exp(log_weights).sum()))
    with np.errstate(divide="ignore"):
        rest = np.log(unseen)
    return mixture(np.concatenate([log_weights + log_e, np.full((*log_e.shape[:-1], 1), rest)], axis=-1))


def rollback(
    by_harm: Array, log_harms: Array, log_weights: Array, events: Sequence[Sequence[int]], log_event_weights: Array
) -> Array:
    """Evidence that some slice is worse: half on one of them, half on all of an event's by the same harm.

    ``by_harm`` has shape (..., slices, harms), ``events`` are the slices of one outcome of one check, in all languages.
    A request is in one language, so that their product is evidence, too.
    """
    local = mean(log_weights, mixture(by_harm, log_harms))
    together = [mixture(by_harm[..., rows, :].sum(axis=-2), log_harms) for rows in map(list, events)]
    evidence: Array = np.logaddexp(local, mean(log_event_weights, np.stack(together, axis=-1))) - np.log(2)
    return evidence


def holm(log_weights: Array, log_e: Array) -> Array:
    """For each slice the least mean evidence of any set of slices that it is in, not as logarithms. If those that reach
    1/α are named, no more than α of runs ever name one that is no worse (closed testing with means: Vovk & Wang, Annals
    of Statistics 49, 2021, section 5; at any time: Hartog & Lei, arXiv:2501.09015)."""
    weights = np.append(np.exp(log_weights), max(0.0, 1.0 - float(np.exp(log_weights).sum())))
    values = np.append(np.exp(np.minimum(log_e, 300.0)), 1.0)
    order = np.argsort(values)
    sums, masses = np.cumsum((weights * values)[order]), np.cumsum(weights[order])
    least = values.copy()
    for below, at in enumerate(order[1:], start=1):
        means = (sums[:below] + weights[at] * values[at]) / (masses[:below] + weights[at])
        least[at] = min(values[at], means.min())
    return least[:-1]
