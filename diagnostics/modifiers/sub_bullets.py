"""Every top-level bullet point of the reply has points of its own below it.

Judged: the lines that begin as items of a list do. Those with the indentation and the kind of mark of the first one
are the top level; those further in, or with another mark, belong to the one above. IFEval has no such type; IFBench's
format:sub-bullets wants ``*`` for the points and ``-`` for those below.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_POINT = re.compile(
    r"([ \t\u3000]{0,40}+)([-*+](?=[ \t])(?!(?:[ \t]*+[-*_])++[ \t]*+$)|[•・‣◦▪●]|\d{1,3}+[.)](?=[ \t]))[ \t\u3000]*+\S"
)
_TAB = 4


class SubBullets(Modifier, frozen=True):
    """ "Give each bullet point at least 2 sub-bullets." """

    num_sub_bullets: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    """At least so many below each."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the points that have enough below them."""
        if not reply.complete:
            return CUT_SHORT
        below = _below(reply.prose)
        enough = sum(count >= self.num_sub_bullets for count in below)
        if not below:
            return Outcome(Verdict.FAIL, "no bullet points", score=0.0)
        wanted = "1 sub-bullet" if self.num_sub_bullets == 1 else f"{self.num_sub_bullets} sub-bullets"
        said = f"{enough} of {len(below)} bullet points have at least {wanted}"
        if enough == len(below):
            return Outcome(Verdict.PASS, said, "bare", 1.0)
        return Outcome(Verdict.FAIL, said, score=round(enough / len(below), 3))

    examples: ClassVar = (
        Example("Add 2 sub-bullets.", "- tea\n  - hot\n  - old", Verdict.PASS, arguments={"num_sub_bullets": 2}),
        Example("", "- Tea\n  - hot\n- Milk\n  - cold", Verdict.PASS, form="bare"),
        Example("", "* Thé\n- chaud\n* Lait\n- froid", Verdict.PASS, "fr", form="bare"),
        Example("", "1. Чай\n   - горячий\n2. Сок", Verdict.FAIL, "ru"),
        Example("", "・お茶\n・牛乳", Verdict.FAIL, "ja"),
        Example("", "- Tee\n\t- heiß", Verdict.FAIL, "de", {"num_sub_bullets": 2}),
        Example("", "Tea", Verdict.FAIL),
    )


def _below(text: str) -> list[int]:
    """How many points are below each at the top level."""
    top: tuple[int, str] | None = None
    below: list[int] = []
    for line in lines(text):
        match = _POINT.match(line)
        if match is None:
            continue
        mark = "1" if match[2][0].isdigit() else match[2]
        place = len(match[1].replace("\t", " " * _TAB)), mark
        top = top or place
        if place == top or place[0] < top[0]:
            below.append(0)
        else:
            below[-1] += 1
    return below
