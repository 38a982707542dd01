import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.question_marks import QuestionMarks


@pytest.mark.parametrize("reply", ["¿Té?", "Hola. ¿té\ny leche? Sí.", "¿¿té??", "¿…? ¿1?"])
def test_one(reply):
    assert QuestionMarks().check(reply, True).form == "bare"
    assert QuestionMarks().check(reply, False).verdict is Verdict.PASS


@pytest.mark.parametrize("reply", ["", "té", "té?", "¿té", "¿?", "¿ … ?", "?té¿"])
def test_none(reply):
    assert QuestionMarks().check(reply, True).verdict is Verdict.FAIL
    assert QuestionMarks().check(reply, False).verdict is Verdict.ABSTAIN


def test_a_mark_that_is_not_opened_is_named():
    outcome = QuestionMarks().check("té?", True)
    assert (outcome.score, outcome.explanation) == (0.5, "there is ?, and no ¿ to open it")
    assert QuestionMarks().check("té", True).score == 0


@pytest.mark.parametrize("piece", ["¿", "¿?", "?", "¿ "])
def test_hostile_replies_end(piece):
    assert QuestionMarks().check(piece * 100_000, True).verdict is Verdict.FAIL
