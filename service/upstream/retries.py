"""How often a request may be tried again, and when.

Retries multiply the load of engines that have too much of it already. So they come out of a budget that requests pay
into, after Finagle's ``RetryBudget`` (https://finagle.github.io/blog/2016/02/08/retry-budgets) and gRPC's retry
throttling (https://github.com/grpc/proposal/blob/master/A6-client-retries.md): however many requests fail, retries add
a fixed share to the load and no more.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

MAX_TOKENS = 10.0
"""Retries that can be saved up. Finagle lets what was paid in expire after ten seconds; a small purse does as much, and
needs no clock."""
MAX_RETRY_AFTER = 3600.0
"""Seconds; an engine that wants to be left alone for longer is not taken at its word."""


class RetryBudget:
    """``share`` of a retry for every request, and ``floor`` retries a second, so that seldom requests have some too.

    ``now`` is the time on any clock, in seconds.
    """

    __slots__ = ("_floor", "_share", "_since", "_tokens")

    def __init__(self, share: float, floor: float) -> None:
        self._share = share
        self._floor = floor
        self._tokens = MAX_TOKENS
        self._since = 0.0

    def deposit(self) -> None:
        """A request begins."""
        if self._tokens < MAX_TOKENS:
            self._tokens += self._share

    def withdraw(self, now: float) -> bool:
        """Pay for one retry, if there is enough."""
        self._tokens = min(MAX_TOKENS, self._tokens + (now - self._since) * self._floor)
        self._since = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def backoff(retry: int, pause: float, draw: Callable[[], float] = random.random) -> float:
    """Seconds before retry number ``retry``, counted from 0, at the same endpoint: ``pause``, doubled every time, and
    half of that up to all of it by chance ("equal jitter"), so that those refused together do not come back together.

    https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter
    """
    return pause * 2.0**retry * (1 + draw()) / 2


def retry_after(value: bytes | None) -> float | None:
    """Seconds from now that a ``Retry-After`` header names (RFC 9110, 10.2.3: a number of seconds, or a date)."""
    if value is None or len(value) > 64:
        return None
    if value.isdigit():
        return min(float(value), MAX_RETRY_AFTER)
    try:
        date = parsedate_to_datetime(value.decode("ascii"))
        return min(max(date.timestamp() - time.time(), 0.0), MAX_RETRY_AFTER)
    except (ValueError, OverflowError):
        return None
