import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.numbered import Numbered


@pytest.mark.parametrize(
    "reply",
    [
        "1. a\n2. b",
        "Tea:\n\n 1) a\n 2) b\n",
        "1.お茶\n2.牛乳",
        "１．茶\n２．奶",
        "1. a\n   1. b",
        "1. a\n\n1. b\n1.5 l",
    ],
)
def test_two_bare(reply):
    outcome = Numbered(2).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize("reply", ["**1.** a\n**2.** b", "### 1. a\n### 2. b", "**1. a**\n**2. b**", "> 1. a\n> 2. b"])
def test_two_unwrapped(reply):
    assert Numbered(2).check(reply, True).form == Numbered().check(reply, True).form == "unwrapped"


@pytest.mark.parametrize(
    "reply", ["", "a", "- a\n- b", "1990. a\n1991. b", "1.5 l\n2.5 l", "1. \n2. ", "1 a\n2 b", "#1. a"]
)
def test_none(reply):
    assert Numbered().check(reply, True).explanation == "no numbered items; a list has at least 2"


def test_counts_in_the_explanation():
    assert Numbered(3).check("1. a\n2. b", True).explanation == "2 numbered items, 3 asked for"
    assert Numbered(1).check("1. a\n2. b", True).score == 0


def test_cut_short():
    assert Numbered(2).check("1. a\n2. b", False).verdict is Verdict.ABSTAIN
    assert Numbered(2).check("1. a\n2. b\n3. c", False).verdict is Verdict.FAIL
    assert Numbered().check("1. a\n2. b", False).verdict is Verdict.PASS


@pytest.mark.parametrize("reply", ["1" * 200_000, "> " * 100_000, "1. " * 60_000, "#" * 200_000, "*" * 200_000])
def test_hostile_replies_end(reply):
    assert Numbered(3).check(reply, True).verdict is Verdict.FAIL
