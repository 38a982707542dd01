"""Marks that mean the same in every language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.reading.fold import fold
from diagnostics.reading.marks import marks


def found(text: str) -> list[tuple[str, str]]:
    folded = fold(text)
    return [(folded[token.start : token.end], token.concept) for token in marks(folded)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("ab.cd. Ef", [(".", "stop")]),
        ("Hi! Why? so;", [("!", "stop"), ("?", "stop"), (";", "stop")]),
        ("你好。वह। یہ۔", [("。", "stop"), ("।", "stop"), ("۔", "stop")]),
        ("x, y: z", [(",", "comma"), (":", "colon")]),
        ("a - b, a-b", [("-", "comma"), (",", "comma")]),
        ("max. 280, z. B. so", [("280", "number"), (",", "comma")]),
        ("the letter n. Begin, d. h. start", [(".", "stop"), (",", "comma")]),
        ("300 words", [("300", "number")]),
        ("300+ words", [("300+", "number")]),
        ("1,200 or 1.200", [("1,200", "number"), ("1.200", "number")]),
        ("3.5 and 12345678 and 25%", [("3.5", "figure"), ("12345678", "figure"), ("25", "figure")]),
        ("a 3a, 30 °C, but 3x", [("3", "figure"), (",", "comma"), ("30", "figure"), (",", "comma"), ("3", "number")]),
        ("٣٠٠ and 三", [("300", "number")]),
        ("** *** ******", [("***", "stars"), ("******", "stars")]),
        ("<<title>> <b>", [("<<title>>", "angles")]),
        ("[name] []", [("[name]", "bracket")]),
        ("##title## ## b ## #tag", [("##title##", "hashes")]),
        ("--> -> =>", [("-->", "arrow"), ("->", "arrow"), ("=>", "arrow")]),
        ("```json", [("```", "ticks")]),
        ("P.S. and p. p. s. but Mp.S", [("p.s.", "postscript"), ("p. p. s.", "postscript")]),
    ],
)
def test_marks(text, tokens):
    assert found(text) == tokens


def test_the_value_of_a_number_is_its_digits():
    assert [token.value for token in marks("1,200 and 300+ or 7")] == ["1200", "300+", "7"]


@given(st.text(alphabet="p.s ,:*<>[]`-=0123456789\n《》【】。", max_size=60))
def test_marks_are_in_order_and_do_not_overlap(text):
    folded = fold(text)
    at = 0
    for token in marks(folded):
        assert at <= token.start < token.end <= len(folded)
        at = token.end
