"""Asking engines for their health, without a request of anybody's at stake."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from ..config import HealthChecks
from ..errors import BackendError, BackendOverloaded, BackendRejected, BackendTimeout, BackendUnavailable
from .breaker import State
from .endpoint import Endpoint
from .pool import Pool
from .rotation import Rotation

Ask = Callable[[Pool], Awaitable[None]]
"""Asks one engine; raises BackendError when it is not well."""


class Health:
    """The health checks of one cluster: a task for each endpoint in ``rotation``, where the settings want that."""

    def __init__(self, rotation: Rotation, settings: HealthChecks, ask: Ask) -> None:
        self._rotation = rotation
        self._settings = settings
        self._ask = ask

    def follow(self) -> None:
        """From now on check the endpoints that there are now."""
        endpoints = self._rotation.endpoints
        wanted = {"several": len(endpoints) > 1, "always": True, "never": False}[self._settings.when]
        for endpoint in endpoints:
            if wanted and endpoint.checking is None:
                endpoint.checking = asyncio.create_task(self._keep_checking(endpoint))
            elif not wanted and endpoint.checking is not None:
                endpoint.stop_checking()
        self._rotation.sort()

    async def problems(self) -> list[BackendError | None]:
        """What is wrong with each endpoint. Those of which nothing is known, because nobody watches them, are asked."""
        return await asyncio.gather(*(self._problem(each) for each in self._rotation.endpoints))

    async def _problem(self, endpoint: Endpoint) -> BackendError | None:
        if endpoint.healthy is None:
            return await self._examine(endpoint)
        if endpoint.problem or endpoint.breaker.state is State.OPEN:
            return BackendUnavailable(endpoint.problem or f"{endpoint.pool.name}: failed too often")
        return None

    async def _keep_checking(self, endpoint: Endpoint) -> None:
        interval = self._settings.interval
        await asyncio.sleep(interval * random.random())
        while True:
            await self._examine(endpoint)
            await asyncio.sleep(interval * (0.8 + 0.4 * random.random()))

    async def _examine(self, endpoint: Endpoint) -> BackendError | None:
        """Ask one endpoint and return what is wrong."""
        error: BackendError | None = None
        try:
            await self._ask(endpoint.pool)
        except BackendError as caught:
            error = caught
        if endpoint.checking is not None:
            self._note(endpoint, error)
        elif error is not None:
            endpoint.log(error)
        return error

    def _note(self, endpoint: Endpoint, error: BackendError | None) -> None:
        """A 4xx is good enough for a check that nobody asked for: not every engine has a path for it."""
        healthy = error is None or isinstance(error, BackendRejected | BackendOverloaded)
        endpoint.problem = "" if healthy else str(error)
        endpoint.answers = not isinstance(error, BackendUnavailable | BackendTimeout)
        if endpoint.observe(healthy, self._settings):
            self._rotation.health_changed(endpoint)
