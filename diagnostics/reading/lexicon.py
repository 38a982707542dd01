"""Lexicons: how each language says what the grammar understands. Data only, one TOML file a language.

A file holds, for the language of the answer: ``[names]`` (of languages; CLDR's come from ``names/``), ``[forms]`` (the
endings that names take, the first that fits; "ال-" is a beginning), ``[frames]`` (sayings around a name: "in {name}"),
``[scripts]`` (ISO 15924 code: what is said after a language to be written in it), ``[words]`` (words that are looked
up beside them) and ``[concepts]`` (words that are looked for). ``[demands]`` are the words of all other modifiers,
``[units]`` and ``[wholes]`` of those that few languages have, ``[styles]`` and ``[audiences]`` the manners that a judge
has to weigh. Number words come from ``numbers/``; ``[numbers]`` and ``[ordinals]`` add to them.

Brackets are alternatives: ``in (|only ){name}`` is "in …" and "in only …"; full-width brackets stand for brackets in
the prompt. In ``[demands]`` a form may end in ``*``: the word may go on ("satz*").
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from sys import intern
from typing import Any, Literal, NamedTuple

import msgspec

from diagnostics.language.tags import base_language

from .fold import folded
from .scanner import OPEN, Sayings, flatten, unspaced

Frame = Literal["in", "in_adjective", "into", "name", "inert"]
"""``in``: says in which language. ``in_adjective``: does too, unless a noun follows ("in German villages"). ``into``:
only a translation makes it a target. ``name``: asks for nothing but beside ``exclusive`` words ("use only German").
``inert``: looks like one of these and is none."""


Concept = Literal[
    "answer", "write", "tell", "translate", "use",  # what is to be done
    "not", "not_before", "lacking", "if", "if_before", "unless", "how", "say", "and",  # what changes its meaning
    "question",
    "same_language", "exclusive", "exclusive_after", "only", "carrier", "inert",
]  # fmt: skip
"""``not`` negates what follows, ``not_before`` what stands before it; so with ``if``, and ``unless`` turns it round.
``lacking`` ("no", "without") negates the noun after it. ``exclusive`` before a language and ``exclusive_after`` after
it demand it with no verb, ``only`` on either side with one. ``carrier``: nouns that own the language named after them
("a course in English"). ``how`` and ``question`` ("who", "why"): what is done is asked about, not asked for; the latter
only where it opens a question. ``say``: words of another language are spoken of. ``same_language``: asks for that of
the question, or of a ``passage`` named next. ``inert``: sayings that hold such a word and do not mean it ("no other
language", "if possible"), and words that mean something else in English."""


Words = Literal["link", "filler", "join", "passage", "edge"]
"""``link`` may follow a language; ``filler`` says nothing; ``join`` puts two languages together, for both or for a
choice; ``passage`` before a colon announces pasted text; ``edge`` stands beside a word that is named without quotes and
is no part of it ("should", "in the"), "-" before how such words end that stand before it."""


Demand = Literal[
    # how a number is meant: beside it, before or after
    "at_least", "at_most", "less_than", "more_than", "exactly", "about", "to", "or",
    # what is counted
    "word", "sentence", "paragraph", "line", "character", "section", "bullet", "numbered", "item", "placeholder",
    "part", "times", "once", "twice", "thrice", "some", "each",
    # what is named
    "keyword", "phrase", "name", "letter", "response", "whole", "request", "commas", "quote_marks", "angle_brackets",
    "square_brackets", "postscript", "digits", "emoji", "table", "code", "markdown", "plain_text", "fence", "title",
    # what is done with it
    "include", "exclude", "wrap", "separate", "begin", "end", "repeat", "highlight", "choose", "list", "capitals",
    "lowercase", "title_case", "only_output", "short", "long", "second_task",
    # formats in their role, and what takes it from them
    "as", "format", "topic", "programming",
    "inert",
]  # fmt: skip
"""The words of the demands on form; ``lexicons/README.md`` says what stands under each."""


Whole = Literal[
    "emoji_only", "urls", "whitespace", "alphabetical", "question_marks", "exclamation_marks", "no_accents", "furigana",
    "hiragana_only", "katakana_only", "no_hiragana", "no_katakana", "kansuuji", "nominal_ending", "period", "danda",
    "formal_address", "informal_address", "polite_endings", "plain_endings",
]  # fmt: skip
"""Sayings that ask for something by themselves, in the languages that have them ("vouvoie-moi", "ひらがなだけで")."""


Unit = Literal["kanji", "enie", "dieresis", "tildes", "hashtags", "unique_words", "sub_bullets", "stanzas"]
"""What else is counted, where a language has a word for it."""


Style = Literal[
    "scientific", "simple", "formal", "informal", "poetic", "persuasive", "professional", "humorous", "friendly",
    "serious", "sarcastic", "dramatic", "creative",
]  # fmt: skip


Audience = Literal["children", "teenagers", "beginners", "experts", "adults", "elderly"]
"""For whom a reply is to be written."""


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):  # dict: for the caches below
    """What one language says. Keys and meanings are in the module's docstring."""

    language: str
    names: dict[str, list[str]] = {}
    forms: dict[str, dict[str, str]] = {}
    frames: dict[Frame, list[str]] = {}
    concepts: dict[Concept, list[str]] = {}
    scripts: dict[str, list[str]] = {}
    words: dict[Words, list[str]] = {}
    demands: dict[Demand, list[str]] = {}
    wholes: dict[Whole, list[str]] = {}
    units: dict[Unit, list[str]] = {}
    styles: dict[Style, list[str]] = {}
    audiences: dict[Audience, list[str]] = {}
    numbers: dict[str, int] = {}
    articles: dict[str, int] = {}
    ordinals: dict[str, int] = {}
    prefixes: list[str] = []
    suffixes: list[str] = []
    """What follows a word that is named and is no part of it: "라는" in "차라는 단어"."""
    conjunction: str = ""
    """An "and" that is written on to the front of the next word ("و")."""
    joiners: list[str] = []
    """An "and" or "or" that is written on to the end of the word before ("과"), or between words without spaces."""
    particles: list[str] = []
    """What is written on to the end of a word that follows its noun and is no part of it: "는" in "문자 다는"."""
    spaced: bool = True
    """The language writes spaces between words."""
    verb_final: bool = False
    """The language puts verbs last."""
    noun_final: bool | None = None
    """What is named stands before the noun: "a tea szó". Where nothing is said, as verbs do."""
    adjective_final: bool = False
    """Adjectives follow their nouns: "un texto breve"."""
    number_final: bool = False
    """So do numbers: "maneno kumi"."""

    @cached_property
    def spoken(self) -> list[Sayings]:
        """What the rule for the answer's language looks for: concepts, scripts, and names in all their forms."""
        return [*self._said(self.concepts), *self._kinds("script", self.scripts), *self._named()]

    @property
    def demanded(self) -> list[Sayings]:
        """What the rules for all other modifiers look for."""
        shared = {concept: forms for concept, forms in self.concepts.items() if concept in OPERATORS}
        return [
            *self._said(self.demands),
            *self._kinds("style", self.styles),
            *self._kinds("audience", self.audiences),
            *self._kinds("whole_demand", self.wholes),
            *self._kinds("unit", self.units),
            *self._said(shared),
            *_counting("number", self.numbers),
            *_counting("article", self.articles),
            *_counting("ordinal", self.ordinals),
        ]

    @cached_property
    def framing(self) -> dict[Slot, dict[tuple[str, str], Frame]]:
        """Form of a name -> the frames around it: what stands before and after -> which frame."""
        found: dict[Slot, dict[tuple[str, str], Frame]] = {}
        for frame, patterns in self.frames.items():
            for reading in self._spellings(patterns):
                before, form, after = SLOT.split(reading)
                opening, closing = _glued(before[::-1])[::-1], _glued(after)
                slot = Slot(self.language, form, opening, closing)
                rest = before[: len(before) - len(opening)], after[len(closing) :]
                found.setdefault(slot, {}).setdefault(rest, frame)
        return found

    @cached_property
    def own(self) -> list[Sayings]:
        """The language's request for itself, whole, and its words for answering: what is heard in any prompt."""
        answers = [form for form in self._spellings(self.concepts.get("answer", [])) if len(form) > 1]
        variants = [tag for tag in self.names if base_language(tag) == self.language]
        return [
            *(Sayings(self.requests(tag), "in", tag) for tag in variants),
            Sayings(answers, "answer", self.language),
        ]

    def requests(self, tag: str, *, whole: bool = True) -> list[str]:
        """All ways to ask for one language ("in German"); or those alone that say something on one side of its name."""
        return [
            before + name + after
            for slot, frames in self.framing.items()
            for name in self._inflected(slot, self.names.get(tag, []))
            for (before, after), frame in frames.items()
            if frame == "in" and (whole or not (before and after))
        ]

    def _kinds(self, concept: str, sayings: Mapping[Any, list[str]]) -> Iterator[Sayings]:
        """Sayings of one concept; which of its kinds it is is their value."""
        return (each._replace(concept=concept, value=each.concept) for each in self._said(sayings))

    def _said(self, sayings: Mapping[Any, list[str]]) -> Iterator[Sayings]:
        for concept, forms in sayings.items():
            yield Sayings(self._spellings([form for form in forms if form[-1:] != OPEN]), concept)
            opened = [form.removesuffix(OPEN) for form in forms if form[-1:] == OPEN]
            if opened:
                yield Sayings(self._spellings(opened), concept, "", True)

    def _named(self) -> Iterator[Sayings]:
        for slot in self.framing:
            for tag, names in self.names.items():
                yield Sayings(self._inflected(slot, names), slot.key, tag)

    def _spellings(self, forms: list[str]) -> list[str]:
        """All readings of some forms, folded."""
        return folded([reading for form in forms for reading in alternatives(form)])

    def _inflected(self, slot: Slot, names: list[str]) -> list[str]:
        """Names in the form that a slot asks for, with what is written on to them, folded."""
        return [slot.opening + name + slot.closing for name in folded([self._form(slot.form, name) for name in names])]

    def _form(self, form: str, name: str) -> str:
        if form == "name":
            return name
        for part, other in self.forms[form].items():
            if part.endswith("-") and name.startswith(part[:-1]):
                return other + name[len(part) - 1 :]
            if name.endswith(part):
                return name[: len(name) - len(part)] + other
        return name


