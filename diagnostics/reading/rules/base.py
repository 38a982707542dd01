"""What all rules share: how a request is made, what is counted, what stands beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from diagnostics.text.units import MARKS

from ..statement import Count, Request, Statement

TIMES = ("times", "once", "twice", "thrice")


Rule = Callable[[Statement, int], Iterator[Request]]


ACTS = ("answer", "write", "tell", "translate", "use", "include", "wrap", "response", "list", "only")


SINGLE = re.compile(rf"\S[{MARKS}\u0610-\u061a\u3099\u309a]?\Z")


POSTSCRIPT = re.compile(r"p\.? ?(?:p\.? ?)?-?s(?![a-z0-9])", re.IGNORECASE)


def at_token(statement: Statement, i: int, arguments: dict[str, object] | None, confidence: float = 0.95) -> Request:
    token = statement.tokens[i]
    return Request(token.start, token.end, confidence, arguments)


def over_count(
    count: Count, statement: Statement, i: int, arguments: dict[str, object], confidence: float = 0.97
) -> Request:
    token = statement.tokens[i]
    return Request(min(count.start, token.start), max(count.end, token.end), confidence, arguments)


def counted(argument: str, relation: str | None = "relation", alone: str = "exactly") -> Rule:
    """A unit with a number. ``alone`` is what a number means where nothing says how it is meant."""

    def rule(statement: Statement, i: int) -> Iterator[Request]:
        count = statement.counts.get(i)
        if count is None or statement.conditional(i) or is_distributed(statement, i) or is_label(statement, i, count):
            return
        if not count.stated and (statement.negated(i) or not statement.has(*ACTS)):
            return
        if not count.stated and alone == "about" and count.value < _FEW and not _meant(statement, i, count):
            return
        for said, value in count.bounds:
            arguments: dict[str, object] = {argument: value}
            if relation is not None:
                arguments[relation] = said if count.stated or said != "exactly" else alone
            yield over_count(count, statement, i, arguments, 0.97 if count.stated else 0.9)

    return rule


_FEW = 10
"""Fewer words or characters than that are seldom a length: "three words she never said"."""


def _meant(statement: Statement, i: int, count: Count) -> bool:
    """ "In three words": what is counted is the reply."""
    leads = count.start < statement.tokens[i].start
    before = leads and any(0 <= count.start - statement.tokens[j].end <= 2 for j in statement.of("as"))
    return before or statement.has("answer", "response", "only")


def is_distributed(statement: Statement, i: int) -> bool:
    """ "One sentence per line", "each with 10 words": the number is not that of the reply."""
    clause = statement.clause(i)
    for j in statement.of("each"):
        token = statement.tokens[j]
        before = token.end <= statement.tokens[i].start
        if j in clause and before and any(each.concept in ("whole", "response") for each in statement.between(j, i)):
            continue  # "each with a title, and the whole text with 100 words"
        if j in clause and (before or 0 <= token.start - statement.tokens[i].end <= 1):
            return True
    return False


def is_label(statement: Statement, i: int, count: Count) -> bool:
    """ "Section 1", "* Bullet 2", "* 1 point": a label and no number of them."""
    token = statement.tokens[i]
    if count.stated or count.start - token.end > _LINK:
        return False
    folded = statement.prompt.folded
    line = folded[folded.rfind("\n", 0, token.start) + 1 : token.start]
    signed = line.lstrip()[:1] in ("*", "-", "•", "[")
    if count.start >= token.end:
        opens = signed or line.rstrip()[-1:] in ("", ":")
        if opens and folded[count.end : count.end + 1] in (".", ":", "۔", ")"):
            return True
        near = count.start - token.end <= 1
        return near and (signed or statement.prompt.written(token.start, token.end)[:1].isupper())
    if line.strip().isdecimal() and folded[token.end : token.end + 1] == ":":
        return True
    return signed and count.value <= _FIRST_LABELS and len(folded[token.end :].partition("\n")[0].strip()) <= 2


_LINK = 4
"""How many characters may stand between a label and its number: "Hatua ya 1:"."""


_FIRST_LABELS = 3


def beside(statement: Statement, i: int, *concepts: str, reach: int = 60) -> bool:
    return statement.nearest(i, *concepts, reach=reach) is not None


def only_asked_about(statement: Statement, i: int) -> bool:
    """Nothing is asked for: a condition, or a question about the thing ("What are capital letters?")."""
    return statement.conditional(i) or statement.has("how") or (statement.asks and not statement.has(*ACTS))
