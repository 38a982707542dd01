"""The reply is written in a given tense.

A rule would need the grammar of each language: the verdict is always ``abstain``, and a judge has to decide. IFEval
has no such type.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge


class Tense(Modifier, frozen=True):
    """ "Write in the past tense." """

    judged = True

    tense: Literal["past", "present", "future"]

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        return for_a_judge(f"it is in the {self.tense} tense")

    examples: ClassVar = (
        Example("", "Tea was hot.", Verdict.ABSTAIN, arguments={"tense": "past"}),
        Example("", "Der Tee wird heiß.", Verdict.ABSTAIN, "de", {"tense": "future"}),
        Example("", "茶很热。", Verdict.ABSTAIN, "zh", {"tense": "present"}),
    )
