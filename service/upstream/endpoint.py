"""One replica of a checkpoint."""

from __future__ import annotations

import asyncio
import logging
from hashlib import blake2b

from ..config import CircuitBreaker, HealthChecks
from ..errors import BackendError
from .breaker import Breaker, State
from .pool import Pool

log = logging.getLogger(__name__)


class Endpoint:
    """The connections to one engine, how many requests it is at (``in_flight``), and what is known of its health.

    ``label`` names it in metrics and ``place`` in log lines; ``address`` is its IP address where that was looked up.
    ``healthy`` is what its health checks say so far (None: nothing), ``problem`` what was wrong at the last one, and
    ``answers`` whether it said anything then but that it is not up.
    """

    __slots__ = (
        "_key", "_streak", "address", "answers", "breaker", "checking", "ejections", "healthy", "in_flight", "label",
        "place", "pool", "probing", "problem", "timer",
    )  # fmt: skip

    def __init__(self, pool: Pool, label: str, place: str, breaker: CircuitBreaker, address: str = "") -> None:
        self.pool = pool
        self.label = label
        self.place = place
        self.address = address
        self.in_flight = 0
        self.breaker = Breaker(breaker)
        self.ejections = 0  # so far
        self.probing = False  # a request is trying the half-open breaker
        self.timer: asyncio.TimerHandle | None = None  # fires when the breaker's pause is over
        self.checking: asyncio.Task[None] | None = None
        self.healthy: bool | None = None
        self.answers = True
        self.problem = ""
        self._streak = 0
        self._key = blake2b(place.encode(), digest_size=16).digest()

    @property
    def up(self) -> bool:
        """Whether nothing says that it cannot answer."""
        return self.healthy is not False and self.breaker.state is not State.OPEN

    def weight(self, affinity: bytes) -> bytes:
        """Its place in the order of endpoints that ``affinity`` has: rendezvous hashing (Thaler and Ravishankar, 1998).
        Every gateway finds the same order, and an endpoint that comes or goes moves its own keys alone."""
        return blake2b(affinity, key=self._key, digest_size=8).digest()

    def observe(self, healthy: bool, settings: HealthChecks) -> bool:
        """A health check has ended. Returns whether that changes something: the first one may, and later ones when
        so many in a row say so."""
        before = self.healthy
        if before is not None:
            self._streak = self._streak + 1 if healthy is not before else 0
            if self._streak < (settings.healthy_after if healthy else settings.unhealthy_after):
                return False
        self.healthy, self._streak = healthy, 0
        return healthy is (before is False)

    def log(self, error: BackendError) -> None:
        """A line for whoever runs the gateway: ``error`` with what callers are not told, where and why exactly."""
        log.warning("%s [%s] %s", error, self.place, error.__cause__ or "")

    def stop_checking(self) -> asyncio.Task[None] | None:
        """Forget its health. Returns the task that is being cancelled."""
        task, self.checking, self.healthy = self.checking, None, None
        if task is not None:
            task.cancel()
        return task

    def cancel_timer(self) -> None:
        """The breaker's pause is over, or of no interest."""
        if self.timer is not None:
            self.timer.cancel()
