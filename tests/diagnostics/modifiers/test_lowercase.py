import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.lowercase import Lowercase


@pytest.mark.parametrize("reply", ["tea, 95 °!", "le thé", "чай", "die straße", "τσάι", "tea 茶", "ª ³ tea"])
def test_passes(reply):
    outcome = Lowercase().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize("reply", ["tEa", "le Thé", "чаЙ", "Τσάι", "i. I think", "95 %", ""])
def test_fails(reply):
    assert Lowercase().check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "reply", ["お茶は熱いです。AI ok", "الشاي ساخن", "चाय गर्म है", "차가 뜨겁다", "ჩაი ცხელია", "ชาร้อน"]
)
def test_without_case(reply):
    assert Lowercase().check(reply, True).verdict is Verdict.NOT_APPLICABLE


def test_explanation_and_score():
    outcome = Lowercase().check("abCD", True)
    assert (outcome.explanation, outcome.score) == ("2 of 4 letters are capital letters; the first is in 'abCD'", 0.5)
    assert Lowercase().check("abcD", True).explanation.startswith("1 of 4 letters is a capital letter;")


def test_unwrapped():
    for reply in ("Sure, here IT is:\ntea is hot", "```TEXT\ntea is hot\n```"):
        assert Lowercase().check(reply, True).form == "unwrapped"
    assert Lowercase().check("Sure\ntea is hot\nBye", True).verdict is Verdict.FAIL


def test_cut_short():
    long = "tea is hot. " * 60
    assert Lowercase().check(long, False).verdict is Verdict.ABSTAIN
    assert Lowercase().check(long + "Ab", False).verdict is Verdict.FAIL
    assert Lowercase().check("Ab", False).verdict is Verdict.ABSTAIN
    assert Lowercase().check("Here IT is:\n" + long, False).verdict is Verdict.ABSTAIN


def test_no_arguments():
    with pytest.raises(msgspec.ValidationError, match="language"):
        msgspec.convert({"language": "en"}, Lowercase)


@pytest.mark.parametrize("piece", ["a", "A", "`", "ß\n", "\ud800", "茶"])
def test_hostile_replies_end(piece):
    for complete in (True, False):
        assert Lowercase().check(piece * 100_000, complete).verdict in Verdict
