"""Rules for single signs and for the case of letters."""

from __future__ import annotations

from collections.abc import Iterator

from ..numbers import Count
from ..statement import Request, Statement
from .base import at_token, beside, is_told, is_topic, only_asked_about, over_count


def commas(statement: Statement, i: int) -> Iterator[Request]:
    """Commas that are not to be used."""
    if statement.negated(i) and not statement.conditional(i):
        yield at_token(statement, i, {})


def digits(statement: Statement, i: int) -> Iterator[Request]:
    """Digits that are not to be used."""
    if statement.negated(i) and not statement.conditional(i) and is_told(statement):
        yield at_token(statement, i, {}, 0.9)


def emojis(statement: Statement, i: int) -> Iterator[Request]:
    """Emoji that are, or are not, to be used."""
    if statement.conditional(i):
        return
    if statement.negated(i):
        yield at_token(statement, i, {"num_emojis": 0})
    elif statement.has("include", "use", "write", "answer"):
        count = statement.counts.get(i)
        used = beside(statement, i, "include", "use", reach=24) or beside(statement, i, "as", reach=6)
        if count is None and (not used or is_topic(statement, i, 24)):
            return
        for said, value in count.bounds if count is not None else (("at least", 1),):
            relation = said if said != "exactly" or (count is not None and count.stated) else "at least"
            yield at_token(statement, i, {"num_emojis": value, "relation": relation}, 0.85)


def quotations(statement: Statement, i: int) -> Iterator[Request]:
    """The reply in double quotation marks."""
    if statement.negated(i) or statement.conditional(i):
        return
    around = (statement.has("wrap") and is_told(statement)) or (
        statement.has("response", "answer") and statement.has("whole")
    )
    if around and not beside(statement, i, "title", reach=30):
        yield at_token(statement, i, {})


def uppercase(statement: Statement, i: int) -> Iterator[Request]:
    """Capital letters throughout; or no small ones."""
    small = statement.tokens[i].concept == "lowercase"
    if not _of_all(statement, i):
        return
    if statement.negated(i) == small and not statement.has("title_case"):
        yield at_token(statement, i, {})


def lowercase(statement: Statement, i: int) -> Iterator[Request]:
    """Small letters throughout; or no capital ones."""
    small = statement.tokens[i].concept == "lowercase"
    if not _of_all(statement, i):
        return
    if statement.negated(i) != small and not statement.has("title_case"):
        yield at_token(statement, i, {})


def _of_all(statement: Statement, i: int) -> bool:
    """Case at token ``i`` is that of the whole reply: not of some words, nor of what a program reads."""
    if only_asked_about(statement, i) or not is_told(statement):
        return False
    if not statement.has("answer", "response") and statement.has("programming"):
        return False
    if statement.asks and beside(statement, i, "quote", reach=16):
        return False
    small = statement.tokens[i].concept == "lowercase"
    if not small and _some_words(statement, i) is not None:
        return False
    other = statement.nearest(i, "capitals" if small else "lowercase", reach=_MIXED)
    return other is None or {each.concept for each in statement.between(i, other)} not in _PAIRS


_PAIRS: tuple[set[str], ...] = ({"and"}, {"or"})
_MIXED = 5
"""How near capital and small letters stand that are named together: "capital and small letters"."""


def capitals(statement: Statement, i: int) -> Iterator[Request]:
    """A number of words in capitals; some are at least one."""
    count = _some_words(statement, i)
    if count is None or statement.conditional(i):
        return
    for said, value in count.bounds:
        relation = "at least" if said == "exactly" and not count.stated else said
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
