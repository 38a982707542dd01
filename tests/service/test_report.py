from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry

from diagnostics.core import (
    Diagnosis,
    ExpectedLanguage,
    Finding,
    ForeignRun,
    LanguageFinding,
    LeadInFinding,
    ModifierFinding,
    Origin,
    SurfaceFinding,
    Verdict,
)
from diagnostics.language.early import LONGEST
from diagnostics.surface import SIGNALS
from diagnostics.surface.cut_off import CUT_OFF
from service.backends.scripted import ScriptedBackend
from service.config import ScriptedCheckpoint
from service.metrics import LANGUAGES, SOFT_MISMATCH_BUCKETS, Metrics, language_label
from service.record import Record
from service.report import Report
from service.routing import Arm, Role, Route
from service.schema import Usage

ROUTE = Route("m", Arm(Role.CANARY, "c", ScriptedBackend(ScriptedCheckpoint(("x",))), 0.5))
ARM = {"model": "m", "arm": "canary", "checkpoint": "c"}


def diagnosis(tag: str = "de", verdict: Verdict = Verdict.FAIL, detected: str = "en") -> Diagnosis:
    return Diagnosis(
        id="1",
        instruction_language="de",
        expected_language=ExpectedLanguage(tag, Origin.INSTRUCTION),
        language=LanguageFinding(verdict=verdict, detected=detected),
        modifiers=(ModifierFinding(name="html", verdict=Verdict.PASS),),
    )


def record(diagnosis: Diagnosis | None = None, outcome: str = "ok") -> Record:
    return Record(
        id="1",
        route=ROUTE,
        checkpoint="c",
        outcome=outcome,
        duration=0.5,
        first_token=0.1,
        diagnosis=diagnosis,
        usage=Usage(3, 4, 7),
    )


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_a_record_moves_every_counter(metrics: Metrics) -> None:
    report = Report(metrics)
    report.begin(ROUTE, "c")
    assert value(metrics, "dragoman_inferences_in_flight", **ARM) == 1
    report(record(diagnosis()))
    assert value(metrics, "dragoman_inferences_in_flight", **ARM) == 0
    assert value(metrics, "dragoman_requests_total", **ARM, outcome="ok") == 1
    assert value(metrics, "dragoman_tokens_total", **ARM, type="input") == 3
    assert value(metrics, "dragoman_tokens_total", **ARM, type="output") == 4
    assert value(metrics, "gen_ai_server_request_duration_seconds_sum", **ARM) == 0.5
    assert value(metrics, "gen_ai_server_time_to_first_token_seconds_count", **ARM) == 1
    language = {**ARM, "expected": "de"}
    assert value(metrics, "dragoman_language_verdicts_total", **language, verdict="fail") == 1
    assert value(metrics, "dragoman_language_mismatches_total", **language, detected="en") == 1
    modifier = {**ARM, "instruction_language": "de", "modifier": "html", "verdict": "pass"}
    assert value(metrics, "dragoman_modifier_verdicts_total", **modifier) == 1


def test_wrong_replies_went_to_english_or_elsewhere(metrics: Metrics) -> None:
    report = Report(metrics)
    for detected in ("en", "en-GB", "fr", "tlh"):
        report(record(diagnosis(detected=detected)))
    labels = {**ARM, "expected": "de"}
    assert value(metrics, "dragoman_language_mismatches_total", **labels, detected="en") == 2
    assert value(metrics, "dragoman_language_mismatches_total", **labels, detected="other") == 2


