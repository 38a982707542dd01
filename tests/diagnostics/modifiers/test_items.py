import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.items import Items


@pytest.mark.parametrize(
    "reply",
    [
        "- a\n- b",
        "* a\n* b",
        "+ a\n+ b",
        "1. a\n2. b",
        "1) a\n2) b",
        "(1) a\n(2) b",
        "• a\n• b",
        "・a\n・b",
        "① 茶\n② 水",
        "1、茶\n2、水",
        "1.茶\n2.水",
        "Here:\n\n- a\n\n  more\n\n- b\n\nDone.",
        "- a\n  - x\n\t1. y\n- b",
        "1. a\n- x\n- y\n2. b",
        "  - a\n    - x\n  - b",
        "- a\n```\n- no\n- item\n```\n- b",
        "- a\n---\n- b",
        "* **a**: x\n* **b**: y",
    ],
)
def test_two_items(reply):
    assert Items(2).check(reply, True).form == "bare"
    assert Items(3).check(reply, True).explanation == "2 list items, 3 asked for"
    assert Items(2).check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply",
    [
        "### 1. a\n- x\n### 2. b\n- y",
        "**1. a**\nx\n**2. b**",
        "> - a\n> - b",
        "```\n- a\n- b\n```",
        "a\nb",
        "**1.** a\n**2.** b",
    ],
)
def test_unwrapped(reply):
    assert Items(2).check(reply, True).form == "unwrapped"


@pytest.mark.parametrize(
    "reply", ["", "a, b", "---\n***", "-5\n-6 °C\n7", "1990. a\n2.5 l\n3", "**a**\n\nb\n\nc", "-- a\n-- b\nc", "— a, b"]
)
def test_no_items(reply):
    assert Items(2).check(reply, True).verdict is Verdict.FAIL


def test_lines_without_marks_must_look_like_items():
    assert Items(2).check("So:\na", True).verdict is Verdict.FAIL
    assert Items(2).check("a\n" + "b" * 121, True).verdict is Verdict.FAIL


def test_relations_and_score():
    reply = "- a\n- b\n- c"
    assert Items(2, "at least").check(reply, True).verdict is Verdict.PASS
    assert Items(2, "at most").check(reply, True).score == 0.5
    assert Items(4, "less than").check(reply, True).verdict is Verdict.PASS
    assert Items(3, "at most").check("a", True).verdict is Verdict.FAIL, "no list at all"


def test_cut_short():
    assert Items(1).check("- a\n- b\n", False).verdict is Verdict.FAIL
    assert Items(1).check("- a\n- b", False).verdict is Verdict.ABSTAIN
    assert Items(1).check("  - a\n  - b\n", False).verdict is Verdict.ABSTAIN, "they may be below one to come"


@pytest.mark.parametrize("arguments", [{}, {"num_items": 0}, {"num_items": 2, "relation": "some"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Items)


@pytest.mark.parametrize(
    "reply",
    ["- " * 100_000, "-" * 200_000, "- a\n" * 50_000, " " * 200_000, "*" * 200_000, "```\n" * 50_000, "1" * 200_000],
)
def test_hostile_replies_end(reply):
    assert Items(3).check(reply, True).verdict is Verdict.FAIL
