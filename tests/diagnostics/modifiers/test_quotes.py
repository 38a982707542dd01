import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.quotes import Quotes


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        ('"tea"', "bare"),
        (' "tea"\n', "bare"),
        ("“tea”", "bare"),
        ("„Tee“", "bare"),
        ("”te”", "bare"),
        ("« thé »", "bare"),
        ("»Tee«", "bare"),
        ("「お茶」", "bare"),
        ("『お茶』", "bare"),
        ('"He said "no" to tea"', "bare"),
        ('"The 5" pipe, and "big" tea"', "bare"),
        ("“One “two” three”", "bare"),
        ("“First paragraph.\n\n“Second paragraph.”", "bare"),
        ('**"tea"**', "unwrapped"),
        ('Here:\n"tea"', "unwrapped"),
        ('```\n"tea"\n```', "unwrapped"),
    ],
)
def test_passes(reply, form):
    outcome = Quotes().check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, form)


@pytest.mark.parametrize(
    "reply",
    ["", '"', '""', '" "', '"tea', 'tea"', "'tea'", "“tea«", '"tea" or "coffee"', "“a” and “b”", '"tea".', '5" by 6"'],
)
def test_fails(reply):
    outcome = Quotes().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation


def test_cut_short():
    assert Quotes().check('"tea', False).verdict is Verdict.ABSTAIN
    assert Quotes().check("Here is", False).verdict is Verdict.ABSTAIN  # it may lead in
    assert Quotes().check("**", False).verdict is Verdict.ABSTAIN
    assert Quotes().check("Tea\nis", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", ['"' * 200_000, '" ' * 100_000 + '"', "«" * 200_000], ids=range(3))
def test_hostile_replies_end(reply):
    assert Quotes().check(reply, True).explanation
