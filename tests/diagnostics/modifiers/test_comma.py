import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.comma import Comma


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        ("Tea; hot. Old!", "bare"),
        ("Tea's", "bare"),
        ("お茶・紅茶。", "bare"),
        ("شاي؛ قهوة؟", "bare"),
        ("Sure, here it is:\nTea is hot.", "unwrapped"),
        ("```\nTea is hot.\n```\nEnjoy, Ann", "unwrapped"),
    ],
)
def test_passes(reply, form):
    outcome = Comma().check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, form)


@pytest.mark.parametrize("comma", [",", "،", "、", "，", "､", "՝", "፣"])
def test_commas(comma):
    outcome = Comma().check(f"a{comma}b{comma}", True)
    assert (outcome.verdict, outcome.explanation) == (
        Verdict.FAIL,
        "2 commas, none allowed; the first is character 2",
    )


@pytest.mark.parametrize("reply", ["1,000", "Sure, Ann!\nTea is hot.", "Here:\na, b", "a: b, c", "x\n```\na, b\n```"])
def test_fails(reply):
    assert Comma().check(reply, True).verdict is Verdict.FAIL


def test_an_empty_reply_has_not_obeyed():
    assert Comma().check("", True).verdict is Verdict.NOT_APPLICABLE


def test_cut_short():
    assert Comma().check("Tea is", False).verdict is Verdict.ABSTAIN
    assert Comma().check("Sure, here", False).verdict is Verdict.ABSTAIN  # it may lead in
    assert Comma().check("Tea is hot\nand, well", False).verdict is Verdict.FAIL
