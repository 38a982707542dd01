"""Names without quotes: where they begin and end beside the word that names them."""

from __future__ import annotations

import pytest

from diagnostics.reading import names
from diagnostics.reading.fold import fold, origins
from diagnostics.reading.scanner import Token
from diagnostics.reading.statement import Prompt, Statement, Traits


def statement(text: str, traits: Traits, *tokens: tuple[str, str]) -> Statement:
    """A sentence with these tokens: what is said, and its concept."""
    folded = fold(text)
    places = [(folded.index(said), said, concept) for said, concept in tokens]
    heard = [Token(start, start + len(said), concept, "") for start, said, concept in places]
    heard = sorted(heard) or [Token(0, 1, "word", "")]
    return Prompt(text, folded, origins(text, folded), heard, traits).statement(0)


def shown(sentence: Statement, place: tuple[int, int] | None) -> str | None:
    return sentence.prompt.written(*place) if place else None


EDGED = Traits(edges=frozenset({"should", "in", "the"}), endings=("da",))


@pytest.mark.parametrize(
    ("text", "traits", "name"),
    [
        ("word green tea should", Traits(), "green"),
        ("word green tea should", EDGED, "green tea"),
        ("word green tea, milk", EDGED, "green tea"),
        ("word in should", EDGED, "in"),
        ("word one that goes on and on", EDGED, "one"),
        ("word green", EDGED, "green"),
        ("word tea는 good", Traits(particles=("는",)), "tea"),
        ("word 차는 good", Traits(particles=("는",)), "차"),
        ("คำว่าชาควรมี", Traits(spaced=False, edges=frozenset({"ควร"})), "ชา"),
        ("คำว่าชา ใน", Traits(spaced=False, edges=frozenset({"ควร"})), "ชา"),
    ],
)
def test_a_name_after_its_noun(text, traits, name):
    sentence = statement(text, traits)
    start = len("คำว่า") if text.startswith("คำว่า") else len("word")
    assert shown(sentence, names.after(sentence, start, sentence.end)) == name


@pytest.mark.parametrize(
    ("text", "traits", "name"),
    [
        ("use green tea word", Traits(), "tea"),
        ("the green tea word", EDGED, "green tea"),
        ("raporda green tea word", EDGED, "green tea"),
        ("use the word", EDGED, None),
        ("茶という word", Traits(spaced=False, suffixes=("という",)), "茶"),
        ("回答に食べ物 word", Traits(spaced=False, edges=frozenset({"に"})), "食べ物"),
        ("はな word", Traits(spaced=False, edges=frozenset({"は"})), "はな"),
    ],
)
def test_a_name_before_its_noun(text, traits, name):
    sentence = statement(text, traits)
    assert shown(sentence, names.before(sentence, 0, text.index(" word"))) == name


def test_a_word_with_a_meaning_ends_a_name_of_several():
    sentence = statement("word green tea appears", EDGED, ("appears", "include"))
    assert shown(sentence, names.after(sentence, 4, sentence.end)) == "green tea"
    sentence = statement("reply green tea word", EDGED, ("reply", "response"))
    assert shown(sentence, names.before(sentence, 0, 15)) == "green tea"


@pytest.mark.parametrize(
    ("text", "traits", "items"),
    [
        ("tea (hot), milk", Traits(), ["tea", "milk"]),
        ("شاي، وردة، وسكر", Traits(conjunction="و"), ["شاي", "وردة", "سكر"]),
        ("녹차와 우유", Traits(spaced=False, joiners=("와",)), ["녹차", "우유"]),
        ("와인", Traits(spaced=False, joiners=("와",)), ["와인"]),
        ("紅茶と牛乳", Traits(spaced=False, joiners=("と",)), ["紅茶", "牛乳"]),
        ("いとこ", Traits(spaced=False, joiners=("と",)), ["いとこ"]),
        ("tea和milk", Traits(spaced=False, joiners=("和",)), ["tea", "milk"]),
    ],
)
def test_pieces_of_a_list(text, traits, items):
    sentence = statement(text, traits, *((mark, "comma") for mark in {*text} & {","}))
    found = [shown(sentence, piece).strip("، ") for piece in names.pieces(sentence, 0, len(text))]
    assert [item for each in found for item in each.split("، ") if item] == items
