"""``POST /v1/chat/completions``: the hot path, an ASGI application of its own."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, cast

import msgspec
from litestar.types import HTTPScope, Receive, Scope, Send
from msgspec import UNSET

from diagnostics.core import Diagnosis

from .. import sse
from ..backends.base import Chunk
from ..errors import DragomanError, MethodNotAllowed
from ..gateway import Gateway, Reply
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
from .http import ClientGone, Headers, decode, error_body, read_body, respond

STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # asks a proxy in between not to hold events back
)

_encode = msgspec.json.Encoder().encode


class ChatCompletions:
    """The handler. ``max_body_bytes`` bounds a request."""

    def __init__(self, gateway: Gateway, max_body_bytes: int) -> None:
        self._gateway = gateway
        self._max_body_bytes = max_body_bytes
        self._decoder = msgspec.json.Decoder(ChatRequest)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            if cast(HTTPScope, scope)["method"] != "POST":
                raise MethodNotAllowed("use POST")
            body = await read_body(receive, self._max_body_bytes)
            request = decode(self._decoder, body)
        except ClientGone:
            return
        except DragomanError as error:
            self._reject(error)
            await respond(send, error.status, error_body(error))
            return
        async with _StopWhenGone(receive):
            await self._answer(request, body, send)

    async def _answer(self, request: ChatRequest, body: bytes, send: Send) -> None:
        try:
            reply = await self._gateway.chat(request, body)
        except DragomanError as error:
            self._reject(error)
            await respond(send, error.status, error_body(error))
            return
        try:
            if request.stream:
                await _stream(reply, request, send)
            else:
                await _whole(reply, send)
        finally:
            await reply.chunks.aclose()

    def _reject(self, error: DragomanError) -> None:
        self._gateway.metrics.rejected.labels(error.code or error.type).inc()


class _StopWhenGone:
    """While the block runs, a client that hangs up cancels it; leaving the client's cancellation here ends it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._gone = False

    async def __aenter__(self) -> None:
        self._task = asyncio.current_task()
        # The body has been read, so all that can still come is the disconnect.
        self._watcher = asyncio.ensure_future(self._receive())
        self._watcher.add_done_callback(self._hang_up)

    def _hang_up(self, watcher: asyncio.Future[Any]) -> None:
        if self._task is not None and not watcher.cancelled():
            self._gone = True
            self._task.cancel()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> bool:
        task, self._task = self._task, None
        self._watcher.cancel()
        if self._gone and task is not None:
            task.uncancel()
        return self._gone and kind is asyncio.CancelledError


async def _whole(reply: Reply, send: Send) -> None:
    """Collect the reply and send it as one body."""
    chunks: list[Chunk] = []
    try:
        async for chunk in reply.chunks:
            chunks.append(chunk)
    except DragomanError as error:
        await respond(send, error.status, error_body(error), _headers(reply))
        return
    diagnosis = reply.chunks.diagnosis
    data = chunks[0].data
    body = _completion(reply, chunks) if data is None else _splice(data, diagnosis)
    await respond(send, 200, body, _headers(reply, diagnosis))


def _completion(reply: Reply, chunks: list[Chunk]) -> bytes:
    texts: dict[int, list[str]] = {}
    reasons: dict[int, str | None] = {}
    for chunk in chunks:
        texts.setdefault(chunk.index, []).append(chunk.text)
        reasons[chunk.index] = chunk.finish_reason or reasons.get(chunk.index)
    choices = [Choice(index, ReplyMessage("".join(parts)), reasons[index]) for index, parts in sorted(texts.items())]
    return _encode(
        ChatCompletion(
            id=reply.id,
            created=reply.created,
            model=reply.route.model,
            choices=choices,
            usage=reply.chunks.usage,
            diagnostics=reply.chunks.diagnosis,
        )
    )


