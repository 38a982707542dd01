"""Our tables say of any text what py3langid says, to the last bit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from diagnostics.language.naive_bayes import NaiveBayes

SENTENCES = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))

ODD = ("", " ", "7", "\x00", "\ud800", "e\u0301", "JA", "HIER STEHT ALLES GROSS", "\n\n- \n", "\U0010ffff" * 50)


@pytest.fixture(scope="module")
def reference() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.fixture(scope="module")
def ours() -> NaiveBayes:
    return NaiveBayes.load()


def test_labels(ours: NaiveBayes, reference: LanguageIdentifier) -> None:
    assert ours.labels == frozenset(reference.labels)


@pytest.mark.parametrize("text", [*SENTENCES.values(), " ".join(SENTENCES.values()), *ODD])
def test_sentences(ours: NaiveBayes, reference: LanguageIdentifier, text: str) -> None:
    for part in (text, text[:20], text[30:70], text.upper()):
        assert ours.rank(part) == reference.rank(part)
        assert ours.classify(part) == reference.classify(part)


@given(text=st.text(max_size=60))
def test_anything(ours: NaiveBayes, reference: LanguageIdentifier, text: str) -> None:
    assert ours.rank(text) == reference.rank(text)
    assert ours.classify(text) == reference.classify(text)
