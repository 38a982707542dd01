import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.no_katakana import NoKatakana


@pytest.mark.parametrize("reply", ["お茶、らーめん・。", "Tea", "차"])
def test_none(reply):
    assert NoKatakana().check(reply, True).form == "bare"
    assert NoKatakana().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["カ", "ｶ", "ヷ", "ㇰ"])
def test_one(reply):
    outcome = NoKatakana().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("1 katakana, none allowed: ")
    assert NoKatakana().check(f"Tea\n{reply}", False).verdict is Verdict.FAIL


def test_a_lead_in_is_peeled_off():
    lead_in = "はい、カ：\n"
    assert NoKatakana().check(f"{lead_in}茶", True).form == "unwrapped"
    assert NoKatakana().check(lead_in, False).verdict is Verdict.ABSTAIN


def test_an_empty_reply_is_not_judged():
    assert NoKatakana().check("", True).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("reply", ["あカ" * 100_000, "\n" * 200_000])
def test_hostile_replies_end(reply):
    assert NoKatakana().check(reply, True).explanation
