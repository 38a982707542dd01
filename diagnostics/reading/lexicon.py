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

import difflib
import itertools
import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from operator import itemgetter
from typing import Any, Literal, NamedTuple, get_args

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from diagnostics.language.tags import base_language

from .fold import fold, folded
from .scanner import OPEN, Sayings, Scanner, Spelled, Token, bounded, flatten, spelled, unspaced
from .statement import Traits

Frame = Literal["in", "in_adjective", "into", "name", "inert"]
"""``in``: says in which language. ``in_adjective``: does too, unless a noun follows ("in German villages"). ``into``:
only a translation makes it a target. ``name``: asks for nothing but beside ``exclusive`` words ("use only German").
``inert``: looks like one of these and is none."""

Concept = Literal[
    "answer", "write", "tell", "translate", "use",  # what is to be done
    "not", "not_before", "lacking", "if", "if_before", "unless", "how", "say", "and",  # what changes its meaning
    "same_language", "exclusive", "exclusive_after", "only", "carrier", "inert",
]  # fmt: skip
"""``not`` negates what follows, ``not_before`` what stands before it; so with ``if``, and ``unless`` turns it round.
``lacking`` ("no", "without") negates the noun after it. ``exclusive`` before a language and ``exclusive_after`` after
it demand it with no verb, ``only`` on either side with one. ``carrier``: nouns that own the language named after them
("a course in English"). ``say``: words of another language are spoken of. ``same_language``: asks for that of the
question, or of a ``passage`` named next. ``inert``: sayings that hold such a word and do not mean it ("no other
language", "if possible"), and words that mean something else in English."""

Words = Literal["link", "filler", "join", "passage"]
"""``link`` may follow a language; ``filler`` says nothing; ``join`` puts two languages together, for both or for a
choice; ``passage`` before a colon announces pasted text."""

Demand = Literal[
    # how a number is meant: beside it, before or after
    "at_least", "at_most", "less_than", "more_than", "exactly", "about", "to", "or",
    # what is counted
    "word", "sentence", "paragraph", "line", "character", "section", "bullet", "numbered", "item", "placeholder",
    "part", "times", "once", "twice", "thrice", "some", "each",
    # what is named
    "keyword", "phrase", "letter", "response", "whole", "request", "commas", "quote_marks", "angle_brackets",
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


class LexiconError(ValueError):
    """A lexicon file is wrong; the message names the file and the key."""


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
    spaced: bool = True
    """The language writes spaces between words."""
    verb_final: bool = False
    """The language puts verbs last."""
    noun_final: bool | None = None
    """What is named stands before the noun: "a tea szó". Where nothing is said, as verbs do."""

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
                before, form, after = _SLOT.split(reading)
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
        return ":".join(self)


class _Frames(NamedTuple):
    """The frames around one form of names, looked up by what stands before and after: there may be a thousand."""

    frames: dict[tuple[str, str], Frame]
    openings: frozenset[str]
    closings: frozenset[str]
    before: tuple[int, ...]
    """How long the openings are."""
    after: tuple[int, ...]

    @classmethod
    def of(cls, frames: dict[tuple[str, str], Frame]) -> _Frames:
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
        "only",
        "and",
        "inert",
    }
)
"""Concepts that the rules for the other modifiers share with that for the answer's language."""

_LONGEST_NAME = 40
_SLOT = re.compile(r"\{(\w+)\}")
_GROUP = re.compile(r"\(([^()]*)\)")
_MOST_ALTERNATIVES = 1024


def alternatives(form: str) -> list[str]:
    """All readings of a form with alternatives in brackets."""
    if "(" not in form:
        return [form]
    parts = _GROUP.split(form)
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


