"""What the door costs a request that is let in: ``python -m bench.admission [--redis URL]``.

Headers are looked at, the API key is looked up, the body's nesting is checked, limits are charged, places are taken and
given back. CPU time of that alone, as it is lost in the noise of ``bench.gateway``; the best of many rounds.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from time import process_time

import msgspec
import uvloop
from prometheus_client import CollectorRegistry

from service.admission import Admission
from service.auth import Keyring, Scope
from service.commands.keys import create
from service.config import Limits, RateLimits
from service.errors import Headers
from service.handlers.http import check_nesting
from service.limits import Buckets, Limiter, LocalBuckets, RedisBuckets
from service.load import Load
from service.metrics import Metrics
from service.schema import ChatRequest

BODY = b'{"model": "m", "stream": false, "messages": [{"role": "user", "content": "Warum ist der Himmel blau?"}]}'
NAMES = ("host", "user-agent", "accept", "accept-encoding", "connection", "content-type", "content-length")
ROUNDS, REQUESTS = 30, 2000


async def main() -> None:
    """Measure without keys, with one, and with one that has limits, in memory and in a Redis if one is named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--redis", metavar="URL", help="also count there")
    redis = parser.parse_args().redis
    with tempfile.TemporaryDirectory() as folder:
        keys = Path(folder) / "keys.json"
        limits = {"requests_per_minute": 10**9, "tokens_per_minute": 10**12}
        _, free = create(keys, "free", {"scopes": ["infer"]})
        _, limited = create(keys, "limited", {"scopes": ["infer"], **limits})
        keyring = Keyring(keys)
    await show("no keys", admission(None, LocalBuckets()), "")
    await show("a key", admission(keyring, LocalBuckets()), free)
    await show("a key with limits", admission(keyring, LocalBuckets()), limited)
    if redis is not None:
        buckets = RedisBuckets(redis, timeout=1.0)
        await show("the same, counted in Redis", admission(keyring, buckets), limited)
        await buckets.aclose()


def admission(keyring: Keyring | None, buckets: Buckets) -> Admission:
    """A door like the gateway's."""
    metrics, limits = Metrics(CollectorRegistry()), Limits()
    return Admission(keyring, Limiter(buckets, RateLimits(), metrics), Load(limits, {}, metrics), limits, metrics)


async def show(what: str, door: Admission, key: str) -> None:
    """Measure, and print a line."""
    headers = [(name.encode(), b"x") for name in NAMES] + [(b"authorization", b"Bearer " + key.encode())]
    print(f"{what}: {await cost(door, headers):.1f} µs")


async def cost(door: Admission, headers: Headers) -> float:
    """µs for one request."""
    return min([await one_round(door, headers) for _ in range(ROUNDS)])


async def one_round(door: Admission, headers: Headers) -> float:
    """µs for one request, on average."""
    request = msgspec.json.decode(BODY, type=ChatRequest)
    begun = process_time()
    for _ in range(REQUESTS):
        client = door.enter(headers, Scope.INFER)
        check_nesting(BODY, door.limits.max_nesting)
        with await door.admit(client, request, len(BODY)):
            pass
    return (process_time() - begun) / REQUESTS * 1e6


if __name__ == "__main__":
    uvloop.run(main())
