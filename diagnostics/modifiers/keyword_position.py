"""A keyword stands in the n-th sentence of the reply, where one was asked for as its m-th word.

Judged: sentences and words as ``sentences`` and ``words`` have them, the keyword in any case, as words of its own. In
scripts without blanks the words before it cannot be counted, so that its place in the sentence is left open.

IFEval has no such type; IFBench's words:keywords_specific_position is the same rule, over NLTK's sentences and tokens.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict
from diagnostics.text import count_words, sentences, unspaced

from .base import CUT_SHORT, Example, Modifier, Outcome
from .phrase import Phrase, places, spelled
from .reply import Reply

_Place = Annotated[int, msgspec.Meta(ge=1, le=10_000)]


class KeywordPosition(Modifier, frozen=True):
    """ "Use the word tea as the 3rd word of the 2nd sentence." """

    keyword: Phrase
    sentence: _Place
    """Which sentence, from 1."""
    word: _Place | None = None
    """Which word of it the keyword begins with, from 1; None where it may stand anywhere in it."""

    def judge(self, reply: Reply) -> Outcome:
        """Judged at the end. ``score`` is 0.5 where the keyword is in the sentence, at another place."""
        if not reply.complete:
            return CUT_SHORT
        outcomes = [(view, self._within(reply.of(view))) for view in reply.views]
        for view, outcome in outcomes:
            if outcome.verdict is Verdict.PASS:
                return Outcome(Verdict.PASS, outcome.explanation + view.note, view.form, 1.0)
        return outcomes[0][1]

    def _within(self, text: str) -> Outcome:
        found = sentences(text)
        if len(found) < self.sentence:
            return Outcome(Verdict.FAIL, f"{len(found)} sentences, sentence {self.sentence} asked for", score=0.0)
        sentence = spelled(found[self.sentence - 1])
        starts = [start for start, _ in places(sentence, spelled(self.keyword))]
        if not starts:
            return Outcome(Verdict.FAIL, f"the keyword is not in sentence {self.sentence}", score=0.0)
        said = f"the keyword is in sentence {self.sentence}"
        if self.word is None:
            return Outcome(Verdict.PASS, said, score=1.0)
        if unspaced(sentence):
            return Outcome(Verdict.ABSTAIN, f"{said}; words of a script without blanks are not counted")
        at = count_words(sentence[: starts[0]]) + 1
        if any(count_words(sentence[:start]) + 1 == self.word for start in starts[:100]):
            return Outcome(Verdict.PASS, f"{said}, as word {self.word}", score=1.0)
        return Outcome(Verdict.FAIL, f"{said}, as word {at} and not {self.word}", score=0.5)

    examples: ClassVar = (
        Example(
            "", "It is hot. Drink TEA now.", Verdict.PASS, "en", {"keyword": "tea", "sentence": 2, "word": 2}, "bare"
        ),
        Example("", "Tea. Drink now.", Verdict.FAIL, "en", {"keyword": "tea", "sentence": 2}),
        Example("", "Le thé vert. Fin.", Verdict.FAIL, "fr", {"keyword": "thé", "sentence": 1, "word": 3}),
        Example("", "Teapots. Teatime.", Verdict.FAIL, "en", {"keyword": "tea", "sentence": 1}),
        Example(
            "", "Вот:\n\nЧай горячий.", Verdict.PASS, "ru", {"keyword": "чай", "sentence": 1, "word": 1}, "unwrapped"
        ),
        Example("", "熱い。お茶です。", Verdict.PASS, "ja", {"keyword": "お茶", "sentence": 2}),
        Example("", "熱いお茶です。", Verdict.ABSTAIN, "ja", {"keyword": "お茶", "sentence": 1, "word": 2}),
    )
