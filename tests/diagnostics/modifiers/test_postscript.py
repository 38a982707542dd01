import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.postscript import Postscript


@pytest.mark.parametrize(
    ("reply", "marker"),
    [
        ("Tea.\nP.S. Hot", "P.S."),
        ("Tea. p.s. hot", "P.S."),
        ("Tea.\nP. S. Hot", "P.S."),
        ("Tea.\n### **P.S.**\nHot", "P.S."),
        ("Tea.\n- P.S. Hot", "P.S."),
        ("Tea! (P.S. Hot)", "P.S."),
        ("Tea.\n\nP.P.S. Hot", "P.P.S"),
        ("Thé.\nPS : chaud", "PS"),
        ("お茶。\n追伸：熱い", "追伸"),
        ("P.S. Hot", "P.S."),
    ],
)
def test_passes(reply, marker):
    outcome = Postscript(marker).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize(
    ("reply", "marker"),
    [
        ("", "P.S."),
        ("Tea is hot.", "P.S."),
        ("Tea.\nP.P.S. Hot", "P.S."),
        ("The steps", "PS"),
        ("My PS is hot", "PS"),
        ("Tea.\nPSst, hot", "PS"),
        ("Add a p.s. to it", "P.S."),
    ],
)
def test_fails(reply, marker):
    outcome = Postscript(marker).check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0)


def test_a_marker_alone_is_none():
    outcome = Postscript().check("Tea.\nP.S. …", True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0.5)


def test_cut_short():
    assert Postscript().check("Tea.\nP.S.", False).verdict is Verdict.ABSTAIN
    assert Postscript().check("Tea.\nP.S. Hot tea", False).verdict is Verdict.PASS


@pytest.mark.parametrize("reply", ["p.s. " * 50_000, "a p.s. " * 30_000, "\n" * 200_000, "p. " * 60_000], ids=range(4))
def test_hostile_replies_end(reply):
    assert Postscript().check(reply, True).explanation


@pytest.mark.parametrize("marker", ["", " ", 3])
def test_wrong_arguments(marker):
    with pytest.raises(msgspec.ValidationError, match="postscript_marker"):
        msgspec.convert({"postscript_marker": marker}, Postscript)
