"""Which language is this text in? And, where one is expected: is it in that (``claim``)?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ..text import scripts
from .claim import CLAIM_LETTERS, HAN_ALONE, Claim, Evidence, identify_cjk, logistic
from .ngrams import NO_LANGUAGE
from .profiles import (
    CJK,
    HARD_PAIRS,
    NEIGHBOURS,
    ONE_LANGUAGE,
    SCRIPT_SUBTAGS,
    SCRIPTS,
    SMALL,
    SYLLABIC,
    UNLISTED_DOUBLES,
    fold,
)
from .tags import script_of_tag
from .weighing import FEWEST_WORDS, MATCH, MUCH, OPEN_LETTERS, Engines, Passage, Trial

MATCH_UNLISTED = 3.3
"""z from which a language without a word list may be named, where the n-grams had to decide alone."""

TYPICAL = 3.0
"""z in favour of a language whose words are as frequent as usual, against one that has no list to say so."""

FEW_LETTERS = 8.0
"""Letters from which a language of a shared script may be named."""

COMMON_WORDS = 4
"""How many of a text's words must be among a language's commonest, and twice as many as among another's."""

LIKELY = 0.9
"""Probability from which the n-grams alone may name a language: right 99.98 % of the time from three words on."""


def count_letters(text: str) -> dict[str, float]:
    """Letters by script, in letters of an alphabet: one of a CJK script counts 2.5, one of an Indic script 1.5, for it
    says about as much as that many."""
    return {name: count * _WEIGHTS.get(name, 1.0) for name, count in scripts(text).items()}


_WEIGHTS = dict.fromkeys(CJK, 2.5) | dict.fromkeys(SYLLABIC, 1.5)


class Identifier:
    """The engines, loaded when first needed (or by ``preload``), and what they say of a text together."""

    def __init__(self) -> None:
        self.engines = Engines()

    def preload(self, languages: Iterable[str] = ("en",)) -> None:
        """Load the n-gram model, and the word lists for these tags and their neighbours, so that no request waits."""
        self.engines.ngrams.load()
        folded = map(fold, languages)
        self.engines.lists.preload(each for language in folded for each in (language, *NEIGHBOURS.get(language, ())))

    def knows(self, tag: str) -> bool:
        """Can any engine tell this language, in the script that the tag may name?"""
        language = fold(tag)
        named = SCRIPT_SUBTAGS.get(script_of_tag(tag) or "")
        if named is not None and set(named).isdisjoint(SCRIPTS.get(language, ("Latin",))):
            return False
        engines = self.engines
        return language in SCRIPTS or engines.lists.of(language) is not None or engines.ngrams.knows(language)

    def passage(self, text: str, letters: Mapping[str, float] | None = None) -> Passage:
        """Prose (already masked) to ask about; ``letters`` is what ``count_letters`` said of it, where known."""
        return Passage(text, count_letters(text) if letters is None else letters, self.engines)

    def claim(self, expected: str, rivals: Collection[str] = ()) -> Claim:
        """The claim that text is in ``expected`` rather than in ``rivals``, to weigh many passages of one reply.

        Args:
            expected: BCP 47 tag.
            rivals: tags of what it would most likely be in instead, English above all; other scripts are ignored.
        """
        return Claim(self.engines, self.identify, expected, rivals, is_known=self.knows(expected))

    def verify(self, text: str, expected: str, rivals: Collection[str] = ()) -> Evidence:
        """Weigh prose (already masked; a few words to a paragraph) as text in ``expected`` against ``rivals``."""
        return self.claim(expected, rivals).weigh(self.passage(text))

    def identify(self, text: str | Passage) -> tuple[str, float] | None:
        """Tag and probability of the language of prose (already masked); None when unsure or too little."""
        passage = self.passage(text) if isinstance(text, str) else text
        if passage.letters < CLAIM_LETTERS:
            return None
        if passage.script in CJK:
            return identify_cjk(passage.by_script, HAN_ALONE)
        if passage.by_script[passage.script] < 0.5 * passage.letters:
            return None
        if passage.script in ONE_LANGUAGE:
            return ONE_LANGUAGE[passage.script], 0.999
        return self._open(passage)

    def _open(self, passage: Passage) -> tuple[str, float] | None:
        """The best language of a script that many share: n-grams propose, words confirm or overrule."""
        script = passage.script
        if (common := self._by_common_words(passage)) is not None:
            return common
        best, label, probability = self.engines.ngrams.classify(passage.text, script)
        if probability >= LIKELY and passage.letters >= OPEN_LETTERS and best not in {*HARD_PAIRS, NO_LANGUAGE}:
            return (label if best == "hbs" else best), probability
        ranking = passage.ranking
        rival = HARD_PAIRS.get(ranking.best(script))
        candidates = ranking.top(4, script)
        candidates += [each for each in ("en" if script == "Latin" else None, rival) if each and each not in candidates]
        small = {each for language in candidates for each in SMALL.get(language, ())}
        leads = {each: self._lead(passage, each, candidates) for each in candidates if each not in small}
        best = max(leads, key=leads.__getitem__)
        lead, z = leads[best]
        if lead > MATCH and passage.letters >= FEW_LETTERS:
            return ranking.name(best), logistic(z)
        return None

    def _by_common_words(self, passage: Passage) -> tuple[str, float] | None:
        """The cheap way: one language's commonest words are there, several of them, and no other's."""
        found = passage.wording.tokens
        if passage.script != "Latin" or found.plain < FEWEST_WORDS:
            return None
        (best, most), (_, next_most) = [*self.engines.lists.votes(found), ("", 0), ("", 0)][:2]
        if most < COMMON_WORDS or most < 2 * next_most or best in UNLISTED_DOUBLES:
            return None
        return (best, 0.99) if passage.wording.is_typical(best) else None

    def _lead(self, passage: Passage, language: str, candidates: Collection[str]) -> tuple[float, float]:
        """How far a language leads all others, and z. In longer text a neighbour only has to be behind."""
        trial = Trial(self.engines, passage, language, passage.script)
        neighbours = NEIGHBOURS.get(language, ()) if passage.letters >= OPEN_LETTERS else ()
        besides = (language, *SMALL.get(language, ()))
        typical = TYPICAL if trial.is_listed and passage.wording.is_typical(language) else 0.0
        scores = [
            (rival, trial.score(rival) + (0.0 if self.engines.lists.of(rival) else typical))
            for rival in candidates
            if rival not in besides
        ] or [("", MUCH)]
        lead = min([z + MATCH if rival in neighbours else z for rival, z in scores])
        return lead - (0.0 if trial.is_listed else MATCH_UNLISTED - MATCH), min(z for _, z in scores)
