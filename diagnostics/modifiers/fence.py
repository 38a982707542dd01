"""The reply has no code fence.

A fence is a line that starts with three backticks or tildes or more (CommonMark, section 4.5), however far it is
indented, as in items of lists. Code in backticks within a line is none.

IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import code_blocks, settled


class Fence(Modifier, frozen=True):
    """ "Do not use code fences." """

    concepts: ClassVar = ()

    def check(self, reply: str, complete: bool) -> Outcome:
        """A fence fails at once."""
        count = len(code_blocks(settled(reply, complete)))
        if count:
            explanation = (
                "1 fenced code block, none allowed" if count == 1 else f"{count} fenced code blocks, none allowed"
            )
            return Outcome(Verdict.FAIL, explanation, score=0.0)
        return Outcome(Verdict.PASS, "no code fence", "bare", 1.0) if complete else CUT_SHORT

    examples: ClassVar = (
        Example("", '{"tea": true}', Verdict.PASS, form="bare"),
        Example("", "Appelle `f()`, ou ```f()```.", Verdict.PASS, "fr", form="bare"),
        Example("", "```oder``` ist drei Zeichen lang", Verdict.PASS, "de", form="bare"),
        Example("", "Чай ~~~ молоко", Verdict.PASS, "ru", form="bare"),
        Example("", "```json\n{}\n```", Verdict.FAIL),
        Example("", "手順：\n1. 実行\n   ~~~\n   f()\n   ~~~", Verdict.FAIL, "ja"),
    )
