"""Were requests assigned as was said? If not, the arms' requests differ, and nothing follows from their replies."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, lgamma, log

STRENGTH = 100.0
"""How sure of the weight the alternative is, in requests: shares some 10 points off are the likeliest."""


def log_mismatch(phases: Iterable[tuple[float, int, int]]) -> float:
    """Evidence against having drawn the canary with each phase's weight, from (weight, stable, canary) of each.

    It may be looked at at any time: the Bayes factor of shares drawn from a Beta distribution around the weight against
    the weight itself (Lindon & Malek, "Anytime-valid inference for multinomial count data", NeurIPS 2022,
    arXiv:2011.03567, section 3).
    """
    return sum(_log_bayes_factor(*phase) for phase in phases)


def _log_bayes_factor(weight: float, stable: int, canary: int) -> float:
    if weight in (0, 1):
        return inf if (canary if weight == 0 else stable) else 0.0
    prior = STRENGTH * (1 - weight), STRENGTH * weight
    drawn = stable * log(1 - weight) + canary * log(weight)
    return _log_beta(prior[0] + stable, prior[1] + canary) - _log_beta(*prior) - drawn


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)
