"""The gateway: route, stream, watch, report. No HTTP in sight."""

from __future__ import annotations

import asyncio
from time import perf_counter, time

from diagnostics.core import Instruction
from diagnostics.modifiers.declaration import DeclarationError
from diagnostics.runner import NOTHING_DECLARED, Declared, Diagnostics
from diagnostics.standard import declare

from .backends.base import Chunk, Prompt, Request
from .config import LoggedVerdicts
from .errors import BackendBroken, InvalidDeclaration
from .ids import uuid7
from .metrics import Metrics
from .record import Record
from .report import Report
from .routing import Route, Router
from .schema import DragomanOptions
from .tap import Tap, outcome_of


class Reply:
    """One reply on its way: its first chunk has come. Iterate over ``chunks``, and close them whatever happens.

    ``created`` is in seconds since 1970.
    """

    __slots__ = ("chunks", "created", "id", "instruction", "route")

    def __init__(self, id: str, route: Route, instruction: Instruction, chunks: Tap) -> None:
        self.id = id
        self.created = int(time())
        self.route = route
        self.instruction = instruction
        self.chunks = chunks


class Gateway:
    """Answers requests through the arms of ``router`` and has every reply diagnosed and reported; ``logged`` says
    of which there is a log line too."""

    def __init__(
        self, router: Router, diagnostics: Diagnostics, metrics: Metrics, logged: LoggedVerdicts = "off"
    ) -> None:
        self.router = router
        self.diagnostics = diagnostics
        self.metrics = metrics
        self._report = Report(metrics, logged)

    async def infer(self, request: Request, body: bytes) -> Reply:
        """Send a request to an arm and wait for the first chunk of the reply. ``body`` is the request as it came.

        Raises:
            UnknownModel: no such model.
            InvalidDeclaration: the language or a modifier that is declared is wrong.
            InvalidRequest: the engine cannot do what is asked.
            BackendError: no chunk came.
        """
        begun = perf_counter()
        route = self.router.route(request.model)
        declared = _declared(request.dragoman)
        prompt = Prompt(uuid7(), request, body)
        stream = route.arm.backend.stream(prompt)
        first: asyncio.Future[Chunk] = asyncio.ensure_future(anext(stream))
        self._report.begin(route)
        try:
            # The engine gets its request before we read ours.
            await asyncio.sleep(0)
            instruction = self.diagnostics.read(request.turns, declared)
            chunk = await first
        except BaseException as error:
            first.cancel()
            if isinstance(error, StopAsyncIteration):
                error = BackendBroken("the engine's reply is empty")
            self._report(Record(id=prompt.id, route=route, outcome=outcome_of(error), duration=perf_counter() - begun))
            raise error from None
        first_token = perf_counter() - begun

        def done(tap: Tap) -> None:
            self._report(
                Record(
                    id=prompt.id,
                    route=route,
                    outcome=tap.outcome or "",
                    duration=perf_counter() - begun,
                    first_token=first_token,
                    diagnosis=tap.diagnosis,
                    diagnosing=tap.diagnosing,
                    usage=tap.usage,
                )
            )

        tap = Tap(chunk, stream, self.diagnostics.watch(prompt.id, instruction), done)
        return Reply(prompt.id, route, instruction, tap)


def _declared(options: DragomanOptions | None) -> Declared:
    if options is None:
        return NOTHING_DECLARED
    try:
        return declare(options.expected_language, ((each.name, each.arguments) for each in options.modifiers or ()))
    except DeclarationError as error:
        placed = error.within("dragoman")
        raise InvalidDeclaration(str(placed), param=placed.path) from None
