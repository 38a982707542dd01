import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.length_hint import LengthHint


@pytest.mark.parametrize(
    ("reply", "size"), [("", "0 words, 0 characters"), ("Tea is\nhot. ", "3 words, 11 characters")]
)
def test_the_length_is_told_and_a_judge_decides(reply, size):
    outcome = LengthHint("short").check(reply, True)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation == f"a judge has to decide whether that is short: {size}"
    assert outcome.score is None


def test_cut_short():
    assert LengthHint("long").check("Tea", False).explanation == "the reply was cut short"


@pytest.mark.parametrize("arguments", [{}, {"length": "tall"}, {"length": 3}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError, match="length"):
        msgspec.convert(arguments, LengthHint)
