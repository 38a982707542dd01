import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.highlight import Highlight


@pytest.mark.parametrize(
    "reply",
    [
        "*a* *b*",
        "**a** and **b c**",
        "***a***\n\n*b*",
        "* *a*: x\n* *b*: y",
        "「**お茶**」と**牛乳**",
        "**a:** x, **b:** y",
        "*a **b** c*",
        "*a *\n*b.*",
    ],
)
def test_two(reply):
    assert Highlight(2).check(reply, True).form == Highlight(2).check(reply + " ", False).form == "bare"
    assert Highlight(3).check(reply, True).explanation == "2 highlighted sections, at least 3 asked for"
    assert Highlight(3).check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "a",
        "* a\n* b",
        "*a\nb*",
        "* a *",
        "** a **",
        "a* and b*",
        "*a and *b",
        "2*3*4",
        "\\*a\\*",
        "****",
        "******",
        "_a_",
        "*a**",
    ],
)
def test_none(reply):
    assert Highlight().check(reply, True).explanation == "no highlighted sections, at least 1 asked for"


def test_wrong_arguments():
    with pytest.raises(msgspec.ValidationError, match="num_highlights"):
        msgspec.convert({"num_highlights": 0}, Highlight)


@given(st.text(st.sampled_from("*a \n\\2\ud800"), max_size=60))
def test_any_text_is_judged(reply):
    assert Highlight(2).check(reply, True).score is not None
    assert Highlight(2).check(reply, False).verdict is not Verdict.FAIL


@pytest.mark.parametrize("reply", ["*" * 200_000, "* a" * 60_000, "*a " * 60_000, "*a\n" * 60_000])
def test_hostile_replies_end(reply):
    assert Highlight(1000).check(reply, True).verdict is Verdict.FAIL
