import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.responses import Responses


@pytest.mark.parametrize(
    "reply",
    [
        "a\n******\nb",
        "a ****** b",
        "a\n\n*******\n\nb\n******\n",
        "a\n\\*\\*\\*\\*\\*\\*\nb",
        "a\n******\n\n******\nb",
        "**a**\n******\nb",
    ],
)
def test_two(reply):
    outcome = Responses().check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "bare")
    assert Responses().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("lead_in", ["Here are two:", "Poem 1", "**Poems**"])
def test_a_line_before_the_first(lead_in):
    reply = f"{lead_in}\n******\nA tea.\n******\nA milk."
    assert Responses().check(reply, True).form == "unwrapped"
    assert Responses().check(f"{reply}\n", False).verdict is Verdict.ABSTAIN
    assert Responses().check(f"{reply}\n******\nA water.\n", False).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("reply", "explanation"),
    [
        ("", "no responses, 2 asked for"),
        ("a\n***\nb", "1 response, 2 asked for"),
        ("a\n******\n", "1 response, 2 asked for"),
        ("a.\n******\nb\n******\nc", "3 responses, 2 asked for"),
        ("A b\n******\na  b", "both responses are the same"),
    ],
)
def test_fails(reply, explanation):
    outcome = Responses().check(reply, True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, explanation)


def test_another_separator():
    assert Responses("--.--").check("a\n--.--\nb", True).verdict is Verdict.PASS
    assert Responses("--.--").check("a\n--x--\nb", True).verdict is Verdict.FAIL
    with pytest.raises(msgspec.ValidationError, match="separator"):
        msgspec.convert({"separator": " "}, Responses)


def test_a_third_response_fails_at_once():
    assert Responses().check("a.\n******\nb\n******\nc\n", False).verdict is Verdict.FAIL
    assert Responses().check("a.\n******\nb\n******\n**", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["*" * 200_000, "\\" * 200_000, "*****\\" * 40_000, "*****a" * 40_000])
def test_hostile_replies_end(reply):
    assert Responses().check(reply, True).verdict is Verdict.FAIL
