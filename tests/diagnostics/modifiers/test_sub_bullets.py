import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.sub_bullets import SubBullets


@pytest.mark.parametrize(
    "reply",
    [
        "- a\n  - b",
        "* a\n- b\n* c\n- d",
        "1. a\n   - b\n2. c\n   - d",
        "・a\n　・b",
        "So:\n- a\n\t* b\n\t* c\n- d\n\t* e",
        "1. a\n- b\n2. c\n- d",
    ],
)
def test_every_point_has_some(reply):
    assert SubBullets().check(reply, True).form == "bare"
    assert SubBullets(3).check(reply, True).verdict is Verdict.FAIL
    assert SubBullets().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["- a\n- b", "- a\n  - b\n- c", "- a", "  - a\n- b", "- a\n```\n  - b\n```"])
def test_some_have_none(reply):
    assert SubBullets().check(reply, True).verdict is Verdict.FAIL


def test_share():
    outcome = SubBullets(2).check("- a\n  - b\n  - c\n- d\n  - e", True)
    assert (outcome.explanation, outcome.score) == ("1 of 2 bullet points have at least 2 sub-bullets", 0.5)
    assert SubBullets().check("- - -\nTea", True).explanation == "no bullet points"


@pytest.mark.parametrize("number", [0, 1001, "2"])
def test_wrong_arguments(number):
    with pytest.raises(msgspec.ValidationError, match="num_sub_bullets"):
        msgspec.convert({"num_sub_bullets": number}, SubBullets)


@pytest.mark.parametrize("reply", ["- " * 100_000, "-" * 200_000, "- -a" * 50_000, " " * 200_000, "- a\n" * 50_000])
def test_hostile_replies_end(reply):
    assert SubBullets().check(reply, True).verdict is Verdict.FAIL
