"""Runs of foreign words: found where they are, in one script and across scripts; not in pure text."""

from __future__ import annotations

import random
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from diagnostics.language.identify import Identifier
from diagnostics.language.mixing import Mixing, Run, peaks
from diagnostics.language.profiles import SCRIPTS, fold

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))
LATIN = [tag for tag in SENTENCES if tag != "en" and "Latin" in SCRIPTS.get(fold(tag, "Latin"), ("Latin",))]


def runs(identifier: Identifier, text: str, expected: str, *rivals: str) -> list[Run]:
    return Mixing(identifier, expected, rivals or ("en",)).runs(identifier.passage(text))


@pytest.mark.parametrize("tag", SENTENCES)
def test_pure_text_has_none(identifier: Identifier, tag: str) -> None:
    if tag != "en":
        assert runs(identifier, SENTENCES[tag], tag) == []


@pytest.mark.parametrize("tag", LATIN)
def test_seven_english_words_are_found_in_any_latin_language(identifier: Identifier, tag: str) -> None:
    words = SENTENCES[tag].split()
    at = len(words) // 2
    text = " ".join([*words[:at], "because nobody should have known about it", *words[at:]])
    (run,) = runs(identifier, text, tag)
    assert run.language == "en"
    found = text[run.start : run.end]
    assert "nobody should have known" in found
    assert run.words == len(found.split()) <= 9
    assert run.letters == sum(map(str.isalpha, found))


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("Это один из the most important things в жизни человека.", "ru", "the most important things"),
        ("これは the best way to do it です。", "ja", "the best way to do it"),
        ("هذا هو what everyone wants to know عن الموضوع", "ar", "what everyone wants to know"),
        ("Das ist 我们今天去市场买面包 und mehr.", "de", "我们今天去市场买面包"),
        ("Dies ist очень хорошая новость сегодня für uns alle.", "de", "очень хорошая новость сегодня"),
        ("यह एक very good and simple example है", "hi", "very good and simple example"),
    ],
)
def test_across_scripts(identifier: Identifier, text: str, expected: str, found: str) -> None:
    (run,) = runs(identifier, text, expected)
    assert text[run.start : run.end].strip() == found


def test_the_language_of_a_run_in_another_script(identifier: Identifier) -> None:
    text = "Das ist 我们今天去市场买面包 und Μου αρέσει πολύ το ψωμί auch."
    assert [run.language for run in runs(identifier, text, "de")] == ["zh", "el"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("저는 machine learning 을 공부합니다", "ko"),
        ("Я работаю в Microsoft Research Asia с прошлого года.", "ru"),
        ("Используйте Visual Studio Code или JetBrains для работы.", "ru"),
        ("Das chinesische Wort 你好 bedeutet Hallo.", "de"),
        ("Die Software ist up-to-date, das Team arbeitet just-in-time.", "de"),
    ],
)
def test_terms_brands_and_single_words_are_none(identifier: Identifier, text: str, expected: str) -> None:
    assert runs(identifier, text, expected) == []


def test_a_run_in_the_language_of_the_instruction(identifier: Identifier) -> None:
    text = "Gestern ging meine Schwester parce que tout le monde voulait du pain auf den Markt und kaufte Brot."
    (run,) = runs(identifier, text, "de", "en", "fr")
    assert run.language == "fr"
    assert "tout le monde voulait" in text[run.start : run.end]


def test_peaks_are_disjoint_and_high_enough() -> None:
    draw = random.Random(3)
    for _ in range(300):
        gains = [draw.uniform(-3, 3) for _ in range(draw.randrange(40))]
        found = peaks(gains, 4.0)
        assert all(sum(gains[a:b]) >= 4.0 - 1e-9 for a, b in found)
        assert all(end <= start for (_, end), (start, _) in pairwise(found))
    assert peaks([1, 1, 1, -9, 2, 2], 3.0) == [(0, 3), (4, 6)]
    assert peaks([1, 1], 3.0) == []
    assert peaks([], 3.0) == []
