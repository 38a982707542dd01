"""The reply has so many paragraphs, parted by ``***`` or by blank lines.

Three asterisks are a divider when they stand alone ("***", "***."), or when no others are on the line that they begin
("***Part 1"). Nothing between two dividers is a fault; nothing before the first or after the last is none. Where
blank lines part paragraphs, a heading, a rule or a fence alone is no paragraph; each block of a list that has blank
lines is one.

IFEval's length_constraints:number_paragraphs (google-research: instruction_following_eval/instructions.py) splits at
``\\s?\\*\\*\\*\\s?`` and asks for an exact number, so that ``***bold italics***`` and a rule of six asterisks part
paragraphs too. It has no paragraphs between blank lines, which most people mean.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

import msgspec

from diagnostics.core import Verdict

from .base import Example, Modifier, Outcome
from .relation import Relation, judge, may_be_led_in, unwrapped

_LINE = r"(?:(?!\*{3})[^\n])*+"
_DIVIDER = re.compile(rf"(?<!\S)\*{{3}}[.:;]?+(?!\S)|(?<![^\n]) *+\*{{3}}(?!\*)(?={_LINE}(?:\n|\Z))")
_BLANK_LINES = re.compile(r"\n[ \t\r\u3000]*+\n\s*+")
_NO_PARAGRAPH = re.compile(r"#{1,6}[ \t][^\n]*+$|[`~]{3,}+[^\n]*+$|[\W_]*+$")
_UNSETTLED = re.compile(r"(?<!\*)\*++[^\n]*+\Z")
"""Asterisks on the last line: more of them may follow, and then they divide nothing."""
_EMPTY = Outcome(Verdict.FAIL, "two *** dividers with nothing between them", score=0.0)


class Paragraphs(Modifier, frozen=True):
    """ "Answer in 3 paragraphs, separated by ***." """

    ifeval = "length_constraints:number_paragraphs"
    concepts: ClassVar = ()

    num_paragraphs: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    relation: Relation = "exactly"
    separator: Literal["***", "blank"] = "***"

    def check(self, reply: str, complete: bool) -> Outcome:
        """Count the paragraphs. Too many fail at once, as does an empty one; too few only at the end."""
        if not complete:
            reply = _UNSETTLED.sub("", reply)
        count = _blocks if self.separator == "blank" else _parts
        settled = complete or not may_be_led_in(reply)
        if self.separator == "***" and settled and all(map(_hollow, unwrapped(reply, complete))):
            return _EMPTY
        return judge(reply, complete, count, self.relation, self.num_paragraphs, "paragraph/paragraphs")

    examples: ClassVar = (
        Example("", "Tea.\n***\nMilk.", Verdict.PASS, arguments={"num_paragraphs": 2}, form="bare"),
        Example("", "***\nTea.\n\nHot.\n***\nMilk.\n***", Verdict.PASS, arguments={"num_paragraphs": 2}),
        Example("", "***Thé*** et ***lait***.", Verdict.PASS, "fr", {"num_paragraphs": 1}),
        Example("", "Té.\n\nLeche.", Verdict.FAIL, "es", {"num_paragraphs": 2}),
        Example(
            "", "# Чай\n\nГорячий.\n\n---\n\nХолодный.", Verdict.PASS, "ru", {"num_paragraphs": 2, "separator": "blank"}
        ),
        Example("", "お茶。\n牛乳。", Verdict.FAIL, "ja", {"num_paragraphs": 2, "separator": "blank"}),
        Example("", "Tea.\n***\n***\nMilk.", Verdict.FAIL, arguments={"num_paragraphs": 2}),
    )


def _parts(text: str) -> int:
    return sum(1 for part in _split(text) if part.strip())


def _hollow(text: str) -> bool:
    """Whether two dividers have nothing between them."""
    return any(not part.strip() for part in _split(text)[1:-1])


def _split(text: str) -> list[str]:
    return _DIVIDER.split(text) if "***" in text else [text]


def _blocks(text: str) -> int:
    return sum(1 for block in _BLANK_LINES.split(text) if block and not _NO_PARAGRAPH.match(block.strip()))
