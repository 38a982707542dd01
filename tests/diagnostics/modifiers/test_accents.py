import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.accents import Accents

WORDS = Accents({"methodes": "méthodes", "ete": "été"})


@pytest.mark.parametrize(
    "reply", ["Les méthodes", "ÉTÉ", "e\u0301te\u0301 !", "Les **méthodes**\nen été", "été, étés, mode"]
)
def test_right(reply):
    assert WORDS.check(reply, True).form == "bare"


@pytest.mark.parametrize("reply", ["Les methodes", "ete", "Été ou eté", "mèthodes"])
def test_wrong(reply):
    outcome = WORDS.check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith("not written as asked for: ")


def test_share():
    assert WORDS.check("été, ete, méthodes, été", True).score == 0.75


@pytest.mark.parametrize("reply", ["", "le thé", "méthodesque"])
def test_not_there(reply):
    assert WORDS.check(reply, True).verdict is Verdict.ABSTAIN


def test_keys_may_have_accents():
    assert Accents({"été": "été"}).check("ete", True).verdict is Verdict.FAIL


def test_cut_short():
    assert WORDS.check("en ete", False).verdict is Verdict.ABSTAIN, "it may become étendue"
    assert WORDS.check("en ete,\n", False).verdict is Verdict.ABSTAIN
    assert WORDS.check("en ete, puis", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("words", [{}, {"a": ""}, {"": "a"}, {"a": 3}, ["a"], None])
def test_wrong_arguments(words):
    with pytest.raises(msgspec.ValidationError, match="word_to_accentuate"):
        msgspec.convert({"word_to_accentuate": words}, Accents)


@pytest.mark.parametrize("reply", ["e\u0301" * 100_000, "e" + "\u0301" * 200_000, "ete " * 50_000])
def test_hostile_replies_end(reply):
    assert WORDS.check(reply, True).explanation
