"""Chunks pass through while the diagnosis watches them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from time import perf_counter

from diagnostics.core import Diagnosis
from diagnostics.runner import Watch

from .backends.base import Chunk
from .errors import BackendBroken, DragomanError
from .schema import Usage

OK = "ok"
CANCELLED = "cancelled"


def outcome_of(error: BaseException) -> str:
    """What an inference that ended with ``error`` is counted as: a label from code, never from a caller."""
    if isinstance(error, DragomanError):
        return error.code or error.type
    return CANCELLED if isinstance(error, asyncio.CancelledError) else DragomanError.type


class Tap:
    """An iterator over ``first`` and the ``rest``, untouched; the text of choice 0 is fed to ``watch`` once the
    consumer comes back for more, that is after it was passed on.

    However it ends (by itself, by an error, or because the consumer closes it, even before the first chunk) ``rest`` is
    closed, the watch is closed, and ``done`` is called, once.
    """

    __slots__ = (
        "_done", "_first", "_last", "_rest", "_watch", "diagnosing", "diagnosis", "finish_reason", "outcome", "usage",
    )  # fmt: skip

    def __init__(
        self, first: Chunk, rest: AsyncGenerator[Chunk, None], watch: Watch, done: Callable[[Tap], None]
    ) -> None:
        self._first: Chunk | None = first
        self._last: Chunk | None = None
        self._rest = rest
        self._watch = watch
        self._done = done
        self.outcome: str | None = None
        self.finish_reason: str | None = None
        self.usage: Usage | None = None
        self.diagnosis: Diagnosis | None = None
        self.diagnosing = 0.0

    def __aiter__(self) -> Tap:
        return self

    async def __anext__(self) -> Chunk:
        """The next chunk.

        Raises:
            BackendError: as ``rest`` raises it; BackendBroken when ``rest`` ends without a finish reason.
        """
        if self._last is not None:
            self._look(self._last)
            self._last = None
        if self._first is not None:
            self._last, self._first = self._first, None
            return self._last
        try:
            self._last = await anext(self._rest)
        except StopAsyncIteration:
            if self.finish_reason is None:
                self._end(BackendBroken.code)
                raise BackendBroken("the engine's reply ended without a finish reason") from None
            self._end(OK)
            raise
        except BaseException as error:
            self._end(outcome_of(error))
            raise
        return self._last

    async def aclose(self) -> None:
        """Stop the engine if it is still at work. May be called at any time, more than once."""
        try:
            await self._rest.aclose()
        finally:
            self._end(CANCELLED)

    def _look(self, chunk: Chunk) -> None:
        if chunk.index == 0:
            if chunk.text:
                self._watch.feed(chunk.text)
            if chunk.finish_reason is not None:
                self.finish_reason = chunk.finish_reason
        if chunk.usage is not None:
            self.usage = chunk.usage

    def _end(self, outcome: str) -> None:
        if self.outcome is not None:
            return
        self.outcome = outcome
        begun = perf_counter()
        self.diagnosis = self._watch.close(complete=outcome == OK and self.finish_reason == "stop")
        self.diagnosing = perf_counter() - begun
        self._done(self)
