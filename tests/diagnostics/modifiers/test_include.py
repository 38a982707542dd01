import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.include import Include


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
