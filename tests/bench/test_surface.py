"""The flaws that the bench puts into texts are there, and sound texts have none."""

from __future__ import annotations

import random

import pytest

from bench.surface import SPOILS, Answer, found, wanting

TEXT = {
    "de": "Für die größeren Bäume übernimmt das Grünflächenamt die Pflege, sobald der Frühling kommt. "
    "Bis dahin bleibt der Garten zu.",
    "ru": "Съешь ещё этих мягких французских булок, да выпей чаю. А потом расскажи нам всё по порядку: где ты был, "
    "кого видел и что узнал.",
}


@pytest.mark.parametrize(("language", "text"), TEXT.items())
def test_the_texts_are_sound(language: str, text: str) -> None:
    assert found(Answer("", text, wanting(language))) == []


@pytest.mark.parametrize("title", SPOILS)
def test_what_is_put_in_is_found(title: str) -> None:
    name, spoil = SPOILS[title]
    spoilt = [
        (language, spoil(Answer("", text, wanting(language)), random.Random(1))) for language, text in TEXT.items()
    ]
    flawed = [Answer("", text, wanting(language)) for language, text in spoilt if text is not None]
    assert flawed
    for answer in flawed:
        assert name in {flaw.name for flaw in found(answer)}
