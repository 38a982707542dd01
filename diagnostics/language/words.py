"""Word frequencies: how likely are these words in one language, and how likely in another?

The lists are wordfreq's small ones (Robyn Speer, https://github.com/rspeer/wordfreq, data CC-BY-SA-4.0), cut to their
commonest words when they are first read. They load when first asked, so that importing costs nothing, and are held by
their owner.
"""

from __future__ import annotations

import gzip
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from importlib.util import find_spec
from itertools import islice
from operator import itemgetter, sub
from pathlib import Path

import msgspec

from ..text import words
from .profiles import SCRIPTS

WORDS_PER_LANGUAGE = 10_000
"""Length of a word list: twice as long ones take twice the memory, 1 MB more a language, and catch no more
sentences."""

UNKNOWN = -6.5
"""log10 frequency given to a word that is not in the list; the rarest listed words are at -5.3 to -6."""

LONGEST_TITLE, COMMON = 3, -2.6
"""Words of the longest title, and log10 frequency from which English words are lower case in one."""

MOSTLY_NAMES = 0.75
"""Share of capitalised words from which a text may be a list of names or a title."""

TELLING = 1.05
"""How English (log10) the listed words of a text must be on average to be no list of names: of lists of people, cities,
brands, films and programming languages it is 0.3 to 0.96, of states by their English names 1.1, of headings and tables
in English 1.1 to 1.7."""

MOST, MOST_NAME, MOST_IN_ALL = 3.0, 0.3, 25.0
"""How far one word, one that may be a name, and all words together may push a likelihood ratio (log10)."""

_APOSTROPHE = re.compile("['’ʼ]")
_LIST_NAMES = {"no": "nb", "tl": "fil", "hbs": "sh"}
_LANGUAGES = {code: language for language, code in _LIST_NAMES.items()}
_WITHOUT_SPACES = frozenset({"zh", "ja", "ko"})  # Korean has spaces, but its words change their ends
_SPELLINGS = (("ș", "ş"), ("ț", "ţ"), ("Ș", "Ş"), ("Ț", "Ţ"))  # Romanian: comma below, cedilla


class Tokens(msgspec.Struct, frozen=True):
    """Words in lower case, in their order; ``names`` are the positions of those that are capitalised and not first."""

    words: list[str]
    names: list[int]
    capitals: int
    """How many are capitalised, the first one too."""
    is_list: bool
    """Are there lines or commas between them?"""

    def __len__(self) -> int:
        return len(self.words)

    @property
    def plain(self) -> int:
        """How many words are no names."""
        return len(self.words) - len(self.names)


