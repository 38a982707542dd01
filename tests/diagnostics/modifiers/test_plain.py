import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.plain import Plain


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "Tea.",
        "- a\n- b",
        "* a\n* b",
        "1. a\n2. b",
        "> said he",
        "2 * 3 * 4",
        "2**3 + 4**5",
        "#5",
        "snake_case",
        "a < b > c",
        "<Name>",
        "list<a> and map<b, i>",
        "Price* and terms",
        "see [1] (there)",
        "<a@example.org>",
        "a | b\nc | d",
    ],
)
def test_plain(reply):
    outcome = Plain().check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "bare")
    assert Plain().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("# Tea", "headings"),
        ("**Tea**", "emphasis"),
        ("お茶は*熱い*です", "emphasis"),
        ("`tea`", "inline code"),
        ("[tea](x)", "links"),
        ("|a|b|\n|-|-|", "tables"),
        ("<p>Tea</p>", "HTML"),
        ('<div class="x">\nTea\n</div>', "HTML"),
        ("Tea<br/>milk", "HTML"),
        ("# <b>Tea</b>", "headings, HTML"),
    ],
)
def test_markup(reply, kind):
    assert Plain().check(reply, True).explanation == f"not plain text: {kind}"
    assert Plain().check(f"{reply}\n", False).verdict is Verdict.FAIL


def test_fences():
    assert (
        Plain().check("```\nTea.\n```", True).form
        == Plain().check("Here:\n```text\nTea.\n```", True).form
        == "unwrapped"
    )
    for reply in ("```\n# Tea\n```", "Tea.\n```\nx\n```", "```\na\n```\n```\nb\n```"):
        assert Plain().check(reply, True).verdict is Verdict.FAIL
        assert Plain().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ["<" * 200_000, "<a " * 66_000, "<a" * 100_000, "<ab>" * 50_000, "*a" * 100_000])
def test_hostile_replies_end(reply):
    assert Plain().check(reply, True).explanation
