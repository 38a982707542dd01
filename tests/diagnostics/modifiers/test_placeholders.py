import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.placeholders import Placeholders


@pytest.mark.parametrize(
    "reply",
    ["[a] [b]", "[name], [date 2]", "［名前］［日付］", "[X y][xx]", "[[a]] [[b]]", "*[a]* **[b]**", "[a] (b) [c]"],
)
def test_two(reply):
    assert Placeholders(2).check(reply, True).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "[]",
        "[ ]",
        "[x]",
        "[X]",
        "[^a]",
        "[1]",
        "[2, 3]",
        "[…]",
        "[a](b)",
        "[a\nb]",
        "(a)",
        "<a>",
        "[a",
        "a]",
        "【a】",
    ],
)
def test_none(reply):
    outcome = Placeholders(2).check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0)


def test_explains():
    outcome = Placeholders(4).check("[a]", True)
    assert (outcome.explanation, outcome.score) == ("1 placeholder, at least 4 asked for", 0.25)


def test_cut_short():
    assert Placeholders(2).check("[a] [b", False).verdict is Verdict.ABSTAIN
    assert Placeholders(2).check("[a] [b]", False).verdict is Verdict.ABSTAIN  # it may become a link
    assert Placeholders(2).check("[a] [b] ", False).verdict is Verdict.PASS


@pytest.mark.parametrize("reply", ["[" * 200_000, "[a" * 100_000, "[]" * 100_000], ids=range(3))
def test_hostile_replies_end(reply):
    assert Placeholders(1).check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize("number", [0, -1, 1001, "3", 1.5])
def test_wrong_arguments(number):
    with pytest.raises(msgspec.ValidationError, match="num_placeholders"):
        msgspec.convert({"num_placeholders": number}, Placeholders)
