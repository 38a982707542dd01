"""A sentence of a prompt as the rules for form see it: words with a meaning, numbers, quotes, marks, and what they have
to do with each other. Nothing here knows a language. Places are in folded text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from .marks import WORD
from .numbers import Count, Numbers
from .scanner import Token, unspaced

T = TypeVar("T")
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
_JOINERS = frozenset({"to", "or", "and", "comma"})
_AROUND = " \t\r\n\u00a0\u200b\u200c\u200e\u200f\ufeff\"'“”„‟«»‘’「」『』`"
"""What stands around a quoted word and is no part of it."""
GLOSS = re.compile(r"\([^()\n]{1,60}\)")
_BETWEEN = re.compile(r"[\s\"'“”„«»‘’「」『』《》\[\]()（）*_,،、;]*")
RUN = re.compile(
    r"[\u3400-\u9fff々]+|[\u30a0-\u30ff]+|[\u3040-\u309f]+|[\uac00-\ud7ff]+|[a-z0-9]+(?:['’-][a-z0-9]+)*"
    r"|[^\W_\u3040-\u9fff\uac00-\ud7ffa-z0-9]+"
)
"""Letters of one script: the nearest to a word that can be had where no spaces are written."""
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
    def _read(self) -> Numbers:
        return Numbers(self)

    @property
    def numbers(self) -> dict[int, Count]:
        """Token of a number -> what it says. The two numbers of a range are one, at the first."""
        return self._read.said

    @property
    def counts(self) -> dict[int, Count]:
        """Token of what is counted -> how many. A number counts one thing only: the nearest."""
        return self._read.counts

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
