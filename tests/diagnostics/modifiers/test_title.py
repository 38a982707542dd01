import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.title import Title

SAME = Title("##", "##")


@pytest.mark.parametrize(
    "reply", ["<<tea>>", "Title: **<<Tea>>**\nHot", "<<<tea>>>", "<< >> <<7>>", "Hot <<お茶>>", "<<<<a>>"]
)
def test_passes(reply):
    outcome = Title().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize(
    ("reply", "score"),
    [
        ("", 0),
        ("<tea>", 0),
        (">>tea<<", 0),
        ("<<tea", 0),
        ("<<tea\n>>", 0),
        ("«tea»", 0),
        ("<<>>", 0.5),
        ("<< ! >>", 0.5),
    ],
)
def test_fails(reply, score):
    outcome = Title().check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, score)


def test_the_same_mark_on_both_sides():
    assert SAME.check("##thé##", True).verdict is Verdict.PASS
    assert SAME.check("## thé\n## café", True).verdict is Verdict.FAIL
    assert SAME.check("thé ####", True).verdict is Verdict.FAIL
    assert SAME.check("thé## chaud", True).verdict is Verdict.FAIL


def test_cut_short():
    assert Title().check("<<tea", False).verdict is Verdict.ABSTAIN
    assert Title().check("<<tea>>\nHot", False).verdict is Verdict.PASS


@pytest.mark.parametrize("reply", ["<" * 200_000, "<<" + ">" * 200_000, "<<>>" * 50_000], ids=range(3))
def test_hostile_replies_end(reply):
    assert Title().check(reply, True).verdict is Verdict.FAIL


@pytest.mark.parametrize("mark", ["", " ", "a b", "123456789", 3])
def test_wrong_arguments(mark):
    with pytest.raises(msgspec.ValidationError, match="opening"):
        msgspec.convert({"opening": mark}, Title)
