"""The scripted engine, asked over a real connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from bench.gateway import PIECES, REPLY
from bench.peers.engine import Connection, Engine, events, pieces
from bench.peers.load import text_of

CHAT = "/v1/chat/completions"


@pytest.fixture
async def engine() -> AsyncIterator[httpx.AsyncClient]:
    shared = Engine()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(shared), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    async with server:
        async with httpx.AsyncClient(base_url=f"http://{host}:{port}") as client:
            yield client
        await asyncio.sleep(0.02)  # both ends see that the other is gone


def test_pieces_are_the_text_and_alike() -> None:
    cut = pieces(REPLY, PIECES)
    assert "".join(cut) == REPLY
    assert len(cut) == PIECES
    assert {len(piece) for piece in cut} <= {len(REPLY) // PIECES, len(REPLY) // PIECES + 1}


async def test_reply_as_one_body(engine: httpx.AsyncClient) -> None:
    reply = await engine.post(CHAT, json={"stream": False})
    assert text_of(reply.content, stream=False) == REPLY
    assert reply.json()["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("pace", [0, 0.001])
async def test_paced_and_at_once_the_events_are_the_same(engine: httpx.AsyncClient, pace: float) -> None:
    await engine.get(f"/pace/{pace}")
    reply = await engine.post(CHAT, content=b'{"stream" : true}')
    assert reply.content == b"".join(events())
    assert text_of(reply.content, stream=True) == REPLY


async def test_requests_may_come_in_pieces_and_one_after_another(engine: httpx.AsyncClient) -> None:
    reader, writer = await asyncio.open_connection(engine.base_url.host, engine.base_url.port)
    body = b'{"stream": true}'
    for _ in range(2):
        for part in (b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n", b"content-length: 16\r\n\r\n", body):
            writer.write(part)
            await asyncio.sleep(0.01)
        assert (await reader.readuntil(b"[DONE]\n\n\r\n0\r\n\r\n")).startswith(b"HTTP/1.1 200 OK\r\n")
    writer.close()
    await writer.wait_closed()


async def test_routers_learn_the_model(engine: httpx.AsyncClient) -> None:
    assert [model["id"] for model in (await engine.get("/v1/models")).json()["data"]] == ["bench"]
    assert (await engine.get("/health")).status_code == 200
