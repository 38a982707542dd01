"""The connections to one engine."""

from __future__ import annotations

import asyncio
import copy
import os
import re
import socket
import ssl
from collections.abc import Iterable
from math import inf
from urllib.parse import SplitResult, urlsplit

from ..errors import BackendTimeout, BackendUnavailable, ConfigError
from .connection import Connection
from .exchange import Exchange, Timeouts

MAX_IDLE_CONNECTIONS = 256

_URL = re.compile(r"[!-~]+")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_NOT_IN_A_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")

Headers = Iterable[tuple[bytes, bytes]]


class Pool:
    """The connections to one engine. ``origin`` is its scheme, host and port, for whoever runs the gateway.

    ``url`` may have a path, which comes before that of every request. ``headers`` go with every request. ``name`` is
    what error messages call the engine: callers of the gateway read them, and need not know where it is. Without it
    they name the origin.

    Raises:
        ConfigError: the URL is not one of an HTTP server, or carries a name and password.
    """

    def __init__(self, url: str, *, timeouts: Timeouts, headers: Headers = (), name: str | None = None) -> None:
        parts = _split(url)
        self.host = parts.hostname or ""
        self.port = parts.port or (443 if parts.scheme == "https" else 80)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.name = name or self.origin
        self._address = self.host
        self._base = parts.path.rstrip("/")
        self._common = b" HTTP/1.1\r\n" + _encode(
            ((b"host", parts.netloc.encode("ascii")), (b"accept-encoding", b"identity"), *headers)
        )
        self._tls: ssl.SSLContext | None = None
        if parts.scheme == "https":
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])
        self._timeouts = timeouts
        self._begin()

    def _begin(self) -> None:
        self._idle: dict[Connection, None] = {}  # newest last
        self._open: set[Connection] = set()
        self._draining = False
        self._closed = False

    def at(self, address: str) -> Pool:
        """Another pool, for the engine at one IP address of the host: the same requests, the same name in TLS."""
        pool = copy.copy(self)
        pool._address = address
        pool._begin()
        return pool

    def post(self, path: str, body: bytes, headers: Headers = (), ends: float | None = None) -> Exchange:
        """``async with`` sends the request and gives the response, whose status and headers have then arrived.

        ``ends`` is when the exchange must be over, in place of the total timeout.

        Raises, from ``async with`` and from reading:
            ValueError: a header is not one (at once).
            BackendUnavailable: the engine cannot be reached.
            BackendTimeout: it took too long; the message says which timeout it was.
            BackendBroken: it closed the connection too early, or what it says is not HTTP.
        """
        length = b"content-length: %d\r\n\r\n" % len(body)
        head = b"POST %b%b%b%b" % ((self._base + path).encode("ascii"), self._common, _encode(headers), length)
        return Exchange(self, head + body, self._timeouts, ends)

    def get(
        self, path: str, headers: Headers = (), timeouts: Timeouts | None = None, ends: float | None = None
    ) -> Exchange:
        """The same without a body; ``timeouts`` in place of the pool's, for a question that must be quick."""
        head = b"GET %b%b%b\r\n" % ((self._base + path).encode("ascii"), self._common, _encode(headers))
        return Exchange(self, head, timeouts or self._timeouts, ends)

    async def connect(self, seconds: float, ends: float = inf) -> Connection:
        """Open a connection within ``seconds``, and before ``ends`` on the loop's clock.

        Raises:
            BackendUnavailable: it cannot be opened.
            BackendTimeout: it was not opened in time.
        """
        if self._closed:
            raise self._shut()
        loop = asyncio.get_running_loop()
        expires = min(loop.time() + seconds, ends)
        try:
            async with asyncio.timeout_at(expires):
                _, connection = await loop.create_connection(
                    lambda: Connection(self, loop),
                    self._address,
                    self.port,
                    ssl=self._tls,
                    server_hostname=self.host if self._tls is not None else None,
                )
        except TimeoutError as error:
            if expires == ends:
                raise BackendTimeout(f"{self.name}: not done in time (total timeout)") from error
            raise BackendTimeout(f"{self.name}: no connection within {seconds:g} s (connect timeout)") from error
        except OSError as error:
            raise BackendUnavailable(f"{self.name}: {_reason(error)}") from error
        return connection

    def take(self) -> Connection | None:
        """The connection that has been idle for the shortest time, if any."""
        return self._idle.popitem()[0] if self._idle else None

    def put(self, connection: Connection) -> bool:
        """Keep an idle connection; False when there is no room for it."""
        if self._closed or self._draining or len(self._idle) >= MAX_IDLE_CONNECTIONS:
            return False
        self._idle[connection] = None
        return True

    def opened(self, connection: Connection) -> None:
        """A connection was made."""
        self._open.add(connection)
        if self._closed:
            connection.fail(self._shut())

    def lost(self, connection: Connection) -> None:
        """A connection is gone."""
        self._open.discard(connection)
        self._idle.pop(connection, None)

    def drain(self) -> None:
        """Close idle connections now, and busy ones as soon as they have done what they are at."""
        self._draining = True
        for connection in list(self._idle):
            connection.fail(self._shut())

    async def aclose(self) -> None:
        """Close all connections, idle and busy. May be called twice."""
        self._closed = True
        connections = list(self._open)
        for connection in connections:
            connection.fail(self._shut())
        await asyncio.gather(*(connection.gone for connection in connections))

    def _shut(self) -> BackendUnavailable:
        return BackendUnavailable(f"{self.name}: the gateway is shutting down")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")  # as looking it up will
    except ValueError:  # not a port, half an IPv6 address, or an empty or overlong part of the name
        usable = False
    if not usable or not _URL.fullmatch(url):
        raise ConfigError("the url of a backend is http:// or https://, a host name, and a port and a path if need be")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ConfigError("the url of a backend ends with its path and names no user; keys have a setting of their own")
    return parts


def _encode(headers: Headers) -> bytes:
    for name, value in headers:
        if not _TOKEN.fullmatch(name) or _NOT_IN_A_VALUE.search(value):
            raise ValueError(f"not a header that can be sent: {name!r}")
    return b"".join([b"%b: %b\r\n" % header for header in headers])


def _reason(error: OSError) -> str:
    """Why there is no connection, without addresses: the caller of the gateway reads this."""
    if isinstance(error, socket.gaierror):
        return "the name cannot be resolved"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection ({error.reason})"
    if isinstance(error, ConnectionRefusedError):
        return "connection refused"
    return f"cannot connect ({os.strerror(error.errno)})" if error.errno else "cannot connect"
