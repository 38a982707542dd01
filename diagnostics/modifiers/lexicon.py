"""Lexicons: how each language says what the grammar understands. Data only, one TOML file a language.

A file holds ``[names]`` (of languages; CLDR's come from ``names/``), ``[forms]`` (the endings that names take, the
first that fits; "ال-" is a beginning), ``[frames]`` (sayings around a name: "in {name}"), ``[concepts]`` (words that
are looked for), ``[scripts]`` (ISO 15924 code: what is said after a language to be written in it), ``[words]`` (words
that are looked up beside them) and ``[numbers]``; ``prefixes`` go before any. Brackets are alternatives:
``in (|only ){name}`` is "in …" and "in only …"; full-width brackets stand for brackets in the prompt.

All sayings of one prompt language, of English and of no language at all become one Aho-Corasick automaton: one pass
over the prompt, linear whatever it holds.
"""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, NamedTuple

import msgspec
from ahocorasick_rs import AhoCorasick, MatchKind

from .fold import fold

Frame = Literal["in", "in_adjective", "into", "name", "inert"]
"""``in``: says in which language. ``in_adjective``: does too, unless a noun follows ("in German villages"). ``into``:
only a translation makes it a target. ``name``: asks for nothing but beside ``exclusive`` words ("use only German").
``inert``: looks like one of these and is none."""

Concept = Literal[
    "answer", "write", "tell", "translate", "use",  # what is to be done
    "not", "not_before", "lacking", "if", "if_before", "unless", "how", "say", "and",  # what changes its meaning
    "same_language", "exclusive", "exclusive_after", "only", "carrier", "html", "json", "bullets", "items", "inert",
]  # fmt: skip
"""``not`` negates what follows, ``not_before`` what stands before it; so with ``if``, and ``unless`` turns it round.
``lacking`` ("no", "without") negates the noun after it. ``exclusive`` before a language and ``exclusive_after`` after
it demand it with no verb, ``only`` on either side with one. ``carrier``: nouns that own the language named after them
("a course in English"). ``say``: words of another language are spoken of. ``same_language``: asks for that of the
question, or of a ``passage`` named next. ``items``: bullets only if a list is spoken of. ``inert``: sayings that hold
such a word and do not mean it ("no other language", "if possible"), and words that mean something else in English."""

Words = Literal[
    "link", "filler", "join", "as", "as_after", "to", "format", "about", "code", "list", "passage", "inexact", "each"
]
"""``link`` may follow a language; ``filler`` says nothing; ``join`` puts two languages together, for both or for a
choice; ``as`` before and ``as_after`` after a format give it the role of one, as does ``to`` where something is
converted, or a ``format`` noun beside it; ``about`` before and ``code`` around it make it a topic; ``list`` speaks of a
list; ``passage`` before a colon announces pasted text; beside ``inexact`` and with ``each`` a number is no exact
total."""


class LexiconError(ValueError):
    """A lexicon file is wrong; the message names the file and the key."""


class Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):  # dict: for the cache below
    """What one language says. Keys and meanings are in the module's docstring."""

    language: str
    names: dict[str, list[str]] = {}
    forms: dict[str, dict[str, str]] = {}
    frames: dict[Frame, list[str]] = {}
    concepts: dict[Concept, list[str]] = {}
    scripts: dict[str, list[str]] = {}
    words: dict[Words, list[str]] = {}
    numbers: dict[str, int] = {}
    prefixes: list[str] = []

    @cached_property
    def surfaces(self) -> tuple[tuple[str, str, str], ...]:
        """(folded form, concept, value): concepts first, because a frame must never hide a word of the grammar."""
        return tuple(self._surfaces())

    def _surfaces(self) -> Iterator[tuple[str, str, str]]:
        for concept, forms in self.concepts.items():
            for form in forms:
                yield from ((each, concept, "") for each in self._spellings(form))
        for script, forms in self.scripts.items():
            for form in forms:
                yield from ((each, "script", script) for each in self._spellings(form))
        for frame, patterns in self.frames.items():
            for pattern, (tag, names) in itertools.product(patterns, self.names.items()):
                for name in names:
                    yield from ((each, frame, tag) for each in self._spellings(self._inflect(pattern, name)))

    def _spellings(self, form: str) -> Iterator[str]:
        for prefix, each in itertools.product(("", *self.prefixes), alternatives(form)):
            yield fold(prefix + each)

    def _inflect(self, pattern: str, name: str) -> str:
        def form(match: re.Match[str]) -> str:
            if match[1] == "name":
                return name
            for part, other in self.forms[match[1]].items():
                if part.endswith("-") and name.startswith(part[:-1]):
                    return other + name[len(part) - 1 :]
                if name.endswith(part):
                    return name[: len(name) - len(part)] + other
            return name

        return _SLOT.sub(form, pattern)


