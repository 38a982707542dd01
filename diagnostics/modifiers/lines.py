"""The reply has so many lines; blank ones do not count.

A line is what a line end closes, however wide the screen: a long paragraph is one. IFEval has no such type.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply


class Lines(Modifier, frozen=True):
    """ "Write a poem of 4 lines." """

    num_lines: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    relation: Relation = "exactly"

    def judge(self, reply: Reply) -> Outcome:
        """Count the lines that are not blank. Too many fail at once, too few only at the end."""
        return judge(reply, lambda view: reply.sum(_count, view), self.relation, self.num_lines, "line/lines")

    examples: ClassVar = (
        Example(
            "Write exactly 3 lines about tea.",
            "Tea\nis\nhot",
            Verdict.PASS,
            arguments={"num_lines": 3, "relation": "exactly"},
        ),
        Example("Write 5 words per line.", "Tea"),
        Example("Which two metro lines cross here?", "A and B."),
        Example("", "Tea,\nhot.\n\n", Verdict.PASS, arguments={"num_lines": 2}, form="bare"),
        Example("", "Tea,\r\n \r\nhot.", Verdict.PASS, arguments={"num_lines": 2}, form="bare"),
        Example("", "Voici :\nLe thé\nest chaud.", Verdict.PASS, "fr", {"num_lines": 2}, "unwrapped"),
        Example("", "```\nTea\n```", Verdict.PASS, arguments={"num_lines": 1}, form="unwrapped"),
        Example("", "Чай горячий. Молоко холодное.", Verdict.FAIL, "ru", {"num_lines": 2}),
        Example("", "お茶\n牛乳\n水", Verdict.FAIL, "ja", {"num_lines": 3, "relation": "less than"}),
    )


def _count(text: str) -> int:
    return sum(1 for line in lines(text) if line.strip())
