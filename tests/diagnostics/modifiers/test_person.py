import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.person import Person


@pytest.mark.parametrize("reply", ["", "Tea is hot.", "お茶", "\ud800"])
@pytest.mark.parametrize("complete", [True, False])
def test_a_judge_decides(reply, complete):
    outcome = Person("first").check(reply, complete)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation.startswith("a judge has to decide whether")
    assert outcome.form is outcome.score is None


def test_the_demand_is_named():
    assert Person("first").check("", True).explanation != Person("third").check("", True).explanation


@pytest.mark.parametrize("arguments", [{}, {"person": "fourth"}, {"person": "first", "more": 1}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Person)
