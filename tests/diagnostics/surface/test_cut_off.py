"""Only the engine's limit cuts a reply off: not a caller who leaves, not an error, not a tool that is called."""

import pytest

from diagnostics.core import Instruction, Message
from diagnostics.jsonl import Exchange, diagnose
from diagnostics.runner import Diagnostics
from diagnostics.surface.cut_off import CUT_OFF

DIAGNOSTICS = Diagnostics(lambda messages, declared: Instruction(messages), ())


@pytest.mark.parametrize("reply", ["Es war einm", ""])
def test_the_limit_ended_the_reply(reply):
    asked = DIAGNOSTICS.read((Message("user", "x"),))
    cut = DIAGNOSTICS.diagnose("1", asked, reply, complete=False, cut_off=True)
    assert (cut.surface, cut.complete) == ((CUT_OFF,), False)
    assert DIAGNOSTICS.diagnose("1", asked, reply, complete=False).surface == ()
    assert DIAGNOSTICS.diagnose("1", asked, reply).surface == ()


@pytest.mark.parametrize(
    ("reason", "names"), [("length", ["cut_off"]), ("stop", []), (None, []), ("tool_calls", []), ("content_filter", [])]
)
def test_an_exchange_says_how_its_reply_ended(reason, names):
    exchange = Exchange(prompt="x", response="y", finish_reason=reason)
    assert [each.name for each in diagnose(DIAGNOSTICS, exchange, "1").surface] == names
