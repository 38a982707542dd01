import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.uppercase import Uppercase


@pytest.mark.parametrize("reply", ["TEA, 95 °!", "LE THÉ", "ЧАЙ", "DIE STRAßE", "ΤΣΑΪ", "TEA 茶", "HTTPS://…"])
def test_passes(reply):
    outcome = Uppercase().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize("reply", ["TEa", "LE THé", "ЧАй", "ΤΣΆι", "THE iPHONE", "95 %", ""])
def test_fails(reply):
    assert Uppercase().check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "reply", ["お茶は熱いです。AI ok", "الشاي ساخن", "चाय गर्म है", "차가 뜨겁다", "ჩაი ცხელია", "ชาร้อน"]
)
def test_without_case(reply):
    assert Uppercase().check(reply, True).verdict is Verdict.NOT_APPLICABLE


def test_explanation_and_score():
    outcome = Uppercase().check("ABcd", True)
    assert (outcome.explanation, outcome.score) == ("2 of 4 letters are small letters; the first is in 'ABcd'", 0.5)
    assert Uppercase().check("ABCd", True).explanation.startswith("1 of 4 letters is a small letter;")


def test_unwrapped():
    for reply in ("Sure, here IT is:\nTEA IS HOT", "```text\nTEA IS HOT\n```"):
        assert Uppercase().check(reply, True).form == "unwrapped"
    assert Uppercase().check("Sure\nTEA IS HOT\nBye", True).verdict is Verdict.FAIL


def test_cut_short():
    long = "TEA IS HOT. " * 60
    assert Uppercase().check(long, False).verdict is Verdict.ABSTAIN
    assert Uppercase().check(long + "Ab", False).verdict is Verdict.FAIL
    assert Uppercase().check("Ab", False).verdict is Verdict.ABSTAIN
    assert Uppercase().check("Here IT is:\n" + long, False).verdict is Verdict.ABSTAIN


def test_no_arguments():
    with pytest.raises(msgspec.ValidationError, match="language"):
        msgspec.convert({"language": "en"}, Uppercase)


@pytest.mark.parametrize("piece", ["a", "A", "`", "ß\n", "\ud800", "茶"])
def test_hostile_replies_end(piece):
    for complete in (True, False):
        assert Uppercase().check(piece * 100_000, complete).verdict in Verdict
