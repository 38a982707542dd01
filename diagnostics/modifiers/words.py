"""The reply has so many words.

A word is a run of letters and digits, with its apostrophes, decimal points and thousands separators ("don't", "3.5",
"1,000"); a hyphen parts two, as does the apostrophe of an elided article or pronoun ("l'eau", "qu'il"). Chinese,
Japanese, Thai, Lao, Khmer and Burmese write no blanks between words: a segmenter tells them apart, where one is
installed (``dragoman[segmentation]``), and the explanation names it. Without one, a run of them is only known to be one
word or more: enough is enough, too many are too many, the rest is left open.

IFEval's length_constraints:number_words (google-research: instruction_following_eval/instructions_util.py) counts
the matches of ``\\w+``: "don't" and "3.5" are two each, a line of Japanese is one word, and an Indic word
falls apart at its vowel signs. Its relations are "at least" and "less than", in M-IFEval's French "au moins" and
"moins de".
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import SegmentedWords, count_words, scripts, unspaced

from .base import Example, Modifier, Outcome
from .relation import Relation, judge
from .reply import Reply, View

_UNSPACED_SHARE = 0.05
"""Fewer letters than this in scripts without blanks (a name, a quoted term) leave a count as good as it was."""
_UNCOUNTED = Outcome(Verdict.ABSTAIN, "words of a script without blanks are not counted: no segmenter is installed")


class Words(Modifier, frozen=True):
    """ "Answer in at least 300 words." """

    ifeval = "length_constraints:number_words"

    num_words: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    relation: Relation = "exactly"

    def judge(self, reply: Reply) -> Outcome:
        """Count the words. Too many fail at once, too few only at the end."""
        if reply.segmenter is not None and unspaced(reply.text):
            segmented = SegmentedWords(reply.segmenter)

            def count(view: View) -> int:
                # On the line that is being written, a segmenter may take the half of a word for two.
                known = reply.sum(segmented, view, whole_lines=True)
                return known if reply.complete else max(known, reply.sum(count_words, view))

            name = reply.segmenter.name
            unit = f"word, told apart by {name}/words, told apart by {name}"
            return judge(reply, count, self.relation, self.num_words, unit)
        floor = _UNCOUNTED if reply.complete and _mostly_unspaced(reply.text) else None
        return judge(
            reply, lambda view: reply.sum(count_words, view), self.relation, self.num_words, "word/words", floor
        )

    examples: ClassVar = (
        Example(
            "Write at least 4 words about tea.",
            "Tea is hot and old.",
            Verdict.PASS,
            arguments={"num_words": 4, "relation": "at least"},
        ),
        Example(
            "Schreibe höchstens drei Wörter über Tee.",
            "Tee ist heiß und alt.",
            Verdict.FAIL,
            "de",
            {"num_words": 3, "relation": "at most"},
        ),
        Example("What does the word tea mean?", "A drink."),
        Example("Say it in other words.", "Fine."),
        Example("", "I don't think so.", Verdict.PASS, arguments={"num_words": 4}, form="bare"),
        Example("", "It costs 1,000.50 dollars.", Verdict.PASS, arguments={"num_words": 4, "relation": "at most"}),
        Example(
            "",
            "Here is the motto:\n\nTea first.",
            Verdict.PASS,
            arguments={"num_words": 2, "relation": "at most"},
            form="unwrapped",
        ),
        Example("", "Le thé est chaud.", Verdict.FAIL, "fr", {"num_words": 5, "relation": "at least"}),
        Example("", "चाय गर्म है।", Verdict.PASS, "hi", {"num_words": 3}),
        Example("", "Чай горячий.", Verdict.FAIL, "ru", {"num_words": 2, "relation": "less than"}),
        Example("", "お茶は熱いです。", Verdict.ABSTAIN, "ja", {"num_words": 4}),
        Example("", "--- *** ---", Verdict.FAIL, arguments={"num_words": 1, "relation": "at least"}),
    )


def _mostly_unspaced(text: str) -> bool:
    letters = sum(map(len, unspaced(text)))
    # There are no more letters than characters.
    return letters > _UNSPACED_SHARE * len(text) or (letters > 0 and letters > _UNSPACED_SHARE * scripts(text).total())
