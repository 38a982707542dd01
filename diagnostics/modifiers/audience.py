"""The reply is meant for a given audience: children, beginners, experts …

No rule can tell: the verdict is always ``abstain``, and a judge has to decide. IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .opinion import for_a_judge

AudienceName = Literal[
    "children", "teenagers", "students", "beginners", "laypeople", "professionals", "experts", "other"
]


class Audience(Modifier, frozen=True):
    """ "Explain it to a child." """

    judged = True

    audience: AudienceName
    """Which; ``other`` for one that has no name here ("for my boss")."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Leave it to a judge."""
        whom = "the audience asked for" if self.audience == "other" else self.audience
        return for_a_judge(f"it suits {whom}")

    examples: ClassVar = (
        Example("Explain tea for children.", "It is a hot drink.", Verdict.ABSTAIN, arguments={"audience": "children"}),
        Example("", "Tea is hot water with leaves.", Verdict.ABSTAIN, arguments={"audience": "children"}),
        Example("", "El té es una infusión.", Verdict.ABSTAIN, "es", {"audience": "experts"}),
        Example("", "차는 뜨겁습니다.", Verdict.ABSTAIN, "ko", {"audience": "other"}),
    )
