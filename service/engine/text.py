"""From tokens to text while they come: never half a character, never a stop string."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer

_BROKEN = "\N{REPLACEMENT CHARACTER}"
# A UTF-8 character is at most four bytes. Up to three of them read as one broken character, or as one each, until
# the next makes them whole; a longer broken end stays broken.
_UNFINISHED = 3
# Tokens: enough before the new one that three broken characters and what they hang on are among them.
_CONTEXT = 12


class Detokenizer:
    """Decodes one reply token by token, each time over the last few tokens only.

    Not ``tokenizers.decoders.DecodeStream``: with byte-fallback vocabularies (Llama 2, Gemma) it raises "Invalid
    prefix" as soon as a model emits bytes that are not UTF-8, and the reply would be lost.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._tokens: list[int] = []
        self._shown = 0  # characters of the text of _tokens

    def step(self, token: int) -> str:
        """The text that ``token`` completes; empty while a character is unfinished."""
        self._tokens.append(token)
        text = self._tokenizer.decode(self._tokens)
        broken = len(text) - len(text.rstrip(_BROKEN))
        whole = len(text) - min(broken, _UNFINISHED)
        piece = text[self._shown : whole]
        self._shown = max(self._shown, whole)
        if len(self._tokens) > 2 * _CONTEXT:
            hidden = len(text) - self._shown
            self._tokens = self._tokens[-_CONTEXT:]
            self._shown = len(self._tokenizer.decode(self._tokens)) - hidden
        return piece

    def flush(self) -> str:
        """What is left at the end, without the character that was cut short."""
        return self._tokenizer.decode(self._tokens)[self._shown :].rstrip(_BROKEN)


class StopStrings:
    """Finds stop strings in a text that comes in pieces, and holds back what may be the beginning of one.

    Knuth, Morris and Pratt's automaton for each string: linear in the text, whatever the strings are.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = [(stop, _failure(stop)) for stop in stops]
        self._matched = [0] * len(stops)
        self._held = ""

    def feed(self, piece: str) -> tuple[str, bool]:
        """The text that is safe to show, and whether a stop string was completed (then it ends before it)."""
        if not self._stops:
            return piece, False
        text = self._held + piece
        for end, char in enumerate(piece, start=len(self._held) + 1):
            longest = self._advance(char)
            if longest:
                return text[: end - longest], True
        safe = len(text) - max(self._matched)
        self._held = text[safe:]
        return text[:safe], False

    def flush(self) -> str:
        """The text that was held back, when the reply ends without a stop string."""
        return self._held

    def _advance(self, char: str) -> int:
        """Take one more character; the length of the longest stop string that it completes, else 0."""
        completed = 0
        for index, (stop, failure) in enumerate(self._stops):
            matched = self._matched[index]
            while matched and stop[matched] != char:
                matched = failure[matched - 1]
            matched += stop[matched] == char
            self._matched[index] = matched
            if matched == len(stop):
                completed = max(completed, matched)
        return completed


def _failure(stop: str) -> list[int]:
    """For each prefix of ``stop``: the length of its longest proper prefix that is also its suffix."""
    table = [0] * len(stop)
    matched = 0
    for index in range(1, len(stop)):
        while matched and stop[matched] != stop[index]:
            matched = table[matched - 1]
        matched += stop[matched] == stop[index]
        table[index] = matched
    return table
