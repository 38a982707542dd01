import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.options import Options

YES_NO = Options(("yes", "no"))
ONLY = Options(("yes", "no"), only=True)


@pytest.mark.parametrize("reply", ["yes", "Yes!", "Well, yes. I say YES.", "No, not now", "**no**"])
def test_passes(reply):
    outcome = YES_NO.check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize("reply", ["", "maybe", "yesterday", "nobody", "yes and no"])
def test_fails(reply):
    outcome = YES_NO.check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation


@pytest.mark.parametrize(
    ("reply", "form"),
    [("yes", "bare"), ("No.", "bare"), ('"Yes"', "bare"), ("**Yes!**", "bare"), ("Answer:\nyes", "unwrapped")],
)
def test_only(reply, form):
    outcome = ONLY.check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, form)


@pytest.mark.parametrize("reply", ["yes, tea", "My answer is yes", "yes\nbecause"])
def test_not_only(reply):
    outcome = ONLY.check(reply, True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, "one option is given, but not alone")


def test_the_longest_option_counts():
    nested = Options(("yes", "yes, but later", "later"))
    assert nested.check("Yes, but later!", True).verdict is Verdict.PASS
    assert nested.check("Yes, but later! Yes.", True).verdict is Verdict.FAIL


def test_the_default():
    assert Options().check("Well. My answer is maybe.", True).verdict is Verdict.PASS
    assert Options().check("maybe", True).verdict is Verdict.FAIL


def test_cut_short():
    assert YES_NO.check("yes, I say", False).verdict is Verdict.ABSTAIN
    assert YES_NO.check("yes or no", False).verdict is Verdict.ABSTAIN  # it may become "nobody"
    assert YES_NO.check("yes or no, I say", False).verdict is Verdict.FAIL


@pytest.mark.parametrize(("name", "value"), [("options", []), ("options", [""]), ("options", "yes"), ("only", 1)])
def test_wrong_arguments(name, value):
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert({name: value}, Options)
