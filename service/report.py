"""What happens with a finished inference: it is counted.

This is the second of the two places where any exception is caught: a report that breaks is logged and counted, and
the reply it speaks of goes out all the same.
"""

from __future__ import annotations

import logging
from functools import cache

import msgspec

from diagnostics.core import Diagnosis, Verdict

from .metrics import Metrics, language_label
from .routing import Route
from .schema import Usage
from .tap import CANCELLED, OK

log = logging.getLogger(__name__)


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One finished inference. Times are in seconds; ``first_token`` is None when no piece of a reply came.

    ``outcome`` is "ok", "cancelled" (the caller left), or the code of the error that ended it. ``diagnosis`` is None
    when there was no reply at all.
    """

    id: str
    route: Route
    outcome: str
    duration: float
    first_token: float | None = None
    diagnosis: Diagnosis | None = None
    diagnosing: float = 0.0
    usage: Usage | None = None


class Report:
    """Publishes records as metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        # labels() costs three times what inc() costs: keep each child once it was asked for. The keys are
        # label values from allowlists, so the caches are as bounded as the series.
        self._in_flight = cache(metrics.in_flight.labels)
        self._requests = cache(metrics.requests.labels)
        self._duration = cache(metrics.duration.labels)
        self._first_token = cache(metrics.first_token.labels)
        self._tokens = cache(metrics.tokens.labels)
        self._language = cache(metrics.language.labels)
        self._instead = cache(metrics.language_instead.labels)
        self._modifiers = cache(metrics.modifiers.labels)

    def begin(self, route: Route) -> None:
        """An inference has been sent to its arm; every ``begin`` is followed by one record."""
        self._in_flight(*_arm(route)).inc()

    def __call__(self, record: Record) -> None:
        """Count ``record``; never raises."""
        try:
            self._count(record)
        except Exception:
            self._metrics.report_errors.inc()
            log.exception("the report of inference %s broke", record.id)

    def _count(self, record: Record) -> None:
        arm = _arm(record.route)
        self._in_flight(*arm).dec()
        self._requests(*arm, record.outcome).inc()
        if record.outcome not in (OK, CANCELLED):
            log.warning("inference %s of checkpoint %s failed: %s", record.id, arm[2], record.outcome)
        self._duration(*arm).observe(record.duration)
        if record.first_token is not None:
            self._first_token(*arm).observe(record.first_token)
        if record.usage is not None:
            self._tokens(*arm, "input").inc(record.usage.prompt_tokens)
            self._tokens(*arm, "output").inc(record.usage.completion_tokens)
        if record.diagnosis is not None:
            self._metrics.diagnosis_seconds.observe(record.diagnosing)
            self._count_findings(arm, record.diagnosis)

    def _count_findings(self, arm: tuple[str, str, str], diagnosis: Diagnosis) -> None:
        finding = diagnosis.language
        if finding is not None:
            expected = language_label(diagnosis.expected_language.tag if diagnosis.expected_language else None)
            self._language(*arm, expected, finding.verdict.value).inc()
            if finding.verdict is Verdict.FAIL:
                detected = "en" if language_label(finding.detected) == "en" else "other"
                self._instead(*arm, expected, detected).inc()
        asked_in = language_label(diagnosis.instruction_language)
        for modifier in diagnosis.modifiers:
            self._modifiers(*arm, asked_in, modifier.name, modifier.verdict.value).inc()
        for check in (finding, *diagnosis.modifiers, *diagnosis.surface):
            if check is not None and check.verdict is Verdict.ERROR:
                self._metrics.check_errors.labels(check.name).inc()


def _arm(route: Route) -> tuple[str, str, str]:
    return (route.model, route.arm.role.value, route.arm.checkpoint)
