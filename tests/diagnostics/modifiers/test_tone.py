import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.tone import Tone


@pytest.mark.parametrize("reply", ["", "Tea is hot.", "お茶", "\ud800"])
@pytest.mark.parametrize("complete", [True, False])
def test_a_judge_decides(reply, complete):
    outcome = Tone("friendly").check(reply, complete)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation.startswith("a judge has to decide whether")
    assert outcome.form is outcome.score is None


def test_the_demand_is_named():
    assert Tone("friendly").check("", True).explanation != Tone("other").check("", True).explanation


@pytest.mark.parametrize("arguments", [{}, {"tone": "green"}, {"tone": "friendly", "more": 1}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Tone)
