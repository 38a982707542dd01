import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.capitals import Capitals


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("TEA is HOT", 2),
        ("NASA, COVID-19 and the U.S.", 3),
        ("I think", 1),
        ("iPhone, Nasa, NASA-led, TEA", 1),
        ("DON'T", 1),
        ("2024 100% OK", 1),
        ("ЧАЙ горячий", 1),
        ("**TEA** _HOT_ is", 2),
        ("L'EAU, l’AIR et L'ombre", 2),
    ],
)
def test_count(reply, count):
    assert Capitals(count, "exactly").check(reply, True).form == "bare"


def test_relations_and_explanations():
    assert Capitals(2).check("TEA", True).explanation == "1 word in capitals, at least 2 asked for"
    assert Capitals(2, "less than").check("TEA", True).verdict is Verdict.PASS
    assert Capitals(1, "less than").check("Here is NASA:\ntea", True).form == "unwrapped"


@pytest.mark.parametrize("reply", ["お茶はAIです", "الشاي ساخن", "चाय गर्म है", "ჩაი ცხელია"])
def test_without_case(reply):
    assert Capitals(2).check(reply, True).verdict is Verdict.NOT_APPLICABLE


def test_too_many_in_any_script():
    assert Capitals(2, "less than").check("お茶お茶お茶は AI です NASA", True).verdict is Verdict.FAIL


def test_cut_short():
    assert Capitals(2, "less than").check("tea\nTEA HOT ", False).verdict is Verdict.FAIL
    assert Capitals(2, "less than").check("tea\nTEA HOT", False).verdict is Verdict.ABSTAIN  # it may become "HOTel"
    assert Capitals(2).check("TEA HOT tea", False).verdict is Verdict.PASS
    assert Capitals(3).check("TEA HOT tea", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"capital_frequency": 0}, "capital_frequency"),
        ({"capital_frequency": 1, "capital_relation": "x"}, "capital_relation"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Capitals)


@pytest.mark.parametrize("piece", ["A", "A-", "A ", "-", "`"])
def test_hostile_replies_end(piece):
    assert Capitals(3).check(piece * 100_000, True).verdict in Verdict
