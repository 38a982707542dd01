import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.paragraphs import Paragraphs


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("Tea.\n***\nMilk.", 2),
        ("Tea. *** Milk.", 2),
        ("Tea. ***. Milk. ***.", 2),
        ("***\nTea.\n***\nMilk.\n***\n", 2),
        ("***Part 1\nTea.\n\n***Part 2\nMilk.", 2),
        ("***Tea*** is hot.", 1),
        ("***Tea***\n\nis hot.", 1),
        ("Tea.\n******\nMilk.", 1),
        ("Tea.\n\nMilk.", 1),
        ("お茶\n***\n牛乳", 2),
    ],
)
def test_count(reply, count):
    assert Paragraphs(count).check(reply, True).form == "bare"


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("Tea.\nHot.\n\nMilk.", 2),
        ("# Tea\n\nHot.\n\n---\n\n## Milk\n\nCold.\n \n\n", 2),
        ("Tea.\r\n\r\nMilk.", 2),
        ("お茶。\n\u3000\n牛乳。", 2),
        ("#tea is hot", 1),
        ("***", 0),
    ],
)
def test_blank_lines(reply, count):
    assert Paragraphs(max(count, 1), separator="blank").check(reply, True).verdict is (
        Verdict.PASS if count else Verdict.FAIL
    )


def test_nothing_between_two_dividers():
    outcome = Paragraphs(2).check("Tea.\n***\n***\nMilk.", True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0.0)
    assert "nothing between" in outcome.explanation


def test_unwrapped():
    assert Paragraphs(2).check("Here they are:\n***\nTea.\n***\nMilk.", True).form == "unwrapped"
    assert Paragraphs(2, separator="blank").check("Here they are:\n\nTea.\n\nMilk.", True).form == "unwrapped"


def test_cut_short():
    assert Paragraphs(2).check("Tea.\n***\nMilk.\n***\nWa", False).verdict is Verdict.FAIL
    assert Paragraphs(2).check("Tea.\n***\nMilk.\n***\n**", False).verdict is Verdict.ABSTAIN
    assert Paragraphs(2, separator="blank").check("Tea.\n\nMilk.\n\nWater", False).verdict is Verdict.FAIL
    assert Paragraphs(4, "at most").check("Tea.\n***\nMilk.", True).verdict is Verdict.PASS


@given(st.text(st.sampled_from("a#:-`* \n")), st.integers(0, 60))
def test_blank_lines_that_have_failed_stay_failed(reply, cut):
    modifier = Paragraphs(2, "less than", "blank")
    if modifier.check(reply[:cut], False).verdict is Verdict.FAIL:
        assert modifier.check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"num_paragraphs": 0}, "num_paragraphs"),
        ({"num_paragraphs": 2, "separator": "---"}, "separator"),
        ({"num_paragraphs": 2, "relation": "around"}, "relation"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Paragraphs)


@pytest.mark.parametrize("piece", ["*", "***", "*** ", "***\n", "** ", "\n", " \n", "a***", "# \n\n"])
def test_hostile_replies_end(piece):
    assert Paragraphs(3).check(piece * 100_000, True).verdict in Verdict
