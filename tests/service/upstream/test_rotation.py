"""Which endpoints of a cluster get requests, with real servers that fall ill and recover."""

from __future__ import annotations

import asyncio
import math
from time import monotonic
from typing import Any

import pytest

from service.errors import BackendBroken, BackendError, BackendTimeout, BackendUnavailable
from service.upstream import Cluster
from service.upstream.breaker import State
from service.upstream.endpoint import Endpoint
from tests.service.upstream.replicas import (
    HEAD,
    OK,
    PIECE,
    Replica,
    answers,
    ask,
    breaks,
    cluster_of,
    hang,
    replicas,
    says,
    status,
    until,
)

ONLY_BREAKER: dict[str, Any] = {"retries_limit": 0}


def endpoint(cluster: Cluster, replica: Replica) -> Endpoint:
    return next(each for each in cluster.endpoints if each.place == replica.url)


async def many(cluster: Cluster, number: int) -> int:
    """How many of so many requests, a few at a time, were answered."""
    answered = 0
    for _ in range(number // 5):
        results = await asyncio.gather(*(ask(cluster) for _ in range(5)), return_exceptions=True)
        assert all(isinstance(each, bytes | BackendError) for each in results)
        answered += results.count(b"ok")
    return answered


@pytest.mark.parametrize("illness", [status(500), status(503), breaks, says(close=True), says(b"SSH-2.0\r\n")])
async def test_one_of_three_that_is_sick_is_left_alone_until_it_is_well(illness: Any) -> None:
    async with replicas(3) as servers, cluster_of(*servers, **ONLY_BREAKER) as cluster:
        sick = servers[0]
        sick.act = illness
        await many(cluster, 60)
        assert endpoint(cluster, sick).ejections >= 1
        assert not endpoint(cluster, sick).up
        await many(cluster, 60)
        assert 3 <= len(sick.requests) <= 10
        sick.act = answers
        await until(lambda: endpoint(cluster, sick).breaker.state is State.HALF_OPEN)
        assert await many(cluster, 60) == 60
        assert endpoint(cluster, sick).up
        assert len(sick.requests) > 15


async def test_requests_are_spread_over_all() -> None:
    async with replicas(3) as servers, cluster_of(*servers) as cluster:
        assert await many(cluster, 300) == 300
        assert all(70 < len(server.requests) < 130 for server in servers)


async def test_requests_of_a_key_stay_together() -> None:
    async with replicas(3) as servers, cluster_of(*servers) as cluster:
        for _ in range(10):
            await ask(cluster, b"a conversation")
        assert sorted(len(server.requests) for server in servers) == [0, 0, 10]


async def test_when_nobody_listens_any_more_the_answer_is_quick_and_says_when_to_come_again() -> None:
    async with replicas(3) as servers, cluster_of(*servers, breaker_pause=5.0, breaker_max_pause=5.0) as cluster:
        for server in servers:
            await server.stop()
        for _ in range(12):
            with pytest.raises(BackendUnavailable):
                await ask(cluster)
        assert [each.breaker.state for each in cluster.endpoints] == [State.OPEN] * 3
        begun = monotonic()
        for _ in range(100):
            with pytest.raises(
                BackendUnavailable, match=r"^checkpoint 'test': no engine answers at present$"
            ) as caught:
                await ask(cluster)
            assert caught.value.retry_after is not None
            assert 1 <= math.ceil(caught.value.retry_after) <= 8
        assert monotonic() - begun < 0.5


async def test_a_lone_engine_that_comes_back_is_found() -> None:
    async with replicas(1) as (one,), cluster_of(one, **ONLY_BREAKER) as cluster:
        await one.stop()
        for _ in range(5):
            with pytest.raises(BackendUnavailable):
                await ask(cluster)
        await one.start()
        await until(lambda: cluster.endpoints[0].breaker.state is State.HALF_OPEN)
        assert await ask(cluster) == b"ok"
        assert cluster.endpoints[0].breaker.state is State.CLOSED


async def test_engines_that_hang_are_left_alone_even_all_of_them() -> None:
    options = {"first_token_timeout": 0.05, "breaker_pause": 60.0, "breaker_max_pause": 60.0, **ONLY_BREAKER}
    async with replicas(2) as servers, cluster_of(*servers, **options) as cluster:
        for server in servers:
            server.act = hang
        for _ in range(6):
            with pytest.raises(BackendTimeout, match=r"\(first_token timeout\)$"):
                await ask(cluster)
        with pytest.raises(BackendUnavailable, match="no engine answers"):
            await ask(cluster)


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_engines_that_answer_are_never_all_left_alone(number: int) -> None:
    async with (
        replicas(number) as servers,
        cluster_of(*servers, breaker_pause=60.0, breaker_max_pause=60.0, **ONLY_BREAKER) as cluster,
    ):
        for server in servers:
            server.act = status(500)
        for _ in range(40):
            with pytest.raises(BackendBroken, match="answered 500"):
                await ask(cluster)
        assert sum(not each.up for each in cluster.endpoints) == number // 2


async def test_a_share_of_failures_is_enough() -> None:
    turn = 0

    async def moody(writer: asyncio.StreamWriter) -> None:
        nonlocal turn
        turn += 1
        await (status(500) if turn % 3 else answers)(writer)

    async with replicas(2) as (one, two), cluster_of(one, two, breaker_window=10, **ONLY_BREAKER) as cluster:
        one.act = moody
        await many(cluster, 100)
        assert endpoint(cluster, one).ejections >= 1
        assert endpoint(cluster, two).ejections == 0


@pytest.mark.parametrize("act", [status(400), status(404), status(422), status(429)])
async def test_what_is_wrong_with_requests_is_no_failure(act: Any) -> None:
    async with replicas(2) as servers, cluster_of(*servers, **ONLY_BREAKER) as cluster:
        for server in servers:
            server.act = act
        assert await many(cluster, 40) == 0
        assert [each.ejections for each in cluster.endpoints] == [0, 0]


async def test_callers_that_leave_are_no_failure() -> None:
    async with replicas(1) as (one,), cluster_of(one, **ONLY_BREAKER) as cluster:
        one.act = says(HEAD, PIECE, *[b""] * 100)
        for _ in range(5):
            async with cluster.post("/", b"") as response:
                await anext(response)
        one.act = hang
        for _ in range(5):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(ask(cluster), 0.02)
        assert cluster.endpoints[0].breaker.state is State.CLOSED


async def ejected(cluster: Cluster, replica: Replica) -> Endpoint:
    """The endpoint of a replica that has just been left alone, because nobody listened."""
    await replica.stop()
    subject = endpoint(cluster, replica)
    while subject.breaker.state is not State.OPEN:
        await asyncio.gather(ask(cluster), return_exceptions=True)
    return subject


async def test_one_request_at_a_time_tries_an_endpoint_that_was_left_alone() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, **ONLY_BREAKER) as cluster:
        subject = await ejected(cluster, one)
        one.act = says(b"", b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await one.start()
        await until(lambda: subject.breaker.state is State.HALF_OPEN)
        before = len(two.requests)
        probing = asyncio.ensure_future(ask(cluster))
        await until(lambda: one.requests)
        assert await many(cluster, 20) == 20
        assert len(one.requests) == 1
        assert len(two.requests) == before + 20
        assert await probing == b"ok"
        assert subject.breaker.state is State.CLOSED


async def test_a_probe_that_is_called_off_leaves_it_to_the_next() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, **ONLY_BREAKER) as cluster:
        subject = await ejected(cluster, one)
        one.act = hang
        await one.start()
        await until(lambda: subject.breaker.state is State.HALF_OPEN)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(cluster), 0.05)
        assert subject.breaker.state is State.HALF_OPEN
        one.act = answers
        assert await ask(cluster) == b"ok"
        assert subject.breaker.state is State.CLOSED


