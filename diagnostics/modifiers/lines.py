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


class Lines(Modifier, frozen=True):
    """ "Write a poem of 4 lines." """

    concepts: ClassVar = ()

    num_lines: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    relation: Relation = "exactly"

    def check(self, reply: str, complete: bool) -> Outcome:
        """Count the lines that are not blank. Too many fail at once, too few only at the end."""
        return judge(reply, complete, _count, self.relation, self.num_lines, "line/lines")

    examples: ClassVar = (
        Example("", "Tea,\nhot.\n\n", Verdict.PASS, arguments={"num_lines": 2}, form="bare"),
        Example("", "Tea,\r\n \r\nhot.", Verdict.PASS, arguments={"num_lines": 2}, form="bare"),
        Example("", "Voici :\nLe thé\nest chaud.", Verdict.PASS, "fr", {"num_lines": 2}, "unwrapped"),
        Example("", "```\nTea\n```", Verdict.PASS, arguments={"num_lines": 1}, form="unwrapped"),
        Example("", "Чай горячий. Молоко холодное.", Verdict.FAIL, "ru", {"num_lines": 2}),
        Example("", "お茶\n牛乳\n水", Verdict.FAIL, "ja", {"num_lines": 3, "relation": "less than"}),
    )


def _count(text: str) -> int:
    return sum(1 for line in lines(text) if line.strip())
