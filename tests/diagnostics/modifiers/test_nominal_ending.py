import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.nominal_ending import NominalEnding

ONE = NominalEnding(1)


@pytest.mark.parametrize(
    "reply",
    [
        "熱いお茶。",
        "コーヒー！",
        "大切なこと。",
        "人々？",
        "IBM。",
        "10。",
        "茶（緑茶）。",
        "お茶。」",
        "飲むとき。",
        "**お茶**。",
        "お茶…。",
    ],
)
def test_noun(reply):
    assert ONE.check(reply, True).form == "bare"


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "お茶",
        "お茶です。",
        "飲んだ。",
        "熱い。",
        "ですか？",
        "行くよ。",
        "お茶を。",
        "「お茶。」と言う。",
        "お茶.",
        "。",
    ],
)
def test_none(reply):
    outcome = ONE.check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0)


@pytest.mark.parametrize("reply", ["さくら。", "りんご。"])
def test_left_open(reply):
    assert ONE.check(reply, True).verdict is Verdict.ABSTAIN
    assert NominalEnding(2).check(reply, True).verdict is Verdict.FAIL
    assert NominalEnding(2).check(f"お茶。{reply}", True).verdict is Verdict.ABSTAIN


def test_explanation_and_score():
    outcome = NominalEnding(4).check("お茶。水。飲む。", True)
    assert (outcome.explanation, outcome.score) == ("2 sentences end with a noun, at least 4 asked for", 0.5)


def test_cut_short():
    assert ONE.check("お茶。\n", False).verdict is Verdict.PASS
    assert ONE.check("「お茶。", False).verdict is Verdict.ABSTAIN, "a quotation may close"
    assert ONE.check("飲む。\n", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("arguments", [{}, {"count": 0}, {"count": "3"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, NominalEnding)


@pytest.mark.parametrize("reply", ["「" * 200_000, "。" * 200_000, "）" * 200_000, "茶）" * 100_000, "さ。" * 100_000])
def test_hostile_replies_end(reply):
    assert NominalEnding(300_000).check(reply, True).verdict is Verdict.FAIL
