"""Engines that misbehave, each on a real socket: the caller gets the right error or the fallback's answer, every
inference is reported exactly once, and nothing is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import msgspec
import openai
import pytest

from service.config import Settings, load
from tests.gateways import Served, serving
from tests.service.test_repair import GERMAN, QUESTION, counted

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
PATIENCE = 0.3
"""Seconds that the gateway waits for an engine here."""


def event(text: str = "Guten ", finish_reason: str | None = None) -> bytes:
    body = {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish_reason}]}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def whole(status: int, body: bytes, length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {size}\r\n\r\n"
    return head.encode() + body


@asynccontextmanager
async def engine(script: Script) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that reads a request and then follows the script; its URL, and how often it was asked."""
    asked: list[int] = []
    open_writers: set[asyncio.StreamWriter] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_writers.add(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = [line[16:] for line in head.split(b"\r\n") if line.startswith(b"content-length: ")]
                await reader.readexactly(int(length[0]) if length else 0)
                asked.append(1)
                await script(reader, writer)
        writer.close()
        open_writers.discard(writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    finally:
        server.close()
        for writer in open_writers:
            writer.transport.abort()


def says(*pieces: bytes, then: str = "") -> Script:
    """Write these, each in a packet of its own, and then close the connection, hang, or wait for the next request."""

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.01)
        if then == "hang":
            await reader.read()  # until the gateway gives up
        if then in ("close", "hang"):
            writer.close()

    return script


def settings(url: str, *, fallback: bool = False) -> Settings:
    """The model "m" on the engine at ``url``; a scripted checkpoint may stand behind it."""
    waits = {f"{name}_timeout": PATIENCE for name in ("connect", "first_token", "between_tokens")}
    raw = {
        "checkpoints": {
            "main": {"backend": "openai", "url": url, "total_timeout": 5.0, **waits},
            "other": {"backend": "scripted", "replies": [GERMAN]},
        },
        "models": {"m": {"stable": "main", "fallbacks": ["other"] if fallback else []}},
    }
    return load(None, environment={}, base=raw)


def tasks() -> int:
    """Tasks under way, without those of the engines that misbehave."""
    return sum("engine.<locals>" not in repr(task.get_coro()) for task in asyncio.all_tasks())


def descriptors() -> int:
    """Open files and sockets of this process."""
    return len(os.listdir("/proc/self/fd"))


async def ask(url: str, *, stream: bool) -> tuple[str, str]:
    """What the official client makes of it: ("", the text) or (the error's code, the text so far)."""
    text = ""
    async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as api:
        try:
            if not stream:
                reply = await api.chat.completions.create(model="m", messages=QUESTION)
                return "", reply.choices[0].message.content or ""
            async for part in await api.chat.completions.create(model="m", messages=QUESTION, stream=True):
                text += part.choices[0].delta.content or "" if part.choices else ""
        except openai.APIError as error:
            return str(error.code), text
    return "", text


BEGUN = HEAD + chunk(event())
STREAMS = {
    "hangs before the first byte": (says(then="hang"), "backend_timeout", ""),
    "hangs after the head": (says(HEAD, then="hang"), "backend_timeout", ""),
    "hangs half-way": (says(BEGUN, then="hang"), "backend_timeout", "Guten "),
    "closes at once": (says(then="close"), "backend_broken", ""),
    "closes half-way": (says(BEGUN, then="close"), "backend_broken", "Guten "),
    "ends half-way, in good order": (says(BEGUN, b"0\r\n\r\n"), "backend_broken", "Guten "),
    "says it is done half-way": (says(BEGUN, chunk(b"data: [DONE]\n\n"), b"0\r\n\r\n"), "backend_broken", "Guten "),
    "garbage for HTTP": (says(b"\x00\xff garbage \r\n\r\n" * 9, then="close"), "backend_broken", ""),
    "garbage for an event": (says(BEGUN, chunk(b"data: \x00{]\n\n")), "backend_broken", "Guten "),
    "half a character": (says(BEGUN, chunk(event("ü")[:-40].split(b"\xbc")[0] + b"\n\n")), "backend_broken", "Guten "),
    "a line of 10 MB": (
        says(HEAD, *[chunk(b"data: " if not at else b"x" * 1_000_000) for at in range(11)]),
        "backend_broken",
        "",
    ),
    "an error inside the stream": (
        says(BEGUN, chunk(b'data: {"error":{"message":"out of memory","code":500}}\n\n'), b"0\r\n\r\n"),
        "backend_broken",
        "Guten ",
    ),
    "429": (says(whole(429, b'{"error":{"message":"busy"}}')), "backend_overloaded", ""),
    "503": (says(whole(503, b"")), "backend_unavailable", ""),
    "500 in plain text": (says(whole(500, b"Internal Server Error")), "backend_broken", ""),
    "fewer bytes than announced": (says(whole(200, b'{"choices":[', length=900), then="close"), "backend_broken", ""),
    "an endless head": (says(*[b"HTTP/1.1 200 OK\r\n" + b"x-y: z\r\n" * 40_000], then="hang"), "backend_broken", ""),
}
WHOLES = {
    "closes half-way": (says(whole(200, b'{"choices":[', length=900), then="close"), "backend_broken"),
    "hangs half-way": (says(whole(200, b'{"choices":[', length=900), then="hang"), "backend_timeout"),
    "more bytes than announced": (says(whole(200, b'{"choices":[]}' * 9, length=14), then="close"), "backend_broken"),
    "garbage": (says(whole(200, b"\xff\xfe{")), "backend_broken"),
    "an empty body": (says(whole(200, b"")), "backend_broken"),
    "no choices": (says(whole(200, b'{"choices":[]}')), "backend_broken"),
    "no finish reason": (
        says(whole(200, b'{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":null}]}')),
        "backend_broken",
    ),
    "half a character": (
        says(whole(200, b'{"choices":[{"index":0,"message":{"content":"\xc3"},"finish_reason":"stop"}]}')),
        "backend_broken",
    ),
    "deep nesting": (says(whole(200, b'{"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}")), "backend_broken"),
    "429": (says(whole(429, b'{"error":"busy","error_type":"overloaded"}')), "backend_overloaded"),
    "503": (says(whole(503, b"no")), "backend_unavailable"),
}


@asynccontextmanager
async def leaving_nothing(settings: Settings) -> AsyncIterator[Served]:
    """A gateway; after the block no task, nothing under way and, once it is closed, no connection may be left."""
    async with serving(settings) as served:  # loads what is loaded once
        pass
    open_before = descriptors()
    async with serving(settings) as served:
        before = tasks()
        yield served
        async with asyncio.timeout(5):
            while tasks() > before or await counted(served, "dragoman_inferences_in_flight"):
                await asyncio.sleep(0.02)
    async with asyncio.timeout(5):
        while descriptors() > open_before:
            await asyncio.sleep(0.02)


async def reported(served: Served) -> tuple[float, float]:
    """Inferences and attempts that were reported."""
    inferences = await counted(served, "dragoman_requests_total")
    attempts = await counted(served, "dragoman_attempts_total")
    return sum(inferences.values()), sum(attempts.values())


@pytest.mark.parametrize("fault", STREAMS)
async def test_a_stream_of_an_engine_that_misbehaves(fault: str) -> None:
    script, code, text = STREAMS[fault]
    async with engine(script) as (url, _), leaving_nothing(settings(url)) as served:
        assert await ask(served.url, stream=True) == (code, text)
        assert await counted(served, "dragoman_requests_total") == {f"main {code}": 1}
        assert await counted(served, "dragoman_attempts_total") == {f"main {code} primary": 1}


@pytest.mark.parametrize("fault", WHOLES)
async def test_a_body_of_an_engine_that_misbehaves(fault: str) -> None:
    script, code = WHOLES[fault]
    async with engine(script) as (url, _), leaving_nothing(settings(url)) as served:
        assert await ask(served.url, stream=False) == (code, "")
        assert await counted(served, "dragoman_requests_total") == {f"main {code}": 1}
        assert await counted(served, "dragoman_attempts_total") == {f"main {code} primary": 1}


@pytest.mark.parametrize("fault", [name for name, (_, _, text) in STREAMS.items() if not text])
async def test_a_fallback_answers_for_an_engine_that_brings_nothing(fault: str) -> None:
    script, code, _ = STREAMS[fault]
    async with engine(script) as (url, _), leaving_nothing(settings(url, fallback=True)) as served:
        assert await ask(served.url, stream=True) == ("", GERMAN)
        assert await counted(served, "dragoman_attempts_total") == {f"main {code} primary": 1, "other ok fallback": 1}
        assert await reported(served) == (1, 2)


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}", "http://no-such-host.invalid:{port}", "https://127.0.0.1:{engine}"]
)
async def test_an_engine_that_cannot_be_reached(url: str, stream: bool) -> None:
    """Refused, unknown to DNS, and no TLS where TLS is spoken."""
    async with engine(says(b"this is no TLS\r\n", then="close")) as (there, _):
        place = url.format(port=closed_port(), engine=there.rpartition(":")[2])
        async with leaving_nothing(settings(place)) as served:
            code, _ = await ask(served.url, stream=stream)
            assert code in ("backend_unavailable", "backend_timeout")
            assert await reported(served) == (1, 1)
        async with serving(settings(place, fallback=True)) as served:
            assert await ask(served.url, stream=stream) == ("", GERMAN)


async def test_the_inside_is_in_no_message() -> None:
    """No address, no path of a file, no key: the callers of the gateway read this."""
    async with (
        engine(says(whole(500, b"Traceback at /srv/engine.py"))) as (url, _),
        serving(settings(url)) as served,
        httpx.AsyncClient(base_url=served.url) as http,
    ):
        answer = await http.post("/v1/chat/completions", json={"model": "m", "messages": QUESTION})
    assert answer.status_code == 502
    assert url.removeprefix("http://") not in answer.text
    assert "/srv/engine.py" not in answer.text


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_leaves_stops_the_engine_within_a_second(stream: bool) -> None:
    gone = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BEGUN if stream else b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")
        assert await reader.read() == b""  # the gateway hangs up
        gone.set()

    async with engine(script) as (url, _):
        raw = msgspec.to_builtins(settings(url))
        raw["checkpoints"]["main"] |= {"first_token_timeout": 30.0, "between_tokens_timeout": 30.0}
        async with leaving_nothing(load(None, environment={}, base=raw)) as served:
            asking = asyncio.create_task(ask(served.url, stream=stream))
            await asyncio.sleep(0.2)
            asking.cancel()
            async with asyncio.timeout(1):
                await gone.wait()
            assert await counted(served, "dragoman_requests_total") == {"main cancelled": 1}
            assert await reported(served) == (1, 1)


async def test_events_that_come_together_go_out_together_and_none_waits_for_the_next() -> None:
    """Each packet of the engine's, in one write; the caller has it before the engine says more."""
    go_on = asyncio.Event()
    text = [event(word) for word in ("Guten ", "Tag ", "Herr ", "Meier ")]

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + chunk(text[0] + text[1] + text[2]))
        await go_on.wait()
        writer.write(chunk(text[3] + event("", "stop")) + b"0\r\n\r\n")

    body = json.dumps({"model": "m", "messages": QUESTION, "stream": True}).encode()
    async with engine(script) as (url, _), serving(settings(url)) as served:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(served.url.rpartition(":")[2]))
        writer.write(
            b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )
        await reader.readuntil(b"\r\n\r\n")
        assert await reader.readuntil(b"\r\n") == b"%x\r\n" % len(b"".join(text[:3]))
        assert await reader.readexactly(len(b"".join(text[:3]))) == b"".join(text[:3])
        go_on.set()
        rest = await reader.readuntil(b"data: [DONE]\n\n")
        writer.close()
    assert text[3] in rest
