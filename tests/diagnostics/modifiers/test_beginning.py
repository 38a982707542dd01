import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.beginning import Beginning


@pytest.mark.parametrize(
    ("reply", "phrase", "form"),
    [
        ("tea is hot", "Tea", "bare"),
        ("Tea", "tea", "bare"),
        ("\n Dear\nAnn!", "Dear Ann", "bare"),
        ("“Tea is hot”", "Tea", "bare"),
        ('"Tea" is', '"tea"', "bare"),
        ("L’été", "L'été", "bare"),
        ("お茶は熱い", "お茶", "bare"),
        ("차를 마신다", "차", "bare"),
        ("**Tea** is hot", "Tea", "unwrapped"),
        ("# Tea", "Tea", "unwrapped"),
        ("Sure, here you are:\n\nTea is hot", "Tea", "unwrapped"),
        ("```\nTea\n```", "Tea", "unwrapped"),
        ("Here:\n```\n*Tea*\n```", "Tea", "unwrapped"),
        ("Tea:\nhot", "Tea:", "bare"),
    ],
)
def test_passes(reply, phrase, form):
    outcome = Beginning(phrase).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, form, 1.0)


@pytest.mark.parametrize("reply", ["", "Teapot", "Hot tea", "Sure!\nTea is hot", "Hot\n```\nTea\n```"])
def test_fails(reply):
    assert Beginning("tea").check(reply, True).verdict is Verdict.FAIL


def test_explains():
    assert "not at its start" in Beginning("tea").check("Hot tea", True).explanation
    assert "not in the reply" in Beginning("tea").check("Coffee", True).explanation


@pytest.mark.parametrize("reply", ["", "te", "tea", "Here", "Here:\n", "Here:\nte", "```", "**te"])
def test_undecided(reply):
    assert Beginning("tea").check(reply, False).verdict is Verdict.ABSTAIN


def test_decided_early():
    assert Beginning("tea").check("tea ", False).verdict is Verdict.ABSTAIN
    assert Beginning("tea").check("tea is", False).verdict is Verdict.PASS
    assert Beginning("tea").check("Coffee\nand", False).verdict is Verdict.FAIL
    assert Beginning("tea").check("Here:\nCoffee", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("phrase", ["", " \n", 3])
def test_wrong_arguments(phrase):
    with pytest.raises(msgspec.ValidationError, match="start_phrase"):
        msgspec.convert({"start_phrase": phrase}, Beginning)


def test_a_fence_that_may_turn_out_not_to_wrap_the_reply_decides_nothing():
    assert Beginning("Tea").check("```py\nTea is", False).verdict is Verdict.ABSTAIN
    assert Beginning("Tea").check("```py\nTea is\n```", True).verdict is Verdict.PASS
    assert Beginning("Tea").check("```py\nTea is\n```\nAnd much more.", True).verdict is Verdict.FAIL
