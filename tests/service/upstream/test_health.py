"""Health checks of clusters of real servers."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from time import monotonic
from typing import Any

import pytest

from service.errors import BackendUnavailable
from service.upstream import Cluster
from tests.service.upstream.replicas import (
    Replica,
    answers,
    ask,
    cluster_of,
    hang,
    replicas,
    status,
    until,
)


def healthy(cluster: Cluster) -> list[bool | None]:
    return [each.healthy for each in cluster.endpoints]


async def test_a_sick_endpoint_gets_no_requests_until_it_is_well_again() -> None:
    async with replicas(3) as servers, cluster_of(*servers, health="several") as cluster:
        sick = servers[0]
        await until(lambda: healthy(cluster) == [True] * 3)
        sick.health = status(503)
        await until(lambda: healthy(cluster) == [False, True, True])
        before = len(sick.requests)
        for _ in range(20):
            assert await ask(cluster) == b"ok"
        assert len(sick.requests) == before
        assert await cluster.check() == "2 of 3 endpoints"
        sick.health = answers
        await until(lambda: healthy(cluster) == [True] * 3)
        for _ in range(30):
            assert await ask(cluster) == b"ok"
        assert len(sick.requests) > before
        assert await cluster.check() == "3 of 3 endpoints"


async def test_one_answer_does_not_change_the_mind() -> None:
    good = True

    async def moody(writer: asyncio.StreamWriter) -> None:
        nonlocal good
        good = not good
        await (answers if good else status(503))(writer)

    async with replicas(2) as (one, two), cluster_of(one, two, health="several") as cluster:
        await until(lambda: healthy(cluster) == [True, True])
        one.health = moody
        await until(lambda: one.checks > 10)
        assert healthy(cluster) == [True, True]
        one.health = status(503)
        await until(lambda: healthy(cluster) == [False, True])
        one.health = moody
        checks = one.checks
        await until(lambda: one.checks > checks + 10)
        assert healthy(cluster) == [False, True]


@pytest.mark.parametrize(
    ("when", "number", "checked"), [("several", 1, False), ("always", 1, True), ("never", 2, False)]
)
async def test_which_are_checked(when: str, number: int, checked: bool) -> None:
    async with replicas(number) as servers, cluster_of(*servers, health=when):
        await asyncio.sleep(0.3)
        assert all((server.checks > 0) is checked for server in servers)


@pytest.mark.parametrize("code", [404, 429])
async def test_an_engine_without_a_health_path_is_taken_for_healthy(code: int) -> None:
    async with replicas(2) as servers, cluster_of(*servers, health="several") as cluster:
        for server in servers:
            server.health = status(code)
        await until(lambda: healthy(cluster) == [True, True])
        await until(lambda: all(server.checks > 5 for server in servers))
        assert healthy(cluster) == [True, True]
        assert await ask(cluster) == b"ok"


async def test_health_checks_that_fail_everywhere_stop_nobody_while_engines_answer() -> None:
    async with replicas(3) as servers, cluster_of(*servers, health="several") as cluster:
        for server in servers:
            server.health = status(500)
        await until(lambda: healthy(cluster) == [False] * 3)
        assert await ask(cluster) == b"ok"
        with pytest.raises(BackendUnavailable, match=r"^0 of 3 endpoints can answer: checkpoint 'test' answered 500"):
            await cluster.check()


@pytest.mark.parametrize("health", [status(503), hang])
async def test_engines_that_say_they_are_not_up_are_believed(health: Any) -> None:
    async with replicas(2) as servers, cluster_of(*servers, health="several", first_token_timeout=0.05) as cluster:
        for server in servers:
            server.health = health
        await until(lambda: healthy(cluster) == [False, False])
        begun = monotonic()
        with pytest.raises(BackendUnavailable, match="no engine answers at present") as caught:
            await ask(cluster)
        assert monotonic() - begun < 0.1
        assert caught.value.retry_after is not None
        assert not any(server.requests for server in servers)


async def test_an_endpoint_that_is_well_again_need_not_wait_for_its_breaker() -> None:
    options = {"breaker_pause": 60.0, "breaker_max_pause": 60.0}
    async with replicas(2) as (one, two), cluster_of(one, two, health="several", **options) as cluster:
        await until(lambda: healthy(cluster) == [True, True])
        await one.stop()
        subject = cluster.endpoints[0]
        while not subject.ejections:
            assert await ask(cluster) == b"ok"
        await until(lambda: subject.healthy is False)
        await one.start()
        await until(lambda: subject.healthy)
        for _ in range(20):
            assert await ask(cluster) == b"ok"
        assert subject.up
        assert one.requests


async def test_checks_do_not_march_in_step() -> None:
    times: dict[int, list[float]] = {}

    def noting(replica: Replica) -> None:
        async def act(writer: asyncio.StreamWriter) -> None:
            times.setdefault(replica.port, []).append(monotonic())
            await answers(writer)

        replica.health = act

    async with replicas(4) as servers:
        for server in servers:
            noting(server)
        async with cluster_of(*servers, health="several", health_interval=0.2):
            await until(lambda: len(times) == 4 and all(len(each) >= 4 for each in times.values()))
    firsts = sorted(each[0] for each in times.values())
    assert firsts[-1] - firsts[0] > 0.02
    gaps = [b - a for each in times.values() for a, b in pairwise(each)]
    assert max(gaps) - min(gaps) > 0.02


async def test_a_lone_endpoint_is_asked_when_somebody_wants_to_know() -> None:
    async with replicas(1) as (one,), cluster_of(one, health="several") as cluster:
        assert await cluster.check() is None
        one.health = status(503)
        with pytest.raises(BackendUnavailable, match=r"^checkpoint 'test' answered 503$"):
            await cluster.check()
        assert await ask(cluster) == b"ok"


async def test_closing_stops_the_checks() -> None:
    async with replicas(2) as servers:
        async with cluster_of(*servers, health="several") as cluster:
            await until(lambda: all(server.checks for server in servers))
            await cluster.aclose()
            before = [server.checks for server in servers]
            await asyncio.sleep(0.2)
            assert [server.checks for server in servers] == before
        await until(lambda: not any(server.connections for server in servers))
