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

from .base import Example, Modifier, Outcome
from .phrase import Phrase, places, spelled
from .relation import Relation, judge
from .reply import Reply, View


class Keyword(Modifier, frozen=True):
    """ "Use the word tea at least 3 times." """

    ifeval = "keywords:frequency"

    keyword: Phrase
    """The word or phrase that is counted."""
    frequency: Annotated[int, msgspec.Meta(ge=0, le=10_000)]
    """How often."""
    relation: Relation = "at least"
    """How the count is held against ``frequency``."""

    def judge(self, reply: Reply) -> Outcome:
        """Too many fail at once, too few only at the end; "at least" passes as soon as it can."""
        keyword = spelled(self.keyword)

        def count(view: View) -> int:
            text = reply.spelled(view)
            # In a reply cut short, what stands at its end is not counted: it may be part of a longer word.
            end = len(text) + 1 if reply.complete else len(text)
            return sum(place[1] < end for place in places(text, keyword))

        return judge(reply, count, self.relation, self.frequency, "time/times")

    examples: ClassVar = (
        Example(
            "Use the word tea at least 2 times.",
            "Tea, more tea.",
            Verdict.PASS,
            arguments={"keyword": "tea", "frequency": 2, "relation": "at least"},
        ),
        Example("How many times did she say that word?", "Twice."),
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