class Vocabulary:
    """What is heard in prompts of one language: its own lexicon, then English; where both claim a name, the former."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._lexicons = tuple(lexicons)
        own = self._lexicons[0]
        noun_final = own.verb_final if own.noun_final is None else own.noun_final
        suffixes = tuple(sorted(folded(own.suffixes), key=len, reverse=True))
        self.traits = Traits(own.language, own.spaced, own.verb_final, noun_final, suffixes, fold(own.conjunction))
        self.words = {
            kind: frozenset(fold(word) for lexicon in self._lexicons for word in lexicon.words.get(kind, ()))
            for kind in get_args(Words)
        }
        prefixes = folded(own.prefixes)
        self._spoken = Scanner(_first(lexicon.spoken for lexicon in self._lexicons), prefixes=prefixes)
        shared = [Sayings(list(forms), concept) for concept, forms in SHARED.items()]
        said = own.demanded
        taken = {form for group in said for form in group.forms}
        demanded = itertools.chain(said, *(_abroad(each.demanded, taken) for each in self._lexicons[1:]))
        self._demanded = Scanner(itertools.chain(demanded, shared), prefixes=prefixes)
        self._framing = {
            slot.key: _Frames.of(frames) for lexicon in self._lexicons for slot, frames in lexicon.framing.items()
        }
        self._asking = {*self._framing, "same_language"}

    def spoken(self, text: Spelled, *, named: bool = False) -> list[Token]:
        """The words of the rule for the answer's language, names with the frames around them.

        None where no language is named, be it by words of another language (``named``).
        """
        scanned = self._spoken.scan(text)
        if not named and all(token[2] not in self._asking for token in scanned):
            return []
        tokens: list[Token] = []
        for _, group in itertools.groupby(scanned, key=itemgetter(0)):
            plain: list[Token] = []
            framed: list[Token] = []
            for token in group:
                frames = self._framing.get(token.concept)
                if frames is None:
                    plain += self._renamed(text, token) if token.concept == "script" else (token,)
                else:
                    framed += self._framed(text, token, frames, tokens)
            longest = max(framed, key=lambda token: token.end - token.start, default=None)
            if longest is not None and not (plain and plain[0][:2] == longest[:2]):
                while tokens and tokens[-1].start >= longest.start:
                    tokens.pop()
                tokens.append(longest)
            elif plain and not (tokens and plain[0].start < tokens[-1].end):
                tokens.append(plain[0])
        return tokens

    def _renamed(self, text: Spelled, script: Token) -> list[Token]:
        """A script's saying may hide a name: "in Cyrillic Serbian"."""
        inner = text.folded.find(" ", script.start, script.end) + 1
        if not inner:
            return [script]
        end = script.end + _LONGEST_NAME
        found: list[Token] = []
        for token in self._spoken.scan(spelled(text.folded[inner:end])):
            if token.start == 0 and token.end + inner > script.end:
                name = token._replace(start=inner, end=token.end + inner)
                if frames := self._framing.get(token.concept):
                    found += self._framed(text, name, frames, [])
        return found or [script]

    def _framed(self, text: Spelled, name: Token, frames: _Frames, before: list[Token]) -> Iterator[Token]:
        """The longest frame around a name; it may cover tokens that stand before, but not begin inside one."""
        for start, end, frame in frames.around(text.folded, name.start, name.end):
            if (
                self._spoken.begins(text.flat, start)
                and bounded(text.flat, end, end)
                and not any(token.start < start < token.end for token in before[-3:])
            ):
                yield Token(start, end, frame, name.value)
                return

    def demanded(self, text: Spelled) -> list[Token]:
        """The words of all other rules."""
        return self._demanded.scan(text)


def _abroad(sayings: Iterable[Sayings], taken: set[str]) -> Iterator[Sayings]:
    """English sayings for prompts in another language: not what means something else there, nor short words, which are
    mostly other words there ("min", "over", "a")."""
    for group in sayings:
        if group.concept != "article":
            forms = [form for form in group.forms if len(form) > _SHORT_WORD and form not in taken]
            yield group._replace(forms=forms)


_SHORT_WORD = 4


def _first(lexicons: Iterable[list[Sayings]]) -> Iterator[Sayings]:
    """All sayings; a form that an earlier lexicon has means nothing else in a later one, but a name may be both."""
    taken: dict[str, bool] = {}
    for sayings in lexicons:
        news: dict[str, bool] = {}
        for group in sayings:
            named = ":" in group.concept
            forms = [form for form in group.forms if form not in taken or (named and taken[form])]
            yield group._replace(forms=forms)
            news |= dict.fromkeys(forms, named)
        taken |= news


_SHORT = 5
_ASKED_FOR = ("en", "fr", "de", "es")
"""Requests for these tell languages apart that share their verbs."""


