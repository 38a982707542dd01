"""See also the examples of the signal, which ``test_base`` tries."""

import random

import pytest

from diagnostics.surface.base import PIECE
from diagnostics.surface.repetition import LEAST, LEAST_WITHOUT_WORDS, TIMES

WORDS = [
    "der",
    "die",
    "das",
    "ein",
    "Haus",
    "Baum",
    "See",
    "Tag",
    "geht",
    "steht",
    "liegt",
    "groß",
    "klein",
    "und",
    "oder",
]


def prose(length: int) -> str:
    draw = random.Random(3)
    text = ""
    while len(text) < length:
        text += draw.choice(WORDS) + draw.choice([" ", " ", ", ", ".\n"])
    return text[:length]


@pytest.mark.parametrize("before", [0, 30, 1000, PIECE - 1, PIECE, 3 * PIECE + 77])
@pytest.mark.parametrize("period", [1, 2, 7, 40, 49, 300, 1000])
@pytest.mark.parametrize("tail", [0, 3])
def test_a_loop_is_found_with_its_beginning(find, before, period, tail):
    opening = prose(before) + "§" if before else ""
    unit = ("Q" + prose(5000)[700:])[:period]
    loop = unit * (max(TIMES * period, LEAST) // period + 5) + unit[:tail]
    (found,) = find(opening + loop)
    assert found.span == (len(opening), len(opening) + len(loop))
    assert f"{period} characters each" in found.explanation


@pytest.mark.parametrize("length", [500, PIECE, 5 * PIECE, 60_000])
def test_prose_is_no_loop(find, length):
    assert find(prose(length)) == []


@pytest.mark.parametrize("unit", ["-", "= ", "| ", "0, ", "|---|"])
def test_what_has_no_letters_may_go_on_for_longer(find, unit):
    assert find("A\n" + unit * (LEAST_WITHOUT_WORDS // len(unit) - 5)) == []
    assert len(find("A\n" + unit * (LEAST_WITHOUT_WORDS // len(unit) + 5))) == 1


def test_a_long_loop_in_the_middle_is_found_and_a_short_one_is_not(find):
    unit = "immer wieder das "
    long = unit * (2 * PIECE // len(unit))
    (found,) = find(f"Also:\n{long}\n{prose(900)}")
    assert found.span == (6, 6 + len(long))
    assert find(f"Also:\n{unit * 15}\n{prose(900)}") == []


def test_lines_that_differ_in_their_number_only(find):
    lines = "".join(f"{number}. Trinken Sie viel Wasser.\n" for number in range(1, 12))
    (found,) = find(f"{prose(300)}\n{lines}")
    assert found.span == (301, 301 + len(lines))
    pairs = "".join(f"{number}) {('Wasser trinken', 'Obst und Gemüse essen')[number % 2]}\n" for number in range(1, 25))
    assert len(find(f"{prose(300)}\n{pairs}")) == 1


def test_what_was_asked_for_is_no_loop(find):
    loop = "Ich rede nicht im Unterricht.\n" * 50
    assert len(find(loop)) == 1
    assert find(loop, "Schreibe 50-mal: Ich rede nicht im Unterricht.") == []
    assert len(find("ha" * 200, "Ha?")) == 1


@pytest.mark.parametrize("run", [10, 60, 150, 190])
def test_a_tail_made_of_a_shorter_period_does_not_hide_the_longer_one(find, run):
    unit = "b" + "a" * run
    (found,) = find("xyz" + unit * 30)
    assert found.span == (3, 3 + 30 * len(unit))


@pytest.mark.parametrize("code", [100, PIECE - 300, 2 * PIECE - 300, 3 * PIECE])
def test_code_may_go_on_for_longer_and_what_follows_it_may_not(find, code):
    loop = "immer wieder das " * 20
    assert len(find(f"```\n{prose(code)}\n```\nAlso: {loop}")) == 1
    assert find(f"```\n{prose(code)}\n{loop}") == []
