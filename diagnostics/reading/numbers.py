"""The numbers of a sentence: how each is meant, and what it counts. Nothing here knows a language. Places are in folded
text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Literal, NamedTuple

from diagnostics.modifiers.relation import Relation

from .scanner import Token

if TYPE_CHECKING:
    from .statement import Statement

Said = Relation | Literal["more than"]
"""How a number is meant, as prompts say it."""
RELATIONS: dict[str, Said] = {
    "at_least": "at least",
    "at_most": "at most",
    "less_than": "less than",
    "more_than": "more than",
    "exactly": "exactly",
    "about": "about",
}
UNITS = frozenset(
    [
        "word",
        "sentence",
        "paragraph",
        "line",
        "character",
        "section",
        "bullet",
        "numbered",
        "item",
        "placeholder",
        "square_brackets",
        "part",
        "times",
        "highlight",
        "keyword",
        "phrase",
        "unit",
        "emoji",
    ]
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_RANGE = re.compile(r"\s*(?:[-–—~〜]|\.{2,3}|…)\s*\Z")
TIGHT_AFTER, TIGHT_BEFORE = 16, 8
"""How many characters may stand between a number and what it counts: after the number, and before it."""
LOOSE_AFTER, LOOSE_BEFORE = 40, 64
"""The same where a relation ("at least") says that the number counts something."""
_STATED = 1.5
"""By how many characters such a number is nearer than another."""
ADJACENT = 6
"""The same for number words that also mean something else."""
_BARS = frozenset({"colon", "number", "bracket", "figure"})
_PARTS_NUMBERS = frozenset({"number", "article", "colon", "quote", "comma"})
_LONGEST_UNIT = 24
BEHIND = 8
"""The same behind a number and what it counts."""
BESIDE = 14
"""How many characters may stand between a number and the words that say how it is meant."""


class Count(NamedTuple):
    """How many of something are asked for: one bound, or the two of a range; and where that is said.

    ``stated``: how the number is meant was said; else it is what a number alone means.
    """

    bounds: tuple[tuple[Relation, int], ...]
    start: int
    end: int
    stated: bool = False

    @property
    def value(self) -> int:
        """The number, of a range its lower bound."""
        return self.bounds[0][1]


class Numbers:
    """What the numbers of one sentence say."""

    def __init__(self, statement: Statement) -> None:
        self._statement = statement
        self._tokens = statement.tokens

    @cached_property
    def counts(self) -> dict[int, Count]:
        """Token of what is counted -> how many. A number counts one thing only: the nearest."""
        numbers = dict(self.said)
        units = self._statement.of(*UNITS) if numbers else []
        found: dict[int, Count] = {}
        for loose in (False, True):
            pairs = sorted(
                (distance - (_STATED if count.stated else 0), n, unit)
                for n, count in numbers.items()
                if count.stated or not loose
                for unit in units
                if unit not in found and (distance := self._distance(n, count, unit, loose)) is not None
            )
            for _, n, unit in pairs:
                if n in numbers and unit not in found:
                    count = numbers.pop(n)
                    # One word may stand for several units: a stanza is a part, too.
                    alike = (j for j in units if self._tokens[j][:2] == self._tokens[unit][:2])
                    found |= dict.fromkeys(alike, count)
        for i in self._statement.of(*_TIMES):
            relation, start, end = self._relation(i, i)
            bounds = _bounds(relation, _TIMES[self._tokens[i].concept])
            found[i] = Count(bounds, min(start, self._tokens[i].start), max(end, self._tokens[i].end), bool(relation))
        return found

    def _distance(self, n: int, count: Count, unit: int, loose: bool) -> float | None:
        token, number = self._tokens[unit], self._tokens[n]
        if abs(token.start - number.end) > LOOSE_BEFORE + _LONGEST_UNIT:
            return None
        if token.start <= number.start < token.end:
            return 0.0  # an Arabic dual is both
        after = token.start >= number.end
        reach = (LOOSE_AFTER if after else LOOSE_BEFORE) if loose else (TIGHT_AFTER if after else TIGHT_BEFORE)
        if number.start - token.end > reach or token.start - max(number.end, count.end) > reach:
            return None
        if not after and self._next(n) == "letter":
            return None  # "words with at least 3 letters"
        between = self._statement.between(n, unit)
        ranged = count.end > number.end and after and token.start >= count.end
        if not ranged and any(each.concept in _BARS or each.concept in UNITS for each in between):
            return None
        gap = self._statement.gap(n, unit)
        if count.end > number.end and after:
            gap = max(0, token.start - count.end)
        if any(each.concept == "comma" for each in between):
            gap += 6
        if number.concept == "article" and (self._statement.gap(n, unit) > ADJACENT or not self._one(n, unit, count)):
            return None
        return (gap if after else gap + 2.5) if gap <= reach else None

    def _next(self, n: int) -> str:
        """The concept of the token that stands right behind token ``n``."""
        following = self._tokens[n + 1 : n + 2]
        return following[0].concept if following and self._statement.gap(n, n + 1) <= 1 else ""

    def _one(self, n: int, unit: int, count: Count) -> bool:
        """An article is a number: it is more than one, or "at least one", "in one sentence"."""
        if count.value > 1 or (count.stated and count.bounds[0][0] != "about"):
            return True  # but "a story about a bullet"
        start = self._tokens[n].start
        return (
            self._tokens[unit].concept in ("sentence", "word", "paragraph", "line")
            and n < unit
            and any(0 <= start - self._tokens[j].end <= 1 for j in self._statement.of("as"))
        )

    @cached_property
    def said(self) -> dict[int, Count]:
        """Token of a number -> what it says. The two numbers of a range are one, at the first."""
        found: dict[int, Count] = {}
        tokens = self._statement.of("number", "article")
        skip = {again for i, again in itertools.pairwise(tokens) if self._repeats(i, again)}
        for k, i in enumerate(tokens):
            if i in skip or (k and self._tokens[tokens[k - 1]].start == self._tokens[i].start):
                continue
            again = next((j for j in tokens[k + 1 : k + 2] if j in skip), i)
            first, last = self._bracketed(again)
            end = self._range_end(last, [j for j in tokens[k + 1 : k + 5] if j not in skip][:2])
            if end is not None:
                skip.add(end)
                low, high = sorted((self._value(again), self._value(end)))
                joined = any(each.concept != "comma" for each in self._statement.between(last, end))
                said = joined or self._statement.nearest(end, "to", reach=3) is not None
                found[i] = Count(
                    (("at least", low), ("at most", high)), self._tokens[i].start, self._tokens[end].end, said
                )
                continue
            if any(
                0 <= self._apart(i, j) <= 3 and not self._statement.between(i, j) for j in self._statement.of("ordinal")
            ):
                continue  # "the first four sentences", "les quatre premières"
            relation, start, stop = self._relation(i if again > i else first, last)
            if self._tokens[i].value.endswith("+"):
                relation = "at least"
            if 0 < self._value(again) <= 1_000_000:
                found[i] = Count(_bounds(relation, self._value(again)), start, stop, relation is not None)
        return found

    def _repeats(self, i: int, again: int) -> bool:
        """The number says once more what the word before it says: "five (5)"; in brackets it is the one that counts."""
        first, _ = self._bracketed(again)
        word = not self._statement.prompt.folded[self._tokens[i].start].isdigit()
        alike = self._value(again) == self._value(i) or (word and first < again)
        return i < first and 0 <= self._apart(i, first) <= 1 and alike

    def _bracketed(self, i: int) -> tuple[int, int]:
        """The first and last token of a number in brackets of its own: "(5)"."""
        if 0 < i < len(self._tokens) - 1 and self._apart(i - 1, i) == self._apart(i, i + 1) == 0:
            return (i - 1, i + 1) if self._tokens[i - 1].value + self._tokens[i + 1].value == "()" else (i, i)
        return i, i

    def _apart(self, i: int, j: int) -> int:
        """Characters between two tokens, whichever comes first; less than none where they overlap."""
        first, second = sorted((self._tokens[i], self._tokens[j]))
        return second.start - first.end

    def _value(self, i: int) -> int:
        return int(self._tokens[i].value.rstrip("+"))

    def _range_end(self, i: int, others: Sequence[int]) -> int | None:
        """The second number of a range whose first ends with token ``i``."""
        for j in others:
            if self._tokens[i].concept == self._tokens[j].concept == "article":
                return None
            between = self._statement.between(i, j)
            text = self._statement.prompt.folded[self._tokens[i].end : self._tokens[j].start]
            if len(text) > 24 or any(token.value == "(" for token in between):
                return None
            if _RANGE.match(text) and all(token.concept == "comma" for token in between):
                return j
            joined = [token for token in between if token.concept in ("to", "or")]
            both = [token for token in between if token.concept == "and"]
            units = [token for token in between if token.concept in UNITS]
            rest = len(text) - sum(token.end - token.start for token in (*joined, *both, *units))
            if rest <= 6 and (joined or (both and self._relation_is_between(i))):
                return j
        return None

    def _relation_is_between(self, i: int) -> bool:
        return any(self._tokens[j].concept == "to" and 0 <= i - j <= 2 for j in self._statement.of("to"))

    def _relation(self, first: int, last: int) -> tuple[Said | None, int, int]:
        """How a number is meant, by the nearest words on either side; and where both together begin and end."""
        best: tuple[int, int] | None = None
        for j in self._statement.of(*RELATIONS):
            before = self._tokens[j].end <= self._tokens[first].start
            gap = self._statement.gap(j, first if before else last)
            if gap > BESIDE + _LONGEST_UNIT or not (before or self._may_follow(j)):
                continue
            between = self._statement.between(j, first if before else last)
            if between and not before and between[-1].concept == "quote" and self._qualifies(j):
                between = between[:-1]  # "6 exclamation marks '!' or more"
            if any(each.concept in _PARTS_NUMBERS for each in between) or (before and self._closes(j, first)):
                continue
            gap -= sum(each.end - each.start for each in between if each.concept in UNITS)
            near = ADJACENT if self._tokens[j].concept == "about" else BESIDE
            if gap <= (near if before else BEHIND) and (best is None or gap + (not before) < best[0]):
                best = gap + (not before), j
        start, end = self._tokens[first].start, self._tokens[last].end
        if best is None:
            return None, start, end
        token = self._tokens[best[1]]
        relation = RELATIONS[token.concept]
        if self._forbidden(best[1]):
            relation = _OPPOSITE.get(relation, relation)
        return relation, min(start, token.start), max(end, token.end)

    def _may_follow(self, j: int) -> bool:
        """The relation at token ``j`` may stand behind its number; "about" and "only" go with what follows them."""
        alike = {token.concept for token in self._tokens[max(j - 2, 0) : j + 3] if token[:2] == self._tokens[j][:2]}
        if not alike.isdisjoint(("topic", "as")):
            return False
        if "only" in alike and not (self._statement.prompt.verb_final or self._ends_clause(j)):
            return False
        return (
            self._tokens[j].concept != "about"
            or self._statement.prompt.verb_final
            or not self._statement.prompt.traits.spaced
        )

    def _ends_clause(self, j: int) -> bool:
        """After token ``j`` stands a mark, or nothing more: "in 10 words only."."""
        following = self._statement.prompt.folded[self._tokens[j].end : self._statement.end].lstrip(" ")[:1]
        return not following.isalnum()

    def _qualifies(self, j: int) -> bool:
        """The relation at token ``j`` stands right behind a quote, and before no number of its own."""
        near = [k for k in range(j + 1, len(self._tokens)) if 0 <= self._apart(j, k) <= 1]
        return self._apart(j - 1, j) <= 1 and all(self._tokens[k].concept != "number" for k in near)

    def _closes(self, j: int, n: int) -> bool:
        """The relation at token ``j`` speaks of a number before it, and number ``n`` has one of its own behind it:
        "800字以上1000字以内"."""
        own = any(0 <= self._tokens[k].start - self._tokens[n].end <= 4 for k in self._statement.of(*RELATIONS))
        return own and any(
            0 <= self._tokens[j].start - self._tokens[m].end <= 4
            for m in self._statement.of("number", "article")
            if m < j
        )

    def _forbidden(self, j: int) -> bool:
        """The relation at token ``j`` is one that must not hold: "not … more than", "4回以上は使わない"."""
        clause = self._statement.clause(j)
        if any(
            k > j and not self._statement.done_before(j, k) for k in clause if self._tokens[k].concept == "not_before"
        ):
            return True
        return self._tokens[j].concept == "more_than" and any(
            k < j
            and not any(each.concept == "and" and not self._is_letter(each) for each in self._statement.between(k, j))
            for k in clause
            if self._tokens[k].concept in ("not", "lacking", "exclude")
        )

    def _is_letter(self, token: Token) -> bool:
        """A word of one letter right behind "letter" is that letter, whatever else it means ("písmeno i")."""
        alone = token.end - token.start == 1
        return alone and any(0 <= token.start - self._tokens[j].end <= 1 for j in self._statement.of("letter"))


_OPPOSITE: dict[Said, Said] = {"more than": "at most", "at least": "less than"}


def _bounds(relation: Said | None, value: int) -> tuple[tuple[Relation, int], ...]:
    return (("at least", value + 1) if relation == "more than" else (relation or "exactly", value),)
