"""Texts of every length, cut at word boundaries from sentences whose language is known; always the same ones."""

from __future__ import annotations

import random
from pathlib import Path

from . import data
from .engines import is_latin, same

WORD, PAIR, FEW, TEN, SENTENCE = LENGTHS = ("1 word", "2 words", "3-5 words", "10 words", "sentence")
LISTED, UNLISTED, OTHER = GROUPS = ("Latin, word list", "Latin, no list", "other scripts")

_CHARACTERS = {"zh": 2, "ja": 2, "th": 4}
"""Characters that stand for a word where words are not set apart."""


def snippets(folder: Path, length: str) -> dict[str, list[str]]:
    """Texts of one length by language."""
    if length in (WORD, PAIR):
        return data.lines(folder, "single-words" if length == WORD else "word-pairs")
    found = data.lines(folder, "sentences")
    if length == SENTENCE:
        return found
    return {
        language: [
            cut(text, language, 10 if length == TEN else 3 + at % 3, random.Random(f"{language} {at}"))
            for at, text in enumerate(texts)
        ]
        for language, texts in found.items()
    }


def cut(text: str, language: str, words: int, draw: random.Random) -> str:
    """So many words from anywhere in a sentence, or all of it when it has no more."""
    width = _CHARACTERS.get(language)
    units = list(text) if width else text.split()
    count = words * (width or 1)
    start = draw.randrange(max(1, len(units) - count + 1))
    return ("" if width else " ").join(units[start : start + count])


def paragraphs(folder: Path, sentences: int = 4) -> dict[str, list[str]]:
    """Sentences put together, four at a time: 75 streams in every language."""
    return {
        language: [
            ("" if language in _CHARACTERS else " ").join(texts[at : at + sentences])
            for at in range(0, len(texts) - sentences + 1, sentences)
        ]
        for language, texts in data.lines(folder, "sentences").items()
    }


def groups(folder: Path) -> dict[str, str]:
    """Language -> does it have Latin letters and a word list in wordfreq?"""
    import wordfreq

    listed = {same(tag) for tag in wordfreq.available_languages("small")}
    return {
        language: OTHER if not is_latin("".join(texts[:5])) else LISTED if same(language) in listed else UNLISTED
        for language, texts in data.lines(folder, "sentences").items()
    }
