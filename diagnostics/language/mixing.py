"""Words of another language inside text that is, on the whole, in the right one (code-switching).

A run is what stands together and is at least three words: single foreign words are loans, terms and names, and no
engine can tell which. In scripts that both languages share it is the stretch of words that are likelier in the other
one, by the same likelihood ratio that judges whole texts; in others, letters of a foreign script that make up words.
Brackets and quotation marks hold glosses and titles, and are left out before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from ..text import stretches, word_spans
from .identify import Identifier, count_letters
from .profiles import CJK, fold, native_scripts
from .weighing import Passage

FEWEST = 3
"""Words of a run."""

LISTED, UNLISTED = 3.0, 4.5
"""How much likelier (log10) a run must be in the other language, with a word list of the expected one and without."""

ENGLISH, COMMON_WORDS = 2.5, 2
"""The same for Latin letters inside another script; and how many of a run's words must speak for the language and be no
names: "School of Design" is one."""

CLEAR = 3.6
"""How much likelier (log10) a run must be in which fewer than three words speak for the language: one may be rare."""

SURE = 1.0
"""How much likelier (log10) such a word must be in that language, where both are written in one script."""

OTHER_LETTERS = 10.0
"""Letters of a script that is foreign to the reply and not Latin; one of CJK counts 2.5."""


class Run(msgspec.Struct, frozen=True):
    """``start`` and ``end`` are characters of the passage, ``letters`` as ``count_letters`` counts."""

    start: int
    end: int
    language: str
    words: int
    letters: float


class Mixing:
    """Looks for runs of foreign words in passages that should be in one language."""

    def __init__(self, identifier: Identifier, expected: str, rivals: Sequence[str]) -> None:
        self._identifier = identifier
        self._language = fold(expected)
        self.native = native_scripts(expected)
        self._rivals = [each for each in dict.fromkeys(map(fold, rivals)) if each != self._language]

    def runs(self, passage: Passage) -> list[Run]:
        """Runs in a passage that is in the expected language, in their order; disjoint."""
        found = list(self._by_words(passage)) if "Latin" in self.native else []
        foreign = {script: count for script, count in passage.by_script.items() if script not in self.native}
        if sum(foreign.values()) >= OTHER_LETTERS:
            found += self._by_script(passage, frozenset(foreign))
        return sorted(found, key=lambda run: run.start) if len(found) > 1 else found

    def _by_words(self, passage: Passage) -> Iterator[Run]:
        for rival in self._rivals:
            gains, least = self._gains(passage, rival)
            for first, last in peaks(gains, least):
                run = _run(passage, rival, gains, first, last)
                if run is not None:
                    yield run

    def _gains(self, passage: Passage, rival: str) -> tuple[list[float], float]:
        """How much likelier each word is in the rival's language, and what a run needs of it; no words where all of
        them do not reach that."""
        wording = passage.wording
        ratios = wording.ratios(self._language, rival)
        if ratios is not None:
            reaches = -sum([ratio for ratio in ratios if ratio < 0]) >= LISTED
            return [-ratio for ratio in ratios] if reaches else [], LISTED
        if rival == "en" and self._identifier.engines.lists.of(self._language) is None:
            return wording.english, UNLISTED
        return [], LISTED

    def _by_script(self, passage: Passage, foreign: frozenset[str]) -> Iterator[Run]:
        for start, end in stretches(passage.text, foreign):
            piece = self._identifier.passage(passage.text[start:end])
            language = self._latin(piece) if piece.script == "Latin" else self._other(piece)
            if language is not None:
                words = len(piece.text) if piece.script in CJK else len(piece.wording.tokens)
                yield Run(start, end, language, words, piece.letters)

    def _latin(self, piece: Passage) -> str | None:
        """Words of a language, not names, brands and terms."""
        found = piece.wording.tokens
        if found.plain < FEWEST:
            return None
        listed = self._identifier.engines.lists.english.ratios
        names = set(found.names)
        common = sum(1 for at, word in enumerate(found.words) if at not in names and len(word) > 1 and word in listed)
        if common >= COMMON_WORDS and sum(piece.wording.english) >= ENGLISH:
            return "en"
        named = self._identifier.identify(piece) if piece.letters >= 20 else None
        return named[0] if named and fold(named[0]) != self._language and fold(named[0]) in self._rivals else None

    def _other(self, piece: Passage) -> str | None:
        if piece.letters < OTHER_LETTERS or (piece.script not in CJK and len(piece.wording.tokens) < FEWEST):
            return None
        named = self._identifier.identify(piece)
        return named[0] if named else "und"


def _run(passage: Passage, language: str, gains: Sequence[float], first: int, last: int) -> Run | None:
    """The run that these words of a passage are, if they are words enough and no names."""
    names = set(passage.wording.tokens.names)
    while first < last and first in names:  # a name beside a run belongs to neither language
        first += 1
    while first < last and last - 1 in names:
        last -= 1
    sure = sum(1 for at in range(first, last) if gains[at] >= SURE and at not in names)
    speaking = sum(1 for at in range(first, last) if gains[at] > 0)
    if sure < COMMON_WORDS or (speaking < FEWEST and sum(gains[first:last]) < CLEAR):
        return None
    spans = word_spans(passage.text)
    if len(spans) != len(gains):  # a letter changed the count of words when it was normalised
        return None
    start, end = spans[first][0], spans[last - 1][1]
    piece = passage.text[start:end]
    words = len(piece.split())  # "up-to-date" is one
    return Run(start, end, language, words, sum(count_letters(piece).values())) if words >= FEWEST else None


def peaks(gains: Sequence[float], least: float) -> list[tuple[int, int]]:
    """Disjoint stretches whose gains add up to ``least`` or more, each cut where its sum is highest; linear time."""
    found: list[tuple[int, int]] = []
    if sum([gain for gain in gains if gain > 0]) < least:
        return found
    start, end, height, top = 0, 0, 0.0, 0.0
    for at, gain in enumerate(gains):
        height += gain
        if height > top:
            top, end = height, at + 1
        if height <= 0 or height < top - least:
            if top >= least:
                found.append((start, end))
            start, end, height, top = at + 1, at + 1, 0.0, 0.0
    if top >= least:
        found.append((start, end))
    return found