def tokens(text: str) -> Tokens:
    """Words, cut at apostrophes."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    found = words(_spell(_APOSTROPHE.sub(" ", text)))
    capitals = [] if text.isupper() else [at for at, word in enumerate(found) if word[0].isupper()]
    names = capitals[1:] if capitals[:1] == [0] else capitals
    is_list = text.count("\n") > 1 or text.count(",") > 2
    return Tokens([word.lower() for word in found], names, len(capitals), is_list)


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


class EnglishWords(msgspec.Struct, frozen=True):
    """How much likelier each English word is in English than in some other language of the Latin script, log10.

    Stands in for a likelihood ratio where the other language has no list. A word that is not listed speaks against
    English by ``UNLISTED``: 11 % of English text is such words, and 77 % of text in the other lists' languages. Single
    letters say nothing.
    """

    ratios: dict[str, float]

    UNLISTED = -0.83

    @classmethod
    def against(cls, english: WordList, background: dict[str, float], languages: int) -> EnglishWords:
        """``background`` is the frequency of English words, summed over other ``languages``."""
        floor = 10**-6.2
        return cls(
            {
                word: frequency - math.log10(background.get(word, 0.0) / languages + floor)
                for word, frequency in english.frequencies.items()
            }
        )

    def evidence(self, found: Tokens) -> list[float]:
        """For each word how far it speaks for English, log10."""
        ratio, unlisted = self.ratios.get, self.UNLISTED
        return capped([ratio(word, unlisted) if word[1:] else 0.0 for word in found.words], found.names)


def capped(ratios: Iterable[float], names: Iterable[int]) -> list[float]:
    """The likelihood ratios of words, each within its bounds."""
    found = [MOST if ratio > MOST else -MOST if ratio < -MOST else ratio for ratio in ratios]
    for at in names:
        ratio = found[at]
        found[at] = MOST_NAME if ratio > MOST_NAME else -MOST_NAME if ratio < -MOST_NAME else ratio
    return found


def total(ratios: Sequence[float]) -> float:
    """The likelihood ratio of all words together."""
    return max(-MOST_IN_ALL, min(MOST_IN_ALL, sum(ratios)))


class Wording:
    """The words of one text, looked up in each list at most once."""

    def __init__(self, found: Tokens, lists: WordLists) -> None:
        self.tokens = found
        self._lists = lists
        self._frequencies: dict[str, list[float] | None] = {}
        self._ratios: dict[tuple[str, str], list[float] | None] = {}
        self._english: list[float] | None = None

    def frequencies(self, language: str) -> list[float] | None:
        """log10 frequency of each word in a (folded) language, None when it has no list."""
        if language not in self._frequencies:
            listed = self._lists.of(language)
            if listed is None:
                self._frequencies[language] = None
            else:
                frequency = listed.frequencies.get
                self._frequencies[language] = [frequency(word, UNKNOWN) for word in self.tokens.words]
        return self._frequencies[language]

    def ratios(self, own: str, rival: str) -> list[float] | None:
        """For each word the log10 of how much likelier it is in ``own`` than in ``rival``; None without both lists."""
        if (own, rival) not in self._ratios:
            mine, theirs = self.frequencies(own), self.frequencies(rival)
            listed = mine is not None and theirs is not None
            self._ratios[own, rival] = capped(map(sub, mine or (), theirs or ()), self.tokens.names) if listed else None
        return self._ratios[own, rival]

    @property
    def english(self) -> list[float]:
        """For each word how far it speaks for English against a language that has no list."""
        if self._english is None:
            self._english = self._lists.english.evidence(self.tokens)
        return self._english

    def is_title(self) -> bool:
        """Is this a title or a list of names, which have the same form in any language? All of three words or fewer are
        capitalised, but for articles and prepositions ("War and Peace"); or most words of a list are, and they are no
        telling English nouns."""
        found = self.tokens
        if len(found) > LONGEST_TITLE:
            return found.is_list and found.capitals >= MOSTLY_NAMES * len(found) and not self._tells()
        if not found.names:
            return False
        names = set(found.names)
        return all(at in names or self._is_common(word) for at, word in enumerate(found.words) if at)

    def _tells(self) -> bool:
        """Are many of the words, function words aside, ones that only English has? Names are in every list alike."""
        ratio = self._lists.english.ratios.get
        ratios = [found for word in self.tokens.words if (found := ratio(word)) and not self._is_common(word)]
        return len(ratios) >= LONGEST_TITLE and sum(ratios) >= TELLING * len(ratios)

    def _is_common(self, word: str) -> bool:
        """Is it an English article, preposition or the like?"""
        listed = self._lists.of("en")
        return listed is not None and listed.frequencies.get(word, UNKNOWN) > COMMON

    def is_typical(self, language: str, allowance: float = 0.0) -> bool:
        """Are the words, on the whole, as frequent as text in the language usually has them?"""
        listed, found = self._lists.of(language), self.frequencies(language)
        return listed is not None and bool(found) and sum(found or ()) / len(found or ()) >= listed.typical - allowance


class WordLists:
    """Word frequencies of the languages that wordfreq knows and that put spaces between words."""

    COMMON = 200
    """How many of a language's commonest words ``votes`` knows."""

    def __init__(self) -> None:
        self._lists: dict[str, WordList | None] = {}

    def preload(self, languages: Iterable[str]) -> None:
        """Load the lists of these (folded) languages now, about 10 ms and 1 MB each, and read through all others once
        for what they say together, about 0.15 s. Languages without a list are passed over."""
        shared: dict[str, str] = {}
        for language in languages:
            self._list(language, shared)
        _ = self._survey

    def of(self, language: str) -> WordList | None:
        """The language's list, None when there is none."""
        return self._lists[language] if language in self._lists else self._list(language, {})

    def _list(self, language: str, shared: dict[str, str]) -> WordList | None:
        if language not in self._lists:
            path = self._files.get(language)
            self._lists[language] = None if path is None else WordList.of(_frequencies(path, shared))
        return self._lists[language]

    @property
    def english(self) -> EnglishWords:
        """English words against the other lists."""
        return self._survey[0]

    def votes(self, found: Tokens) -> list[tuple[str, int]]:
        """Languages by how many of these words (names left out) are among their commonest, most first: in a sentence
        of some length that tells the language at a tenth of the cost of n-grams."""
        common = self._survey[1]
        counts: dict[str, int] = {}
        names = set(found.names)
        for at, word in enumerate(found.words):
            if at not in names:
                for language in common.get(word, ()):
                    counts[language] = counts.get(language, 0) + 1
        return sorted(counts.items(), key=itemgetter(1), reverse=True)

    @cached_property
    def _files(self) -> dict[str, Path]:
        # The package's data is read without importing the package, which takes 9 MB and a tenth of a second.
        spec = find_spec("wordfreq")
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError("the word lists are missing: install wordfreq", name="wordfreq")
        codes = {
            path.name.removeprefix("small_").removesuffix(".msgpack.gz"): path
            for path in (Path(spec.origin).parent / "data").glob("small_*.msgpack.gz")
        }
        return {_LANGUAGES.get(code, code): path for code, path in sorted(codes.items()) if code not in _WITHOUT_SPACES}

    @cached_property
    def _survey(self) -> tuple[EnglishWords, dict[str, tuple[str, ...]]]:
        """What only the Latin lists together tell: how English each English word is, and the commonest words."""
        english = self.of("en")
        assert english is not None, "wordfreq has an English list"
        background: defaultdict[str, float] = defaultdict(float)
        languages: defaultdict[str, list[str]] = defaultdict(list)
        latin = [language for language in self._files if "Latin" in SCRIPTS.get(language, ("Latin",))]
        for language in latin:
            for count, (frequency, word) in enumerate(islice(_entries(self._files[language]), WORDS_PER_LANGUAGE)):
                if count < self.COMMON:
                    languages[word].append(language)
                if word in english.frequencies and language != "en":
                    background[word] += 10**frequency
        common = {word: tuple(each) for word, each in languages.items()}
        return EnglishWords.against(english, background, len(latin) - 1), common


