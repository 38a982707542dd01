import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.table import Table, tables

TABLE = "| Tea | Milk |\n| :-- | ---: |\n| a | b |\n| c | d |"


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        (TABLE, [(2, 2)]),
        (f"{TABLE}\n\n{TABLE}", [(2, 2), (2, 2)]),
        ("a | b\n- | -\n1 | 2", [(1, 2)]),
        ("|a|\n|-|", [(0, 1)]),
        ("|a \\| b|\n|-|\n|1|", [(1, 1)]),
        ("|a|b|\n|-|-|\n|1|\n|1|2|3|", [(2, 2)]),
        ("| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n", [(1, 2)]),
        ("", []),
        ("a\n---\nb", []),
        ("| a | b |\n| c | d |", []),
        ("| a | b |\n|---|", []),
        ("|---|---|", []),
        ("+---+\n| a |\n+---+", []),
    ],
)
def test_sizes(text, sizes):
    assert tables(text) == sizes


@pytest.mark.parametrize("arguments", [{}, {"rows": 2}, {"columns": 2}, {"rows": 2, "columns": 2}])
def test_passes(arguments):
    assert Table(**arguments).check(f"Here:\n\n{TABLE}\n\nDone.", True).form == "bare"
    assert Table(**arguments).check(f"```markdown\n{TABLE}\n```", True).form == "unwrapped"


@pytest.mark.parametrize(
    ("arguments", "reply", "explanation"),
    [
        ({"rows": 3}, TABLE, "2 rows below the header, 3 asked for"),
        ({"rows": 2, "columns": 3}, TABLE, "2 rows below the header, 2 asked for; 2 columns, 3 asked for"),
        ({}, "<TABLE></TABLE>", "an HTML table, no Markdown table"),
        ({}, "", "no Markdown table"),
    ],
)
def test_fails(arguments, reply, explanation):
    outcome = Table(**arguments).check(reply, True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, explanation)


def test_wrong_arguments():
    with pytest.raises(msgspec.ValidationError, match="rows"):
        msgspec.convert({"rows": 0}, Table)


def test_cut_short():
    assert Table().check(TABLE, False).verdict is Verdict.PASS
    assert Table(rows=2).check(TABLE, False).verdict is Verdict.ABSTAIN
    assert Table(columns=3).check(TABLE, False).verdict is Verdict.ABSTAIN


@given(st.text(st.sampled_from("|-: \n\\a`\r\ud800"), max_size=60))
def test_any_text_is_judged(reply):
    assert Table(rows=1).check(reply, True).verdict in (Verdict.PASS, Verdict.FAIL)
    assert Table(columns=2).check(reply, False).verdict is not Verdict.FAIL


@pytest.mark.parametrize("reply", ["|" * 200_000, "|-" * 100_000, "-|\n" * 60_000, "\\|" * 100_000, "a\n-\n" * 50_000])
def test_hostile_replies_end(reply):
    assert Table(columns=999).check(reply, True).verdict is Verdict.FAIL
