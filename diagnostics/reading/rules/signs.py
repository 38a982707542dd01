"""Rules for single signs and for the case of letters."""

from __future__ import annotations

from collections.abc import Iterator

from ..statement import Count, Request, Statement
from .base import at_token, beside, only_asked_about, over_count


def commas(statement: Statement, i: int) -> Iterator[Request]:
    """Commas that are not to be used."""
    if statement.negated(i) and not statement.conditional(i):
        yield at_token(statement, i, {})


def digits(statement: Statement, i: int) -> Iterator[Request]:
    """Digits that are not to be used."""
    if statement.negated(i) and not statement.conditional(i):
        yield at_token(statement, i, {}, 0.9)


def emojis(statement: Statement, i: int) -> Iterator[Request]:
    """Emoji that are, or are not, to be used."""
    if statement.conditional(i):
        return
    if statement.negated(i):
        yield at_token(statement, i, {"num_emojis": 0})
    elif statement.has("include", "use", "write", "answer"):
        count = statement.counts.get(i)
        for said, value in count.bounds if count is not None else (("at least", 1),):
            relation = said if count is not None and count.stated else "at least"
            yield at_token(statement, i, {"num_emojis": value, "relation": relation}, 0.85)


def quotations(statement: Statement, i: int) -> Iterator[Request]:
    """The reply in double quotation marks."""
    if statement.negated(i) or statement.conditional(i):
        return
    around = statement.has("wrap") or (statement.has("response", "answer") and statement.has("whole"))
    if around and not beside(statement, i, "title", reach=30):
        yield at_token(statement, i, {})


def uppercase(statement: Statement, i: int) -> Iterator[Request]:
    """Capital letters throughout; or no small ones."""
    small = statement.tokens[i].concept == "lowercase"
    if only_asked_about(statement, i) or (not small and _some_words(statement, i) is not None):
        return
    if statement.negated(i) == small and not statement.has("title_case"):
        yield at_token(statement, i, {})


def lowercase(statement: Statement, i: int) -> Iterator[Request]:
    """Small letters throughout; or no capital ones."""
    small = statement.tokens[i].concept == "lowercase"
    if only_asked_about(statement, i) or (not small and _some_words(statement, i) is not None):
        return
    if statement.negated(i) != small and not statement.has("title_case"):
        yield at_token(statement, i, {})


def capitals(statement: Statement, i: int) -> Iterator[Request]:
    """A number of words in capitals; some are at least one."""
    count = _some_words(statement, i)
    if count is None or statement.conditional(i):
        return
    for said, value in count.bounds:
        relation = "at least" if not count.stated else said
        yield over_count(count, statement, i, {"capital_frequency": value, "capital_relation": relation})
    some = _some(statement, i)
    if some is not None and count.bounds[0][0] in ("at most", "less than"):  # "some words in capitals, but less than 5"
        yield over_count(some, statement, i, {"capital_frequency": 1, "capital_relation": "at least"})


def _some_words(statement: Statement, i: int) -> Count | None:
    """How many words token ``i`` speaks of, None where it speaks of all."""
    units = ("word", "phrase", "part", "keyword", "times", "once", "twice", "thrice")
    found = [j for j in statement.of(*units) if j in statement.counts and statement.gap(i, j) <= 90]
    if found:
        return statement.counts[min(found, key=lambda j: statement.gap(i, j))]
    return _some(statement, i)


def _some(statement: Statement, i: int) -> Count | None:
    """ "Some words" that token ``i`` speaks of: at least one."""
    some = statement.nearest(i, "some", reach=40)
    word = statement.nearest(i, "word", "phrase", "part", reach=60)
    if some is not None and word is not None and statement.gap(some, word) <= 12:
        token = statement.tokens[some]
        return Count((("at least", 1),), token.start, token.end)
    return None


def title_case(statement: Statement, i: int) -> Iterator[Request]:
    """Each word with a capital letter."""
    if not statement.negated(i) and not statement.conditional(i):
        yield at_token(statement, i, {})
