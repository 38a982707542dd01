"""The hot path: an ASGI application that answers requests for inferences, on any surface."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, cast

import msgspec
from litestar.types import HTTPScope, Receive, Send
from litestar.types import Scope as Connection
from msgspec import UNSET

from diagnostics.core import Diagnosis

from .. import sse
from ..admission import Admission
from ..auth import Client, Scope
from ..backends.base import Chunk, Request
from ..errors import DragomanError, Headers, InvalidDeclaration, MethodNotAllowed, UnknownModel, WrongReply
from ..gateway import Gateway, Reply
from ..inference import Caller
from .http import ClientGone, check_nesting, error_headers, read_body, respond
from .surface import Surface

STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),  # asks a proxy in between not to hold events back
)

EXPOSED_HEADERS = (
    *(f"dragoman-{name}" for name in (
        "inference-id", "checkpoint", "arm", "expected-language", "language", "modifiers", "repair",
    )),
    *(f"x-ratelimit-{what}-{kind}" for what in ("limit", "remaining", "reset") for kind in ("requests", "tokens")),
    "retry-after",
)  # fmt: skip
"""What an answer may say in headers, for browsers, which hide them from pages otherwise."""

_encode = msgspec.json.Encoder().encode


class Inference:
    """The handler of one surface. ``max_body_bytes`` bounds a request."""

    def __init__(self, gateway: Gateway, admission: Admission, surface: Surface, max_body_bytes: int) -> None:
        self._gateway = gateway
        self._admission = admission
        self._surface = surface
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Connection, receive: Receive, send: Send, model: str | None = None) -> None:
        """Answer one request; ``model``, where the path names it, goes before what the body says."""
        try:
            if cast(HTTPScope, scope)["method"] != "POST":
                raise MethodNotAllowed("use POST")
            client = self._admission.enter(scope["headers"], Scope.INFER)
            body = await read_body(receive, self._max_body_bytes)
            check_nesting(body, self._admission.limits.max_nesting)
            request = self._surface.decode(body)
            if model is not None:
                request.model = model
        except ClientGone:
            return
        except DragomanError as error:
            self._count(error)
            await self._refuse(error, send)
            return
        async with _StopWhenGone(receive):
            try:
                permit = await self._admission.admit(client, request, len(body))
            except DragomanError as error:
                self._count(error)
                await self._refuse(error, send)
                return
            with permit:
                await self._answer(client, request, body, send, permit.headers)

    async def _answer(self, client: Client, request: Request, body: bytes, send: Send, limits: Headers) -> None:
        try:
            caller = Caller(client.name, self._surface.name, client.on_mismatch)
            reply = await self._gateway.infer(request, body, caller)
        except DragomanError as error:
            if isinstance(error, (UnknownModel, InvalidDeclaration)):  # else a checkpoint was asked
                self._count(error)
            await self._refuse(error, send)
            return
        try:
            if request.stream:
                await self._stream(reply, request, send, limits)
            else:
                await self._whole(reply, request, send, limits)
        finally:
            await reply.chunks.aclose()

    def _count(self, error: DragomanError) -> None:
        self._gateway.metrics.rejected.labels(error.code or error.type).inc()

    async def _refuse(self, error: DragomanError, send: Send) -> None:
        diagnosis = error.diagnosis if isinstance(error, WrongReply) else None
        status, body = self._surface.error(error)
        await respond(send, status, _splice(body, diagnosis), error_headers(error))

    async def _whole(self, reply: Reply, request: Request, send: Send, limits: Headers) -> None:
        """Collect the reply and send it as one body."""
        chunks: list[Chunk] = []
        try:
            async for chunk in reply.chunks:
                chunks.append(chunk)
        except DragomanError as error:
            await respond(send, *self._surface.error(error), [*_headers(reply), *error_headers(error), *limits])
            return
        diagnosis = reply.chunks.diagnosis
        body = chunks[0].data
        if body is None:
            body = self._surface.whole(reply, request, chunks)
        await respond(send, 200, _splice(body, diagnosis), [*_headers(reply, diagnosis), *limits])

    async def _stream(self, reply: Reply, request: Request, send: Send, limits: Headers) -> None:
        """Send the reply as events; the last one, held back until the reply has ended, carries the diagnosis."""
        headers = [*STREAM_HEADERS, *_headers(reply), *limits]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        events = self._surface.events(reply, request)
        ready: list[bytes] = []  # what came together goes out together: a write costs more than an event
        held: bytes | None = None
        try:
            async for chunk in reply.chunks:
                data = events.data(chunk)
                if data is not None:
                    if held is not None:
                        ready.append(sse.event(held))
                        held = None
                    if chunk.finish_reason is not None or chunk.usage is not None:
                        held = data
                    else:
                        ready.append(sse.event(data))
                if ready and not chunk.more:
                    await send({"type": "http.response.body", "body": b"".join(ready), "more_body": True})
                    ready.clear()
            closing = events.closing(reply.chunks.usage)
        except DragomanError as error:
            _, closing = self._surface.error(error)
        if closing is not None:
            if held is not None:
                ready.append(sse.event(held))
            held = closing
        ready.append(sse.event(_splice(held or events.empty(), reply.chunks.diagnosis)))
        ready.append(self._surface.end)
        await send({"type": "http.response.body", "body": b"".join(ready), "more_body": False})


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


def _splice(data: bytes, diagnosis: Diagnosis | None) -> bytes:
    """Add ``diagnostics`` to a JSON object, or to the last of a list of them, without touching any other byte."""
    if diagnosis is None:
        return data
    end = data.rindex(b"}")
    body = data[:end]
    comma = b"" if body.rstrip().endswith(b"{") else b","
    return b"".join((body, comma, b'"diagnostics":', _encode(diagnosis), data[end:]))


def _headers(reply: Reply, diagnosis: Diagnosis | None = None) -> Headers:
    """The verdict in short, for callers who do not read the body."""
    arm = reply.route.arm
    headers = [
        (b"dragoman-inference-id", reply.id.encode()),
        (b"dragoman-checkpoint", reply.checkpoint.encode()),
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
        if diagnosis.repair is not UNSET:
            headers.append((b"dragoman-repair", f"{diagnosis.repair.action}={diagnosis.repair.outcome}".encode()))
    return headers
