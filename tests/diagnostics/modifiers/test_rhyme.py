import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.rhyme import Rhyme


@pytest.mark.parametrize("complete", [True, False])
def test_a_judge_decides(complete):
    assert Rhyme().check("tea\nme", complete).verdict is Verdict.ABSTAIN
    outcome = Rhyme("ABAB").check("tea\nme", complete)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation == "a judge has to decide whether the lines rhyme as ABAB"


@pytest.mark.parametrize("scheme", ["", "A", "abab", "AB AB", "AB\n", "A" * 33])
def test_wrong_arguments(scheme):
    with pytest.raises(msgspec.ValidationError, match="scheme"):
        msgspec.convert({"scheme": scheme}, Rhyme)
