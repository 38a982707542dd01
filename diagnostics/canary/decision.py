"""The decision: ``decide`` is a pure function of the policy and the counters, valid whenever it is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from enum import StrEnum

import msgspec
import numpy as np

from .assignment import log_mismatch
from .evalues import Array, mixture
from .evidence import Evidence
from .multiplicity import holm, mean, rollback
from .policy import Policy
from .slices import Key, Slices, group

MOST = 10**9
"""So many requests are not waited for."""


class Action(StrEnum):
    """What to do with the canary."""

    PROMOTE = "promote"  # every gate has shown that it is no worse
    ROLLBACK = "rollback"  # it is worse somewhere
    CONTINUE = "continue"
    INCONCLUSIVE = "inconclusive"  # the run is over and has shown neither: somebody must decide
    VOID = "void"  # requests were not assigned as was said: nothing follows


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """What one check's outcome did in one language. Pairs of numbers are of stable and canary.

    ``requests`` called for the check (of pairs: both numbers are that of pairs), ``having`` of them had the outcome,
    ``rates`` are their ratio (0 without requests). ``difference`` is the canary's less stable's: above 0 is worse.
    ``interval`` holds the true one at any time one looks, with a confidence of 1 - ``alpha_rollback`` for this slice;
    None where it was not asked for. ``log_e_worse`` and ``log_e_no_worse`` are evidence, natural logarithms; with
    ``log_e_needed`` of the first the slice rolls back whatever the others say. ``worse`` names the slice at level
    ``alpha_rollback`` over all slices together, ``no_worse`` at ``alpha_promote`` alone. ``left_to_rollback`` and
    ``left_to_promote`` are how many more requests it would take, at the present weight and the rates as observed: None
    where they do not lead there.
    """

    language: str
    check: str
    outcome: str
    gate: bool
    requests: tuple[int, int]
    having: tuple[int, int]
    rates: tuple[float, float]
    difference: float
    interval: tuple[float, float] | None
    log_e_worse: float
    log_e_no_worse: float
    log_e_needed: float
    worse: bool
    no_worse: bool
    left_to_rollback: int | None
    left_to_promote: int | None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the evidence says, all of it in ``slices``.

    ``log_e_rollback`` is the evidence that the canary is worse somewhere: at ``log(1/alpha_rollback)`` it is rolled
    back. ``log_e_mismatch`` is evidence that requests were assigned otherwise than was said. ``not_evidenced`` are
    languages and checks that could not be shown to be no worse, gates or not: what a promotion would leave open.
    ``requests`` called for the most common check, in all languages.
    """

    action: Action
    reason: str
    requests: int
    log_e_rollback: float
    log_e_mismatch: float
    not_evidenced: tuple[tuple[str, str], ...]
    slices: tuple[Slice, ...]


def decide(policy: Policy, evidence: Evidence, *, intervals: bool = False) -> Decision:
    """Decide. ``intervals`` asks for confidence intervals too, which take longer than all the rest.

    It rolls back when the mean evidence over all slices, for one that is broken, or that of all languages together, for
    a canary that is a little worse everywhere, is enough; it promotes when every gate alone is (an intersection-union
    test: Berger, Technometrics 24, 1982, needs no correction for how many there are).

    Raises:
        ValueError: there is more in the evidence than the policy provides for; says what.
    """
    slices = group(policy, evidence)
    return _Reading(policy, evidence, slices).decision(intervals=intervals)


