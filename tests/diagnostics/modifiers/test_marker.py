import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.marker import Marker

ARROW = Marker("-->")


@pytest.mark.parametrize(
    "reply",
    ["--> a\n--> b", "Points:\n\n--> a\n    more\n-->b\n", "--> a\n  - x\n  1. y\n--> b", "# T\n---\n--> a\n--> b",
     "--> a\n```\n- no point\n```\n--> b"],
)  # fmt: skip
def test_bare(reply):
    assert (ARROW.check(reply, True).form, Marker("-->", 2).check(reply, True).verdict) == ("bare", Verdict.PASS)


@pytest.mark.parametrize("reply", ["- --> a\n- --> b", "**--> a**\n--> b", "1. --> a", "```\n--> a\n--> b\n```"])
def test_unwrapped(reply):
    outcome = ARROW.check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "unwrapped")


@pytest.mark.parametrize(
    "reply", ["", "a", "a --> b", "-->", "- a\n- b", "--> a\n- b", "--> a\n2. b", "→ a", "```\n- a\n```"]
)
def test_fails(reply):
    assert ARROW.check(reply, True).verdict is Verdict.FAIL


def test_explanations():
    assert ARROW.check("--> a\n- b\n- c", True).explanation == "2 points begin without the marker, 1 with it"
    assert Marker("*", 3).check("* a\n* b", True).explanation == "2 points begin with *, 3 asked for"


@pytest.mark.parametrize("arguments", [{}, {"marker": ""}, {"marker": " "}, {"marker": "-", "num_items": 0}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Marker)


def test_cut_short():
    assert ARROW.check("--> a\n--> b", False).verdict is Verdict.ABSTAIN
    assert ARROW.check("--> a\n- -", False).verdict is Verdict.ABSTAIN, "the last line may become '- --> b'"
    assert ARROW.check("--> a\n- b\n", False).verdict is Verdict.FAIL
    assert Marker("-->", 1).check("--> a\n--> b\n", False).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", ["- " * 100_000, "-" * 200_000, "```\n" * 50_001, "* _" * 60_000])
def test_hostile_replies_end(reply):
    assert ARROW.check(reply, True).verdict is Verdict.FAIL
