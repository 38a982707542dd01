"""The gateway: route, stream, watch, repair, report. No HTTP in sight."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from time import time
from types import MappingProxyType

from diagnostics.core import Instruction
from diagnostics.modifiers.declaration import DeclarationError
from diagnostics.runner import NOTHING_DECLARED, Declared, Diagnostics
from diagnostics.standard import declare

from .backends.base import Chunk, Prompt, Request
from .config import LoggedVerdicts, OnMismatch, Repairing
from .errors import BackendBroken, BackendError, BackendRejected, DragomanError, InvalidDeclaration, WrongReply
from .inference import Attempt, Caller, Inference
from .metrics import Metrics
from .record import Keeper, Role
from .repair import Breach, Budget, Policy, convicted, load_reminders, noted, reminded
from .report import Report
from .routing import Arm, Route, Router, Target
from .schema import DragomanOptions
from .store.base import Store
from .tap import REPLACED, Tap

_NOBODY = Caller()


class Reply:
    """One reply on its way: its first chunk has come. Iterate over ``chunks``, and close them whatever happens.

    ``checkpoint`` is the one that answers. ``created`` is in seconds since 1970.
    """

    __slots__ = ("checkpoint", "chunks", "created", "id", "instruction", "route")

    def __init__(self, id: str, route: Route, checkpoint: str, instruction: Instruction, chunks: Tap) -> None:
        self.id = id
        self.created = int(time())
        self.route = route
        self.checkpoint = checkpoint
        self.instruction = instruction
        self.chunks = chunks


class Gateway:
    """Answers requests through the arms of ``router`` and has every reply diagnosed, repaired where that is wanted, and
    reported.

    ``repairing`` is the policy of each model; a model without one has its replies observed. ``logged`` says of which
    attempts there is a log line. ``keeper`` keeps a record of each, in ``store``.
    """

    def __init__(
        self,
        router: Router,
        diagnostics: Diagnostics,
        metrics: Metrics,
        logged: LoggedVerdicts = "off",
        repairing: Mapping[str, Repairing] = MappingProxyType({}),
        store: Store | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        self.router = router
        self.diagnostics = diagnostics
        self.metrics = metrics
        self._report = Report(metrics, logged, keeper)
        self._keeper = keeper
        self.store = store
        self._repairing = repairing
        self._budgets = {model: Budget(repairing.get(model, _OBSERVED).budget) for model in router.models}
        self._reminders = load_reminders()

    async def infer(self, request: Request, body: bytes, caller: Caller = _NOBODY) -> Reply:
        """Send a request to an arm and wait for the first chunk of the reply or, where it may be repaired, until it is
        seen whether it has begun well. ``body`` is the request as it came. To the caller's own policy the request's is
        preferred.

        Raises:
            UnknownModel: no such model.
            InvalidDeclaration: the language, a modifier or the policy that is declared is wrong.
            InvalidRequest: the engine cannot do what is asked.
            BackendError: no chunk came, from none of the checkpoints that were asked.
            DeadlineExceeded: no chunk came before the caller's time was over.
            WrongReply: the reply began wrong, and the policy is to refuse such.
        """
        route = self.router.route(request.model)
        declared = _declared(request.dragoman)
        policy = self._policy(route, request.dragoman, caller.on_mismatch)
        inference = Inference(request, body, route, declared, policy, caller)
        if self._keeper is not None:
            inference.keeps_text = self._keeper.may_keep_text(inference.id)
        attempt, tap = await self._first(inference)
        if inference.policy is not None:
            try:
                attempt, tap = await self._repaired(inference.policy, attempt, tap)
            except BaseException:
                await tap.aclose()
                raise
            tap.first_token = inference.seconds
        assert inference.instruction is not None  # the first attempt has read it
        return Reply(inference.id, route, attempt.target.checkpoint, inference.instruction, tap)

    async def _first(self, inference: Inference) -> tuple[Attempt, Tap]:
        """The first attempt that brings a chunk: at the checkpoint that was assigned, else at the fallbacks."""
        target: Arm | Target = inference.route.arm
        role = Role.PRIMARY
        for fallback in inference.route.fallbacks:
            try:
                return await self._attempt(inference, target, role, others=True)
            except BackendError as error:
                if not _goes_elsewhere(error):
                    raise
            target, role = fallback, Role.FALLBACK
        return await self._attempt(inference, target, role)

    async def _attempt(
        self,
        inference: Inference,
        target: Arm | Target,
        role: Role,
        prompt: Prompt | None = None,
        *,
        others: bool = False,
    ) -> tuple[Attempt, Tap]:
        """Ask a checkpoint and wait for its first chunk; ``prompt`` is what is sent in place of the caller's request.
        ``others`` says that, if it fails, somebody else may still answer."""
        attempt = Attempt(inference, target, role, self._report)
        stream = attempt.stream(prompt or Prompt(inference.id, inference.request, inference.body))
        first: asyncio.Future[Chunk] = asyncio.ensure_future(anext(stream))
        try:
            if inference.instruction is None:
                # The engine gets its request before we read ours.
                await asyncio.sleep(0)
                inference.instruction = self.diagnostics.read(inference.request.turns, inference.declared)
            chunk = await first
        except BaseException as error:
            first.cancel()
            if isinstance(error, StopAsyncIteration):
                error = BackendBroken("the engine's reply is empty")
            attempt.failed(error, final=not (others and _goes_elsewhere(error)))
            raise error from None
        watch = self.diagnostics.watch(inference.id, inference.instruction, early=inference.policy is not None)
        tap = Tap(chunk, stream, watch, attempt.ended)
        tap.first_token = inference.seconds
        if inference.keeps_text:
            tap.keep_text()
        return attempt, tap

    def _policy(self, route: Route, options: DragomanOptions | None, on_mismatch: OnMismatch | None) -> Policy | None:
        """What is done about a wrong reply; None when it is only observed."""
        budget = self._budgets[route.model]
        budget.earn()
        wanted = options.on_mismatch if options is not None else None
        settings = self._repairing.get(route.model, _OBSERVED)
        action = wanted or on_mismatch or settings.on_mismatch
        if action == "fallback" and not route.fallbacks:
            if wanted is not None:
                raise InvalidDeclaration("the model has no fallbacks that could be asked", param="dragoman.on_mismatch")
            return None
        return None if action == "observe" else Policy(action, settings, budget)

    async def _repaired(self, policy: Policy, attempt: Attempt, tap: Tap) -> tuple[Attempt, Tap]:
        """The same reply if it has begun well or cannot be helped, else one in its place.

        The first is stopped only when the second has begun to speak: if none comes, the caller still gets the first.
        """
        inference = attempt.inference
        assert inference.instruction is not None
        breach = await policy.breach(tap, inference.instruction, streams=bool(inference.request.stream))
        if breach is None:
            return attempt, tap
        note = partial(policy.note, breach)
        if policy.action == "reject":
            tap.revise(partial(convicted, breach=breach))
            tap.revise(partial(noted, repair=note("rejected", attempt.target.checkpoint)))
            await tap.give_way(WrongReply.type, final=True)
            raise WrongReply(f"the reply was refused: {breach.explanation}", tap.diagnosis)
        seen = inference.seconds
        second = await self._second(policy, attempt, breach)
        if isinstance(second, str):
            tap.revise(partial(noted, repair=note(second, attempt.target.checkpoint, inference.seconds - seen)))
            return attempt, tap
        checkpoint = second[0].target.checkpoint
        second[1].revise(partial(noted, repair=note("", checkpoint, inference.seconds - seen)))
        tap.revise(partial(convicted, breach=breach))
        await tap.give_way(REPLACED, final=False)
        return second

    async def _second(self, policy: Policy, attempt: Attempt, breach: Breach) -> tuple[Attempt, Tap] | str:
        """Another reply in place of one that began wrong, or why there is none."""
        inference = attempt.inference
        target: Arm | Target | None = attempt.target
        prompt = None
        if policy.action == "fallback":
            others = (each for each in inference.route.fallbacks if each.checkpoint != attempt.target.checkpoint)
            target = next(others, None)
        else:
            prompt = self._reminded(inference, breach)
        if target is None or (prompt is None and policy.action == "retry"):
            return "impossible"
        if not policy.budget.spend():
            return "budget"
        try:
            return await self._attempt(inference, target, Role.REPAIR, prompt, others=True)
        except DragomanError:
            return "failed"

    def _reminded(self, inference: Inference, breach: Breach) -> Prompt | None:
        """The request with a reminder of what was wanted; None when it cannot be reminded."""
        assert inference.instruction is not None
        expected = inference.instruction.expected_language
        language = expected.tag if expected is not None else inference.instruction.language
        reminder = self._reminders.text(breach, language)
        if reminder is None:
            return None
        again = reminded(inference.request, inference.body, reminder)
        return None if again is None else Prompt(inference.id, *again)


_OBSERVED = Repairing()


def _goes_elsewhere(error: BaseException) -> bool:
    """Whether another checkpoint may do better: the request itself was not what failed."""
    return isinstance(error, BackendError) and not isinstance(error, BackendRejected)


def _declared(options: DragomanOptions | None) -> Declared:
    if options is None:
        return NOTHING_DECLARED
    try:
        return declare(options.expected_language, ((each.name, each.arguments) for each in options.modifiers or ()))
    except DeclarationError as error:
        placed = error.within("dragoman")
        raise InvalidDeclaration(str(placed), param=placed.path) from None
