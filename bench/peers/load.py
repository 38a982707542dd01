"""The client that asks: ``python -m bench.peers.load`` takes a ``Plan`` a line and says a ``Result`` a line.

Closed loop: each connection asks again once it has its answer. Open loop: requests are due at a fixed rate whatever
becomes of those before, on as many connections as that takes, and latency counts from when a request was due, so that a
gateway that stalls is charged for all that waits meanwhile (no coordinated omission).
"""

from __future__ import annotations

import asyncio
import sys
import time
from array import array
from collections import Counter
from itertools import pairwise
from time import perf_counter
from typing import cast

import httptools
import msgspec
import uvloop

from ..gateway import PIECES, PROMPT, REPLY
from .engine import MODEL
from .figures import Spread, spread

DRAIN_SECONDS = 60.0  # for what is under way when time is up
SAMPLE = 50  # each reply is looked at, and one in so many compared character by character


class Plan(msgspec.Struct, frozen=True):
    """Ask for ``seconds``, on so many ``connections`` (closed loop) or ``rate`` times a second (open loop). Connections
    begin one after another over ``ramp`` seconds, which come before."""

    port: int
    stream: bool
    seconds: float
    connections: int = 0
    ramp: float = 0.0
    rate: float = 0.0
    path: str = "/v1/chat/completions"
    model: str = MODEL
    headers: dict[str, str] = {}


class Result(msgspec.Struct, frozen=True):
    """What came of it; times in µs. ``gap`` is the time between two reads of one stream, ``late`` how long after it was
    due a request was written, ``cpu`` the client's own."""

    replies: int
    events: int
    errors: dict[str, int]
    seconds: float
    cpu: float
    latency: Spread | None
    gap: Spread | None
    late: Spread | None


class Fault(Exception):
    """A reply that is not as it should be; the message is short and the same for each of a kind."""


