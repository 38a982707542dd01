"""Rules for lists: bullet points, numbered ones, and how many items."""

from __future__ import annotations

from collections.abc import Iterator

from ..numbers import Count
from ..statement import Prompt, Request, Statement
from .base import ACTS, at_token, beside, is_distributed, is_label, only_asked_about, over_count


def bullets(statement: Statement, i: int) -> Iterator[Request]:
    """Bullet points that are to be used, given or written, and their number where it is exact."""
    count = statement.counts.get(i)
    if statement.conditional(i) or (count is None and beside(statement, i, "topic", reach=14)):
        return
    if statement.negated(i):
        yield at_token(statement, i, None, 0.9)
        return
    if count is not None and is_label(statement, i, count):
        return
    if not statement.has(*ACTS, "format") and not beside(statement, i, "as", reach=16):
        return
    exact = count is not None and count.bounds[0][0] == "exactly" and not is_distributed(statement, i)
    if count is not None and exact:
        yield over_count(count, statement, i, {"num_bullets": count.value})
    elif statement.has(*ACTS, "as") or count is not None:
        listed = statement.prompt.once(_how_many) if count is None else None
        yield at_token(statement, i, {} if listed is None else {"num_bullets": listed.value}, 0.9)


def _how_many(prompt: Prompt) -> Count | None:
    """How many of anything are to be given, where another sentence says so: "List 10 names", "Give exactly 8"."""
    for each in prompt.statements({"list", "item", *_GIVING}):
        others = [count.start for unit, count in each.counts.items() if each.tokens[unit].concept != "item"]
        for n, count in each.numbers.items():
            if (
                each.tokens[n].concept == "number"
                and count.bounds[0][0] == "exactly"
                and count.start not in others
                and any(_gives(each, i, count) for i in each.of("list", *(_GIVING if count.stated else ())))
            ):
                return count
    return None


_GIVING = ("write", "answer", "tell", "include", "use")
"""Verbs that ask for items where their number is exact: other numbers are of something else."""


def _gives(statement: Statement, i: int, count: Count) -> bool:
    """The verb at token ``i`` stands right before what is counted, or after it where verbs stand last."""
    token = statement.tokens[i]
    last = statement.prompt.verb_final and 0 <= token.start - count.end <= _BEFORE_VERB
    return last or 0 <= count.start - token.end <= _AFTER_VERB


_AFTER_VERB, _BEFORE_VERB = 12, 40


def numbered(statement: Statement, i: int) -> Iterator[Request]:
    """A numbered list, and how long where that is exact."""
    if only_asked_about(statement, i):
        return
    if statement.negated(i):
        yield at_token(statement, i, None, 0.9)
        return
    count = statement.counts.get(i)
    exact = count is not None and count.bounds[0][0] == "exactly"
    if count is not None and exact:
        yield over_count(count, statement, i, {"num_items": count.value})
    elif statement.has(*ACTS, "as"):
        yield at_token(statement, i, {}, 0.9)


def items(statement: Statement, i: int) -> Iterator[Request]:
    """ "List 5 options", "a list of 10 items"; points that have a mark are bullets."""
    if statement.has("bullet", "numbered") or statement.conditional(i) or statement.negated(i):
        return
    count = statement.counts.get(i)
    if statement.tokens[i].concept == "item":
        if count is None or not statement.has("list") or is_label(statement, i, count):
            return
    else:
        if not (
            statement.tokens[i].start - statement.start <= 2 or statement.has("write", "answer", "tell", "include")
        ):
            return
        number = statement.nearest(i, "number", reach=8)
        counts = {n: c for n, c in statement.numbers.items() if n == number}
        if (
            number is None
            or number < i
            or any(c.start == counts[number].start for c in statement.counts.values() if number in counts)
        ):
            return
        count = counts.get(number)
    if count is not None and count.bounds[0][0] == "exactly":
        yield over_count(count, statement, i, {"num_items": count.value}, 0.85)
