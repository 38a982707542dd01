"""The reply also does a second thing that was asked for beside the first.

Whether it did is a question of its content: the verdict is always ``abstain``, and a judge has to decide. IFEval has
no such type.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge


class SecondTask(Modifier, frozen=True):
    """ "… Then also translate your answer." """

    judged = True

    task: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")] | None = None
    """What is to be done, in the words of the instruction; None where only that there is something was seen."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        return for_a_judge("the second task was done" + (f": {self.task.strip()}" if self.task else ""))

    examples: ClassVar = (
        Example("Explain what tea is, and then describe how it is made.", "A drink.", Verdict.ABSTAIN),
        Example("", "Tea is hot. It has 2 calories.", Verdict.ABSTAIN),
        Example("", "Le thé. Il est vert.", Verdict.ABSTAIN, "fr", {"task": "dis aussi sa couleur"}),
        Example("", "Чай горячий.", Verdict.ABSTAIN, "ru"),
    )
