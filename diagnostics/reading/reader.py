"""Reading a conversation: which language and which modifiers do the messages ask for?

Fold each message, scan it once, drop what is quoted, code or pasted, and let the rules look at the sentences that
hold one of their words. Most messages hold none and cost one scan. What the system prompt and earlier turns asked for
holds until it is asked otherwise: the newest wins, type by type. Input is bounded: of a long message its start and
its end are read, of a long conversation its newest turns and the system prompts.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from operator import attrgetter
from typing import NamedTuple

import msgspec

from diagnostics.core import ExpectedLanguage, Message, Origin, RequestedModifier, Span
from diagnostics.language.tags import SEVERAL, base_language
from diagnostics.text import block_quotes, mask_code, pasted_letters, quotes

from . import answer_language
from .answer_language import LanguageRequest
from .fold import fold, origins
from .marks import marks
from .rules import RULES
from .rules.base import Entry
from .scanner import Spelled, Token, free_of, spelled
from .sentence import sentences
from .statement import Prompt, Request, Statement
from .vocabulary import Lexicons, Vocabulary

HEAD, TAIL = 8_000, 4_000
"""How many characters of a long message are read, at its start and at its end: requests stand there."""
TURNS = 50
"""How many of the newest turns are read at most, and how many system prompts."""
ROOM = 30_000
"""How many characters of a conversation are read in all."""


class Demands(msgspec.Struct, frozen=True):
    """What the messages ask for; spans are in the message as it was sent.

    The tag of ``language`` is ``SEVERAL`` where no single one is asked for, and ``UNDETERMINED`` where that of a
    passage is: ``expected_language`` settles both.
    """

    language: ExpectedLanguage | None = None
    modifiers: tuple[RequestedModifier, ...] = ()


class _Read(NamedTuple):
    """What one message asks for, with spans in the message."""

    languages: list[tuple[LanguageRequest, Span]]
    modifiers: list[tuple[str, Request, Span]]


class Reader:
    """Reads messages with a set of lexicons and rules; holds no state of any conversation."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._lexicons = lexicons
        self._rules: dict[str, list[Entry]] = {}
        for entry in RULES:
            for concept in entry.concepts:
                self._rules.setdefault(concept, []).append(entry)

    @property
    def languages(self) -> tuple[str, ...]:
        """Tags of the languages that prompts are read in."""
        return self._lexicons.languages

    def asked_in(self, text: str) -> tuple[str, ...]:
        """Tags of the languages in whose words a short text asks for something ("Summarise:")."""
        return self._lexicons.leaders(fold(text[:HEAD]))

    def read(self, messages: Sequence[Message], language_hint: str | None) -> Demands:
        """``language_hint`` is the BCP 47 tag of the newest user message's language, None when it is unknown."""
        newest = max((i for i, message in enumerate(messages) if message.role == "user"), default=-1)
        language: ExpectedLanguage | None = None
        held: dict[Key, RequestedModifier] = {}
        for index in _heard(messages):
            message = messages[index]
            read = self._message(message.content, language_hint, own=index == newest)
            lasting = index == newest or message.role != "user"
            language = _settle(language, read.languages, index, lasting, base_language(language_hint or ""))
            _hold(held, read.modifiers, index)
        return Demands(language, tuple(held.values()))

    def _message(self, content: str, hint: str | None, *, own: bool) -> _Read:
        read = _Read([], [])
        base = base_language(hint or "")
        for offset, piece in _pieces(content):
            text = spelled(fold(piece))
            # The hint speaks of the newest message only; others may be in other languages (system prompts often are).
            language = base if own and base in self._lexicons.languages else self._lexicons.guess(text.folded)
            vocabulary = self._lexicons.vocabulary(language)
            self._piece(_Piece(piece, text.folded, text, offset), vocabulary, base or None, read)
        return read

    def _piece(self, piece: _Piece, vocabulary: Vocabulary, own: str | None, read: _Read) -> None:
        abroad = self._lexicons.abroad(piece.spelled, vocabulary.traits.language)
        named = any(token.concept == "in" for token in abroad)
        spoken = vocabulary.spoken(piece.spelled, named=named) + (abroad if named else [])
        demanded = vocabulary.demanded(piece.spelled)
        asks_language = any(token.concept in answer_language.CONCEPTS for token in spoken)
        asks_form = any(token.concept in self._rules for token in demanded)
        if not asks_form:
            asks_form = any(sign in piece.text for sign in _SIGNS)
        if not (asks_language or asks_form):
            return
        signs = marks(piece.folded)
        places = origins(piece.text, piece.folded)
        hidden, quoted = _hidden(piece, places, [*signs, *demanded], vocabulary)
        if asks_language:
            bounds = [token for token in signs if token.concept in ("stop", "comma", "colon")]
            said = sorted((token.start, token.end) for token in spoken)
            tokens = free_of(sorted([*free_of(bounds, said), *spoken]), hidden)
            for sentence in sentences(piece.folded, tokens, vocabulary, own, answer_language.CONCEPTS):
                read.languages.extend(
                    (each, piece.span(places, each.start, each.end)) for each in answer_language.requests(sentence)
                )
        if asks_form:
            tokens = free_of(_parted(sorted([*signs, *demanded])), hidden)
            if quoted:
                tokens = sorted([*tokens, *quoted, *_closing(quoted, piece, places)])
            prompt = Prompt(piece.text, piece.folded, places, tokens, vocabulary.traits)
            for place, concepts in enumerate(prompt.concepts):
                if rules := self._able(concepts):
                    for name, request in _asked(prompt.statement(place), rules):
                        read.modifiers.append((name, request, piece.span(places, request.start, request.end)))

    def _able(self, concepts: Set[str]) -> dict[str, list[Entry]]:
        """By concept the rules that find in a sentence of these concepts all that they need."""
        able: dict[str, list[Entry]] = {}
        for concept in self._rules.keys() & concepts:
            if entries := [each for each in self._rules[concept] if each.able(concepts)]:
                able[concept] = entries
        return able