class _Reading:
    """The evidence of all slices, and what follows from it; arrays are in the order of ``slices.keys``."""

    def __init__(self, policy: Policy, evidence: Evidence, slices: Slices) -> None:
        self._policy = policy
        self._expired = evidence.expired
        self._phases = [(phase.weight, phase.stable, phase.canary) for phase in evidence.phases]
        self._slices = slices
        self._keys = slices.keys
        rules = [policy.rule(key.check) for key in self._keys]
        self._tolerance = np.array([rule.tolerance for rule in rules])
        self._margin = np.array([rule.margin for rule in rules])
        by_check: Counter[str] = Counter()
        for (_, check), requests in slices.requests.items():
            by_check[check] += requests
        self._requests = max(by_check.values(), default=0)
        self._log_weights = np.log([key.weight for key in self._keys])
        self._log_harms = slices.evidence.log_harm_weights
        self._by_harm = slices.evidence.harm(self._tolerance)
        self._worse = mixture(self._by_harm, self._log_harms)
        self._no_worse = slices.evidence.promise(self._margin)

    def decision(self, *, intervals: bool) -> Decision:
        worse, mismatch = self._log_e_rollback(), self._log_e_mismatch()
        slices = self._report(intervals=intervals)
        action, reason = self._act(slices, worse, mismatch)
        open_slices = {(each.language, each.check) for each in slices if not each.no_worse}
        return Decision(
            action=action,
            reason=reason,
            requests=self._requests,
            log_e_rollback=worse,
            log_e_mismatch=mismatch,
            not_evidenced=tuple(place for place in self._slices.requests if place in open_slices),
            slices=slices,
        )

    def _act(self, slices: Sequence[Slice], worse: float, mismatch: float) -> tuple[Action, str]:
        policy = self._policy
        if mismatch >= np.log(policy.mismatch):
            return Action.VOID, "requests were not assigned to the arms with the probability that was said"
        if worse >= -np.log(policy.alpha_rollback):
            return Action.ROLLBACK, f"worse: {self._named(slices)}"
        gates = [each for each in slices if each.gate]
        waiting = [each for each in gates if not each.no_worse]
        if gates and not waiting:
            return Action.PROMOTE, f"no worse in any of {len(gates)} gates"
        why = f"{len(waiting)} of {len(gates)} gates are open" if gates else "no slice is large enough to be a gate"
        if self._expired or (policy.max_requests is not None and self._requests >= policy.max_requests):
            return Action.INCONCLUSIVE, f"the run is over; {why}"
        return Action.CONTINUE, why

    def _named(self, slices: Sequence[Slice]) -> str:
        worse = [f"{each.check} {each.outcome} in {each.language}" for each in slices if each.worse]
        return ", ".join(worse) or "a little in many languages, in none of them for sure"

    def _log_e_rollback(self) -> float:
        """Half on one slice, half on all of an outcome's together."""
        if not self._keys:
            return 0.0
        events: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for at, key in enumerate(self._keys):
            events[key.check, key.outcome].append(at)
        by_event = self._log_weights[[rows[0] for rows in events.values()]] + np.log(self._policy.languages)
        together = list(events.values())
        return float(rollback(self._by_harm, self._log_harms, self._log_weights, together, by_event))

    def _log_e_mismatch(self) -> float:
        """Half on all requests, half on those that called for each check: a loss of some of them shows there."""
        places = self._slices.assigned
        log_weights = np.log([self._policy.weight(check) / self._policy.languages for _, check in places])
        by_place = np.array([log_mismatch(phases) for phases in places.values()])
        return float(np.logaddexp(log_mismatch(self._phases), mean(log_weights, by_place)) - np.log(2))

    def _report(self, *, intervals: bool) -> tuple[Slice, ...]:
        if not self._keys:
            return ()
        policy, evidence = self._policy, self._slices.evidence
        worse = holm(self._log_weights, self._worse) >= 1 / policy.alpha_rollback
        no_worse = self._no_worse >= -np.log(policy.alpha_promote)
        alone = -np.log(policy.alpha_rollback / 2) - self._log_weights
        to_rollback = _left(np.where(worse, 0.0, alone - self._worse), evidence.information(self._tolerance, 1))
        to_promote = _left(-np.log(policy.alpha_promote) - self._no_worse, evidence.information(self._margin, -1))
        held = evidence.limits(-np.log(policy.alpha_rollback / 2)) if intervals else None
        slices = []
        for at, (key, row) in enumerate(zip(self._keys, evidence.numbers.astype(int).tolist(), strict=True)):
            requests, having = (row[0] + row[1], row[2] + row[3]), (row[0], row[2])
            rates = tuple(part / whole if whole else 0.0 for part, whole in zip(having, requests, strict=True))
            slices.append(
                Slice(
                    language=key.language,
                    check=key.check,
                    outcome=key.outcome,
                    gate=self._is_gate(key),
                    requests=requests,
                    having=having,
                    rates=(rates[0], rates[1]),
                    difference=rates[1] - rates[0],
                    interval=None if held is None else (float(held[at, 0]), float(held[at, 1])),
                    log_e_worse=float(self._worse[at]),
                    log_e_no_worse=float(self._no_worse[at]),
                    log_e_needed=float(alone[at]),
                    worse=bool(worse[at]),
                    no_worse=bool(no_worse[at]),
                    left_to_rollback=to_rollback[at],
                    left_to_promote=to_promote[at],
                )
            )
        return tuple(slices)

    def _is_gate(self, key: Key) -> bool:
        share = self._slices.requests[key.language, key.check] / max(self._requests, 1)
        return self._policy.rule(key.check).gate and share >= self._policy.gate_share


def _left(missing: Array, nats: Array) -> list[int | None]:
    """How many more requests bring the missing evidence."""
    with np.errstate(divide="ignore", invalid="ignore"):
        requests = np.maximum(missing, 0.0) / nats
    return [int(np.ceil(each)) if np.isfinite(each) and each < MOST else None for each in requests]
