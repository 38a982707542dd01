import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.digits import Digits


@pytest.mark.parametrize("reply", ["", "one", "IV", "m²", "①", "½", "三", "ⅷ"])
def test_none(reply):
    assert Digits().check(reply, True).form == "bare"
    assert Digits().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["1", "a1b", "2024", "٣", "३", "５", "๒"])
def test_one(reply):
    for complete in (True, False):
        assert Digits().check(reply, complete).explanation == "1 number in digits, none allowed"


def test_many():
    assert Digits().check("1. a\n22. b", True).explanation == "2 numbers in digits, none allowed"
