"""CPU per request of the way to an engine: the connection alone, a cluster of them, and the OpenAI backend on top.

    python -m bench.upstream [--requests 4000] [--clients 1]

The engine is a server in a process of its own on loopback that answers with bytes made beforehand: a reply of 64 tokens
as one body, as 64 events at once ("burst"), or as 64 events each in a read of its own ("paced", 1 ms apart). Printed is
the CPU time of this process, which holds nothing but the client; the median of five rounds, with the range. "Choosing"
is what a cluster of so many endpoints takes to say which of them is next, without a key or with one.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection

import msgspec
import uvloop

from service.backends.base import Prompt
from service.backends.openai import OpenAIBackend
from service.config import OpenAICheckpoint
from service.schema import ChatRequest
from service.upstream import Pool, Timeouts

TOKENS = ["Brush", " your", " teeth", " twice,"] * 16
REQUEST = {"model": "m", "messages": [{"role": "user", "content": "Give me three tips against toothache."}]}


def _event(content: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": content, "logprobs": None, "finish_reason": finish_reason}
    event = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + msgspec.json.encode(event) + b"\n\n"


def _events() -> list[bytes]:
    tokens = [_event({"content": token}) for token in TOKENS]
    return [_event({"role": "assistant", "content": ""}), *tokens, _event({}, "stop") + b"data: [DONE]\n\n"]


def _body() -> bytes:
    choice = {"index": 0, "message": {"role": "assistant", "content": "".join(TOKENS)}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 12, "completion_tokens": 64, "total_tokens": 76}
    return msgspec.json.encode({"id": "chatcmpl-1", "created": 1, "model": "m", "choices": [choice], "usage": usage})


class Engine(asyncio.Protocol):
    """Answers each request (which it takes to be one read) by its path."""

    body = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(_body()) + _body()
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    chunks = tuple(b"%x\r\n%b\r\n" % (len(event), event) for event in _events())

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if b"/paced/" in data[:40]:
            self.task = asyncio.ensure_future(self.pace())
        elif b'"stream":true' in data:
            self.transport.writelines([self.head, *self.chunks, b"0\r\n\r\n"])
        else:
            self.transport.write(self.body)

    async def pace(self) -> None:
        self.transport.write(self.head)
        for chunk in self.chunks:
            await asyncio.sleep(0.001)
            self.transport.write(chunk)
        self.transport.write(b"0\r\n\r\n")


def serve(ready: Connection) -> None:
    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Engine, "127.0.0.1", 0)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(main())


async def measure(once: Callable[[], Awaitable[None]], requests: int, clients: int) -> float:
    """CPU microseconds per call of ``once``, of which ``clients`` run at a time."""

    async def client(calls: int) -> None:
        for _ in range(calls):
            await once()

    await asyncio.gather(*(client(max(20, requests // 10 // clients)) for _ in range(clients)))
    begun = time.process_time()
    await asyncio.gather(*(client(requests // clients) for _ in range(clients)))
    return (time.process_time() - begun) / (requests // clients * clients) * 1e6


def choosing(endpoints: int, affinity: bytes | None, calls: int) -> float:
    """CPU microseconds that choosing an endpoint takes."""
    urls = tuple(f"http://127.0.0.1:{1 + number}" for number in range(endpoints))
    rotation = OpenAIBackend("m", OpenAICheckpoint(urls=urls)).cluster.rotation
    begun = time.process_time()
    for _ in range(calls):
        rotation.take(affinity, ())
    return (time.process_time() - begun) / calls * 1e6


async def main(port: int, requests: int, clients: int) -> None:
    body, streamed = (msgspec.json.encode(REQUEST | {"stream": stream}) for stream in (False, True))
    url = f"http://127.0.0.1:{port}"
    pool = Pool(url, timeouts=Timeouts())
    backend = OpenAIBackend("m", OpenAICheckpoint(url, model="engine-model"))
    paced = OpenAIBackend("m", OpenAICheckpoint(f"{url}/paced", model="engine-model"))
    prompt = Prompt("id", msgspec.json.decode(body, type=ChatRequest), body)
    stream_prompt = Prompt("id", msgspec.json.decode(streamed, type=ChatRequest), streamed)

    async def connection(body: bytes) -> None:
        async with pool.post("/v1/chat/completions", body) as response:
            async for _ in response.iter_bytes():
                pass

    async def cluster(body: bytes) -> None:
        async with backend.cluster.post("/v1/chat/completions", body) as response:
            async for _ in response.iter_bytes():
                pass

    async def reply(backend: OpenAIBackend, prompt: Prompt) -> None:
        async for _ in backend.stream(prompt):
            pass

    rows: list[tuple[str, Callable[[], Awaitable[None]], int]] = [
        ("connection, one body", lambda: connection(body), requests),
        ("connection, 64 events in a burst", lambda: connection(streamed), requests),
        ("cluster, one body", lambda: cluster(body), requests),
        ("cluster, 64 events in a burst", lambda: cluster(streamed), requests),
        ("backend, one body", lambda: reply(backend, prompt), requests),
        ("backend, 64 events in a burst", lambda: reply(backend, stream_prompt), requests),
        ("backend, 64 events paced", lambda: reply(paced, stream_prompt), requests // 40),
    ]
    for name, once, calls in rows:
        rounds = [await measure(once, calls, clients) for _ in range(5)]
        print(f"{name:36} {statistics.median(rounds):7.0f} µs  ({min(rounds):.0f} to {max(rounds):.0f})")
    for endpoints in (1, 3, 16):
        for affinity in (None, b"0123456789abcdef"):
            name = f"choosing one of {endpoints}, {'with' if affinity else 'without'} a key"
            rounds = [choosing(endpoints, affinity, 10 * requests) for _ in range(5)]
            print(f"{name:36} {statistics.median(rounds):7.2f} µs  ({min(rounds):.2f} to {max(rounds):.2f})")
    await backend.aclose()
    await paced.aclose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--clients", type=int, default=1)
    arguments = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    engine = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    engine.start()
    uvloop.run(main(ours.recv(), arguments.requests, arguments.clients))
    engine.terminate()
