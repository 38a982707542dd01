"""Two rates from prompts that both arms have answered: an e-value from three numbers a slice.

A pair has a difference D: 1 where only the canary has the outcome, -1 where only stable has it, else 0. Against the
hypothesis that its mean is at most m one bets ``1 - λ + λ (1 + D)/(1 + m)`` with a stake λ in (0, 1): of expectation 1,
at most, since (1 + D)/2 is in [0, 1] with a mean of at most (1 + m)/2: Waudby-Smith & Ramdas, "Estimating means of
bounded random variables by betting", JRSSB 86 (2024), section 4. With m = 0 it is a sequential McNemar's test. The
product over pairs depends on their numbers alone, and is mixed over a fixed grid of stakes.
"""

from __future__ import annotations

import numpy as np

from .evalues import LIMIT, Array, limits, log_uniform, mixture

STAKES = (0.02, 0.04, 0.08, 0.15, 0.25, 0.4, 0.55, 0.7, 0.85, 0.95)
"""Small ones win where arms differ in many pairs both ways, large ones where they differ in few or one way only."""


class Paired:
    """The evidence of several slices: ``numbers`` has shape (slices, 4) and holds pairs in which the outcome is had by
    the canary alone, by both, by none, by stable alone."""

    def __init__(self, numbers: Array) -> None:
        self._numbers = numbers

    @property
    def numbers(self) -> Array:
        """With and without the outcome in the stable arm, and in the canary: of shape (slices, 4)."""
        canary, both, none, stable = self._numbers.T
        return np.stack([stable + both, canary + none, canary + both, stable + none], axis=1)

    @property
    def log_harm_weights(self) -> Array:
        """Of shape (stakes,); their exponentials sum to 1."""
        return log_uniform(len(STAKES))

    def harm(self, tolerance: Array) -> Array:
        """Evidence that the canary has the outcome more often than the tolerances, of shape (slices,), allow: of shape
        (slices, stakes)."""
        return self._won(tolerance, 1)

    def promise(self, margin: Array) -> Array:
        """Evidence that the canary has the outcome less often than stable's rate and the margin: of shape (slices,)."""
        return mixture(self._won(margin, -1), log_uniform(len(STAKES)))

    def limits(self, log_threshold: float) -> Array:
        """Confidence limits of the canary's rate less stable's, each side at its own threshold: (slices, 2)."""

        def against(differences: Array, side: int) -> Array:
            return mixture(self._won(differences, side), log_uniform(len(STAKES)))

        return limits(against, len(self._numbers), log_threshold)

    def information(self, margin: Array, side: int) -> Array:
        """What a pair adds to the evidence with the best stake, on average, if the rates are as observed: shape
        (slices,); 0 where the hypothesis is true."""
        canary, both, none, stable = self._numbers.T
        shares = (
            np.stack([canary + 0.5, both + none + 0.5, stable + 0.5], axis=1)
            / (self.numbers[:, :2].sum(1) + 1.5)[:, None]
        )
        nats: Array = np.maximum(np.einsum("kd,kds->ks", shares, _log_factors(margin, side)).max(axis=1), 0.0)
        return nats

    def _won(self, margin: Array, side: int) -> Array:
        canary, both, none, stable = self._numbers.T
        differences = np.stack([canary, both + none, stable], axis=1)
        won: Array = np.einsum("kd,kds->ks", differences, _log_factors(margin, side))
        return won


def _log_factors(margin: Array, side: int) -> Array:
    """Of shape (slices, 3, stakes), for differences of 1, 0 and -1; ``side`` as in ``evalues.limits``."""
    mean = np.clip(side * margin, -LIMIT, LIMIT)[:, None, None]
    difference = side * np.array([1.0, 0.0, -1.0])[:, None]
    factors: Array = np.log1p(np.array(STAKES) * ((1 + difference) / (1 + mean) - 1))
    return factors
