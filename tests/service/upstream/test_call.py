"""Requests to clusters of real servers: which are tried again, how often, and what is left behind."""

from __future__ import annotations

import asyncio
import socket
from time import monotonic

import pytest

from service.errors import BackendBroken, BackendOverloaded, BackendTimeout, BackendUnavailable
from service.upstream import Cluster
from service.upstream.retries import MAX_TOKENS
from tests.service.upstream.replicas import (
    HEAD,
    PIECE,
    SOON,
    Replica,
    answers,
    ask,
    breaks,
    cluster_of,
    drip,
    hang,
    replicas,
    says,
    status,
    until,
)


def nobody() -> str:
    """A URL where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


async def test_post_and_get() -> None:
    async with replicas(1) as (one,), cluster_of(one) as cluster:
        async with cluster.post("/v1/x", b"{}", [(b"x-header", b"1")]) as response:
            assert (response.status, await response.read(10)) == (200, b"ok")
        async with cluster.get("/v1/y") as response:
            assert await response.read(10) == b"ok"
        assert cluster.retried == 0
    assert one.requests[0].startswith(b"POST /v1/x HTTP/1.1\r\n")
    assert b"\r\nx-header: 1\r\n" in one.requests[0]
    assert one.requests[1].startswith(b"GET /v1/y HTTP/1.1\r\n")


async def test_an_endpoint_that_is_down_costs_nobody_an_answer() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, nobody()) as cluster:
        assert [await ask(cluster) for _ in range(40)] == [b"ok"] * 40
        assert 0 < cluster.retried < 10
        assert len(one.requests) + len(two.requests) == 40


async def test_a_lone_endpoint_that_is_down_is_tried_a_few_times() -> None:
    begun = monotonic()
    async with cluster_of(nobody(), retries_pause=0.05) as cluster:
        with pytest.raises(BackendUnavailable, match=r"^checkpoint 'test': connection refused$"):
            await ask(cluster)
        assert cluster.retried == 2
    assert monotonic() - begun > 0.05 / 2 + 0.1 / 2


async def test_without_retries_there_are_none() -> None:
    async with replicas(1) as (one,), cluster_of(one, retries_limit=0) as cluster:
        one.act = status(503)
        with pytest.raises(BackendUnavailable):
            await ask(cluster)
        assert len(one.requests) == 1


@pytest.mark.parametrize("code", [429, 503])
async def test_an_engine_that_refuses_is_passed_over_for_another(code: int) -> None:
    async with replicas(2) as (one, two), cluster_of(one, two) as cluster:
        one.act = status(code, "Retry-After: 30")
        assert [await ask(cluster) for _ in range(10)] == [b"ok"] * 10
        assert len(two.requests) == 10
        assert one.connections <= 1  # refusals are read, and the connection is kept


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("code", [429, 503])
async def test_a_storm_of_refusals_is_answered_with_few_retries(code: int, number: int) -> None:
    requests = 200
    async with replicas(number) as servers, cluster_of(*servers, retries_pause=0.01) as cluster:
        for server in servers:
            server.act = status(code)
        begun = monotonic()
        for _ in range(requests // 20):
            errors = await asyncio.gather(*(ask(cluster) for _ in range(20)), return_exceptions=True)
            assert all(isinstance(each, BackendOverloaded | BackendUnavailable) for each in errors)
        seen = sum(len(server.requests) for server in servers)
        floor = monotonic() - begun
        assert requests < seen <= requests * 1.2 + MAX_TOKENS + floor + 1
        assert seen - requests == cluster.retried
        assert cluster.out_of_budget > 0


async def test_an_engine_that_asks_for_a_short_pause_gets_it() -> None:
    async with replicas(1) as (one,), cluster_of(one) as cluster:
        times = []

        async def act(writer: asyncio.StreamWriter) -> None:
            times.append(monotonic())
            await (answers if len(times) == 2 else status(429, "Retry-After: 1"))(writer)

        one.act = act
        assert await ask(cluster) == b"ok"
        assert 1.0 < times[1] - times[0] < 2.0


async def test_an_engine_that_asks_for_a_long_pause_is_not_tried_again_and_the_caller_is_told() -> None:
    async with replicas(1) as (one,), cluster_of(one, total_timeout=100.0) as cluster:
        one.act = status(429, "Retry-After: 30")
        with pytest.raises(BackendOverloaded) as caught:
            await ask(cluster)
        assert caught.value.retry_after == 30
        assert len(one.requests) == 1


@pytest.mark.parametrize("act", [says(close=True), says(b"HTTP/1.1 2", close=True), status(500), status(502), breaks])
async def test_what_an_engine_has_begun_is_not_tried_again(act: object) -> None:
    async with replicas(2) as servers, cluster_of(*servers) as cluster:
        for server in servers:
            server.act = act
        with pytest.raises(BackendBroken, match=r"^checkpoint 'test'"):
            await ask(cluster)
        assert sum(len(server.requests) for server in servers) == 1


async def test_a_kept_connection_that_has_gone_stale_is_no_failure() -> None:
    async with replicas(1) as (one,), cluster_of(one, breaker_consecutive_failures=1) as cluster:
        one.act = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", b"", close=True)
        for _ in range(3):
            assert await ask(cluster) == b"ok"
            await asyncio.sleep(0.1)
        assert cluster.retried == 0
        assert cluster.endpoints[0].ejections == 0


async def test_all_tries_together_last_no_longer_than_the_total_timeout() -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.2)
        await status(503)(writer)

    options = {"total_timeout": 0.5, "retries_limit": 10, "breaker_consecutive_failures": 100}
    async with replicas(4) as servers, cluster_of(*servers, **options) as cluster:
        for server in servers:
            server.act = slow
        begun = monotonic()
        with pytest.raises(BackendTimeout, match=r"total timeout"):
            await ask(cluster)
        assert 0.4 < monotonic() - begun < 0.9
        assert sum(len(server.requests) for server in servers) == 3


async def test_a_pause_that_would_outlast_the_total_timeout_is_not_made() -> None:
    async with replicas(1) as (one,), cluster_of(one, total_timeout=0.5) as cluster:
        one.act = status(429, "Retry-After: 1")
        begun = monotonic()
        with pytest.raises(BackendOverloaded):
            await ask(cluster)
        assert monotonic() - begun < 0.4


# Nothing is left behind: ``cluster_of`` counts


@pytest.mark.parametrize("act", [hang, drip, says(HEAD, PIECE), status(500), status(429), breaks, answers])
async def test_whatever_happens_no_request_stays_in_flight(act: object) -> None:
    async with replicas(2) as servers, cluster_of(*servers) as cluster:
        for server in servers:
            server.act = act
        asking = [asyncio.ensure_future(ask(cluster)) for _ in range(6)]
        await asyncio.sleep(0.1)
        for each in asking[:3]:
            each.cancel()
        await asyncio.sleep(0.05)
        for each in asking:
            each.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert [endpoint.in_flight for endpoint in cluster.endpoints] == [0, 0]


async def test_being_cancelled_in_the_pause_before_a_retry() -> None:
    async with cluster_of(nobody(), retries_pause=SOON) as cluster:
        asking = asyncio.ensure_future(ask(cluster))
        await asyncio.sleep(0.1)
        assert cluster.endpoints[0].in_flight == 0
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


async def test_a_caller_that_leaves_early_stops_the_engine() -> None:
    async with replicas(1) as (one,), cluster_of(one) as cluster:
        one.act = drip
        async with cluster.post("/", b"") as response:
            await anext(response)
            assert cluster.endpoints[0].in_flight == 1
        assert cluster.endpoints[0].in_flight == 0
        await until(lambda: one.connections == 0)


async def test_a_header_that_is_none_leaves_no_request_in_flight() -> None:
    async with replicas(1) as (one,), cluster_of(one) as cluster:
        with pytest.raises(ValueError, match="not a header"):
            async with cluster.post("/", b"", [(b"x", b"a\nb")]):
                pass
        assert cluster.endpoints[0].in_flight == 0
        assert await ask(cluster) == b"ok"


# Hedging


def in_flight(cluster: Cluster) -> int:
    """Those called off end a turn of the event loop later."""
    return sum(endpoint.in_flight for endpoint in cluster.endpoints)


async def test_hedging_is_off() -> None:
    async with replicas(2) as servers, cluster_of(*servers) as cluster:
        for server in servers:
            server.act = hang
        asking = asyncio.ensure_future(ask(cluster))
        await asyncio.sleep(0.3)
        asking.cancel()
        assert sum(len(server.requests) for server in servers) == 1


@pytest.mark.parametrize("slow", [hang, says(HEAD)])
async def test_a_second_try_wins_when_the_first_brings_nothing(slow: object) -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, retries_hedge_after=0.05) as cluster:
        one.act = slow
        for _ in range(10):
            assert await ask(cluster) == b"ok"
        assert 1 <= cluster.hedged <= 9
        assert len(two.requests) == 10
        await until(lambda: not in_flight(cluster))
        await until(lambda: one.connections == 0)


async def test_a_first_try_that_answers_late_may_still_win() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, retries_hedge_after=0.1) as cluster:

        async def late(writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(0.2 if len(one.requests) + len(two.requests) == 1 else SOON)
            await answers(writer)

        one.act = two.act = late
        assert await ask(cluster) == b"ok"
        assert cluster.hedged == 1
        await until(lambda: not in_flight(cluster))


async def test_a_hedge_that_fails_does_not_take_the_first_try_with_it() -> None:
    async with replicas(2) as (one, two), cluster_of(one, two, retries_hedge_after=0.05) as cluster:

        async def act(writer: asyncio.StreamWriter) -> None:
            if len(one.requests) + len(two.requests) > 1:
                await status(503)(writer)
            else:
                await asyncio.sleep(0.3)
                await answers(writer)

        one.act = two.act = act
        assert await ask(cluster) == b"ok"


async def test_when_both_fail_the_error_is_one_of_the_engine() -> None:
    async with replicas(2) as servers, cluster_of(*servers, retries_hedge_after=0.05) as cluster:
        for server in servers:
            server.act = says(b"", b"", close=True)
        with pytest.raises(BackendBroken):
            await ask(cluster)
        await until(lambda: not in_flight(cluster))


async def test_hedges_come_out_of_the_same_budget() -> None:
    options = {"retries_hedge_after": 0.02, "retries_budget_floor": 0.0, "retries_limit": 0}
    async with replicas(2) as servers, cluster_of(*servers, **options) as cluster:
        for server in servers:
            server.act = says(b"", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        for _ in range(10):
            await asyncio.gather(*(ask(cluster) for _ in range(10)))
        assert sum(len(server.requests) for server in servers) <= 100 * 1.2 + MAX_TOKENS
        assert cluster.out_of_budget > 0


async def test_being_cancelled_while_two_tries_are_running() -> None:
    async with replicas(2) as servers, cluster_of(*servers, retries_hedge_after=0.02) as cluster:
        for server in servers:
            server.act = hang
        asking = asyncio.ensure_future(ask(cluster))
        await until(lambda: all(server.requests for server in servers))
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await until(lambda: not any(server.connections for server in servers))
        await until(lambda: not in_flight(cluster))


async def test_being_cancelled_just_as_a_hedge_wins() -> None:
    """At whatever turn of the event loop: nothing stays in flight."""
    for turns in range(12):
        async with replicas(2) as servers, cluster_of(*servers, retries_hedge_after=0.01) as cluster:

            async def act(writer: asyncio.StreamWriter, servers: list[Replica] = servers) -> None:
                await (hang if sum(len(server.requests) for server in servers) == 1 else answers)(writer)

            for server in servers:
                server.act = act
            asking = asyncio.ensure_future(ask(cluster))
            await until(lambda servers=servers: all(server.requests for server in servers))
            for _ in range(turns):
                await asyncio.sleep(0)
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)
            await until(lambda cluster=cluster: not in_flight(cluster))