async def _stream(reply: Reply, request: ChatRequest, send: Send) -> None:
    """Send the reply as events; the last one, held back until the reply has ended, carries the diagnosis."""
    await send({"type": "http.response.start", "status": 200, "headers": [*STREAM_HEADERS, *_headers(reply)]})
    events = _Events(reply)
    held: bytes | None = None
    try:
        async for chunk in reply.chunks:
            data = events.data(chunk)
            if data is None:
                continue
            if held is not None:
                await _send_event(send, held)
                held = None
            if chunk.finish_reason is not None or chunk.usage is not None:
                held = data
            else:
                await send({"type": "http.response.body", "body": sse.event(data), "more_body": True})
        if request.stream_options is not None and request.stream_options.include_usage and not events.raw:
            if held is not None:
                await _send_event(send, held)
            held = events.last(reply.chunks.usage)
    except DragomanError as error:
        if held is not None:
            await _send_event(send, held)
        held = error_body(error)
    last = sse.event(_splice(held or events.last(), reply.chunks.diagnosis)) + sse.DONE
    await send({"type": "http.response.body", "body": last, "more_body": False})


async def _send_event(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": sse.event(data), "more_body": True})


class _Events:
    """Writes the events of one reply; an engine that wrote its own has them passed on byte for byte (``raw``)."""

    def __init__(self, reply: Reply) -> None:
        self.raw = False
        self._role: str | None = "assistant"
        self._event = ChatCompletionChunk(id=reply.id, created=reply.created, model=reply.route.model, choices=[])
        # All but the text is the same in every event of a choice: encode it once.
        head, _, tail = _encode(self._with(0, Delta(content=""))).partition(b'""')
        self._head, self._tail = head, tail

    def data(self, chunk: Chunk) -> bytes | None:
        """The JSON of the event for ``chunk``; None when there is nothing to send."""
        if chunk.data is not None:
            self.raw = True
            return chunk.data
        if self.raw:
            return None  # the engine's own event has gone out with another chunk
        if self._role is None and chunk.index == 0 and chunk.finish_reason is None:
            return b"".join((self._head, _encode(chunk.text), self._tail))
        delta = Delta(self._role, chunk.text if chunk.text or self._role else None)
        self._role = None
        return _encode(self._with(chunk.index, delta, chunk.finish_reason))

    def last(self, usage: Usage | None = None) -> bytes:
        """An event without choices, with the token counts if they are known."""
        self._event.choices = []
        self._event.usage = UNSET if usage is None else usage
        return _encode(self._event)

    def _with(self, index: int, delta: Delta, finish_reason: str | None = None) -> ChatCompletionChunk:
        self._event.choices = [ChunkChoice(index, delta, finish_reason)]
        return self._event


def _splice(data: bytes, diagnosis: Diagnosis | None) -> bytes:
    """Add ``diagnostics`` to a JSON object without touching any other byte of it."""
    if diagnosis is None:
        return data
    body = data.rstrip()[:-1]
    comma = b"" if body.rstrip().endswith(b"{") else b","
    return b"".join((body, comma, b'"diagnostics":', _encode(diagnosis), b"}"))


def _headers(reply: Reply, diagnosis: Diagnosis | None = None) -> Headers:
    """The verdict in short, for callers who do not read the body."""
    arm = reply.route.arm
    headers = [
        (b"dragoman-inference-id", reply.id.encode()),
        (b"dragoman-checkpoint", arm.checkpoint.encode()),
        (b"dragoman-arm", arm.role.value.encode()),
    ]
    expected = reply.instruction.expected_language
    if expected is not None:
        headers.append((b"dragoman-expected-language", expected.tag.encode()))
    if diagnosis is not None:
        if diagnosis.language is not None:
            headers.append((b"dragoman-language", diagnosis.language.verdict.value.encode()))
        if diagnosis.modifiers:
            verdicts = ", ".join(f"{each.name}={each.verdict.value}" for each in diagnosis.modifiers)
            headers.append((b"dragoman-modifiers", verdicts.encode()))
    return headers
