import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(st.text(max_size=60), st.integers(0, 60))
def test_what_has_failed_stays_failed(reply, cut):
    whole = Digits().check(reply, True)
    assert Digits().check(reply[:cut], False).verdict is not Verdict.FAIL or whole.verdict is Verdict.FAIL
