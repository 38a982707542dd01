"""Rules for sayings that ask by themselves, and for what is left to a judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..statement import Request, Statement
from .base import Rule, at_token, counted, is_told, is_topic, only_asked_about


def said(statement: Statement, i: int) -> Iterator[Request]:
    """A saying that asks for the thing by itself."""
    if not statement.conditional(i):
        yield at_token(statement, i, {}, 0.85)


def whole(kinds: Mapping[str, Mapping[str, object]]) -> Rule:
    """Sayings that ask by themselves: kind -> the arguments that it stands for."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        arguments = kinds.get(statement.tokens[i].value)
        if arguments is not None and is_told(statement) and not _is_spoken_of(statement, i):
            given = {
                name: statement.prompt.traits.language if value is ... else value for name, value in arguments.items()
            }
            yield at_token(statement, i, given, 0.9)

    return rule


def _is_spoken_of(statement: Statement, i: int) -> bool:
    return only_asked_about(statement, i) or is_topic(statement, i, _TOUCHING)


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
    if any(k < i and statement.gap(k, i) <= 1 for k in statement.counts):
        return  # "50 words long"
    yield at_token(statement, i, {"length": "short" if statement.tokens[i].concept == "short" else "long"}, 0.8)


def _of_reply(statement: Statement, i: int, reach: int) -> bool:
    """Token ``i`` speaks of the reply: of what is to be written or told, or of how; not of what the reply is about."""
    saying = statement.tokens[i].concept != "audience" and " " in _form(statement, i)  # "in simple terms"
    acts = ("answer", "write", "tell", "translate", *(("use",) if saying else ()))
    told = [j for j in statement.of(*acts) if statement.active(j)]
    if not told:
        return _bare(statement)
    replies = [*statement.of("response"), *told]
    hint = statement.tokens[i].concept in ("short", "long")
    if any(_touches(statement, i, j) and (hint or _fits(statement, i, j)) for j in replies):
        return True
    if saying:
        return not _compared(statement, i) and any(statement.gap(i, j) <= reach for j in replies)
    if any(_made(statement, i, j) for j in told):
        return True
    near = [j for j in replies if statement.gap(i, j) <= _ADVERB]
    return _linked(statement, i) and any(hint or _describes(statement, i, j) for j in near)


_ADVERB = 40
"""How far from "explain" its "briefly" may stand."""


def _fits(statement: Statement, i: int, j: int) -> bool:
    """The style at token ``i`` beside token ``j`` belongs to it: not "explain scientific methods"."""
    return j > i or statement.tokens[j].concept != "tell" or _linked(statement, i)


def _describes(statement: Statement, i: int, j: int) -> bool:
    """The style at token ``i`` is not that of a thing after token ``j``: "about …", "expliquer la méthode …"."""
    style = statement.tokens[i].concept == "style"
    things = style and statement.prompt.traits.adjective_final and statement.tokens[j].concept == "tell"
    return not things and not _about(statement, i, j)


def _compared(statement: Statement, i: int) -> bool:
    """ "The difference between formal and informal language"."""
    topic = statement.nearest(i, "topic")
    return topic is not None and topic < i and _apart(statement, i, topic) <= _TOUCHING


def _form(statement: Statement, i: int) -> str:
    return statement.prompt.folded[statement.tokens[i].start : statement.tokens[i].end]


def _touches(statement: Statement, i: int, j: int) -> bool:
    """Between the tokens is nothing but more of the kind: "a short and friendly letter"."""
    return all(each.concept in _MANNERS for each in statement.between(i, j)) and _apart(statement, i, j) <= _TOUCHING


_MANNERS = frozenset({"short", "long", "style", "word", "comma", "and"})
_TOUCHING = 3


def _apart(statement: Statement, i: int, j: int) -> int:
    """Characters between the tokens, those of other manners not counted."""
    manners = [each for each in statement.between(i, j) if each.concept in _MANNERS]
    return statement.gap(i, j) - sum(each.end - each.start + 1 for each in manners)


def _made(statement: Statement, i: int, j: int) -> bool:
    """What is to be written, at token ``j``, is such a thing: "write a detailed report", "a summary for children"; what
    is told may be anything: "describe the long history"."""
    traits, audience = statement.prompt.traits, statement.tokens[i].concept == "audience"
    told = any(statement.tokens[k].start == statement.tokens[j].start for k in statement.of("tell"))
    if told and not (audience and traits.verb_final):
        return False
    noun = traits.adjective_final or traits.verb_final or audience
    reach = _THING if noun else _ARTICLE
    return _apart(statement, i, j) <= reach and (j < i) != traits.verb_final and not _about(statement, i, j)


_ARTICLE = 12
"""How many characters may stand between "write" and "detailed"."""
_THING = 24
"""The same where the report stands between them."""


def _about(statement: Statement, i: int, j: int) -> bool:
    between = {each.concept for each in statement.between(i, j)}
    return "topic" in between and statement.tokens[j].concept != "answer"


def _linked(statement: Statement, i: int) -> bool:
    """No noun that it could belong to follows token ``i``: the sentence ends, or a linking word follows."""
    end = statement.tokens[i].end
    if not statement.prompt.folded[end : statement.end].strip():
        return True
    return i + 1 < len(statement.tokens) and (
        statement.gap(i, i + 1) <= 1 and statement.tokens[i + 1].concept in _LINKS
    )


_LINKS = frozenset({"comma", "colon", "and", "or", "topic", "as", "how", "to", "quote", "if"})


def _bare(statement: Statement) -> bool:
    """The sentence says nothing else: "Short answer, please.\""""
    if statement.asks or statement.end - statement.start > _SHORT_SENTENCE:
        return False
    covered = {place for token in statement.tokens for place in range(token.start, token.end)}
    text = statement.prompt.folded
    left = [k for k in range(statement.start, statement.end) if text[k].isalnum() and k not in covered]
    return len(left) <= _FILLING and len(text.strip()) > statement.end - statement.start + _FILLING


_SHORT_SENTENCE = 24
_FILLING = 9
"""Letters that other words of such a sentence may have: "keep it short"."""