async def test_a_probe_that_fails_makes_the_pause_longer() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two) as cluster:
        subject = await ejected(cluster, one)
        first = subject.breaker.until - asyncio.get_running_loop().time()
        await until(lambda: subject.breaker.state is State.HALF_OPEN)
        assert await ask(cluster) == b"ok"  # nobody listened, so another was asked
        assert subject.breaker.state is State.OPEN
        assert subject.breaker.until - asyncio.get_running_loop().time() > first
        assert subject.ejections == 2
        assert two.requests


async def test_an_engine_that_was_silent_gets_requests_again_with_the_first_word_and_not_the_last() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, **ONLY_BREAKER) as cluster:
        subject = await ejected(cluster, one)
        one.act = says(HEAD, PIECE, *[b""] * 100)
        await one.start()
        await until(lambda: subject.breaker.state is State.HALF_OPEN)
        async with cluster.post("/", b"") as response:
            await anext(response)
            assert subject.breaker.state is State.CLOSED


async def test_an_engine_that_broke_replies_has_to_finish_one_first() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, **ONLY_BREAKER) as cluster:
        one.act = breaks
        subject = endpoint(cluster, one)
        await many(cluster, 30)
        assert subject.ejections
        one.act = says(HEAD, PIECE, b"", b"", b"0\r\n\r\n")
        await until(lambda: subject.breaker.state is State.HALF_OPEN)
        async with cluster.post("/", b"") as response:
            await anext(response)
            assert subject.breaker.state is State.HALF_OPEN
            assert await response.read(100) == b""
        assert subject.breaker.state is State.CLOSED
        assert two.requests


@pytest.mark.parametrize("end", [OK, b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"])
@pytest.mark.parametrize("state", [State.OPEN, State.HALF_OPEN])
async def test_requests_from_before_the_breaker_opened_say_nothing_new(end: bytes, state: State) -> None:
    ending = asyncio.Event()

    async def slow_at_first(writer: asyncio.StreamWriter) -> None:
        if len(one.requests) > 1:
            await status(500)(writer)
            return
        await ending.wait()
        writer.write(end)

    pause = 60.0 if state is State.OPEN else 0.1
    options = {"breaker_pause": pause, "breaker_max_pause": pause, **ONLY_BREAKER}
    async with replicas(2) as (one, two), cluster_of(one, two, **options) as cluster:
        one.act = slow_at_first
        old = [asyncio.ensure_future(ask(cluster)) for _ in range(2)]  # one each
        await until(lambda: one.requests)
        subject = endpoint(cluster, one)
        await many(cluster, 30)
        await until(lambda: subject.breaker.state is state)
        ejections = subject.ejections
        ending.set()
        await asyncio.gather(*old, return_exceptions=True)
        assert (subject.breaker.state, subject.ejections, subject.in_flight) == (state, ejections, 0)


async def test_an_engine_that_failed_is_asked_when_nobody_else_is_left() -> None:
    options = {"breaker_pause": 60.0, "breaker_max_pause": 60.0, **ONLY_BREAKER}
    async with replicas(2) as (one, two), cluster_of(one, two, **options) as cluster:
        one.act = status(500)
        await many(cluster, 30)
        assert endpoint(cluster, one).breaker.state is State.OPEN
        await ejected(cluster, two)
        for _ in range(10):
            with pytest.raises(BackendBroken, match="answered 500"):
                await ask(cluster)
        assert endpoint(cluster, one).ejections == 1
        one.act = answers
        assert await ask(cluster) == b"ok"
        assert endpoint(cluster, one).breaker.state is State.CLOSED
