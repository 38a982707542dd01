"""The log line of a finished inference, for whoever follows single replies rather than rates.

Every line has the same keys in the same order, ``-`` where there is nothing to say. Nothing that a caller or a model
wrote is in it: names come from the settings and from code, and of a language tag only its registered subtags are shown.
"""

from __future__ import annotations

import logging
from itertools import takewhile

from diagnostics.core import Diagnosis, LanguageFinding, LeadInFinding, SurfaceFinding, Verdict

from .config import LoggedVerdicts
from .record import Record

log = logging.getLogger(__name__)

KEYS = (
    "inference", "model", "arm", "checkpoint", "role", "outcome", "expected", "origin", "verdict", "score", "detected",
    "confidence", "lines", "soft", "hard", "foreign", "lead_in", "failed", "surface",
)  # fmt: skip
"""``lines`` are those that passed, failed and abstained; ``soft`` and ``hard`` the characters after which the reply was
called wrong; ``foreign`` counts runs of foreign words; ``lead_in`` is the language of an opening in a wrong one;
``failed`` names modifiers, ``surface`` what else is flawed."""


def log_verdicts(record: Record, which: LoggedVerdicts) -> None:
    """Log ``record`` if it is one of those that are wanted."""
    if which == "all" or (which == "failures" and is_failure(record)):
        log.info("%s", line(record))


def is_failure(record: Record) -> bool:
    """Has a check failed? Replies that did not come are warned of elsewhere."""
    diagnosis = record.diagnosis
    if diagnosis is None:
        return False
    checks = (diagnosis.language, *diagnosis.modifiers, *diagnosis.surface)
    return any(check is not None and check.verdict is Verdict.FAIL for check in checks)


def line(record: Record) -> str:
    """The record as ``key=value`` pairs."""
    pairs = {"inference": record.id, "role": record.role.value, "outcome": record.outcome}
    pairs |= zip(("model", "arm", "checkpoint"), record.asked, strict=True)
    if record.diagnosis is not None:
        pairs |= _diagnosis(record.diagnosis)
    return " ".join(f"{key}={pairs.get(key) or '-'}" for key in KEYS)


def _diagnosis(diagnosis: Diagnosis) -> dict[str, str]:
    expected, found = diagnosis.expected_language, diagnosis.language
    failed = [each.name for each in diagnosis.modifiers if each.verdict is Verdict.FAIL]
    openings = [each.language for each in diagnosis.surface if isinstance(each, LeadInFinding)]
    flaws = [each.name for each in diagnosis.surface if isinstance(each, SurfaceFinding)]
    pairs = {
        "failed": ",".join(failed),
        "lead_in": registered(openings[0] if openings else None),
        "surface": ",".join(flaws),
    }
    if expected is not None:
        pairs |= {"expected": registered(expected.tag), "origin": expected.origin.value}
    return pairs | _language(found) if found is not None else pairs


def _language(found: LanguageFinding) -> dict[str, str]:
    lines = found.lines
    return {
        "verdict": found.verdict.value,
        "score": _number(found.score),
        "detected": registered(found.detected),
        "confidence": _number(found.confidence),
        "lines": f"{lines.passed}/{lines.failed}/{lines.abstained}" if lines else "",
        "soft": _number(found.soft_mismatch),
        "hard": _number(found.hard_mismatch),
        "foreign": _number(len(found.foreign_words)),
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def registered(tag: str | None) -> str:
    """What may be shown of a language tag: the subtags before the first of one letter. What follows it (``de-x-…``) is
    the caller's to choose."""
    return "-".join(takewhile(lambda part: len(part) > 1, tag.split("-"))) if tag else ""
