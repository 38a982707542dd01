"""One socket: between the event loop, the parser and the exchange of the moment."""

from __future__ import annotations

import asyncio
from math import inf
from typing import TYPE_CHECKING, cast

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from ..errors import BackendBroken, BackendError, BackendTimeout

if TYPE_CHECKING:
    from .exchange import Exchange
    from .pool import Pool

MAX_HEAD_BYTES = 64 * 1024
HIGH_WATER_BYTES = 256 * 1024
IDLE_SECONDS = 4.0
"""Shorter than uvicorn's 5 seconds (vLLM, SGLang), so that it is seldom the engine that closes first."""
LINGER_SECONDS = 1.0


class Connection(asyncio.Protocol):
    """One socket, its parser and its timer. ``heard`` tells whether anything came back since the last request."""

    def __init__(self, pool: Pool, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.gone: asyncio.Future[None] = loop.create_future()
        self.heard = False
        self._pool = pool
        self._exchange: Exchange | None = None
        self._parser = HttpResponseParser(self)
        self._transport: asyncio.Transport
        self._reusable = False
        self._until_eof = False  # nothing but the end of the connection ends the body
        self._lingering = False
        self._paused = False
        self._progress = False  # the last read brought a head, some body, or the end
        self._idle_bytes = 0  # read since there was progress
        self._timer: asyncio.TimerHandle | None = None
        self._fires = inf  # when the timer does
        self._until = inf  # when the present wait has lasted too long
        self._timeout = ""  # ... and the name of the timeout
        self._seconds = 0.0  # ... and its length

    # For exchanges

    def send(self, exchange: Exchange, request: bytes) -> None:
        """Write a request; what is read from now on is the answer to it."""
        self._exchange = exchange
        self.heard = self._reusable = self._until_eof = self._lingering = False
        self._idle_bytes = 0
        if self._transport.is_closing():
            self.fail(self._closed_early())
        else:
            self._transport.write(request)

    def leave(self, exchange: Exchange, *, linger: bool) -> None:
        """``exchange`` is no longer interested: stop the engine, or let it come to its end if that is near."""
        if self._exchange is not exchange:
            return
        if linger:
            self._lingering = True
            self.watch("linger", LINGER_SECONDS)
            self.resume(exchange)
        else:
            self.fail(BackendBroken(f"{self._pool.name}: the answer was not wanted any more"))

    def resume(self, exchange: Exchange) -> None:
        """The body was taken: read on."""
        if self._paused and self._exchange is exchange:
            self._paused = False
            self._transport.resume_reading()

    def fail(self, error: BackendError) -> None:
        """Close, and tell the exchange why."""
        exchange, self._exchange = self._exchange, None
        self._transport.abort()
        if exchange is not None:
            exchange.fail(error)

    # Time

    def watch(self, timeout: str, seconds: float, since: float | None = None) -> None:
        """A wait begins that must not last longer than ``seconds``, counted from ``since`` or now."""
        self._timeout, self._seconds = timeout, seconds
        self._until = (self.loop.time() if since is None else since) + seconds
        self._arm()

    def unwatch(self, exchange: Exchange) -> None:
        """The wait is over. The timer stays where it is and finds that out."""
        if self._exchange is exchange:
            self._until = inf

    def _deadline(self) -> float:
        return min(self._until, self._exchange.ends) if self._exchange is not None else self._until

    def _arm(self) -> None:
        deadline = self._deadline()
        if deadline < self._fires:
            if self._timer is not None:
                self._timer.cancel()
            self._fires = deadline
            self._timer = self.loop.call_at(deadline, self._fire)

    def _fire(self) -> None:
        self._timer, self._fires = None, inf
        if self.loop.time() < self._deadline():
            self._arm()
        elif self._exchange is None or self._lingering:
            self._transport.abort()
        elif self._until <= self._exchange.ends:
            self.fail(BackendTimeout(f"{self._pool.name}: nothing for {self._seconds:g} s ({self._timeout} timeout)"))
        else:
            self.fail(BackendTimeout(f"{self._pool.name}: not done in time (total timeout)"))

    # For the transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._pool.opened(self)

    def data_received(self, data: bytes) -> None:
        exchange = self._exchange
        if exchange is None:  # nothing was asked, so this is no answer
            self._transport.abort()
            return
        self.heard = True
        self._progress = False
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade) as error:
            self._reusable = False
            if not exchange.complete:
                self.fail(BackendBroken(f"{self._pool.name} does not speak HTTP/1.1: {error}"))
                return
        if self._progress:
            self._idle_bytes = 0
            exchange.wake()
        else:
            self._idle_bytes += len(data)
        if exchange.complete:
            self._release()
        elif self._idle_bytes > MAX_HEAD_BYTES:
            self.fail(BackendBroken(f"{self._pool.name} sent a head of more than {MAX_HEAD_BYTES} bytes"))
        elif exchange.size > HIGH_WATER_BYTES and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _release(self) -> None:
        """The response is complete: back to the pool, or away with it."""
        self._exchange = None
        if self._paused:
            self._paused = False
            self._transport.resume_reading()
        answered_early = self._transport.get_write_buffer_size() > 0
        if self._reusable and not answered_early and self._pool.put(self):
            self.watch("idle", IDLE_SECONDS)
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        self._pool.lost(self)
        if self._timer is not None:
            self._timer.cancel()
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            if self._until_eof and error is None:
                exchange.complete = True
                exchange.wake()
            else:
                exchange.fail(self._closed_early())
        del self._parser  # it holds our methods: without it we are no cycle
        self.gone.set_result(None)

    def _closed_early(self) -> BackendBroken:
        when = "in the middle of its answer" if self.heard else "without an answer"
        return BackendBroken(f"{self._pool.name} closed the connection {when}")

    # For the parser

    def on_message_begin(self) -> None:
        if self._exchange is None or self._exchange.complete:
            raise ValueError("a second answer")

    def on_header(self, name: bytes, value: bytes) -> None:
        exchange = self._exchange
        if exchange is not None and not exchange.status:  # else it is a trailer
            exchange.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        exchange = self._exchange
        status: int = self._parser.get_status_code()
        if exchange is None:
            return
        if status < 200:  # 100 Continue and its like: the answer is still to come
            exchange.headers.clear()
            return
        exchange.status = status
        self._progress = True
        self._until_eof = b"content-length" not in exchange.headers and b"chunked" not in exchange.headers.get(
            b"transfer-encoding", b""
        )

    def on_body(self, data: bytes) -> None:
        if self._exchange is not None:
            self._progress = True
            self._exchange.take_body(data)

    def on_message_complete(self) -> None:
        if self._exchange is not None and self._exchange.status:
            self._progress = True
            self._exchange.complete = True
            self._reusable = self._parser.should_keep_alive()
