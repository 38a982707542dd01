"""The client against real servers on loopback: an ordinary one (uvicorn), and broken ones written byte by byte."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from service.errors import BackendBroken, BackendTimeout, BackendUnavailable, ConfigError
from service.upstream import Pool, Timeouts, connection
from service.upstream import pool as pool_module

SOON = 10.0
"""Seconds by which everything here has happened; nothing takes more than one."""
PATIENT = Timeouts(connect=SOON, first_byte=SOON, read=SOON, total=SOON)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

Reader, Writer = asyncio.StreamReader, asyncio.StreamWriter
Script = Callable[[Reader, Writer], Awaitable[None]]


class Engine:
    """What a server has seen: the requests of every connection, and which connections are over."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.requests: list[list[bytes]] = []
        self.hung_up: list[asyncio.Event] = []


@asynccontextmanager
async def serve(*scripts: Script, tls: ssl.SSLContext | None = None) -> AsyncIterator[Engine]:
    """The first connection gets the first script, and so on; the last script serves all the rest."""

    async def connected(reader: Reader, writer: Writer) -> None:
        number = len(engine.requests)
        engine.requests.append([])
        engine.hung_up.append(asyncio.Event())
        reader.requests = engine.requests[number]
        served[asyncio.current_task()] = writer
        try:
            await scripts[min(number, len(scripts) - 1)](reader, writer)
            while await reader.read(65536):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, RuntimeError):  # uvloop: "the handler is closed"
            pass
        finally:
            engine.hung_up[number].set()
            writer.close()

    served: dict[Any, Writer] = {}
    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    engine = Engine(server.sockets[0].getsockname()[1])
    try:
        yield engine
    finally:
        server.close()
        for writer in served.values():
            writer.transport.abort()
        await asyncio.gather(*served)


