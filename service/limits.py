"""What each API key may use in a minute: requests, and tokens.

Token buckets: one holds a minute's worth, and fills again evenly. Instead of its level the moment is kept at which it
will be full: a request moves that moment on by what it takes, and does not fit if that is more than a minute away. (The
generic cell rate algorithm of ITU-T I.371 is the same thing.) A bucket that is full need not be remembered.

A request is charged when it comes, once, as OpenAI documents it: one request, and as many tokens as it may generate or
as its body has by its length, whichever is more. Bytes are counted and not characters, four to a token: texts in other
scripts than Latin have more bytes to a character, and more tokens.
"""

from __future__ import annotations

import asyncio
import logging
from math import floor
from time import monotonic
from typing import TYPE_CHECKING, Protocol

import msgspec

from .auth import Client
from .config import RateLimits
from .errors import Headers, LimiterUnavailable, MissingExtra, RateLimited, RequestsLimited, TokensLimited
from .metrics import Metrics
from .schema import Sampling

if TYPE_CHECKING:
    from redis.asyncio import Redis

MINUTE = 60.0
BYTES_PER_TOKEN = 4
MAX_BUCKETS = 10_000
"""Pairs of buckets that are remembered before the full ones are forgotten."""

MAX_CONNECTIONS = 32
"""To Redis; a script takes less than a millisecond, so more would only wait there."""

PAUSE_SECONDS = 1.0
"""For how long Redis is not asked again after it has failed to answer."""

# Sums of many shares of a minute come out a little over it.
_SLACK = 0.001

log = logging.getLogger(__name__)


class Taken(msgspec.Struct, frozen=True, gc=False):
    """Whether a request fits, and in how many seconds each bucket will be full; what does not fit takes nothing."""

    fits: bool
    requests: float
    tokens: float


class Buckets(Protocol):
    """Two buckets for every API key."""

    async def take(self, key: str, requests: float, tokens: float) -> Taken:
        """Take from the buckets of the key of this id, as seconds that it takes them to fill again.

        Raises:
            ConnectionError: the buckets cannot be reached.
        """

    async def aclose(self) -> None:
        """Let go of connections."""


class LocalBuckets:
    """In this process."""

    def __init__(self) -> None:
        self._full_at: dict[str, tuple[float, float]] = {}

    async def take(self, key: str, requests: float, tokens: float) -> Taken:
        """See ``Buckets``."""
        now = monotonic()
        full_at = self._full_at.get(key, (now, now))
        before = Taken(False, max(0.0, full_at[0] - now), max(0.0, full_at[1] - now))
        after = Taken(True, before.requests + requests, before.tokens + tokens)
        if max(after.requests, after.tokens) > MINUTE + _SLACK:
            return before
        if key not in self._full_at and len(self._full_at) >= MAX_BUCKETS:
            self._full_at = {each: moments for each, moments in self._full_at.items() if max(moments) > now}
        self._full_at[key] = (now + after.requests, now + after.tokens)
        return after

    async def aclose(self) -> None:
        """See ``Buckets``."""


# The same in Redis, by its clock, so that those of the replicas need not agree. Numbers would lose their fraction on
# the way back.
_SCRIPT = f"""
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local full_at = redis.call('HMGET', KEYS[1], 'requests', 'tokens')
local before, after = {{}}, {{}}
for bucket = 1, 2 do
  before[bucket] = math.max((tonumber(full_at[bucket]) or 0) - now, 0)
  after[bucket] = before[bucket] + ARGV[bucket]
end
local function written(seconds) return string.format('%.6f', seconds) end
if math.max(after[1], after[2]) > {MINUTE + _SLACK} then return {{0, written(before[1]), written(before[2])}} end
redis.call('HSET', KEYS[1], 'requests', written(now + after[1]), 'tokens', written(now + after[2]))
redis.call('EXPIRE', KEYS[1], {round(MINUTE) + 1})
return {{1, written(after[1]), written(after[2])}}
"""


