import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.hiragana_only import HiraganaOnly


@pytest.mark.parametrize("reply", ["おちゃ、95。", "らーめん！", "ゔゝ"])
def test_only(reply):
    assert HiraganaOnly().check(reply, True).form == "bare"
    assert HiraganaOnly().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["お茶", "おちゃA", "オちゃ", "々"])
def test_others(reply):
    outcome = HiraganaOnly().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("1 letter that is no ")
    assert HiraganaOnly().check(f"1\n{reply}", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", ["95", "。。", "ー"])
def test_no_letters(reply):
    assert HiraganaOnly().check(reply, True).explanation == "the reply has no letters"


def test_a_lead_in_is_peeled_off():
    reply = "平仮名：\nおちゃ"
    assert HiraganaOnly().check(reply, True).form == "unwrapped"
    assert HiraganaOnly().check(reply[:3], False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["あカ" * 100_000, "ー" * 200_000])
def test_hostile_replies_end(reply):
    assert HiraganaOnly().check(reply, True).verdict is Verdict.FAIL
