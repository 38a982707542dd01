"""The Language Confusion Benchmark's rule on single replies."""

from __future__ import annotations

import pytest

from diagnostics.language.identify import Identifier
from diagnostics.language.passrates import Passes, PassRule, counted_lines


@pytest.fixture(scope="module")
def rule(identifier: Identifier) -> PassRule:
    return PassRule(identifier)


GERMAN = "Das ist ein ganz gewöhnlicher Satz.\nUnd hier steht noch ein zweiter Satz."
RUSSIAN = "Это самое обычное предложение на русском языке.\nА вот здесь стоит ещё одно такое предложение."
CHINESE = "我们今天一起去图书馆看书，然后去公园散步。"


@pytest.mark.parametrize(
    ("reply", "language", "passes"),
    [
        (GERMAN, "de", Passes(line=True)),
        (GERMAN, "de-AT", Passes(line=True)),
        (GERMAN, "fr", Passes(line=False)),
        (GERMAN + "\nThis line was written in plain English.", "de", Passes(line=False)),
        (GERMAN + "\nPlain English.", "de", Passes(line=True)),  # too short to count
        (GERMAN + "\nQ: What is written in plain English after that?", "de", Passes(line=True)),
        (RUSSIAN, "ru", Passes(line=True, word=True)),
        (RUSSIAN + "\nМы просто любим machine в этом предложении.", "ru", Passes(line=True, word=False)),
        (RUSSIAN + "\nМы просто любим Machine и API в этом тексте.", "ru", Passes(line=True, word=True)),
        (RUSSIAN + "\nМы просто любим machineи в этом предложении.", "ru", Passes(line=True, word=True)),
        (CHINESE, "zh", Passes(line=True, word=True)),
        (CHINESE + "我们写blog文章给朋友们看。", "zh", Passes(line=True, word=False)),
        (RUSSIAN, "zh", Passes(line=False)),
        ("", "de", Passes()),
        ("Ja.", "de", Passes()),
        ("- - - - - -\n* * * * * *", "ru", Passes()),
    ],
)
def test_replies(rule: PassRule, reply: str, language: str, passes: Passes) -> None:
    assert rule.judge(reply, language) == passes


def test_lines_of_five_tokens_count_without_their_punctuation() -> None:
    assert counted_lines("Eins zwei drei vier\na, b. c! (d) e—f # «g» ،h", "de") == ["a b c d e f  «g» h"]


@pytest.mark.parametrize(
    ("line", "language", "counts"),
    [
        ("我们今天去公园散步", "zh", True),
        ("我们去公园", "zh", False),
        ("私たちは今日本を読む", "ja", True),
        ("お茶です", "ja", False),
        ("오늘은 날씨가 참 좋습니다", "ko", False),
    ],
)
def test_characters_make_up_the_tokens_of_scripts_without_blanks(line: str, language: str, counts: bool) -> None:
    assert bool(counted_lines(line, language)) is counts


def test_a_line_in_doubt_passes_by_its_script_or_its_likelier_language(rule: PassRule) -> None:
    assert rule.passes("我们今天一起去图书馆看书 and library", "zh")
    assert not rule.passes("我们 went together to the library in order to read a book today", "zh")
    assert not rule.passes("This line was written in plain English", "de")


@pytest.mark.parametrize(
    "reply", ["\0" * 100_000, "a" * 1_000_000, "\ud800 " * 9_000, "\n" * 100_000, "a b c d e\n" * 9_000]
)
def test_hostile_replies_are_judged_too(rule: PassRule, reply: str) -> None:
    assert rule.judge(reply, "ru").line in (False, None)
    rule.judge(reply, "not a language")
