"""One text on trial against one language: the score made of word frequencies and character n-grams.

The score is one logistic, ``z = bias + words * W + ngrams * N``. ``W`` is the log10 likelihood ratio of the words (at
most 3 a word, 0.3 for what may be a name, 25 in all); where the language on trial has no word list, it is how little
English the words are. ``N`` is the difference of the n-grams' log probabilities (at most 15). Weights and thresholds
are data, ``weights.json``, fitted by ``python -m bench.fit_language``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

import msgspec

from .ngrams import Ngrams, Ranking
from .profiles import HARD_PAIRS, HARD_WORDS, NEEDS_NGRAMS, NEIGHBOURS, SCRIPTS, SMALL
from .words import Wording, WordLists, tokens, total

MATCH = 2.2
"""z above which a text is called right: nine in ten."""

WORDS_MATCH, WORDS_MISMATCH, FEWEST_WORDS = 4.0, -7.0, 4
"""Likelihood ratios that settle it without n-grams; at -7, 0.02 to 0.1 % of right texts were called wrong."""

CLEAR_ALLOWANCE, LIKELY_ALLOWANCE = 0.5, 0.9
"""How much rarer than typical (log10) the words may be where the likelihood ratio is twice what is asked, and in a
reply that has been right so far: 5 and 2 % of the lines of right replies are rarer, and most text in neighbours."""

WORDS_AGREE = -1.0
"""Likelihood ratio that the words must reach where the n-grams call a text wrong."""

OPEN_MARGIN, OPEN_LETTERS = -3.0, 20.0
"""Log probability by which a language that nobody expected must lead, and letters needed, before it is reported."""

UNLISTED_MARGIN = -4.0
"""The same where no word lists can speak."""

SENTENCE_WORDS = 8
"""Words needed to report a neighbour there."""

MUCH = 20.0
"""z where there is no rival: as sure as it gets."""


class Weights(msgspec.Struct, frozen=True):
    """Of one logistic."""

    bias: float
    words: float
    ngrams: float

    def z(self, words: float, ngrams: float) -> float:
        """The score."""
        return self.bias + self.words * words + self.ngrams * ngrams


class Mismatch(msgspec.Struct, frozen=True):
    """z below which a text is called wrong, for a pair of words and for more; a single word never is."""

    pair: float
    longer: float


class Fit(msgspec.Struct, frozen=True):
    """``listed``: both languages have word lists; ``unlisted``: against English, without a list of its own; ``alone``:
    n-grams alone."""

    listed: Weights
    unlisted: Weights
    alone: Weights
    mismatch: Mismatch

    @classmethod
    def load(cls) -> Fit:
        """The fit that the library ships."""
        data = resources.files(__package__).joinpath("weights.json").read_bytes()
        return msgspec.json.decode(data, type=cls)


class Engines:
    """What a trial needs: word lists, n-grams, and the weights of the two."""

    def __init__(self) -> None:
        self.lists = WordLists()
        self.ngrams = Ngrams()
        self.fit = Fit.load()


class Outcome(msgspec.Struct, frozen=True):
    """``z`` is positive for the language on trial; ``winner`` is None where there is doubt, ``likeliest`` never."""

    z: float
    winner: str | None
    likeliest: str


class Passage:
    """A text under judgement, with what every question about it needs, worked out at most once.

    ``by_script`` counts its letters, one of a CJK script as 2.5; ``letters`` is their sum.
    """

    def __init__(self, text: str, by_script: Mapping[str, float], engines: Engines) -> None:
        self.text = text
        self.by_script = by_script
        self.letters = sum(by_script.values())
        self.script = max(by_script, key=by_script.__getitem__, default="")
        """The script of most of its letters, "" without any."""
        self._engines = engines
        # Not cached properties: those take a lock, which costs as much as looking up the words of a line.
        self._wording: Wording | None = None
        self._ranking: Ranking | None = None

    @property
    def wording(self) -> Wording:
        """Its words."""
        if self._wording is None:
            self._wording = Wording(tokens(self.text), self._engines.lists)
        return self._wording

    @property
    def ranking(self) -> Ranking:
        """What the n-grams say; asked only when needed, for it is the expensive part."""
        if self._ranking is None:
            self._ranking = self._engines.ngrams.rank(self.text)
        return self._ranking


class Trial:
    """Weighs a passage as ``language`` against rivals; all are folded languages written in ``script``."""

    def __init__(self, engines: Engines, passage: Passage, language: str, script: str) -> None:
        self._engines = engines
        self._script = script
        self._lists = engines.lists
        self._passage = passage
        self._language = language
        self._neighbours = NEIGHBOURS.get(language, frozenset())
        self._ratios: dict[str, float | None] = {}

    @property
    def is_listed(self) -> bool:
        """Has the language on trial a word list?"""
        return self._lists.of(self._language) is not None

    def weigh(self, rivals: Iterable[str]) -> Outcome | None:
        """Who wins? None when no engine knows the language."""
        asked = [each for each in dict.fromkeys(rivals) if each != self._language and self._can_be(each)]
        settled = self._by_words(asked)
        if settled is None and self._engines.ngrams.knows(self._language):
            settled = self._by_both(asked)
        if settled is not None and settled.winner not in (None, self._language) and self._are_names():
            return Outcome(settled.z, None, settled.likeliest)
        return settled

    def _are_names(self) -> bool:
        """Names, titles, or so few words that one of them may be the only one that is none."""
        found = self._passage.wording.tokens
        return (len(found) < FEWEST_WORDS and found.plain < 2) or (
            len(found) >= FEWEST_WORDS and self._passage.wording.is_title()
        )

    def is_as_before(self, rivals: Iterable[str]) -> bool:
        """The cheap question, for text whose language is settled: does it go on in it? Words alone answer, and where
        they do not say a clear yes the answer is no."""
        asked = [each for each in dict.fromkeys(rivals) if each != self._language and self._can_be(each)]
        ratios = [self.likelihood_ratio(each) for each in asked]
        if any(ratio is None or ratio < WORDS_MATCH for ratio in ratios) or len(self._passage.wording.tokens) < 2:
            return False
        if self.is_listed:
            return self._passage.wording.is_typical(self._language, LIKELY_ALLOWANCE)
        return not ([*self._lists.votes(self._passage.wording.tokens), ("", 0)][0][1] >= 4)

    def score(self, rival: str) -> float:
        """z of the language on trial against one rival."""
        fit = self._engines.fit
        ratio = self.likelihood_ratio(rival)
        weights = fit.alone if ratio is None else fit.listed if self.is_listed else fit.unlisted
        return weights.z(ratio or 0.0, self._margin(rival))

    def _margin(self, rival: str) -> float:
        return self._passage.ranking.margin(self._language, rival, self._script)

    def _can_be(self, language: str) -> bool:
        return self._script in SCRIPTS.get(language, ("Latin",))

    def likelihood_ratio(self, rival: str) -> float | None:
        """Likelihood ratio of the words; negative where they are the rival's."""
        if rival not in self._ratios:
            self._ratios[rival] = self._weigh_words(rival)
        return self._ratios[rival]

    def _weigh_words(self, rival: str) -> float | None:
        if not self._can_be(rival):
            return None
        wording = self._passage.wording
        if rival == "en" and not self.is_listed:
            return -total(wording.english)
        ratios = wording.ratios(self._language, rival)
        return None if ratios is None else total(ratios)

    def _by_words(self, asked: Sequence[str]) -> Outcome | None:
        """The cheap way: words that clearly favour one and are as frequent as its words usually are."""
        wording = self._passage.wording
        if len(wording.tokens) < FEWEST_WORDS or any(self.likelihood_ratio(each) is None for each in asked):
            return None
        near = self._neighbours if self.is_listed else ()
        ratios = [(ratio, each) for each in (*asked, *near) if (ratio := self.likelihood_ratio(each)) is not None]
        ratio, rival = min(ratios, default=(2 * WORDS_MATCH, ""))
        fit = self._engines.fit
        z = (fit.listed if self.is_listed else fit.unlisted).z(ratio, 0.0)
        allowance = CLEAR_ALLOWANCE if ratio >= 2 * WORDS_MATCH else 0.0
        if (
            ratio >= WORDS_MATCH
            and self._language not in NEEDS_NGRAMS
            and wording.is_typical(self._language, allowance)
        ):
            return Outcome(z, self._language, self._language)
        if ratio <= WORDS_MISMATCH and rival not in self._neighbours and wording.is_typical(rival):
            return Outcome(z, rival, rival)
        return None

    def _by_both(self, asked: Sequence[str]) -> Outcome:
        own = {self._language, *(each for each in SMALL.get(self._language, ()) if each not in asked)}
        best = self._passage.ranking.best(self._script, besides=own)
        listed = [each for each in self._neighbours if self.likelihood_ratio(each) is not None]
        scores = {rival: self.score(rival) for rival in dict.fromkeys((*asked, *listed, best))}
        worst = min(scores, key=scores.__getitem__)
        if scores[worst] < self._mismatch and self._may_report(worst, asked):
            return Outcome(scores[worst], worst, worst)
        others = min((z for rival, z in scores.items() if rival not in self._neighbours), default=MUCH)
        close = min((z for rival, z in scores.items() if rival in self._neighbours), default=MUCH)
        if others > MATCH and close > -MATCH:
            return Outcome(others, self._language, self._language)
        leads = self._margin(best) >= 0
        return Outcome(min(others, close), None, self._language if leads else best)

    @property
    def _mismatch(self) -> float:
        found = self._passage.wording.tokens
        threshold = self._engines.fit.mismatch
        if len(found) < 2:
            return -math.inf
        return threshold.pair if len(found) == 2 else threshold.longer

    def _may_report(self, rival: str, asked: Sequence[str]) -> bool:
        """May the text be called ``rival``? Neighbours, and languages that nobody asked about, need more evidence."""
        wording = self._passage.wording
        if rival in self._neighbours:
            if HARD_PAIRS.get(rival) == self._language and len(wording.tokens) < HARD_WORDS[rival]:
                return False
            ratio = self.likelihood_ratio(rival)
            if ratio is None:
                return len(wording.tokens) >= SENTENCE_WORDS and self._margin(rival) <= UNLISTED_MARGIN
            if ratio <= WORDS_MISMATCH and self._margin(rival) < 0:
                return wording.is_typical(rival, allowance=1.0)
        elif rival in asked:
            # N-grams take a list of names for English: the words must agree.
            ratio = self.likelihood_ratio(rival)
            return ratio is None or ratio <= WORDS_AGREE
        if self._passage.letters < OPEN_LETTERS or self._margin(rival) > OPEN_MARGIN:
            return False
        if self._lists.of(rival) is not None:
            return wording.is_typical(rival, allowance=1.0)
        if not self.is_listed and self._margin(rival) > UNLISTED_MARGIN:
            return False
        against = min((r for each in asked if (r := self.likelihood_ratio(each)) is not None), default=0.0)
        return against < WORDS_MATCH and not wording.is_typical(self._language, allowance=1.0)
