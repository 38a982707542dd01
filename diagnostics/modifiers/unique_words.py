"""The reply has so many different words.

A word is what ``words`` counts, without digits, in any case; inflected forms are different words. Chinese, Japanese,
Thai, Lao, Khmer and Burmese write no blanks between words, so their number is left open.

IFEval has no such type; IFBench's count:unique_word_count is the same rule with "at least", over NLTK's tokens.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import unspaced, words

from .base import Example, Modifier, Outcome
from .phrase import spelled
from .relation import Relation, judge
from .reply import Reply, View

_UNCOUNTED = Outcome(Verdict.ABSTAIN, "words of a script without blanks are not told apart")


class UniqueWords(Modifier, frozen=True):
    """ "Use at least 100 different words." """

    num_words: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    relation: Relation = "at least"

    def judge(self, reply: Reply) -> Outcome:
        """Count the words. Too many fail at once, too few only at the end."""

        def count(view: View) -> int:
            text = spelled(reply.of(view))
            # While more may come, the last word may grow into one that was there before.
            return len(set(words(text if reply.complete else text[: text.rfind(" ") + 1])))

        floor = _UNCOUNTED if reply.complete and unspaced(reply.text) else None
        return judge(reply, count, self.relation, self.num_words, "different word/different words", floor)

    examples: ClassVar = (
        Example(
            "Use at least 3 different words.",
            "tea milk rum",
            Verdict.PASS,
            arguments={"num_words": 3, "relation": "at least"},
        ),
        Example("", "Tea, tea and TEA.", Verdict.PASS, arguments={"num_words": 2, "relation": "exactly"}, form="bare"),
        Example("", "Le thé, le lait.", Verdict.FAIL, "fr", {"num_words": 4}),
        Example("", "Чай, чая, чаю, 95.", Verdict.PASS, "ru", {"num_words": 3, "relation": "exactly"}),
        Example("", "L'eau, l’eau.", Verdict.PASS, "fr", {"num_words": 1, "relation": "exactly"}),
        Example("", "お茶は熱い。", Verdict.ABSTAIN, "ja", {"num_words": 3}),
    )
