from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import msgspec
import pytest

from diagnostics.core import Finding, Instruction, Message, Verdict
from diagnostics.runner import Declared, Diagnostics
from service.backends.base import Chunk
from service.errors import BackendBroken, BackendTimeout
from service.schema import Usage
from service.tap import MOST_KEPT, Tap


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
    assert fixture.tap.diagnosis is not None
    assert [flaw.name for flaw in fixture.tap.diagnosis.surface] == ["seen", "cut_off"]


@pytest.mark.parametrize("reason", [None, "length"])
async def test_a_caller_who_leaves_has_cut_nothing_off(reason: str | None) -> None:
    fixture = Fixture(Chunk("a"), Chunk("b", reason), Chunk("c"))
    await anext(fixture.tap)
    await anext(fixture.tap)
    await fixture.tap.aclose()
    assert fixture.tap.diagnosis is not None
    assert [flaw.name for flaw in fixture.tap.diagnosis.surface] == ["seen"]


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


def never() -> bool:
    return False


async def test_what_is_held_is_seen_at_once_and_given_out_first() -> None:
    chunks = [Chunk("a"), Chunk("b"), Chunk("c"), STOP]
    fixture = Fixture(*chunks)
    await fixture.tap.hold(lambda: fixture.fed == ["a", "b"], 100, None)
    assert fixture.fed == ["a", "b"]
    assert [chunk async for chunk in fixture.tap] == chunks
    assert fixture.fed == ["a", "b", "c"]
    assert fixture.done == [fixture.tap]


async def test_no_more_is_held_than_so_many_characters() -> None:
    fixture = Fixture(Chunk("aa"), Chunk("bb"), Chunk("cc"), STOP)
    await fixture.tap.hold(never, 3, None)
    assert fixture.tap.held_characters == 4
    assert not fixture.tap.is_over
    assert "".join([chunk.text async for chunk in fixture.tap]) == "aabbcc"


async def test_holding_ends_when_its_time_is_over_and_loses_nothing() -> None:
    go_on = asyncio.Event()

    async def rest() -> AsyncGenerator[Chunk, None]:
        await go_on.wait()
        yield Chunk("b")
        yield STOP

    fixture = Fixture(Chunk("a"))
    tap = Tap(Chunk("a"), rest(), fixture.tap.watch, fixture.done.append)
    await tap.hold(never, 100, 0.02)
    assert await anext(tap) == Chunk("a")
    go_on.set()
    assert [chunk async for chunk in tap] == [Chunk("b"), STOP]
    await fixture.tap.aclose()


async def test_a_reply_that_ends_while_it_is_held_is_judged_before_it_is_given_out() -> None:
    fixture = Fixture(Chunk("a"), STOP)
    await fixture.tap.hold(never, 100, None)
    assert fixture.tap.is_over
    assert fixture.tap.conclude() is not None
    assert fixture.seen.log == ["a", "closed True"]
    assert fixture.done == []
    assert [chunk.text async for chunk in fixture.tap] == ["a", ""]
    assert fixture.done == [fixture.tap]
    assert fixture.tap.outcome == "ok"


async def test_an_error_that_comes_while_a_reply_is_held_is_raised_in_its_place() -> None:
    fixture = Fixture(Chunk("a"), BackendTimeout("late"))
    await fixture.tap.hold(never, 100, None)
    assert not fixture.tap.is_over
    assert await anext(fixture.tap) == Chunk("a")
    with pytest.raises(BackendTimeout):
        await anext(fixture.tap)
    assert fixture.tap.outcome == "backend_timeout"


async def test_a_held_reply_without_an_end_is_broken() -> None:
    fixture = Fixture(Chunk("a"))
    await fixture.tap.hold(never, 100, None)
    assert not fixture.tap.is_over
    assert await anext(fixture.tap) == Chunk("a")
    with pytest.raises(BackendBroken):
        await anext(fixture.tap)


