"""The two engines behind the identifier: word frequencies (wordfreq) and character n-grams (py3langid).

Both load when first asked, so that importing costs nothing, and are held by their owner.
"""

from __future__ import annotations

import math
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

import msgspec

from ..text import words
from .profiles import FOLDED, fold

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

WORDS_PER_LANGUAGE = 10_000
"""Length of a word list: twice as long ones cost 27 MB more for 21 languages and catch no more sentences."""

UNKNOWN = -6.5
"""log10 frequency given to a word that is not in the list; the rarest listed words are at -5.3 to -6."""

_APOSTROPHE = re.compile("['’ʼ]")
_LIST_NAMES = {"no": "nb", "tl": "fil", "hbs": "sh"}
_LANGUAGES = {code: language for language, code in _LIST_NAMES.items()}
_SPELLINGS = (("ș", "ş"), ("ț", "ţ"), ("Ș", "Ş"), ("Ț", "Ţ"))  # Romanian: comma below, cedilla


class Tokens(msgspec.Struct, frozen=True):
    """Words in lower case: ``plain`` ones, and ``names``, which are capitalised and not the first."""

    plain: list[str]
    names: list[str]

    def __len__(self) -> int:
        return len(self.plain) + len(self.names)


def tokens(text: str) -> Tokens:
    """Words, cut at apostrophes."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    found = words(_spell(_APOSTROPHE.sub(" ", text)))
    if text.isupper():
        return Tokens([word.lower() for word in found], [])
    plain = [word for word in found if not word[0].isupper()]
    names = [word.lower() for word in found if word[0].isupper()]
    if names and found[0][0].isupper():
        plain.append(names.pop(0))
    return Tokens(plain, names)


def _spell(text: str) -> str:
    for spelling, usual in _SPELLINGS:
        text = text.replace(spelling, usual)
    return text


class WordList(msgspec.Struct, frozen=True):
    """log10 frequency by word, and the mean of it that text in the language typically reaches."""

    frequencies: dict[str, float]
    typical: float

    @classmethod
    def of(cls, frequencies: dict[str, float]) -> WordList:
        """Half a unit below what text drawn from the list itself would have, which most sentences reach."""
        listed = sum(10**frequency for frequency in frequencies.values())
        mean = sum(10**frequency * frequency for frequency in frequencies.values())
        return cls(frequencies, mean + max(0.0, 1.0 - listed) * UNKNOWN - 0.5)

    def fit(self, found: Tokens) -> float:
        """Mean log10 frequency of these words."""
        frequency = self.frequencies.get
        total = sum([frequency(word, UNKNOWN) for word in found.plain])
        return (total + sum([frequency(word, UNKNOWN) for word in found.names])) / max(1, len(found))


def likelihood_ratio(found: Tokens, own: WordList, theirs: WordList) -> float:
    """log10 of how much likelier the words are in one language than in the other."""
    total = _summed(found.plain, own, theirs, 3.0) + _summed(found.names, own, theirs, 0.3)
    return max(-25.0, min(25.0, total))


def _summed(found: Sequence[str], own: WordList, theirs: WordList, most: float) -> float:
    mine, other = own.frequencies.get, theirs.frequencies.get
    ratios = [mine(word, UNKNOWN) - other(word, UNKNOWN) for word in found]
    return sum([most if ratio > most else -most if ratio < -most else ratio for ratio in ratios])


class WordLists:
    """Word frequencies of the languages that wordfreq knows and that put spaces between words."""

    def __init__(self) -> None:
        self._lists: dict[str, WordList | None] = {}
        self._paths: dict[str, str] | None = None

    def preload(self, languages: Iterable[str]) -> None:
        """Load the lists of these (folded) languages now; about 20 ms and 1 MB each. Unknown ones are passed over."""
        for language in languages:
            self.of(language)

    def of(self, language: str) -> WordList | None:
        """The language's list, None when there is none."""
        if language not in self._lists:
            self._lists[language] = self._load(language)
        return self._lists[language]

    def all(self) -> Iterator[tuple[str, WordList]]:
        """Every list there is, by folded language."""
        for code in sorted(self._files()):
            language = _LANGUAGES.get(code, code)
            words = self.of(language)
            if words is not None:
                yield language, words

    def _files(self) -> dict[str, str]:
        import wordfreq

        if self._paths is None:
            self._paths = {
                code: str(path)
                for code, path in wordfreq.available_languages("small").items()
                if code not in ("zh", "ja", "ko")
            }
        return self._paths

    def _load(self, language: str) -> WordList | None:
        import wordfreq

        path = self._files().get(_LIST_NAMES.get(language, language))
        if path is None:
            return None
        frequencies: dict[str, float] = {}
        for centibels, level in enumerate(wordfreq.read_cBpack(path)):
            frequency = -centibels / 100
            for word in level:
                for part in _APOSTROPHE.split(word):  # "don't" counts for "don" and "t", as in tokens()
                    if part.isalpha() or not part.isascii():
                        frequencies.setdefault(_spell(part), frequency)
            if len(frequencies) >= WORDS_PER_LANGUAGE:
                break
        return WordList.of(frequencies)