async def take(reader: Reader) -> bytes:
    """Read one request, head and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length: "):
            head += await reader.readexactly(int(line[16:]))
    reader.requests.append(head)
    return head


def answer(*pieces: bytes, then: str = "wait") -> Script:
    """Answers the first request with ``pieces``, each in a packet of its own, then waits, closes, resets or repeats."""

    async def script(reader: Reader, writer: Writer) -> None:
        while True:
            await take(reader)
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.001)
            if then == "close":
                writer.close()
            elif then == "reset":
                linger = struct.pack("ii", 1, 0)
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                writer.transport.abort()
            if then != "repeat":
                return

    return script


@asynccontextmanager
async def pool_of(engine: Engine, timeouts: Timeouts = PATIENT) -> AsyncIterator[Pool]:
    pool = Pool(engine.url, timeouts=timeouts)
    async with asyncio.timeout(3 * SOON):
        try:
            yield pool
        finally:
            await pool.aclose()


async def ask(pool: Pool, body: bytes = b"{}") -> bytes:
    async with pool.post("/", body) as response:
        return await response.read(1 << 20)


# An ordinary server


async def app(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message["body"]
        if not message["more_body"]:
            break
    port = scope["client"][1]
    if scope["path"] == "/base/stream":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Kind", b"chunked")]})
        for i in range(20):
            await send({"type": "http.response.body", "body": b"piece %d;" % i, "more_body": True})
        await send({"type": "http.response.body"})
    elif scope["path"] == "/base/empty":
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})
    else:
        headers = [[name.decode(), value.decode()] for name, value in scope["headers"]]
        echo = json.dumps(
            {"method": scope["method"], "path": scope["path"], "headers": headers, "body": body.decode(), "port": port}
        ).encode()
        await send(
            {
                "type": "http.response.start",
                "status": 418,
                "headers": [(b"Content-Length", b"%d" % len(echo)), (b"X-Empty", b"")],
            }
        )
        await send({"type": "http.response.body", "body": echo})


@pytest.fixture
async def ordinary() -> AsyncIterator[Pool]:
    config = uvicorn.Config(app, port=0, log_level="error", lifespan="off", ws="none", loop="none")
    server = uvicorn.Server(config)
    sock = config.bind_socket()
    task = asyncio.ensure_future(server.serve(sockets=[sock]))
    pool = Pool(f"http://127.0.0.1:{sock.getsockname()[1]}/base/", timeouts=PATIENT, headers=[(b"x-always", b"1")])
    while not server.started:
        await asyncio.sleep(0.01)
    yield pool
    await pool.aclose()
    server.should_exit = True
    await task
    sock.close()


async def test_a_request_and_its_response(ordinary: Pool) -> None:
    async with ordinary.post("/echo", "{é}".encode(), [(b"x-once", b"a b")]) as response:
        assert response.status == 418
        assert response.headers[b"x-empty"] == b""
        echo = json.loads(await response.read(10_000))
    assert echo["method"] == "POST"
    assert echo["path"] == "/base/echo"
    assert echo["body"] == "{é}"
    assert ["x-always", "1"] in echo["headers"]
    assert ["x-once", "a b"] in echo["headers"]
    assert ["host", ordinary.origin.removeprefix("http://")] in echo["headers"]


async def test_get(ordinary: Pool) -> None:
    async with ordinary.get("/echo", [(b"x-once", b"1")], Timeouts()) as response:
        echo = json.loads(await response.read(10_000))
    assert (echo["method"], echo["body"]) == ("GET", "")
    assert "content-length" not in dict(echo["headers"])


async def test_a_stream(ordinary: Pool) -> None:
    async with ordinary.post("/stream", b"") as response:
        assert response.headers[b"x-kind"] == b"chunked"
        pieces = [piece async for piece in response.iter_bytes()]
    assert b"".join(pieces) == b"".join(b"piece %d;" % i for i in range(20))


async def test_the_connection_is_kept(ordinary: Pool) -> None:
    ports = set()
    for path in ("/echo", "/stream", "/echo", "/empty", "/echo"):
        async with ordinary.post(path, b"x") as response:
            body = await response.read(10_000)
        if path == "/echo":
            ports.add(json.loads(body)["port"])
    assert len(ports) == 1


async def test_requests_at_the_same_time_get_their_own_answers(ordinary: Pool) -> None:
    async def one(i: int) -> int:
        async with ordinary.post("/echo", b"number %d" % i) as response:
            echo = json.loads(await response.read(10_000))
        assert echo["body"] == f"number {i}"
        return int(echo["port"])

    ports = set()
    for _ in range(5):
        ports |= set(await asyncio.gather(*(one(i) for i in range(20))))
    assert len(ports) == 20


async def test_a_large_request(ordinary: Pool) -> None:
    body = b"0123456789" * 400_000
    async with ordinary.post("/echo", body) as response:
        assert json.loads(await response.read(8_000_000))["body"] == body.decode()


# What a response may look like


@pytest.mark.parametrize(
    ("pieces", "status", "body", "kept"),
    [
        ([OK], 200, b"ok", True),
        ([OK[i : i + 1] for i in range(len(OK))], 200, b"ok", True),
        ([CHUNKED, b"2;ext=1\r\nok\r\n", b"0\r\nX-Trailer: 1\r\n\r\n"], 200, b"ok", True),
        ([(CHUNKED + b"1\r\no\r\n1\r\nk\r\n0\r\n\r\n")[i : i + 1] for i in range(66)], 200, b"ok", True),
        ([b"HTTP/1.1 204 No Content\r\n\r\n"], 204, b"", True),
        ([b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n"], 304, b"", True),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], 200, b"", True),
        ([b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"], 200, b"ok", False),
        ([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"], 200, b"ok", False),
        ([b"HTTP/1.1 100 Continue\r\n\r\n" + OK], 200, b"ok", True),
        ([b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n", OK], 200, b"ok", True),
        ([OK + b"trailing garbage"], 200, b"ok", False),
        ([OK[:-1], b"k" + OK], 200, b"ok", False),
    ],
)
async def test_a_response(pieces: list[bytes], status: int, body: bytes, kept: bool) -> None:
    async with serve(answer(*pieces, then="repeat")) as engine, pool_of(engine) as pool:
        for _ in range(2):
            async with pool.post("/", b"{}") as response:
                assert response.status == status
                assert await response.read(100) == body
                assert b"link" not in response.headers
                assert b"x-trailer" not in response.headers
        assert len(engine.requests) == (1 if kept else 2)


@pytest.mark.parametrize("head", [b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
async def test_a_body_that_the_end_of_the_connection_ends(head: bytes) -> None:
    async with serve(answer(head, b"half", b" and half", then="close")) as engine, pool_of(engine) as pool:
        assert await ask(pool) == b"half and half"
        assert await ask(pool) == b"half and half"


async def test_an_answer_that_nobody_asked_for_goes_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 10 * SOON)
    theirs = OK.replace(b"ok", b"no")
    async with serve(answer(OK, theirs), answer(OK)) as engine, pool_of(engine) as pool:
        assert await ask(pool) == b"ok"
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)
        assert await ask(pool) == b"ok"
        assert len(engine.requests) == 2


async def test_an_answer_before_the_request_has_been_read() -> None:
    async def impatient(reader: Reader, writer: Writer) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nbig")
        await asyncio.sleep(0.2)

    async with serve(impatient, answer(OK)) as engine, pool_of(engine) as pool:
        async with pool.post("/", bytes(30_000_000)) as response:
            assert response.status == 413
            assert await response.read(100) == b"big"
        assert await ask(pool) == b"ok"
        assert len(engine.requests) == 2


# Broken engines


@pytest.mark.parametrize(
    "script",
    [
        answer(then="close"),
        answer(then="reset"),
        answer(b"HTTP/1.1 200 OK\r\nContent-Le", then="close"),
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then="close"),
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", then="reset"),
        answer(CHUNKED + b"4\r\nhalf\r\n", then="close"),
        answer(CHUNKED + b"4\r\nhalf\r\n", then="reset"),
        answer(b"HTTP/1.1 200 OK\r\n\r\nhalf", then="reset"),
        answer(CHUNKED + b"4\r\nhalf\r\nZZ\r\nhalf\r\n"),
        answer(CHUNKED + b"4\r\nhalf and more\r\n"),
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n\r\n"),
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nhalf"),
        answer(b"HTTP/1.1 200 OK\r\nContent-Length: -4\r\n\r\nhalf"),
        answer(b"HTTP/1.1 2x0 OK\r\n\r\n"),
        answer(b"HTTP/2 200 OK\r\n\r\n"),
        answer(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx"),
        answer(b"SSH-2.0-OpenSSH_9.2\r\n"),
        answer(b"\x15\x03\x01\x00\x02\x02\x46"),
        answer(b"HTTP/1.1 200 OK\r\nX-Long: ", *[b"x" * 20_000] * 20),
        answer(b"HTTP/1.1 200 OK\r\n", *[b"X-Many: x\r\n" * 2_000] * 20),
        answer(*[b"HTTP/1.1 100 Continue\r\n\r\n" * 1_000] * 20),
        answer(CHUNKED + b"4\r\nhalf\r\n0\r\n", *[b"X-Trailer: x\r\n" * 2_000] * 20),
        answer(CHUNKED + b"4;", *[b"x" * 20_000] * 20),
    ],
)
async def test_a_broken_response(script: Script) -> None:
    async with serve(script) as engine, pool_of(engine) as pool:
        with pytest.raises(BackendBroken, match=engine.url):
            await ask(pool)
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)
        assert len(engine.requests) == 1  # a request that an engine may have seen is not sent again


async def test_what_arrived_before_the_break_is_given_out() -> None:
    async with serve(answer(CHUNKED + b"4\r\nhalf\r\n", then="close")) as engine, pool_of(engine) as pool:
        received = []
        with pytest.raises(BackendBroken):  # noqa: PT012 (what came before it is kept)
            async with pool.post("/", b"") as response:
                async for data in response.iter_bytes():
                    received.append(data)
        assert received == [b"half"]


async def hang_up(reader: Reader, writer: Writer) -> None:
    writer.close()


async def test_an_engine_that_hangs_up_on_whoever_connects() -> None:
    async with serve(hang_up) as engine, pool_of(engine) as pool:
        with pytest.raises(BackendBroken):
            await ask(pool)
        assert len(engine.requests) == 1


async def test_a_connection_that_is_lost_before_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve(hang_up, answer(OK)) as engine, pool_of(engine) as pool:
        lost = await pool.connect(SOON)
        await lost.gone

        async def connect(seconds: float, ends: float) -> connection.Connection:
            return lost

        monkeypatch.setattr(pool, "connect", connect)
        with pytest.raises(BackendBroken, match="without an answer"):
            await ask(pool)


async def test_a_port_where_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        pool = Pool(f"http://127.0.0.1:{port}", timeouts=PATIENT)
        with pytest.raises(BackendUnavailable, match=rf"^http://127\.0\.0\.1:{port}: connection refused$"):
            await ask(pool)
    await pool.aclose()


async def test_a_name_that_nobody_has() -> None:
    pool = Pool("http://engine.invalid:8000", timeouts=PATIENT)
    with pytest.raises(BackendUnavailable, match="the name cannot be resolved"):
        await ask(pool)


# Kept connections that the engine closes


async def close_when_asked(reader: Reader, writer: Writer) -> None:
    await take(reader)
    writer.write(OK)
    await take(reader)
    writer.close()


async def test_a_kept_connection_that_was_closed_meanwhile() -> None:
    async with serve(answer(OK, then="close")) as engine, pool_of(engine) as pool:
        for _ in range(3):
            assert await ask(pool) == b"ok"
            await asyncio.wait_for(engine.hung_up[-1].wait(), SOON)
        assert len(engine.requests) == 3


async def test_a_kept_connection_that_closes_as_the_request_is_sent() -> None:
    async with serve(close_when_asked, answer(OK)) as engine, pool_of(engine) as pool:
        assert await ask(pool, b"first") == b"ok"
        assert await ask(pool, b"second") == b"ok"
        assert [request[-6:] for request in engine.requests[0]] == [b"\nfirst", b"second"]
        assert [request[-6:] for request in engine.requests[1]] == [b"second"]


async def test_a_request_is_sent_again_only_once() -> None:
    async with serve(close_when_asked, hang_up) as engine, pool_of(engine) as pool:
        assert await ask(pool) == b"ok"
        with pytest.raises(BackendBroken):
            await ask(pool)
        assert len(engine.requests) == 2


async def test_a_kept_connection_that_breaks_in_the_middle_is_no_reason_to_ask_again() -> None:
    async def script(reader: Reader, writer: Writer) -> None:
        await take(reader)
        writer.write(OK)
        await take(reader)
        writer.write(b"HTTP")
        writer.close()

    async with serve(script) as engine, pool_of(engine) as pool:
        assert await ask(pool) == b"ok"
        with pytest.raises(BackendBroken):
            await ask(pool)
        assert len(engine.requests) == 1


async def test_an_idle_connection_is_closed_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.05)
    async with serve(answer(OK, then="repeat")) as engine, pool_of(engine) as pool:
        assert await ask(pool) == b"ok"
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)
        assert await ask(pool) == b"ok"
        assert len(engine.requests) == 2


async def test_only_so_many_connections_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "MAX_IDLE_CONNECTIONS", 2)
    async with serve(answer(OK, then="repeat")) as engine, pool_of(engine) as pool:
        assert await asyncio.gather(*(ask(pool) for _ in range(6))) == [b"ok"] * 6
        async with asyncio.timeout(SOON):
            while sum(event.is_set() for event in engine.hung_up) < 4:
                await asyncio.sleep(0.01)
        assert await asyncio.gather(*(ask(pool) for _ in range(2))) == [b"ok"] * 2
        assert len(engine.requests) == 6


# Leaving


async def drip(reader: Reader, writer: Writer) -> None:
    await take(reader)
    writer.write(CHUNKED)
    while True:
        writer.write(b"4\r\ndrip\r\n")
        await writer.drain()
        await asyncio.sleep(0.01)


async def test_leaving_early_stops_the_engine() -> None:
    async with serve(drip, answer(OK)) as engine, pool_of(engine) as pool:
        async with pool.post("/", b"") as response:
            assert (await anext(response)).startswith(b"drip")
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)
        with pytest.raises(BackendBroken):  # noqa: PT012 (what came before it is kept)
            while True:  # nothing of it is left but what had arrived
                await anext(response)
        assert await ask(pool) == b"ok"


@pytest.mark.parametrize("script", [answer(), answer(CHUNKED), answer(CHUNKED + b"4\r\nhalf\r\n")])
async def test_being_cancelled_stops_the_engine(script: Script) -> None:
    async with serve(script) as engine, pool_of(engine) as pool:
        asking = asyncio.ensure_future(ask(pool))
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)


async def test_leaving_when_all_that_matters_was_read_keeps_the_connection() -> None:
    async def script(reader: Reader, writer: Writer) -> None:
        for _ in range(2):
            await take(reader)
            writer.write(CHUNKED + b"4\r\ndone\r\n")
            await asyncio.sleep(0.05)
            writer.write(b"4\r\nmore\r\n0\r\n\r\n")

    async with serve(script) as engine, pool_of(engine) as pool:
        for _ in range(2):
            async with pool.post("/", b"") as response:
                assert await anext(response) == b"done"
                response.finish()
            await asyncio.sleep(0.2)
        assert len(engine.requests) == 1


@pytest.mark.parametrize(
    "script", [answer(CHUNKED + b"4\r\ndone\r\n"), answer(CHUNKED + b"4\r\ndone\r\n", *[b"x"] * 3)]
)
async def test_an_engine_that_finds_no_end_is_not_kept(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "LINGER_SECONDS", 0.05)
    async with serve(script) as engine, pool_of(engine) as pool:
        async with pool.post("/", b"") as response:
            assert await anext(response) == b"done"
            response.finish()
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)


async def test_an_engine_that_goes_on_for_ever_is_not_kept() -> None:
    async def flood(reader: Reader, writer: Writer) -> None:
        await take(reader)
        writer.write(CHUNKED + b"4\r\ndone\r\n")
        while True:
            writer.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
            await writer.drain()

    async with serve(flood) as engine, pool_of(engine) as pool:
        async with pool.post("/", b"") as response:
            assert (await anext(response)).startswith(b"done")
            response.finish()
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)


async def test_closing_the_pool_ends_everything() -> None:
    async with serve(answer(CHUNKED), answer(), answer(OK)) as engine, pool_of(engine) as pool:
        asking = [asyncio.ensure_future(ask(pool)) for _ in range(2)]
        await asyncio.sleep(0.1)
        assert await ask(pool) == b"ok"
        await pool.aclose()
        for each in asking:
            with pytest.raises(BackendUnavailable, match="shutting down"):
                await each
        for hung_up in engine.hung_up:
            await asyncio.wait_for(hung_up.wait(), SOON)
        with pytest.raises(BackendUnavailable, match="shutting down"):
            await ask(pool)
        await pool.aclose()
        assert len(engine.requests) == 3


# Time


@pytest.mark.parametrize(
    ("script", "timeouts", "name"),
    [
        (answer(), Timeouts(first_byte=0.05), "first_token"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Le"), Timeouts(first_byte=0.05), "first_token"),
        (answer(CHUNKED), Timeouts(first_byte=0.05), "first_token"),
        (answer(CHUNKED + b"4\r\nhalf\r\n"), Timeouts(read=0.05), "between_tokens"),
        (answer(CHUNKED + b"4\r\nhalf\r\n", *[b"0"] * 100), Timeouts(read=0.05), "between_tokens"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), Timeouts(read=0.05), "between_tokens"),
        (answer(), Timeouts(total=0.05), "total"),
        (drip, Timeouts(total=0.2), "total"),
    ],
)
async def test_an_engine_that_takes_too_long(script: Script, timeouts: Timeouts, name: str) -> None:
    async with serve(script) as engine, pool_of(engine, timeouts) as pool:
        with pytest.raises(BackendTimeout, match=rf"^{engine.url}: .*\({name} timeout\)"):
            await ask(pool)
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)
        assert len(engine.requests) == 1


async def test_a_tls_handshake_that_does_not_come() -> None:
    async with serve(answer()) as engine:
        pool = Pool(engine.url.replace("http", "https"), timeouts=Timeouts(connect=0.05))
        with pytest.raises(BackendTimeout, match="connect timeout"):
            await ask(pool)


async def test_the_time_the_consumer_takes_is_not_the_engines() -> None:
    pieces = [b"4\r\nslow\r\n" for _ in range(5)]
    timeouts = Timeouts(first_byte=0.2, read=0.2, total=SOON)
    async with serve(answer(CHUNKED, *pieces, b"0\r\n\r\n")) as engine, pool_of(engine, timeouts) as pool:
        async with pool.post("/", b"") as response:
            received = b""
            async for data in response.iter_bytes():
                received += data
                await asyncio.sleep(0.3)
        assert received == b"slow" * 5


async def test_nothing_times_out_while_nobody_waits() -> None:
    async def script(reader: Reader, writer: Writer) -> None:
        await take(reader)
        writer.write(CHUNKED + b"4\r\nslow\r\n")
        await asyncio.sleep(0.4)
        writer.write(b"0\r\n\r\n")

    timeouts = Timeouts(first_byte=0.1, read=0.1)
    async with serve(script) as engine, pool_of(engine, timeouts) as pool, pool.post("/", b"") as response:
        assert await anext(response) == b"slow"
        await asyncio.sleep(0.6)
        assert await response.read(10) == b""


async def test_a_timer_that_is_left_from_an_earlier_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "IDLE_SECONDS", 0.1)
    async with serve(answer(OK)) as engine, pool_of(engine, Timeouts(first_byte=0.3)) as pool:
        assert await ask(pool) == b"ok"
        with pytest.raises(BackendTimeout, match="first_token"):
            await asyncio.wait_for(ask(pool), SOON)
        assert len(engine.requests) == 1


async def test_the_timeouts_begin_anew_with_every_request() -> None:
    async def slow(reader: Reader, writer: Writer) -> None:
        for _ in range(6):
            await take(reader)
            await asyncio.sleep(0.05)
            writer.write(OK)

    async with serve(slow) as engine, pool_of(engine, Timeouts(first_byte=0.2, total=0.2)) as pool:
        for _ in range(6):
            assert await ask(pool) == b"ok"
        assert len(engine.requests) == 1


# Size


async def test_an_engine_must_wait_for_a_slow_consumer() -> None:
    size, sent = 64 * 1024 * 1024, 0

    async def fast(reader: Reader, writer: Writer) -> None:
        nonlocal sent
        await take(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        while sent < size:
            writer.write(bytes(0x10000))
            sent += 0x10000
            await writer.drain()

    async with serve(fast) as engine, pool_of(engine) as pool:
        async with pool.post("/", b"") as response:
            await asyncio.sleep(0.3)
            assert 0 < response.size <= connection.HIGH_WATER_BYTES + 0x40000
            assert sent < size / 2  # the rest is in the buffers of the kernel
            received = 0
            async for data in response.iter_bytes():
                received += len(data)
        assert received == size
        assert await ask_again(engine, pool)


async def ask_again(engine: Engine, pool: Pool) -> bool:
    """Whether the connection is still the first one's."""
    asking = asyncio.ensure_future(ask(pool))
    await asyncio.sleep(0.1)
    asking.cancel()
    return len(engine.requests) == 1


