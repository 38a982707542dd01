import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.second_task import SecondTask


@pytest.mark.parametrize("complete", [True, False])
def test_a_judge_decides(complete):
    assert SecondTask().check("Tea.", complete).verdict is Verdict.ABSTAIN
    outcome = SecondTask("translate it").check("Tea.", complete)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation == "a judge has to decide whether the second task was done: translate it"


@pytest.mark.parametrize("task", ["", " ", "x" * 501, 3])
def test_wrong_arguments(task):
    with pytest.raises(msgspec.ValidationError, match="task"):
        msgspec.convert({"task": task}, SecondTask)
