import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.labels import Labels

TWO = Labels(("Name", "Use"))


@pytest.mark.parametrize(
    "reply",
    [
        "Name: a\nUse: b",
        "NAME : a\nUSE – b",
        "# Name\na\n# Use\nb",
        "**Name:** a\n\n**Use**: b",
        "1. Name: a\n2. Use: b",
        "[Name]: a\n[Use]\nb",
        "So:\nName: a\nmore\nUse: b\nend",
        "- **Name**\n  a\n- **Use**\n  b",
        "Name：a\nUse：b",
    ],
)
def test_all_there(reply):
    assert TWO.check(reply, True).form == "bare"
    assert TWO.check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("reply", "said", "score"),
    [
        ("Use: b\nName: a", "1 of 2 labels in their order; missing: 'Use'", 0.5),
        ("", "0 of 2 labels in their order; missing: 'Name'", 0),
        ("Name a\nUse b", "0 of 2 labels in their order; missing: 'Name'", 0),
        ("My Name: a", "0 of 2 labels in their order; missing: 'Name'", 0),
        ("Name:\nUse: b", "1 label has nothing behind it", 0.5),
        ("Name:\n\nUse:\n", "2 labels have nothing behind them", 0),
    ],
)
def test_missing(reply, said, score):
    outcome = TWO.check(reply, True)
    assert (outcome.verdict, outcome.explanation, outcome.score) == (Verdict.FAIL, said, score)


def test_a_colon_in_the_label_does_not_matter():
    assert Labels(("Name:", "My use")).check("Name: a\nMy  use: b", True).verdict is Verdict.PASS
    assert Labels((":",)).check(": a", True).verdict in Verdict


@pytest.mark.parametrize("labels", [[], [""], "Name", [3]])
def test_wrong_arguments(labels):
    with pytest.raises(msgspec.ValidationError, match="labels"):
        msgspec.convert({"labels": labels}, Labels)


@pytest.mark.parametrize("reply", ["Name:\n" * 40_000, "Name" * 50_000, "*" * 200_000, "\u0301" * 200_000])
def test_hostile_replies_end(reply):
    assert TWO.check(reply, True).verdict is Verdict.FAIL
