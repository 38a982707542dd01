"""Alarms while a reply streams: soft after a few words, hard after a few lines, none where the reply is right."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.core import Alarm
from diagnostics.language.early import HARD, HARD_CROSSLINGUAL, LONGEST, EarlyTest
from diagnostics.language.identify import Identifier
from diagnostics.language.profiles import SCRIPTS, fold

SENTENCES: dict[str, str] = tomllib.loads((Path(__file__).parent / "sentences.toml").read_text("utf-8"))
EN, DE = SENTENCES["en"], SENTENCES["de"]
OTHERS = [tag for tag in SENTENCES if tag != "en"]


def watch(
    identifier: Identifier, text: str, expected: str, instruction: str | None = None, pieces: list[str] | None = None
) -> EarlyTest:
    test = EarlyTest(identifier, expected, instruction)
    for piece in pieces or [text]:
        test.feed(piece)
    test.close()
    return test


@pytest.mark.parametrize("tag", OTHERS)
def test_right_replies_raise_none(identifier: Identifier, tag: str) -> None:
    for text in (SENTENCES[tag], f"# {SENTENCES[tag]}\n\n" * 8, f"```\nthe code is here\n```\n{SENTENCES[tag]}"):
        found = watch(identifier, text, tag, tag)
        assert (found.soft, found.hard) == (None, None)


@pytest.mark.parametrize("tag", OTHERS)
def test_english_is_called_within_a_few_words(identifier: Identifier, tag: str) -> None:
    found = watch(identifier, EN, tag, tag)
    assert found.soft is not None
    assert (found.soft.language, found.soft.hard) == ("en", False)
    latin = "Latin" in SCRIPTS.get(fold(tag, "Latin"), ("Latin",))
    assert found.soft.characters <= (60 if latin else 30)
    assert EN[: found.soft.characters].split() == EN.split()[: len(EN[: found.soft.characters].split())]  # whole words


@pytest.mark.parametrize("tag", OTHERS)
def test_right_replies_are_soon_clear_and_wrong_ones_never(identifier: Identifier, tag: str) -> None:
    right, wrong = EarlyTest(identifier, tag, tag), EarlyTest(identifier, tag, tag)
    right.feed(SENTENCES[tag][:80])
    assert right.is_clear
    for char in EN:
        wrong.feed(char)
        assert not wrong.is_clear


def test_what_no_engine_knows_is_clear_from_the_start(identifier: Identifier) -> None:
    assert EarlyTest(identifier, "tlh", "en").is_clear


def test_a_hard_alarm_waits_until_an_opening_would_be_over(identifier: Identifier) -> None:
    text = " ".join([EN] * 6)
    mono, cross = watch(identifier, text, "de", "de"), watch(identifier, text, "de", "en")
    unknown = watch(identifier, text, "de", None)
    assert mono.hard is not None
    assert cross.hard is not None
    assert unknown.hard == cross.hard
    assert HARD <= mono.hard.characters < HARD + 30
    assert HARD_CROSSLINGUAL <= cross.hard.characters < HARD_CROSSLINGUAL + 30


def test_an_opening_in_english_is_no_hard_alarm(identifier: Identifier) -> None:
    opening = "Sure! Here is the short text in German that you asked me for:\n\n"
    found = watch(identifier, opening + DE * 5, "de", "en")
    assert found.soft is not None
    assert found.hard is None


def test_after_an_announcement_the_count_begins_anew(identifier: Identifier) -> None:
    opening = "Sure! Here is the short text in German that you asked me for:\n"
    found = watch(identifier, opening + " ".join([EN] * 6), "de", "de")
    assert found.hard is not None
    assert found.hard.characters >= len(opening) + HARD


def test_another_script_than_either_is_called(identifier: Identifier) -> None:
    found = watch(identifier, "我们今天去市场买面包，然后回家做饭。", "de", "de")
    assert found.soft is not None
    assert found.soft.language == "zh"


def test_the_language_of_the_instruction_is_called(identifier: Identifier) -> None:
    found = watch(identifier, SENTENCES["fr"], "de", "fr")
    assert found.soft is not None
    assert found.soft.language == "fr"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "42",
        "Microsoft",
        "```python\nfor each in the_list:\n    print('this is the first one of them all')\n```",
        "`the quick brown fox jumps over`",
        "<div class='the first one of them'>",
        "https://example.org/this/is/the/page/that/you/want",
        '{"the first key of all": 1, "and the second one that is here": {"what is this": 2}}',
        "Angela Merkel, Barack Obama, Emmanuel Macron",
    ],
)
@pytest.mark.parametrize("tag", ["de", "ru", "ja", "sw"])
def test_what_is_no_prose_raises_none(identifier: Identifier, text: str, tag: str) -> None:
    assert watch(identifier, text, tag, tag).soft is None


def test_the_values_of_json_are_read(identifier: Identifier) -> None:
    found = watch(identifier, '{"Titel": "Here is what they said about it, and that was all", "n": 1}', "de", "de")
    assert found.soft is not None
    assert watch(identifier, f'{{"the title of it": ["{DE}", "{DE}"]}}', "de", "de").soft is None


def test_json_over_several_lines_is_read_too(identifier: Identifier) -> None:
    found = watch(identifier, '[\n{\n"a": [\n"Here is what they said about it, and that was all"\n]}]', "hi", "en")
    assert found.soft is not None


@pytest.mark.parametrize(
    "text",
    [
        'Der Roman "The Old Man and the Sea" erzählt von einem Fischer.',
        "Tokoyami (known as Tsukuyomi in his hero persona) ist eine Figur der Serie.",
        "„The Return of the King“ war der letzte Film der Reihe.",
    ],
)
def test_titles_and_glosses_raise_none(identifier: Identifier, text: str) -> None:
    assert watch(identifier, text, "de", "de").soft is None


def test_an_unknown_language_raises_none(identifier: Identifier) -> None:
    assert watch(identifier, EN * 10, "mi", "en").soft is None


TEXT = f"`the code` <b>{EN[:40]}</b>\n```py\nthe = 1\n```\nhttps://a.b/the {EN} it's: {EN}\nund {DE} {EN}"


@settings(max_examples=80, deadline=None)
@given(cuts=st.lists(st.integers(0, len(TEXT)), max_size=30), tag=st.sampled_from(["de", "ru", "sw", "ja"]))
def test_any_way_of_cutting_gives_the_same_alarms(identifier: Identifier, cuts: list[int], tag: str) -> None:
    pieces = [TEXT[a:b] for a, b in pairwise([0, *sorted(cuts), len(TEXT)])]
    whole, cut = watch(identifier, TEXT, tag, "en"), watch(identifier, TEXT, tag, "en", pieces)
    assert (cut.soft, cut.hard) == (whole.soft, whole.hard)


def test_an_alarm_needs_only_what_came_before_it(identifier: Identifier) -> None:
    for tag in ("de", "ru", "sw", "ja"):
        soft = watch(identifier, EN, tag, tag).soft
        assert soft is not None
        test = EarlyTest(identifier, tag, tag)
        test.feed(EN[: soft.characters])
        assert test.soft is None  # the last word might go on
        test.feed(EN[soft.characters])
        assert test.soft == soft == Alarm("en", soft.characters)


def test_the_test_is_over_at_some_point(identifier: Identifier) -> None:
    for text in ("x " * LONGEST, EN * 20, DE * 20, "`" * 5_000, "a" * 100_000):
        test = EarlyTest(identifier, "de", "de")
        test.feed(text)
        assert test.is_over
