import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.numerals import Numerals

SAMPLES = {
    "latn": "0129",
    "arab": "٠١٩",
    "arabext": "۰۹",
    "deva": "०९",
    "beng": "০৯",
    "thai": "๐๙",
    "khmr": "០៩",
    "fullwide": "０９",
    "guru": "੦੯",
    "gujr": "૦૯",
    "orya": "୦୯",
    "tamldec": "௦௯",
    "telu": "౦౯",
    "knda": "೦೯",
    "mlym": "൦൯",
    "laoo": "໐໙",
    "tibt": "༠༩",
    "mymr": "၀၉",
}


@pytest.mark.parametrize("system", SAMPLES)
def test_each_system(system):
    for other, digits in SAMPLES.items():
        outcome = Numerals(system).check(f"a {digits} ① ½", True)
        assert outcome.verdict is (Verdict.PASS if other == system else Verdict.FAIL)


def test_explanation_and_score():
    outcome = Numerals("deva").check("१ 2", True)
    assert (outcome.explanation, outcome.score) == ("1 digit of another system, none allowed: 2", 0.5)


def test_no_digits():
    assert Numerals("latn").check("one", True).verdict is Verdict.ABSTAIN


def test_cut_short():
    assert Numerals("deva").check("१\n2", False).verdict is Verdict.FAIL
    assert Numerals("deva").check("१", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("arguments", [{}, {"system": "Deva"}, {"system": "roman"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Numerals)


def test_hostile_replies_end():
    assert Numerals("thai").check("1" * 200_000, True).score == 0
