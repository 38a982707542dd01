"""The reply is written in a given style: scientific, simple, poetic …

No rule can tell: the verdict is always ``abstain``, and a judge has to decide. IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge

StyleName = Literal[
    "scientific", "academic", "technical", "legal", "journalistic", "simple", "plain", "formal", "informal",
    "conversational", "poetic", "literary", "persuasive", "other",
]  # fmt: skip


class Style(Modifier, frozen=True):
    """ "Answer in a scientific style." """

    judged = True

    style: StyleName
    """Which; ``other`` for one that has no name here ("like a pirate")."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        return for_a_judge(f"the style is {'the one asked for' if self.style == 'other' else self.style}")

    examples: ClassVar = (
        Example(
            "Write in a scientific style.", "Tea is an infusion.", Verdict.ABSTAIN, arguments={"style": "scientific"}
        ),
        Example("", "Tea is an infusion of Camellia sinensis.", Verdict.ABSTAIN, arguments={"style": "scientific"}),
        Example("", "Le thé est chaud.", Verdict.ABSTAIN, "fr", {"style": "simple"}),
        Example("", "Чай, брат!", Verdict.ABSTAIN, "ru", {"style": "other"}),
    )
