"""From a diagnosis to what is counted."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from diagnostics.canary.outcomes import outcomes
from diagnostics.core import (
    Diagnosis,
    ExpectedLanguage,
    LanguageFinding,
    Message,
    ModifierFinding,
    Origin,
    Repair,
    Verdict,
)
from diagnostics.runner import Diagnostics
from diagnostics.standard import standard


@pytest.fixture(scope="module")
def diagnostics() -> Diagnostics:
    return standard()


def diagnosis(language: LanguageFinding | None, *modifiers: ModifierFinding, **more: Any) -> Diagnosis:
    expected = ExpectedLanguage("de", Origin.INSTRUCTION)
    return Diagnosis(id="1", expected_language=expected, language=language, modifiers=modifiers, **more)


RIGHT = LanguageFinding(verdict=Verdict.PASS, score=2)


@pytest.mark.parametrize(
    ("finding", "outcome"),
    [
        (RIGHT, "pass"),
        (LanguageFinding(verdict=Verdict.PASS, score=1), "switched"),
        (LanguageFinding(verdict=Verdict.FAIL, score=0), "fail"),
        (LanguageFinding(verdict=Verdict.ABSTAIN), "abstain"),
        (LanguageFinding(verdict=Verdict.ERROR), "error"),
        (None, "error"),
    ],
)
def test_language(finding: LanguageFinding | None, outcome: str) -> None:
    assert outcomes(diagnosis(finding))["language"] == outcome


def test_no_language_was_wanted() -> None:
    assert outcomes(Diagnosis(id="1")) == {"reply": "pass", "length": "pass"}


def test_the_worst_of_several_demands_is_that_of_all() -> None:
    found = outcomes(
        diagnosis(
            RIGHT,
            ModifierFinding(name="include", verdict=Verdict.PASS),
            ModifierFinding(name="include", verdict=Verdict.ABSTAIN),
            ModifierFinding(name="html", verdict=Verdict.FAIL),
            ModifierFinding(name="uppercase", verdict=Verdict.NOT_APPLICABLE),
        )
    )
    assert found["modifiers"] == "fail"
    assert found["modifier.include"] == "abstain"
    assert found["modifier.html"] == "fail"
    assert found["modifier.uppercase"] == "not_applicable"


def test_which_checks_there_are_depends_on_the_prompt_and_not_on_the_reply(diagnostics: Diagnostics) -> None:
    """Whatever comes, or does not: the same checks, or comparing them would be choosing by the reply."""
    instruction = diagnostics.read((Message("user", "Schreibe ohne Kommas und nur in Großbuchstaben über den Regen."),))
    texts = ["ES REGNET.", "It rains, again.", "", "42", "お茶です。", "{}"]
    found = [outcomes(diagnostics.diagnose("1", instruction, text)) for text in texts]
    found.append(outcomes(diagnostics.diagnose("1", instruction, "ES REG", complete=False)))
    found.append(outcomes(diagnostics.asked("1", instruction), "error"))
    assert len({frozenset(each) for each in found}) == 1
    assert {"reply", "length", "language", "modifiers", "modifier.comma", "modifier.uppercase"} == set(found[0])
    assert found[-2]["length"] == "cut_off"
    missing = found[-1]
    assert missing.pop("length") == "pass"
    assert set(missing.values()) == {"error"}


def test_a_reply_that_was_repaired_counts_as_what_it_was() -> None:
    repair = Repair(
        check="language", explanation="", characters=30, action="retry", outcome="repaired", checkpoint="a", seconds=0.1
    )
    assert outcomes(diagnosis(RIGHT, repair=repair))["language"] == "fail"
    html = ModifierFinding(name="html", verdict=Verdict.PASS)
    found = outcomes(diagnosis(RIGHT, html, repair=msgspec.structs.replace(repair, check="html")))
    assert (found["language"], found["modifiers"], found["modifier.html"]) == ("pass", "fail", "fail")
