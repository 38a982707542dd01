"""Two rates from requests that were drawn to one arm or the other: an e-value from four numbers a slice and phase.

A request that goes to the canary with probability w has the e-value ``P(outcome | a or b) / P(outcome | a0 or b0)``:
(a, b) are alternative rates of stable and canary, (a0, b0 = a0 + margin) is the point of the null hypothesis's boundary
that is nearest to them, in relative entropy weighted by the arms: Turner, Ly & Grünwald, "Generic E-variables for exact
sequential k-sample tests", Journal of Statistical Planning and Inference 230 (2024), 106116, section 2; with margins:
Turner & Grünwald, arXiv:2203.09785; in strata: arXiv:2302.11401.

Why its expectation is at most 1: with ``x = (A-a0)(a-a0)/(a0(1-a0))``, ``z = (B-b0)(b-b0)/(b0(1-b0))`` and true rates A
and B it is ``1 + (1-w)x + wz``, and a projection on a convex set says that ``(1-w)x + wz <= 0`` on all of it. This is
linear in A and B: they may change from request to request and depend on the prompt. Where numbers of requests are fixed
instead of drawn and w is the canary's share of them, the product of all has an expectation of at most 1, as ``(1-w)
log(1+x) + w log(1+z) <= log(1 + (1-w)x + wz)``.

The product over requests depends on their numbers alone. It is mixed over a fixed grid of alternatives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from .evalues import Array, limits, log_uniform, mixture

RATES = 32
"""Rates of the stable arm on the grid, evenly spaced by angle, arcsin √rate: in it all rates are about as uncertain
(Cohen, "Statistical Power Analysis", 1988, chapter 6). Points are 5 hundredths apart in the middle, 0.005 at the ends;
those nearest to the true rate win nearly as much as it would."""
FEW_RATES = 12
"""The same for confidence limits, which ask about many differences."""
PAST = 200
"""For how many requests the past counts at most: more would not make decisions sooner, and rates drift."""
USUALLY = (0.0, 1.5)
"""What is added to any past, in requests with and without the outcome: most replies are no harm."""
DOUBT = 0.1
"""Weight of all rates alike, whatever the past says."""

BY_CHANCE, ONCE = 0.5, 1.5
"""Evidence that shares of the arms may bring: what they do by chance, on average, in each phase, and once some more."""

HARMS = tuple(0.0125 * 1.6**step for step in range(10))
"""By how much worse the canary may be, in angle. From a rate of 20 % these are 1 point to nearly everything."""
LIKELY_HARM, SPREAD = 0.16, 1.0
"""Weights of the harms are log-normal: from a rate of 20 %, 15 points are the likeliest and 5 to 40 likely."""

PROMISES = (-0.3, -0.1, 0.0, 0.1, 0.3, 0.6)
"""By how much worse a canary that is worth promoting may be, in margins."""
STEPS = tuple(0.005 * 2.0**step for step in range(7))
"""How far from a difference that is asked about the truth may be, when confidence limits are sought."""


class Cells(msgspec.Struct, frozen=True):
    """Numbers of requests in one phase: of ``rows`` (indices of slices, each once) those with and without the outcome
    in the stable arm, and in the canary, shape (rows, 4)."""

    weight: float
    rows: NDArray[np.intp]
    numbers: Array


class Unpaired:
    """The evidence of several slices.

    In ``cells`` of a phase with a weight of 0 or 1 there is nothing to compare. ``past`` has shape (slices, 2): how
    often the stable arm had the outcome before the run, and how often not. ``now`` is the present weight of each slice.
    """

    def __init__(self, slices: int, cells: Sequence[Cells], past: Array, now: Array) -> None:
        self._slices = slices
        self._cells = cells
        self._past = past
        self._now = now

    @property
    def numbers(self) -> Array:
        """Sums over phases, of shape (slices, 4), as in ``Cells``."""
        total = np.zeros((self._slices, 4))
        for each in self._cells:
            total[each.rows] += each.numbers
        return total

    @property
    def log_harm_weights(self) -> Array:
        """Of shape (harms,); their exponentials sum to 1."""
        log_weights = -0.5 * (np.log(np.array(HARMS) / LIKELY_HARM) / SPREAD) ** 2
        normalised: Array = log_weights - mixture(log_weights)
        return normalised

    def harm(self, tolerance: Array) -> Array:
        """Evidence that the canary has the outcome more often than the tolerances, of shape (slices,), allow: of shape
        (slices, harms)."""
        rates = _rates(RATES)

        def alternatives(margin: Array) -> Array:
            angle = np.arcsin(np.sqrt(np.minimum(rates[:, None] + margin[..., None, None], 1.0)))
            worse: Array = np.sin(np.minimum(angle + np.array(HARMS), np.pi / 2 - 0.01)) ** 2
            return worse

        return self._over_rates(tolerance, 1, rates, alternatives)

    def promise(self, margin: Array) -> Array:
        """Evidence that the canary has the outcome less often than stable's rate and the margin: of shape (slices,)."""
        rates = _rates(RATES)

        def alternatives(margin: Array) -> Array:
            return _clipped(rates[:, None] + margin[..., None, None] * np.array(PROMISES))

        return mixture(self._over_rates(margin, -1, rates, alternatives), log_uniform(len(PROMISES)))

    def limits(self, log_threshold: float) -> Array:
        """Confidence limits of the canary's rate less stable's, each side at its own threshold: (slices, 2)."""
        rates = _rates(FEW_RATES)

        def against(differences: Array, side: int) -> Array:
            def alternatives(difference: Array) -> Array:
                return _clipped(rates[:, None] + difference[..., None, None] + side * np.array(STEPS))

            return mixture(self._over_rates(differences, side, rates, alternatives), log_uniform(len(STEPS)))

        return limits(against, self._slices, log_threshold)

    def information(self, margin: Array, side: int) -> Array:
        """What a request adds to the evidence, on average, if the rates are as observed: shape (slices,)."""
        stable, canary = np.moveaxis(self.numbers.reshape(-1, 2, 2), 1, 0)
        return information(_observed(stable), _observed(canary), self._now, margin, side)

    def _over_rates(self, margin: Array, side: int, rates: Array, alternatives: Callable[[Array], Array]) -> Array:
        """Evidence by alternative, mixed over the rates of the stable arm: shape (slices, alternatives of a rate)."""
        log_e: Array | None = None
        for each in self._cells:
            if each.weight in (0, 1):
                continue
            its = margin[each.rows]
            same = its.size > 0 and bool((its == its[0]).all())
            canary = alternatives(its[0] if same else its)
            logs = log_ratios(each.weight, its[0] if same else its[:, None, None], rates[:, None], canary, side)
            if log_e is None:
                log_e = np.zeros((self._slices, *logs.shape[-2:]))
            log_e[each.rows] += np.einsum("kc,c...->k..." if same else "kc,ck...->k...", each.numbers, logs)
        if log_e is None:
            return np.zeros((self._slices, 1))
        by_alternative = mixture(np.moveaxis(log_e, 1, -1), self._prior(rates)[:, None, :])
        return by_alternative - self._imbalance()[:, None]

    def _imbalance(self) -> Array:
        """What is taken away where an arm got fewer requests than its share, beyond chance: shape (slices,).

        That alone would be evidence, against the canary say, as good replies that it does not give. It is no harm that
        anybody has seen, so it must not weigh more than chance lets it. ``n kl(share, weight)`` is the most that it can
        bring; what remains after taking away is less than an e-process, and so is as safe.
        """
        excess = np.zeros(self._slices)
        for each in self._cells:
            if each.weight not in (0, 1):
                arms = np.stack([each.numbers[:, :2].sum(axis=1), each.numbers[:, 2:].sum(axis=1)], axis=1)
                shares = arms / np.maximum(arms.sum(axis=1, keepdims=True), 1.0)
                drawn = np.array([1 - each.weight, each.weight])
                excess[each.rows] += (arms * np.log(np.where(arms > 0, shares, drawn) / drawn)).sum(axis=1) - BY_CHANCE
        return np.maximum(excess - ONCE, 0.0)

    def _prior(self, rates: Array) -> Array:
        """Weights of the rates by the past; some are left evenly on all of them, in case it is wrong."""
        seen = self._past * (PAST / np.maximum(self._past.sum(axis=1, keepdims=True), PAST)) + np.array(USUALLY)
        log_weights = seen[:, :1] * np.log(rates) + seen[:, 1:] * np.log1p(-rates)
        log_weights = log_weights - mixture(log_weights)[:, None]
        doubted: Array = np.logaddexp(log_weights + np.log1p(-DOUBT), np.log(DOUBT / len(rates)))
        return doubted