def _asked(statement: Statement, rules: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[str, Request]]:
    """What a sentence asks for, by the modifier's name."""
    for i, token in enumerate(statement.tokens):
        for entry in rules.get(token.concept, ()):
            for request in entry.rule(statement, i):
                yield entry.modifier, request


class _Piece(NamedTuple):
    """A part of a message that is read: as written, folded and in all spellings, and where in the message it begins."""

    text: str
    folded: str
    spelled: Spelled
    offset: int

    def span(self, places: Sequence[int], start: int, end: int) -> Span:
        """The characters of the message that a range of the folded text came from."""
        last = places[end - 1] + 1
        while last < len(self.text) and unicodedata.combining(self.text[last]):
            last += 1  # a mark that folding leaves out
        return places[start] + self.offset, last + self.offset


_SIGNS = ("***", "<<", "-->", "P.S", "p.s", "```")
"""What asks for something by itself, in any language."""

Key = tuple[str, object, object]
"""What tells demands apart that hold side by side: the modifier, what it counts, and which bound it is."""


_NAMED = frozenset({"keyword", "letter", "keywords", "forbidden_words", "nth_paragraph"})
_BOUNDS = {"at least": "low", "at most": "high", "less than": "high"}


def _key(name: str, arguments: dict[str, object]) -> Key:
    bound, what = "exact", None
    for argument, value in arguments.items():
        if argument.endswith("relation"):
            bound = _BOUNDS.get(str(value), "exact")
        elif argument in _NAMED:
            what = value
    return name, str(what).casefold(), bound


def _hold(held: dict[Key, RequestedModifier], asked: list[tuple[str, Request, Span]], index: int) -> None:
    """What holds after a message: what it asks for takes the place of what was asked before, type by type."""
    fresh: dict[Key, RequestedModifier] = {}
    for name, request, span in asked:
        if request.arguments is None:
            for key in [key for key in (*held, *fresh) if key[0] == name]:
                held.pop(key, None)
                fresh.pop(key, None)
            continue
        key = _key(name, request.arguments)
        before = fresh.get(key)
        # Of one message the last word counts, but "3 bullets … the bullets look like this" asks for three.
        if before is not None and len(before.arguments) > len(request.arguments):
            continue
        if before is not None and before.confidence > request.confidence:
            continue
        fresh[key] = RequestedModifier(name, request.arguments, Origin.REQUESTED, span, index, request.confidence)
    for key in [key for key in held if any(key[:2] == new[:2] for new in fresh)]:
        del held[key]
    held.update(fresh)


def _heard(messages: Sequence[Message]) -> list[int]:
    """Which messages to read: system prompts first, because any turn overrules them, then turns, the oldest first.

    Of what has no room the newest turn is kept, then system prompts, then newer turns. Reading runs on the event loop:
    a long conversation must not hold up other replies.
    """
    users = [index for index, message in enumerate(messages) if message.role == "user"][-TURNS:]
    systems = [index for index, message in enumerate(messages) if message.role in ("system", "developer")]
    heard: list[int] = []
    room = ROOM
    for index in (*users[-1:], *systems[:TURNS], *reversed(users[:-1])):
        room -= min(len(messages[index].content), HEAD + TAIL)
        if room < 0:
            break
        heard.append(index)
    return sorted(heard, key=lambda index: (messages[index].role == "user", index))


