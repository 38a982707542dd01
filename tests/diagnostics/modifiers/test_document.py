import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.modifiers.document import LONGEST_WAY_IN, around, begins, place_in

START = re.compile(r"\[")


def test_a_document_begins_within_the_first_characters():
    way = "x" * (LONGEST_WAY_IN - 1)
    assert begins("", START)
    assert begins(way, START)
    assert begins(way + "[", START)
    assert not begins(way + "x", START)
    assert not begins(way + "x[", START)
    assert begins(" \n" * LONGEST_WAY_IN, START)
    assert begins(" \n" * LONGEST_WAY_IN + "[" + "x" * LONGEST_WAY_IN, START)


@given(st.text("x [\n"), st.integers(0, 40), st.integers(0, 3000))
def test_what_comes_too_late_stays_too_late(piece, times, cut):
    reply = piece * times
    assert begins(reply[:cut], START) or not begins(reply, START)


@pytest.mark.parametrize(
    ("reply", "how"),
    [
        ("[1]", ""),
        ("\n[1]\n", ""),
        ("```json\n[1]\n```", "in a code fence"),
        ("Voici :\n~~~\n[1]\n~~~", "in a code fence, after a line that leads in"),
        ("以下：\n[1]", "after a line that leads in"),
        ("Sure. [1]", "with text before it"),
        ("[1]\nDone.", "with text after it"),
        ("A.\nB:\n[1]\nDone.", "with text before and after it"),
        ("```\n[1]", "in a code fence"),
    ],
)
def test_what_stands_around_a_document(reply, how):
    assert around(reply, "[1]") == how


def test_places_are_counted_from_one():
    assert place_in("ab\ncd", 0) == "line 1, column 1"
    assert place_in("ab\ncd", 4) == "line 2, column 2"
    assert place_in("ab\ncd", 5) == "line 2, column 3"
