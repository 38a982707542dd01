import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.sentence_ending import SentenceEnding

DESU = SentenceEnding("です")


@pytest.mark.parametrize(
    "reply",
    [
        "お茶です。",
        "お茶です。\n\n熱いです。\n",
        "お茶です！熱いです？",
        "「飲む。」が好きです。",
        "お茶です",
        "茶です😊。",
        "1. 茶\n2. 水です。",
        "茶（緑）です。",
        "『走れ！』です。",
    ],
)
def test_unified(reply):
    assert DESU.check(reply, True).form == "bare"
    assert DESU.check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply", ["お茶だ。", "お茶です。飲む。", "お茶です。以上", "です。お茶", "「です。」と言った。"]
)
def test_otherwise(reply):
    assert DESU.check(reply, True).verdict is Verdict.FAIL


def test_share():
    outcome = DESU.check("茶です。水です。湯だ。酒です。", True)
    assert (outcome.explanation, outcome.score) == ("1 of 4 sentences end otherwise", 0.75)


@pytest.mark.parametrize("reply", ["", "。。", "「茶。」"])
def test_no_sentences(reply):
    assert DESU.check(reply, True).explanation == "the reply has no sentences"


def test_marks_of_the_ending_do_not_count():
    assert SentenceEnding("です。").check("お茶です！", True).verdict is Verdict.PASS
    assert SentenceEnding("Sir!").check("Tea, sir. Milk, SIR", True).verdict is Verdict.PASS
    assert SentenceEnding("!!").check("Tea!!", True).verdict is Verdict.FAIL


def test_a_lead_in_is_peeled_off():
    assert DESU.check("以下。どうぞ：\n茶です。", True).form == "unwrapped"


@pytest.mark.parametrize("ending", ["", " ", "x" * 501])
def test_wrong_arguments(ending):
    with pytest.raises(msgspec.ValidationError, match="ending"):
        msgspec.convert({"ending": ending}, SentenceEnding)


@pytest.mark.parametrize("reply", ["「" * 200_000, "。" * 200_000, "茶。" * 50_000, "茶" * 200_000, "「」" * 100_000])
def test_hostile_replies_end(reply):
    assert DESU.check(reply, True).verdict is Verdict.FAIL
