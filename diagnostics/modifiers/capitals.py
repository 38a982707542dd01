"""The reply has so many words in capital letters.

A word in capitals has a capital and no small letter: "NASA", "COVID-19", "I". What a hyphen, an apostrophe or a full
stop joins is one word ("U.S.", "STATE-OF-THE-ART"), an elided article aside ("l'EAU"). In scripts without case the
demand means nothing, unless there are too many, or enough, all the same.

IFEval's change_case:capital_word_frequency (google-research: instruction_following_eval/instructions.py) counts NLTK's
tokens that are ``isupper()``: "DON'T" is two, the "L" of "L’eau" is one, and so is, here as there, a lone "I" or the
"A" at the head of a sentence. Without case it counts none, so that every reply in Bengali has "less than 5".
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import ELIDED

from .base import Example, Modifier, Outcome
from .relation import Relation, exceeds, holds, judge
from .reply import Reply, View
from .uppercase import caseless

_WORD = re.compile(r"[^\W_]++(?:[-‐'’.&][^\W_]++)*+")
_ELIDED = re.compile(ELIDED)
_CASELESS = Outcome(Verdict.NOT_APPLICABLE, "most letters have no case")


class Capitals(Modifier, frozen=True):
    """ "Use at least 5 words in all capital letters." """

    ifeval = "change_case:capital_word_frequency"

    capital_frequency: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    capital_relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """Count the words in capitals, the one being written aside. Too many fail at once, too few only at the end."""

        def count(view: View) -> int:
            return reply.sum(_count, view, whole_words=True)

        relation, wanted = self.capital_relation, self.capital_frequency
        if reply.complete and caseless(reply):
            number = count(reply.bare)
            settled = holds(number, relation, wanted) if relation == "at least" else exceeds(number, relation, wanted)
            if not settled:
                return _CASELESS
        return judge(reply, count, relation, wanted, "word in capitals/words in capitals")

    examples: ClassVar = (
        Example(
            "Use at least 2 words in all capital letters.",
            "TEA is very HOT.",
            Verdict.PASS,
            arguments={"capital_frequency": 2, "capital_relation": "at least"},
        ),
        Example("Name two capitals of Europe.", "Rome, Oslo."),
        Example("", "TEA is HOT.", Verdict.PASS, arguments={"capital_frequency": 2}, form="bare"),
        Example("", "The U.S. has COVID-19.", Verdict.PASS, arguments={"capital_frequency": 2}),
        Example("", "Tea Is Hot.", Verdict.FAIL, arguments={"capital_frequency": 1}),
        Example("", "Le THÉ. Le LAIT.", Verdict.FAIL, "fr", {"capital_frequency": 2, "capital_relation": "less than"}),
        Example("", "ЧАЙ горячий.", Verdict.PASS, "ru", {"capital_frequency": 1}),
        Example("", "お茶です。", Verdict.NOT_APPLICABLE, "ja", {"capital_frequency": 1}),
        Example(
            "", "NASA, 2024, 100 %", Verdict.PASS, arguments={"capital_frequency": 1, "capital_relation": "exactly"}
        ),
    )


def _count(text: str) -> int:
    # Most words are small but for their first letter, which is told ten times faster than by the patterns.
    text = " ".join([part for part in text.split() if not part[1:].islower() and part.lower() != part])
    if "'" in text or "’" in text:
        text = _ELIDED.sub(" ", text)
    return sum(map(str.isupper, _WORD.findall(text)))
