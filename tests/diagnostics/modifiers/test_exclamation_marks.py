import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.exclamation_marks import ExclamationMarks


@pytest.mark.parametrize("reply", ["¡Té!", "Hola. ¡té\ny leche! Sí.", "¡¡té!!", "¡…! ¡1!"])
def test_one(reply):
    assert ExclamationMarks().check(reply, True).form == "bare"
    assert ExclamationMarks().check(reply, False).verdict is Verdict.PASS


@pytest.mark.parametrize("reply", ["", "té", "té!", "¡té", "¡!", "¡ … !", "!té¡"])
def test_none(reply):
    assert ExclamationMarks().check(reply, True).verdict is Verdict.FAIL
    assert ExclamationMarks().check(reply, False).verdict is Verdict.ABSTAIN


def test_a_mark_that_is_not_opened_is_named():
    outcome = ExclamationMarks().check("té!", True)
    assert (outcome.score, outcome.explanation) == (0.5, "there is !, and no ¡ to open it")
    assert ExclamationMarks().check("té", True).score == 0


@pytest.mark.parametrize("piece", ["¡", "¡!", "!", "¡ "])
def test_hostile_replies_end(piece):
    assert ExclamationMarks().check(piece * 100_000, True).verdict is Verdict.FAIL
