"""One request on its way to a reply, and the attempts that are made at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from time import perf_counter

import msgspec

from diagnostics.core import Instruction
from diagnostics.runner import Declared

from .backends.base import Chunk, Prompt, Request
from .config import OnMismatch
from .errors import DeadlineExceeded
from .ids import uuid7
from .record import Record, Role, Text
from .repair import Policy
from .report import Report
from .routing import Arm, Route, Target
from .tap import MOST_KEPT, Tap, outcome_of


class Caller(msgspec.Struct, frozen=True):
    """Who asks: the name of an API key and of a surface, and the key's own policy."""

    client: str | None = None
    api: str | None = None
    on_mismatch: OnMismatch | None = None


class Inference:
    """What was asked, where it was sent, and what is done about a wrong reply (None: it is observed).

    ``instruction`` is there once the first engine has got its request. ``deadline`` is when the caller's own time is
    over, on the event loop's clock. ``keeps_text`` says that what is said may be kept.
    """

    __slots__ = (
        "attempts", "begun", "body", "caller", "deadline", "declared", "id", "instruction", "keeps_text", "policy",
        "request", "route",
    )  # fmt: skip

    def __init__(
        self,
        request: Request,
        body: bytes,
        route: Route,
        declared: Declared,
        policy: Policy | None,
        caller: Caller,
    ) -> None:
        self.id = uuid7()
        self.caller = caller
        self.keeps_text = False
        self.begun = perf_counter()
        self.request = request
        self.body = body
        self.route = route
        self.declared = declared
        self.policy = policy
        self.instruction: Instruction | None = None
        options = request.dragoman
        self.deadline: float | None = None
        if options is not None and options.timeout is not None:
            self.deadline = asyncio.get_running_loop().time() + options.timeout
        self.attempts = 0

    @property
    def seconds(self) -> float:
        """Since the request."""
        return perf_counter() - self.begun


class Attempt:
    """One try at one checkpoint. It is reported once, when it ends, by ``failed`` or by the tap that watched it."""

    __slots__ = ("_number", "_report", "inference", "role", "target")

    def __init__(self, inference: Inference, target: Arm | Target, role: Role, report: Report) -> None:
        self.inference = inference
        self.target = target
        self.role = role
        self._report = report
        self._number = inference.attempts
        inference.attempts += 1
        report.begin(inference.route, target.checkpoint)

    def stream(self, prompt: Prompt) -> AsyncGenerator[Chunk, None]:
        """The reply as it comes, until the caller's time is over."""
        chunks = self.target.backend.stream(prompt)
        deadline = self.inference.deadline
        return chunks if deadline is None else _until(deadline, chunks)

    def failed(self, error: BaseException, *, final: bool) -> None:
        """No chunk came."""
        self._report(self._record(outcome_of(error), final=final))

    def ended(self, tap: Tap) -> None:
        """The reply has ended, however it did."""
        self._report(self._record(tap.outcome or "", final=tap.final, tap=tap))

    def _record(self, outcome: str, *, final: bool, tap: Tap | None = None) -> Record:
        inference = self.inference
        return Record(
            id=inference.id,
            route=inference.route,
            checkpoint=self.target.checkpoint,
            attempt=self._number,
            role=self.role,
            final=final,
            outcome=outcome,
            duration=inference.seconds,
            first_token=tap.first_token if tap is not None else None,
            diagnosis=tap.diagnosis if tap is not None else None,
            diagnosing=tap.diagnosing if tap is not None else 0.0,
            usage=tap.usage if tap is not None else None,
            instruction=_without_text(inference.instruction),
            characters=tap.characters if tap is not None else None,
            finish_reason=tap.finish_reason if tap is not None else None,
            streamed=bool(inference.request.stream),
            client=inference.caller.client,
            api=inference.caller.api,
            text=_text(inference, tap) if inference.keeps_text else None,
        )


def _without_text(instruction: Instruction | None) -> Instruction | None:
    """A record may wait long, and what was said can be megabytes."""
    if instruction is None:
        return None
    return Instruction(
        (), instruction.language, instruction.expected_language, instruction.modifiers, instruction.errors
    )


def _text(inference: Inference, tap: Tap | None) -> Text | None:
    if inference.instruction is None:
        return None
    options = inference.request.dragoman
    declared = options.modifiers if options is not None else None
    return Text(
        messages=inference.instruction.messages,
        response=tap.text if tap is not None else None,
        expected_language=options.expected_language if options is not None else None,
        modifiers=None if declared is None else tuple(declared),
        is_cut=tap is not None and tap.characters > MOST_KEPT,
    )


async def _until(deadline: float, chunks: AsyncGenerator[Chunk, None]) -> AsyncGenerator[Chunk, None]:
    """``chunks`` as long as there is time; then the engine is stopped.

    Raises:
        DeadlineExceeded: ``deadline`` came before the end.
    """
    async with aclosing(chunks):
        while True:
            try:
                async with asyncio.timeout_at(deadline):
                    chunk = await anext(chunks)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise DeadlineExceeded("the reply did not come within the time given (dragoman.timeout)") from None
            yield chunk
