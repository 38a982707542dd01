import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.no_hiragana import NoHiragana


@pytest.mark.parametrize("reply", ["茶、カフェー。", "Tea", "차"])
def test_none(reply):
    assert NoHiragana().check(reply, True).form == "bare"
    assert NoHiragana().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["お茶", "ゝ", "ゔ"])
def test_one(reply):
    outcome = NoHiragana().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("1 hiragana, none allowed: ")
    assert NoHiragana().check(f"Tea\n{reply}", False).verdict is Verdict.FAIL


def test_a_lead_in_is_peeled_off():
    lead_in = "はい、カ：\n"
    assert NoHiragana().check(f"{lead_in}茶", True).form == "unwrapped"
    assert NoHiragana().check(lead_in, False).verdict is Verdict.ABSTAIN


def test_an_empty_reply_is_not_judged():
    assert NoHiragana().check("", True).verdict is Verdict.NOT_APPLICABLE


@pytest.mark.parametrize("reply", ["あカ" * 100_000, "\n" * 200_000])
def test_hostile_replies_end(reply):
    assert NoHiragana().check(reply, True).explanation
