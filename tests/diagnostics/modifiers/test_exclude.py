import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.exclude import Exclude


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        ("Coffee.", "bare"),
        ("Steam, teapot, teas.", "bare"),
        ("A text without tea:\nCoffee.", "unwrapped"),
        ("```\nCoffee, hot\n```\nNo tea!", "unwrapped"),
    ],
)
def test_passes(reply, form):
    outcome = Exclude(("tea", "お茶")).check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, form)


@pytest.mark.parametrize("reply", ["Tea", "_tea_", "hot (tea)", "毎日お茶を飲む", "Coffee:\ntea", "Tea is: hot"])
def test_fails(reply):
    outcome = Exclude(("tea", "お茶")).check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0.5)


def test_explains():
    assert Exclude(("tea", "pot")).check("A Pot", True).explanation == "1 of 2 forbidden words used: 'pot'"


def test_an_empty_reply_has_not_obeyed():
    assert Exclude(("tea",)).check(" ", True).verdict is Verdict.NOT_APPLICABLE


def test_cut_short():
    exclude = Exclude(("tea",))
    assert exclude.check("Hot\ntea", False).verdict is Verdict.ABSTAIN  # it may become "teapot"
    assert exclude.check("Hot tea and", False).verdict is Verdict.ABSTAIN  # it may become a line that leads in
    assert exclude.check("Hot\ntea and", False).verdict is Verdict.FAIL
    assert exclude.check("Coffee\nand", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("words", [[], [""], "tea"])
def test_wrong_arguments(words):
    with pytest.raises(msgspec.ValidationError, match="forbidden_words"):
        msgspec.convert({"forbidden_words": words}, Exclude)
