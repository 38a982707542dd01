"""``POST /v1/completions``: OpenAI's completions of a bare prompt."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from .. import sse
from ..backends.base import Chunk, Request
from ..errors import DragomanError
from ..gateway import Reply
from ..schema import Completion, CompletionChoice, CompletionRequest, Usage
from .http import decode, error_body
from .surface import gathered

_encode = msgspec.json.Encoder().encode


class Completions:
    """See ``Surface``."""

    name = "completions"
    end = sse.DONE

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(CompletionRequest)

    def decode(self, body: bytes) -> CompletionRequest:
        """See ``Surface``."""
        return decode(self._decoder, body)

    def whole(self, reply: Reply, request: Request, chunks: list[Chunk]) -> bytes:
        """See ``Surface``."""
        choices = [CompletionChoice(*each) for each in gathered(chunks)]
        return _encode(_completion(reply, choices, reply.chunks.usage))

    def events(self, reply: Reply, request: Request) -> CompletionEvents:
        """See ``Surface``."""
        options = request.stream_options if isinstance(request, CompletionRequest) else None
        return CompletionEvents(reply, bool(options is not None and options.include_usage))

    def error(self, error: DragomanError) -> tuple[int, bytes]:
        """See ``Surface``."""
        return error.status, error_body(error)


class CompletionEvents:
    """Writes the events of one reply; an engine that wrote its own has them passed on byte for byte."""

    def __init__(self, reply: Reply, include_usage: bool) -> None:
        self._reply = reply
        self._include_usage = include_usage
        self._raw = False

    def data(self, chunk: Chunk) -> bytes | None:
        """See ``Events``."""
        if chunk.data is not None:
            self._raw = True
            return chunk.data
        if self._raw:
            return None  # the engine's own event has gone out with another chunk
        return _encode(_completion(self._reply, [CompletionChoice(chunk.index, chunk.text, chunk.finish_reason)]))

    def closing(self, usage: Usage | None) -> bytes | None:
        """See ``Events``: the token counts. An engine that writes its own events was asked for them too."""
        return _encode(_completion(self._reply, [], usage)) if self._include_usage and not self._raw else None

    def empty(self) -> bytes:
        """See ``Events``."""
        return _encode(_completion(self._reply, []))


def _completion(reply: Reply, choices: list[CompletionChoice], usage: Usage | None = None) -> Completion:
    return Completion(
        id=reply.id,
        created=reply.created,
        model=reply.route.model,
        choices=choices,
        usage=UNSET if usage is None else usage,
    )
