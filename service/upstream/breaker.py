"""When an endpoint has failed so often that it is better left alone for a while.

closed ── failures ──▶ open ── a pause ──▶ half-open ── the probe ends well ──▶ closed
                        ▲───────────────────── or not ────┘

After M. Nygard's circuit breaker ("Release It!") and Envoy's outlier detection. Whoever owns it keeps the clock.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import StrEnum
from math import inf

from ..config import CircuitBreaker

MAX_DOUBLINGS = 16


class State(StrEnum):
    """``CLOSED`` lets every request through, ``HALF_OPEN`` one as a probe, ``OPEN`` none."""

    CLOSED = "closed"
    HALF_OPEN = "half_open"
    OPEN = "open"


class Breaker:
    """The breaker of one endpoint; ``draw`` gives uniform numbers in [0, 1).

    A failure is ``silent`` when nothing at all was heard of the engine: no connection, or no head of a response.
    ``silent`` says of a breaker that is not closed that it opened after such failures alone. ``term`` is another number
    in every state, so that a request knows whether the breaker has changed since it began.
    """

    __slots__ = (
        "_closed_at", "_draw", "_failures", "_mask", "_openings", "_results", "_settings", "_silences", "silent",
        "state", "term", "until",
    )  # fmt: skip

    def __init__(self, settings: CircuitBreaker, draw: Callable[[], float] = random.random) -> None:
        self.state = State.CLOSED
        self.silent = False
        self.term = 0
        self.until = 0.0  # when the pause is over
        self._settings = settings
        self._draw = draw
        self._mask = (1 << settings.window) - 1
        self._openings = 0  # in a row
        self._closed_at = -inf
        self._failures = self._silences = 0  # in a row
        self._results = 0  # of the last requests, one bit each, set for a failure

    def succeed(self) -> None:
        """A request ended well."""
        self._failures = self._silences = 0
        self._results = self._results << 1 & self._mask

    def fail(self, silent: bool) -> bool:
        """A request failed. Returns whether that is once too often; ``silent`` then says on which grounds."""
        if self.state is State.HALF_OPEN:
            self.silent = silent
            return True
        self._failures += 1
        self._silences = self._silences + 1 if silent else 0
        self._results = (self._results << 1 | 1) & self._mask
        limit = self._settings.consecutive_failures
        self.silent = self._silences >= limit
        # What the window has not seen yet counts as good.
        rate = self._results.bit_count() / self._settings.window
        return self._failures >= limit or rate >= self._settings.failure_rate > 0

    def open(self, now: float) -> float:
        """Open, and return the pause in seconds: twice the last one and up to half as long again, so that gateways do
        not come back all at once."""
        if self.state is State.CLOSED and now - self._closed_at > self._settings.max_pause:
            self._openings = 0
        pause = min(self._settings.max_pause, self._settings.pause * 2.0**self._openings) * (1 + self._draw() / 2)
        self._openings = min(self._openings + 1, MAX_DOUBLINGS)
        self._become(State.OPEN)
        self.until = now + pause
        return pause

    def half_open(self) -> None:
        """The pause is over."""
        self._become(State.HALF_OPEN)

    def close(self, now: float) -> None:
        """The probe ended well."""
        self._become(State.CLOSED)
        self._closed_at = now
        self._failures = self._silences = self._results = 0

    def _become(self, state: State) -> None:
        self.state = state
        self.term += 1
