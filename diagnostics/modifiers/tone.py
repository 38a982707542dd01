"""The reply takes a given tone: friendly, serious, enthusiastic …

The tone is the attitude towards the reader or the matter, the style the way of writing. No rule can tell: the verdict
is always ``abstain``, and a judge has to decide. IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge

ToneName = Literal[
    "friendly", "polite", "professional", "neutral", "serious", "humorous", "sarcastic", "enthusiastic", "optimistic",
    "empathetic", "confident", "angry", "sad", "other",
]  # fmt: skip


class Tone(Modifier, frozen=True):
    """ "Answer in a friendly tone." """

    judged = True

    tone: ToneName
    """Which; ``other`` for one that has no name here."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        return for_a_judge(f"the tone is {'the one asked for' if self.tone == 'other' else self.tone}")

    examples: ClassVar = (
        Example("Write it in a friendly tone.", "Hello!", Verdict.ABSTAIN, arguments={"tone": "friendly"}),
        Example("Is it a funny film?", "Yes."),
        Example("", "Hello! A cup of tea?", Verdict.ABSTAIN, arguments={"tone": "friendly"}),
        Example("", "Der Tee ist heiß.", Verdict.ABSTAIN, "de", {"tone": "neutral"}),
        Example("", "お茶をどうぞ。", Verdict.ABSTAIN, "ja", {"tone": "polite"}),
    )
