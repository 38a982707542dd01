import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.ending import Ending


@pytest.mark.parametrize(
    ("reply", "phrase", "form"),
    [
        ("Tea. The end", "the END", "bare"),
        ("Tea. The\n end \n", "The end", "bare"),
        ('"Tea. The end"', "The end", "bare"),
        ("Tea. «The end.»", "The end.", "bare"),
        ("Don’t", "don't", "bare"),
        ("Tea. **The end**", "The end", "unwrapped"),
        ("```\nTea. The end\n```", "The end", "unwrapped"),
        ("Tea. The end.", "The end", "unwrapped"),
        ("お茶。以上。", "以上", "unwrapped"),
        ("お茶以上", "以上", "bare"),
        ("Really?", "?", "bare"),
    ],
)
def test_passes(reply, phrase, form):
    outcome = Ending(phrase).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, form, 1.0)


@pytest.mark.parametrize(
    ("reply", "score"),
    [("", 0), ("weekend", 0), ("The end of tea", 0.5), ("The end\n---\nEnjoy", 0.5), ("```\nThe end\n```\nEnjoy", 0.5)],
)
def test_fails(reply, score):
    outcome = Ending("end").check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, score)


def test_explains():
    assert Ending("end").check("The end, Ann", True).explanation == "5 more characters follow the phrase"


def test_cut_short():
    assert Ending("end").check("The end", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("phrase", ["", " \n", 3, "a" * 501])
def test_wrong_arguments(phrase):
    with pytest.raises(msgspec.ValidationError, match="end_phrase"):
        msgspec.convert({"end_phrase": phrase}, Ending)
