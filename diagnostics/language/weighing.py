"""One text on trial against one language: the score made of word frequencies and character n-grams.

The score is one logistic: ``z = 0.16 + 1.70 * words + 0.62 * ngrams`` where both languages have a word list and
``z = 0.39 + 1.64 * ngrams`` elsewhere. ``words`` is the log10 likelihood ratio of the words (at most 3 a word, 0.3 for
what may be a name, 25 in all), ``ngrams`` the difference of log probabilities (at most 15). The weights were fitted on
NTREX and tested on FLORES, Tatoeba and 42,000 replies of ten models.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import msgspec

from .engines import Ngrams, Ranking, Tokens, WordLists, likelihood_ratio, tokens
from .profiles import HARD_PAIRS, NEEDS_NGRAMS, NEIGHBOURS, SCRIPTS

MATCH, MISMATCH = 2.2, -4.6
"""z above which a text is called right and below which it is called wrong; between them lies doubt."""

WORDS_MATCH, WORDS_MISMATCH, FEWEST_WORDS = 4.0, -7.0, 5
"""Likelihood ratios that settle it without n-grams; at -7, 0.02 to 0.1 % of right texts were called wrong."""

WORDS_AGREE = -1.0
"""Likelihood ratio that the words must reach where the n-grams call a text wrong."""

OPEN_MARGIN, OPEN_LETTERS = -3.0, 20.0
"""Log probability by which a language that nobody expected must lead, and letters needed, before it is reported."""

PARAGRAPH_WORDS = 50
"""Words needed to report a neighbour without a word list, or of a pair that even word lists confuse."""

MUCH = 20.0
"""z where there is no rival: as sure as it gets."""


class Outcome(msgspec.Struct, frozen=True):
    """``z`` is positive for the language on trial; ``winner`` is None where there is doubt, ``likeliest`` never."""

    z: float
    winner: str | None
    likeliest: str


class Passage:
    """A text under judgement, with what every trial of it needs; ``letters`` counts a CJK letter as 2.5."""

    def __init__(self, text: str, script: str, letters: float, ngrams: Ngrams) -> None:
        self.script = script
        self.letters = letters
        self._text = text
        self._ngrams = ngrams

    @cached_property
    def words(self) -> Tokens:
        """Its words."""
        return tokens(self._text)

    @cached_property
    def ranking(self) -> Ranking:
        """What the n-grams say; asked only when needed, for it is the expensive part."""
        return self._ngrams.rank(self._text, self.script)


class Trial:
    """Weighs a passage as ``language`` against rivals; all are folded languages written in its script."""

    def __init__(self, lists: WordLists, ngrams: Ngrams, passage: Passage, language: str) -> None:
        self._lists = lists
        self._ngrams = ngrams
        self._passage = passage
        self._language = language
        self._own = lists.of(language)
        self._neighbours = NEIGHBOURS.get(language, frozenset())
        self._ratios: dict[str, float | None] = {}

    @property
    def is_listed(self) -> bool:
        """Has the language on trial a word list?"""
        return self._own is not None

    def weigh(self, rivals: Iterable[str]) -> Outcome | None:
        """Who wins? None when no engine knows the language."""
        asked = [each for each in dict.fromkeys(rivals) if each != self._language and self._can_be(each)]
        settled = self._by_words(asked)
        if settled is not None or not self._ngrams.knows(self._language):
            return settled
        return self._by_both(asked)

    def score(self, rival: str) -> float:
        """z of the language on trial against one rival."""
        ratio = self._ratio(rival)
        margin = self._passage.ranking.margin(self._language, rival)
        return 0.39 + 1.64 * margin if ratio is None else 0.16 + 1.70 * ratio + 0.62 * margin

    def _can_be(self, language: str) -> bool:
        return self._passage.script in SCRIPTS.get(language, ("Latin",))

    def _ratio(self, rival: str) -> float | None:
        if rival not in self._ratios:
            theirs = self._lists.of(rival) if self._can_be(rival) else None
            if self._own is None or theirs is None:
                self._ratios[rival] = None
            else:
                self._ratios[rival] = likelihood_ratio(self._passage.words, self._own, theirs)
        return self._ratios[rival]

    def _by_words(self, asked: Sequence[str]) -> Outcome | None:
        """The cheap way: words that clearly favour one and are as frequent as its words usually are."""
        if (
            self._own is None
            or len(self._passage.words) < FEWEST_WORDS
            or any(self._ratio(each) is None for each in asked)
        ):
            return None
        ratios = [(ratio, each) for each in (*asked, *self._neighbours) if (ratio := self._ratio(each)) is not None]
        ratio, rival = min(ratios, default=(WORDS_MATCH, ""))
        z = 0.16 + 1.70 * ratio
        if ratio >= WORDS_MATCH and self._language not in NEEDS_NGRAMS and self._is_typical(self._language):
            return Outcome(z, self._language, self._language)
        if ratio <= WORDS_MISMATCH and rival not in self._neighbours and self._is_typical(rival):
            return Outcome(z, rival, rival)
        return None

    def _is_typical(self, language: str, allowance: float = 0.0) -> bool:
        words = self._lists.of(language)
        return words is not None and words.fit(self._passage.words) >= words.typical - allowance

    def _by_both(self, asked: Sequence[str]) -> Outcome:
        best = self._passage.ranking.best(besides=self._language)
        listed = [each for each in self._neighbours if self._ratio(each) is not None]
        scores = {rival: self.score(rival) for rival in dict.fromkeys((*asked, *listed, best))}
        worst = min(scores, key=scores.__getitem__)
        if scores[worst] < MISMATCH and self._may_report(worst, asked):
            return Outcome(scores[worst], worst, worst)
        others = min((z for rival, z in scores.items() if rival not in self._neighbours), default=MUCH)
        close = min((z for rival, z in scores.items() if rival in self._neighbours), default=MUCH)
        if others > MATCH and close > -MATCH:
            return Outcome(others, self._language, self._language)
        leads = self._passage.ranking.margin(self._language, best) >= 0
        return Outcome(min(others, close), None, self._language if leads else best)

    def _may_report(self, rival: str, asked: Sequence[str]) -> bool:
        """May the text be called ``rival``? Neighbours, and languages that nobody asked about, need more evidence."""
        if rival in self._neighbours:
            hard = self._ratio(rival) is None or HARD_PAIRS.get(rival) == self._language
            if hard and len(self._passage.words) < PARAGRAPH_WORDS:
                return False
        elif rival in asked:
            # N-grams take a list of names for English: the words must agree.
            ratio = self._ratio(rival)
            return ratio is None or ratio <= WORDS_AGREE
        if self._passage.letters < OPEN_LETTERS or self._passage.ranking.margin(self._language, rival) > OPEN_MARGIN:
            return False
        if self._lists.of(rival) is not None:
            return self._is_typical(rival, allowance=1.0)
        against = min((r for each in asked if (r := self._ratio(each)) is not None), default=0.0)
        return against < WORDS_MATCH and not self._is_typical(self._language, allowance=1.0)
