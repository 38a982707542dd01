"""One request to a cluster: one try as a rule, more when an engine did not begin to answer it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from ..errors import BackendBroken, BackendError, BackendTimeout, BackendUnavailable, DragomanError
from .breaker import State
from .exchange import Exchange
from .pool import Pool
from .refusal import refusal
from .retries import backoff, retry_after

if TYPE_CHECKING:
    from .cluster import Cluster
    from .endpoint import Endpoint
    from .rotation import Rotation

REFUSALS = frozenset((429, 503))
"""By these an engine says that it did nothing, and that another time or another engine may do."""
FAILURES = (BackendUnavailable, BackendBroken, BackendTimeout)
"""Errors that are the engine's own. What the caller did wrong, and being out of room (429), are not."""

MakeExchange = Callable[[Pool, float | None], Exchange]
"""The request, made for one endpoint's pool, to be over at a time on the loop's clock; None: the total timeout's."""


class Try:
    """One try, at one endpoint. It counts as in flight from the beginning until it has ended, which it does once."""

    __slots__ = ("_rotation", "_term", "endpoint", "exchange")

    def __init__(self, rotation: Rotation, endpoint: Endpoint, exchange: Exchange) -> None:
        self.endpoint = endpoint
        self.exchange = exchange
        self._rotation = rotation
        self._term = endpoint.breaker.term
        endpoint.in_flight += 1
        if endpoint.breaker.state is not State.CLOSED:
            rotation.probe(endpoint)

    async def ask(self) -> Exchange:
        """Send the request and wait for the head of the response; whatever that raises ends the try."""
        try:
            await self.exchange.__aenter__()
        except BaseException as error:
            self._end(error)
            raise
        if self.endpoint.breaker.state is not State.CLOSED:
            self._rotation.answered(self.endpoint, self._term)
        return self.exchange

    async def begin(self) -> Exchange:
        """The same, and wait for the first byte of the body as well."""
        response = await self.ask()
        try:
            await response.begun()
        except BaseException as error:
            self.leave(error)
            raise
        return response

    def leave(self, error: BaseException | None) -> None:
        """The response was read, or is of no more interest because of ``error``. This ends the try."""
        self.exchange.leave(error)
        self._end(error)

    def refused(self) -> None:
        """The response says no. This ends the try; the connection is kept."""
        self.exchange.finish()
        self.exchange.leave()
        self._end(refusal(self.endpoint.pool.name, self.exchange.status, None))

    def _end(self, error: BaseException | None) -> None:
        """What is learnt of the endpoint depends on how it went: of a request that was called off, nothing; and of one
        that began before the breaker changed nothing that the breaker does not know."""
        endpoint = self.endpoint
        endpoint.in_flight -= 1
        if isinstance(error, FAILURES):
            self._rotation.failed(endpoint, error, silent=not self.exchange.status, term=self._term)
        elif self._term == endpoint.breaker.term:
            good = error is None or isinstance(error, DragomanError)
            if endpoint.breaker.state is not State.CLOSED:
                self._rotation.probed(endpoint, good)
            elif good:
                endpoint.breaker.succeed()


class Call:
    """``async with`` gives the response, of the first endpoint that answers.

    It raises what ``Pool.post`` raises, and BackendUnavailable at once when every endpoint is known to be out. Errors,
    those raised inside the block included, get the ``retry_after`` that the engine sent.

    A request is tried again only when nothing of it was sent, or when the engine refused it (``REFUSALS``): at another
    endpoint at once, or else at the same one after a pause. All tries together last no longer than the total timeout.
    """

    __slots__ = ("_affinity", "_cluster", "_current", "_make")

    def __init__(self, cluster: Cluster, make: MakeExchange, affinity: bytes | None) -> None:
        self._cluster = cluster
        self._make = make
        self._affinity = affinity
        self._current: Try

    async def __aenter__(self) -> Exchange:
        self._cluster.budget.deposit()
        tried: list[Endpoint] = []
        retry = 0
        unsent = await self._try(tried, None)
        while unsent is not None or self._current.exchange.status in REFUSALS:
            last = self._current
            tried.append(last.endpoint)
            pause = self._pause(tried, retry)
            if pause is None:
                break
            if unsent is None:
                last.refused()
            if pause:
                await asyncio.sleep(pause)
                tried.clear()
            retry += 1
            unsent = await self._try(tried, last.exchange.ends)
        if unsent is not None:
            raise unsent
        return self._current.exchange

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, BackendError) and error.retry_after is None:
            error.retry_after = retry_after(self._current.exchange.headers.get(b"retry-after"))
        self._current.leave(error)

    async def _try(self, tried: list[Endpoint], ends: float | None) -> BackendError | None:
        """One try; returns the error when nothing was sent, and raises it when something was."""
        first = self._current = self._cluster.begin(self._make, ends, self._affinity, tried)
        hedge_after = self._cluster.retries.hedge_after
        try:
            if hedge_after is None:
                await first.ask()
            else:
                self._current = await _race(first, hedge_after, self._hedge)
        except BackendError as error:
            if first.exchange.sent:
                raise
            return error
        return None

    def _hedge(self) -> Try | None:
        """A second try beside the first, at another endpoint, if there is one and the budget has room."""
        first = self._current
        tried = [first.endpoint]
        if not self._cluster.rotation.has_others(tried) or not self._cluster.may_retry():
            return None
        self._cluster.hedged += 1
        return self._cluster.begin(self._make, first.exchange.ends, self._affinity, tried)

    def _pause(self, tried: list[Endpoint], retry: int) -> float | None:
        """Seconds before the next try; None when there is to be none."""
        cluster, exchange = self._cluster, self._current.exchange
        if retry >= cluster.retries.limit:
            return None
        pause = 0.0
        if not cluster.rotation.has_others(tried):
            asked = retry_after(exchange.headers.get(b"retry-after")) or 0.0
            if asked > cluster.retries.max_pause or not cluster.rotation.has_others():
                return None
            pause = asked + backoff(retry, cluster.retries.pause)
        in_time = asyncio.get_running_loop().time() + pause < exchange.ends
        return pause if in_time and cluster.may_retry() else None


async def _race(first: Try, seconds: float, hedge: Callable[[], Try | None]) -> Try:
    """``first``, or the second try that ``hedge`` makes when ``first`` has brought nothing for ``seconds``:
    whichever brings something before the other, which is called off. When neither does, ``first``, with its error.

    J. Dean and L. A. Barroso, "The Tail at Scale" (2013), hedged requests.
    """
    running = {first: asyncio.ensure_future(first.begin())}
    winner: Try | None = None
    try:
        await asyncio.wait(running.values(), timeout=seconds)
        second = None if running[first].done() else hedge()
        if second is not None:
            running[second] = asyncio.ensure_future(second.begin())
        while winner is None and (pending := [task for task in running.values() if not task.done()]):
            await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            winner = next((each for each, task in running.items() if _answered(task)), None)
        winner = winner or first
        await running[winner]
        return winner
    finally:
        # Without waiting: whoever is cancelled here would take a winner along that nobody has left.
        for each, task in running.items():
            if each is not winner:
                _call_off(each, task)


def _answered(task: asyncio.Task[Exchange]) -> bool:
    return task.done() and task.exception() is None and task.result().status not in REFUSALS


def _call_off(loser: Try, task: asyncio.Task[Exchange]) -> None:
    """A try that is still waiting ends itself when it is cancelled."""
    if not task.done():
        task.cancel()
    elif task.exception() is None:
        loser.leave(asyncio.CancelledError())