def information(stable: Array, canary: Array, weight: Array, margin: Array, side: int) -> Array:
    """The least average evidence of a request, in nats, against the nearest point of the hypothesis that the canary's
    rate is at most stable's and the margin (``side`` 1), or at least that (-1); 0 where it is true.

    No test of level α needs fewer than ``log(1/α)`` divided by it, on average (Wald 1947, A.7; Grünwald, de Heide,
    Koolen, "Safe testing", JRSSB 86, 2024, section 2).
    """
    logs = log_ratios(weight, margin, stable, canary, side)
    shares = np.stack([(1 - weight) * stable, (1 - weight) * (1 - stable), weight * canary, weight * (1 - canary)])
    nats: Array = (shares * logs).sum(axis=0)
    return nats


def log_ratios(weight: Array | float, margin: Array | float, stable: Array, canary: Array, side: int) -> Array:
    """What a request adds to the evidence, for each outcome as in ``Cells``: the alternative against its projection on
    the boundary. 0 for alternatives on the wrong side of it: shape (4, *alternatives).

    ``side`` is 1 where the hypothesis is that the canary's rate is at most stable's and the margin, -1 for at least.
    """
    near = project(weight, margin, stable, canary)
    logs = np.log(
        np.stack(np.broadcast_arrays(
            stable / near, (1 - stable) / (1 - near),
            canary / (near + margin), (1 - canary) / (1 - near - margin),
        ))
    )  # fmt: skip
    beyond = (canary - stable - margin) * side > 0
    ratios: Array = np.where(beyond, logs, 0.0)
    return ratios