async def test_a_reply_that_gives_way_stops_its_engine_and_is_reported_once() -> None:
    fixture = Fixture(Chunk("a"), Chunk("b"), STOP)
    await fixture.tap.hold(lambda: fixture.fed == ["a", "b"], 100, None)
    fixture.tap.revise(lambda diagnosis: msgspec.structs.replace(diagnosis, instruction_language="xx"))
    await fixture.tap.give_way("replaced", final=False)
    await fixture.tap.aclose()
    assert fixture.closed
    assert fixture.done == [fixture.tap]
    assert (fixture.tap.outcome, fixture.tap.final) == ("replaced", False)
    assert fixture.tap.diagnosis is not None
    assert fixture.tap.diagnosis.instruction_language == "xx"


async def test_a_diagnosis_is_revised_whenever_it_comes() -> None:
    fixture = Fixture(Chunk("a"), STOP)
    for name in ("early", "late"):
        fixture.tap.revise(
            lambda diagnosis, name=name: msgspec.structs.replace(
                diagnosis, instruction_language=f"{diagnosis.instruction_language}-{name}"
            )
        )
        _ = [chunk async for chunk in fixture.tap]
    assert fixture.tap.diagnosis is not None
    assert fixture.tap.diagnosis.instruction_language == "None-early-late"


@pytest.mark.parametrize("how", ["while it waits", "afterwards"])
async def test_closing_a_reply_that_is_held_stops_its_engine(how: str) -> None:
    stopped = False

    async def rest() -> AsyncGenerator[Chunk, None]:
        nonlocal stopped
        try:
            await asyncio.Event().wait()
            yield STOP
        finally:
            stopped = True

    fixture = Fixture(Chunk("a"))
    tap = Tap(Chunk("a"), rest(), fixture.tap.watch, fixture.done.append)
    if how == "afterwards":
        await tap.hold(never, 100, 0.01)
    else:
        holding = asyncio.create_task(tap.hold(never, 100, None))
        await asyncio.sleep(0.01)
        holding.cancel()
        await asyncio.wait([holding])
    await tap.aclose()
    assert stopped
    assert fixture.done == [tap]
    assert tap.outcome == "cancelled"
    await fixture.tap.aclose()


async def test_chunks_that_came_together_are_seen_together_after_all_of_them_were_passed_on() -> None:
    chunks = [Chunk("a", more=True), Chunk("b", more=True), Chunk("c"), Chunk("d", more=True)]
    fixture = Fixture(*chunks, Chunk("", "stop"))
    fed = []
    async for _ in fixture.tap:
        fed.append(list(fixture.fed))
    assert fed == [[], [], [], ["abc"], ["abc"]]
    assert fixture.fed == ["abc", "d"]
    assert fixture.tap.outcome == "ok"


async def test_what_was_passed_on_before_an_error_is_seen() -> None:
    fixture = Fixture(Chunk("a", more=True), Chunk("b", more=True), BackendTimeout("late"))
    with pytest.raises(BackendTimeout):
        _ = [chunk async for chunk in fixture.tap]
    assert fixture.fed == ["ab"]


async def test_what_was_held_goes_out_together() -> None:
    fixture = Fixture(Chunk("a"), Chunk("b"), Chunk("c"), STOP)
    await fixture.tap.hold(lambda: fixture.fed == ["a", "b"], 100, None)
    assert [chunk.more async for chunk in fixture.tap] == [True, False, False, False]
    assert fixture.fed == ["a", "b", "c"]


async def test_what_was_said_is_kept_where_it_is_wanted_and_counted_everywhere() -> None:
    for keeps in (True, False):
        fixture = Fixture(Chunk("a"), Chunk("other", index=1), Chunk("b"), STOP)
        if keeps:
            fixture.tap.keep_text()
        async for _ in fixture.tap:
            pass
        assert fixture.tap.text == ("ab" if keeps else None)
        assert fixture.tap.characters == 2


async def test_of_what_was_said_no_more_is_kept_than_is_bounded() -> None:
    fixture = Fixture(*(Chunk("x" * 1000) for _ in range(MOST_KEPT // 1000 + 20)), STOP)
    fixture.tap.keep_text()
    async for _ in fixture.tap:
        pass
    assert fixture.tap.text == "x" * MOST_KEPT
    assert fixture.tap.characters == MOST_KEPT // 1000 * 1000 + 20_000
    assert sum(map(len, fixture.tap._said or ())) < MOST_KEPT + 1000
