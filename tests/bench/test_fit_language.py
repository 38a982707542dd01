"""The fit of the language score: the right weights where they are known, and rows filed wrongly do not matter."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bench.fit_language import Example, fit, logistic, snippets


def drawn(count: int, strays: float) -> list[Example]:
    """Trials whose odds are those of z = 0.5 + 1.0 W + 0.4 N; of ``strays`` the label is turned round."""
    draw = random.Random(5)
    made = []
    for _ in range(count):
        words, ngrams = draw.uniform(-8, 8), draw.uniform(-8, 8)
        right = draw.random() < 1 / (1 + np.exp(-(0.5 + words + 0.4 * ngrams)))
        made.append(Example(4, words, ngrams, bool(right) ^ (draw.random() < strays)))
    return made


def test_the_logistic_finds_the_weights_it_was_drawn_with() -> None:
    examples = drawn(20_000, 0.0)
    features = np.array([[1.0, e.words, e.ngrams] for e in examples])
    found = logistic(features, np.array([e.right for e in examples]))
    assert found[1:] == pytest.approx([1.0, 0.4], abs=0.1)  # both classes weigh the same: the bias is another


def test_strays_do_not_pull_the_weights_to_nothing() -> None:
    trimmed = fit(drawn(20_000, 0.002), words=True)
    examples = drawn(20_000, 0.002)
    features = np.array([[1.0, e.words, e.ngrams] for e in examples])
    plain = logistic(features, np.array([e.right for e in examples]))
    assert trimmed.words > plain[1]
    assert trimmed.words > 0.9


def test_ngrams_alone_have_no_weight_for_words() -> None:
    assert fit(drawn(2_000, 0.0), words=False).words == 0.0


def test_snippets_have_their_length() -> None:
    rows = [
        {"language": "de", "kind": "sentences", "text": "eins zwei drei vier fünf sechs sieben acht neun zehn elf"},
        {"language": "de", "kind": "word-pairs", "text": "eins zwei"},
        {"language": "en", "kind": "sentences", "text": "one two"},
    ]
    draw = random.Random(1)
    assert [len(text.split()) for text in snippets(rows, "de", 10, draw)] == [10]
    assert next(len(text.split()) for text in snippets(rows, "de", 4, draw)) in (3, 4, 5)
    assert list(snippets(rows, "de", 2, draw)) == ["eins zwei"]
    assert list(snippets(rows, "en", 10, draw)) == []
