import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.audience import Audience


@pytest.mark.parametrize("reply", ["", "Tea is hot.", "お茶", "\ud800"])
@pytest.mark.parametrize("complete", [True, False])
def test_a_judge_decides(reply, complete):
    outcome = Audience("children").check(reply, complete)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation.startswith("a judge has to decide whether")
    assert outcome.form is outcome.score is None


def test_the_demand_is_named():
    assert Audience("children").check("", True).explanation != Audience("other").check("", True).explanation


@pytest.mark.parametrize("arguments", [{}, {"audience": "cats"}, {"audience": "children", "more": 1}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Audience)
