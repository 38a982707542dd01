"""How a count is held against a number somebody asked for: at least, less than, at most, exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

from diagnostics.core import Verdict

from .base import CUT_SHORT, Outcome
from .payload import fenced, led_in

Relation = Literal["at least", "less than", "at most", "exactly"]

_ASKED: dict[Relation, str] = {
    "at least": "at least {} asked for",
    "less than": "fewer than {} asked for",
    "at most": "at most {} asked for",
    "exactly": "{} asked for",
}
_LEAD_IN = 301
"""Longest line that leads in, as ``payload`` has it."""
_HALF_FENCE = re.compile(r"\n[ \t]*+[`~][^\n]*+\Z")


def holds(count: int, relation: Relation, wanted: int) -> bool:
    """Whether the count meets what was asked for."""
    if relation == "at least":
        return count >= wanted
    return not exceeds(count, relation, wanted) and (relation != "exactly" or count == wanted)


def exceeds(count: int, relation: Relation, wanted: int) -> bool:
    """Whether the count is too high, so that more text cannot mend it."""
    return relation != "at least" and count > wanted - (relation == "less than")


def asked(relation: Relation, wanted: int) -> str:
    """ "at least 3 asked for"."""
    return _ASKED[relation].format(wanted)


def judge(
    reply: str,
    complete: bool,
    count: Callable[[str], int],
    relation: Relation,
    wanted: int,
    unit: str,
    floor: Outcome | None = None,
) -> Outcome:
    """Hold a count of a reply, or of what is in its wrapping, against the number asked for.

    ``count`` must never fall as a text grows: then too many fail at once, enough are enough at once, and the rest of an
    incomplete reply is open. ``floor`` is what to say of a complete reply when its count is only the least that it can
    be. ``unit`` is the singular and the plural: "word/words".
    """
    found = [count(text) for text in unwrapped(reply, complete)]
    sure = complete and floor is None
    if sure or relation == "at least":
        for form, number in zip(("bare", "unwrapped", "unwrapped"), found, strict=False):
            if holds(number, relation, wanted):
                return Outcome(Verdict.PASS, _explain(number, unit, relation, wanted), form, 1.0)
    if not complete and may_be_led_in(reply):
        return CUT_SHORT
    if not sure and not all(exceeds(number, relation, wanted) for number in found):
        return floor if complete and floor is not None else CUT_SHORT
    number = min(found, key=lambda each: abs(each - wanted))
    bound = max(wanted - (relation == "less than"), 1)
    score = max(0.0, 1 - abs(number - bound) / bound)
    return Outcome(Verdict.FAIL, _explain(number, unit, relation, wanted), score=round(score, 3))


def _explain(number: int, unit: str, relation: Relation, wanted: int) -> str:
    one, _, many = unit.partition("/")
    return f"{number or 'no'} {one if number == 1 else many}, {asked(relation, wanted)}"


def unwrapped(reply: str, complete: bool) -> list[str]:
    """The reply, and what is left of it without a line that leads in, or in a code fence with nothing beside it.

    An incomplete one is given without a last line that could become a fence.
    """
    if not complete:
        reply = _HALF_FENCE.sub("", reply)
    inner = fenced(reply)
    lead = led_in(reply)
    found = [inner.text] if inner is not None and inner.share == 1 else []
    return [reply.strip(), *found, *([lead.text] if lead is not None and (lead.text or not complete) else [])]


def may_be_led_in(reply: str) -> bool:
    """Whether a reply that goes on could yet turn out to begin with a line that leads in, or to be in a fence."""
    lead = led_in(reply)
    rest = lead.text if lead is not None else reply.strip()
    first, _, others = _HALF_FENCE.sub("", rest).partition("\n")
    if others.strip():
        return False
    return first.startswith(("`", "~")) or ("\n" not in rest and lead is None and len(rest) <= _LEAD_IN)
