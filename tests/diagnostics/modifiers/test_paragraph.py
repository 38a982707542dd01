import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.paragraph import Paragraph

SECOND = Paragraph(2, "tea", 2)


@pytest.mark.parametrize(
    ("reply", "form"),
    [
        ("Hot.\n\nTea is old.", "bare"),
        ("Hot.\n\n\n \nTea", "bare"),
        ("Hot.\r\n\r\nTea is\r\nold.", "bare"),
        ("Hot.\n\n***\n\n**Tea** is old.", "bare"),
        ("Hot.\n\n“Tea’s old.”", "bare"),
        ("Here you are:\n\nHot.\n\nTea is old.", "unwrapped"),
        ("```\nHot.\n\nTea is old.\n```\n\nBye", "unwrapped"),
    ],
)
def test_passes(reply, form):
    outcome = SECOND.check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, form, 1.0)


@pytest.mark.parametrize(
    ("reply", "explanation"),
    [
        ("", "0 paragraphs, 2 asked for"),
        ("Hot.\nTea", "1 paragraph, 2 asked for"),
        ("Hot.\n\nTea.\n\nOld.", "3 paragraphs, 2 asked for"),
        ("Hot.\n\nTeapot.", "paragraph 2 does not begin with the word"),
        ("Tea.\n\nHot tea.", "paragraph 2 does not begin with the word"),
    ],
)
def test_fails(reply, explanation):
    outcome = SECOND.check(reply, True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, explanation)


def test_any_number_of_paragraphs():
    assert Paragraph(1, "tea").check("Tea.\n\nHot.\n\nOld.", True).verdict is Verdict.PASS
    outcome = Paragraph(3, "tea").check("Tea.", True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, "1 paragraph, and paragraph 3 is asked for")


def test_a_script_without_spaces():
    assert Paragraph(2, "お茶").check("はい。\n\nお茶は熱い。", True).verdict is Verdict.PASS


def test_cut_short():
    assert SECOND.check("Hot.\n\nTea", False).verdict is Verdict.ABSTAIN
    assert SECOND.check("Hot.\n\nTe", False).verdict is Verdict.ABSTAIN
    assert SECOND.check("Hot.\n\nCoffee is", False).verdict is Verdict.FAIL
    assert SECOND.check("Hot.\n\nTea.\n\nOld", False).verdict is Verdict.FAIL
    assert SECOND.check("Here:\n\nHot.\n\nCoffee", False).verdict is Verdict.FAIL
    assert SECOND.check("Here:\n\nHot.\n\nTea", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("arguments", [{"nth_paragraph": 0}, {"num_paragraphs": 1}, {"first_word": " "}])
def test_wrong_arguments(arguments):
    (name,) = arguments
    with pytest.raises(msgspec.ValidationError, match=name):
        msgspec.convert({"nth_paragraph": 2, "first_word": "tea", "num_paragraphs": 2} | arguments, Paragraph)


@pytest.mark.parametrize("reply", ["a\n\n" * 60_000, "\n" * 200_000, "* " * 100_000], ids=range(3))
def test_hostile_replies_end(reply):
    assert SECOND.check(reply, True).verdict is Verdict.FAIL
