"""Aggregate figures on the development data, well below what ``bench/language.py`` measures; skipped without it."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import pytest

from diagnostics.core import ExpectedLanguage, Instruction, Message, Origin, Verdict
from diagnostics.language.expected import instruction_language
from diagnostics.language.identify import Identifier
from diagnostics.language.mismatch import LanguageMismatch
from diagnostics.language.profiles import fold

DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the development data are not here")


def rows(name: str, step: int) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rb") as lines:
        yield from map(msgspec.json.decode, islice(lines, 0, None, step))


def verdict(identifier: Identifier, row: dict[str, Any]) -> Verdict:
    language, cross = row["expected_language"], row["task"] == "crosslingual"
    expected = ExpectedLanguage(language, Origin.REQUESTED if cross else Origin.INSTRUCTION)
    observer = LanguageMismatch(identifier).observe(Instruction((), "en" if cross else language, expected))
    assert observer is not None
    observer.feed(row["response"] or "")
    return observer.close(complete=False)[0].verdict


def test_replies_of_a_model_that_keeps_to_the_language(identifier: Identifier) -> None:
    found = Counter(
        verdict(identifier, row)
        for row in rows("language_confusion", 3)
        if row["model"] == "gpt-3.5-turbo" and row["task"] == "monolingual"
    )
    assert found[Verdict.PASS] > 0.985 * found.total()
    assert found[Verdict.FAIL] < 0.006 * found.total()


def test_replies_of_models_that_do_not(identifier: Identifier) -> None:
    found = Counter(
        verdict(identifier, row) for row in rows("language_confusion", 10) if row["model"] == "llama-2-instruct"
    )
    assert 0.4 < found[Verdict.FAIL] / found.total() < 0.6
    assert found[Verdict.ABSTAIN] < 0.03 * found.total()


def test_sentences_in_the_language_they_are_in(identifier: Identifier) -> None:
    sentences = [row for row in rows("lingua_lines", 7) if row["kind"] == "sentences"]
    found = Counter(identifier.verify(row["text"], row["language"], ("en",)).verdict for row in sentences)
    assert found[Verdict.FAIL] < 0.004 * found.total()
    assert found[Verdict.PASS] > 0.9 * found.total()


def test_english_is_never_passed_off_as_another_language(identifier: Identifier) -> None:
    languages = sorted({row["language"] for row in rows("lingua_lines", 50)} - {"en"})
    english = [row["text"] for row in rows("lingua_lines", 1) if row["language"] == "en" and row["kind"] == "sentences"]
    known = [language for language in languages if identifier.knows(language)]
    found = Counter(identifier.verify(text, tag, ("en",)).verdict for tag in known for text in english[:20])
    assert found[Verdict.PASS] < 0.002 * found.total()
    assert found[Verdict.FAIL] > 0.95 * found.total()


def test_sentences_are_identified(identifier: Identifier) -> None:
    found = Counter[str]()
    for row in rows("lingua_lines", 11):
        if row["kind"] == "sentences" and identifier.knows(row["language"]) and row["language"] != "ms":
            named = identifier.identify(row["text"])
            right = named is not None and fold(named[0], "Latin") == fold(row["language"], "Latin")
            found["right" if right else "wrong" if named else "doubt"] += 1
    assert found["wrong"] < 0.015 * (found["right"] + found["wrong"])
    assert found["right"] > 0.9 * found.total()


def test_the_language_of_prompts(identifier: Identifier) -> None:
    found = Counter[bool]()
    for row in rows("m_ifeval_prompts", 1):
        found[instruction_language((Message("user", row["prompt"]),), identifier.identify) == row["language"]] += 1
    assert found[True] > 0.99 * found.total()


def test_official_verdicts_on_the_language_of_replies(identifier: Identifier) -> None:
    found = Counter[str]()
    for row in rows("m_ifeval_responses", 1):
        for name, arguments, strict in zip(row["instruction_id_list"], row["kwargs"], row["strict"], strict=True):
            # The official check of Chinese knows "zh-cn" alone and fails every reply that is asked for as "zh".
            if name.endswith("language:response_language") and arguments["language"] != "zh":
                observer = LanguageMismatch(identifier).observe(
                    Instruction((), row["language"], ExpectedLanguage(arguments["language"], Origin.REQUESTED))
                )
                assert observer is not None
                observer.feed(row["response"] or "")
                mine = observer.close(complete=True)[0].verdict
                found["doubt" if mine is Verdict.ABSTAIN else str((mine is Verdict.PASS) == strict)] += 1
    assert found["True"] > 0.9 * found.total()
    assert found["False"] < 0.06 * found.total()
