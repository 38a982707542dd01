"""Reading a conversation: which language and which modifiers do the messages ask for?

Fold each message, scan it once, drop what is quoted, code or pasted, and let the rules look at the sentences that
hold one of their words. Most messages hold none and cost one scan. What the system prompt and earlier turns asked for
holds until it is asked otherwise: the newest wins, type by type. Input is bounded: of a long message its start and
its end are read, of a long conversation its newest turns and the system prompts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from diagnostics.core import ExpectedLanguage, Message, Origin, RequestedModifier, Span
from diagnostics.language.tags import SEVERAL, base_language
from diagnostics.text import mask_code, mask_quotes

from . import MODIFIERS, answer_language
from .answer_language import LanguageRequest
from .base import Modifier
from .fold import fold, origins
from .lexicon import Lexicons, Scanner, Token
from .sentence import Request, Sentence, sentences

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
    modifiers: dict[str, tuple[Request, Span]]


class Reader:
    """Reads messages with a set of lexicons and a registry of modifiers; holds no state of any conversation."""

    def __init__(self, lexicons: Lexicons, registry: Sequence[type[Modifier]] = MODIFIERS) -> None:
        self._lexicons = lexicons
        self._rules = {concept: modifier for modifier in registry for concept in modifier.concepts}
        self._wanted = frozenset(self._rules) | answer_language.CONCEPTS

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
        modifiers: dict[str, RequestedModifier] = {}
        for index in _heard(messages):
            message = messages[index]
            read = self._message(message.content, language_hint, own=index == newest)
            lasting = index == newest or message.role != "user"
            language = _settle(language, read.languages, index, lasting, base_language(language_hint or ""))
            for name, (request, span) in read.modifiers.items():
                modifiers.pop(name, None)
                if request.arguments is not None:
                    modifiers[name] = RequestedModifier(
                        name, request.arguments, Origin.REQUESTED, span, index, request.confidence
                    )
        return Demands(language, tuple(modifiers.values()))

    def _message(self, content: str, hint: str | None, *, own: bool) -> _Read:
        read = _Read([], {})
        for offset, piece in _pieces(content):
            folded = fold(piece)
            base = base_language(hint or "")
            # The hint speaks of the newest message only; others may be in other languages (system prompts often are).
            language = base if own and base in self._lexicons.languages else self._lexicons.guess(folded)
            scanner = self._lexicons.scanner(language)
            tokens = scanner.scan(folded)
            if any(token.concept in self._wanted for token in tokens):
                places = origins(piece, folded)
                tokens = _unmasked(piece, folded, tokens, places, scanner)
                for sentence in sentences(folded, tokens, scanner, base or None, self._wanted):
                    self._sentence(sentence, places, offset, read)
        return read

    def _sentence(self, sentence: Sentence, places: Sequence[int], offset: int, read: _Read) -> None:
        def span(start: int, end: int) -> Span:
            return places[start] + offset, places[end - 1] + 1 + offset

        read.languages.extend((each, span(each.start, each.end)) for each in answer_language.requests(sentence))
        for i, token in enumerate(sentence.tokens):
            rule = self._rules.get(token.concept)
            request = rule.requested(sentence, i) if rule else None
            # Of one message the last word counts, but "3 bullets … the bullets look like this" asks for three.
            if rule and request and not _spelled_out(read, rule.name()):
                read.modifiers[rule.name()] = request, span(request.start, request.end)


def _spelled_out(read: _Read, name: str) -> bool:
    return name in read.modifiers and bool(read.modifiers[name][0].arguments)


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


def _unmasked(piece: str, folded: str, tokens: list[Token], places: Sequence[int], scanner: Scanner) -> list[Token]:
    """Tokens of the prompt's own words: not in quotes, code, or a passage that is pasted in."""
    masked = mask_quotes(mask_code(piece))
    kept: list[Token] = []
    pasted_until = 0
    for token in tokens:
        if token.start < pasted_until or (masked[places[token.start]].isspace() and not folded[token.start].isspace()):
            continue
        if token.concept == "colon" and _announces(folded, token, kept, scanner):
            pasted_until = _passage_end(folded, token.end, masked, places)
        kept.append(token)
    return kept


def _announces(folded: str, colon: Token, kept: list[Token], scanner: Scanner) -> bool:
    """Does the colon announce pasted text? After a translation task it does, and after "the following text"."""
    for token in reversed(kept):
        if token.concept == "stop":
            break
        if token.concept == "translate":
            return True
    before = folded[max(0, colon.start - 30) : colon.start].rpartition("\n")[2].split()
    return bool(before) and before[-1] in scanner.words.get("passage", frozenset())


def _passage_end(folded: str, start: int, masked: str, places: Sequence[int]) -> int:
    """Pasted text ends at the next blank line; in quotes or a fence it is masked already, and ends nothing."""
    while start < len(folded) and folded[start].isspace():
        start += 1
    if start == len(folded) or masked[places[start]].isspace():
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
