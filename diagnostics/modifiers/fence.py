"""The reply has no code fence.

A fence is a line that starts with three backticks or tildes or more (CommonMark, section 4.5), however far it is
indented, as in items of lists. Code in backticks within a line is none.

IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply


class Fence(Modifier, frozen=True):
    """ "Do not use code fences." """

    def judge(self, reply: Reply) -> Outcome:
        """A fence fails at once."""
        count = len(reply.blocks)
        if count:
            line = reply.text.count("\n", 0, reply.blocks[0].outer[0]) + 1
            blocks = "1 fenced code block" if count == 1 else f"{count} fenced code blocks"
            return Outcome(Verdict.FAIL, f"{blocks}, none allowed; the first on line {line}", score=0.0)
        return Outcome(Verdict.PASS, "no code fence", "bare", 1.0) if reply.complete else CUT_SHORT

    examples: ClassVar = (
        Example("Do not use backticks.", "Tea", Verdict.PASS),
        Example("Where is the backtick on the keyboard?", "Top left."),
        Example("", '{"tea": true}', Verdict.PASS, form="bare"),
        Example("", "Appelle `f()`, ou ```f()```.", Verdict.PASS, "fr", form="bare"),
        Example("", "```oder``` ist drei Zeichen lang", Verdict.PASS, "de", form="bare"),
        Example("", "Чай ~~~ молоко", Verdict.PASS, "ru", form="bare"),
        Example("", "```json\n{}\n```", Verdict.FAIL),
        Example("", "手順：\n1. 実行\n   ~~~\n   f()\n   ~~~", Verdict.FAIL, "ja"),
    )
