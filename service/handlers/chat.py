"""``POST /v1/chat/completions``: OpenAI's chat."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from .. import sse
from ..backends.base import Chunk, Request
from ..errors import DragomanError
from ..gateway import Reply
from ..schema import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatRequest,
    Choice,
    ChunkChoice,
    Delta,
    ReplyMessage,
    Usage,
)
from .http import decode, error_body
from .surface import gathered

_encode = msgspec.json.Encoder().encode


class Chat:
    """See ``Surface``."""

    name = "chat"
    end = sse.DONE

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(ChatRequest)

    def decode(self, body: bytes) -> Request:
        """See ``Surface``."""
        return decode(self._decoder, body)

    def whole(self, reply: Reply, request: Request, chunks: list[Chunk]) -> bytes:
        """See ``Surface``."""
        return _encode(
            ChatCompletion(
                id=reply.id,
                created=reply.created,
                model=reply.route.model,
                choices=[Choice(at, ReplyMessage(text), reason) for at, text, reason in gathered(chunks)],
                usage=reply.chunks.usage,
            )
        )

    def events(self, reply: Reply, request: Request) -> ChatEvents:
        """See ``Surface``."""
        options = request.stream_options if isinstance(request, ChatRequest) else None
        return ChatEvents(reply, bool(options is not None and options.include_usage))

    def error(self, error: DragomanError) -> tuple[int, bytes]:
        """See ``Surface``."""
        return error.status, error_body(error)


class ChatEvents:
    """Writes the events of one reply; an engine that wrote its own has them passed on byte for byte."""

    def __init__(self, reply: Reply, include_usage: bool) -> None:
        self._include_usage = include_usage
        self._raw = False
        self._role: str | None = "assistant"
        self._event = ChatCompletionChunk(id=reply.id, created=reply.created, model=reply.route.model, choices=[])
        # All but the text is the same in every event of a choice: encode it once.
        head, _, tail = _encode(self._with(0, Delta(content=""))).partition(b'""')
        self._head, self._tail = head, tail

    def data(self, chunk: Chunk) -> bytes | None:
        """See ``Events``."""
        if chunk.data is not None:
            self._raw = True
            return chunk.data
        if self._raw:
            return None  # the engine's own event has gone out with another chunk
        if self._role is None and chunk.index == 0 and chunk.finish_reason is None:
            return b"".join((self._head, _encode(chunk.text), self._tail))
        delta = Delta(self._role, chunk.text if chunk.text or self._role else None)
        self._role = None
        return _encode(self._with(chunk.index, delta, chunk.finish_reason))

    def closing(self, usage: Usage | None) -> bytes | None:
        """See ``Events``: the token counts. An engine that writes its own events was asked for them too."""
        return self._last(usage) if self._include_usage and not self._raw else None

    def empty(self) -> bytes:
        """See ``Events``."""
        return self._last(None)

    def _last(self, usage: Usage | None) -> bytes:
        self._event.choices = []
        self._event.usage = UNSET if usage is None else usage
        return _encode(self._event)

    def _with(self, index: int, delta: Delta, finish_reason: str | None = None) -> ChatCompletionChunk:
        self._event.choices = [ChunkChoice(index, delta, finish_reason)]
        return self._event
