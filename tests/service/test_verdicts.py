"""The log line of a finished inference: which replies get one, what it says, and that it holds no text."""

from __future__ import annotations

import logging
import re

import httpx
import pytest

from diagnostics.core import (
    Diagnosis,
    ExpectedLanguage,
    Finding,
    ForeignRun,
    LanguageFinding,
    LeadInFinding,
    Lines,
    ModifierFinding,
    Origin,
    Verdict,
)
from diagnostics.surface.cut_off import CUT_OFF
from service.backends.scripted import ScriptedBackend
from service.config import LoggedVerdicts, ScriptedCheckpoint
from service.record import Record
from service.routing import Arm, Role, Route
from service.verdicts import KEYS, is_failure, line, log_verdicts
from tests.gateways import serving, settings

ROUTE = Route("m", Arm(Role.CANARY, "c", ScriptedBackend(ScriptedCheckpoint(("x",))), 0.5))
FAILED = Record(id="7", route=ROUTE, checkpoint="c", outcome="backend_timeout", duration=0.5)
RIGHT = LanguageFinding(verdict=Verdict.PASS, score=2, detected="de")
WRONG = LanguageFinding(
    verdict=Verdict.FAIL,
    score=0,
    detected="zh-Hans",
    confidence=0.999,
    lines=Lines(1, 2, 3),
    foreign_words=(ForeignRun("en", (0, 9), 3),),
    soft_mismatch=17,
    hard_mismatch=240,
)


def record(language: LanguageFinding | None = None, *, tag: str = "de", **rest: object) -> Record:
    expected = ExpectedLanguage(tag, Origin.DECLARED) if language else None
    diagnosis = Diagnosis(id="7", expected_language=expected, language=language, **rest)
    return Record(id="7", route=ROUTE, checkpoint="c", outcome="ok", duration=0.5, diagnosis=diagnosis)


def logged(which: LoggedVerdicts, each: Record, caplog: pytest.LogCaptureFixture) -> bool:
    caplog.clear()
    with caplog.at_level(logging.INFO):
        log_verdicts(each, which)
    return bool(caplog.messages)


def test_a_line_says_everything_about_a_wrong_reply() -> None:
    modifiers = tuple(
        ModifierFinding(name=name, verdict=verdict)
        for name, verdict in [("html", Verdict.FAIL), ("json", Verdict.PASS), ("bullets", Verdict.FAIL)]
    )
    opening = LeadInFinding(verdict=Verdict.FAIL, language="en", span=(0, 20))
    assert line(record(WRONG, tag="zh-Hant", modifiers=modifiers, surface=(opening, CUT_OFF))) == (
        "inference=7 model=m arm=canary checkpoint=c role=primary outcome=ok expected=zh-Hant origin=declared "
        "verdict=fail score=0 detected=zh-Hans confidence=0.999 lines=1/2/3 soft=17 hard=240 foreign=1 lead_in=en "
        "failed=html,bullets surface=cut_off"
    )


@pytest.mark.parametrize(
    "each",
    [record(), record(RIGHT), Record(id="7", route=ROUTE, checkpoint="c", outcome="backend_timeout", duration=0.5)],
)
def test_every_line_has_the_same_keys(each: Record) -> None:
    pairs = [pair.partition("=") for pair in line(each).split(" ")]
    assert tuple(key for key, _, _ in pairs) == KEYS
    assert all(value for _, _, value in pairs)


def test_what_a_caller_may_choose_of_a_tag_is_not_shown() -> None:
    assert " expected=de-AT-1996 " in line(record(RIGHT, tag="de-AT-1996-u-co-phonebk-x-my-secret"))


@pytest.mark.parametrize(
    ("each", "failure"),
    [
        (record(RIGHT), False),
        (record(WRONG), True),
        (record(LanguageFinding(verdict=Verdict.ABSTAIN)), False),
        (record(), False),
        (record(RIGHT, modifiers=(ModifierFinding(name="html", verdict=Verdict.FAIL),)), True),
        (record(RIGHT, modifiers=(ModifierFinding(name="html", verdict=Verdict.PASS),)), False),
        (record(RIGHT, surface=(LeadInFinding(verdict=Verdict.FAIL, language="en", span=(0, 20)),)), True),
        (record(RIGHT, surface=(Finding(name="instruction", verdict=Verdict.ERROR),)), False),
        (FAILED, False),
    ],
)
def test_failures_are_replies_that_failed_a_check(
    each: Record, failure: bool, caplog: pytest.LogCaptureFixture
) -> None:
    assert is_failure(each) is failure
    assert logged("failures", each, caplog) is failure
    assert logged("all", each, caplog)
    assert not logged("off", each, caplog)


GERMAN = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine."
ENGLISH = "The capital of France is called Paris and lies on the river Seine."
LINES = {"off": [], "failures": ["fail"], "all": ["pass", "fail"]}


@pytest.mark.parametrize("which", LINES)
async def test_the_gateway_logs_what_the_settings_ask_for_and_no_text(
    which: str, caplog: pytest.LogCaptureFixture
) -> None:
    options = {"expected_language": "de-x-mysecret", "modifiers": [{"name": "html"}]}
    engine = {"backend": "scripted", "replies": [GERMAN, ENGLISH]}
    messages = [{"role": "user", "content": "Was ist die Hauptstadt von Zanzibar?"}]
    with caplog.at_level(logging.INFO, logger="service"):
        gateway = serving(settings({"script": engine}, logging={"verdicts": which}))
        async with gateway as served, httpx.AsyncClient(base_url=served.url) as http:
            for dragoman in (None, options):
                body = {"model": "script", "messages": messages, "dragoman": dragoman, "user": "Zanzibar"}
                assert (await http.post("/v1/chat/completions", json=body)).status_code == 200
    lines = [each.getMessage() for each in caplog.records if each.name == "service.verdicts"]
    assert [re.search(r" verdict=(\w+) ", each)[1] for each in lines] == LINES[which]
    assert all(" expected=de " in each for each in lines)
    words = {*GERMAN.split(), *ENGLISH.split(), "Zanzibar", "mysecret"}
    assert not any(word in caplog.text for word in words if len(word) > 3)
