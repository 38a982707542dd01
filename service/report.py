"""What happens with an attempt that has ended: it is counted, kept and, on request, logged.

A report that breaks is logged and counted, and the reply it speaks of goes out all the same.
"""

from __future__ import annotations

import logging
from functools import cache

from msgspec import UNSET

from diagnostics.core import Diagnosis, LanguageFinding, Verdict

from .config import LoggedVerdicts
from .guarding import attempt
from .metrics import Metrics, language_label
from .record import Keeper, Record, Role
from .routing import Route
from .tap import CANCELLED, OK, REPLACED
from .verdicts import log_verdicts

log = logging.getLogger(__name__)


class Report:
    """Publishes records as metrics, gives them to ``keeper``, and logs those that ``logged`` asks for."""

    def __init__(self, metrics: Metrics, logged: LoggedVerdicts = "off", keeper: Keeper | None = None) -> None:
        self._metrics = metrics
        self._logged = logged
        self._keeper = keeper
        # labels() costs three times what inc() costs: keep each child once it was asked for. The keys are
        # label values from allowlists, so the caches are as bounded as the series.
        self._in_flight = cache(metrics.in_flight.labels)
        self._attempts = cache(metrics.attempts.labels)
        self._requests = cache(metrics.requests.labels)
        self._repairs = cache(metrics.repairs.labels)
        self._repair_delay = cache(metrics.repair_delay.labels)
        self._duration = cache(metrics.duration.labels)
        self._first_token = cache(metrics.first_token.labels)
        self._tokens = cache(metrics.tokens.labels)
        self._language = cache(metrics.language.labels)
        self._instead = cache(metrics.language_instead.labels)
        self._surface = cache(metrics.surface.labels)
        self._code_switched = cache(metrics.code_switched.labels)
        self._soft_mismatch = cache(metrics.soft_mismatch.labels)
        self._modifiers = cache(metrics.modifiers.labels)

    def begin(self, route: Route, checkpoint: str) -> None:
        """An attempt has been sent to a checkpoint; every ``begin`` is followed by one record."""
        self._in_flight(route.model, route.arm.role.value, checkpoint).inc()

    def __call__(self, record: Record) -> None:
        """Count, keep and log ``record``; never raises."""
        broken = attempt(self._publish, record)
        if broken is not None:
            self._metrics.report_errors.inc()
            log.error("the report of inference %s broke", record.id, exc_info=broken)

    def _publish(self, record: Record) -> None:
        if self._keeper is not None:
            self._keeper.put(record)
        self._count(record)
        log_verdicts(record, self._logged)

    def _count(self, record: Record) -> None:
        asked = record.asked
        self._in_flight(*asked).dec()
        self._attempts(*asked, record.role.value, record.outcome).inc()
        if record.outcome not in (OK, CANCELLED, REPLACED):
            log.warning("inference %s of checkpoint %s failed: %s", record.id, record.checkpoint, record.outcome)
        if record.final:
            self._count_inference(record)
        if record.usage is not None:
            self._tokens(*asked, "input").inc(record.usage.prompt_tokens)
            self._tokens(*asked, "output").inc(record.usage.completion_tokens)
        if record.diagnosis is not None:
            self._metrics.diagnosis_seconds.observe(record.diagnosing)
            if record.role is not Role.REPAIR:  # with a reminder, or of the hard cases only: no fair sample
                self._count_findings(asked, record.diagnosis)

    def _count_inference(self, record: Record) -> None:
        """What the caller got, by the assignment: who answered in the end does not change what the arm is worth."""
        assigned = record.assigned
        self._requests(*assigned, record.outcome).inc()
        self._duration(*assigned).observe(record.duration)
        if record.first_token is not None:
            self._first_token(*assigned).observe(record.first_token)
        repair = record.diagnosis.repair if record.diagnosis is not None else UNSET
        if repair is not UNSET:
            check = "language" if repair.check == "language" else "modifier"
            self._repairs(*assigned, check, repair.action, repair.outcome).inc()
            self._repair_delay(*assigned).observe(repair.seconds)

    def _count_findings(self, arm: tuple[str, str, str], diagnosis: Diagnosis) -> None:
        expected = language_label(diagnosis.expected_language.tag if diagnosis.expected_language else None)
        if diagnosis.language is not None:
            self._count_language(arm, expected, diagnosis.language)
        asked_in = language_label(diagnosis.instruction_language)
        for modifier in diagnosis.modifiers:
            self._modifiers(*arm, asked_in, modifier.name, modifier.verdict.value).inc()
        for each in diagnosis.surface:
            if each.verdict is Verdict.FAIL:
                self._surface(*arm, expected, each.name).inc()
        for check in (diagnosis.language, *diagnosis.modifiers, *diagnosis.surface):
            if check is not None and check.verdict is Verdict.ERROR:
                self._metrics.check_errors.labels(check.name).inc()

    def _count_language(self, arm: tuple[str, str, str], expected: str, finding: LanguageFinding) -> None:
        self._language(*arm, expected, finding.verdict.value).inc()
        if finding.verdict is Verdict.FAIL:
            detected = "en" if language_label(finding.detected) == "en" else "other"
            self._instead(*arm, expected, detected).inc()
        if finding.foreign_words:
            self._code_switched(*arm, expected).inc()
        if finding.soft_mismatch is not None:
            self._soft_mismatch(*arm).observe(finding.soft_mismatch)
