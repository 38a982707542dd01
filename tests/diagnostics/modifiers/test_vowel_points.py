import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.vowel_points import VowelPoints

FULL = {"Arab": "الشَّايُ سَاخِنٌ جِدًّا", "Hebr": "שָׁלוֹם עֲלֵיכֶם"}
NONE = {"Arab": "الشاي ساخن جدا", "Hebr": "שלום עליכם"}


@pytest.mark.parametrize("script", ["Arab", "Hebr"])
def test_both(script):
    assert VowelPoints(script).check(FULL[script], True).form == "bare"
    assert VowelPoints(script).check(NONE[script], True).score == 0
    assert VowelPoints(script, "none").check(NONE[script], True).form == "bare"
    assert VowelPoints(script, "none").check(FULL[script], True).verdict is Verdict.FAIL


def test_four_in_five_are_enough():
    assert VowelPoints("Arab").check("شَاي " * 4 + "شاي", True).score == 0.8
    assert VowelPoints("Arab").check("شَاي " * 3 + "شاي", True).explanation == "75% of the words have vowel points"


@pytest.mark.parametrize("reply", ["", "Tea", "و"])
def test_no_words(reply):
    assert VowelPoints("Arab").check(reply, True).verdict is Verdict.ABSTAIN


def test_cut_short():
    assert VowelPoints("Arab").check("شاي\nشاي", False).verdict is Verdict.ABSTAIN
    assert VowelPoints("Arab", "none").check("شاي\nشَاي", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("arguments", [{}, {"script": "Latn"}, {"script": "Arab", "use": "some"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, VowelPoints)


@pytest.mark.parametrize("reply", ["ش" * 200_000, "\u064b" * 200_000, "شَ" * 100_000, "ش\u064b " * 60_000])
def test_hostile_replies_end(reply):
    assert VowelPoints("Arab").check(reply, True).explanation
