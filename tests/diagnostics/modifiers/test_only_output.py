import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.only_output import OnlyOutput


@pytest.mark.parametrize(
    ("reply", "what"),
    [
        ("Here is the text:\nTee", "a line that leads in"),
        ("**Sure, here's it:**\n\nTee", "a line that leads in"),
        ("Of course!\nTee", "a line that leads in"),
        ("Voici la traduction :\n\nThé", "a line that leads in"),
        ("Hier ist die Übersetzung:\nTee", "a line that leads in"),
        ("Вот перевод:\nЧай", "a line that leads in"),
        ("以下是翻译：\n茶", "a line that leads in"),
        ("إليك الترجمة:\nشاي", "a line that leads in"),
        ("Translation: Tee", "a label"),
        ("**Übersetzung**: Tee", "a label"),
        ("翻訳：お茶", "a label"),
        ("Tee\n\nNote: a drink", "a remark"),
        ("Tee\n\n(Anmerkung: ein Getränk)", "a remark"),
        ("茶\n\n**注意**：饮料", "a remark"),
        ("Tee\n\nI hope this helps!", "an offer"),
        ("Tee\n\nLet me know if you’d like me to change it.", "an offer"),
    ],
)
def test_more_than_the_output(reply, what):
    outcome = OnlyOutput().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation.startswith(f"{what} beside the output: ")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Tee",
        "Dear Ann:\n\nTea is hot.",
        "Ingredients:\n- tea",
        "Sure!",
        "Sureness: a virtue\nx",
        "Heretics:\nx",
        "Tee\n\nNoted: it",
        "The note: hot\n\nNotes",
        "Note: hot",
        "Answers:\n1. a",
        "Tea helps.\n\nLet me know if you come.",
        "class Here is:\n pass",
    ],
)
def test_the_rest_is_left_to_a_judge(reply):
    outcome = OnlyOutput().check(reply, True)
    assert outcome.verdict is Verdict.ABSTAIN
    assert outcome.explanation.startswith("a judge has to decide")


def test_cut_short():
    assert OnlyOutput().check("Here is the text:", False).verdict is Verdict.ABSTAIN
    assert OnlyOutput().check("Here is the text:\nT", False).verdict is Verdict.FAIL
    assert OnlyOutput().check("Tee\n\nNote: a", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply", ["\n\n" * 100_000, "Sure" * 50_000, "\n\nNote" * 40_000, "*" * 200_000, "İ" * 200_000, "ŉ\n\n" * 50_000]
)
def test_hostile_replies_end(reply):
    assert OnlyOutput().check(reply, True).verdict is Verdict.ABSTAIN
