"""Which addresses a host has: with a headless service of Kubernetes, one for each replica."""

from __future__ import annotations

import asyncio
import logging
import random
import socket
from collections.abc import Awaitable, Callable, Sequence

log = logging.getLogger(__name__)

MAX_ADDRESSES = 64
"""Of one host; the rest is left out, so that a name server cannot make the series of the metrics many."""

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""From host and port to IP addresses; raises OSError when they cannot be found out."""


async def resolve(host: str, port: int) -> list[str]:
    """What the system says. Of a host with both kinds the IPv4 addresses alone: the others are the same replicas."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    families = {info[0] for info in infos}
    family = socket.AF_INET if socket.AF_INET in families else socket.AF_INET6
    return sorted({str(info[4][0]) for info in infos if info[0] == family})


class Discovery:
    """Looks up the addresses of ``host`` again and again, about every ``interval`` seconds, and calls ``found`` with
    them, at most ``MAX_ADDRESSES``. When they cannot be found out within ``timeout`` seconds, or there are none, it is
    not called: what is known stays. ``failures`` counts that."""

    def __init__(
        self,
        host: str,
        port: int,
        resolver: Resolver,
        found: Callable[[list[str]], None],
        *,
        interval: float,
        timeout: float,
    ) -> None:
        self.failures = 0
        self._host = host
        self._port = port
        self._resolver = resolver
        self._found = found
        self._interval = interval
        self._timeout = timeout

    async def keep_looking(self) -> None:
        """Look up until cancelled, first after a while."""
        while True:
            await asyncio.sleep(self._interval * (0.8 + 0.4 * random.random()))
            await self.look()

    async def look(self) -> None:
        """Look up once."""
        try:
            async with asyncio.timeout(self._timeout):  # its TimeoutError is an OSError
                addresses = list(dict.fromkeys(await self._resolver(self._host, self._port)))
        except OSError as error:
            self._failed(str(error) or "no answer in time")
            return
        if addresses:
            self._found(addresses[:MAX_ADDRESSES])
        else:
            self._failed("no addresses")

    def _failed(self, why: str) -> None:
        self.failures += 1
        log.warning("%s cannot be looked up, what is known of it stays: %s", self._host, why)
