"""What a surface is: one API by which callers ask for inferences, its requests, bodies, events and errors.

A new surface is one file with one class, and one route in ``app.py``; ``inference.py`` does for all of them what has to
do with HTTP.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Protocol

from ..backends.base import Chunk, Request
from ..errors import DragomanError
from ..gateway import Reply
from ..schema import Usage


class Events(Protocol):
    """Writes the events of one streamed reply."""

    def data(self, chunk: Chunk) -> bytes | None:
        """The JSON of the event for ``chunk``; None when there is nothing to send."""

    def closing(self, usage: Usage | None) -> bytes | None:
        """The JSON of one more event after the last chunk's, if this API has such and it was asked for."""

    def empty(self) -> bytes:
        """The JSON of an event that says nothing, to carry the diagnosis where no other can."""


class Surface(Protocol):
    """One API. ``name`` is what records call it; ``end`` are the bytes that end a stream, after its last event."""

    name: str
    end: bytes

    def decode(self, body: bytes) -> Request:
        """The request in ``body``.

        Raises:
            InvalidRequest: it is none; names the field.
        """

    def whole(self, reply: Reply, request: Request, chunks: list[Chunk]) -> bytes:
        """The JSON of a reply that is not streamed, an object or a list of one, without the diagnosis."""

    def events(self, reply: Reply, request: Request) -> Events:
        """A writer for one reply."""

    def error(self, error: DragomanError) -> tuple[int, bytes]:
        """Status and JSON body of an error, as clients of this API read them; in a stream the body is an event."""


def gathered(chunks: Iterable[Chunk]) -> list[tuple[int, str, str | None]]:
    """Index, text and finish reason of every choice."""
    texts: dict[int, list[str]] = defaultdict(list)
    reasons: dict[int, str | None] = {}
    for chunk in chunks:
        texts[chunk.index].append(chunk.text)
        reasons[chunk.index] = chunk.finish_reason or reasons.get(chunk.index)
    return [(at, "".join(texts[at]), reasons[at]) for at in sorted(texts)]