def _frequencies(path: Path, shared: dict[str, str]) -> dict[str, float]:
    """The commonest words of a list with their log10 frequencies, most frequent first; those in ``shared`` are its."""
    frequencies: dict[str, float] = {}
    for frequency, entry in _entries(path):
        for part in _APOSTROPHE.split(entry):  # "don't" counts for "don" and "t", as in tokens()
            if part.isalpha() or not part.isascii():
                word = _spell(part)
                frequencies.setdefault(shared.setdefault(word, word), frequency)  # languages share thousands of words
        if len(frequencies) >= WORDS_PER_LANGUAGE:
            break
    return frequencies


def _entries(path: Path) -> Iterator[tuple[float, str]]:
    """wordfreq's format "cB": a header, then the words of each hundredth of a decade, from frequency 1 downwards."""
    head, *levels = msgspec.msgpack.decode(gzip.decompress(path.read_bytes()), type=list[msgspec.Raw])
    if (header := msgspec.msgpack.decode(head)) != {"format": "cB", "version": 1}:
        raise ValueError(f"{path.name} is in a format that is not known: {header}")
    for centibels, level in enumerate(levels):
        frequency = -centibels / 100  # one object for all words of the level, and in a list that is kept
        for word in msgspec.msgpack.decode(level, type=list[str]):
            yield frequency, word
