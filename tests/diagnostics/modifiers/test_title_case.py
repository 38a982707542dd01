import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.title_case import TitleCase


@pytest.mark.parametrize(
    "reply",
    [
        "Tea",
        "Tea Is Hot, And NASA Knows.",
        "The 3rd Tea",
        "Well-known Tea",
        "L’été",
        "McTea Is",
        "Tea: https://tea.org/green",
        "Ask `x` Or a@b.c",
        "- Tea\n- Milk",
        "```\ncode here\n```\nTea Time",
        "Чай И Молоко",
        "Ǆa",
        "I",
    ],
)
def test_bare(reply):
    assert TitleCase().check(reply, True).form == "bare"
    assert TitleCase().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["tea", "Tea is hot", "TEA IS HOT", "чай", "", "95", "Tea is"])
def test_fails(reply):
    assert TitleCase().check(reply, True).verdict is Verdict.FAIL


def test_nine_in_ten_are_enough():
    assert TitleCase().check("Tea " * 9 + "is", True).score == 0.9
    outcome = TitleCase().check("Tea " * 8 + "is hot", True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation == "80% of the words begin with a capital; these do not: is, hot"


@pytest.mark.parametrize("reply", ["お茶", "चाय", "شاي", "ჩაი", "차 IBM입니다"])
def test_caseless(reply):
    assert TitleCase().check(reply, True).verdict is Verdict.NOT_APPLICABLE


def test_a_lead_in_is_peeled_off():
    assert TitleCase().check("here it is:\nTea Is Hot", True).form == "unwrapped"


@pytest.mark.parametrize(
    "reply", ["a" * 200_000, "a-" * 100_000, "a'" * 100_000, "`" * 200_000, "A " * 100_000, "e\u0301" * 100_000]
)
def test_hostile_replies_end(reply):
    assert TitleCase().check(reply, True).explanation