def project(weight: Array | float, margin: Array | float, stable: Array, canary: Array) -> Array:
    """The rate s of the stable arm that minimises ``(1-weight) kl(stable, s) + weight kl(canary, s + margin)``.

    It is also the maximum likelihood estimate of two binomial rates under a given difference, for which there is a
    closed form: Farrington & Manning, "Test statistics and sample size formulae for comparative binomial trials",
    Statistics in Medicine 9 (1990), appendix. A step of Newton's method takes away its rounding errors.
    """
    ratio = (1 - weight) / weight
    cubic = 1 + ratio
    square = -(1 + ratio + canary + ratio * stable + margin * (ratio + 2))
    linear = margin**2 + margin * (2 * canary + ratio + 1) + canary + ratio * stable
    free = -canary * margin * (1 + margin)
    turn = (square / (3 * cubic)) ** 3 - square * linear / (6 * cubic**2) + free / (2 * cubic)
    size = np.sqrt(np.maximum((square / (3 * cubic)) ** 2 - linear / (3 * cubic), 1e-300))
    size = np.where(turn < 0, -size, size)
    angle = (np.pi + np.arccos(np.clip(turn / size**3, -1, 1))) / 3
    near = 2 * size * np.cos(angle) - square / (3 * cubic) - margin
    low, high = np.maximum(0.0, -margin), np.minimum(1.0, 1.0 - margin)
    near = np.clip(near, low + 1e-9 * (high - low), high - 1e-9 * (high - low))
    return _newton(weight, margin, stable, canary, near, low, high)


def _newton(
    weight: Array | float, margin: Array | float, stable: Array, canary: Array, near: Array, low: Array, high: Array
) -> Array:
    for _ in range(2):
        far = near + margin
        slope = (1 - weight) * (near - stable) / (near * (1 - near)) + weight * (far - canary) / (far * (1 - far))
        curve = (1 - weight) * (stable / near**2 + (1 - stable) / (1 - near) ** 2)
        curve = curve + weight * (canary / far**2 + (1 - canary) / (1 - far) ** 2)
        step = near - slope / curve
        near = np.where((step > low) & (step < high), step, near)
    return near


def _rates(count: int) -> Array:
    rates: Array = np.sin((np.arange(count) + 0.5) * np.pi / (2 * count)) ** 2
    return rates


def _clipped(rates: Array) -> Array:
    return np.clip(rates, 1e-4, 1 - 1e-4)


def _observed(numbers: Array) -> Array:
    """Rates, drawn in from 0 and 1 by half a request on either side."""
    rates: Array = (numbers[:, 0] + 0.5) / (numbers.sum(axis=1) + 1)
    return rates
