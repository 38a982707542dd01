"""Diagnosis of one reply: all detectors fed together, chunk by chunk or at once.

The same ``Watch`` serves live traffic, files and tests; any way of cutting a reply into chunks gives the same
findings. A detector that raises becomes a finding with verdict ``error`` and is left out from then on: this is one
of the two places where any exception is caught, because a broken check must never break a reply.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ParamSpec, TypeVar

import msgspec

from .core import (
    Alarm,
    Detector,
    Diagnosis,
    Finding,
    Instruction,
    LanguageFinding,
    Message,
    ModifierFinding,
    Observer,
    RequestedModifier,
    Verdict,
)
from .surface.cut_off import CUT_OFF

log = logging.getLogger(__name__)

BATCH = 256
"""Characters that are collected before the observers see them: a token at a time would cost them more than the text."""

FIRST_WORDS = 600
"""Characters at the beginning that are not collected, where somebody waits for an early alarm."""


class Declared(msgspec.Struct, frozen=True):
    """What the caller states outright: a BCP 47 tag and modifiers; both win over what the messages say."""

    expected_language: str | None = None
    modifiers: tuple[RequestedModifier, ...] = ()


NOTHING_DECLARED = Declared()

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

Read = Callable[[tuple[Message, ...], Declared], Instruction]


def _attempt(
    call: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> Result | Exception:
    """The guard: what a part of a check returns, or the exception with which it broke."""
    try:
        return call(*args, **kwargs)
    except Exception as error:
        return error


class Diagnostics:
    """A reader of instructions and a set of detectors, wired once; holds no state of any inference."""

    def __init__(self, read: Read, detectors: Sequence[Detector]) -> None:
        self._read = read
        self._detectors = tuple(detectors)
        self._broken = Broken()

    def read(self, messages: tuple[Message, ...], declared: Declared = NOTHING_DECLARED) -> Instruction:
        """Work out what the messages ask for. Never raises: what cannot be read is in ``Instruction.errors``."""
        instruction = _attempt(self._read, messages, declared)
        if isinstance(instruction, Exception):
            return Instruction(messages, errors=(self._broken(Finding, "instruction", instruction),))
        return instruction

    def watch(self, id: str, instruction: Instruction, *, early: bool = False) -> Watch:
        """Start watching a reply to ``instruction``; ``early`` where somebody asks for ``Watch.alarm`` meanwhile."""
        return Watch(id, instruction, self._detectors, self._broken, early=early)

    def asked(self, id: str, instruction: Instruction) -> Diagnosis:
        """Report only what was asked, for an instruction whose reply is not there."""
        findings = [
            ModifierFinding(
                name=modifier.name,
                verdict=Verdict.NOT_APPLICABLE,
                explanation=modifier.overruled or "no reply was given",
                arguments=modifier.arguments,
                origin=modifier.origin,
                span=modifier.span,
                message=modifier.message,
                confidence=modifier.confidence,
            )
            for modifier in instruction.modifiers
        ]
        return _assemble(id, instruction, [*instruction.errors, *findings], complete=False)

    def diagnose(
        self, id: str, instruction: Instruction, reply: str, *, complete: bool = True, cut_off: bool = False
    ) -> Diagnosis:
        """Diagnose a reply that is there as a whole; the rest is as in ``Watch.close``."""
        watch = self.watch(id, instruction)
        watch.feed(reply)
        return watch.close(complete=complete, cut_off=cut_off)


class Broken:
    """Turns the exception of a check into a finding. The first of a kind is logged, for somebody to mend; a check that
    breaks on every reply does not flood the log."""

    def __init__(self) -> None:
        self._logged: set[tuple[str, type]] = set()

    def __call__(self, finding: type[Finding], name: str, error: Exception) -> Finding:
        kind = type(error)
        if (name, kind) not in self._logged:
            self._logged.add((name, kind))
            # Where it broke, but not the exception's message, which could hold a piece of the reply.
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("check %s broke, logged once: %s\n%s", name, kind.__name__, where)
        return finding(name=name, verdict=Verdict.ERROR, explanation=f"the check itself broke ({kind.__name__})")


class Watch:
    """All detectors on one reply: feed it, then close it once."""

    def __init__(
        self, id: str, instruction: Instruction, detectors: Sequence[Detector], broken: Broken, *, early: bool = False
    ) -> None:
        self._id = id
        self._uncollected = FIRST_WORDS if early else 0
        self._instruction = instruction
        self._broken = broken
        self._findings: list[Finding] = list(instruction.errors)
        self._pending: list[str] = []
        self._pending_length = 0
        self._observers: list[tuple[Detector, Observer]] = []
        for detector in detectors:
            observer = _attempt(detector.observe, instruction)
            if isinstance(observer, Exception):
                self._findings.append(self._broken(detector.finding, detector.name, observer))
            elif observer is not None:
                self._observers.append((detector, observer))

    def feed(self, text: str) -> None:
        """Take the next piece of the reply."""
        self._pending.append(text)
        self._pending_length += len(text)
        if self._pending_length >= BATCH or self._uncollected > 0:
            self._uncollected -= self._pending_length
            self._flush()

    @property
    def alarm(self) -> Alarm | None:
        """What a detector raised while the reply streams, the hard before the soft; None so far."""
        raised = [found for found in self._early("alarm", None) if found is not None]
        return max(raised, key=lambda alarm: alarm.hard, default=None)

    @property
    def is_clear(self) -> bool:
        """Whether the reply has begun well so far as its first words tell: no alarm, and none to be expected."""
        return all(self._early("is_clear", True))

    @property
    def decided(self) -> list[Finding]:
        """The findings that are there before the reply has ended; their verdicts stay."""
        return [finding for findings in self._early("decided", ()) for finding in findings]

    def close(self, *, complete: bool, cut_off: bool = False) -> Diagnosis:
        """The reply has ended; ``complete`` is False when it was cut short, ``cut_off`` is True when that was the
        engine's doing (a finish reason of "length") and not that of a caller who left."""
        self._flush()
        for detector, observer in self._observers:
            found = _attempt(observer.close, complete=complete)
            if isinstance(found, Exception):
                found = (self._broken(detector.finding, detector.name, found),)
            self._findings += found
        if cut_off:
            self._findings.append(CUT_OFF)
        return _assemble(self._id, self._instruction, self._findings, complete)

    def _early(self, name: str, default: Any) -> Iterator[Any]:
        """What the observers say under ``name`` before the end; ``default`` from those that have nothing to say."""
        for pair in self._observers:
            said = _attempt(getattr, pair[1], name, default)
            if isinstance(said, Exception):
                self._drop(pair, said)
            else:
                yield said

    def _flush(self) -> None:
        text = "".join(self._pending)
        self._pending.clear()
        self._pending_length = 0
        for pair in self._observers:
            error = _attempt(pair[1].feed, text)
            if error is not None:
                self._drop(pair, error)

    def _drop(self, pair: tuple[Detector, Observer], error: Exception) -> None:
        # A new list: the caller is iterating over the old one.
        self._observers = [other for other in self._observers if other is not pair]
        self._findings.append(self._broken(pair[0].finding, pair[0].name, error))


def _assemble(id: str, instruction: Instruction, findings: Sequence[Finding], complete: bool) -> Diagnosis:
    language: LanguageFinding | None = None
    modifiers: list[ModifierFinding] = []
    surface: list[Finding] = []
    for finding in findings:
        if isinstance(finding, LanguageFinding):
            language = finding
        elif isinstance(finding, ModifierFinding):
            modifiers.append(finding)
        else:
            surface.append(finding)
    return Diagnosis(
        id=id,
        instruction_language=instruction.language,
        expected_language=instruction.expected_language,
        language=language,
        modifiers=tuple(modifiers),
        surface=tuple(surface),
        complete=complete,
    )
