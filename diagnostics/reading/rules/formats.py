"""Rules for formats."""

from __future__ import annotations

from collections.abc import Iterator

from ..statement import Request, Statement
from .base import at_token, beside, only_asked_about


def formatted(statement: Statement, i: int) -> Iterator[Request]:
    """A format in its role: after "as" or "in", beside a noun such as "format" or "page", or right after a verb."""
    if statement.conditional(i):
        return
    role = _ahead(statement, i, "as", 12) or (statement.has("translate") and _ahead(statement, i, "to", 6))
    noun = beside(statement, i, "format", reach=4)
    if statement.negated(i):
        if role or noun or beside(statement, i, "not", "lacking", "not_before", reach=24):
            yield at_token(statement, i, None, 0.9)
        return
    if statement.inquires:
        return
    answered = statement.has("answer", "wrap", "whole")
    if not answered and (beside(statement, i, "programming", reach=24) or beside(statement, i, *_FORMATS, reach=8)):
        return  # "a JSON parser", "XML or JSON"
    if not answered and not (role and (noun or statement.has("translate"))) and _spoken_of(statement, i):
        return
    if not answered and (statement.has("how") or only_asked_about(statement, i)):
        return
    acts = statement.has("answer", "response", "write", "translate", "use", "wrap", "include", "tell", "list", "only")
    direct = statement.nearest(i, "write", "answer", "use", "wrap", reach=12) is not None
    if (role or noun) and acts:
        yield at_token(statement, i, {}, 0.98 if answered or noun else 0.95)
    elif (direct and not statement.has("tell")) or (role and _says_nothing_else(statement, i)):
        yield at_token(statement, i, {}, 0.9)


def _says_nothing_else(statement: Statement, i: int) -> bool:
    """ "… , as JSON, please": few tokens, and few letters beside them."""
    start, end = statement.clause_span(i)
    return len(statement.clause(i)) <= _BARE and end - start <= _BARE_LETTERS


_BARE_LETTERS = 40
_FORMATS = ("html", "json", "xml", "yaml", "csv", "markdown")
_BARE = 3
"""A clause of so few tokens says nothing but the format: "as JSON, please"."""


def _ahead(statement: Statement, i: int, concept: str, reach: int) -> bool:
    """A word of this concept stands right before token ``i``; or behind it, where verbs stand last."""
    last = statement.prompt.verb_final
    return any(statement.gap(i, j) <= reach and (j < i or last) for j in statement.of(concept))


def _spoken_of(statement: Statement, i: int) -> bool:
    """A word right before the format makes it a topic ("about HTML"); or behind it ("HTMLとは"), unless one that
    gives it its role is as near ("…についてHTML形式で")."""
    if not statement.prompt.verb_final:
        return _ahead(statement, i, "topic", 24)
    topic, role = statement.nearest(i, "topic", reach=24), statement.nearest(i, "as", reach=24)
    return topic is not None and (role is None or statement.gap(i, topic) < statement.gap(i, role))


def markdown(statement: Statement, i: int) -> Iterator[Request]:
    """Markdown as the format; not "highlight a part in Markdown", nor "a Markdown divider"."""
    if not statement.has("highlight", "bullet", "table", "separate", "stars"):
        yield from formatted(statement, i)


def unfenced(statement: Statement, i: int) -> Iterator[Request]:
    """No code fence."""
    if statement.negated(i) and not statement.conditional(i):
        yield at_token(statement, i, {}, 0.9)


def plain(statement: Statement, i: int) -> Iterator[Request]:
    """Plain text; or no Markdown."""
    markdown = statement.tokens[i].concept == "markdown"
    asked = markdown or beside(statement, i, "as", "answer", "response", "write", "only", reach=40)
    if asked and statement.negated(i) == markdown and not statement.conditional(i):
        yield at_token(statement, i, {}, 0.9)


def marked(statement: Statement, i: int) -> Iterator[Request]:
    """Each point begins with a sign ("-->")."""
    if not statement.negated(i):
        yield at_token(statement, i, {"marker": statement.tokens[i].value}, 0.9)
