"""Replicas that are found by looking up the addresses of a host. Loopback has many addresses."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from service.errors import BackendUnavailable
from service.upstream import Cluster
from service.upstream.discovery import MAX_ADDRESSES, resolve
from tests.service.upstream.replicas import HEAD, PIECE, Replica, ask, cluster_of, drip, replicas, says, status, until

HOST = "engine.test"
ONE, TWO, THREE = "127.0.0.1", "127.0.0.2", "127.0.0.3"


class Names:
    """A name server whose answer a test changes; ``answer`` may be an error, or None for silence."""

    def __init__(self, *addresses: str) -> None:
        self.answer: Sequence[str] | OSError | None = addresses
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        if self.answer is None:
            await asyncio.sleep(60)
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer or ()


@asynccontextmanager
async def hosts(*addresses: str) -> AsyncIterator[list[Replica]]:
    """Servers at these addresses of loopback, all on the same port."""
    async with AsyncExitStack() as stack:
        made: list[Replica] = []
        for address in addresses:
            replica = Replica()
            replica.host = address
            replica.port = made[0].port if made else 0
            await replica.start()
            stack.push_async_callback(replica.stop)
            made.append(replica)
        yield made


def found(names: Names, port: int, **options: Any) -> Any:
    options = {"discovery": "dns", "discovery_interval": 0.05, "connect_timeout": 0.5, **options}
    return cluster_of(f"http://{HOST}:{port}/base", resolver=names, **options)


def addresses(cluster: Cluster) -> list[str]:
    return [each.address for each in cluster.endpoints]


async def test_every_address_is_an_endpoint() -> None:
    names = Names(ONE, TWO, THREE)
    async with hosts(ONE, TWO, THREE) as servers, found(names, servers[0].port) as cluster:
        for _ in range(60):
            assert await ask(cluster) == b"ok"
        assert all(len(server.requests) > 5 for server in servers)
        assert names.asked[0] == (HOST, servers[0].port)
        assert [each.label for each in cluster.endpoints] == [f"{HOST}/{number}" for number in range(3)]
        head = f"POST /base/ HTTP/1.1\r\nhost: {HOST}:{servers[0].port}\r\n".encode()
        assert all(request.startswith(head) for server in servers for request in server.requests)


async def test_an_address_that_comes_gets_requests_and_one_that_goes_finishes_those_it_has() -> None:
    names = Names(ONE)
    async with hosts(ONE, TWO) as (one, two), found(names, one.port) as cluster:
        one.act = says(HEAD, PIECE, *[b""] * 8, PIECE, b"0\r\n\r\n")
        response = cluster.post("/", b"{}")
        exchange = await response.__aenter__()
        assert await anext(exchange) == b"piece"
        names.answer = [TWO]
        await until(lambda: addresses(cluster) == [TWO])
        for _ in range(10):
            assert await ask(cluster) == b"ok"
        assert len(one.requests) == 1
        assert await exchange.read(100) == b"piece"
        await response.__aexit__(None, None, None)
        await until(lambda: one.connections == 0)
        assert len(two.requests) == 10


async def test_idle_connections_to_an_address_that_has_gone_are_closed() -> None:
    names = Names(ONE, TWO)
    async with hosts(ONE, TWO) as (one, two), found(names, one.port) as cluster:
        for _ in range(20):
            await ask(cluster)
        names.answer = [TWO]
        await until(lambda: one.connections == 0)
        assert two.connections > 0


async def test_closing_ends_what_still_runs_at_addresses_that_have_gone() -> None:
    names = Names(ONE)
    async with hosts(ONE, TWO) as (one, _), found(names, one.port) as cluster:
        one.act = drip
        asking = asyncio.ensure_future(ask(cluster))
        await until(lambda: one.requests)
        names.answer = [TWO]
        await until(lambda: addresses(cluster) == [TWO])
        await cluster.aclose()
        with pytest.raises(BackendUnavailable):
            await asking
        await until(lambda: one.connections == 0)


async def test_labels_are_used_again() -> None:
    names = Names(ONE, TWO)
    async with found(names, 1) as cluster:
        labels = set()
        for last in range(3, 30):
            names.answer = [ONE, f"127.0.0.{last}"]
            await until(lambda: addresses(cluster) == names.answer)
            labels |= {each.label for each in cluster.endpoints}
        assert len(labels) <= 3


@pytest.mark.parametrize("failure", [OSError("no name server"), socket.gaierror(-2, "unknown"), (), None])
async def test_a_lookup_that_fails_changes_nothing_and_is_counted(failure: Any) -> None:
    names = Names(ONE)
    async with hosts(ONE) as (one,), found(names, one.port, connect_timeout=0.1) as cluster:
        names.answer = failure
        await until(lambda: cluster.failed_lookups >= 2)
        assert addresses(cluster) == [ONE]
        assert await ask(cluster) == b"ok"


async def test_a_host_that_is_not_known_yet() -> None:
    names = Names()
    async with hosts(ONE) as (one,), found(names, one.port) as cluster:
        with pytest.raises(BackendUnavailable, match=r"^checkpoint 'test': no address of it is known$") as caught:
            await ask(cluster)
        assert caught.value.retry_after == 0.05
        with pytest.raises(BackendUnavailable, match="no address"):
            await cluster.check()
        names.answer = [ONE]
        await until(lambda: cluster.endpoints)
        assert await ask(cluster) == b"ok"


async def test_health_checks_come_and_go_with_the_replicas() -> None:
    names = Names(ONE)
    async with hosts(ONE, TWO) as (one, two), found(names, one.port, health="several") as cluster:
        await asyncio.sleep(0.2)
        assert one.checks == 0
        names.answer = [ONE, TWO]
        await until(lambda: one.checks > 2 and two.checks > 2)
        names.answer = [ONE]
        await until(lambda: addresses(cluster) == [ONE])
        await asyncio.sleep(0.1)
        before = one.checks, two.checks
        await asyncio.sleep(0.2)
        assert (one.checks, two.checks) == before


async def test_a_sick_replica_that_is_left_alone_with_the_requests_gets_them() -> None:
    """It is no longer checked then, so nothing would say that it is well."""
    names = Names(ONE, TWO)
    async with hosts(ONE, TWO) as (one, _), found(names, one.port, health="several") as cluster:
        one.health = status(503)
        await until(lambda: cluster.endpoints[0].healthy is False and cluster.endpoints[1].healthy)
        names.answer = [ONE]
        await until(lambda: addresses(cluster) == [ONE])
        assert await ask(cluster) == b"ok"


async def test_only_so_many_addresses_are_taken() -> None:
    async with found(Names(*(f"127.0.1.{number}" for number in range(200))), 1) as cluster:
        assert len(cluster.endpoints) == MAX_ADDRESSES


async def test_an_address_that_is_said_twice_is_one_endpoint() -> None:
    async with found(Names(ONE, TWO, ONE), 1) as cluster:
        assert addresses(cluster) == [ONE, TWO]


async def test_the_system_is_asked() -> None:
    assert await resolve("localhost", 80) == ["127.0.0.1"]
    assert await resolve("::1", 80) == ["::1"]
    with pytest.raises(OSError, match=r".+"):
        await resolve("engine.invalid", 80)


async def test_a_literal_address_is_one_endpoint() -> None:
    async with replicas(1) as (one,), cluster_of(one.url, discovery="dns") as cluster:
        assert addresses(cluster) == ["127.0.0.1"]
        assert await ask(cluster) == b"ok"


async def test_the_certificate_is_asked_for_the_host_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={HOST}"
    options = ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *options], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    named: list[str] = []
    context.sni_callback = lambda _, name, __: named.append(name)
    replica = Replica()
    await replica.start(ssl=context)
    try:
        url = f"https://{HOST}:{replica.port}"
        async with cluster_of(url, resolver=Names(ONE), discovery="dns") as cluster:
            assert await ask(cluster) == b"ok"
        async with cluster_of(url.replace(HOST, "other.test"), resolver=Names(ONE), discovery="dns") as cluster:
            with pytest.raises(BackendUnavailable, match="no TLS connection") as caught:
                await ask(cluster)
            assert "other.test" not in str(caught.value)
            assert "not valid for 'other.test'" in caplog.text
    finally:
        await replica.stop()
    assert named[0] == HOST
