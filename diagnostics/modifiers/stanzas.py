"""The reply is verse of so many stanzas, and of so many lines each.

A stanza is what blank lines part; a heading, a rule or a fence is none, and neither is a title, a single line before
the first blank line where stanzas of more lines follow. Rhyme, metre and syllables are not judged: a haiku is one
stanza of three lines here. IFEval has no such type.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import lines

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_Count = Annotated[int, msgspec.Meta(ge=1, le=1000)]
_NO_VERSE = re.compile(r"#{1,6}+[ \t]|[`~]{3,}+|[\W_]*+$")


class Stanzas(Modifier, frozen=True):
    """ "Write a poem of 3 stanzas with 4 lines each." """

    num_stanzas: _Count | None = None
    num_lines: _Count | None = None
    """Lines of each stanza."""

    def __post_init__(self) -> None:
        if self.num_stanzas is None and self.num_lines is None:
            raise ValueError("one of num_stanzas and num_lines is needed")

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is the share of the stanzas that are as asked for."""
        if not reply.complete:
            return CUT_SHORT
        outcomes = [(view, self._verse(_stanzas(reply.of(view)))) for view in reply.views]
        for view, (share, said) in outcomes:
            if share == 1:
                return Outcome(Verdict.PASS, said + view.note, view.form, 1.0)
        share, said = max((outcome for _, outcome in outcomes), key=lambda outcome: outcome[0])
        return Outcome(Verdict.FAIL, said, score=round(share, 3))

    def _verse(self, stanzas: list[int]) -> tuple[float, str]:
        """How much of it is as asked for, in [0, 1], and what it is."""
        if len(stanzas) > 1 and stanzas[0] == 1 and self.num_lines != 1:
            stanzas = stanzas[1:]
        wanted = self.num_stanzas or max(len(stanzas), 1)
        right = sum(self.num_lines in (None, count) for count in stanzas)
        said = f"{len(stanzas) or 'no'} stanza{'s' * (len(stanzas) != 1)}"
        said += f", {self.num_stanzas} asked for" if self.num_stanzas else ""
        if self.num_lines:
            said += f"; {right} of {self.num_lines} line{'s' * (self.num_lines != 1)}"
        return min(right, wanted) / max(wanted, len(stanzas)), said

    examples: ClassVar = (
        Example(
            "Write a poem with 2 stanzas about tea.",
            "Tea\nhot\n\nMilk\ncold",
            Verdict.PASS,
            arguments={"num_stanzas": 2},
        ),
        Example("", "Tea,\nhot.\n\nMilk,\ncold.", Verdict.PASS, "en", {"num_stanzas": 2, "num_lines": 2}, "bare"),
        Example("", "# Thé\n\nThé,\nchaud,\nbon.", Verdict.PASS, "fr", {"num_stanzas": 1, "num_lines": 3}, "bare"),
        Example("", "Чай\n\nЧай,\nгорячий.", Verdict.PASS, "ru", {"num_lines": 2}, "bare"),
        Example("", "Gern, hier:\nTee,\nheiß.", Verdict.PASS, "de", {"num_lines": 2}, "unwrapped"),
        Example("", "Tea,\nhot.\n\nMilk.", Verdict.FAIL, "en", {"num_lines": 2}),
        Example("", "古池や\n蛙飛びこむ\n水の音", Verdict.PASS, "ja", {"num_lines": 3}),
        Example("", "Tea", Verdict.FAIL, "en", {"num_stanzas": 2}),
    )


def _stanzas(text: str) -> list[int]:
    """How many lines each stanza has."""
    counts = [0]
    for line in lines(text):
        if not line.strip():
            counts.append(0)
        elif not _NO_VERSE.match(line.strip()):
            counts[-1] += 1
    return [count for count in counts if count]
