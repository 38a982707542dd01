import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.stanzas import Stanzas


@pytest.mark.parametrize(
    "reply",
    [
        "a\nb\n\nc\nd",
        "# T\n\na\nb\n\nc\nd",
        "Title\n\na\nb\n\n\nc\nd\n",
        "a\nb\n\n---\n\nc\nd",
        "a\r\nb\r\n\r\nc\r\nd",
        "```\na\nb\n\nc\nd\n```",
    ],
)
def test_two_of_two(reply):
    outcome = Stanzas(2, 2).check(reply, True)
    assert outcome.form == "bare"
    assert outcome.explanation == "2 stanzas, 2 asked for; 2 of 2 lines"
    assert Stanzas(2).check(reply, True).verdict is Stanzas(None, 2).check(reply, True).verdict is Verdict.PASS
    assert Stanzas(3).check(reply, True).score == 0.667
    assert Stanzas(1).check(reply, True).score == 0.5
    assert Stanzas(2, 2).check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["", "a", "a\nb\n\nc", "a\nb\nc\nd", "---"])
def test_others(reply):
    assert Stanzas(2, 2).check(reply, True).verdict is Verdict.FAIL


def test_stanzas_of_one_line_have_no_title():
    assert Stanzas(2, 1).check("a\n\nb", True).verdict is Verdict.PASS


def test_a_lead_in_is_peeled_off():
    assert Stanzas(1, 2).check("Here:\na\nb", True).form == "unwrapped"


@pytest.mark.parametrize("arguments", [{}, {"num_stanzas": 0}, {"num_lines": "2"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Stanzas)


@pytest.mark.parametrize("reply", ["a\n" * 100_000, "a\n\n" * 60_000, "_" * 200_000, "-" * 200_000 + "a"])
def test_hostile_replies_end(reply):
    assert Stanzas(3, 7).check(reply, True).verdict is Verdict.FAIL
