"""A keyword appears as often as asked for.

Judged: how often the keyword stands in the reply, in any case, as words of its own where the script has spaces,
anywhere where it has none, held against the number. A line that leads in, or what surrounds a code fence, is peeled
off where that makes the count right. Inflected forms are not guessed.

IFEval's keywords:frequency (google-research: instruction_following_eval/instructions.py) counts matches of the keyword
as a regular expression: "war" counts in "warm", "wars" and "toward", "C++" is an error. It knows "at least" and "less
than" only. Here a longer word is another word, on purpose.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .peel import peeled, unsettled
from .phrase import Phrase, places, spelled
from .relation import Relation, holds


class Keyword(Modifier, frozen=True):
    """ "Use the word tea at least 3 times." """

    ifeval = "keywords:frequency"
    concepts = ()

    keyword: Phrase
    """The word or phrase that is counted."""
    frequency: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    """How often."""
    relation: Relation = "at least"
    """How the count is held against ``frequency``."""

    def check(self, reply: str, complete: bool) -> Outcome:
        """Too many fail at once, too few only at the end; "at least" passes as soon as it can."""
        count = self._count(reply, complete)
        counts = [self._count(text, complete) for text in peeled(reply)]
        if not complete and not (self.relation == "at least" and holds(count, self.relation, self.frequency)):
            too_many = self.relation != "at least" and min([count, *counts]) > self._most
            if not too_many or unsettled(reply):
                return CUT_SHORT
        said = f"{count} times, {self.relation} {self.frequency} asked for"
        if holds(count, self.relation, self.frequency):
            return Outcome(Verdict.PASS, said, "bare", 1.0)
        if any(holds(each, self.relation, self.frequency) for each in counts):
            return Outcome(Verdict.PASS, f"{said}; as asked for without what wraps the reply", "unwrapped", 1.0)
        bound = self._most if self.relation == "less than" else self.frequency
        score = max(0.0, 1 - abs(count - bound) / max(bound, 1))
        return Outcome(Verdict.FAIL, said, score=round(score, 3))

    @property
    def _most(self) -> int:
        return self.frequency - 1 if self.relation == "less than" else self.frequency

    def _count(self, reply: str, complete: bool) -> int:
        """In a reply cut short, what stands at its end is not counted: it may be part of a longer word."""
        text = spelled(reply)
        end = len(text) + 1 if complete else len(text)
        return sum(place[1] < end for place in places(text, spelled(self.keyword)))

    examples: ClassVar = (
        Example("", "Tea, tea and TEA.", Verdict.PASS, arguments={"keyword": "tea", "frequency": 3}, form="bare"),
        Example("", "War and wars, towards warmth.", Verdict.FAIL, arguments={"keyword": "war", "frequency": 2}),
        Example("", "Toward warmth.", Verdict.PASS, "en", {"keyword": "war", "frequency": 1, "relation": "less than"}),
        Example("", "L'été, l’Été.", Verdict.PASS, "fr", {"keyword": "été", "frequency": 2, "relation": "exactly"}),
        Example("", "お茶とお茶。", Verdict.PASS, "ja", {"keyword": "お茶", "frequency": 2}),
        Example("", "Чай. Чаем. Чаю.", Verdict.FAIL, "ru", {"keyword": "чай", "frequency": 2}),
        Example(
            "",
            "On tea:\n\nIt is hot.",
            Verdict.PASS,
            arguments={"keyword": "tea", "frequency": 0, "relation": "at most"},
            form="unwrapped",
        ),
    )