def _pieces(content: str) -> Iterator[tuple[int, str]]:
    if len(content) <= HEAD + TAIL:
        yield 0, content
    else:
        yield 0, content[:HEAD]
        yield len(content) - TAIL, content[-TAIL:]


def _hidden(
    piece: _Piece, places: Sequence[int], tokens: list[Token], vocabulary: Vocabulary
) -> tuple[list[Span], list[Token]]:
    """What are not the prompt's own words: ranges of code, quotes and pasted passages; and the quotes."""
    masked = mask_code(piece.text) if _CODE_HINT.search(piece.text) else piece.text
    found = [span for span in quotes(masked) if span[1] - span[0] < _WHOLE * len(masked)]
    quoted = [Token(start, end, "quote", "") for start, end in _folded_ranges(found, places)]
    # A sign in quotes ('***', "P.S.") is still the sign.
    hidden = _folded_ranges([*block_quotes(piece.text), *pasted_letters(piece.text)], places)
    hidden += [(start, end) for start, end, *_ in quoted if not _SIGN.fullmatch(piece.folded, start + 1, end - 1)]
    if masked is not piece.text:
        hidden += _folded_ranges(_blanked(piece.text, masked), places)
    if ":" in piece.folded:
        hidden = _with_pasted(piece.folded, tokens, hidden, vocabulary)
    return _merged(hidden), quoted


def _with_pasted(folded: str, tokens: Sequence[Token], hidden: list[Span], vocabulary: Vocabulary) -> list[Span]:
    """What is hidden, and the passages that a colon announces."""
    hidden = list(hidden)
    said = [token for token in tokens if token.concept == "topic" or token.concept in _TOLD]
    until, translates = 0, False
    for token in sorted(token for token in tokens if token.concept in _PASTING):
        if token.concept == "stop":
            translates = False
        elif token.concept == "translate":
            translates = True
        elif token.start >= until:
            if translates or _announces(folded, token.start, vocabulary):
                until = _passage_end(folded, token.end, hidden)
            else:
                until = _line_of_passage(folded, token.start, vocabulary, said, hidden)
            if until > token.end:
                hidden.append((token.end, until))
    return hidden


_PASTING = frozenset({"stop", "translate", "colon"})
_WHOLE = 0.9
"""A prompt that is all in quotes is no quotation."""
_SIGN = re.compile(r"\s*+(?:\*+|(?:p\. ?)+s\.?|<<[^<>]*>>|-+>)\s*+")
_CODE_HINT = re.compile(
    r"[`~<$\\@_{}=;&A-Z.:w(/](?:(?<=[`~$\\@_{}=])|(?<=[a-z][A-Z])|(?<=[a-z]\.)(?=[a-z])|(?<=<)(?<!<<)(?!<)"
    r"|(?<=;)[ \t\r]*+$|(?<=&)[A-Za-z#]|(?<=:)//|(?<=w)ww\.|(?<=\()\)|(?<=/)\w++/)",
    re.MULTILINE,
)
"""Where ``mask_code`` may find anything. Its first character is one of few, so that the search skips all others."""


def _blanked(text: str, masked: str) -> list[Span]:
    """Where ``masked`` has spaces and ``text`` has not."""
    found: list[Span] = []
    start: int | None = None
    end = 0
    for place in range(0, len(text), _AT_ONCE):  # most of a text is as it was
        before, after = text[place : place + _AT_ONCE], masked[place : place + _AT_ONCE]
        if before != after:
            for at, (old, new) in enumerate(zip(before, after, strict=True), place):
                if old != new:
                    start, end = at if start is None else start, at + 1
                elif start is not None and not old.isspace():
                    found.append((start, end))
                    start = None
        elif start is not None and not before.isspace():
            found.append((start, end))
            start = None
    if start is not None:
        found.append((start, end))
    return found


_AT_ONCE = 32


def _folded_ranges(spans: Iterable[Span], places: Sequence[int]) -> list[Span]:
    """Ranges of the text as ranges of the folded text."""
    return [(bisect_left(places, start), bisect_left(places, end)) for start, end in spans]


def _parted(tokens: Iterable[Token]) -> list[Token]:
    """The sorted tokens without the commas inside a saying, which part nothing: "kevesebb, mint"."""
    kept: list[Token] = []
    until = 0
    for token in tokens:
        start, end, concept, _ = token
        if concept == "comma":
            if start >= until:
                kept.append(token)
            continue
        if kept and kept[-1][0] == start and kept[-1][2] == "comma":
            kept.pop()
        if end > until:
            until = end
        kept.append(token)
    return kept


