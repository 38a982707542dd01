"""The reply has a title between given marks, ``<<`` and ``>>`` unless others are named.

Judged: on one line, an opening mark, something with a letter or a digit in it, and the next closing mark, anywhere in
the reply. What else is on the line is not judged.

IFEval's detectable_format:title (google-research: instruction_following_eval/instructions.py) searches ``<<[^\\n]+>>``,
and wants something other than ``<`` and ``>`` in it; M-IFEval has ``##…##`` for French and 『…』 for Japanese. So
``<<***>>`` has a title; here it has none, on purpose. An expression in code (``a << b >> c``) is one in both.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, NamedTuple

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_Mark = Annotated[str, msgspec.Meta(min_length=1, max_length=8, pattern=r"^\S+$")]


class Title(Modifier, frozen=True):
    """ "Give it a title in double angular brackets." """

    ifeval = "detectable_format:title"

    opening: _Mark = "<<"
    """What stands before the title."""
    closing: _Mark = ">>"
    """What stands after it."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there is a title; fail only at the end. ``score`` is 0.5 where the marks hold nothing."""
        marks = _Marks(self.opening, self.closing)
        if reply.sum(marks.titles, reply.bare, whole_words=True):
            return Outcome(Verdict.PASS, "there is a title between the marks", "bare", 1.0)
        if not reply.complete:
            return CUT_SHORT
        if self.opening in reply.text and any(map(marks.between, lines(reply.text))):
            return Outcome(Verdict.FAIL, f"{self.opening} and {self.closing} hold neither letter nor digit", score=0.5)
        return Outcome(Verdict.FAIL, f"nothing stands between {self.opening} and {self.closing} on one line", score=0.0)

    examples: ClassVar = (
        Example("Give it a title in double angular brackets, such as <<title>>.", "<<Tea>>\nHot.", Verdict.PASS),
        Example("What is a good title for a book on tea?", "Leaves."),
        Example("", "<<Ode to tea>>\n\nHot!", Verdict.PASS, form="bare"),
        Example("", "**<< 7 >>**\n\nHot!", Verdict.PASS, form="bare"),
        Example("", "<Ode to tea>\n\nHot!", Verdict.FAIL),
        Example("", "<<Ode\nto tea>>", Verdict.FAIL),
        Example("", "<< >> <<***>>", Verdict.FAIL),
        Example("", ">>Ode to tea<<", Verdict.FAIL),
        Example("", "##Ode au thé##\nChaud !", Verdict.PASS, "fr", {"opening": "##", "closing": "##"}),
        Example("", "## Ode au thé\nChaud !", Verdict.FAIL, "fr", {"opening": "##", "closing": "##"}),
        Example("", "『お茶』\n熱い。", Verdict.PASS, "ja", {"opening": "『", "closing": "』"}),
    )


class _Marks(NamedTuple):
    """What a title stands between."""

    opening: str
    closing: str

    def titles(self, text: str) -> int:
        """How many titles there are in whole lines."""
        if self.opening not in text:
            return 0
        return sum(any(map(str.isalnum, inside)) for line in lines(text) for inside in self.between(line))

    def between(self, line: str) -> list[str]:
        """What stands between the marks on a line."""
        parts = line.split(self.opening)[1:]
        if self.opening == self.closing:
            return parts[:-1]
        return [part.partition(self.closing)[0] for part in parts if self.closing in part]
