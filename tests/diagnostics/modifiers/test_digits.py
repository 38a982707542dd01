import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.digits import Digits


@pytest.mark.parametrize("reply", ["", "one", "IV", "m²", "①", "½", "三", "ⅷ"])
def test_none(reply):
    assert Digits().check(reply, True).form == "bare"
    assert Digits().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["1", "a1b", "2024", "٣", "३", "５", "๒"])
def test_one(reply):
    first = 2 if reply == "a1b" else 1
    said = f"1 number in digits, none allowed; the first is character {first}"
    assert Digits().check(reply, True).explanation == said
    assert Digits().check(f"{reply} tea\nis", False).explanation == said
    assert Digits().check(reply, False).verdict is Verdict.ABSTAIN, "it may lead in"
    assert Digits().check(f"{reply} teas:\ntea", True).form == "unwrapped"


def test_many():
    assert Digits().check("1. a\n22. b", True).explanation.startswith("2 numbers in digits, none allowed")
