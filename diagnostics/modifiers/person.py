"""The reply is told in a given grammatical person: I and we, you, or he, she and they.

Many languages leave the pronoun out, and quoted speech has its own: the verdict is always ``abstain``, and a judge has
to decide. IFEval has no such type; its IFBench successor counts pronouns in English.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge


class Person(Modifier, frozen=True):
    """ "Write in the first person." """

    judged = True

    person: Literal["first", "second", "third"]

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        return for_a_judge(f"it is told in the {self.person} person")

    examples: ClassVar = (
        Example("", "I like tea.", Verdict.ABSTAIN, arguments={"person": "first"}),
        Example("", "Bebes té.", Verdict.ABSTAIN, "es", {"person": "second"}),
        Example("", "Он пьёт чай.", Verdict.ABSTAIN, "ru", {"person": "third"}),
    )
