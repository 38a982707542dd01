"""Chunks pass through while the diagnosis watches them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable
from time import perf_counter

from diagnostics.core import Diagnosis
from diagnostics.runner import Watch

from .backends.base import Chunk
from .errors import BackendIncomplete, DragomanError
from .schema import Usage

OK = "ok"
CANCELLED = "cancelled"
REPLACED = "replaced"

MOST_KEPT = 256 * 1024
"""Characters of a reply that are kept where its text is wanted."""


def outcome_of(error: BaseException) -> str:
    """What an attempt that ended with ``error`` is counted as: a label from code, never from a caller."""
    if isinstance(error, DragomanError):
        return error.code or error.type
    return CANCELLED if isinstance(error, asyncio.CancelledError) else DragomanError.type


class Tap:
    """An iterator over ``first`` and the ``rest``, untouched; the text of choice 0 is fed to ``watch`` once the
    consumer comes back for more, that is after it was passed on. Chunks that came together are looked at together.

    However it ends (by itself, by an error, or because the consumer closes it, even before the first chunk) ``rest`` is
    closed, the watch is closed, and ``done`` is called, once. ``final`` says that what comes of this reply is what the
    caller gets; ``first_token`` is in seconds from the request.
    """

    __slots__ = (
        "_ahead",
        "_changes",
        "_done",
        "_first",
        "_held",
        "_rest",
        "_said",
        "_told",
        "_unseen",
        "characters",
        "diagnosing",
        "diagnosis",
        "final",
        "finish_reason",
        "first_token",
        "held_characters",
        "outcome",
        "usage",
        "watch",
    )  # fmt: skip

    def __init__(
        self, first: Chunk, rest: AsyncGenerator[Chunk, None], watch: Watch, done: Callable[[Tap], None]
    ) -> None:
        self._first: Chunk | None = first
        self._unseen: list[Chunk] = []  # given out, and not seen by the watch
        self._held: deque[Chunk] = deque()  # seen by the watch, and not given out
        self._ahead: asyncio.Future[Chunk] | None = None  # what ``hold`` asked for and did not wait for
        self._rest = rest
        self._done = done
        self._told = False
        self._changes: list[Callable[[Diagnosis], Diagnosis]] = []
        self.watch = watch
        self.first_token = 0.0
        self._said: list[str] | None = None
        self.characters = 0
        self.final = True
        self.held_characters = 0
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
            BackendError: as ``rest`` raises it; BackendIncomplete when ``rest`` ends without a finish reason.
        """
        if self._unseen and not self._unseen[-1].more:
            self._look()
        if self._held:
            return self._next_held()
        try:
            if self._first is not None:
                chunk, self._first = self._first, None
            elif self._ahead is None:
                chunk = await anext(self._rest)
            else:
                chunk = await self._ahead
                self._ahead = None
        except StopAsyncIteration:
            self._look()
            if self.finish_reason is None:
                self._end(BackendIncomplete.code)
                raise BackendIncomplete("the engine's reply ended without a finish reason") from None
            self._end(OK)
            raise
        except BaseException as error:
            self._end(outcome_of(error))
            raise
        self._unseen.append(chunk)
        return chunk

    async def hold(self, is_decided: Callable[[], bool], characters: float, seconds: float | None) -> None:
        """Read ahead, before anything is given out, until ``is_decided`` says so, ``characters`` have come or
        ``seconds`` are over (None: no limit), or the reply has ended; the watch sees every chunk at once. What was read
        is given out first, and an error that came is raised in its place."""
        loop = asyncio.get_running_loop()
        until = None if seconds is None else loop.time() + seconds
        chunk, self._first = self._first, None
        while chunk is not None:
            self._unseen.append(chunk)
            self._look()
            self._held.append(chunk)
            self.held_characters += len(chunk.text)
            if is_decided() or self.held_characters >= characters:
                return
            self._ahead = asyncio.ensure_future(anext(self._rest))
            await asyncio.wait((self._ahead,), timeout=None if until is None else until - loop.time())
            chunk = self._arrived()

    def keep_text(self) -> None:
        """Remember what the reply says, from its beginning."""
        self._said = []

    @property
    def text(self) -> str | None:
        """What it says, ``MOST_KEPT`` characters of it; None where nobody wanted that."""
        return None if self._said is None else "".join(self._said)[:MOST_KEPT]

    @property
    def is_over(self) -> bool:
        """Whether the reply has ended, well, while it was held."""
        return self._is_exhausted() and self.finish_reason is not None

    def conclude(self) -> Diagnosis | None:
        """The diagnosis of a reply that is over, before it is given out."""
        self._conclude(OK)
        return self.diagnosis

    def revise(self, change: Callable[[Diagnosis], Diagnosis]) -> None:
        """Have the diagnosis changed by somebody who knows more than the watch, now or once it is there."""
        if self.diagnosis is None:
            self._changes.append(change)
        else:
            self.diagnosis = change(self.diagnosis)

    async def give_way(self, outcome: str, *, final: bool) -> None:
        """Stop the engine: nobody gets this reply, but another one, or (``final``) an error."""
        self.final = final
        try:
            await self._stop()
        finally:
            self._conclude(outcome)
            self.outcome = outcome
            self._tell()

    async def aclose(self) -> None:
        """Stop the engine if it is still at work. May be called at any time, more than once."""
        try:
            await self._stop()
        finally:
            self._end(CANCELLED)

    def _arrived(self) -> Chunk | None:
        """The chunk that was asked for, if it is there; what else has come stays where it is."""
        ahead = self._ahead
        if ahead is None or not ahead.done() or ahead.cancelled() or ahead.exception() is not None:
            return None
        self._ahead = None
        return ahead.result()

    def _is_exhausted(self) -> bool:
        ahead = self._ahead
        return (
            ahead is not None
            and ahead.done()
            and not ahead.cancelled()
            and isinstance(ahead.exception(), StopAsyncIteration)
        )

    async def _stop(self) -> None:
        if self._ahead is not None:
            self._ahead.cancel()  # a generator that is running cannot be closed
            await asyncio.wait((self._ahead,))
            self._arrived()  # nobody asks for its exception any more
        await self._rest.aclose()

    def _next_held(self) -> Chunk:
        chunk = self._held.popleft()
        chunk.more = bool(self._held)
        return chunk

    def _look(self) -> None:
        """Let the watch see what was given out."""
        texts = []
        for chunk in self._unseen:
            if chunk.index == 0:
                if chunk.text:
                    texts.append(chunk.text)
                if chunk.finish_reason is not None:
                    self.finish_reason = chunk.finish_reason
            if chunk.usage is not None:
                self.usage = chunk.usage
        self._unseen.clear()
        if texts:
            text = texts[0] if len(texts) == 1 else "".join(texts)
            self.watch.feed(text)
            if self._said is not None and self.characters < MOST_KEPT:
                self._said.append(text)
            self.characters += len(text)

    def _end(self, outcome: str) -> None:
        self._conclude(outcome)
        self._tell()

    def _conclude(self, outcome: str) -> None:
        if self.outcome is not None:
            return
        self._look()
        self.outcome = outcome
        begun = perf_counter()
        reason = self.finish_reason if outcome == OK else None
        self.diagnosis = self.watch.close(complete=reason == "stop", cut_off=reason == "length")
        self.diagnosing = perf_counter() - begun
        for change in self._changes:
            self.diagnosis = change(self.diagnosis)

    def _tell(self) -> None:
        if not self._told:
            self._told = True
            self._done(self)
