"""One request on its way to a reply, and the attempts that are made at it."""

from __future__ import annotations

from time import perf_counter

from diagnostics.core import Instruction
from diagnostics.runner import Declared

from .backends.base import Request
from .ids import uuid7
from .record import Record, Role
from .repair import Policy
from .report import Report
from .routing import Arm, Route, Target
from .tap import Tap, outcome_of


class Inference:
    """What was asked, where it was sent, and what is done about a wrong reply (None: it is observed).

    ``instruction`` is there once the first engine has got its request.
    """

    __slots__ = ("attempts", "begun", "body", "declared", "id", "instruction", "policy", "request", "route")

    def __init__(self, request: Request, body: bytes, route: Route, declared: Declared, policy: Policy | None) -> None:
        self.id = uuid7()
        self.begun = perf_counter()
        self.request = request
        self.body = body
        self.route = route
        self.declared = declared
        self.policy = policy
        self.instruction: Instruction | None = None
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
        )
