import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.no_accents import NoAccents


@pytest.mark.parametrize("reply", ["Le lait, l'oeuf, l’œuf ø ß đ", "йё", "がぱ", "` ^ ¨ ~", "שלום", "चाय", "1"])
def test_none(reply):
    assert NoAccents().check(reply, True).form == "bare"
    assert NoAccents().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("letter", ["é", "É", "ç", "ñ", "ü", "ō", "ằ", "ά", "ᾷ", "e\u0301", "Å"])
def test_one(letter):
    outcome = NoAccents().check(f"a{letter}b", True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("1 accented letter, none allowed")


def test_score_and_names():
    outcome = NoAccents().check("été à", True)
    assert outcome.explanation == "3 accented letters, none allowed: é à"
    assert outcome.score == 0.25


def test_a_lead_in_is_peeled_off():
    assert NoAccents().check("Voilà :\nLe lait", True).form == "unwrapped"
    assert NoAccents().check("Voilà", False).verdict is Verdict.ABSTAIN
    assert NoAccents().check("Le thé\nest chaud", False).verdict is Verdict.FAIL


def test_an_empty_reply_is_not_judged():
    assert NoAccents().check(" \n", True).verdict is Verdict.NOT_APPLICABLE
    assert NoAccents().check(" \n", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["\u0301" * 200_000, "é" * 200_000, "e\u0301" * 100_000])
def test_hostile_replies_end(reply):
    assert NoAccents().check(reply, True).score == 0
