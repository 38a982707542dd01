"""What is decided by the evidence: levels, margins, gates. The defaults, and why they are what they are."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from ..core import Verdict

Level = Annotated[float, Meta(gt=0, lt=1)]
Points = Annotated[float, Meta(ge=0, lt=1)]

VERDICTS = tuple(verdict.value for verdict in Verdict if verdict is not Verdict.PASS)


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one check is decided on.

    ``outcomes`` are the ways to miss, the one that matters most first: half of the check's weight is its, the others
    share the rest. Each is tested in each language; an outcome that is not listed is no harm. ``margin`` is by how much
    the canary's rate may be higher (0.03: 3 points of a hundred) and still be called no worse, ``tolerance`` by how
    much before it is called worse. With ``gate``, promotion waits until it is shown to be no worse; without, the check
    is watched only: it can roll back. ``weight`` is its share of the evidence for rolling back, beside other rules'.

    Tolerance 0 finds the smallest harm. A larger one promotes a canary that is a little worse where it would be rolled
    back after long; between tolerance and margin both are right. Where a fifth of replies miss and each arm gets half
    of the requests, a margin of 5 points takes 1,600 of them at least, one of 3 points 4,400
    (``unpaired.information``).
    """

    margin: Points = 0.05
    tolerance: Points = 0.0
    gate: bool = False
    weight: Annotated[float, Meta(gt=0)] = 1.0
    outcomes: tuple[str, ...] = VERDICTS

    def __post_init__(self) -> None:
        if not 0 <= self.tolerance < self.margin < 1:
            raise ValueError(
                f"margin: expected a number between the tolerance ({self.tolerance:g}) and 1; got {self.margin:g}. "
                "Nothing could ever be shown to be no worse."
            )
        if self.weight <= 0:
            raise ValueError(f"weight: expected a number above 0; got {self.weight:g}")
        if not self.outcomes or len(set(self.outcomes)) < len(self.outcomes):
            raise ValueError("outcomes: expected at least one, and each once")

    def shares(self, count: int) -> list[float]:
        """How ``count`` outcomes share the weight; the shares sum to 1."""
        return [1.0] if count == 1 else [0.5] + [0.5 / (count - 1)] * (count - 1)


def rules() -> dict[str, Rule]:
    """The default rules, by check.

    The language of the reply is what a canary is most often wrong in, so it has the most weight and the smallest
    margin. ``modifiers`` is all that a request demands of the form taken together; single modifiers are rare in most
    traffic and are watched by ``Policy.other``. Replies fail seldom, so that a point is a lot and is soon shown. A
    reply that is cut short can be its request's fault: it is watched. Times differ a little between any two
    deployments, which is why they have a tolerance: so many points more requests may be over any bound.
    """
    return {
        "language": Rule(margin=0.03, gate=True, weight=4, outcomes=("fail", "abstain", "error", "switched")),
        "modifiers": Rule(margin=0.05, gate=True, weight=2),
        "reply": Rule(margin=0.01, gate=True, outcomes=("error", "empty")),
        "length": Rule(margin=0.05, outcomes=("cut_off",)),
        "first_token": Rule(margin=0.05, tolerance=0.02),
        "token_time": Rule(margin=0.05, tolerance=0.02),
    }


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When to roll back, when to promote, when to stop waiting. It must not change during a run.

    * ``alpha_rollback`` bounds the probability that a canary that is no worse anywhere is ever rolled back, over all
      slices and looks together; ``alpha_promote`` that one is ever promoted that is worse than the margin in a gate.
      One in twenty each: a canary is soon started again, and half as much takes log 40 / log 20 times the requests.
    * ``languages`` is how many languages the run provides for: the evidence of each weighs one part in so many.
      Twice as many as there are adds log 2 to the evidence that is needed, log 40 + log 20 with 20 of them. What is
      beyond must be counted as one, "other".
    * ``gate_share``: slices with a smaller share of the requests hold up no promotion; in a rare language nothing could
      be shown for weeks. They are watched, and named as not evidenced.
    * ``mismatch``: the evidence (e-value) for other shares of the arms than were drawn from which on the decision is
      void. The probability that it happens to a sound run is at most 1 in so many.
    * ``max_requests`` after which a run that has shown nothing is inconclusive.
    * ``rules`` by check; ``other`` holds for each check without one, of which ``others`` are provided for.
    """

    alpha_rollback: Level = 0.05
    alpha_promote: Level = 0.05
    languages: Annotated[int, Meta(ge=1)] = 60
    gate_share: Annotated[float, Meta(ge=0, le=1)] = 0.05
    mismatch: Annotated[float, Meta(gt=1)] = 1000.0
    max_requests: Annotated[int, Meta(ge=1)] | None = None
    rules: dict[str, Rule] = msgspec.field(default_factory=rules)
    other: Rule = Rule()
    others: Annotated[int, Meta(ge=0)] = 100

    def __post_init__(self) -> None:
        for name in ("alpha_rollback", "alpha_promote"):
            if not 0 < getattr(self, name) < 1:
                raise ValueError(f"{name}: expected a number between 0 and 1; got {getattr(self, name):g}")
        if not self.rules and not self.others:
            raise ValueError("rules: expected at least one")

    def rule(self, check: str) -> Rule:
        """How a check is decided on."""
        return self.rules.get(check, self.other)

    def weight(self, check: str) -> float:
        """A check's share of the evidence for rolling back; all that there may be sum to 1."""
        total = sum(rule.weight for rule in self.rules.values()) + (self.other.weight if self.others else 0.0)
        return self.rule(check).weight / total / (1 if check in self.rules else self.others)
