"""Character n-grams: py3langid, which knows 139 languages and "not a language".

It is the maintained successor of langid.py, which answers English for an empty string. The model loads when first
asked and is held by its owner.
"""

from __future__ import annotations

import math
import os
from collections.abc import Container, Sequence
from typing import TYPE_CHECKING

from .profiles import FOLDED, fold

if TYPE_CHECKING:
    from .naive_bayes import NaiveBayes

NO_LANGUAGE = "zxx"


class Ranking:
    """What the n-grams say of one text: labels and their probabilities, best first, read as folded languages.

    ``script`` is that in which the languages asked about are written: it decides what Serbian is folded into.
    """

    def __init__(self, ranked: Sequence[tuple[str, float]]) -> None:
        self._ranked = [pair for pair in ranked if pair[0] != NO_LANGUAGE]
        self._by_label = dict(self._ranked)

    def probability(self, language: str, script: str) -> float:
        """Probability of a language with all that is folded into it."""
        if language == "sr" and script == "Latin":
            return 0.0
        return sum([self._by_label.get(label, 0.0) for label in FOLDED.get(language, (language,))])

    def margin(self, language: str, rival: str, script: str) -> float:
        """Difference of the log probabilities, at most 15."""
        mine, theirs = (math.log(max(self.probability(each, script), 1e-12)) for each in (language, rival))
        return max(-15.0, min(15.0, mine - theirs))

    def best(self, script: str, *, besides: Container[str] = ()) -> str:
        """The likeliest language, other than ``besides``."""
        return next(each for label, _ in self._ranked if (each := fold(label, script)) not in besides)

    def top(self, count: int, script: str) -> list[str]:
        """The likeliest languages."""
        return list(dict.fromkeys(fold(label, script) for label, _ in self._ranked[: 2 * count]))[:count]

    def name(self, language: str) -> str:
        """The tag to report: of the languages that are judged as one, the likeliest."""
        if language != "hbs":
            return language
        return max(("hr", "bs", "sr"), key=lambda label: self._by_label.get(label, 0.0))


class Ngrams:
    """py3langid: 139 languages and "not a language", from bytes; about 60 µs a call at up to 200 characters."""

    LONGEST = 200

    def __init__(self) -> None:
        self._model: NaiveBayes | None = None
        self._labels: frozenset[str] = frozenset()

    def load(self) -> NaiveBayes:
        """Load the model now: 0.6 to 0.8 s and 60 MB, numpy included; 85 MB until it is loaded."""
        if self._model is None:
            # More threads make a call on so small a matrix nine times slower, not faster.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            from .naive_bayes import NaiveBayes

            self._model = NaiveBayes.load()
            self._labels = frozenset(map(fold, self._model.labels))
        return self._model

    def knows(self, language: str) -> bool:
        """Is this (folded) language one of the model's?"""
        self.load()
        return language in self._labels

    def classify(self, text: str, script: str) -> tuple[str, str, float]:
        """The likeliest language of the first 200 characters, folded and as its label, with the label's probability.

        Half the work of ``rank``.
        """
        label, probability = self.load().classify(text[: self.LONGEST])
        return (label if label == NO_LANGUAGE else fold(label, script)), label, probability

    def rank(self, text: str) -> Ranking:
        """Rank all languages by the first 200 characters."""
        return Ranking(self.load().rank(text[: self.LONGEST]))
