"""Rows of evidence as tests write them down."""

from __future__ import annotations

from diagnostics.canary.evidence import PASS, Arm, Count, Evidence, Phase
from diagnostics.canary.policy import Policy, Rule

ONE = Policy(rules={"language": Rule(outcomes=("fail",), gate=True)}, others=0, languages=1)
"""A single slice, with all of the evidence."""


def counts(
    stable: dict[str, int],
    canary: dict[str, int],
    *,
    phase: int = 0,
    language: str = "ar",
    check: str = "language",
) -> tuple[Count, ...]:
    """Numbers by outcome of either arm."""
    return tuple(
        Count(phase, arm, language, check, outcome, requests)
        for arm, numbers in ((Arm.STABLE, stable), (Arm.CANARY, canary))
        for outcome, requests in numbers.items()
    )


def replies(wrong: int, total: int) -> dict[str, int]:
    """So many wrong ones of so many."""
    return {"fail": wrong, PASS: total - wrong}


def evidence(*rows: tuple[Count, ...], weight: float = 0.5, expired: bool = False) -> Evidence:
    """One phase, of which as many requests were assigned as the first rows have."""
    by_arm = {arm: sum(row.requests for row in rows[0] if row.arm is arm) for arm in Arm}
    phase = Phase(weight, by_arm[Arm.STABLE], by_arm[Arm.CANARY])
    return Evidence(phases=(phase,), counts=tuple(each for row in rows for each in row), expired=expired)
