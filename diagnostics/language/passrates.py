"""The line and the word pass rate of the Language Confusion Benchmark, reply by reply, with our own verifier.

The line pass rate of a set of replies is the share of those whose lines are all in the expected language; the word pass
rate, for languages that are not written in Latin letters, the share of these without an English word. A rate is over
the replies whose answer here is not None; the benchmark averages it over sources, then over languages. It gives a reply
one answer for all of its lines and knows no doubt, where a ``LanguageFinding`` has a verdict with doubt on the whole:
the two are measured apart.

The rule is that of Marchisio et al., "Understanding and Mitigating Language Confusion in LLMs", EMNLP 2024
(github.com/for-ai/language-confusion, ``compute_metrics.py``): cut the reply at a question that it asks itself, drop
ASCII punctuation and the Arabic comma, keep the lines of at least five tokens. There fastText's lid.176 says which
language a line is in, and a list of 200,000 words what English is; here ``Identifier`` and wordfreq's commonest 10,000.
There jieba and MeCab cut Chinese and Japanese into tokens; here so many characters are one. ``bench.language --part
official`` holds both beside each other.
"""

from __future__ import annotations

import re
import string

import msgspec

from ..core import Verdict
from .identify import Identifier, count_letters
from .mismatch import LONGEST_REPLY
from .profiles import SCRIPTS, fold

FEWEST_TOKENS = 5
CHARACTERS = 1.6
"""Characters of a Chinese or Japanese token: with them 96 % of lines are counted or not as with jieba and MeCab."""

MUCH = 0.3
"""Share of a doubtful line's letters in the expected language's own script from which it passes."""

WORD_LANGUAGES = frozenset({"ar", "hi", "ja", "ko", "ru", "zh"})
"""Languages that have a word pass rate."""

OWN_QUESTION = "\nQ:"
"""Base models go on with a question of their own."""

_DROPPED = str.maketrans({**dict.fromkeys(string.punctuation + "،", ""), "—": " "})
_UNSPACED = frozenset({"ja", "zh"})
_CHARACTER = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_OTHER_TOKEN = re.compile(r"[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]")
_WORD = re.compile(r"(?<!\w)[a-z]{4,}+(?!\w)")
_WORD_BETWEEN = re.compile(r"(?<!\w)[a-z]{4,}+(?!\w)", re.ASCII)
"""The same where no space stands between an English word and others."""


class Passes(msgspec.Struct, frozen=True):
    """How one reply counts. ``line``: are all of its lines in the expected language? None where none is long enough.
    ``word``: has it no English word? None where a line fails, and in languages that have no word pass rate."""

    line: bool | None = None
    word: bool | None = None


class PassRule:
    """The benchmark's rule; it holds no state of any reply."""

    def __init__(self, identifier: Identifier) -> None:
        self._identifier = identifier

    def judge(self, reply: str, language: str) -> Passes:
        """How a reply that should be in ``language``, a BCP 47 tag, counts; the first 65,536 characters of it."""
        language = fold(language)
        lines = counted_lines(reply[:LONGEST_REPLY], language)
        if not lines:
            return Passes()
        if not all(self.passes(line, language) for line in lines):
            return Passes(line=False)
        return Passes(line=True, word=self._is_clean(lines, language) if language in WORD_LANGUAGES else None)

    def passes(self, line: str, language: str) -> bool:
        """Is the line in the language? In doubt it is where a good part of it is in a script that the language does not
        share with English, or where no other language is likelier."""
        found = self._identifier.verify(line, language, ("en",))
        if found.verdict is not Verdict.ABSTAIN:
            return found.verdict is Verdict.PASS
        scripts = SCRIPTS.get(language, ("Latin",))
        if "Latin" in scripts:
            return found.margin >= 0
        letters = count_letters(line)
        return sum(letters.get(each, 0.0) for each in scripts) > MUCH * sum(letters.values())

    def _is_clean(self, lines: list[str], language: str) -> bool:
        """Are there no English words of more than three letters, all of them small?"""
        listed = self._identifier.engines.lists.of("en")
        assert listed is not None, "wordfreq has an English list"
        word = _WORD_BETWEEN if language in _UNSPACED else _WORD
        return not any(found in listed.frequencies for line in lines for found in word.findall(line))


def counted_lines(reply: str, language: str) -> list[str]:
    """The lines that the rule looks at, without punctuation."""
    plain = reply.split(OWN_QUESTION)[0].strip().translate(_DROPPED)
    return [line for line in plain.split("\n") if _tokens(line, language) >= FEWEST_TOKENS]


def _tokens(line: str, language: str) -> float:
    if language not in _UNSPACED:
        return len(line.split())
    return len(_CHARACTER.findall(line)) / CHARACTERS + len(_OTHER_TOKEN.findall(line))
