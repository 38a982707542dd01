"""The replicas of one checkpoint, to be asked as if they were one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from itertools import count

from ..config import NetworkCheckpoint
from ..errors import BackendUnavailable
from .call import Call, MakeExchange, Try
from .discovery import Discovery, Resolver, resolve
from .endpoint import Endpoint
from .exchange import Timeouts
from .health import Ask, Health
from .pool import Headers, Pool
from .retries import RetryBudget
from .rotation import Rotation

log = logging.getLogger(__name__)


class Cluster:
    """All endpoints of the checkpoint ``checkpoint``, and the connections to them.

    ``ask`` asks one engine for its health. Error messages, which callers read, call the engine by ``name``, which has
    the checkpoint's in it; addresses are in log lines. ``retried``, ``hedged`` and ``out_of_budget`` (tries that were
    not made) count what has happened so far.

    Raises:
        ConfigError: a URL is not one of an HTTP server.
    """

    def __init__(self, checkpoint: str, settings: NetworkCheckpoint, ask: Ask, resolver: Resolver = resolve) -> None:
        self.checkpoint = checkpoint
        self.name = f"checkpoint '{checkpoint}'"
        self.retries = settings.retries
        self.budget = RetryBudget(settings.retries.budget, settings.retries.budget_floor)
        self.rotation = Rotation(self.name, settings.breaker)
        self.retried = self.hedged = self.out_of_budget = 0
        self._settings = settings
        self._health = Health(self.rotation, settings.health, ask)
        self._draining: list[Endpoint] = []
        self._discovering: asyncio.Task[None] | None = None
        urls = settings.urls or (settings.url or "",)
        pools = [self._pool(url) for url in urls]
        self._origin = pools[0]
        self._discovery = Discovery(
            self._origin.host,
            self._origin.port,
            resolver,
            self._found,
            interval=settings.discovery_interval,
            timeout=settings.connect_timeout,
        )
        if settings.discovery is None:
            self.rotation.replace(
                [
                    Endpoint(pool, url.partition("://")[2], url, settings.breaker)
                    for url, pool in zip(urls, pools, strict=True)
                ]
            )

    def post(self, path: str, body: bytes, headers: Headers = (), affinity: bytes | None = None) -> Call:
        """``Pool.post`` at one of the endpoints. Requests of the same ``affinity`` go to the same one if they can."""
        return Call(self, lambda pool, ends: pool.post(path, body, headers, ends), affinity)

    def get(self, path: str, headers: Headers = (), affinity: bytes | None = None) -> Call:
        """``Pool.get`` at one of the endpoints."""
        return Call(self, lambda pool, ends: pool.get(path, headers, None, ends), affinity)

    @property
    def endpoints(self) -> tuple[Endpoint, ...]:
        """Those there are now."""
        return self.rotation.endpoints

    @property
    def has_replicas(self) -> bool:
        """Whether there are several endpoints, so that ``affinity`` matters."""
        return len(self.rotation.endpoints) > 1

    @property
    def failed_lookups(self) -> int:
        """How often the addresses could not be found out so far."""
        return self._discovery.failures

    async def start(self) -> None:
        """Look up addresses and check health from now on, where the settings want that."""
        if self._settings.discovery is not None:
            await self._discovery.look()
            self._discovering = asyncio.create_task(self._discovery.keep_looking())
        self._health.follow()

    async def check(self) -> str | None:
        """Return when an endpoint can answer; of several, say how many can.

        Raises:
            BackendError: none can.
        """
        problems = await self._health.problems()
        wrong = [problem for problem in problems if problem is not None]
        if not problems:
            raise self._none_left()
        if len(problems) == len(wrong) == 1:
            raise wrong[0]
        said = f"{len(problems) - len(wrong)} of {len(problems)} endpoints"
        if len(problems) == len(wrong):
            raise BackendUnavailable(f"{said} can answer: {wrong[0]}")
        return said if len(problems) > 1 else None

    async def aclose(self) -> None:
        """Stop watching, and close all connections. May be called twice."""
        endpoints = [*self.endpoints, *self._draining]
        self._draining = []
        self.rotation.replace(())
        tasks = [each.stop_checking() for each in endpoints]
        if self._discovering is not None:
            self._discovering.cancel()
            tasks.append(self._discovering)
        await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
        await asyncio.gather(*(each.pool.aclose() for each in endpoints))

    # For calls

    def begin(self, make: MakeExchange, ends: float | None, affinity: bytes | None, tried: Sequence[Endpoint]) -> Try:
        """A try at the endpoint whose turn it is, not one of those ``tried`` if there is another.

        Raises:
            BackendUnavailable: all are out.
        """
        endpoint = self.rotation.take(affinity, tried)
        if endpoint is None:
            raise self._none_left()
        return Try(self.rotation, endpoint, make(endpoint.pool, ends))

    def may_retry(self) -> bool:
        """Pay for one more try, if the budget has room."""
        if self.budget.withdraw(asyncio.get_running_loop().time()):
            self.retried += 1
            return True
        self.out_of_budget += 1
        return False

    def _none_left(self) -> BackendUnavailable:
        if not self.endpoints:
            return BackendUnavailable(
                f"{self.name}: no address of it is known", retry_after=self._settings.discovery_interval
            )
        pause = self.rotation.pause()
        if pause is None:
            pause = min(self._settings.health.interval, self._settings.breaker.pause)
        return BackendUnavailable(f"{self.name}: no engine answers at present", retry_after=pause)

    # Endpoints

    def _pool(self, url: str) -> Pool:
        settings = self._settings
        timeouts = Timeouts(
            connect=settings.connect_timeout,
            first_byte=settings.first_token_timeout,
            read=settings.between_tokens_timeout,
            total=settings.total_timeout,
        )
        return Pool(url, timeouts=timeouts, name=self.name)

    def _found(self, addresses: list[str]) -> None:
        """These are the addresses now: what is new becomes an endpoint, and what is gone gets no more requests."""
        self._draining = [each for each in self._draining if each.in_flight]
        gone = [each for each in self.endpoints if each.address not in addresses]
        known = {each.address: each for each in self.endpoints}
        taken = {each.label for each in (*self.endpoints, *self._draining)}
        labels = (label for number in count() if (label := f"{self._origin.host}/{number}") not in taken)
        self.rotation.replace([known.get(each) or self._at(each, next(labels)) for each in addresses])
        for each in gone:
            log.warning("%s has gone [%s]", self.name, each.place)
            each.stop_checking()
            each.pool.drain()
        self._draining += gone
        self._health.follow()

    def _at(self, address: str, label: str) -> Endpoint:
        place = f"{self._origin.origin} at {address}"
        log.warning("%s has come [%s]", self.name, place)
        return Endpoint(self._origin.at(address), label, place, self._settings.breaker, address)
