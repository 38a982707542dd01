import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.include import Include

TEXTS = st.text() | st.text(alphabet="ab *\n,")


@pytest.mark.parametrize(
    ("reply", "keywords", "form"),
    [
        ("Tea in a POT.", ("tea", "pot"), "bare"),
        ("A **green** tea.", ("green tea",), "unwrapped"),
        ("**tea**", ("tea",), "bare"),
        ("お茶です", ("お茶",), "bare"),
        ("a+b (c)", ("a+b", "(c)"), "bare"),
    ],
)
def test_passes(reply, keywords, form):
    outcome = Include(keywords).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, form, 1.0)


@pytest.mark.parametrize(("reply", "score"), [("", 0), ("Tea.", 0.5), ("teas potted", 0), ("steam, pot", 0.5)])
def test_fails(reply, score):
    outcome = Include(("tea", "pot")).check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, score)


def test_explains():
    assert Include(("tea", "pot")).check("Tea.", True).explanation == "1 of 2 keywords; missing: 'pot'"


def test_cut_short():
    assert Include(("tea",)).check("a tea", False).verdict is Verdict.ABSTAIN  # it may become "teapot"
    assert Include(("tea",)).check("a tea.", False).verdict is Verdict.PASS


@pytest.mark.parametrize("keywords", [[], [""], [" "], "tea", [1], ["a" * 501]])
def test_wrong_arguments(keywords):
    with pytest.raises(msgspec.ValidationError, match="keywords"):
        msgspec.convert({"keywords": keywords}, Include)


@given(TEXTS, st.integers(0, 40))
def test_what_has_failed_stays_failed(reply, cut):
    whole = Include(("a", "b a")).check(reply, True)
    if Include(("a", "b a")).check(reply[:cut], False).verdict is Verdict.FAIL:
        assert whole.verdict is Verdict.FAIL