class Slot(NamedTuple):
    """Where a name stands in frames: in which language and form, and what of the frame is written on to it ("ب")."""

    language: str
    form: str
    opening: str
    closing: str

    @property
    def key(self) -> str:
        """The slot as the concept of a token; no concept of a lexicon has a colon."""
        return intern(":".join(self))


class Frames(NamedTuple):
    """The frames around one form of names, looked up by what stands before and after: there may be a thousand."""

    frames: dict[tuple[str, str], Frame]
    openings: frozenset[str]
    closings: frozenset[str]
    before: tuple[int, ...]
    """How long the openings are."""
    after: tuple[int, ...]

    @classmethod
    def of(cls, frames: dict[tuple[str, str], Frame]) -> Frames:
        openings, closings = frozenset(before for before, _ in frames), frozenset(after for _, after in frames)
        return cls(frames, openings, closings, tuple({*map(len, openings)}), tuple({*map(len, closings)}))

    def around(self, text: str, start: int, end: int) -> list[tuple[int, int, Frame]]:
        """The frames around a name in folded text, and where they begin and end, the longest first."""
        openings = [text[start - length : start] for length in self.before if length <= start]
        closings = [after for length in self.after if (after := text[end : end + length]) in self.closings]
        found = [
            (start - len(before), end + len(after), self.frames[before, after])
            for before in openings
            if before in self.openings
            for after in closings
            if (before, after) in self.frames
        ]
        return sorted(found, key=lambda frame: frame[0] - frame[1])


