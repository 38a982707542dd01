"""Words of two scripts that are no words of any language: "приvет", "Pоссия", "développ发展ement".

Many mixtures are sound. A loan word takes the ending of the language around it ("iPhoneом"), a brand has a capital
letter where its second half begins ("ВкусVill"), a symbol is Greek ("µm"), Korean and Japanese, Arabic, Hebrew and Thai
attach their particles to Latin words, and Chinese writes no spaces beside them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..core import Instruction
from ..text import mask_code, script
from .base import MOST_SHOWN, Example, Flaw, Signal, matches

_LATIN = "A-Za-zÀ-ÖØ-öø-ɏ"
_CYRILLIC = "\u0400-\u0481\u048a-\u052f"
_GREEK = "\u0370-\u0373\u0376\u0377\u037b-\u037d\u0386-\u03ff"
_CJK = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3"
_SPACED = f"{_LATIN}{_CYRILLIC}{_GREEK}\u0531-\u0587\u05d0-\u05ea\u0620-\u064a\u0671-\u06d3\u0904-\u0d39\u10d0-\u10ff"
"""Letters of scripts that write spaces between words."""

_HINT = re.compile(f"[{_GREEK}{_CYRILLIC}{_CJK}]")
_PAIR = re.compile(f"[{_LATIN}](?:(?=[{_GREEK}{_CYRILLIC}])|(?<=[{_GREEK}{_CYRILLIC}].))")
_WORD = re.compile(f"[{_LATIN}{_GREEK}{_CYRILLIC}]{{3,60}}+")
_RUNS = re.compile(f"[{_LATIN}]+|[{_CYRILLIC}]+|[{_GREEK}]+")
_GLUED = re.compile(f"[a-zß-öø-ɏ]{{2}}[{_CJK}]{{1,8}}[a-zß-öø-ɏ]{{2}}|(?![{_LATIN}])[{_SPACED}]{{2}}[{_CJK}]")
_CJK_RUN = re.compile(f"[{_CJK}]+")
_CJK_LANGUAGES = frozenset({"zh", "ja", "ko", "yue", "wuu", "lzh"})
_FEW = 0.1
"""Share of a piece's characters up to which Chinese, Japanese and Korean letters are guests in it."""

_EXPLANATION = "a word of two scripts: {}"
_LONGEST_INFIX = 3
_FIRST = frozenset("ABCEHKMOPTaceop")
_LAST = frozenset("aceop")
"""Latin letters that look Cyrillic, where a word begins and ends. "x" and "y" are variables too."""


class MixedScript(Signal):
    """Words in which letters of another script stand for their like or break the word apart."""

    name = "mixed_script"
    examples = (
        Example("Скажи приvет миру.", flaw="приvет", language="ru"),
        Example("Скажи приvet миру.", flaw="приvet", language="ru"),
        Example("Это Pоссия.", flaw="Pоссия", language="ru"),
        Example("Say hеllo to them.", flaw="hеllo", language="en"),
        Example("Το καλημeρα είναι εδώ.", flaw="καλημeρα", language="el"),
        Example("Le développ发展ement est là.", flaw="pp发展em", language="fr"),
        Example("Это важно发展 для нас.", flaw="но发", language="ru"),
        Example("5G-сеть, VIP-клиент, iPhoneом, SQLшный, ВкусVill, ЯндексGPT, email'ы, x-ось", language="ru"),
        Example("5 µm, 3 Ωm, α-Fe, Δt, πr, kΩ, 10 кВт", language="en"),
        Example("AI는 Python을 쓴다. Tシャツを買う。使用Python编程和AI的方法", language="ko"),
        Example("في الـAI وGoogle, בGoogle, ใช้AIใน, AIका", language="ar"),
        Example("Auf https://пример.рф/aбв und in `приvет`: `x`"),
        Example("„приvет“ ist falsch", prompt="Was ist an „приvет“ falsch?"),
        Example("```\nприvет\n```\n"),
    )

    def flaws(self, piece: str, instruction: Instruction) -> Iterator[Flaw]:
        """See the module."""
        if piece.isascii() or not _HINT.search(piece):
            return
        if _PAIR.search(piece):
            prose = mask_code(piece)
            for match in _WORD.finditer(prose):
                if _is_broken(match[0]):
                    yield Flaw(match.span(), _EXPLANATION.format(match[0][:MOST_SHOWN]))
        if not _is_cjk(instruction) and _CJK_RUN.search(piece) and _are_guests(piece):
            yield from matches(_GLUED, piece, _EXPLANATION)


def _is_broken(word: str) -> bool:
    runs = _RUNS.findall(word)
    if len(runs) == 2:
        return _is_broken_pair(*runs)
    return any(map(_is_infix, runs, runs[1:], runs[2:]))


def _is_broken_pair(first: str, second: str) -> bool:
    """Is one letter at an end replaced by its like, or does a Cyrillic word go on in Latin letters?"""
    if script(first[0]) == "Latin" and script(second[0]) == "Cyrillic":
        return first in _FIRST and len(second) > 2 and second[0].islower() >= first.islower()
    if script(first[0]) == "Cyrillic" and script(second[0]) == "Latin":
        return len(first) > 1 and (first[-1] + second).islower() and (len(second) > 1 or second in _LAST)
    return False


def _is_infix(before: str, run: str, after: str) -> bool:
    """Is the run inside the word of another script, and no capital letter or acronym sets it apart?"""
    within = script(before[0]) == script(after[0]) and len(run) <= _LONGEST_INFIX
    apart = len(before) + len(after) < 3 or len({before[-1].islower(), run.islower(), after[0].islower()}) > 1
    return within and not apart


def _is_cjk(instruction: Instruction) -> bool:
    expected = instruction.expected_language
    return expected is not None and expected.tag.partition("-")[0] in _CJK_LANGUAGES


def _are_guests(piece: str) -> bool:
    return sum(map(len, _CJK_RUN.findall(piece))) <= _FEW * len(piece)
