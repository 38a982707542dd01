import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.lines import Lines


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("a\nb", 2),
        ("a\r\nb\rc", 3),
        ("\n\na\n \n\nb\n", 2),
        (
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            1,
        ),
        ("お茶\n\u3000\n牛乳", 2),
    ],
)
def test_count(reply, count):
    assert Lines(count).check(reply, True).form == "bare"


def test_unwrapped():
    assert Lines(2).check("Here:\na\nb", True).form == "unwrapped"
    assert Lines(2).check("```\na\nb\n```", True).form == "unwrapped"
    assert Lines(2).check("Here\na\nb", True).explanation == "3 lines, 2 asked for"


def test_cut_short():
    assert Lines(2).check("a\nb\nc", False).verdict is Verdict.FAIL
    assert Lines(2).check("a\nb\n", False).verdict is Verdict.ABSTAIN
    assert Lines(2, "at least").check("a\nb", False).verdict is Verdict.PASS
    assert Lines(2).check("```\na\nb\n``", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"num_lines": 0}, "num_lines"),
        ({"num_lines": 3, "relation": 3}, "relation"),
    ],
)
def test_wrong_arguments_are_named(arguments, field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(arguments, Lines)


@pytest.mark.parametrize("piece", ["a\n", "\n", "\r", " ", "```\n"])
def test_hostile_replies_end(piece):
    assert Lines(3).check(piece * 100_000, True).verdict in Verdict