_SLOT = re.compile(r"\{(\w+)\}")
_GROUP = re.compile(r"\(([^()]*)\)")
_MOST_ALTERNATIVES = 1024


def alternatives(form: str) -> list[str]:
    """All readings of a form with alternatives in brackets."""
    parts = _GROUP.split(form)
    choices = [part.split("|") if odd % 2 else [part] for odd, part in enumerate(parts)]
    readings = ["".join(choice) for choice in itertools.islice(itertools.product(*choices), _MOST_ALTERNATIVES + 1)]
    if any(mark in reading for reading in readings for mark in "()|"):
        raise ValueError(f"brackets inside brackets, or one left open, in {form!r}")
    if len(readings) > _MOST_ALTERNATIVES:
        raise ValueError(f"more than {_MOST_ALTERNATIVES} alternatives in {form!r}")
    return readings


class Token(NamedTuple):
    """A saying that was found: places in the folded text, the concept or frame, and the tag of the language named."""

    start: int
    end: int
    concept: str
    value: str


_PUNCTUATION = {
    "stop": ["\n", ".", "!", "?", "؟", "。", "।", ";", "؛"],
    "comma": [", ", ",", "、", "،", "(", ")", "—", " – ", " - "],
    "colon": [":"],
}
SHARED = {"html": ["html", "html5"], "json": ["json"]}
"""Concepts by words that every language writes alike."""


