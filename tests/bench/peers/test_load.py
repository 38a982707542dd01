"""The client, against the scripted engine and against servers that are broken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bench.gateway import PIECES
from bench.peers.engine import Connection, Engine, body, events
from bench.peers.load import Fault, Plan, carry_out, check, request_of, text_of

STREAM = b"".join(events())


@asynccontextmanager
async def server(factory: Callable[[], asyncio.Protocol]) -> AsyncIterator[int]:
    async with await asyncio.get_running_loop().create_server(factory, "127.0.0.1", 0) as listening:
        yield listening.sockets[0].getsockname()[1]
        await asyncio.sleep(0.02)  # both ends see that the other is gone


@asynccontextmanager
async def engine() -> AsyncIterator[int]:
    shared = Engine()
    async with server(lambda: Connection(shared)) as port:
        yield port


class Says(asyncio.Protocol):
    """Answers everything with the same bytes, and hangs up if it is told to."""

    def __init__(self, answer: bytes, hangs_up: bool = False) -> None:
        self._answer, self._hangs_up = answer, hangs_up

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(self._answer)
        if self._hangs_up:
            self._transport.close()


def test_request_says_its_length_and_the_headers() -> None:
    head, _, sent = request_of(Plan(1, True, 1.0, model="m", path="/x", headers={"a": "b"})).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x HTTP/1.1\r\n")
    assert b"content-length: %d" % len(sent) in head
    assert b"\r\na: b" in head
    assert b'"model":"m","stream":true' in sent


def test_good_replies() -> None:
    assert check(200, body(), stream=False, whole=True) == 0
    assert check(200, STREAM, stream=True, whole=True) == PIECES + 3  # the role, the end, and [DONE]


@pytest.mark.parametrize(
    ("status", "reply", "stream", "fault"),
    [
        (500, body(), False, "status 500"),
        (200, b"{}", False, "not the reply"),
        (200, STREAM[: len(STREAM) // 2], True, "incomplete stream"),
        (200, STREAM.replace(b"data: [DONE]\n\n", b""), True, "incomplete stream"),
        (200, body().replace(b"Das Licht der", b"Das Licht die"), False, "another text"),
        (200, STREAM.replace(b'"content":"Das', b'"content":"Dos'), True, "another text"),
    ],
)
def test_bad_replies(status: int, reply: bytes, stream: bool, fault: str) -> None:
    with pytest.raises(Fault, match=fault):
        check(status, reply, stream, whole=True)


def test_text_of_events_that_say_more_or_nothing() -> None:
    said = b'data: {"choices":[]}\n\ndata: {"choices":[{"delta":{"content":null}}]}\n\n: still here\n\n'
    assert text_of(said + b'data: {"choices":[{"delta":{"content":"Ja"}}]}\n\ndata: [DONE]\n\n', stream=True) == "Ja"


@pytest.mark.parametrize("stream", [False, True])
async def test_closed_loop(stream: bool) -> None:
    async with engine() as port:
        result = await carry_out(Plan(port, stream, 0.2, connections=3))
    assert result.replies >= 3
    assert not result.errors
    assert result.events == (result.replies * (PIECES + 3) if stream else 0)
    assert result.latency is not None
    assert result.latency.p50 <= result.latency.p99 <= result.latency.highest


async def test_open_loop_asks_as_often_as_it_is_told() -> None:
    async with engine() as port:
        result = await carry_out(Plan(port, False, 0.5, rate=100.0))
    assert (result.replies, result.errors) == (50, {})


async def test_open_loop_charges_a_stall_to_all_that_wait() -> None:
    waiting: list[asyncio.WriteTransport] = []
    shared = Engine()

    class Stalls(Says):
        """Answers nobody until twenty have asked."""

        def data_received(self, data: bytes) -> None:
            waiting.append(self._transport)
            if len(waiting) == 20:
                for each in waiting:
                    each.write(shared.whole)

    async with server(lambda: Stalls(b"")) as port:
        result = await carry_out(Plan(port, False, 0.2, rate=100.0))
    assert result.replies == 20
    assert result.latency is not None
    assert result.latency.highest >= 190_000 * 0.9  # the first was due 190 ms before the last
    assert result.latency.p50 >= 90_000 * 0.9


@pytest.mark.parametrize(
    ("answer", "hangs_up", "reason"),
    [
        (b"HTTP/1.1 500 Oh\r\ncontent-length: 2\r\n\r\nno", False, "status 500"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", True, "not the reply"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", True, "connection closed"),
        (b"what?\r\n\r\n", False, "not HTTP"),
    ],
)
async def test_what_goes_wrong_is_counted_and_is_no_reply(answer: bytes, hangs_up: bool, reason: str) -> None:
    async with server(lambda: Says(answer, hangs_up)) as port:
        result = await carry_out(Plan(port, False, 0.1, connections=2))
    assert result.replies == 0
    assert reason in result.errors
    assert set(result.errors) <= {reason, "connection closed"}  # it may hang up when the next request is on its way
    assert result.latency is None


async def test_a_server_that_is_not_there_is_an_error() -> None:
    async with server(asyncio.Protocol) as port:
        pass
    result = await carry_out(Plan(port, False, 0.1, connections=1))
    assert result.replies == 0
    assert all(reason.startswith("no connection") for reason in result.errors)


async def test_paced_streams_have_gaps() -> None:
    shared = Engine()
    shared.pace = 0.002
    async with server(lambda: Connection(shared)) as port:
        result = await carry_out(Plan(port, True, 0.05, connections=1))
    assert result.replies == 1
    assert result.gap is not None
    assert result.gap.highest > 0
