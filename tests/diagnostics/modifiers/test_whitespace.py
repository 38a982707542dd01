import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.whitespace import Whitespace


@pytest.mark.parametrize("reply", ["Tea", "\n Tea \n", "お茶。", "a\u200bb"])
def test_none(reply):
    assert Whitespace().check(reply, True).form == "bare"
    assert Whitespace().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(("blank", "shown"), [(" ", "' '"), ("\t", r"'\t'"), ("\u3000", r"'\u3000'"), ("\n", r"'\n'")])
def test_one(blank, shown):
    assert Whitespace().check(f"a{blank}b", True).explanation == f"1 blank, none allowed: {shown}"


def test_cut_short():
    assert Whitespace().check("a b", False).verdict is Verdict.ABSTAIN, "it may lead in"
    assert Whitespace().check("a b\nc", False).verdict is Verdict.FAIL
    assert Whitespace().check("a\n", False).verdict is Verdict.ABSTAIN


def test_a_lead_in_is_peeled_off():
    assert Whitespace().check("No blanks:\nTea", True).form == "unwrapped"


@pytest.mark.parametrize("reply", ["a " * 100_000, "a" * 200_000])
def test_hostile_replies_end(reply):
    assert Whitespace().check(reply, True).explanation
