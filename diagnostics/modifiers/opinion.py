"""What is a matter of opinion: recognised and reported, never guessed; a judge has to decide."""

from __future__ import annotations

from diagnostics.core import Verdict

from .base import Outcome


def for_a_judge(demand: str) -> Outcome:
    """The outcome of a demand that is never guessed; ``demand`` completes "whether …"."""
    return Outcome(Verdict.ABSTAIN, f"a judge has to decide whether {demand}")
