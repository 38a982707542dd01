"""Is this text in the language that was wanted? And, where nothing was wanted: which language is it?

Verification, not identification: ``verify`` weighs the expected language against its rivals, which is far surer on
short text than asking for the best of a hundred. Three engines, the cheap ones first: the script of the letters,
word frequencies, character n-grams. The last is asked only where the first two leave doubt.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping

import msgspec

from ..core import Verdict
from ..text import scripts
from .engines import NO_LANGUAGE, CommonWords, Ngrams, WordLists, tokens
from .profiles import (
    CJK,
    HARD_PAIRS,
    NEIGHBOURS,
    ONE_LANGUAGE,
    SCRIPT_SUBTAGS,
    SCRIPTS,
    UNLISTED_DOUBLES,
    UNTOLD_SCRIPTS,
    fold,
)
from .tags import script_of_tag
from .weighing import FEWEST_WORDS, MATCH, OPEN_LETTERS, Passage, Trial

CLAIM_LETTERS = 4.0
"""Letters needed to say anything; one of a CJK script counts 2.5."""

UNTOLD_LETTERS = 60.0
"""Letters of the wrong script, in no language that can be told but not mostly names, that are called wrong."""

HAN_ALONE, HAN_FOR_JAPANESE = 10.0, 50.0
"""Letters of Han without kana (4 and 20 characters) that are Chinese: when asked openly, and in a Japanese reply, where
a date or a heading may well have no kana."""

NATIVE, FOREIGN = 0.4, 0.15
"""Shares of letters in the expected language's scripts: from the first it is judged by its words, below the second it
is in another script; between them lies doubt."""

MATCH_UNLISTED = 3.3
"""z from which a language without a word list may be named, where the n-grams had to decide alone."""

FEW_LETTERS = 8.0
"""Letters from which a language of a shared script may be named."""

COMMON_WORDS = 4
"""How many of a text's words must be among a language's commonest, and twice as many as among another's."""

LIKELY = 0.9
"""Probability from which the n-grams alone may name a language: right 99.98 % of the time from three words on."""

_WRITTEN_CJK = ("zh", "ja", "ko")


class Evidence(msgspec.Struct, frozen=True):
    """How a text stands to an expected language.

    ``margin`` is z: positive for the expected language. ``confidence`` is the probability of the verdict, 0 when it
    is abstain. ``detected`` is the tag of the language that the text seems to be in, None when that is open.
    ``letters`` counts a letter of a CJK script as 2.5.
    """

    verdict: Verdict
    letters: float
    detected: str | None = None
    margin: float = 0.0
    confidence: float = 0.0


def count_letters(text: str) -> dict[str, float]:
    """Letters by script; one of a CJK script counts 2.5, for it says about as much as that many of an alphabet."""
    return {name: count * 2.5 if name in CJK else float(count) for name, count in scripts(text).items()}