class Scanner:
    """The automaton over some lexicons; where two claim one form, the earlier wins."""

    def __init__(self, lexicons: Iterable[Lexicon], names_abroad: Iterable[tuple[str, str, str]] = ()) -> None:
        found: dict[str, tuple[str, str]] = {}
        self.words: dict[str, frozenset[str]] = {}
        self.numbers: dict[str, int] = {}
        for lexicon in lexicons:
            for form, concept, value in lexicon.surfaces:
                found.setdefault(form, (concept, value))
            for kind, words in lexicon.words.items():
                self.words[kind] = self.words.get(kind, frozenset()) | {fold(word) for word in words}
            self.numbers = {fold(word): number for word, number in lexicon.numbers.items()} | self.numbers
        for form, concept, value in names_abroad:
            found.setdefault(form, (concept, value))
        for concept, forms in (_PUNCTUATION | SHARED).items():
            found |= dict.fromkeys(forms, (concept, ""))
        self._meanings = list(found.values())
        self._automaton = AhoCorasick(list(found), matchkind=MatchKind.LeftmostLongest)

    def number_words(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """(value, place) of the number words in a stretch of folded text, in order."""
        found: list[tuple[int, int]] = []
        for word, value in self.numbers.items():
            at = text.find(word, start, end)
            if at >= 0 and bounded(text, at, at + len(word)):
                found.append((value, at))
        return sorted(found, key=lambda pair: pair[1])

    def scan(self, text: str) -> list[Token]:
        """All sayings in folded text that are words of their own, leftmost and longest first."""
        tokens: list[Token] = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(text):
            if bounded(text, start, end):
                concept, value = self._meanings[pattern]
                if concept == "stop" and text[start] == "." and not _ends(text, end):
                    continue
                tokens.append(Token(start, end, concept, value))
            elif " " in text[start:end]:
                # It began inside a word and ran on into the next: what it hid there is looked for again.
                rest = text.index(" ", start) + 1
                tokens += [
                    Token(t.start + rest, t.end + rest, t.concept, t.value)
                    for t in self.scan(text[rest:end])
                    if bounded(text, t.start + rest, t.end + rest)
                ]
        return tokens


def _ends(text: str, end: int) -> bool:
    """The full stop before ``end`` closes a sentence: not in "3.5" or "e.g", but in Arabic also without a space."""
    return end >= len(text) or text[end].isspace() or text[end] in "*\"'" or text[end] >= "\u0370"


def bounded(text: str, start: int, end: int) -> bool:
    """No word goes on over either end. In scripts without spaces a word may end anywhere."""
    return not (
        (start > 0 and _joined(text[start - 1], text[start])) or (end < len(text) and _joined(text[end - 1], text[end]))
    )


def _joined(left: str, right: str) -> bool:
    return _in_word(left) and _in_word(right)


def _in_word(char: str) -> bool:
    if char <= "\u02ff":
        return char.isalnum()
    if unspaced(char):
        return False
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def unspaced(char: str) -> bool:
    """The character is of a script that puts no space between words."""
    return (
        "\u0e00" <= char <= "\u0eff"
        or "\u1000" <= char <= "\u109f"
        or "\u1780" <= char <= "\u17ff"
        or "\u3040" <= char <= "\u30ff"
        or "\u3400" <= char <= "\u9fff"
        or char >= "\U00020000"
    )


class Lexicons:
    """All lexicons there are. Automata are built when their language is first met, and kept: one a language at most."""

    def __init__(self, lexicons: Iterable[Lexicon]) -> None:
        self._lexicons = {lexicon.language: lexicon for lexicon in lexicons}
        self._scanners: dict[str, Scanner] = {}
        self._voters: tuple[AhoCorasick, list[tuple[str, ...]]] | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages there are."""
        return tuple(self._lexicons)

    def lexicon(self, language: str) -> Lexicon:
        """The lexicon of one of ``languages``."""
        return self._lexicons[language]

    def scanner(self, language: str) -> Scanner:
        """The scanner for prompts in ``language`` (one of ``languages``): its lexicon, then English."""
        if language not in self._scanners:
            chosen = {tag: self._lexicons[tag] for tag in (language, "en") if tag in self._lexicons}
            self._scanners[language] = Scanner(chosen.values(), self._abroad(chosen))
        return self._scanners[language]

    def preload(self) -> None:
        """Build everything now (about 0.1 s a language) rather than when a prompt needs it."""
        self.guess("")
        for language in self._lexicons:
            self.scanner(language)

    def _abroad(self, chosen: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Every other language's request for itself: "What is rain? Responde en español."."""
        for tag, lexicon in self._lexicons.items():
            if tag not in chosen:
                for form, concept, value in lexicon.surfaces:
                    if (value == tag and concept == "in") or (concept == "answer" and len(form.encode()) > 5):
                        yield form, concept, value

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
        for pattern, start, end in automaton.find_matches_as_indexes(text):
            if bounded(text, start, end):
                for tag in claims[pattern]:
                    votes[tag] += end - start
        return votes

    def _ballot(self) -> tuple[AhoCorasick, list[tuple[str, ...]]]:
        claims: dict[str, tuple[str, ...]] = {}
        for tag, lexicon in self._lexicons.items():
            for form in {form for form, _, _ in lexicon.surfaces}:
                claims[form] = (*claims.get(form, ()), tag)
        shared = {each: each for each in claims.values()}
        return AhoCorasick(list(claims), matchkind=MatchKind.LeftmostLongest), [
            shared[each] for each in claims.values()
        ]


def parse(file: str, text: str, names: dict[str, str]) -> Lexicon:
    """One lexicon from TOML. ``names`` are CLDR's; the file's own names are added to them.

    Raises:
        LexiconError: names ``file`` and the key that is wrong.
    """
    try:
        lexicon = msgspec.convert(tomllib.loads(text), Lexicon)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise LexiconError(f"{file}: {error}") from None
    known = {tag: [name] for tag, name in names.items()}
    for tag, more in lexicon.names.items():
        known[tag] = known.get(tag, []) + more
    lexicon = msgspec.structs.replace(lexicon, names=known)
    _check(file, lexicon)
    return lexicon


def _check(file: str, lexicon: Lexicon) -> None:
    for frame, patterns in lexicon.frames.items():
        for pattern in patterns:
            slots = _SLOT.findall(pattern)
            if len(slots) != 1 or (slots[0] != "name" and slots[0] not in lexicon.forms):
                raise LexiconError(f"{file}: frames.{frame}: {pattern!r} needs one slot, {{name}} or a key of forms")
    owners: dict[str, str] = {}
    said = {f"concepts.{concept}": forms for concept, forms in lexicon.concepts.items()}
    said |= {f"scripts.{script}": forms for script, forms in lexicon.scripts.items()}
    for key, forms in said.items():
        for form in forms:
            try:
                readings = alternatives(form)
            except ValueError as error:
                raise LexiconError(f"{file}: {key}: {error}") from None
            for reading in map(fold, readings):
                if not reading.strip():
                    raise LexiconError(f"{file}: {key}: {form!r} can be empty")
                if owners.setdefault(reading, key) != key:
                    raise LexiconError(f"{file}: {key}: {reading!r} is in {owners[reading]} too")


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
    return parse(name, (folder / name).read_text("utf-8"), names)
