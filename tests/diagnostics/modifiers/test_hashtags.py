import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.hashtags import Hashtags


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("#tea", 1),
        ("#tea#milk", 1),
        ("(#tea, #茶)", 2),
        ("＃お茶", 1),
        ("#2hot", 1),
        ("#गर्म", 1),
        ("# tea", 0),
        ("#1 ## #", 0),
        ("a#b", 0),
        ("&#39; &#x27;", 0),
        ("tea.org/#top", 0),
        ("C# #", 0),
        ("#_x", 1),
    ],
)
def test_count(reply, count):
    outcome = Hashtags(20, "exactly").check(reply, True)
    assert outcome.explanation.startswith(f"{count or 'no'} hashtag")
    assert Hashtags(0).check(reply, True).verdict is (Verdict.FAIL if count else Verdict.PASS)


def test_cut_short():
    assert Hashtags(1).check("x #tea", False).verdict is Verdict.PASS
    assert Hashtags(0).check("x\n#tea", False).verdict is Verdict.FAIL
    assert Hashtags(2, "at most").check("x\n#tea", False).verdict is Verdict.ABSTAIN


def test_score():
    assert Hashtags(4).check("#tea", True).score == 0.25


@pytest.mark.parametrize("arguments", [{}, {"num_hashtags": -1}, {"num_hashtags": 1, "relation": "some"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Hashtags)


@pytest.mark.parametrize("reply", ["#" * 200_000, "#1" * 100_000, "#a" * 100_000, "#" + "1" * 200_000])
def test_hostile_replies_end(reply):
    assert Hashtags(5).check(reply, True).verdict is Verdict.FAIL
