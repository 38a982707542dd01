import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.fence import Fence


@pytest.mark.parametrize("reply", ["", "x", "`x`", "```x```", "x ```", "~~x~~", "``\nx\n``"])
def test_none(reply):
    assert Fence().check(reply, True).form == "bare"
    assert Fence().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["```\nx\n```\n", "a\n~~~~ py\nx\n", "- a\n      ```c\n      x\n", "```\n"])
def test_fences(reply):
    line = 2 if reply[0] == "a" else 1 + reply.startswith("-")
    assert Fence().check(reply, True).explanation == f"1 fenced code block, none allowed; the first on line {line}"
    assert Fence().check(reply, False).verdict is Verdict.FAIL


def test_a_line_that_is_being_written():
    assert Fence().check("```", False).verdict is Verdict.ABSTAIN, "it may become ```x```"
