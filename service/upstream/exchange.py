"""One request and its response."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from math import inf
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from ..errors import BackendBroken, BackendError
from .connection import HIGH_WATER_BYTES, Connection

if TYPE_CHECKING:
    from .pool import Pool


class Timeouts(msgspec.Struct, frozen=True):
    """How long to wait for an engine, in seconds.

    ``connect`` includes looking up the name and the TLS handshake. ``first_byte`` is from the request to the first
    byte of the body, since some engines send the head at once and some with the first token. ``read`` is between two
    pieces of the body, while somebody waits for one. ``total`` is for everything. Messages call them what the settings
    call them: connect, first_token, between_tokens and total timeout.
    """

    connect: float = 5.0
    first_byte: float = 300.0
    read: float = 120.0
    total: float = 900.0


class Exchange:
    """One request and its response.

    ``status`` and ``headers`` (names in lower case; of a repeated one the last) are there inside ``async with``.
    Iterating gives the body as it comes, in pieces of no particular size, once. Leaving before the end closes the
    connection, so that the engine stops working; leaving after the end, or after ``finish()``, keeps it for the next.
    """

    __slots__ = (
        "_begun",
        "_body",
        "_connection",
        "_error",
        "_finished",
        "_pool",
        "_request",
        "_timeouts",
        "_waiter",
        "complete",
        "ends",
        "headers",
        "sent",
        "size",
        "status",
    )

    def __init__(self, pool: Pool, request: bytes, timeouts: Timeouts, ends: float | None = None) -> None:
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.size = 0  # bytes of the body that arrived and were not taken
        self.complete = False
        self.ends = inf if ends is None else ends  # on the loop's clock; None: ``timeouts.total`` from entering on
        self.sent = 0.0  # when the engine was given the request; 0 while it can have seen nothing of it
        self._pool = pool
        self._request = request
        self._timeouts = timeouts
        self._body: list[bytes] = []
        self._error: BackendError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._finished = False
        self._begun = False  # some of the body was given out
        self._connection: Connection

    async def __aenter__(self) -> Self:
        if self.ends == inf:
            self.ends = asyncio.get_running_loop().time() + self._timeouts.total
        connection = self._pool.take()
        if connection is not None:
            try:
                await self._ask(connection)
                return self
            except BackendBroken:
                if connection.heard:
                    raise
                self._error = None  # nothing came back: the engine was closing it, being idle
                self.sent = 0.0
        await self._ask(await self._pool.connect(self._timeouts.connect, self.ends))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.leave(error)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        body = self._body
        while not body:
            if self._error is not None:
                raise self._error
            if self.complete:
                raise StopAsyncIteration
            if self._begun:
                await self._wait("between_tokens", self._timeouts.read)
            else:
                await self._wait("first_token", self._timeouts.first_byte, self.sent)
        self._begun = True
        data = body[0] if len(body) == 1 else b"".join(body)
        body.clear()
        if self.size > HIGH_WATER_BYTES:
            self._connection.resume(self)
        self.size = 0
        return data

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """The body as it comes: the exchange itself, so that there is nothing more to close."""
        return self

    async def begun(self) -> None:
        """Wait until a piece of the body is there to be taken, or the end; raises what reading it would raise."""
        while not self._body and not self.complete:
            if self._error is not None:
                raise self._error
            await self._wait("first_token", self._timeouts.first_byte, self.sent)

    async def read(self, limit: int) -> bytes:
        """The rest of the body.

        Raises:
            BackendBroken: it is larger than ``limit`` bytes.
        """
        pieces: list[bytes] = []
        size = 0
        async for data in self:
            size += len(data)
            if size > limit:
                raise BackendBroken(f"{self._pool.name} answered with more than {limit} bytes")
            pieces.append(data)
        return b"".join(pieces)

    def leave(self, error: BaseException | None = None) -> None:
        """What leaving ``async with`` does, because of ``error`` or in good order."""
        if not self.complete:
            self._connection.leave(self, linger=self._finished and error is None)

    def finish(self) -> None:
        """All that matters was read. The connection is kept if the end arrives within ``LINGER_SECONDS`` of leaving;
        nobody waits for it."""
        self._finished = True

    def wake(self) -> None:
        """Something has arrived."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def take_body(self, data: bytes) -> None:
        """A piece of the body has arrived."""
        self._body.append(data)
        self.size += len(data)

    def fail(self, error: BackendError) -> None:
        """What has arrived is still given out, then ``error`` is raised."""
        self._error = error
        self.wake()

    async def _ask(self, connection: Connection) -> None:
        self._connection = connection
        try:
            self.sent = connection.loop.time()
            connection.send(self, self._request)
            if self._error is None:
                await self._wait("first_token", self._timeouts.first_byte, self.sent)
            if self._error is not None:
                raise self._error
        except BaseException:
            connection.leave(self, linger=False)
            raise

    async def _wait(self, timeout: str, seconds: float, since: float | None = None) -> None:
        """Wait until the head, a piece of the body, the end or an error is there."""
        connection = self._connection
        connection.watch(timeout, seconds, since)
        self._waiter = connection.loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None
            connection.unwatch(self)
