"""What all rules share: how a request is made, what is counted, what stands beside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set
from typing import NamedTuple

from diagnostics.text.units import MARKS

from ..numbers import Count
from ..statement import Request, Statement

TIMES = ("times", "once", "twice", "thrice")


NUMBERS = ("number", "article")
NEGATIONS = ("not", "lacking", "not_before")


Rule = Callable[[Statement, int], Iterator[Request]]


class Entry(NamedTuple):
    """A line of the table of rules: the modifier that is read, the concepts whose tokens the rule is asked about, the
    rule, and what it ``needs`` besides: of each of these groups the sentence has to hold a concept for it to be asked.
    """

    modifier: str
    concepts: tuple[str, ...]
    rule: Rule
    needs: tuple[tuple[str, ...], ...] = ()

    def able(self, concepts: Set[str]) -> bool:
        """All that the rule needs is among these concepts."""
        return not any(map(concepts.isdisjoint, self.needs))


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
        if statement.inquires and not _leads(statement, count):
            return  # "How many words …?", but "How do whales sleep, in 50 words?"
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
    before = count.start < statement.tokens[i].start and _leads(statement, count)
    return before or statement.has("answer", "response", "only")


def _leads(statement: Statement, count: Count) -> bool:
    """A word such as "in" stands right before the number."""
    return any(0 <= count.start - statement.tokens[j].end <= 2 for j in statement.of("as"))


def is_distributed(statement: Statement, i: int) -> bool:
    """ "One sentence per line", "each with 10 words": the number is not that of the reply."""
    for j in statement.of("each"):
        clause, token = statement.clause(i), statement.tokens[j]
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
        between = folded[token.end : count.start].strip()
        bracketed = between == "(" and folded[count.end : count.end + 1] == ")"
        capital = statement.prompt.written(token.start, token.end)[:1].isupper()
        named = capital or not (between or statement.prompt.traits.number_final)
        return bracketed or (count.start - token.end <= 1 and (signed or named))
    if line.strip().isdecimal() and folded[token.end : token.end + 1] == ":":
        return True
    return signed and count.value <= _FIRST_LABELS and len(folded[token.end :].partition("\n")[0].strip()) <= 2


_LINK = 4
"""How many characters may stand between a label and its number: "Hatua ya 1:"."""


_FIRST_LABELS = 3


def is_told(statement: Statement) -> bool:
    """Something is to be done in the sentence; or it is too short to tell of anything."""
    return statement.has(*ACTS) or statement.end - statement.start <= _TERSE


_TERSE = 40


def is_said_of_reply(statement: Statement, i: int, *nouns: str) -> bool:
    """The verb at token ``i`` stands where a demand has it, or the sentence has a word for the reply or its parts; a
    report has neither: "he began his speech with …"."""
    token = statement.tokens[i]
    if any(statement.tokens[j][:2] != token[:2] for j in statement.of(*_ASKING, *nouns)):
        return True
    start, end = statement.clause_span(i)
    if (statement.prompt.verb_final or not statement.prompt.traits.spaced) and end - token.end <= _FIRST_WORDS:
        return True
    return token.start - start <= _FIRST_WORDS


_ASKING = ("answer", "response", "write", "translate", "tell", "whole")
_FIRST_WORDS = 12


def is_topic(statement: Statement, i: int, reach: int) -> bool:
    """Token ``i`` is what something is about: "about emojis", "on the use of emojis"; not "about tea, with emojis"."""
    last = statement.prompt.verb_final
    for j in statement.of("topic"):
        if (j < i) != last and statement.gap(i, j) <= reach:
            verbs = [k for k in statement.of("use", "include") if min(i, j) < k < max(i, j)]
            if all(statement.gap(j, k) <= _OF_USE for k in verbs) and not any(
                each.concept in ("as", "comma", "and") for each in statement.between(i, j)
            ):
                return True
    return False


_OF_USE = 6


def beside(statement: Statement, i: int, *concepts: str, reach: int = 60) -> bool:
    return statement.nearest(i, *concepts, reach=reach) is not None


def only_asked_about(statement: Statement, i: int) -> bool:
    """Nothing is asked for: a condition, or a question about the thing ("What are capital letters?")."""
    if statement.conditional(i) or statement.inquires or is_learnt(statement, i):
        return True
    opens = statement.tokens[0].concept == "topic" and statement.tokens[0].start - statement.start <= 2
    acts = ACTS if not opens else [each for each in ACTS if each != "response"]  # "What does … of a letter?"
    return statement.asks and not statement.has(*acts)


def is_learnt(statement: Statement, i: int) -> bool:
    """Token ``i`` goes with a verb that is asked about: "how do I write …", "why does he use …"."""
    acts = statement.of(*ACTS)
    before = [j for j in acts if j < i]
    after = [j for j in acts if j > i]
    near = after[:1] or before[-1:] if statement.prompt.verb_final else before[-1:] or after[:1]
    return any(not statement.active(j) for j in near) or (not acts and statement.has("how"))
