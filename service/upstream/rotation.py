"""Which endpoints get requests at the moment, and what makes that change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from ..config import CircuitBreaker
from ..errors import BackendError
from .balancing import choose
from .breaker import State
from .endpoint import Endpoint

log = logging.getLogger(__name__)


class Rotation:
    """The endpoints of one cluster, called ``name`` in log lines, and of them those that get requests: healthy ones
    with a closed breaker. A half-open one gets a single request as a probe, before any other has its turn.

    The sorting is done when something changes, so that a request does not have to.
    """

    def __init__(self, name: str, settings: CircuitBreaker) -> None:
        self.endpoints: tuple[Endpoint, ...] = ()
        self._name = name
        self._settings = settings
        self._in: list[Endpoint] = []
        self._to_probe: list[Endpoint] = []

    def replace(self, endpoints: Sequence[Endpoint]) -> None:
        """From now on these are the endpoints."""
        for each in self.endpoints:
            if each not in endpoints:
                each.cancel_timer()
        self.endpoints = tuple(endpoints)
        self.sort()

    def sort(self) -> None:
        """Find out anew which endpoints get requests, after one of them has changed."""
        closed = [each for each in self.endpoints if each.breaker.state is State.CLOSED]
        self._in = [each for each in closed if each.healthy is not False]
        if len(self._in) < (1 - self._settings.max_ejected) * len(self.endpoints):
            # So many are out that it may be the health checks that are wrong: Envoy's panic threshold.
            self._in = [each for each in closed if each.healthy is not False or each.answers]
        if not self._in:  # nothing is better than an engine that answers now and then
            self._in = [each for each in self.endpoints if each.healthy is not False and not each.breaker.silent]
        self._to_probe = [
            each
            for each in self.endpoints
            if each.breaker.state is State.HALF_OPEN and not each.probing and each.healthy is not False
        ]

    def take(self, affinity: bytes | None, tried: Sequence[Endpoint]) -> Endpoint | None:
        """The endpoint whose turn it is, not one of those ``tried`` if there is another; None when all are out."""
        if self._to_probe:
            return self._to_probe[0]
        if len(self._in) > 1:
            return choose([each for each in self._in if each not in tried] or self._in, affinity)
        return self._in[0] if self._in else None

    def has_others(self, tried: Sequence[Endpoint] = ()) -> bool:
        """Whether an endpoint gets requests that was not ``tried``."""
        return any(each not in tried for each in (*self._in, *self._to_probe))

    def probe(self, endpoint: Endpoint) -> None:
        """A request is on its way to a half-open endpoint."""
        endpoint.probing = True
        self.sort()

    def answered(self, endpoint: Endpoint, term: int) -> None:
        """The head of a response came from an endpoint whose breaker is not closed. If all that was wrong was that it
        did not say a word, that is over; a reply may take minutes, and others need not wait for its end."""
        if endpoint.breaker.silent and endpoint.breaker.term == term:
            self.probed(endpoint, True)

    def probed(self, endpoint: Endpoint, good: bool) -> None:
        """The probe of a half-open endpoint did not fail: it was ``good``, or called off."""
        endpoint.probing = False
        if good:
            endpoint.breaker.close(asyncio.get_running_loop().time())
            endpoint.cancel_timer()
            log.warning("%s gets requests again [%s]", self._name, endpoint.place)
        self.sort()

    def failed(self, endpoint: Endpoint, error: BackendError, *, silent: bool, term: int) -> None:
        """A request failed, in a way that is the engine's fault."""
        endpoint.log(error)
        breaker = endpoint.breaker
        if breaker.term != term or endpoint not in self.endpoints:
            return
        if breaker.state is State.OPEN:  # asked for want of a better one
            return
        trial = breaker.state is State.HALF_OPEN
        if breaker.fail(silent) and (trial or breaker.silent or self._may_eject()):
            self._eject(endpoint)

    def health_changed(self, endpoint: Endpoint) -> None:
        """``endpoint.healthy`` is another. An engine that speaks again need not wait for the end of the pause."""
        log.warning("%s [%s]", endpoint.problem or f"{self._name} is healthy", endpoint.place)
        if endpoint.healthy and endpoint.breaker.silent and endpoint.breaker.state is State.OPEN:
            self._half_open(endpoint)
        else:
            self.sort()

    def pause(self) -> float | None:
        """Seconds until the first breaker is half-open; None when none is open."""
        open_until = [each.breaker.until for each in self.endpoints if each.breaker.state is State.OPEN]
        return max(min(open_until) - asyncio.get_running_loop().time(), 0.0) if open_until else None

    def _may_eject(self) -> bool:
        """Of endpoints that do answer only so many are taken out, as by Envoy's ``max_ejection_percent``: when all of
        them fail, it is the requests, or something behind all of them, and their own errors are as good as ours."""
        out = len(self.endpoints) - len(self._in)
        return out + 1 <= self._settings.max_ejected * len(self.endpoints)

    def _eject(self, endpoint: Endpoint) -> None:
        loop = asyncio.get_running_loop()
        pause = endpoint.breaker.open(loop.time())
        endpoint.ejections += 1
        endpoint.probing = False
        endpoint.timer = loop.call_later(pause, self._half_open, endpoint)
        log.warning("%s gets no requests for %.1f s [%s]", self._name, pause, endpoint.place)
        self.sort()

    def _half_open(self, endpoint: Endpoint) -> None:
        endpoint.cancel_timer()
        endpoint.breaker.half_open()
        self.sort()