def _merged(spans: list[Span]) -> list[Span]:
    """The ranges sorted, overlaps joined."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        elif end > start:
            found.append((start, end))
    return found


def _closing(quoted: list[Token], piece: _Piece, places: Sequence[int]) -> Iterator[Token]:
    """Quotes that end with a full stop end the sentence around them, where a capital letter follows."""
    for quote in quoted:
        following = piece.text[places[quote.end] : places[quote.end] + 2]
        if piece.folded[quote.end - 2 : quote.end - 1] in ".!?" and following[:1] == " " and following[1:].isupper():
            yield Token(quote.end, quote.end, "stop", "")


def _announces(folded: str, colon: int, vocabulary: Vocabulary) -> bool:
    """Does the colon announce pasted text, right after "text" or "article"?"""
    before = folded[max(0, colon - 30) : colon].rpartition("\n")[2].split()
    return bool(before) and before[-1] in vocabulary.words["passage"]


def _line_of_passage(folded: str, colon: int, vocabulary: Vocabulary, said: Sequence[Token], hidden: list[Span]) -> int:
    """Where the line ends that a colon announces as pasted: long, after "following article" with more behind that; the
    colon itself where there is none, or a quote, which is hidden already. ``said``: topics and acts, in order."""
    start = max(folded.rfind("\n", 0, colon) + 1, colon - _ANNOUNCING)
    near = said[bisect_left(said, start, key=_start) : bisect_left(said, colon, key=_start)]
    if not any(
        _passage_beside(folded[max(start, token.start - _BESIDE) : token.start], vocabulary, -1)
        or _passage_beside(folded[token.end : min(colon, token.end + _BESIDE)], vocabulary, 0)
        for token in near
        if token.concept == "topic"
    ):
        return colon
    # Where verbs stand last, one stands right before the colon.
    told = any(token.concept in _TOLD and colon - token.end <= 1 for token in near)
    if vocabulary.traits.verb_final and not told:
        return colon
    first = len(folded) - len(folded[colon + 1 :].lstrip(" "))
    if any(low <= first < high for low, high in hidden) or "(" in folded[start:colon].rpartition(")")[2]:
        return colon
    end = folded.find("\n", colon)
    end = len(folded) if end < 0 else end
    return end if _SENTENCES.search(folded, colon, min(end, colon + _LONGEST_SENTENCE)) else colon


_start = attrgetter("start")
_TOLD = frozenset({"answer", "write", "tell"})
_LONGEST_SENTENCE = 1_000
_ANNOUNCING = 40
"""How far before a colon the words are looked for that make it announce a passage."""
_BESIDE = 24
_SENTENCES = re.compile(r"[.!?。！？؟।۔][ \"'”»」]{0,3}[^\s\"'”»」]")
"""Pasted text has more than one sentence."""


def _passage_beside(text: str, vocabulary: Vocabulary, place: int) -> bool:
    """The last word of the text, or its first, is one for a passage."""
    passages = vocabulary.words["passage"]
    if not vocabulary.traits.spaced:
        stripped = text.strip()
        return any(stripped.endswith(each) if place else stripped.startswith(each) for each in passages)
    words = text.split()
    return bool(words) and words[place].rpartition("'")[2] in passages


def _passage_end(folded: str, start: int, hidden: list[Span]) -> int:
    """Pasted text ends at the next blank line; in quotes or a fence it is hidden already, and ends nothing."""
    while start < len(folded) and folded[start].isspace():
        start += 1
    if start == len(folded) or any(low <= start < high for low, high in hidden):
        return start
    end = folded.find("\n\n", start)
    return len(folded) if end < 0 else end


def _settle(
    current: ExpectedLanguage | None,
    requests: list[tuple[LanguageRequest, Span]],
    index: int,
    lasting: bool,
    own: str,
) -> ExpectedLanguage | None:
    """What holds after a message: its own strongest request, the last of equals; or what held before.

    Where the prompt's ``own`` language is unwanted and no other is named, any other will do.
    """
    for request, span in requests:
        if request.unwanted and current is not None and request.tag == current.tag:
            current = None
        if request.unwanted and current is None and base_language(request.tag or "") == own:
            current = ExpectedLanguage(SEVERAL, Origin.REQUESTED, span, index)
    asked = [each for each in requests if not each[0].unwanted and (lasting or each[0].lasting)]
    if not asked:
        return current
    strongest = max(request.strength for request, _ in asked)
    request, span = [each for each in asked if each[0].strength == strongest][-1]
    return None if request.tag is None else ExpectedLanguage(request.tag, Origin.REQUESTED, span, index)
