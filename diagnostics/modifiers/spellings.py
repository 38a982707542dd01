"""Words that have one of some letters: how many of them a reply has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from diagnostics.text import words

from .base import Outcome
from .phrase import spelled
from .relation import Relation, judge
from .reply import Reply, View


def words_with(letters: str, reply: Reply, relation: Relation, wanted: int) -> Outcome:
    """Hold the number of words with one of these letters (small, composed) against the number asked for."""
    counted = _counter(letters)

    def count(view: View) -> int:
        # While more may come, a mark may follow on the last letter and make it another.
        return reply.sum(counted, view, whole_lines=True)

    named = "one of " + letters if len(letters) > 1 else letters
    return judge(reply, count, relation, wanted, f"word with {named}/words with {named}")


@cache
def _counter(letters: str) -> Callable[[str], int]:
    wanted = frozenset(letters)
    return lambda text: sum(not wanted.isdisjoint(word) for word in words(spelled(text)))
