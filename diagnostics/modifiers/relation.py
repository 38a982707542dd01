"""How a count is held against a number somebody asked for: at least, less than, at most, exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Outcome
from .reply import Reply, View

Relation = Literal["at least", "less than", "at most", "exactly", "about"]

TOLERANCE = 0.1
"""How far a count may be from a number that was asked for with "about", as a part of it."""

_ASKED: dict[Relation, str] = {
    "at least": "at least {} asked for",
    "less than": "fewer than {} asked for",
    "at most": "at most {} asked for",
    "exactly": "{} asked for",
    "about": "about {} asked for",
}


def holds(count: int, relation: Relation, wanted: int) -> bool:
    """Whether the count meets what was asked for."""
    if relation == "at least":
        return count >= wanted
    if relation == "about":
        return abs(count - wanted) <= slack(wanted)
    return not exceeds(count, relation, wanted) and (relation != "exactly" or count == wanted)


def slack(wanted: int) -> int:
    """How far a count may be from a number asked for with "about"; at least one."""
    return max(1, round(TOLERANCE * wanted))


def exceeds(count: int, relation: Relation, wanted: int) -> bool:
    """Whether the count is too high, so that more text cannot mend it."""
    if relation == "about":
        return count > wanted + slack(wanted)
    return relation != "at least" and count > wanted - (relation == "less than")


def asked(relation: Relation, wanted: int) -> str:
    """ "at least 3 asked for"."""
    return _ASKED[relation].format(wanted) if wanted or relation != "at most" else "none allowed"


def judge(
    reply: Reply,
    count: Callable[[View], int],
    relation: Relation,
    wanted: int,
    unit: str,
    floor: Outcome | None = None,
) -> Outcome:
    """Hold a count of a reply, or of what is in its wrapping, against the number asked for.

    ``count`` must never fall as a view grows: then too many fail at once, enough are enough at once, and the rest of an
    incomplete reply is open. ``floor`` is what to say of a complete reply when its count is only the least that it can
    be. ``unit`` is the singular and the plural: "word/words".
    """
    found = [(view, count(view)) for view in reply.views]
    sure = reply.complete and floor is None
    if sure or relation == "at least":
        for view, number in found if reply.complete else found[:1]:
            if holds(number, relation, wanted):
                return Outcome(Verdict.PASS, _explain(number, unit, relation, wanted) + view.note, view.form, 1.0)
    if reply.unsettled:
        return CUT_SHORT
    if not sure and not all(exceeds(number, relation, wanted) for _, number in found):
        return floor if reply.complete and floor is not None else CUT_SHORT
    view, number = min(found, key=lambda each: abs(each[1] - wanted))
    explanation = _explain(number, unit, relation, wanted) + view.note
    return Outcome(Verdict.FAIL, explanation, score=nearness(number, relation, wanted))


def judge_absence(reply: Reply, count: Callable[[str], int], pattern: re.Pattern[str], unit: str) -> Outcome:
    """Pass when the reply, or what is in its wrapping, has nothing of what ``count`` counts.

    One is enough to fail, once it is clear that it leads into nothing. ``pattern`` finds the first.
    """
    outcome = judge(reply, lambda view: reply.sum(count, view), "at most", 0, unit)
    first = pattern.search(reply.text) if outcome.verdict is Verdict.FAIL else None
    if first is None:
        return outcome
    return msgspec.structs.replace(
        outcome, explanation=f"{outcome.explanation}; the first is character {first.start() + 1}"
    )


def nearness(number: int, relation: Relation, wanted: int) -> float:
    """How near a count that does not hold comes, in [0, 1]: 1 less the distance as a part of the number asked for."""
    bound = wanted - (relation == "less than")
    return round(max(0.0, 1 - abs(number - bound) / max(bound, 1)), 3)


def _explain(number: int, unit: str, relation: Relation, wanted: int) -> str:
    one, _, many = unit.partition("/")
    return f"{number or 'no'} {one if number == 1 else many}, {asked(relation, wanted)}"
