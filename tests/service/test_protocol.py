"""The bound on a request's head, on raw sockets."""

from __future__ import annotations

import asyncio
import json

import pytest

from service.config import Settings
from tests.gateways import Served, serving, settings

SMALL = {"max_headers": 10, "max_header_bytes": 2048}


def small() -> Settings:
    return settings({"script": {"backend": "scripted", "replies": ["x"]}}, limits=SMALL)


async def connect(served: Served) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = served.url.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port))


async def exchange(served: Served, *pieces: bytes) -> bytes:
    """All that comes back, until the connection is closed."""
    reader, writer = await connect(served)
    answer = asyncio.create_task(reader.read())
    for piece in pieces:
        if not answer.done():
            writer.write(piece)
            await asyncio.sleep(0.02)
    writer.close()
    return await asyncio.wait_for(answer, 5)


def headers(count: int, length: int = 1) -> bytes:
    return b"".join(b"x-%d: %s\r\n" % (number, b"v" * length) for number in range(count))


@pytest.mark.parametrize(
    ("pieces", "setting"),
    [
        ([b"GET /health HTTP/1.1\r\n" + headers(11) + b"\r\n"], "limits.max_headers"),
        ([b"GET /health HTTP/1.1\r\n" + headers(3, 700) + b"\r\n"], "limits.max_header_bytes"),
        ([b"GET /" + b"h" * 3000 + b" HTTP/1.1\r\n\r\n"], "limits.max_header_bytes"),
        ([b"GET /health HTTP/1.1\r\nx: ", *[b"v" * 1000] * 4], "limits.max_header_bytes"),
        ([b"GET /health HTTP/1.1\r\n", *[headers(2, 100)] * 20], "limits.max_header"),
    ],
    ids=["many", "long", "path", "endless header", "endless headers"],
)
async def test_a_head_that_is_too_large_is_refused(pieces: list[bytes], setting: str) -> None:
    async with serving(small()) as served:
        answer = await exchange(served, *pieces)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"connection: close" in head
    error = json.loads(body)["error"]
    assert setting in error["message"]
    assert (error["type"], error["code"]) == ("invalid_request_error", "headers_too_large")


async def test_what_is_no_http_is_still_refused_as_such() -> None:
    async with serving(small()) as served:
        assert (await exchange(served, b"HELLO\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


async def test_heads_in_small_pieces_and_many_on_one_connection_pass() -> None:
    head = b"GET /health HTTP/1.1\r\n" + headers(9, 100) + b"\r\n"
    async with serving(small()) as served:
        reader, writer = await connect(served)
        for _ in range(5):
            for at in range(0, len(head), 300):
                writer.write(head[at : at + 300])
                await writer.drain()
                await asyncio.sleep(0.001)
            answer = await asyncio.wait_for(reader.readuntil(b'{"status":"ok"}'), 5)
            assert answer.startswith(b"HTTP/1.1 200 ")
        writer.close()


async def test_a_long_body_is_no_long_head() -> None:
    body = json.dumps({"model": "script", "messages": [{"role": "user", "content": "x" * 20_000}]}).encode()
    request = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body)
    async with serving(small()) as served:
        reader, writer = await connect(served)
        for _ in range(2):
            for at in range(0, len(request), 1500):
                writer.write(request[at : at + 1500])
                await writer.drain()
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
            assert head.startswith(b"HTTP/1.1 200 ")
            await reader.readexactly(int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0]))
        writer.close()
