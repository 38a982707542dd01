"""Engines on loopback that write recorded bytes, cut where it hurts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import msgspec

WIRE = Path(__file__).parents[2] / "shared" / "data" / "wire"

AWKWARD = (7, 1, 2, 50, 3)
"""Bytes in a packet, in turn: within lines, within characters, within line ends."""


class Answer(msgspec.Struct, frozen=True):
    """What an engine answers; ``headers`` are lines, and a body is cut into ``sizes``."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: tuple[str, ...] = ()
    sizes: tuple[int, ...] = AWKWARD

    def pieces(self) -> Iterator[bytes]:
        """The response, each piece for a packet of its own."""
        head = [
            f"HTTP/1.1 {self.status} Status",
            f"content-type: {self.kind}",
            *self.headers,
            "transfer-encoding: chunked",
        ]
        yield "\r\n".join([*head, "", ""]).encode()
        sizes, start = cycle(self.sizes), 0
        while start < len(self.body):
            piece = self.body[start : start + next(sizes)]
            yield b"%x\r\n%b\r\n" % (len(piece), piece)
            start += len(piece)
        yield b"0\r\n\r\n"


class Engine:
    """Where it is, what it answers, and what it was asked: method, path and body."""

    def __init__(self, port: int, answer: Answer) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answer = answer
        self.requests: list[tuple[str, str, bytes]] = []


@asynccontextmanager
async def replaying(answer: Answer) -> AsyncGenerator[Engine, None]:
    """An engine that answers every request with ``answer``, or with what is put in its place."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served[asyncio.current_task()] = writer
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                length = [line[16:] for line in head if line.startswith("content-length: ")]
                method, path, _ = head[0].split(" ")
                body = await reader.readexactly(int(length[0]) if length else 0)
                engine.requests.append((method, path, body))
                for piece in engine.answer.pieces():
                    writer.write(piece)
                    await asyncio.sleep(0)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    served: dict[Any, asyncio.StreamWriter] = {}
    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    engine = Engine(server.sockets[0].getsockname()[1], answer)
    try:
        yield engine
    finally:
        server.close()
        for writer in served.values():
            writer.transport.abort()
        await asyncio.gather(*served)


def records(*ends: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """What was recorded of POSTs to paths that end so, each with a name."""
    for path in sorted(WIRE.glob("*.json")):
        for number, record in enumerate(json.loads(path.read_bytes()).get("records", ())):
            url = record.get("path") or record["url"]
            if record["method"] == "POST" and url.endswith(ends):
                yield f"{path.stem}-{number}", record


def answer_of(record: dict[str, Any]) -> Answer:
    """The recorded answer."""
    body = (record["body"] or "").encode()
    kind = record.get("content_type") or record["headers"].get("content-type", "")
    # One packet a byte is slow, and no harder for long bodies.
    return Answer(body, record["status"], kind, sizes=AWKWARD if len(body) < 10_000 else (1001,))


def events(body: bytes) -> list[bytes]:
    """The data of events, by another way than the parser's: recorded servers write one line an event."""
    ended = body.replace(b"\r\n", b"\n").rpartition(b"\n\n")[0]
    lines = [line.removeprefix(b"data:").strip() for line in ended.split(b"\n") if line.startswith(b"data:")]
    return [line for line in lines if line != b"[DONE]"]


def without_diagnosis(data: bytes) -> tuple[bytes, Any]:
    """A body or event as the engine wrote it, and the diagnosis that was put into it."""
    head, _, tail = data.rpartition(b',"diagnostics":')
    diagnosis, length = json.JSONDecoder().raw_decode(tail.decode())
    return head + tail.decode()[length:].encode(), diagnosis
