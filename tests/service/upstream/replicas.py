"""Engines on loopback whose behaviour a test changes while they run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import service
from service.config import CircuitBreaker, HealthChecks, OpenAICheckpoint, Retries
from service.errors import BackendBroken
from service.upstream import Cluster, Pool
from service.upstream.refusal import refusal

SOON = 10.0
"""Seconds by which everything here has happened; nothing takes more than one."""

SERVICE = str(Path(service.__file__).parent)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PIECE = b"5\r\npiece\r\n"
Act = Callable[[asyncio.StreamWriter], Awaitable[None]]


def says(*pieces: bytes, close: bool = False) -> Act:
    """Answer with ``pieces``; an empty one is a pause."""

    async def act(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if not piece:
                await asyncio.sleep(0.05)
        if close:
            writer.close()

    return act


def status(code: int, *headers: str) -> Act:
    lines = "".join(f"{header}\r\n" for header in headers)
    return says(f"HTTP/1.1 {code} Status\r\n{lines}Content-Length: 2\r\n\r\nno".encode())


async def hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(10 * SOON)


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(HEAD)
    while True:
        writer.write(PIECE)
        await writer.drain()
        await asyncio.sleep(0.01)


answers = says(OK)
breaks = says(HEAD, PIECE, close=True)


class Replica:
    """A server. ``act`` answers requests and ``health`` those to /health; ``requests`` and ``checks`` have come,
    ``connections`` how many are open."""

    def __init__(self) -> None:
        self.act: Act = answers
        self.health: Act = answers
        self.requests: list[bytes] = []
        self.checks = 0
        self.connections = 0
        self.port = 0
        self.host = "127.0.0.1"
        self._server: asyncio.Server | None = None
        self._writers: dict[Any, asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    async def start(self, **options: Any) -> None:
        self._server = await asyncio.start_server(self._connected, self.host, self.port, **options)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._writers.values():
            writer.transport.abort()
        await asyncio.gather(*self._writers)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._writers[task] = writer
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                lengths = [line[16:] for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
                request = head + await reader.readexactly(int(lengths[0]) if lengths else 0)
                await self._answer(request, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, RuntimeError):  # uvloop: "the handler is closed"
            pass
        finally:
            self.connections -= 1
            del self._writers[task]
            writer.close()

    async def _answer(self, request: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Act until that is done, or the client has hung up."""
        if b"/health HTTP" in request[:40]:
            self.checks += 1
            acting = asyncio.ensure_future(self.health(writer))
        else:
            self.requests.append(request)
            acting = asyncio.ensure_future(self.act(writer))
        while not acting.done():
            if reader.at_eof() or reader.exception() is not None:
                acting.cancel()
            await asyncio.wait((acting,), timeout=0.01)
        if acting.cancelled():
            raise ConnectionAbortedError
        await acting


@asynccontextmanager
async def replicas(number: int) -> AsyncIterator[list[Replica]]:
    """So many servers, on ports of their own."""
    made = [Replica() for _ in range(number)]
    for replica in made:
        await replica.start()
    try:
        yield made
    finally:
        for replica in made:
            await replica.stop()


async def ask_health(pool: Pool) -> None:
    async with pool.get("/health") as response:
        await response.read(1000)
    if response.status != 200:
        raise refusal(pool.name, response.status, None)


def settings(*urls: str, health: str = "never", **options: Any) -> OpenAICheckpoint:
    """Of a cluster that is quick to judge. ``options`` are those of all tables, told apart by their names."""
    tables = {
        "breaker": {"consecutive_failures": 3, "pause": 0.1, "max_pause": 1.0},
        "retries": {},
        "health": {"when": health, "interval": 0.05},
    }
    kinds = {"breaker": CircuitBreaker, "retries": Retries, "health": HealthChecks}
    rest: dict[str, Any] = {"connect_timeout": SOON, "first_token_timeout": SOON, "total_timeout": 2 * SOON}
    for name, value in options.items():
        table, _, key = name.partition("_")
        if table in kinds:
            tables[table][key] = value
        else:
            rest[name] = value
    where: dict[str, Any] = {"url": urls[0]} if len(urls) == 1 else {"urls": urls}
    made: dict[str, Any] = {name: kind(**tables[name]) for name, kind in kinds.items()}
    return OpenAICheckpoint(**where, **made, **rest)


@asynccontextmanager
async def cluster_of(*members: Replica | str, **options: Any) -> AsyncIterator[Cluster]:
    """A running cluster of these servers. Whatever happened, nothing of it is left afterwards."""
    before = asyncio.all_tasks()
    urls = [each if isinstance(each, str) else each.url for each in members]
    resolver = options.pop("resolver", None)
    made = Cluster("test", settings(*urls, **options), ask_health, *((resolver,) if resolver else ()))
    seen = set(made.endpoints)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(asyncio.timeout(3 * SOON))
        stack.push_async_callback(made.aclose)
        await made.start()
        seen |= set(made.endpoints)
        yield made
        seen |= set(made.endpoints)
    for endpoint in seen:
        assert endpoint.in_flight == 0
        assert not endpoint.pool._open
    await asyncio.sleep(0)
    left = [each for each in asyncio.all_tasks() - before if SERVICE in each.get_coro().cr_code.co_filename]
    assert not left, left


async def ask(cluster: Cluster, affinity: bytes | None = None) -> bytes:
    """One request, as a backend makes it: a status that is not good is an error."""
    async with cluster.post("/", b"{}", affinity=affinity) as response:
        body = await response.read(1 << 20)
        if response.status != 200:
            raise refusal(cluster.name, response.status, None)
        if not body:
            raise BackendBroken(f"{cluster.name}: nothing")
        return body


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(SOON):
        while not condition():
            await asyncio.sleep(0.005)
