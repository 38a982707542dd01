import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.csv import Csv


@pytest.mark.parametrize(
    ("arguments", "reply"),
    [
        ({}, "a,b\nc,d\n"),
        ({}, "a,b\r\n\r\nc,d"),
        ({}, '"a\nb",c\n"d ""e""",f'),
        ({}, ",\n,"),
        ({"separator": ";"}, "a,1;b\nc;d"),
        ({"separator": "\t", "columns": 3}, "a\tb\tc\nd\te\tf"),
        ({"separator": "、"}, "茶、緑\n奶、白"),
    ],
)
def test_bare(arguments, reply):
    outcome = Csv(**arguments).check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "bare")


@pytest.mark.parametrize("reply", ["```csv\na,b\nc,d\n```", "Here you are:\na,b\nc,d", "```\na,b\nc,d"])
def test_unwrapped(reply):
    assert Csv().check(reply, True).form == "unwrapped"


@pytest.mark.parametrize(
    ("arguments", "reply", "explanation"),
    [
        ({}, "", "no rows of CSV"),
        ({}, "a,b", "1 row; CSV has at least 2"),
        ({}, "a,b\nc", "rows of 1 to 2 columns"),
        ({}, "a\nb", "one column only"),
        ({}, "a;b\nc;d", "one column only; separated by ';', ',' asked for"),
        ({"columns": 3}, "a,b\nc,d", "2 columns, 3 asked for"),
        ({}, "```\na,b\nc\n```", "rows of 1 to 2 columns"),
    ],
)
def test_fails(arguments, reply, explanation):
    outcome = Csv(**arguments).check(reply, True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, explanation)


@pytest.mark.parametrize("arguments", [{"separator": ""}, {"separator": ",,"}, {"separator": "\n"}, {"columns": 1}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError, match=r"\$\.(separator|columns)"):
        msgspec.convert(arguments, Csv)


@given(st.text(st.sampled_from('a,;"\n\r\t|\x00\u2028\ud800'), max_size=60), st.characters(exclude_characters='"\r\n'))
def test_any_text_is_judged(reply, separator):
    assert msgspec.convert({"separator": separator}, Csv).check(reply, True).explanation
    assert Csv(separator).check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("reply", ['"' * 199_999, "a" * 200_000 + ",b\n1,2", ",\n" * 99_999 + "a,b,c", '"\n' * 100_001])
def test_hostile_replies_fail(reply):
    assert Csv().check(reply, True).verdict is Verdict.FAIL
