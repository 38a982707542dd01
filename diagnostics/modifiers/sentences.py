"""The reply has so many sentences.

A sentence ends at a mark of its script (``. ! ? … 。 ！ ？ । ۔ ؟ ։ ። ။ ។``), as ``text.sentences`` has it: not at an
abbreviation, a decimal point or the number of a list item, and not at a line break, so that a heading or a list
without marks belongs to the sentence after it. Thai and Lao end their sentences with a blank, which says nothing:
they are left open.

IFEval's length_constraints:number_sentences (google-research: instruction_following_eval/instructions_util.py) asks
NLTK's Punkt for English whatever the language: "1." at the head of a list item is a sentence of its own, and 。 । ؟
end none. M-IFEval uses Punkt for French and its own list of abbreviations, spaCy for Spanish, a rule for Japanese.
Official segmenters disagree with one another by a sentence or two: a miss by that much scores close to 1.
"""

from __future__ import annotations

import re
from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import count_sentences, scripts

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply

_THAI_OR_LAO = re.compile("[\u0e00-\u0eff]")
_UNMARKED = 0.2
"""A reply with more of its letters than this in Thai or Lao is left open."""
_UNCOUNTED = Outcome(Verdict.ABSTAIN, "sentences of a script that does not mark their end are not counted")


class Sentences(Modifier, frozen=True):
    """ "Answer in fewer than 5 sentences." """

    ifeval = "length_constraints:number_sentences"

    num_sentences: Annotated[int, msgspec.Meta(ge=1, le=100_000)]
    relation: Relation = "exactly"

    def judge(self, reply: Reply) -> Outcome:
        """Count the sentences. Too many fail at once, too few only at the end."""
        floor = None
        if reply.complete and _THAI_OR_LAO.search(reply.text):
            letters = scripts(reply.text)
            floor = _UNCOUNTED if letters["Thai"] + letters["Lao"] > _UNMARKED * letters.total() else None
        return judge(
            reply,
            lambda view: reply.sum(count_sentences, view).total,
            self.relation,
            self.num_sentences,
            "sentence/sentences",
            floor,
        )

    examples: ClassVar = (
        Example(
            "Explain tea in exactly 2 sentences.",
            "Tea is hot. It is old.",
            Verdict.PASS,
            arguments={"num_sentences": 2, "relation": "exactly"},
        ),
        Example(
            "Объясни, что такое чай, не более чем в двух предложениях.",
            "Это напиток. Он горячий. Он старый.",
            Verdict.FAIL,
            "ru",
            {"num_sentences": 2, "relation": "at most"},
        ),
        Example("How many sentences are there in this book?", "Many."),
        Example("Write one sentence per line.", "Tea.\nMilk."),
        Example("", "Dr. Hall drank 3.5 cups. Why?", Verdict.PASS, arguments={"num_sentences": 2}, form="bare"),
        Example("", "1. Boil water.\n2. Add tea.", Verdict.PASS, arguments={"num_sentences": 2}),
        Example("", "“Is it hot?” she asked.", Verdict.FAIL, arguments={"num_sentences": 3, "relation": "at least"}),
        Example("", "お茶です。熱いです。「本当？」", Verdict.PASS, "ja", {"num_sentences": 3}),
        Example("", "चाय गर्म है। दूध ठंडा है।", Verdict.FAIL, "hi", {"num_sentences": 2, "relation": "less than"}),
        Example("", "В 1990 г. Анна пила чай, т.е. воду.", Verdict.PASS, "ru", {"num_sentences": 1}),
        Example("", "ชาร้อน นมเย็น", Verdict.ABSTAIN, "th", {"num_sentences": 2}),
    )