class Identifier:
    """The engines, loaded when first needed (or by ``preload``), and the one score made of them."""

    def __init__(self) -> None:
        self._lists = WordLists()
        self._ngrams = Ngrams()
        self._common = CommonWords(self._lists)

    def preload(self, languages: Iterable[str] = ("en",)) -> None:
        """Load the n-gram model, and the word lists for these tags and their neighbours, so that no request waits."""
        self._ngrams.load()
        self._common.load()
        for tag in languages:
            language = fold(tag)
            self._lists.preload((language, *NEIGHBOURS.get(language, ())))

    def knows(self, tag: str) -> bool:
        """Can any engine tell this language, in the script that the tag may name?"""
        language = fold(tag)
        named = SCRIPT_SUBTAGS.get(script_of_tag(tag) or "")
        if named is not None and set(named).isdisjoint(SCRIPTS.get(language, ("Latin",))):
            return False
        return language in SCRIPTS or self._lists.of(language) is not None or self._ngrams.knows(language)

    def verify(
        self,
        text: str,
        expected: str,
        rivals: Collection[str] = (),
        letters: Mapping[str, float] | None = None,
    ) -> Evidence:
        """Weigh prose as text in ``expected`` against ``rivals``.

        Args:
            text: what to judge, already masked; a few words to a paragraph.
            expected: BCP 47 tag.
            rivals: tags of what it would most likely be in instead, English above all; other scripts are ignored.
            letters: what ``count_letters`` said of the text, where that is known.
        """
        letters = count_letters(text) if letters is None else letters
        total = sum(letters.values())
        if total < CLAIM_LETTERS:
            return Evidence(Verdict.ABSTAIN, total)
        script = max(letters, key=letters.__getitem__)
        language = fold(expected, script)
        if not self.knows(expected):
            return Evidence(Verdict.ABSTAIN, total, self._tag(text, letters))
        if script in UNTOLD_SCRIPTS.get(language, ()):
            return self._untold(text, rivals, letters)
        native = CJK if language in _WRITTEN_CJK else _native_scripts(expected)
        share = sum([letters.get(each, 0.0) for each in native]) / total
        if share < FOREIGN:
            return self._foreign(text, expected, letters)
        if share < NATIVE:
            return Evidence(Verdict.ABSTAIN, total)
        if native is CJK:
            return _verify_cjk(expected, language, letters)
        script = max(native, key=lambda each: letters.get(each, 0.0))
        if script in ONE_LANGUAGE:
            right = ONE_LANGUAGE[script] == language
            return _settled(Verdict.PASS, expected, letters[script]) if right else Evidence(Verdict.ABSTAIN, total)
        return self._weigh(text, expected, rivals, script, total)

    def identify(self, text: str) -> tuple[str, float] | None:
        """Tag and probability of the language of prose (already masked); None when unsure or too little."""
        return self._identify(text, count_letters(text))

    def _weigh(self, text: str, expected: str, rivals: Collection[str], script: str, letters: float) -> Evidence:
        language = fold(expected, script)
        passage = Passage(text, script, letters, self._ngrams)
        outcome = Trial(self._lists, self._ngrams, passage, language).weigh([fold(rival, script) for rival in rivals])
        if outcome is None:
            return Evidence(Verdict.ABSTAIN, letters)
        if outcome.winner == language:
            return Evidence(Verdict.PASS, letters, expected, outcome.z, _logistic(outcome.z))
        if outcome.winner is None:
            return Evidence(Verdict.ABSTAIN, letters, _reported(outcome.likeliest), outcome.z)
        return Evidence(Verdict.FAIL, letters, _reported(outcome.winner), outcome.z, _logistic(-outcome.z))

    def _untold(self, text: str, rivals: Collection[str], letters: Mapping[str, float]) -> Evidence:
        """Text in a script in which the expected language would not be recognised: only a known rival is called."""
        total = sum(letters.values())
        detected = self._tag(text, letters)
        if total >= OPEN_LETTERS and detected is not None and fold(detected) in map(fold, rivals):
            return _settled(Verdict.FAIL, detected, total)
        return Evidence(Verdict.ABSTAIN, total, detected)

    def _foreign(self, text: str, expected: str, letters: Mapping[str, float]) -> Evidence:
        """Text in a script that the expected language is not written in: is it a language, or just names?"""
        total = sum(letters.values())
        script = max(letters, key=letters.__getitem__)
        detected = self._tag(text, letters)
        if detected is not None and fold(detected, script) == fold(expected, script):
            return Evidence(Verdict.ABSTAIN, total, detected)  # a mixture, or romanised
        if script != "Latin":
            enough = total >= 2 * CLAIM_LETTERS
        elif detected is not None:
            enough = total >= OPEN_LETTERS
        else:
            found = tokens(text)
            enough = total >= UNTOLD_LETTERS and len(found.plain) > len(found.names)
        return _settled(Verdict.FAIL, detected, total) if enough else Evidence(Verdict.ABSTAIN, total, detected)

    def _tag(self, text: str, letters: Mapping[str, float]) -> str | None:
        found = self._identify(text, letters)
        return found[0] if found else None

    def _identify(self, text: str, letters: Mapping[str, float]) -> tuple[str, float] | None:
        total = sum(letters.values())
        if total < CLAIM_LETTERS:
            return None
        script = max(letters, key=letters.__getitem__)
        if script in CJK:
            return _identify_cjk(letters, HAN_ALONE)
        if letters[script] < 0.5 * total:
            return None
        if script in ONE_LANGUAGE:
            return ONE_LANGUAGE[script], 0.999
        return self._open(text, script, total)

    def _open(self, text: str, script: str, letters: float) -> tuple[str, float] | None:
        """The best language of a script that many share: n-grams propose, words confirm or overrule."""
        passage = Passage(text, script, letters, self._ngrams)
        if (common := self._by_common_words(passage)) is not None:
            return common
        best, label, probability = self._ngrams.classify(text, script)
        rival = HARD_PAIRS.get(best)
        if probability >= LIKELY and letters >= OPEN_LETTERS and rival is None and best != NO_LANGUAGE:
            return (label if best == "hbs" else best), probability
        ranking = passage.ranking
        rival = HARD_PAIRS.get(ranking.best())
        candidates = ranking.top(4)
        candidates += [each for each in ("en" if script == "Latin" else None, rival) if each and each not in candidates]
        leads = {language: self._lead(passage, language, candidates) for language in candidates}
        best = max(leads, key=leads.__getitem__)
        lead, z = leads[best]
        if lead > MATCH and letters >= FEW_LETTERS:
            return ranking.name(best), _logistic(z)
        return None

    def _by_common_words(self, passage: Passage) -> tuple[str, float] | None:
        """The cheap way: one language's commonest words are there, several of them, and no other's."""
        found = passage.words.plain
        if passage.script != "Latin" or len(found) < FEWEST_WORDS:
            return None
        (best, most), (_, next_most) = [*self._common.votes(found), ("", 0), ("", 0)][:2]
        if most < COMMON_WORDS or most < 2 * next_most or best in UNLISTED_DOUBLES:
            return None
        words = self._lists.of(best)
        if words is None or words.fit(passage.words) < words.typical:
            return None
        return best, 0.99

    def _lead(self, passage: Passage, language: str, candidates: Collection[str]) -> tuple[float, float]:
        """How far a language leads all others, and z. In longer text a neighbour only has to be behind."""
        trial = Trial(self._lists, self._ngrams, passage, language)
        neighbours = NEIGHBOURS.get(language, ()) if passage.letters >= OPEN_LETTERS else ()
        scores = [(rival, trial.score(rival)) for rival in candidates if rival != language]
        lead = min([z + MATCH if rival in neighbours else z for rival, z in scores])
        return lead - (0.0 if trial.is_listed else MATCH_UNLISTED - MATCH), min(z for _, z in scores)


