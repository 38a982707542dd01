from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.modifiers.phrase import places, spelled


def count(text, phrase):
    return len(list(places(spelled(text), spelled(phrase))))


@pytest.mark.parametrize(
    ("text", "phrase", "number"),
    [
        ("War! war, post-war", "war", 3),
        ("wars warm toward 2war war2", "war", 0),
        ("_war_ *war* `war`", "war", 3),
        ("l'étoile, l’ÉTOILE", "étoile", 2),
        ("New\n  York, new york", "New York", 2),
        ("e\u0301te\u0301", "été", 1),
        ("cafe\u0301", "cafe", 0),
        ("don’t", "don't", 1),
        ("C++ and c++, C", "C++", 2),
        ("毎日お茶を飲む。お茶！", "お茶", 2),
        ("ดื่มชาร้อน", "ชา", 1),
        ("학교에서 초등학교", "학교", 1),
        ("a.b a+b", "a.b", 1),
        ("tea tea tea", "tea tea", 1),
        ("STRASSE", "Straße", 1),
        ("İSTANBUL", "istanbul", 1),
        ("", "tea", 0),
    ],
)
def test_places(text, phrase, number):
    assert count(text, phrase) == number


def test_places_are_where_the_phrase_is():
    text = spelled("tea, steam, Tea")
    assert [text[start:end] for start, end in places(text, "tea")] == ["tea", "tea"]


@given(st.text(), st.text(min_size=1))
def test_any_text(text, phrase):
    found = list(places(spelled(text), spelled(phrase)))
    assert all(left[1] <= right[0] for left, right in pairwise(found))


@pytest.mark.parametrize("text", ["\u0301\u0316" * 50_000, "a" * 200_000, "é" * 200_000, " " * 200_000], ids=range(4))
def test_hostile_texts_end(text):
    assert count(text, "a" * 400 + "b") == 0
