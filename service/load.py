"""How many requests are answered at once, and who waits for a place: first come, first served.

A gateway that takes on more than it can do answers everybody late; one that refuses what it cannot do answers the rest
in time, and says when to come back. A request is refused before its body is read where that can be known.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from types import TracebackType

from .config import Limits
from .errors import Headers, Overloaded
from .metrics import Metrics


class Places:
    """``limit`` places, and ``max_waiting`` who may wait for one."""

    def __init__(self, limit: int, max_waiting: int) -> None:
        self._places = asyncio.Semaphore(limit)  # serves in the order of arrival; a waiter who is cancelled leaves
        self._max_waiting = max_waiting
        self.waiting = 0

    @property
    def is_taken(self) -> bool:
        """Whether who comes now has to wait."""
        return self._places.locked()

    @property
    def is_full(self) -> bool:
        """Whether who comes now cannot even wait."""
        return self.waiting >= self._max_waiting and self.is_taken

    async def take(self) -> None:
        """Take a place when it is one's turn."""
        if not self.is_taken:
            await self._places.acquire()
            return
        self.waiting += 1
        try:
            await self._places.acquire()
        finally:
            self.waiting -= 1

    def give_back(self) -> None:
        """Let the next one have the place."""
        self._places.release()


class Permit:
    """The places of one request, given back at the end of the block. ``headers`` go out with the answer."""

    __slots__ = ("_places", "headers")

    def __init__(self, places: Iterable[Places], headers: Headers) -> None:
        self._places = places
        self.headers = headers

    def __enter__(self) -> Permit:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for places in self._places:
            places.give_back()


class Load:
    """The places of the gateway, and of each model that has a limit of its own (``models``: name to places)."""

    def __init__(self, limits: Limits, models: Mapping[str, int], metrics: Metrics) -> None:
        everyone = Places(limits.max_in_flight, limits.max_waiting)
        own = {model: Places(limit, limits.max_waiting) for model, limit in models.items()}
        for model, places in {"": everyone, **own}.items():
            metrics.waiting.labels(model).set_function(partial(getattr, places, "waiting"))
        self._everyone = (everyone,)
        # The model's first: who waits for a busy model must not keep a place from the others.
        self._wanted = {model: (places, everyone) for model, places in own.items()}
        self._seconds = limits.max_wait_seconds
        self._full = metrics.shed.labels("queue_full")
        self._late = metrics.shed.labels("queue_timeout")

    def check(self) -> None:
        """Pass unless it is certain that a request cannot be taken on, whatever it is.

        Raises:
            Overloaded: the gateway has no place, and no room to wait for one.
        """
        if self._everyone[0].is_full:
            raise self._refusal()

    async def take(self, model: str) -> tuple[Places, ...]:
        """Places for one request, to be given back.

        Raises:
            Overloaded: there is no room to wait for one, or none came free in time.
        """
        wanted = self._wanted.get(model, self._everyone)
        if any(places.is_taken for places in wanted):
            await self._wait(wanted)
        else:
            for places in wanted:
                await places.take()
        return wanted

    async def _wait(self, wanted: tuple[Places, ...]) -> None:
        taken: list[Places] = []
        try:
            async with asyncio.timeout(self._seconds):
                for places in wanted:
                    if places.is_full:
                        raise self._refusal()
                    await places.take()
                    taken.append(places)
        except BaseException as error:
            for places in taken:
                places.give_back()
            if isinstance(error, TimeoutError):
                self._late.inc()
                raise Overloaded(
                    f"no place came free in {self._seconds:g} s: too much is being answered", retry_after=self._seconds
                ) from None
            raise

    def _refusal(self) -> Overloaded:
        self._full.inc()
        return Overloaded("too many requests are being answered and waiting", retry_after=self._seconds)
