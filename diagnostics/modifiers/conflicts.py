"""Which demands cannot both be met, and which of them then holds.

Each demand is put down as a few claims on the reply: how much of something it holds ("at least 300 words"), which of
several things it is ("JSON as the format"), what it begins or ends with, which phrases it has or has not. Two demands
contradict each other when two of their claims do. The tables below say what each modifier claims; one that is in none
contradicts nothing. IFEval keeps such a list by hand, name by name (google-research:
instruction_following_eval/instructions_registry.py, INSTRUCTION_CONFLICTS).

The language of the reply is not settled here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from diagnostics.core import Origin, RequestedModifier

from . import BY_NAME
from .phrase import places, spelled
from .relation import slack


class _Amount(NamedTuple):
    """The reply holds at least and at most so many of ``what``; None where there is no most."""

    what: str
    least: int
    most: int | None


class _Choice(NamedTuple):
    """Of all that ``what`` may be, it is this."""

    what: str
    value: str


class _Edge(NamedTuple):
    """A phrase stands at the beginning or the end of something."""

    where: str
    phrase: str


class _Phrases(NamedTuple):
    """The phrases, as ``spelled`` gives them, are all in the reply, or none is."""

    phrases: tuple[str, ...]
    wanted: bool


_Claim = _Amount | _Choice | _Edge | _Phrases


class _Count(NamedTuple):
    """How a modifier claims an amount: the arguments that hold the number and the relation, or the relation itself; and
    the arguments that say of what, each of which has a place in ``what``."""

    what: str
    number: str
    relation: str
    of: tuple[str, ...] = ()


_CAPITALS, _FENCES, _NUMBERS, _COMMAS = "words in capital letters", "code fences", "numbers in digits", "commas"
_TABLES, _HIGHLIGHTS, _ACCENTS = "Markdown tables", "highlighted sections", "letters with an accent"
_HIRAGANA, _KATAKANA, _KANJI = "hiragana", "katakana", "Chinese characters"
_COUNTS = {
    "bullets": _Count("bullet points", "num_bullets", "exactly"),
    "capitals": _Count(_CAPITALS, "capital_frequency", "capital_relation"),
    "characters": _Count("characters (blanks counted: {})", "num_characters", "relation", ("spaces",)),
    "dieresis": _Count("words with ü", "let_frequency", "relation"),
    "emoji": _Count("emoji", "num_emojis", "relation"),
    "enie": _Count("words with ñ", "let_frequency", "relation"),
    "hashtags": _Count("hashtags", "num_hashtags", "relation"),
    "items": _Count("items of a list", "num_items", "relation"),
    "kanji": _Count(_KANJI, "kanji_limit", "relation"),
    "keyword": _Count("times {}", "frequency", "relation", ("keyword",)),
    "letters": _Count("times {}", "let_frequency", "let_relation", ("letter",)),
    "lines": _Count("lines", "num_lines", "relation"),
    "marker": _Count("points that begin with {}", "num_items", "exactly", ("marker",)),
    "numbered": _Count("numbered items", "num_items", "exactly"),
    "paragraph": _Count("paragraphs, of which one begins with a given word", "num_paragraphs", "exactly"),
    "paragraphs": _Count("paragraphs (parted by {})", "num_paragraphs", "relation", ("separator",)),
    "sentences": _Count("sentences", "num_sentences", "relation"),
    "stanzas": _Count("stanzas", "num_stanzas", "exactly"),
    "tildes": _Count("words with an acute accent", "num_words", "relation"),
    "unique_words": _Count("different words", "num_words", "relation"),
    "words": _Count("words", "num_words", "relation"),
}
_ALWAYS: dict[str, tuple[_Claim, ...]] = {
    "code": (_Amount(_FENCES, 1, None),),
    "comma": (_Amount(_COMMAS, 0, 0),),
    "csv": (_Choice("the format", "CSV"),),
    "digits": (_Amount(_NUMBERS, 0, 0),),
    "emoji_only": (_Amount("emoji", 1, None),),
    "fence": (_Amount(_FENCES, 0, 0),),
    "highlight": (_Amount(_HIGHLIGHTS, 1, None),),
    "hiragana_only": (_Amount(_HIRAGANA, 1, None), _Amount(_KATAKANA, 0, 0), _Amount(_KANJI, 0, 0)),
    "html": (_Choice("the format", "HTML"),),
    "json": (_Choice("the format", "JSON"),),
    "kansuuji": (_Amount(_NUMBERS, 0, 0),),
    "katakana_only": (_Amount(_KATAKANA, 1, None), _Amount(_HIRAGANA, 0, 0), _Amount(_KANJI, 0, 0)),
    "lowercase": (_Choice("the case", "small letters"), _Amount(_CAPITALS, 0, 0)),
    "markdown": (_Choice("the format", "Markdown"),),
    "no_accents": (_Amount(_ACCENTS, 0, 0),),
    "no_hiragana": (_Amount(_HIRAGANA, 0, 0),),
    "no_katakana": (_Amount(_KATAKANA, 0, 0),),
    "numbered": (_Amount(_NUMBERS, 1, None),),
    "plain": (_Choice("the format", "plain text"), _Amount(_TABLES, 0, 0), _Amount(_HIGHLIGHTS, 0, 0)),
    "table": (_Amount(_TABLES, 1, None),),
    "title_case": (_Choice("the case", "Title Case"),),
    "uppercase": (_Choice("the case", "capital letters"),),
    "xml": (_Choice("the format", "XML"),),
    "yaml": (_Choice("the format", "YAML"),),
}
_CHOICES = {
    "address": ("the register", "register"),
    "alphabetical": ("descending", "descending"),
    "csv": ("the separator", "separator"),
    "date_format": ("the format of dates", "format"),
    "html": ("page", "page"),
    "numerals": ("the system of digits", "system"),
    "person": ("the person", "person"),
    "speech_level": ("the level", "level"),
    "tense": ("the tense", "tense"),
}
"""What is chosen, and the argument that says which."""
_THE_END = "the end of "
_EDGES = {
    "beginning": ("the beginning of the reply", "start_phrase"),
    "ending": (f"{_THE_END}the reply", "end_phrase"),
    "paragraph": ("the beginning of paragraph {nth_paragraph}", "first_word"),
    "repeat": ("the beginning of the reply", "prompt_to_repeat"),
    "sentence_ending": (f"{_THE_END}every sentence", "ending"),
}
"""Where a phrase must stand, and the argument that is the phrase."""
_PHRASES = {
    "beginning": ("start_phrase", True),
    "ending": ("end_phrase", True),
    "exclude": ("forbidden_words", False),
    "include": ("keywords", True),
    "paragraph": ("first_word", True),
    "sentence_ending": ("ending", True),
}
"""The argument that is a phrase, or several, and whether the reply must hold it. A request that is to be repeated names
the very words that the answer after it must not hold."""
_BY_ARGUMENTS = frozenset({*_COUNTS, *_CHOICES, *_EDGES, *_PHRASES, "forbidden_character", "script"})

_EAST_ASIAN = "Hang, Hani, Hans, Hant, Hira, Jpan, Kana, Kore"
"""Scripts that share characters with another of them."""
_ACCENTED = frozenset({"dieresis", "enie", "tildes"})
_DOCUMENTS = frozenset({"csv", "html", "json", "xml"})
_PARTS = frozenset({"bullets", "highlight", "items", "marker", "numbered", "paragraph", "paragraphs", "table"})
"""What is looked for as Markdown marks it, or between blank lines: such a document marks it in its own way."""

_MARKS = "\"'“”‘’«»‹›„「」『』＂*_`~#>.!。．।… "
"""Marks around a phrase that a beginning and an ending may have or not."""
_LONGEST_SHOWN = 40


class Overruled(NamedTuple):
    """A demand that does not hold, because another one does."""

    demand: RequestedModifier
    by: RequestedModifier
    reason: str

    @property
    def explanation(self) -> str:
        """What a finding says of it."""
        return f"overruled by {self.by.name!r}: {self.reason}"


def contradiction(first: RequestedModifier, second: RequestedModifier) -> str | None:
    """Why no reply can meet both demands; None where one can. The arguments of both are valid."""
    return _contradiction(list(_claims(first)), list(_claims(second)))


def first_contradiction(demands: Sequence[RequestedModifier]) -> tuple[int, int, str] | None:
    """The first demand that contradicts one before it: their places, the earlier first, and why; None without any."""
    claims = [list(_claims(demand)) for demand in demands]
    for later, made in enumerate(claims):
        for earlier in range(later):
            reason = _contradiction(claims[earlier], made)
            if reason is not None:
                return earlier, later, reason
    return None


def settle(demands: Iterable[RequestedModifier]) -> tuple[list[RequestedModifier], list[Overruled]]:
    """Which demands hold, and which do not, each in its order; of two that contradict each other the later holds.

    Demands come in the order in which they were made, declared ones last; their arguments are valid. A part that is
    marked as in Markdown does not hold inside a document of another format, whichever was asked for first: in "an HTML
    page with 3 bullet points" it is HTML that marks the points. One that is declared does hold, unless the document is
    declared too.
    """
    kept: list[tuple[RequestedModifier, list[_Claim]]] = []
    overruled: list[Overruled] = []
    for demand in demands:
        claims = list(_claims(demand))
        still = []
        for older, others in kept:
            reason = _contradiction(others, claims)
            if reason is None:
                still.append((older, others))
            else:
                overruled.append(Overruled(older, demand, reason))
        kept = [*still, (demand, claims)]
    return _without_parts([demand for demand, _ in kept], overruled)


def _without_parts(
    kept: list[RequestedModifier], overruled: list[Overruled]
) -> tuple[list[RequestedModifier], list[Overruled]]:
    document = next((demand for demand in kept if demand.name in _DOCUMENTS), None)
    if document is None:
        return kept, overruled
    reason = f"{document.name.upper()} has its own way of marking them"
    parts = [demand for demand in kept if demand.name in _PARTS and not _outranks(demand, document)]
    overruled += [Overruled(part, document, reason) for part in parts]
    return [demand for demand in kept if demand not in parts], overruled


def _outranks(demand: RequestedModifier, other: RequestedModifier) -> bool:
    return demand.origin is Origin.DECLARED is not other.origin


def _claims(demand: RequestedModifier) -> Iterator[_Claim]:
    """What a demand claims of the reply."""
    yield from _ALWAYS.get(demand.name, ())
    if demand.name in BY_NAME and demand.name in _BY_ARGUMENTS:
        arguments = msgspec.structs.asdict(msgspec.convert(demand.arguments, BY_NAME[demand.name]))
        yield from _amounts(demand.name, arguments)
        yield from _phrases(demand.name, arguments)
        yield from _others(demand.name, arguments)


def _amounts(name: str, arguments: Mapping[str, Any]) -> Iterator[_Claim]:
    if name not in _COUNTS:
        return
    what, field, relation, of = _COUNTS[name]
    number = arguments[field]
    if number is None:
        return
    relation = arguments.get(relation, relation)
    if name == "emoji" and number == 0:
        relation = "exactly"  # however it is put, that modifier takes it for none
    least, most = _range(number, relation)
    yield _Amount(what.format(*(_key(arguments[each]) for each in of)), least, most)
    if name in _ACCENTED and least > 0:
        yield _Amount(_ACCENTS, 1, None)
    if name == "keyword" and (least > 0 or most == 0):
        yield _Phrases((spelled(arguments["keyword"]),), least > 0)


def _range(number: int, relation: str) -> tuple[int, int | None]:
    """The least and the most that a relation to a number allows."""
    if relation == "about":
        return max(number - slack(number), 0), number + slack(number)
    least = number if relation in ("at least", "exactly") else 0
    return least, None if relation == "at least" else number - (relation == "less than")


def _others(name: str, arguments: Mapping[str, Any]) -> Iterator[_Claim]:
    if name in _CHOICES:
        what, field = _CHOICES[name]
        if arguments[field] is not None:
            yield _Choice(what, _key(arguments[field]))
    if name == "csv" and arguments["separator"] == ",":
        yield _Amount(_COMMAS, 1, None)
    if name == "forbidden_character":
        yield _Amount(f"times {_key(arguments['forbidden_char'])}", 0, 0)
    if name == "script":
        code, wanted = arguments["script"], arguments["use"] != "none"
        yield _Amount(f"letters in {code}", int(wanted), None if wanted else 0)
        if wanted:
            yield _Choice("the script", _EAST_ASIAN if code in _EAST_ASIAN else code)
        if code in ("Hans", "Hant") and wanted:
            yield _Choice("the Chinese script", code)


def _phrases(name: str, arguments: Mapping[str, Any]) -> Iterator[_Claim]:
    if name in _EDGES:
        where, field = _EDGES[name]
        yield _Edge(where.format_map(arguments), arguments[field])
    if name in _PHRASES:
        field, wanted = _PHRASES[name]
        phrases = arguments[field]
        yield _Phrases(tuple(map(spelled, (phrases,) if isinstance(phrases, str) else phrases)), wanted)


def _contradiction(first: Iterable[_Claim], second: Sequence[_Claim]) -> str | None:
    return next((reason for a in first for b in second if (reason := _clash(a, b)) is not None), None)


def _clash(a: _Claim, b: _Claim) -> str | None:
    """Why both claims cannot be true; None where they can, or speak of different things."""
    match a, b:
        case _Amount(), _Amount() if a.what == b.what and (_below(a, b) or _below(b, a)):
            return f"{_said(a)}, but {_said(b)}"
        case _Choice(), _Choice() if a.what == b.what and a.value != b.value:
            return f"{a.what} is {a.value} or {b.value}, not both"
        case _Edge(), _Edge() if a.where == b.where and not _fit(a, b):
            return f"{a.where} is {_shown(a.phrase)} or {_shown(b.phrase)}, not both"
        case _Phrases(wanted=True), _Phrases(wanted=False):
            return _forbidden(a.phrases, b.phrases)
        case _Phrases(wanted=False), _Phrases(wanted=True):
            return _forbidden(b.phrases, a.phrases)
    return None


def _forbidden(wanted: Sequence[str], unwanted: Sequence[str]) -> str | None:
    everything = "\n".join(wanted)  # one search for all: there may be a hundred of either
    for phrase in unwanted:
        if phrase in everything and any(places(everything, phrase)):
            holder = next(each for each in wanted if any(places(each, phrase)))
            return f"{_shown(holder)} is wanted and {_shown(phrase)} is not"
    return None


def _key(value: object) -> str:
    """An argument as a part of what is counted: equal where the checks take two for the same."""
    return repr(spelled(value)) if isinstance(value, str) else str(value).lower()


def _below(a: _Amount, b: _Amount) -> bool:
    return a.most is not None and a.most < b.least


def _said(amount: _Amount) -> str:
    if amount.most == 0:
        return f"no {amount.what}"
    if amount.least == amount.most:
        return f"exactly {amount.least} {amount.what}"
    if amount.most is not None and amount.least > 0:
        return f"{amount.least} to {amount.most} {amount.what}"
    if amount.most is not None:
        return f"at most {amount.most} {amount.what}"
    return f"some {amount.what}" if amount.least == 1 else f"at least {amount.least} {amount.what}"


def _fit(a: _Edge, b: _Edge) -> bool:
    """One phrase may be the beginning, or the end, of the other."""
    one, other = sorted((spelled(edge.phrase).strip(_MARKS) for edge in (a, b)), key=len)
    return other.endswith(one) if a.where.startswith(_THE_END) else other.startswith(one)


def _shown(phrase: str) -> str:
    return repr(phrase) if len(phrase) <= _LONGEST_SHOWN else f"{phrase[:_LONGEST_SHOWN]!r}…"
