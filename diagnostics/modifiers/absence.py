"""None of some characters, or no others: how a reply is held against a set of characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache

from diagnostics.core import Verdict

from .base import CUT_SHORT, Outcome
from .reply import Reply

_SHOWN = 5
"""How many different characters are named in an explanation."""
_EMPTY = Outcome(Verdict.NOT_APPLICABLE, "the reply is empty")


def absent(reply: Reply, wrong: Callable[[str], Counter[str]], unit: str, *, whole_lines: bool = False) -> Outcome:
    """Pass when the reply, or what is in its wrapping, has nothing that is ``wrong``, which fails at once.

    ``wrong`` counts what must not be in a line, and must never find less as a line grows; with ``whole_lines`` it is
    asked about lines that have ended only. ``unit`` is the singular and the plural: "digit/digits". The score is the
    share of the letters and digits that are right.
    """
    if not reply.text.strip():
        return _EMPTY if reply.complete else CUT_SHORT
    for view in reply.views:
        if not reply.sum(wrong, view, whole_lines=whole_lines):
            passed = Outcome(Verdict.PASS, f"no {unit.partition('/')[2]}{view.note}", view.form, 1.0)
            return passed if reply.complete else CUT_SHORT
    if reply.unsettled:
        return CUT_SHORT
    counts = reply.sum(wrong, reply.bare, whole_lines=whole_lines)
    number = counts.total()
    one, _, many = unit.partition("/")
    most = sorted(counts, key=lambda char: (-counts[char], char))[:_SHOWN]
    share = 1 - number / max(sum(map(str.isalnum, reply.text)), number)
    explanation = f"{number} {one if number == 1 else many}, none allowed: {' '.join(map(_shown, most))}"
    return Outcome(Verdict.FAIL, explanation, score=round(share, 3))


def only(reply: Reply, right: Callable[[str], bool], neutral: str, unit: str) -> Outcome:
    """Pass when all letters of the reply, or of what is in its wrapping, are ``right``, and there are any.

    The characters of ``neutral`` are neither right nor wrong; ``unit`` is "one/many" of the letters that are wrong.
    """
    outcome = absent(reply, _others(right, neutral), unit)
    if outcome.verdict is Verdict.PASS and not any(map(right, set(reply.text))):
        return Outcome(Verdict.FAIL, "the reply has no letters", score=0.0)
    return outcome


def _shown(text: str) -> str:
    return text if text.isprintable() and text.strip() else ascii(text)


@cache
def each(wrong: Callable[[str], bool]) -> Callable[[str], Counter[str]]:
    """Count the characters for which ``wrong`` holds."""

    def count(text: str) -> Counter[str]:
        kinds = [char for char in set(text) if wrong(char)]
        if not kinds:
            return Counter()
        counts = Counter(text)
        return Counter({char: counts[char] for char in sorted(kinds)})

    return count


@cache
def _others(right: Callable[[str], bool], neutral: str) -> Callable[[str], Counter[str]]:
    return each(lambda char: char.isalpha() and char not in neutral and not right(char))
