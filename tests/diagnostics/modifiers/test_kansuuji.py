import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.kansuuji import Kansuuji


@pytest.mark.parametrize("reply", ["三杯", "二〇二四", "①", "Ⅳ", "²", "Tea"])
def test_none(reply):
    assert Kansuuji().check(reply, True).form == "bare"
    assert Kansuuji().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["3", "３", "٣", "२"])
def test_one(reply):
    assert Kansuuji().check(f"茶{reply}杯", True).explanation == f"1 digit, none allowed: {reply}"
    assert Kansuuji().check(f"茶\n{reply}", False).verdict is Verdict.FAIL


def test_score():
    assert Kansuuji().check("茶12", True).score == 0.333


def test_a_lead_in_is_peeled_off():
    assert Kansuuji().check("3つ：\n三", True).form == "unwrapped"


def test_hostile_replies_end():
    assert Kansuuji().check("1" * 200_000, True).score == 0