class CommonWords:
    """The commonest words of every listed language, by word: in a sentence of some length they tell its language at a
    tenth of the cost of the n-grams. Loads all word lists when first asked, about half a second."""

    PER_LANGUAGE = 200

    def __init__(self, lists: WordLists) -> None:
        self._lists = lists
        self._languages: dict[str, tuple[str, ...]] = {}

    def load(self) -> None:
        """Load now."""
        languages: defaultdict[str, list[str]] = defaultdict(list)
        for language, listed in self._lists.all():
            for word in islice(listed.frequencies, self.PER_LANGUAGE):
                languages[word].append(language)
        self._languages = {word: tuple(each) for word, each in languages.items()}

    def votes(self, found: Sequence[str]) -> list[tuple[str, int]]:
        """Languages by how many of these words are among their commonest, most first; words in lower case."""
        if not self._languages:
            self.load()
        counts: dict[str, int] = {}
        for word in found:
            for language in self._languages.get(word, ()):
                counts[language] = counts.get(language, 0) + 1
        return sorted(counts.items(), key=itemgetter(1), reverse=True)


NO_LANGUAGE = "zxx"


class Ranking:
    """What the n-grams say of one text: labels and their probabilities, best first, read as folded languages."""

    def __init__(self, ranked: Sequence[tuple[str, float]], script: str) -> None:
        self._ranked = [pair for pair in ranked if pair[0] != NO_LANGUAGE]
        self._by_label = dict(self._ranked)
        self._script = script

    def probability(self, language: str) -> float:
        """Probability of a language with all that is folded into it."""
        labels = FOLDED.get(language, (language,))
        if language == "sr" and self._script == "Latin":
            return 0.0
        return sum([self._by_label.get(label, 0.0) for label in labels])

    def margin(self, language: str, rival: str) -> float:
        """Difference of the log probabilities, at most 15."""
        mine, theirs = (math.log(max(self.probability(each), 1e-12)) for each in (language, rival))
        return max(-15.0, min(15.0, mine - theirs))

    def best(self, *, besides: str = "") -> str:
        """The likeliest language, other than ``besides``."""
        return next(each for label, _ in self._ranked if (each := fold(label, self._script)) != besides)

    def top(self, count: int) -> list[str]:
        """The likeliest languages."""
        return list(dict.fromkeys(fold(label, self._script) for label, _ in self._ranked[: 2 * count]))[:count]

    def name(self, language: str) -> str:
        """The tag to report: of the languages that are judged as one, the likeliest."""
        if language != "hbs":
            return language
        return max(("hr", "bs", "sr"), key=lambda label: self._by_label.get(label, 0.0))


class Ngrams:
    """py3langid: 139 languages and "not a language", from bytes; about 60 µs a call at up to 200 characters."""

    LONGEST = 200

    def __init__(self) -> None:
        self._model: LanguageIdentifier | None = None
        self._labels: frozenset[str] = frozenset()

    def load(self) -> LanguageIdentifier:
        """Load the model now: 0.5 to 0.8 s and about 95 MB, numpy included."""
        if self._model is None:
            # More threads make a call on so small a matrix nine times slower, not faster.
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
            from py3langid.langid import MODEL_FILE, LanguageIdentifier

            self._model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
            self._labels = frozenset(fold(label) for label in self._model.labels)
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

    def rank(self, text: str, script: str) -> Ranking:
        """Rank all languages by the first 200 characters; ``script`` decides what Serbian is folded into."""
        return Ranking(self.load().rank(text[: self.LONGEST]), script)
