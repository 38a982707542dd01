import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.alphabetical import Alphabetical


@pytest.mark.parametrize(
    "reply",
    [
        "- a\n- b\n- c",
        "1. Apple\n2. apple pie\n3. Banana",
        "* **b**\n* _c_",
        "a\nb\nc",
        "- a\n  - z\n- b",
        "- été\n- eté",
        "- Éa\n- Ez",
        "- чай\n- ям",
        "Here:\n- a\n- b\nDone",
        "- a\n- a",
    ],
)
def test_in_order(reply):
    assert Alphabetical().check(reply, True).form == "bare"
    assert Alphabetical().check(reply, False).verdict is Verdict.ABSTAIN


def test_descending():
    assert Alphabetical(descending=True).check("- c\n- b\n- a", True).verdict is Verdict.PASS
    assert Alphabetical(descending=True).check("- a\n- b", True).verdict is Verdict.FAIL


def test_out_of_order():
    outcome = Alphabetical().check("- b\n- a\n- c", True)
    assert (outcome.explanation, outcome.score) == ("1 items out of order: 'b' beside 'a'", 0.5)


@pytest.mark.parametrize("reply", ["", "a", "- a", "b\na", "- z\n- å", "- ñu\n- na", "- 水\n- 茶\n- 一", "- ウ\n- ア"])
def test_left_open(reply):
    assert Alphabetical().check(reply, True).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["- b\n" * 50_000 + "- a", "b\n" * 100_000 + "a", "- " + "b" * 200_000 + "\n- a"])
def test_hostile_replies_end(reply):
    assert Alphabetical().check(reply, True).verdict is Verdict.FAIL


def test_any_marks_end():
    assert Alphabetical().check("\u0301" * 200_000 + "\n- \u0301" * 3, True).verdict in Verdict
