import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.katakana_only import KatakanaOnly


@pytest.mark.parametrize("reply", ["オチャ・95。", "ｺｰﾋｰ", "ヷㇰヽ"])
def test_only(reply):
    assert KatakanaOnly().check(reply, True).form == "bare"
    assert KatakanaOnly().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["オ茶", "オチャA", "オち", "々"])
def test_others(reply):
    outcome = KatakanaOnly().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("1 letter that is no ")
    assert KatakanaOnly().check(f"1\n{reply}", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", ["95", "。。", "ー"])
def test_no_letters(reply):
    assert KatakanaOnly().check(reply, True).explanation == "the reply has no letters"


def test_a_lead_in_is_peeled_off():
    reply = "片仮名：\nオチャ"
    assert KatakanaOnly().check(reply, True).form == "unwrapped"
    assert KatakanaOnly().check(reply[:3], False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["あカ" * 100_000, "ー" * 200_000])
def test_hostile_replies_end(reply):
    assert KatakanaOnly().check(reply, True).verdict is Verdict.FAIL