async def test_a_body_that_is_too_large() -> None:
    async with serve(answer(CHUNKED, *[b"4\r\nmore\r\n"] * 5)) as engine, pool_of(engine) as pool:
        with pytest.raises(BackendBroken, match="more than 10 bytes"):
            async with pool.post("/", b"") as response:
                await response.read(10)
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)


async def test_a_body_of_the_largest_size() -> None:
    async with serve(answer(OK)) as engine, pool_of(engine) as pool, pool.post("/", b"") as response:
        assert await response.read(2) == b"ok"


# What is refused at once


@pytest.mark.parametrize(
    "header",
    [(b"x", b"a\r\nx-injected: 1"), (b"x", b"a\nb"), (b"x", b"\x00"), (b"x y", b"a"), (b"", b"a"), (b"x:", b"a")],
)
async def test_a_header_that_is_none(header: tuple[bytes, bytes]) -> None:
    pool = Pool("http://127.0.0.1:1", timeouts=PATIENT)
    with pytest.raises(ValueError, match="not a header"):
        pool.post("/", b"", [header])
    with pytest.raises(ValueError, match="not a header"):
        pool.get("/", [header])
    with pytest.raises(ValueError, match="not a header"):
        Pool("http://127.0.0.1:1", timeouts=PATIENT, headers=[header])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://host",
        "http://",
        "http://:80",
        "http://host:port",
        "http://host:70000",
        "http://[::1",
        "http://host/?a=1",
        "http://host/#a",
        "http://host/a b",
        "http://hóst",
        "http://host\r\nx: 1",
        "http://user:hunter2@host",
    ],
)
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Pool(url, timeouts=PATIENT)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("http://host", "http://host"),
        ("http://host:8000/", "http://host:8000"),
        ("https://host/v3/openai", "https://host"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_origin(url: str, origin: str) -> None:
    assert Pool(url, timeouts=PATIENT).origin == origin


# TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that signed itself, and its key, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    options = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(path), "-out", str(path) + ".crt"]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    path.write_text(path.read_text() + Path(str(path) + ".crt").read_text())
    return path


def tls_server(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    body = b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
    async with serve(answer(body, then="repeat"), tls=tls_server(certificate)) as engine:
        engine.url = engine.url.replace("http://127.0.0.1", "https://localhost")
        async with pool_of(engine) as pool:
            for _ in range(2):
                assert await ask(pool) == b"x" * 300_000
            assert len(engine.requests) == 1


async def test_leaving_early_over_tls(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with serve(drip, tls=tls_server(certificate)) as engine:
        engine.url = engine.url.replace("http://127.0.0.1", "https://localhost")
        async with pool_of(engine) as pool, pool.post("/", b"") as response:
            await anext(response)
        await asyncio.wait_for(engine.hung_up[0].wait(), SOON)


async def test_a_certificate_that_nobody_vouches_for(certificate: Path) -> None:
    async with serve(answer(OK), tls=tls_server(certificate)) as engine:
        pool = Pool(engine.url.replace("http://127.0.0.1", "https://localhost"), timeouts=PATIENT)
        with pytest.raises(BackendUnavailable, match="no TLS connection"):
            await ask(pool)


async def test_an_engine_without_tls() -> None:
    async def plain(reader: Reader, writer: Writer) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async with serve(plain) as engine:
        pool = Pool(engine.url.replace("http", "https"), timeouts=PATIENT)
        with pytest.raises(BackendUnavailable, match="no TLS connection"):
            await ask(pool)
