"""From the record of an attempt to what a store keeps of it: names, numbers and verdicts, and nothing that anybody
wrote."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import UNSET

from diagnostics.core import VERSION, Diagnosis, Finding, LanguageFinding, ModifierFinding

from ..ids import time_of
from ..record import Record
from ..verdicts import registered
from .base import Entry, Found

MOST = 2**31 - 1
"""Tokens: an engine may say anything."""

FINISH_REASONS = frozenset(("stop", "length", "tool_calls", "function_call", "content_filter"))
"""OpenAI's; what else an engine says is kept as "other"."""


def entry_of(record: Record) -> Entry:
    """What is kept of ``record``, without its text."""
    diagnosis, instruction, usage = record.diagnosis, record.instruction, record.usage
    expected = instruction.expected_language if instruction is not None else None
    language = diagnosis.language if diagnosis is not None else None
    return Entry(
        id=record.id,
        attempt=record.attempt,
        time=time_of(record.id),
        model=record.route.model,
        checkpoint=record.checkpoint,
        arm=record.route.arm.role.value,
        assigned=record.route.arm.checkpoint,
        run=record.run,
        phase=record.phase,
        probability=record.route.probability,
        conversation=record.conversation,
        role=record.role.value,
        pair=record.pair,
        final=record.final,
        outcome=record.outcome,
        client=record.client,
        api=record.api,
        streamed=record.streamed,
        language=registered(instruction.language) if instruction is not None else None,
        expected_language=registered(expected.tag) if expected is not None else None,
        expected_origin=expected.origin.value if expected is not None else None,
        detected=registered(language.detected) if language is not None else None,
        language_verdict=language.verdict.value if language is not None else None,
        found=tuple(_found(diagnosis)) if diagnosis is not None else (),
        complete=diagnosis is not None and diagnosis.complete,
        version=diagnosis.version if diagnosis is not None else VERSION,
        repair=_repair(diagnosis),
        prompt_tokens=_tokens(usage.prompt_tokens) if usage is not None else None,
        completion_tokens=_tokens(usage.completion_tokens) if usage is not None else None,
        characters=record.characters,
        duration=record.duration,
        first_token=record.first_token,
        diagnosing=record.diagnosing,
        finish_reason=_finish_reason(record.finish_reason),
        judged=record.judged,
    )


def _found(diagnosis: Diagnosis) -> Iterator[Found]:
    findings = diagnosis.modifiers + diagnosis.surface
    for finding in findings if diagnosis.language is None else (diagnosis.language, *findings):
        yield Found(finding.name, finding.verdict.value, _score(finding), _form(finding))


def _score(finding: Finding) -> float | None:
    return finding.score if isinstance(finding, (LanguageFinding, ModifierFinding)) else None


def _form(finding: Finding) -> str | None:
    return finding.form if isinstance(finding, ModifierFinding) else None


def _repair(diagnosis: Diagnosis | None) -> str | None:
    if diagnosis is None or diagnosis.repair is UNSET:
        return None
    return f"{diagnosis.repair.action}={diagnosis.repair.outcome}"


def _tokens(counted: int) -> int:
    return max(0, min(counted, MOST))


def _finish_reason(said: str | None) -> str | None:
    return said if said is None or said in FINISH_REASONS else "other"
