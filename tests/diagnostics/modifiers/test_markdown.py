import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.markdown import Markdown, marks


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("## Tea", "headings"),
        ("Tea\n===", "headings"),
        ("It is **hot**.", "emphasis"),
        ("It is *hot*, and more.", "emphasis"),
        ("***Hot***", "emphasis"),
        ("__very hot__", "emphasis"),
        ("お茶は**熱い**です", "emphasis"),
        ("call `tea()`", "inline code"),
        ("[tea](https://example.org)", "links"),
        ("a | b\n--|--\n1 | 2", "tables"),
        ("* a\n* b", "lists"),
        ("1. a\n2. b", "lists"),
        ("> tea", "quotes"),
        ("```py\nx\n```", "code blocks"),
    ],
)
def test_kinds(reply, kind):
    outcome = Markdown().check(reply, True)
    assert (outcome.explanation, outcome.form) == (f"Markdown: {kind}", "bare")
    assert Markdown().check(f"{reply}\n", False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Tea.",
        "#5 of 6",
        "2*3*4",
        "2**3 and 4**5",
        "2 * 3 * 4",
        "* a note",
        "1. is first",
        "__init__",
        "snake_case_name",
        "[1] (see)",
        "a | b",
        "---",
        "`",
        "5 > 4",
        "\\*hot\\*",
        "# ",
        "```markdown\nTea.\n```",
        "<b>Tea</b>",
    ],
)
def test_none(reply):
    assert Markdown().check(reply, True).verdict is Verdict.FAIL
    assert Markdown().check(reply, False).verdict is Verdict.ABSTAIN


def test_in_a_fence():
    assert Markdown().check("Here it is:\n```md\n# Tea\n```", True).form == "unwrapped"
    assert Markdown().check("```md\n# Tea\n```\nAnd a longer text that follows it.", True).verdict is Verdict.FAIL


@given(st.text(st.sampled_from("*#_`[]()|->= \n1.a\ud800"), max_size=60), st.integers(0, 60))
def test_what_is_settled_stays(reply, cut):
    prefix = Markdown().check(reply[:cut], False)
    assert prefix.verdict is not Verdict.FAIL
    assert Markdown().check(reply, True).verdict in (Verdict.PASS, Verdict.FAIL)


@pytest.mark.parametrize(
    "reply",
    [
        "*" * 200_000,
        "[" * 200_000,
        "*a" * 100_000 + "\n",
        "__a " * 50_000,
        "_" * 200_000,
        "[a](" * 50_000,
        "a " * 99_999,
    ],
)
def test_hostile_replies_end(reply):
    assert isinstance(marks(reply), list)