def request_of(plan: Plan) -> bytes:
    """The request, as it goes over the wire."""
    question = {"model": plan.model, "stream": plan.stream, "messages": [{"role": "user", "content": PROMPT}]}
    body = msgspec.json.encode(question)
    own = {"host": "127.0.0.1", "content-type": "application/json", "content-length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**own, **plan.headers}.items())
    return f"POST {plan.path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def check(status: int, body: bytes, stream: bool, whole: bool) -> int:
    """The number of events in a good reply; ``whole``: its text is read and compared.

    Raises:
        Fault: it is not good.
    """
    if status != 200:
        raise Fault(f"status {status}")
    events = body.count(b"data: ")
    if stream and (events < PIECES or b"data: [DONE]" not in body[-32:]):
        raise Fault("incomplete stream")
    if not stream and b"des Lichts." not in body:
        raise Fault("not the reply")
    if whole and text_of(body, stream) != REPLY:
        raise Fault("another text")
    return events


def text_of(body: bytes, stream: bool) -> str:
    """The text of a reply in OpenAI's format."""
    if not stream:
        return str(msgspec.json.decode(body)["choices"][0]["message"]["content"])
    lines = (line.removeprefix(b"data: ") for line in body.splitlines() if line.startswith(b"data: {"))
    choices = (choice for line in lines for choice in msgspec.json.decode(line)["choices"])
    return "".join(choice["delta"].get("content") or "" for choice in choices)


class Run:
    """What the connections of one plan share."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.request = request_of(plan)
        self.replies = self.events = 0
        self.errors: Counter[str] = Counter()
        self.latency, self.gaps, self.late = array("d"), array("d"), array("d")

    def judge(self, status: int, body: bytes, seconds: float, marks: list[float]) -> None:
        """Count a reply that took ``seconds`` and was read at ``marks``."""
        try:
            self.events += check(status, body, self.plan.stream, self.replies % SAMPLE == 0)
        except Fault as fault:
            self.errors[str(fault)] += 1
            return
        self.replies += 1
        self.latency.append(seconds)
        self.gaps.extend(after - before for before, after in pairwise(marks))


class Connection(asyncio.Protocol):
    """Asks one question at a time. ``open`` until the other side closes it."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._done: asyncio.Future[None] | None = None
        self.open = True

    async def ask(self, due: float) -> None:
        """Ask, and wait for the answer or the end of the connection."""
        self._due = due
        self._parts: list[bytes] = []
        self._marks: list[float] = []
        self._done = asyncio.get_running_loop().create_future()
        self._run.late.append(perf_counter() - due)
        self._transport.write(self._run.request)
        await self._done

    def close(self) -> None:
        self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._parser = httptools.HttpResponseParser(self)

    def data_received(self, data: bytes) -> None:
        self._now = perf_counter()
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._fail("not HTTP")

    def connection_lost(self, error: Exception | None) -> None:
        self._fail("connection closed")

    def on_body(self, part: bytes) -> None:
        self._parts.append(part)
        if not self._marks or self._marks[-1] != self._now:
            self._marks.append(self._now)

    def on_message_complete(self) -> None:
        body, seconds = b"".join(self._parts), self._now - self._due
        self._run.judge(self._parser.get_status_code(), body, seconds, self._marks)
        if not self._parser.should_keep_alive():
            self.open = False
            self._transport.close()
        self._answered()

    def _fail(self, reason: str) -> None:
        self.open = False
        self._transport.close()
        if self._done is not None and not self._done.done():
            self._run.errors[reason] += 1
            self._answered()

    def _answered(self) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_result(None)


async def connect(run: Run) -> Connection | None:
    """A new connection; None, and an error is counted, when there is none to be had."""
    loop = asyncio.get_running_loop()
    try:
        return (await loop.create_connection(lambda: Connection(run), "127.0.0.1", run.plan.port))[1]
    except OSError as error:
        run.errors[f"no connection: {error.strerror}"] += 1
        await asyncio.sleep(0.01)
        return None


async def closed(run: Run, until: float, delay: float) -> None:
    """One connection after another, each asked again and again until the time is up."""
    await asyncio.sleep(delay)
    connection: Connection | None = None
    while (now := perf_counter()) < until:
        if connection is None or not connection.open:
            connection = await connect(run)
        else:
            await connection.ask(now)
    if connection is not None:
        connection.close()


async def opened(run: Run) -> None:
    """Requests at a fixed rate. A thread of its own says when, for the loop's timers know milliseconds only."""
    loop = asyncio.get_running_loop()
    idle: list[Connection] = []
    asked: list[asyncio.Task[None]] = []

    async def ask(due: float) -> None:
        connection = idle.pop() if idle else await connect(run)
        if connection is not None:
            await connection.ask(due)
            if connection.open:
                idle.append(connection)

    def begin(due: float) -> None:
        asked.append(loop.create_task(ask(due)))

    def clock() -> None:
        begun = perf_counter()
        for at in range(int(run.plan.rate * run.plan.seconds)):
            due = begun + at / run.plan.rate
            time.sleep(max(0.0, due - perf_counter()))
            loop.call_soon_threadsafe(begin, due)

    await asyncio.to_thread(clock)
    await asyncio.sleep(0)
    await asyncio.gather(*asked)
    for connection in idle:
        connection.close()


async def carry_out(plan: Plan) -> Result:
    """Ask as planned."""
    run = Run(plan)
    begun, used = perf_counter(), time.process_time()
    until = begun + plan.ramp + plan.seconds
    if plan.rate:
        work = asyncio.ensure_future(opened(run))
    else:
        delays = (plan.ramp * at / plan.connections for at in range(plan.connections))
        work = asyncio.ensure_future(_all(run, until, list(delays)))
    try:
        await asyncio.wait_for(work, plan.ramp + plan.seconds + DRAIN_SECONDS)
    except TimeoutError:
        run.errors["no end"] += 1
    return Result(
        replies=run.replies,
        events=run.events,
        errors=dict(run.errors),
        seconds=perf_counter() - begun,
        cpu=1e6 * (time.process_time() - used),
        latency=_microseconds(run.latency),
        gap=_microseconds(run.gaps),
        late=_microseconds(run.late),
    )


async def _all(run: Run, until: float, delays: list[float]) -> None:
    await asyncio.gather(*(closed(run, until, delay) for delay in delays))


def _microseconds(seconds: array[float]) -> Spread | None:
    return spread([1e6 * each for each in seconds])


def main() -> None:
    """Plans from standard input, results to standard output, until it is closed."""
    for line in sys.stdin.buffer:
        result = uvloop.run(carry_out(msgspec.json.decode(line, type=Plan)))
        sys.stdout.buffer.write(msgspec.json.encode(result) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