def _native_scripts(tag: str) -> Collection[str]:
    return SCRIPT_SUBTAGS.get(script_of_tag(tag) or "") or SCRIPTS.get(fold(tag), ("Latin",))


def _reported(language: str) -> str:
    return "hr" if language == "hbs" else language


def _identify_cjk(letters: Mapping[str, float], least_han: float) -> tuple[str, float] | None:
    kana = letters.get("Hiragana", 0.0) + letters.get("Katakana", 0.0)
    han, hangul = letters.get("Han", 0.0), letters.get("Hangul", 0.0)
    if hangul > han + kana:
        return "ko", 0.999
    if kana >= 2 * 2.5 and kana >= 0.1 * (han + kana):
        return "ja", 0.999
    return ("zh", 0.99) if han >= least_han else None


def _verify_cjk(expected: str, language: str, letters: Mapping[str, float]) -> Evidence:
    total = sum(letters.values())
    found = _identify_cjk(letters, HAN_FOR_JAPANESE if language == "ja" else HAN_ALONE)
    if found is None:
        # Few Han characters are Chinese where Chinese was expected, and no proof of anything where Japanese was.
        han = letters.get("Han", 0.0)
        chinese = language == "zh" and han >= CLAIM_LETTERS
        return _settled(Verdict.PASS, expected, han) if chinese else Evidence(Verdict.ABSTAIN, total)
    if found[0] == language:
        return _settled(Verdict.PASS, expected, total)
    return _settled(Verdict.FAIL, found[0], total)


def _settled(verdict: Verdict, detected: str | None, letters: float) -> Evidence:
    """The script has settled it: every letter counts half a unit of z, as far as 9."""
    z = max(MATCH, min(9.0, letters / 2))
    return Evidence(verdict, letters, detected, z if verdict is Verdict.PASS else -z, _logistic(z))


def _logistic(z: float) -> float:
    return min(0.999, 1.0 / (1.0 + math.exp(-min(z, 30.0))))
