import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.period import Period


@pytest.mark.parametrize(
    "reply",
    [
        "Tea!",
        "3.5",
        "tea.org is",
        "a.b.c",
        "wait... what",
        "…",
        "1. Tea\n 2. Milk",
        "お茶、！？・",
        ".gitignore",
        "-",
        "12. x",
        "1. a\n2.",
    ],
)
def test_none(reply):
    assert Period().check(reply, True).form == "bare"
    assert Period().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply",
    [
        "お茶。",
        "茶｡",
        "Tea.",
        "Tea. Milk",
        '"Tea."',
        "**Tea.**",
        "चाय।",
        "چائے۔",
        "ሻይ።",
        "It is 3.",
        "Dr. No",
        "（茶。）",
    ],
)
def test_one(reply):
    outcome = Period().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("1 full stop, none allowed: ")


def test_cut_short():
    assert Period().check("Hi\nTea.", False).verdict is Verdict.ABSTAIN, "it may become Tea.org"
    assert Period().check("Hi\nTea.\n", False).verdict is Verdict.FAIL
    assert Period().check("お茶。", False).verdict is Verdict.ABSTAIN, "it may lead in"
    assert Period().check("お茶。\n緑茶。\n", False).verdict is Verdict.FAIL


def test_a_lead_in_is_peeled_off():
    assert Period().check("はい。以下です：\nお茶", True).form == "unwrapped"


@pytest.mark.parametrize("reply", ["." * 200_000, "。" * 200_000, ".)" * 100_000, '."' * 100_000, "1." * 100_000])
def test_hostile_replies_end(reply):
    assert Period().check(reply, True).explanation
