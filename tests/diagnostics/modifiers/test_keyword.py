import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.keyword import Keyword


@pytest.mark.parametrize(
    ("reply", "relation", "frequency", "verdict"),
    [
        ("tea Tea", "at least", 2, Verdict.PASS),
        ("tea teas", "at least", 2, Verdict.FAIL),
        ("tea teas", "less than", 2, Verdict.PASS),
        ("tea tea", "less than", 2, Verdict.FAIL),
        ("tea tea", "at most", 2, Verdict.PASS),
        ("tea tea tea", "at most", 2, Verdict.FAIL),
        ("tea, tea", "exactly", 2, Verdict.PASS),
        ("tea tea tea", "exactly", 2, Verdict.FAIL),
        ("", "at least", 1, Verdict.FAIL),
        ("steam", "at most", 0, Verdict.PASS),
    ],
)
def test_relations(reply, relation, frequency, verdict):
    assert Keyword("tea", frequency, relation).check(reply, True).verdict is verdict


def test_explains():
    outcome = Keyword("tea", 4).check("tea tea tea", True)
    assert (outcome.explanation, outcome.score) == ("3 times, at least 4 asked for", 0.75)


def test_a_line_that_leads_in_is_peeled():
    outcome = Keyword("tea", 1, "exactly").check("On tea:\ntea", True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "unwrapped")


def test_cut_short():
    assert Keyword("tea", 1).check("tea", False).verdict is Verdict.ABSTAIN  # it may become "teapot"
    assert Keyword("tea", 1).check("tea.", False).verdict is Verdict.PASS
    assert Keyword("tea", 2, "less than").check("On\ntea, tea.", False).verdict is Verdict.FAIL
    assert Keyword("tea", 2, "less than").check("On tea.", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("name", "value"), [("keyword", ""), ("frequency", -1), ("frequency", "3"), ("relation", "au moins")]
)
def test_wrong_arguments(name, value):
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert({"keyword": "tea", "frequency": 1} | {name: value}, Keyword)