def _counting(concept: str, words: Mapping[str, int]) -> Iterator[Sayings]:
    """Number words, by their value."""
    values: dict[int, list[str]] = {}
    for word, value in words.items():
        values.setdefault(value, []).append(word)
    return (Sayings(folded(forms), concept, str(value)) for value, forms in values.items())


def _glued(text: str) -> str:
    """What of the text that follows a name, or precedes it backwards, is in one word with it."""
    end = 0
    while end < len(text) and flatten(text[end]) != " " and not unspaced(text[end]):
        end += 1
    return text[:end]


OPERATORS = frozenset(
    {
        "answer",
        "write",
        "tell",
        "translate",
        "use",
        "not",
        "not_before",
        "lacking",
        "if",
        "if_before",
        "unless",
        "how",
        "question",
        "only",
        "and",
        "inert",
    }
)
"""Concepts that the rules for the other modifiers share with that for the answer's language."""


SLOT = re.compile(r"\{(\w+)\}")


GROUP = re.compile(r"\(([^()]*)\)")


MOST_ALTERNATIVES = 1024


def alternatives(form: str) -> list[str]:
    """All readings of a form with alternatives in brackets."""
    if "(" not in form:
        return [form]
    parts = GROUP.split(form)
    choices = [part.split("|") if odd % 2 else [part] for odd, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.product(*choices)]


SHARED: dict[str, tuple[str, ...]] = {
    "html": ("html", "html5"),
    "json": ("json",),
    "xml": ("xml",),
    "yaml": ("yaml", "yml"),
    "csv": ("csv",),
    "markdown": ("markdown",),
    "emoji": ("emoji", "emojis"),
}
"""Concepts by words that every language writes alike."""
