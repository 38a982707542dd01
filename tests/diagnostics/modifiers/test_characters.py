import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.characters import Characters


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("Tea, hot.", 9),
        ("  Tea\n", 3),
        ("a b\nc", 5),
        ("café", 4),
        ("café", 4),
        ("お茶は熱い。", 6),
        ("ज़", 1),
        ("e\u200b\ufeff", 1),
        ("❤️", 1),
        ("🍵", 1),
        ("\ud800", 1),
    ],
)
def test_count(reply, count):
    assert Characters(count).check(reply, True).form == "bare"


def test_blanks_left_out():
    assert Characters(4, spaces=False).check("a b\nc\u3000d", True).form == "bare"


def test_relations_and_explanations():
    assert Characters(280, "at most").check("a" * 300, True).explanation == "300 characters, at most 280 asked for"
    assert Characters(280, "at most").check("a" * 300, True).score == pytest.approx(0.929)
    assert Characters(3).check("```\nTea\n```", True).form == "unwrapped"


def test_cut_short():
    assert Characters(400, "less than").check("a" * 400, False).verdict is Verdict.FAIL
    assert Characters(400, "at most").check("a" * 400, False).verdict is Verdict.ABSTAIN
    assert Characters(400, "at least").check("a" * 400, False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"num_characters": -1}, "num_characters"),
        ({"num_characters": 5, "spaces": "no"}, "spaces"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Characters)


@pytest.mark.parametrize("piece", ["a", "é", "́", "`", "\u200d"])
def test_hostile_replies_end(piece):
    assert Characters(3).check(piece * 100_000, True).verdict in Verdict
