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

from .base import CUT_SHORT, Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply

_LINE = r"(?:(?!\*{3})[^\n])*+"
_DIVIDER = re.compile(rf"(?<!\S)\*{{3}}[.:;]?+(?!\S)|(?<!.) *+\*{{3}}(?!\*)(?={_LINE}\Z)")
"""On one line."""
_BLANK_LINES = re.compile(r"\n[ \t\r\u3000]*+\n\s*+")
_NO_PARAGRAPH = re.compile(r"#{1,6}[ \t][^\n]*+$|[`~]{3,}+[^\n]*+$|[\W_]*+$")
_EMPTY = Outcome(Verdict.FAIL, "two *** dividers with nothing between them", score=0.0)


class Paragraphs(Modifier, frozen=True):
    """ "Answer in 3 paragraphs, separated by ***." """

    ifeval = "length_constraints:number_paragraphs"

    num_paragraphs: Annotated[int, msgspec.Meta(ge=1, le=10_000)]
    relation: Relation = "exactly"
    separator: Literal["***", "blank"] = "***"

    def judge(self, reply: Reply) -> Outcome:
        """Count the paragraphs. Too many fail at once, as does an empty one; too few only at the end."""
        if not reply.doubled:
            return CUT_SHORT
        texts = {view: reply.text[view.start : min(view.end, self._sure(reply))] for view in reply.views}
        if self.separator == "***" and not reply.unsettled and all(map(_hollow, texts.values())):
            return _EMPTY
        count = _blocks if self.separator == "blank" else _parts
        return judge(
            reply,
            lambda view: count(texts[view]),
            self.relation,
            self.num_paragraphs,
            "paragraph/paragraphs",
        )

    def _sure(self, reply: Reply) -> int:
        """Up to where it is sure: on the line being written more asterisks may follow, and then divide nothing."""
        star = reply.text.find("*", reply.text.rfind("\n") + 1)
        return star if self.separator == "***" and star >= 0 and not reply.complete else len(reply.text)

    examples: ClassVar = (
        Example(
            "Write 2 paragraphs on tea, separated by ***.",
            "Hot.\n***\nOld.",
            Verdict.PASS,
            arguments={"num_paragraphs": 2, "separator": "***"},
        ),
        Example(
            "Schreibe genau zwei Absätze über Tee.",
            "Tee ist heiß.",
            Verdict.FAIL,
            "de",
            {"num_paragraphs": 2, "separator": "blank"},
        ),
        Example("What do the first two paragraphs of the contract say?", "Little."),
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
    if "***" not in text:
        return [text]
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        # Few lines have asterisks, and the pattern takes its time on the others, too.
        first, *others = _DIVIDER.split(line) if "***" in line else [line]
        parts[-1].append(first)
        parts += [[other] for other in others]
    return ["\n".join(part) for part in parts]


def _blocks(text: str) -> int:
    return sum(1 for block in _BLANK_LINES.split(text) if block and not _NO_PARAGRAPH.match(block.strip()))
