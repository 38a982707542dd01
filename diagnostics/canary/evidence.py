"""What is counted. Each value is a row as a database groups it; evidence of replicas is merged by adding rows."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

PASS = "pass"
"""The outcome that never is harm."""

Number = Annotated[int, Meta(ge=0)]


class Arm(StrEnum):
    """Who a request was assigned to, whoever answered it."""

    STABLE = "stable"
    CANARY = "canary"


class Phase(msgspec.Struct, frozen=True):
    """A time in which the canary's share stayed the same: ``weight`` is the probability of being assigned to it,
    ``stable`` and ``canary`` are how many requests were."""

    weight: Annotated[float, Meta(ge=0, le=1)]
    stable: Number = 0
    canary: Number = 0

    def __post_init__(self) -> None:
        if not 0 <= self.weight <= 1:
            raise ValueError(f"weight: expected a number from 0 to 1; got {self.weight:g}")


class Count(msgspec.Struct, frozen=True):
    """How many requests had one outcome in one check.

    ``phase`` is an index into ``Evidence.phases``, ``language`` that of the instruction. The outcomes of a check
    exclude each other and are complete: their sum is the number of requests whose prompt called for the check.
    """

    phase: Number
    arm: Arm
    language: str
    check: str
    outcome: str
    requests: Number


class PairCount(msgspec.Struct, frozen=True):
    """How many prompts, each answered by both arms, had one pair of outcomes in one check."""

    language: str
    check: str
    stable: str
    canary: str
    pairs: Number


class Times(msgspec.Struct, frozen=True):
    """A histogram of a time in seconds, of one arm in one phase: ``requests`` has a number for each of the ascending
    ``bounds``, of those up to it and above the one before, and a last number for longer ones. A reply that never came
    belongs to the last."""

    phase: Number
    arm: Arm
    language: str
    measure: str
    bounds: tuple[float, ...]
    requests: tuple[Number, ...]

    def __post_init__(self) -> None:
        if len(self.requests) != len(self.bounds) + 1:
            raise ValueError(f"requests: expected {len(self.bounds) + 1} numbers; got {len(self.requests)}")
        if list(self.bounds) != sorted(set(self.bounds)):
            raise ValueError("bounds: expected ascending numbers")


class Past(msgspec.Struct, frozen=True):
    """How often the stable arm had an outcome before the run: where to look first. It makes a decision come sooner;
    wrong or stale numbers make it come later, and never make it wrong. It must not change during a run."""

    language: str
    check: str
    outcome: str
    requests: Number
    having: Number


class Evidence(msgspec.Struct, frozen=True):
    """Everything that was counted in one run, either by request or by pair of replies to the same prompt.

    ``expired`` says that the run's deadline is over.
    """

    phases: tuple[Phase, ...] = ()
    counts: tuple[Count, ...] = ()
    times: tuple[Times, ...] = ()
    pairs: tuple[PairCount, ...] = ()
    past: tuple[Past, ...] = ()
    expired: bool = False

    def __post_init__(self) -> None:
        if self.pairs and (self.counts or self.times):
            raise ValueError("give counts by request or by pair, not both: they are of different runs")
        for phase in {row.phase for row in self.counts} | {row.phase for row in self.times}:
            if phase >= len(self.phases):
                raise ValueError(f"phases: there is no phase {phase}, of which there are counts")
