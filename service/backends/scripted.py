"""Says what it is told: for tests, demonstrations and fault injection."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncGenerator, Callable, Mapping

from ..config import ScriptedCheckpoint
from ..errors import (
    BackendBroken,
    BackendError,
    BackendOverloaded,
    BackendRejected,
    BackendTimeout,
    BackendUnavailable,
)
from ..schema import Usage
from .base import Chunk, Prompt

FAULTS: Mapping[str, Callable[[], BackendError]] = {
    "unavailable": lambda: BackendUnavailable("the script says: unavailable"),
    "overloaded": lambda: BackendOverloaded("the script says: overloaded"),
    "timeout": lambda: BackendTimeout("the script says: timed out"),
    "broken": lambda: BackendBroken("the script says: broken"),
    "rejected": lambda: BackendRejected("the script says: rejected", status=422),
}


class ScriptedBackend:
    """Gives the settings' replies in turn. ``running`` and ``stopped`` count generations, for tests to watch."""

    def __init__(self, settings: ScriptedCheckpoint) -> None:
        self._settings = settings
        size = settings.piece
        self._replies = itertools.cycle(
            [tuple(reply[at : at + size] for at in range(0, len(reply), size)) for reply in settings.replies]
        )
        self.running = 0
        self.stopped = 0

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """Yield the next reply; ``max_tokens`` counts pieces.

        Like an engine, it gives a reply that is not streamed in one chunk, unless the script puts something in between.
        """
        pieces = next(self._replies)
        limit = prompt.request.sampling.max_tokens or len(pieces)
        length = min(limit, len(pieces))
        end = ("stop" if limit >= len(pieces) else "length", 0, Usage(1, length, 1 + length))
        if not prompt.request.stream and self._settings.fault is None and not self._settings.delay:
            yield Chunk("".join(pieces[:limit]), *end)
            return
        self.running += 1
        ended = False
        try:
            for count, piece in enumerate(pieces[:limit]):
                await self._before(count)
                yield Chunk(piece)
            await self._before(len(pieces[:limit]))
            ended = True
            yield Chunk("", *end)
        finally:
            self.running -= 1
            self.stopped += not ended

    async def _before(self, count: int) -> None:
        if self._settings.fault is not None and count == self._settings.fault_after:
            raise FAULTS[self._settings.fault]()
        if self._settings.delay:
            await asyncio.sleep(self._settings.delay)

    async def check(self) -> None:
        """Ready, unless the script breaks before the first piece."""
        if self._settings.fault is not None and self._settings.fault_after == 0:
            raise FAULTS[self._settings.fault]()

    async def aclose(self) -> None:
        """Nothing to let go of."""
