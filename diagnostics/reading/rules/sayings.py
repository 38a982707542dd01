"""Rules for sayings that ask by themselves, and for what is left to a judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..statement import Request, Statement
from .base import Rule, at_token, beside, counted


def said(statement: Statement, i: int) -> Iterator[Request]:
    """A saying that asks for the thing by itself."""
    if not statement.conditional(i):
        yield at_token(statement, i, {}, 0.85)


def whole(kinds: Mapping[str, Mapping[str, object]]) -> Rule:
    """Sayings that ask by themselves: kind -> the arguments that it stands for."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        arguments = kinds.get(statement.tokens[i].value)
        if arguments is not None and not statement.conditional(i):
            given = {
                name: statement.prompt.traits.language if value is ... else value for name, value in arguments.items()
            }
            yield at_token(statement, i, given, 0.9)

    return rule


def unit(kind: str, argument: str, relation: str | None = "relation", **others: object) -> Rule:
    """Something else that is counted, of this kind."""
    count = counted(argument, relation)

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        if statement.tokens[i].value == kind:
            character = statement.nearest(i, "character", reach=36) if i not in statement.counts else None
            for request in count(statement, i if character is None else character):
                yield request._replace(arguments=(request.arguments or {}) | others)

    return rule


def manner(argument: str, kinds: Mapping[str, str]) -> Rule:
    """A style, tone or audience: what the lexicon calls it -> what the modifier does."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        kind = kinds.get(statement.tokens[i].value)
        if (
            kind is not None
            and _of_reply(statement, i, 40)
            and not statement.conditional(i)
            and not statement.negated(i)
        ):
            yield at_token(statement, i, {argument: kind}, 0.8)

    return rule


def hints(statement: Statement, i: int) -> Iterator[Request]:
    """ "Briefly", "a long essay": how long the reply is to be, without a number."""
    if statement.conditional(i) or statement.negated(i) or not _of_reply(statement, i, 16):
        return
    yield at_token(statement, i, {"length": "short" if statement.tokens[i].concept == "short" else "long"}, 0.8)


def _of_reply(statement: Statement, i: int, reach: int) -> bool:
    """Token ``i`` speaks of the reply: something is to be written or told, and that, or a word for a reply, is near."""
    if statement.end - statement.start <= _SHORT_SENTENCE and not statement.asks:
        return True
    acts = ("answer", "write", "tell", "translate")
    return statement.has(*acts) and beside(statement, i, *acts, "response", reach=reach)


_SHORT_SENTENCE = 24