def test_a_right_reply_with_a_lead_in_and_foreign_words_is_counted_as_such(metrics: Metrics) -> None:
    opening = LeadInFinding(verdict=Verdict.FAIL, language="en", span=(0, 20))
    runs = (ForeignRun("en", (40, 60), 3), ForeignRun("en", (70, 99), 5))
    language = LanguageFinding(verdict=Verdict.PASS, detected="de", score=1, foreign_words=runs, soft_mismatch=17)
    expected = ExpectedLanguage("de-AT", Origin.DECLARED)
    report = Report(metrics)
    report(record(Diagnosis(id="1", expected_language=expected, language=language, surface=(opening,))))
    report(record(diagnosis(verdict=Verdict.PASS)))
    labels = {**ARM, "expected": "de"}
    assert value(metrics, "dragoman_language_verdicts_total", **labels, verdict="pass") == 2
    assert metrics.registry.get_sample_value("dragoman_surface_total", {**labels, "name": "lead_in"}) == 1
    assert value(metrics, "dragoman_language_code_switched_total", **labels) == 1
    name = "dragoman_language_soft_mismatch_characters"
    assert [value(metrics, f"{name}_bucket", **ARM, le=le) for le in ("16.0", "24.0", "+Inf")] == [0, 1, 1]
    assert value(metrics, f"{name}_sum", **ARM) == 17


def test_an_alarm_falls_into_a_bucket_that_is_not_the_last() -> None:
    assert SOFT_MISMATCH_BUCKETS[-1] >= LONGEST


def test_a_failed_inference_counts_without_a_diagnosis(metrics: Metrics, caplog: pytest.LogCaptureFixture) -> None:
    report = Report(metrics)
    report(record(outcome="ok"))
    report(record(outcome="cancelled"))
    assert caplog.text == ""
    report(record(outcome="backend_unavailable"))
    assert "inference 1 of checkpoint c failed: backend_unavailable" in caplog.text
    assert value(metrics, "dragoman_requests_total", **ARM, outcome="backend_unavailable") == 1


def test_broken_checks_are_counted_by_name(metrics: Metrics) -> None:
    broken = Diagnosis(id="1", surface=(Finding(name="instruction", verdict=Verdict.ERROR),))
    Report(metrics)(record(broken))
    assert value(metrics, "dragoman_check_errors_total", check="instruction") == 1


def test_flaws_of_the_surface_are_counted_by_name_and_broken_checks_are_none(metrics: Metrics) -> None:
    expected = ExpectedLanguage("de", Origin.DECLARED)
    flaws = (*(SurfaceFinding(name=signal.name, verdict=Verdict.FAIL) for signal in SIGNALS), CUT_OFF)
    broken = Finding(name="instruction", verdict=Verdict.ERROR)
    report = Report(metrics)
    for _ in range(2):
        report(record(Diagnosis(id="1", expected_language=expected, surface=(*flaws, broken))))
    (family,) = (family for family in metrics.registry.collect() if family.name == "dragoman_surface")
    counted = {sample.labels["name"]: sample.value for sample in family.samples if sample.name.endswith("_total")}
    assert counted == dict.fromkeys([flaw.name for flaw in flaws], 2)


def test_languages_out_of_the_list_add_no_series(metrics: Metrics) -> None:
    report = Report(metrics)
    for tag in (f"x{chr(97 + one)}{chr(97 + two)}" for one in range(20) for two in range(20)):
        report(record(diagnosis(tag, Verdict.PASS)))
    (family,) = (family for family in metrics.registry.collect() if family.name == "dragoman_language_verdicts")
    assert {sample.labels["expected"] for sample in family.samples} == {"other"}


@pytest.mark.parametrize(
    ("tag", "label"),
    [("de-AT", "de"), ("zh-Hant", "zh"), ("sr-Latn", "sr"), ("nb", "no"), (None, "none"), ("tlh", "other")],
)
def test_language_labels(tag: str | None, label: str) -> None:
    assert language_label(tag) == label
    assert label in LANGUAGES | {"none", "other"}


def test_a_report_that_breaks_is_counted_and_not_raised(metrics: Metrics, caplog: pytest.LogCaptureFixture) -> None:
    report = Report(metrics)
    report._requests = None
    report(record(diagnosis()))
    assert value(metrics, "dragoman_report_errors_total") == 1
    assert "report of inference 1 broke" in caplog.text
