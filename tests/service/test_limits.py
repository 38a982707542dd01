"""Rate limits: in memory and in a real Redis, by the same tests."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from service import limits
from service.auth import Client
from service.config import RateLimits
from service.errors import LimiterUnavailable, RequestsLimited, TokensLimited
from service.limits import Buckets, Limiter, LocalBuckets, RedisBuckets, estimated_tokens
from service.metrics import Metrics
from service.schema import Sampling


class Redis:
    """A Redis server on loopback, which can be stopped and started again."""

    def __init__(self, program: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(self._command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        assert any("Ready to accept connections" in line for line in self.process.stdout)

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def redis(tool: Callable[[str], str], tmp_path: Path) -> Iterator[Redis]:
    server = Redis(tool("redis-server"), tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["local", "redis"])
async def buckets(request: pytest.FixtureRequest) -> AsyncGenerator[Buckets, None]:
    async with AsyncExitStack() as stack:
        made: Buckets = LocalBuckets()
        if request.param == "redis":
            made = RedisBuckets(request.getfixturevalue("redis").url, timeout=5)
        stack.push_async_callback(made.aclose)
        yield made


def limiter(buckets: Buckets, **settings: str) -> Limiter:
    return Limiter(buckets, RateLimits(**settings), Metrics(CollectorRegistry()))


def client(requests: int | None = None, tokens: int | None = None, id: str = "1") -> Client:
    return Client(id, "app", frozenset(), requests_per_minute=requests, tokens_per_minute=tokens)


async def test_who_has_no_limit_is_asked_for_nothing(buckets: Buckets) -> None:
    assert await limiter(buckets).charge(client(), 10**9) == ()


async def test_a_minute_s_worth_at_once_and_then_no_more(buckets: Buckets) -> None:
    limited = limiter(buckets)
    left = [dict(await limited.charge(client(7), 1))[b"x-ratelimit-remaining-requests"] for _ in range(7)]
    assert left == [b"6", b"5", b"4", b"3", b"2", b"1", b"0"]
    with pytest.raises(RequestsLimited, match="7 requests a minute; try again in") as caught:
        await limited.charge(client(7), 1)
    assert caught.value.retry_after is not None
    assert 7 < caught.value.retry_after < 60 / 7 + 0.1
    headers = dict(caught.value.headers)
    assert headers[b"x-ratelimit-limit-requests"] == b"7"
    assert headers[b"x-ratelimit-remaining-requests"] == b"0"
    assert headers[b"x-ratelimit-reset-requests"].startswith((b"1m0s", b"59."))
    assert set(headers) == {f"x-ratelimit-{each}-requests".encode() for each in ("limit", "remaining", "reset")}
    await limited.charge(client(7, id="2"), 1)  # others have a share of their own


async def test_a_bucket_fills_again(buckets: Buckets) -> None:
    limited = limiter(buckets)
    fast = client(600)  # one comes back every tenth of a second
    results = await asyncio.gather(*(limited.charge(fast, 1) for _ in range(1200)), return_exceptions=True)
    assert isinstance(results[-1], RequestsLimited)
    await asyncio.sleep(0.25)
    await limited.charge(fast, 1)
    await limited.charge(fast, 1)


async def test_tokens_are_limited_too_and_who_is_refused_pays_nothing(buckets: Buckets) -> None:
    limited = limiter(buckets)
    mine = client(10, 1000)
    await limited.charge(mine, 900)
    with pytest.raises(TokensLimited, match="1000 tokens a minute; this request counts as 200") as caught:
        await limited.charge(mine, 200)
    assert caught.value.retry_after is not None
    assert 5 < caught.value.retry_after <= 6
    headers = dict(await limited.charge(mine, 50))
    assert headers[b"x-ratelimit-remaining-requests"] == b"8"
    assert headers[b"x-ratelimit-limit-tokens"] == b"1000"
    assert 50 <= int(headers[b"x-ratelimit-remaining-tokens"]) < 60


async def test_a_request_that_can_never_fit_is_told_so(buckets: Buckets) -> None:
    with pytest.raises(TokensLimited, match="ask for fewer") as caught:
        await limiter(buckets).charge(client(None, 100), 101)
    assert caught.value.retry_after is None


async def test_many_at_once_get_no_more_than_there_is(buckets: Buckets) -> None:
    limited = limiter(buckets)
    results = await asyncio.gather(*(limited.charge(client(5), 1) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(each, RequestsLimited) for each in results) == 15


async def test_replicas_share_what_redis_counts(redis: Redis) -> None:
    first, second = RedisBuckets(redis.url, timeout=5), RedisBuckets(redis.url, timeout=5)
    await limiter(first).charge(client(2), 1)
    await limiter(second).charge(client(2), 1)
    with pytest.raises(RequestsLimited):
        await limiter(first).charge(client(2), 1)
    await first.aclose()
    await second.aclose()


async def test_redis_dies_in_the_middle_and_comes_back(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAUSE_SECONDS", 0.2)
    metrics = Metrics(CollectorRegistry())
    buckets = RedisBuckets(redis.url, timeout=1)
    let_in = Limiter(buckets, RateLimits(on_failure="open"), metrics)
    kept_out = Limiter(buckets, RateLimits(on_failure="shut"), metrics)
    assert await let_in.charge(client(1000), 1)
    redis.stop()
    for _ in range(3):
        assert await let_in.charge(client(1000), 1) == ()
    with pytest.raises(LimiterUnavailable) as caught:
        await kept_out.charge(client(1000), 1)
    assert caught.value.retry_after == 0.2
    assert metrics.registry.get_sample_value("dragoman_rate_limiter_failures_total") == 4
    redis.start()
    await asyncio.sleep(0.25)
    headers = dict(await kept_out.charge(client(1000), 1))
    assert headers[b"x-ratelimit-remaining-requests"] == b"999"
    await buckets.aclose()


async def test_a_redis_that_does_not_answer_is_waited_for_once() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        buckets = RedisBuckets(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", timeout=0.05)
        limited = limiter(buckets, on_failure="open")
        loop = asyncio.get_running_loop()
        begun = loop.time()
        for _ in range(50):
            assert await limited.charge(client(1), 1) == ()
        assert loop.time() - begun < 50 * 0.05 / 2
        await buckets.aclose()


async def test_full_buckets_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_BUCKETS", 3)
    buckets = LocalBuckets()
    for number in range(3):
        await buckets.take(str(number), 0.001, 0)
    await buckets.take("busy", 50, 0)
    await asyncio.sleep(0.01)
    for number in range(3, 9):
        await buckets.take(str(number), 0.001, 0)
        await asyncio.sleep(0.002)
    assert len(buckets._full_at) <= 3
    assert (await buckets.take("busy", 50, 0)).fits is False


@pytest.mark.parametrize(
    ("sampling", "size", "tokens"),
    [
        (Sampling(max_tokens=100), 40, 100),
        (Sampling(max_tokens=100, n=3), 40, 300),
        (Sampling(max_tokens=5), 401, 101),
        (Sampling(), 400, 100),
    ],
)
def test_tokens_are_estimated_as_openai_documents_it(sampling: Sampling, size: int, tokens: int) -> None:
    assert estimated_tokens(sampling, size) == tokens


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0ms"), (0.12, "120ms"), (0.9996, "1s"), (8.64, "8.64s"), (59.9999, "1m0s"), (90.951, "1m30.951s")],
)
def test_times_are_written_as_openai_writes_them(seconds: float, written: str) -> None:
    assert limits._duration(seconds) == written
