"""The reply has so many words.

A word is a run of letters and digits, with its apostrophes, decimal points and thousands separators ("don't", "3.5",
"1,000"); a hyphen parts two, as does the apostrophe of an elided article or pronoun ("l'eau", "qu'il"). Chinese,
Japanese, Thai, Lao, Khmer and Burmese write no blanks between words, so a run of them is only known to be one word or
more: enough is enough, too many are too many, the rest is left open.

IFEval's length_constraints:number_words (google-research: instruction_following_eval/instructions_util.py) counts
the matches of ``\\w+``: "don't" and "3.5" are two each, a line of Japanese is one word, and an Indic word
falls apart at its vowel signs. Its relations are "at least" and "less than", in M-IFEval's French "au moins" and
"moins de".
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import count_words, scripts

from .base import Example, Modifier, Outcome
from .relation import Relation, judge

_NO_BLANKS = frozenset({"Han", "Hiragana", "Katakana", "Bopomofo", "Thai", "Lao", "Khmer", "Myanmar"})
_NO_BLANKS_SHARE = 0.05
"""Fewer letters than this in scripts without blanks (a name, a quoted term) leave a count as good as it was."""
_UNCOUNTED = Outcome(Verdict.ABSTAIN, "words of a script without blanks are not counted")


class Words(Modifier, frozen=True):
    """ "Answer in at least 300 words." """

    ifeval = "length_constraints:number_words"
    concepts: ClassVar = ()

    num_words: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    relation: Relation = "exactly"

    def check(self, reply: str, complete: bool) -> Outcome:
        """Count the words. Too many fail at once, too few only at the end."""
        letters = scripts(reply)
        uncounted = sum(letters[script] for script in _NO_BLANKS)
        floor = _UNCOUNTED if uncounted > _NO_BLANKS_SHARE * letters.total() else None
        return judge(reply, complete, count_words, self.relation, self.num_words, "word/words", floor)

    examples: ClassVar = (
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
