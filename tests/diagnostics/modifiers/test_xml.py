import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.xml import Xml

BOMB = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>"


@pytest.mark.parametrize(
    "reply",
    [
        "<a/>",
        " <a>\n<b c='1'>&lt;x&gt;</b></a> ",
        "<?xml version='1.0' encoding='ISO-8859-1'?><é/>",
        "<茶>緑</茶>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
    ],
)
def test_bare(reply):
    assert Xml().check(reply, True).form == Xml().check(reply, False).form == "bare"


@pytest.mark.parametrize(
    "reply", ["```xml\n<a>b</a>\n```", "Here:\n<a>b</a>", "<a>b</a>\n\nDone.", "```xml\n<?xml version='1.0'?>\n<a/>"]
)
def test_unwrapped(reply):
    assert Xml().check(reply, True).form == "unwrapped"
    assert Xml().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "a",
        "<a>",
        "<a></b>",
        "<a/><b/>",
        "<a b=1/>",
        "<a>&nbsp;</a>",
        "<div><p>x</p></div>",
        "<a>\ud800</a>",
        "<a>\x00</a>",
        "<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><p>x</p></body></html>",
        "{}",
        "<a/> and so on and on",
    ],
)
def test_fails(reply):
    outcome = Xml().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation


@pytest.mark.parametrize(
    "reply", [BOMB, f"```xml\n{BOMB}\n```", "<!DOCTYPE a [<!ENTITY % b SYSTEM 'file:///x'> %b;]><a/>"]
)
def test_entities_are_not_read(reply):
    assert Xml().check(reply, True).verdict is Verdict.ABSTAIN


@given(st.text(st.sampled_from("<>/ab='&;![]? \n`\ud800\x00"), max_size=60))
def test_any_text_is_judged(reply):
    assert Xml().check(reply, True).explanation
    assert Xml().check(reply, False).verdict is not Verdict.FAIL


@pytest.mark.parametrize("reply", ["<a>" * 60_000, "<" * 200_000, "<a " + "b='' " * 40_000, "<!--" * 50_000])
def test_hostile_replies_fail(reply):
    assert Xml().check(reply, True).verdict is Verdict.FAIL