class RedisBuckets:
    """In Redis, one for all replicas: one script a request. ``timeout`` is in seconds.

    Raises:
        MissingExtra: the package ``redis`` is not installed.
    """

    def __init__(self, url: str, timeout: float) -> None:
        try:
            from redis import asyncio as redis
            from redis.asyncio.retry import Retry
            from redis.backoff import NoBackoff
        except ModuleNotFoundError:
            raise MissingExtra("rate_limits.redis_url needs the package redis: pip install 'dragoman[redis]'") from None
        self._timeout = timeout
        pool = redis.BlockingConnectionPool.from_url(
            url,
            max_connections=MAX_CONNECTIONS,
            timeout=timeout,
            socket_connect_timeout=timeout,
            socket_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
        )
        self._redis: Redis = redis.Redis.from_pool(pool)
        self._script = self._redis.register_script(_SCRIPT)
        self._failure = redis.RedisError
        self._paused_until = 0.0

    async def take(self, key: str, requests: float, tokens: float) -> Taken:
        """See ``Buckets``. After a failure Redis is left alone for a moment, and nobody waits for it."""
        if monotonic() < self._paused_until:
            raise ConnectionError
        try:
            async with asyncio.timeout(self._timeout):
                fits, *full_in = await self._script(keys=[f"dragoman:limits:{key}"], args=[requests, tokens])
        except (self._failure, OSError, TimeoutError) as error:
            self._paused_until = monotonic() + PAUSE_SECONDS
            log.warning("rate limits cannot be looked up in Redis: %s %s", type(error).__name__, error)
            raise ConnectionError from None
        return Taken(bool(fits), float(full_in[0]), float(full_in[1]))

    async def aclose(self) -> None:
        """See ``Buckets``."""
        await self._redis.aclose()


class Limiter:
    """Holds every client to its limits."""

    def __init__(self, buckets: Buckets, settings: RateLimits, metrics: Metrics) -> None:
        self._buckets = buckets
        self._open = settings.on_failure == "open"
        self._failures = metrics.limiter_failures

    async def charge(self, client: Client, tokens: int) -> Headers:
        """Charge one request of so many tokens; returns headers that say what is left, as OpenAI's API does.

        Raises:
            RateLimited: the client has used up its share.
            LimiterUnavailable: the buckets cannot be reached, and the settings say to refuse then.
        """
        per_minute = client.requests_per_minute, client.tokens_per_minute
        if per_minute == (None, None):
            return ()
        requests = _seconds(1, per_minute[0])
        of_tokens = _seconds(tokens, per_minute[1])
        try:
            taken = await self._buckets.take(client.id, requests, of_tokens)
        except ConnectionError:
            self._failures.inc()
            if not self._open:
                raise LimiterUnavailable("rate limits cannot be looked up now", retry_after=PAUSE_SECONDS) from None
            return ()
        headers = [
            *_headers(b"requests", per_minute[0], taken.requests),
            *_headers(b"tokens", per_minute[1], taken.tokens),
        ]
        if not taken.fits:
            raise _refusal(client, tokens, taken.requests + requests, taken.tokens + of_tokens, headers)
        return headers


def estimated_tokens(sampling: Sampling, size: int) -> int:
    """What a request with a body of ``size`` bytes is charged."""
    return max((sampling.max_tokens or 0) * sampling.n, -(-size // BYTES_PER_TOKEN))


def _seconds(amount: int, per_minute: int | None) -> float:
    """How long it takes a bucket to fill again by so much."""
    return 0.0 if per_minute is None else amount * MINUTE / per_minute


def _refusal(client: Client, tokens: int, requests_full: float, tokens_full: float, headers: Headers) -> RateLimited:
    if requests_full >= tokens_full:
        wait = requests_full - MINUTE
        limit = f"{client.requests_per_minute} requests a minute"
        return RequestsLimited(f"this API key may send {limit}; {_again(wait)}", headers, retry_after=wait)
    limit = f"this API key may use {client.tokens_per_minute} tokens a minute"
    asked = f"this request counts as {tokens} (max_tokens, or the length of its body)"
    if client.tokens_per_minute is not None and tokens > client.tokens_per_minute:
        return TokensLimited(f"{limit}, and {asked}: ask for fewer", headers, retry_after=None)
    wait = tokens_full - MINUTE
    return TokensLimited(f"{limit}; {asked}; {_again(wait)}", headers, retry_after=wait)


def _again(wait: float) -> str:
    return f"try again in {_duration(wait)}"


def _headers(kind: bytes, per_minute: int | None, full_in: float) -> Headers:
    if per_minute is None:
        return ()
    left = max(0, floor((MINUTE + _SLACK - full_in) * per_minute / MINUTE))
    return (
        (b"x-ratelimit-limit-" + kind, b"%d" % per_minute),
        (b"x-ratelimit-remaining-" + kind, b"%d" % left),
        (b"x-ratelimit-reset-" + kind, _duration(full_in).encode()),
    )


def _duration(seconds: float) -> str:
    """A time as OpenAI writes it: 120ms, 8.64s, 1m0s."""
    milliseconds = round(seconds * 1000)
    if milliseconds < 1000:
        return f"{milliseconds}ms"
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{f'{minutes}m' if minutes else ''}{rest / 1000:g}s"
