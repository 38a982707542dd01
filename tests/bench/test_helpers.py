"""What the figures are made with: cutting, splicing, thresholds."""

from __future__ import annotations

import random

import pytest

from bench.language.data import DATA
from bench.language.engines import installed, is_latin, missing
from bench.language.lengths import power
from bench.language.mixing import finds, plain_runs, splice
from bench.language.snippets import cut, groups
from bench.language.streaming import Alarms, merged
from bench.language.tables import counted, percent, quantile
from diagnostics.core import ForeignRun, LanguageFinding, Verdict


def test_power_is_taken_at_the_highest_threshold_that_keeps_to_the_rate() -> None:
    own = [float(each) for each in range(1000)]
    assert power(own, [-1.0, 0.5, 0.5, 5.0], 0.001) == 0.75  # below 1: one own text in a thousand is
    assert power(own, [-1.0, 0.5, 0.5, 5.0], 0.0) == 0.25


def test_equal_margins_catch_nothing() -> None:
    assert power([0.0] * 10, [0.0] * 10, 0.1) == 0.0


def test_quantiles_are_values_that_occur() -> None:
    values = list(range(1, 101))
    assert [quantile(values, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert quantile([7], 0.5) == 7


def test_cuts_end_at_words_and_are_always_the_same() -> None:
    text = "one two three four five six seven"
    piece = cut(text, "en", 3, random.Random(5))
    assert f" {piece} " in f" {text} "
    assert len(piece.split()) == 3
    assert piece == cut(text, "en", 3, random.Random(5))
    assert cut("one two", "en", 5, random.Random(1)) == "one two"


def test_text_without_spaces_is_cut_by_characters() -> None:
    assert len(cut("我们今天一起去图书馆看书", "zh", 3, random.Random(1))) == 6


def test_spliced_words_lie_where_the_span_says() -> None:
    mixed, (start, end) = splice("eins zwei drei vier", ["two", "words"], random.Random(3))
    assert mixed[start:end] == "two words"
    assert mixed.split()[0] == "eins"
    assert mixed.split()[-1] == "vier"


@pytest.mark.parametrize(
    ("language", "span", "found"),
    [
        ("en", (10, 20), True),
        ("en", (10, 15), True),
        ("en", (10, 14), False),
        ("en", (20, 30), False),
        ("fr", (10, 20), False),
    ],
)
def test_a_run_is_found_when_half_of_it_is_covered(language: str, span: tuple[int, int], found: bool) -> None:
    finding = LanguageFinding(verdict=Verdict.PASS, foreign_words=(ForeignRun(language, span, 3),))
    assert finds(finding, (10, 20)) is found


def test_names_and_numbers_are_no_plain_words() -> None:
    assert plain_runs("In 1999 Anna and her well-known brother, left", 3) == [
        ["and", "her", "well-known"],
        ["her", "well-known", "brother,"],
        ["well-known", "brother,", "left"],
    ]
    assert plain_runs("two words", 3) == []


def test_alarms_add_up() -> None:
    one, other = Alarms(), Alarms()
    one.add(LanguageFinding(verdict=Verdict.FAIL, soft_mismatch=20, hard_mismatch=200), "text", ())
    other.add(LanguageFinding(verdict=Verdict.PASS), "text", ())
    both = merged([one, other])
    assert (both.streams, both.soft, both.undoubted, both.hard) == (2, [20], 1, [200])


def test_figures_are_shown_plainly() -> None:
    assert (percent(1, 3), percent(0, 0)) == ("33.3", "-")
    assert counted({"b": 1, "a": 1, "c": 3, "d": 0}) == "c 3 a 1 b 1"


@pytest.mark.parametrize(
    ("text", "latin"), [("Straße", True), ("большой house", False), ("42", False), ("tiếng Việt", True)]
)
def test_latin_letters(text: str, latin: bool) -> None:
    assert is_latin(text) is latin


def test_every_peer_is_either_installed_or_named_as_missing() -> None:
    engines = installed()
    assert len(engines) + len(missing()) >= 4
    for engine in engines:
        scores = engine.scores("Das ist ein ganz gewöhnlicher Satz, den jeder versteht.")
        assert max(scores, key=scores.__getitem__) == "de", engine.name
        assert engine.margin("This line was written in plain English, as you see.", "de") < 0, engine.name
        assert engine.best("\ud800\0 ein ganz gewöhnlicher Satz, den jeder versteht") == "de", engine.name


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data are not here")
def test_languages_by_script_and_word_list() -> None:
    found = groups(DATA)
    assert (found["de"], found["af"], found["ru"]) == ("Latin, word list", "Latin, no list", "other scripts")
