"""A sentence of a prompt as the rules for form see it: words with a meaning, numbers, quotes, marks, and what they have
to do with each other. Nothing here knows a language. Places are in folded text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeVar

from diagnostics.modifiers.relation import Relation

from .marks import WORD
from .scanner import Token, unspaced

T = TypeVar("T")
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
_ITEM = 30
"""How long an item of a list may be."""
NOUNS = frozenset({"keyword", "word", "phrase", "letter"})
_ACTING = frozenset({"include", "use", "write", "answer", "wrap", "begin", "end", "list"})
_ADDED = 8
"""How far before a word an "and" may stand that puts it into a list."""
_LACKING = 30
"""How far before a word "no" or "without" may stand."""
_OPENING = 2
"""How far from its beginning a word stands that opens a sentence."""
_SUBJECT = 40
"""How far after a subject a word may stand that says no to it: "commas are not allowed"."""
_TIMES = {"once": 1, "twice": 2, "thrice": 3}
_JOINERS = frozenset({"to", "or", "and", "comma"})
_AROUND = " \t\r\n\u00a0\u200b\u200c\u200e\u200f\ufeff\"'“”„‟«»‘’「」『』`"
"""What stands around a quoted word and is no part of it."""
_RANGE = re.compile(r"\s*(?:[-–—~〜]|\.{2,3}|…)\s*\Z")
GLOSS = re.compile(r"\([^()\n]{1,60}\)")
_BETWEEN = re.compile(r"[\s\"'“”„«»‘’「」『』《》\[\]()（）*_,،、;]*")
RUN = re.compile(
    r"[\u3400-\u9fff々]+|[\u30a0-\u30ff]+|[\u3040-\u309f]+|[\uac00-\ud7ff]+|[a-z0-9]+(?:['’-][a-z0-9]+)*"
    r"|[^\W_\u3040-\u9fff\uac00-\ud7ffa-z0-9]+"
)
"""Letters of one script: the nearest to a word that can be had where no spaces are written."""
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
LONGEST_LINE = 3_000
"""How many characters after a sentence are looked at for a phrase, points or options that it announces."""
MOST_TOKENS = 60
"""Longest sentence, in tokens: rules look at every token from every other."""


class Request(NamedTuple):
    """What one rule read: places in folded text, how sure it is, and the modifier's arguments.

    ``arguments`` is None when the thing is unwanted ("do not use HTML"), which takes back what was asked before.
    """

    start: int
    end: int
    confidence: float
    arguments: dict[str, object] | None


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


class Traits(NamedTuple):
    """What the rules have to know of a language: its tag, whether it writes spaces, whether verbs stand last, whether
    nouns follow what they name, whether adjectives and numbers follow their nouns, what may follow a named word, and
    the "and" that is written on to the next word, or to the one before.

    ``particles``: what is written on to the end of a word; ``edges``: words beside a name that are no part of it;
    ``endings``: how words end that stand before one."""

    language: str = "en"
    spaced: bool = True
    verb_final: bool = False
    noun_final: bool = False
    adjective_final: bool = False
    number_final: bool = False
    suffixes: tuple[str, ...] = ()
    conjunction: str = ""
    joiners: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    edges: frozenset[str] = frozenset()
    endings: tuple[str, ...] = ()


ENGLISH = Traits()


class Prompt:
    """One piece of a message: its text as it was written and folded, and all tokens in order.

    ``places``: where each place of the folded text is in the text as written.
    """

    __slots__ = ("_bounds", "_found", "_made", "concepts", "folded", "places", "text", "tokens", "traits")

    def __init__(
        self, text: str, folded: str, places: Sequence[int], tokens: Sequence[Token], traits: Traits = ENGLISH
    ) -> None:
        self.text = text
        self.folded = folded
        self.places = places
        self.tokens = tokens
        self.traits = traits
        self._bounds = list(self._sentences())
        self.concepts = [{token[2] for token in tokens[first:last]} for first, last in self._bounds]
        """Of each sentence the concepts of its tokens."""
        self._made: dict[int, Statement] = {}
        self._found: dict[object, Any] = {}

    @property
    def dividers(self) -> list[Token]:
        """Where "***" stands."""
        return self.once(_dividers)

    @property
    def verb_final(self) -> bool:
        """Verbs, and words for what is named, stand after what they speak of."""
        return self.traits.verb_final

    def bare(self, start: int, end: int) -> int:
        """The end of a named word in this range, without what follows it ("차라는" is "차")."""
        text = self.folded[start:end].rstrip()
        for suffix in self.traits.suffixes:
            if text.endswith(suffix) and len(text) > len(suffix):
                text = text.removesuffix(suffix).rstrip()
                break
        return start + len(text)

    def plain(self, start: int, end: int) -> int:
        """The end of a word in this range, without a particle that is written on to it ("차는" is "차")."""
        particle = next((each for each in self.traits.particles if self.folded.endswith(each, start + 1, end)), "")
        return end - len(particle)

    def written(self, start: int, end: int) -> str:
        """What stands there, as it was written."""
        return self.text[self.places[start] : self.places[end]]

    def has(self, concept: str) -> bool:
        """Somewhere in the prompt stands a token of this concept."""
        return any(concept in there for there in self.concepts)

    def once(self, find: Callable[[Prompt], T]) -> T:
        """What a rule looks for in the whole prompt: looked for once, however many sentences ask."""
        if find not in self._found:
            self._found[find] = find(self)
        found: T = self._found[find]
        return found

    def line_after(self, place: int) -> tuple[int, int]:
        """The range of the first line after ``place`` that is not blank."""
        start = place
        while start < len(self.folded) and self.folded[start].isspace():
            start += 1
        return start, self.line_end(start)

    def line_end(self, start: int) -> int:
        """Where the line ends; of a long one no more than ``LONGEST_LINE`` characters are looked at."""
        limit = min(start + LONGEST_LINE, len(self.folded))
        end = self.folded.find("\n", start, limit)
        return limit if end < 0 else end

    def statements(self, concepts: Iterable[str]) -> Iterator[Statement]:
        """The sentences that hold a token with one of the concepts."""
        for place, there in enumerate(self.concepts):
            if not there.isdisjoint(concepts):
                yield self.statement(place)

    def statement(self, place: int) -> Statement:
        """The sentence at this place of ``concepts``."""
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = Statement(self, *self._bounds[place], self.concepts[place])
        return made

    def _sentences(self) -> Iterator[tuple[int, int]]:
        first = 0
        for i, token in enumerate(self.tokens):
            if token[2] == "stop":
                if i > first:
                    yield first, i
                first = i + 1
            elif i - first == MOST_TOKENS:
                yield first, i
                first = i
        if first < len(self.tokens):
            yield first, len(self.tokens)


def _dividers(prompt: Prompt) -> list[Token]:
    return [token for token in prompt.tokens if token.concept == "stars" and len(token.value) == 3]


class Statement:
    """One sentence: ``prompt.tokens[first:last]``, with their concepts, from ``start`` to ``end`` in folded text."""

    def __init__(self, prompt: Prompt, first: int, last: int, concepts: set[str]) -> None:
        self.prompt = prompt
        self.tokens = prompt.tokens[first:last]
        before = prompt.tokens[first - 1] if first else None
        self.start = 0 if before is None else before.end if before.concept == "stop" else self.tokens[0].start
        self.end = prompt.tokens[last].start if last < len(prompt.tokens) else len(prompt.folded)
        self._concepts = concepts
        self._negated: dict[int, bool] = {}

    @cached_property
    def _by(self) -> dict[str, list[int]]:
        """Concept -> the places of its tokens."""
        found: dict[str, list[int]] = {}
        for i, token in enumerate(self.tokens):
            found.setdefault(token[2], []).append(i)
        return found

    def of(self, *concepts: str) -> list[int]:
        """Places of the tokens with one of these concepts, in order."""
        there = self._concepts.intersection(concepts)
        if len(there) == 1:
            return self._by[there.pop()]
        return sorted([i for concept in there for i in self._by[concept]])

    def has(self, *concepts: str) -> bool:
        """The sentence holds a token of one of these concepts."""
        return not self._concepts.isdisjoint(concepts)

    def nearest(self, i: int, *concepts: str, reach: int = 400) -> int | None:
        """The token with one of these concepts that is nearest to token ``i``; None within ``reach`` characters."""
        others = [j for j in self.of(*concepts) if j != i and self.gap(i, j) <= reach]
        return min(others, key=lambda j: self.gap(i, j), default=None)

    def gap(self, i: int, j: int) -> int:
        """Characters between tokens ``i`` and ``j``; a character of a script without spaces counts as three."""
        first, second = (i, j) if self.tokens[i].start <= self.tokens[j].start else (j, i)
        start, end = self.tokens[first].end, self.tokens[second].start
        if end <= start:
            return 0
        if self.prompt.traits.spaced:
            return end - start
        return end - start + 2 * sum(map(unspaced, self.prompt.folded[start:end]))

    def between(self, i: int, j: int) -> list[Token]:
        """The tokens that lie between tokens ``i`` and ``j``."""
        low, high = min(i, j), max(i, j)
        start, end = self.tokens[low].end, self.tokens[high].start
        return [token for token in self.tokens[low + 1 : high] if token.start >= start and token.end <= end]

    def clause(self, i: int) -> range:
        """The tokens around token ``i`` up to the next comma or colon that parts more than the items of a list."""
        return self._clauses[i]

    def clause_span(self, i: int) -> tuple[int, int]:
        """Where the clause of token ``i`` starts and ends."""
        clause = self._clauses[i]
        start = self.tokens[clause.start - 1].end if clause.start else self.start
        return start, self.tokens[clause.stop].start if clause.stop < len(self.tokens) else self.end

    @cached_property
    def _clauses(self) -> list[range]:
        """Token -> its clause; a comma that parts is one of its own."""
        found: list[range] = []
        first = 0
        for i in [i for i in self.of("comma", "colon") if self._parts(i)]:
            found += [range(first, i)] * (i - first)
            found.append(range(i, i + 1))
            first = i + 1
        return found + [range(first, len(self.tokens))] * (len(self.tokens) - first)

    def _parts(self, i: int) -> bool:
        """The comma or colon parts clauses: not the items of a list, nor "avoid it, to use …"."""
        if self.tokens[i].value == "、" and not self.prompt.verb_final:
            return False
        if self.prompt.traits.noun_final and self._enumerates(i):
            return False
        following = i + 2 if i + 1 < len(self.tokens) and self.tokens[i + 1].concept == "and" else i + 1
        sides = [j for j in (i - 1, following) if 0 <= j < len(self.tokens) and self.gap(i, j) <= 8]
        if len(sides) == 2 and all(self.tokens[j].concept in ("quote", "bracket") for j in sides):
            return False
        return not (i and self.tokens[i - 1].concept in ("exclude", "not") and self.gap(i, i - 1) <= 6)

    def _enumerates(self, i: int) -> bool:
        """The comma stands in a list whose noun follows: "A, B vagy C szavakat"."""
        following = i + 1
        while following < len(self.tokens) and self.tokens[following].concept in ("comma", "and", "or"):
            following += 1
        chain = range(i, min(following, len(self.tokens) - 1))
        named = following < len(self.tokens) and self.tokens[following].concept in NOUNS
        return named and following > i + 1 and all(self.gap(j, j + 1) <= _ITEM for j in chain)

    def negated(self, i: int) -> bool:
        """Something in the clause of token ``i`` says no to it: a word before it, or one that closes the clause.

        What is added with "and" is another matter, unless it stands right after it ("no commas and dashes").
        """
        if not self.has("not", "lacking", "not_before"):
            return False
        if i not in self._negated:
            self._negated[i] = self._denied(i)
        return self._negated[i]

    def _denied(self, i: int) -> bool:
        traits = self.prompt.traits
        no = added = -1  # where it was said, and the last "and" before token ``i``
        acted = False
        for j in self.clause(i):
            concept = self.tokens[j].concept
            if self.asks and self._last(j):
                continue  # "… không?", "…ませんか？": a question, put politely
            if j < i:
                if concept == "and" and not self._lists(j):
                    added = j
                    no = -1 if self.gap(j, i) > _ADDED else no
                    acted = acted and no >= 0
                elif (concept in _ACTING or concept == "as") and no < added:
                    no = -1
                if concept == "not" or (concept == "lacking" and self.gap(i, j) <= _LACKING):
                    no = j
                acted = acted or concept in _ACTING
            elif j > i:
                if concept == "not_before" and not self.done_before(i, j):
                    return True
                behind = traits.verb_final or traits.noun_final or self.tokens[i].concept in ("use", "include")
                if concept == "lacking" and behind and self.gap(i, j) <= 6:
                    return True  # "vessző nélkül"; "use no 'x'"
                if concept == "not" and not acted and self._unquoted(i, j) <= _SUBJECT:
                    return True
        return no >= 0

    def active(self, j: int) -> bool:
        """The verb at token ``j`` is told to the model: "how to write" asks for no writing."""
        return not self.inquires and not any(k < j and k in self.clause(j) for k in self.of("how"))

    @cached_property
    def inquires(self) -> bool:
        """The sentence is a question of how or who, which asks for nothing to be done: a word for it opens the
        sentence, or no verb is there to be told. Where verbs stand last, one that follows later may be."""
        words = self.of("question", "how")
        if not words:
            return False
        verbs = self.of("answer", "write", "tell", "translate")
        if self.prompt.verb_final:
            return self.asks and not any(j > words[-1] and self.gap(words[-1], j) > 1 for j in verbs)
        if self.asks and not verbs:
            return True
        opens = self.tokens[words[0]].start - self.start <= _OPENING
        return opens and (self.asks or (self.prompt.traits.spaced and not self.has("comma", "colon")))

    @cached_property
    def asks(self) -> bool:
        """The sentence ends with a question mark."""
        return self.prompt.folded[self.end : self.end + 1] in ("?", "؟")

    def _last(self, j: int) -> bool:
        return self.end - self.tokens[j].end <= 1

    def _unquoted(self, i: int, j: int) -> int:
        """Characters between two tokens, quotes not counted."""
        quoted = (token.end - token.start for token in self.between(i, j) if token.concept == "quote")
        return self.gap(i, j) - sum(quoted)

    def _lists(self, j: int) -> bool:
        """The "and" at token ``j`` stands between two quotes."""
        beside = [self.tokens[k].concept for k in (j - 1, j + 1) if 0 <= k < len(self.tokens)]
        return beside == ["quote", "quote"]

    def done_before(self, i: int, j: int) -> bool:
        """Between the tokens something is done, and then something else: "use A and do not use B"."""
        between = self.between(i, j)
        acted = min((token.start for token in between if token.concept in _ACTING), default=self.end)
        return any(token.concept == "and" and token.start >= acted for token in between)

    def conditional(self, i: int) -> bool:
        """Token ``i`` stands in a condition, or hangs on one that opens the sentence."""
        if not self.has("if", "if_before", "unless"):
            return False
        clause = self.clause(i)
        for j in self.of("if", "if_before", "unless"):
            if j in clause or (j < i and self.tokens[j].start - self.start <= 2):
                return True
        return False

    # Numbers

    @cached_property
    def counts(self) -> dict[int, Count]:
        """Token of what is counted -> how many. A number counts one thing only: the nearest."""
        numbers = dict(self.numbers)
        units = self.of(*UNITS) if numbers else []
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
                    alike = (j for j in units if self.tokens[j][:2] == self.tokens[unit][:2])
                    found |= dict.fromkeys(alike, count)
        for i in self.of(*_TIMES):
            relation, start, end = self._relation(i, i)
            bounds = _bounds(relation, _TIMES[self.tokens[i].concept])
            found[i] = Count(bounds, min(start, self.tokens[i].start), max(end, self.tokens[i].end), bool(relation))
        return found

    def _distance(self, n: int, count: Count, unit: int, loose: bool) -> float | None:
        token, number = self.tokens[unit], self.tokens[n]
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
        between = self.between(n, unit)
        ranged = count.end > number.end and after and token.start >= count.end
        if not ranged and any(each.concept in _BARS or each.concept in UNITS for each in between):
            return None
        gap = self.gap(n, unit)
        if count.end > number.end and after:
            gap = max(0, token.start - count.end)
        if any(each.concept == "comma" for each in between):
            gap += 6
        if number.concept == "article" and (self.gap(n, unit) > ADJACENT or not self._one(n, unit, count)):
            return None
        return (gap if after else gap + 2.5) if gap <= reach else None

    def _next(self, n: int) -> str:
        """The concept of the token that stands right behind token ``n``."""
        following = self.tokens[n + 1 : n + 2]
        return following[0].concept if following and self.gap(n, n + 1) <= 1 else ""

    def _one(self, n: int, unit: int, count: Count) -> bool:
        """An article is a number: it is more than one, or "at least one", "in one sentence"."""
        if count.value > 1 or (count.stated and count.bounds[0][0] != "about"):
            return True  # but "a story about a bullet"
        start = self.tokens[n].start
        return (
            self.tokens[unit].concept in ("sentence", "word", "paragraph", "line")
            and n < unit
            and any(0 <= start - self.tokens[j].end <= 1 for j in self.of("as"))
        )

    @cached_property
    def numbers(self) -> dict[int, Count]:
        """Token of a number -> what it says. The two numbers of a range are one, at the first."""
        found: dict[int, Count] = {}
        tokens = self.of("number", "article")
        skip = {again for i, again in itertools.pairwise(tokens) if self._repeats(i, again)}
        for k, i in enumerate(tokens):
            if i in skip or (k and self.tokens[tokens[k - 1]].start == self.tokens[i].start):
                continue
            again = next((j for j in tokens[k + 1 : k + 2] if j in skip), i)
            first, last = self._bracketed(again)
            end = self._range_end(last, [j for j in tokens[k + 1 : k + 5] if j not in skip][:2])
            if end is not None:
                skip.add(end)
                low, high = sorted((self._value(again), self._value(end)))
                joined = any(each.concept != "comma" for each in self.between(last, end))
                said = joined or self.nearest(end, "to", reach=3) is not None
                found[i] = Count(
                    (("at least", low), ("at most", high)), self.tokens[i].start, self.tokens[end].end, said
                )
                continue
            if any(0 <= self._apart(i, j) <= 3 and not self.between(i, j) for j in self.of("ordinal")):
                continue  # "the first four sentences", "les quatre premières"
            relation, start, stop = self._relation(i if again > i else first, last)
            if self.tokens[i].value.endswith("+"):
                relation = "at least"
            if 0 < self._value(again) <= 1_000_000:
                found[i] = Count(_bounds(relation, self._value(again)), start, stop, relation is not None)
        return found

    def _repeats(self, i: int, again: int) -> bool:
        """The number says once more what the word before it says: "five (5)"; in brackets it is the one that counts."""
        first, _ = self._bracketed(again)
        word = not self.prompt.folded[self.tokens[i].start].isdigit()
        alike = self._value(again) == self._value(i) or (word and first < again)
        return i < first and 0 <= self._apart(i, first) <= 1 and alike

    def _bracketed(self, i: int) -> tuple[int, int]:
        """The first and last token of a number in brackets of its own: "(5)"."""
        if 0 < i < len(self.tokens) - 1 and self._apart(i - 1, i) == self._apart(i, i + 1) == 0:
            return (i - 1, i + 1) if self.tokens[i - 1].value + self.tokens[i + 1].value == "()" else (i, i)
        return i, i

    def _apart(self, i: int, j: int) -> int:
        """Characters between two tokens, whichever comes first; less than none where they overlap."""
        first, second = sorted((self.tokens[i], self.tokens[j]))
        return second.start - first.end

    def _value(self, i: int) -> int:
        return int(self.tokens[i].value.rstrip("+"))

    def _range_end(self, i: int, others: Sequence[int]) -> int | None:
        """The second number of a range whose first ends with token ``i``."""
        for j in others:
            if self.tokens[i].concept == self.tokens[j].concept == "article":
                return None
            between = self.between(i, j)
            text = self.prompt.folded[self.tokens[i].end : self.tokens[j].start]
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
        return any(self.tokens[j].concept == "to" and 0 <= i - j <= 2 for j in self.of("to"))

    def _relation(self, first: int, last: int) -> tuple[Said | None, int, int]:
        """How a number is meant, by the nearest words on either side; and where both together begin and end."""
        best: tuple[int, int] | None = None
        for j in self.of(*RELATIONS):
            before = self.tokens[j].end <= self.tokens[first].start
            gap = self.gap(j, first if before else last)
            if gap > BESIDE + _LONGEST_UNIT or not (before or self._may_follow(j)):
                continue
            between = self.between(j, first if before else last)
            if between and not before and between[-1].concept == "quote" and self._qualifies(j):
                between = between[:-1]  # "6 exclamation marks '!' or more"
            if any(each.concept in _PARTS_NUMBERS for each in between) or (before and self._closes(j, first)):
                continue
            gap -= sum(each.end - each.start for each in between if each.concept in UNITS)
            near = ADJACENT if self.tokens[j].concept == "about" else BESIDE
            if gap <= (near if before else BEHIND) and (best is None or gap + (not before) < best[0]):
                best = gap + (not before), j
        start, end = self.tokens[first].start, self.tokens[last].end
        if best is None:
            return None, start, end
        token = self.tokens[best[1]]
        relation = RELATIONS[token.concept]
        if self._forbidden(best[1]):
            relation = _OPPOSITE.get(relation, relation)
        return relation, min(start, token.start), max(end, token.end)

    def _may_follow(self, j: int) -> bool:
        """The relation at token ``j`` may stand behind its number; "about" and "only" go with what follows them."""
        alike = {token.concept for token in self.tokens[max(j - 2, 0) : j + 3] if token[:2] == self.tokens[j][:2]}
        if not alike.isdisjoint(("topic", "as")):
            return False
        if "only" in alike and not (self.prompt.verb_final or self._ends_clause(j)):
            return False
        return self.tokens[j].concept != "about" or self.prompt.verb_final or not self.prompt.traits.spaced

    def _ends_clause(self, j: int) -> bool:
        """After token ``j`` stands a mark, or nothing more: "in 10 words only."."""
        following = self.prompt.folded[self.tokens[j].end : self.end].lstrip(" ")[:1]
        return not following.isalnum()

    def _qualifies(self, j: int) -> bool:
        """The relation at token ``j`` stands right behind a quote, and before no number of its own."""
        near = [k for k in range(j + 1, len(self.tokens)) if 0 <= self._apart(j, k) <= 1]
        return self._apart(j - 1, j) <= 1 and all(self.tokens[k].concept != "number" for k in near)

    def _closes(self, j: int, n: int) -> bool:
        """The relation at token ``j`` speaks of a number before it, and number ``n`` has one of its own behind it:
        "800字以上1000字以内"."""
        own = any(0 <= self.tokens[k].start - self.tokens[n].end <= 4 for k in self.of(*RELATIONS))
        return own and any(
            0 <= self.tokens[j].start - self.tokens[m].end <= 4 for m in self.of("number", "article") if m < j
        )

    def _forbidden(self, j: int) -> bool:
        """The relation at token ``j`` is one that must not hold: "not … more than", "4回以上は使わない"."""
        clause = self.clause(j)
        if any(k > j and not self.done_before(j, k) for k in clause if self.tokens[k].concept == "not_before"):
            return True
        return self.tokens[j].concept == "more_than" and any(
            k < j and not any(each.concept == "and" and not self._is_letter(each) for each in self.between(k, j))
            for k in clause
            if self.tokens[k].concept in ("not", "lacking", "exclude")
        )

    def _is_letter(self, token: Token) -> bool:
        """A word of one letter right behind "letter" is that letter, whatever else it means ("písmeno i")."""
        alone = token.end - token.start == 1
        return alone and any(0 <= token.start - self.tokens[j].end <= 1 for j in self.of("letter"))

    # Words that are named

    def quotes(self, i: int, reach: int = 60, before: int = 30) -> list[int]:
        """The quotes that belong to token ``i``: the nearest after it with those it is listed with, else before it.

        Where verbs stand last, what stands before is tried first, and as far away; of a noun what is nearer.
        """
        quotes = self.of("quote")
        after = [j for j in quotes if j > i]
        ahead = [j for j in reversed(quotes) if j < i]
        sides = [(after, reach), (ahead, before)]
        if self.prompt.verb_final:
            sides = [(ahead, reach), (after, before)]
            if self.tokens[i].concept in NOUNS and ahead and after and self.gap(i, after[0]) < self.gap(i, ahead[0]):
                sides.reverse()
        for side, limit in sides:
            if side and self.gap(i, side[0]) <= limit:
                found = [side[0]]
                for j in side[1:]:
                    if not self._listed(found[-1], j):
                        break
                    found.append(j)
                return sorted(found)
        return []

    def _listed(self, i: int, j: int) -> bool:
        low, high = min(i, j), max(i, j)
        text = GLOSS.sub("", self.prompt.folded[self.tokens[low].end : self.tokens[high].start])
        if len(text) > 30 or ":" in text:
            return False
        words = sum(token.end - token.start for token in self.between(low, high) if token.concept in _JOINERS)
        rest = _BETWEEN.sub("", text)
        return len(rest) <= max(words, 4)

    def quoted(self, i: int) -> str:
        """What the quote at token ``i`` holds, as it was written, without its marks."""
        token = self.tokens[i]
        return self.prompt.written(token.start, token.end).strip(_AROUND)

    def word_after(self, i: int) -> tuple[str, int, int] | None:
        """The first word after token ``i`` in the sentence, as it was written, and its place."""
        pattern = WORD if self.prompt.traits.spaced else RUN
        match = pattern.search(self.prompt.folded, self.tokens[i].end, self.end)
        if match is None:
            return None
        return self.prompt.written(*match.span()), *match.span()

    def word_before(self, i: int) -> tuple[str, int, int] | None:
        """The last word before token ``i`` in the sentence, as it was written, and its place."""
        start = max(self.start, self.tokens[i].start - 60)
        end = self.prompt.bare(start, self.tokens[i].start)
        words = list((WORD if self.prompt.traits.spaced else RUN).finditer(self.prompt.folded, start, end))
        return (self.prompt.written(*words[-1].span()), *words[-1].span()) if words else None

    def rest(self, i: int) -> tuple[str, int, int]:
        """What follows token ``i`` up to the end of the sentence, as it was written, and its place."""
        start, end = self.tokens[i].end, self.end
        return self.prompt.written(start, end), start, end


_OPPOSITE: dict[Said, Said] = {"more than": "at most", "at least": "less than"}


def _bounds(relation: Said | None, value: int) -> tuple[tuple[Relation, int], ...]:
    return (("at least", value + 1) if relation == "more than" else (relation or "exactly", value),)
