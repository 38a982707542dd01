"""From the diagnosis of a reply to the outcomes that are counted: one for each check that its prompt called for."""

from __future__ import annotations

from msgspec import UNSET

from ..core import Diagnosis, Verdict
from .evidence import PASS

SWITCHED = "switched"
"""The right language, with runs of another (score 1): harm if the policy's rule lists it, else none."""

_WORST_FIRST = (Verdict.FAIL, Verdict.ERROR, Verdict.ABSTAIN, Verdict.NOT_APPLICABLE, Verdict.PASS)


def outcomes(diagnosis: Diagnosis, reply: str = PASS) -> dict[str, str]:
    """The outcome by check: "reply", "length", "language", "modifiers" and "modifier.NAME" for each.

    ``reply`` is "error" when none came from the assigned arm and "empty" when nothing was in it. Which checks there are
    depends on the prompt alone, not on the reply: a check that could not be made, or does not apply to what came, has
    that as its outcome. What made a repair necessary counts as failed, however it went after that.
    """
    missing = reply == "error"
    found = {"reply": reply, "length": PASS if diagnosis.complete or missing else "cut_off"}
    if diagnosis.expected_language is not None:
        found["language"] = _language(diagnosis)
    found |= _modifiers(diagnosis)
    if missing:
        return {check: found[check] if check in ("reply", "length") else "error" for check in found}
    if diagnosis.repair is not UNSET:
        check = diagnosis.repair.check
        repaired = ("language",) if check == "language" else ("modifiers", f"modifier.{check}")
        found |= {name: Verdict.FAIL.value for name in repaired if name in found}
    return found


def _language(diagnosis: Diagnosis) -> str:
    finding = diagnosis.language
    if finding is None:
        return Verdict.ERROR.value
    return SWITCHED if finding.score == 1 else finding.verdict.value


def _modifiers(diagnosis: Diagnosis) -> dict[str, str]:
    """Where several demands are one check, the worst verdict is its outcome."""
    verdicts: dict[str, set[Verdict]] = {}
    for finding in diagnosis.modifiers:
        for check in ("modifiers", f"modifier.{finding.name}"):
            verdicts.setdefault(check, set()).add(finding.verdict)
    return {check: next(each.value for each in _WORST_FIRST if each in seen) for check, seen in verdicts.items()}