class Lexicons:
    """All lexicons there are. Automata are built when their language is first met, and kept: one a language at most."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._lexicons = {lexicon.language: lexicon for lexicon in lexicons}
        self._vocabularies: dict[str, Vocabulary] = {}
        self._abroad: tuple[Scanner, Scanner] | None = None
        self._voters: tuple[AhoCorasick, list[tuple[str, ...]]] | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages there are."""
        return tuple(self._lexicons)

    def lexicon(self, language: str) -> Lexicon:
        """The lexicon of one of ``languages``."""
        return self._lexicons[language]

    def vocabulary(self, language: str) -> Vocabulary:
        """What is heard in prompts in ``language`` (one of ``languages``): its lexicon, then English."""
        if language not in self._vocabularies:
            self._vocabularies[language] = Vocabulary(
                self._lexicons[tag] for tag in dict.fromkeys((language, "en")) if tag in self._lexicons
            )
        return self._vocabularies[language]

    def preload(self) -> None:
        """Build everything now (some 80 ms a language) rather than when a prompt needs it."""
        self.guess("")
        self.abroad(spelled(""), "en")
        for language in self._lexicons:
            self.vocabulary(language)

    def abroad(self, text: Spelled, language: str) -> list[Token]:
        """Every other language's request for itself in a prompt: "What is rain? Responde en español."."""
        if self._abroad is None:
            self._abroad = self._foreign()
        found: list[Token] = []
        for scanner in self._abroad[: 1 if text.flat.isascii() else 2]:
            heard = [token for token in scanner.scan(text) if base_language(token.value) not in (language, "en")]
            for token, following in zip(heard, [*heard[1:], None], strict=False):
                # A short word for answering could be any word, unless the request follows at once: "Svara på svenska".
                if (
                    token.concept == "in"
                    or len(text.folded[token.start : token.end].encode()) > _SHORT
                    or (
                        following and base_language(following.value) == token.value and following.start - token.end <= 1
                    )
                ):
                    found.append(token if token.concept == "in" else token._replace(value=""))
        return found

    def _foreign(self) -> tuple[Scanner, Scanner]:
        """The scanner of languages that write spaces, and of those that do not."""
        spaced, unspaced = (
            Scanner(
                each for lexicon in self._lexicons.values() if lexicon.spaced == writes_spaces for each in lexicon.own
            )
            for writes_spaces in (True, False)
        )
        return spaced, unspaced

    def guess(self, text: str) -> str:
        """The language whose sayings cover most of folded text; English when none does."""
        votes = self._votes(text)
        winner = max(votes, key=votes.__getitem__, default="en")
        return winner if votes.get(winner) and votes[winner] > votes.get("en", 0) else "en"

    def leaders(self, text: str) -> tuple[str, ...]:
        """The languages whose sayings cover most of folded text; none where no saying is in it."""
        votes = self._votes(text)
        most = max(votes.values(), default=0)
        return tuple(tag for tag, count in votes.items() if count == most) if most else ()

    def _votes(self, text: str) -> dict[str, int]:
        """Characters of folded text that each language's sayings cover."""
        if self._voters is None:
            self._voters = self._ballot()
        automaton, claims = self._voters
        votes = dict.fromkeys(self._lexicons, 0)
        flat = flatten(text)
        for pattern, start, end in automaton.find_matches_as_indexes(text):
            if bounded(flat, start, end):
                for tag in claims[pattern]:
                    votes[tag] += end - start
        return votes

    def _ballot(self) -> tuple[AhoCorasick, list[tuple[str, ...]]]:
        claims: dict[str, tuple[str, ...]] = {}
        for tag, lexicon in self._lexicons.items():
            targets = dict.fromkeys((*_ASKED_FOR, tag))
            asking = [form for target in targets for form in lexicon.requests(target, whole=False)]
            asking += folded([word for word in lexicon.words.get("link", []) if len(word) > 1])
            # Names of languages that few ask for would make it three times as large.
            said = (each for each in lexicon.spoken if ":" not in each.concept or each.value in self._lexicons)
            for form in _beginnings({*asking, *(form for group in said for form in group.forms)}):
                claims[form] = (*claims.get(form, ()), tag)
        # What most of them say ("JSON") tells none apart.
        claims = {form: tags for form, tags in claims.items() if len(tags) <= max(1, len(self._lexicons) // 2)}
        shared = {each: each for each in claims.values()}
        return AhoCorasick(list(claims), matchkind=MatchKind.LeftmostLongest), [
            shared[each] for each in claims.values()
        ]


def _beginnings(forms: set[str]) -> Iterator[str]:
    """The forms that begin with no other: what follows it tells little more of the language."""
    last = ""
    for form in sorted(forms):
        if not (last and form.startswith(last) and (form[len(last)] == " " or unspaced(last[-1]))):
            yield form
            last = form


class Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Number words of one language, frozen by ``freeze.py``. ``articles`` are those that also mean something else ("a",
    "his", "new"): they count only right beside what they count."""

    numbers: dict[str, int] = {}
    articles: dict[str, int] = {}
    ordinals: dict[str, int] = {}


NO_NUMBERS = Numbers()


def parse(file: str, text: str, names: dict[str, str], numbers: Numbers = NO_NUMBERS) -> Lexicon:
    """One lexicon from TOML. ``names`` are CLDR's, ``numbers`` ICU's; the file's own are added to them.

    Raises:
        LexiconError: names ``file`` and the key that is wrong.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{file}: {error}") from None
    for table, keys in _TABLES.items():
        for key, forms in _table(file, text, data, table).items():
            if wrong := _wrong_key(key, keys) or _wrong_forms(forms):
                raise LexiconError(f"{file}, line {_line(text, table, key)}: {table}.{key}: {wrong}")
    try:
        lexicon = msgspec.convert(data, Lexicon)
    except msgspec.ValidationError as error:
        raise LexiconError(f"{file}: {error}") from None
    known = {tag: [name] for tag, name in names.items()}
    for tag, more in lexicon.names.items():
        known[tag] = known.get(tag, []) + more
    lexicon = msgspec.structs.replace(
        lexicon,
        names=known,
        numbers=numbers.numbers | lexicon.numbers,
        articles=numbers.articles,
        ordinals=numbers.ordinals | lexicon.ordinals,
    )
    _check(file, text, lexicon)
    return lexicon


_TABLES: dict[str, tuple[str, ...]] = {
    "frames": get_args(Frame),
    "concepts": get_args(Concept),
    "demands": get_args(Demand),
    "wholes": get_args(Whole),
    "units": get_args(Unit),
    "styles": get_args(Style),
    "audiences": get_args(Audience),
    "scripts": (),
    "words": get_args(Words),
}
"""Tables of forms, and the keys that they may have; none where any may be."""


def _table(file: str, text: str, data: dict[str, Any], table: str) -> dict[str, Any]:
    found = data.get(table, {})
    if not isinstance(found, dict):
        raise LexiconError(f"{file}, line {_line(text, '', table)}: {table} must be a table")
    return found


def _wrong_key(key: str, keys: tuple[str, ...]) -> str | None:
    if not keys or key in keys:
        return None
    near = difflib.get_close_matches(key, keys, n=1)
    return f"no such key{f'; did you mean {near[0]!r}?' if near else ''}"


def _wrong_forms(forms: object) -> str | None:
    if not isinstance(forms, list) or not all(isinstance(form, str) for form in forms):
        return "must be a list of strings"
    return next((f"{form!r} {wrong}" for form in forms if (wrong := _wrong(form))), None)


def _line(text: str, table: str, key: str) -> int:
    """The line on which a key of a table begins; of the file's own keys, where ``table`` is empty."""
    inside = not table
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("["):
            inside = line.strip() == f"[{table}]"
        elif inside and re.match(rf"""["']?{re.escape(key)}["']?[ \t]*=""", line.strip()):
            return number
    return 1


def _check(file: str, text: str, lexicon: Lexicon) -> None:
    for frame, patterns in lexicon.frames.items():
        for pattern in patterns:
            slots = _SLOT.findall(pattern)
            if len(slots) != 1 or (slots[0] != "name" and slots[0] not in lexicon.forms):
                raise LexiconError(
                    f"{file}, line {_line(text, 'frames', frame)}: frames.{frame}: "
                    f"{pattern!r} needs one slot, {{name}} or a key of forms"
                )
    # The rule for the answer's language takes each of its words in one meaning.
    owners: dict[str, str] = {}
    for table, sayings in (("concepts", lexicon.concepts), ("scripts", lexicon.scripts)):
        for key, forms in sayings.items():
            place = f"{table}.{key}"
            for form in forms:
                for reading in alternatives(form):
                    owner = owners.setdefault(reading, place)
                    if owner != place:
                        line = _line(text, table, key)
                        raise LexiconError(f"{file}, line {line}: {table}.{key}: {reading!r} is in {owner} too")


def _wrong(form: str) -> str | None:
    """What is wrong with a form; None where nothing is."""
    if not _WELL_FORMED.fullmatch(form):
        return "has brackets inside brackets, or one left open"
    groups = [group.split("|") for group in _GROUP.findall(form)]
    if not _SAYS_SOMETHING.search(_GROUP.sub("", form)) and not any(
        all(_SAYS_SOMETHING.search(choice) for choice in group) for group in groups
    ):
        return "can be empty"
    if math.prod(map(len, groups)) > _MOST_ALTERNATIVES:
        return f"has more than {_MOST_ALTERNATIVES} alternatives"
    return None


_WELL_FORMED = re.compile(r"[^()|\0]*+(?:\([^()\0]*+\)[^()|\0]*+)*+")
_SAYS_SOMETHING = re.compile(r"[^\W_]")


def load_lexicons() -> Lexicons:
    """All lexicons of the package.

    Raises:
        LexiconError: a file is wrong; names the file and the key.
    """
    folder = files("diagnostics") / "lexicons"
    return Lexicons(
        [
            _load(folder, file.name)
            for file in sorted(folder.iterdir(), key=lambda file: file.name)
            if file.name.endswith(".toml")
        ]
    )


def _load(folder: Traversable, name: str) -> Lexicon:
    names = tomllib.loads((folder / "names" / name).read_text("utf-8"))
    numbers = msgspec.convert(tomllib.loads((folder / "numbers" / name).read_text("utf-8")), Numbers)
    return parse(name, (folder / name).read_text("utf-8"), names, numbers)
