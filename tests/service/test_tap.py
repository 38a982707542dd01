from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import pytest

from diagnostics.core import Finding, Instruction, Message, Verdict
from diagnostics.runner import Declared, Diagnostics
from service.backends.base import Chunk
from service.errors import BackendBroken, BackendTimeout
from service.schema import Usage
from service.tap import Tap


class Seen:
    """A detector that remembers what it was fed and when."""

    name = "seen"
    finding = Finding

    def __init__(self) -> None:
        self.log: list[str] = []

    def observe(self, instruction: Instruction) -> Seen:
        return self

    def feed(self, text: str) -> None:
        self.log.append(text)

    def close(self, *, complete: bool) -> Sequence[Finding]:
        self.log.append(f"closed {complete}")
        return [Finding(name="seen", verdict=Verdict.PASS)]


class Fixture:
    """A tap over given chunks; a chunk that is an exception is raised."""

    def __init__(self, *chunks: Chunk | Exception) -> None:
        self.seen = Seen()
        self.done: list[Tap] = []
        self.fed: list[str] = []
        self.closed = False
        diagnostics = Diagnostics(lambda messages, declared: Instruction(messages), [self.seen])
        instruction = diagnostics.read((Message("user", "x"),), Declared())
        first, *rest = chunks
        assert isinstance(first, Chunk)
        watch = diagnostics.watch("1", instruction)
        feed = watch.feed
        watch.feed = lambda text: (self.fed.append(text), feed(text))[1]
        self.tap = Tap(first, self._rest(rest), watch, self.done.append)

    async def _rest(self, chunks: list[Chunk | Exception]) -> AsyncGenerator[Chunk, None]:
        try:
            for chunk in chunks:
                if isinstance(chunk, Exception):
                    raise chunk
                yield chunk
        finally:
            self.closed = True


STOP = Chunk("", "stop", 0, Usage(1, 2, 3))


async def test_chunks_pass_untouched_and_are_watched_after_they_were_passed_on() -> None:
    chunks = [Chunk("a"), Chunk("b", data=b"{}"), STOP]
    fixture = Fixture(*chunks)
    got = []
    async for chunk in fixture.tap:
        got.append(chunk)
        assert len(fixture.fed) == len([each for each in got[:-1] if each.text])
    assert all(a is b for a, b in zip(got, chunks, strict=True))
    assert fixture.fed == ["a", "b"]
    assert fixture.seen.log == ["ab", "closed True"]
    assert fixture.done == [fixture.tap]
    assert (fixture.tap.outcome, fixture.tap.usage) == ("ok", Usage(1, 2, 3))
    assert fixture.tap.diagnosis is not None


async def test_a_reply_cut_at_its_length_is_not_complete() -> None:
    fixture = Fixture(Chunk("a"), Chunk("", "length"))
    _ = [chunk async for chunk in fixture.tap]
    assert fixture.seen.log == ["a", "closed False"]
    assert fixture.tap.outcome == "ok"


async def test_only_the_first_choice_is_watched() -> None:
    fixture = Fixture(Chunk("a"), Chunk("z", index=1), Chunk("", "stop", 1), STOP)
    _ = [chunk async for chunk in fixture.tap]
    assert fixture.seen.log == ["a", "closed True"]


async def test_an_end_without_a_finish_reason_is_an_error() -> None:
    fixture = Fixture(Chunk("a"))
    with pytest.raises(BackendBroken, match="without a finish reason"):
        _ = [chunk async for chunk in fixture.tap]
    assert fixture.seen.log == ["a", "closed False"]
    assert fixture.tap.outcome == "backend_broken"


async def test_an_error_in_the_middle_is_passed_on_and_reported() -> None:
    fixture = Fixture(Chunk("a"), BackendTimeout("late"))
    with pytest.raises(BackendTimeout):
        _ = [chunk async for chunk in fixture.tap]
    assert fixture.tap.outcome == "backend_timeout"
    assert fixture.seen.log == ["a", "closed False"]


async def test_a_bug_in_a_backend_is_counted_as_an_internal_error() -> None:
    fixture = Fixture(Chunk("a"), KeyError("x"))
    with pytest.raises(KeyError):
        _ = [chunk async for chunk in fixture.tap]
    assert fixture.tap.outcome == "internal_error"


@pytest.mark.parametrize("steps", [0, 1, 2])
async def test_closing_early_stops_the_engine_and_reports_once(steps: int) -> None:
    fixture = Fixture(Chunk("a"), Chunk("b"), Chunk("c"), STOP)
    for _ in range(steps):
        await anext(fixture.tap)
    await fixture.tap.aclose()
    await fixture.tap.aclose()
    assert fixture.tap.outcome == "cancelled"
    assert fixture.done == [fixture.tap]
    assert fixture.closed or steps < 2  # a generator that never ran has nothing to clean up
    assert fixture.seen.log[-1] == "closed False"


async def test_closing_after_the_end_changes_nothing() -> None:
    fixture = Fixture(Chunk("a"), STOP)
    _ = [chunk async for chunk in fixture.tap]
    await fixture.tap.aclose()
    assert fixture.tap.outcome == "ok"
    assert len(fixture.done) == 1


async def test_cancellation_while_waiting_for_a_chunk_is_reported() -> None:
    async def never() -> AsyncGenerator[Chunk, None]:
        await asyncio.Event().wait()
        yield STOP

    fixture = Fixture(Chunk("a"))
    fixture.tap._rest = never()
    await anext(fixture.tap)
    waiting = asyncio.ensure_future(anext(fixture.tap))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert fixture.tap.outcome == "cancelled"
