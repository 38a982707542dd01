from __future__ import annotations

import msgspec
import pytest

from diagnostics.core import (
    VERSION,
    Diagnosis,
    ExpectedLanguage,
    Finding,
    Instruction,
    LanguageFinding,
    LeadInFinding,
    ModifierFinding,
    Origin,
    Repair,
    Verdict,
)
from service.ids import time_of, uuid7
from service.record import Role
from service.schema import Usage
from service.store.base import Found
from service.store.entries import MOST, entry_of
from tests.stores import record

PRIVATE = "de-x-geheim"


def test_every_finding_is_kept_the_language_first_and_no_explanation() -> None:
    id = uuid7()
    diagnosis = Diagnosis(
        id=id,
        language=LanguageFinding(verdict=Verdict.PASS, score=1, detected="de-AT", explanation="secret"),
        modifiers=(ModifierFinding(name="html", verdict=Verdict.PASS, form="unwrapped", score=0.5),),
        surface=(
            LeadInFinding(verdict=Verdict.FAIL, language="en", span=(0, 3)),
            Finding(name="repetition", verdict=Verdict.PASS, explanation="secret"),
        ),
        complete=False,
    )
    entry = entry_of(record(id, diagnosis=diagnosis))
    assert entry.found == (
        Found("language", "pass", 1),
        Found("html", "pass", 0.5, "unwrapped"),
        Found("lead_in", "fail"),
        Found("repetition", "pass"),
    )
    assert (entry.detected, entry.language_verdict, entry.complete) == ("de-AT", "pass", False)
    assert (entry.id, entry.time, entry.version) == (id, time_of(id), VERSION)
    assert (entry.arm, entry.assigned, entry.probability) == ("canary", "c", 0.25)
    assert (entry.prompt_tokens, entry.completion_tokens) == (3, 4)
    assert b"secret" not in msgspec.json.encode(entry)


def test_what_was_asked_is_kept_even_when_no_reply_came() -> None:
    entry = entry_of(record(diagnosis=None, usage=None, outcome="backend_timeout", role=Role.FALLBACK, attempt=1))
    assert (entry.language, entry.expected_language, entry.expected_origin) == ("de", "de", "instruction")
    assert (entry.outcome, entry.role, entry.attempt, entry.version) == ("backend_timeout", "fallback", 1, VERSION)
    assert (entry.found, entry.language_verdict, entry.prompt_tokens, entry.complete) == ((), None, None, False)
    assert entry_of(record(diagnosis=None, instruction=None)).expected_language is None


def test_a_repair_is_kept_as_the_header_says_it() -> None:
    repair = Repair(
        check="language", explanation="", characters=9, action="retry", outcome="repaired", checkpoint="c", seconds=1.0
    )
    assert entry_of(record(diagnosis=Diagnosis(id="1", repair=repair))).repair == "retry=repaired"
    assert entry_of(record()).repair is None


def test_nothing_that_a_caller_or_an_engine_made_up_is_kept() -> None:
    expected = ExpectedLanguage(PRIVATE, Origin.DECLARED)
    entry = entry_of(
        record(
            instruction=Instruction((), PRIVATE, expected),
            diagnosis=Diagnosis(id="1", language=LanguageFinding(verdict=Verdict.PASS, detected=PRIVATE)),
            finish_reason="geheim\0",
            usage=Usage(-5, 10**30, 7),
        )
    )
    assert (entry.language, entry.expected_language, entry.detected) == ("de", "de", "de")
    assert entry.finish_reason == "other"
    assert (entry.prompt_tokens, entry.completion_tokens) == (0, MOST)


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter", None])
def test_known_reasons_stay(reason: str | None) -> None:
    assert entry_of(record(finish_reason=reason)).finish_reason == reason
