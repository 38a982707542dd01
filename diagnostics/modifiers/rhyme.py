"""The lines of the reply rhyme.

A rule would need the sound of each word in each language: the verdict is always ``abstain``, and a judge has to decide.
The number of stanzas and lines is judged by ``stanzas``. IFEval has no such type.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge


class Rhyme(Modifier, frozen=True):
    """ "Write it in rhyme.", "Use the rhyme scheme ABAB." """

    judged = True

    scheme: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2,32}\Z")] | None = None
    """Which lines rhyme, as in ABAB; None where any do."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        return for_a_judge("the lines rhyme" + (f" as {self.scheme}" if self.scheme else ""))

    examples: ClassVar = (
        Example("", "A cup of tea,\nfor you and me.", Verdict.ABSTAIN),
        Example("", "Tee\nSee", Verdict.ABSTAIN, "de", {"scheme": "AA"}),
        Example("", "Чай\nрай", Verdict.ABSTAIN, "ru"),
    )
