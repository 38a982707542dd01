import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.xml import Xml

BOMB = "<!DOCTYPE a [<!ENTITY b 'x'><!ENTITY c '&b;&b;&b;'>]><a>&c;</a>"
PROSE = "Tea has been drunk for thousands of years, first as a medicine and later for pleasure, in all of Asia. "


@pytest.mark.parametrize(
    "reply",
    [
        "<a/>",
        " <a>\n<b c='1'>&lt;x&gt;</b></a> ",
        "<?xml version='1.0' encoding='ISO-8859-1'?><é/>",
        "<茶>緑</茶>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body/></html>",
        "<?xml version='1.0'?><html><body><p>x</p></body></html>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<a><![CDATA[<b>]]></a>",
        "<!-- tea --><a/>",
    ],
)
def test_bare(reply):
    outcome = Xml().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)
    assert Xml().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("reply", "how"),
    [
        ("```xml\n<a>b</a>\n```", "in a code fence"),
        ("Here:\n<a>b</a>", "after a line that leads in"),
        ("<a>b</a>\n\nDone.", "with text after it"),
        ("Sure! <tea>green</tea>", "with text before it"),
        ("```xml\n<?xml version='1.0'?>\n<a/>", "in a code fence"),
    ],
)
def test_unwrapped(reply, how):
    outcome = Xml().check(reply, True)
    assert (outcome.form, outcome.score, outcome.explanation) == ("unwrapped", 0.75, f"an XML document {how}")
    assert Xml().check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    ("reply", "score", "says"),
    [
        ("", 0.0, "the reply is empty"),
        ("a", 0.0, "the reply is no XML document"),
        ("{}", 0.0, "the reply is no XML document"),
        ("# Tea\n- a\n- b", 0.0, "the reply is no XML document"),
        (PROSE * 10 + "<a/>", 0.0, "no XML in the first 1000 characters"),
        ("<div><p>x</p></div>", 0.0, "HTML, not XML"),
        ("<!DOCTYPE html><html><head><meta charset='utf-8'></head><body><p>x</p></body></html>", 0.0, "HTML, not XML"),
        ("```html\n<ul><li>x</ul>\n```", 0.0, "HTML, not XML"),
        ("<a>", 0.25, "XML that breaks off: <a> is never closed (line 1, column 1)"),
        ("<tea>\n<kind>green</kind>\n<kind>bl", 0.25, "XML that breaks off: <kind> is never closed (line 3, column 1)"),
        ("Here:\n```xml\n<tea>\n <kind>", 0.25, "XML that breaks off: <kind> is never closed (line 4, column 2)"),
        ("<a></b>", 0.25, "not well-formed XML: mismatched tag (line 1, column 6)"),
        ("```xml\n<a>\n<b>x\n</a>\n```", 0.25, "not well-formed XML: mismatched tag (line 4, column 3)"),
        ("<a/><b/>", 0.25, "more than one root element (line 1, column 5); XML has one"),
        ("<a b=1/>", 0.25, "not well-formed XML: a character that must be escaped"),
        ("<a>R&D</a>", 0.25, "not well-formed XML: a character that must be escaped, as & is by &amp; and < by &lt;"),
        ("<a>&nbsp;</a>", 0.25, "not well-formed XML: undefined entity (line 1, column 4)"),
        ("<a>\ud800</a>", 0.25, "the reply is not valid Unicode"),
        ("<a>\x00</a>", 0.25, "not well-formed XML"),
        ("<a/> and so on and on", 0.25, "XML is only 20% of the reply"),
        (f"See <b>{PROSE}", 0.0, "the reply is no XML document"),
    ],
)
def test_failures_are_told_apart(reply, score, says):
    outcome = Xml().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.FAIL, None, score)
    assert outcome.explanation.startswith(says)


@pytest.mark.parametrize(
    "reply", [BOMB, f"```xml\n{BOMB}\n```", "<!DOCTYPE a [<!ENTITY % b SYSTEM 'file:///x'> %b;]><a/>"]
)
def test_entities_are_not_read(reply):
    assert Xml().check(reply, True).verdict is Verdict.ABSTAIN


PIECES = [*"<>/ab='&;![]? \n`\ud800\x00茶", "<a>", "</a>", "<?xml version='1.0'?>", "<!--", "<!DOCTYPE a [", PROSE]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.integers(0, 1500))
def test_any_text_is_judged_and_nothing_is_called_too_early(reply, cut):
    whole = Xml().check(reply, True)
    assert whole.explanation
    early = Xml().check(reply[:cut], False)
    assert early.verdict is Verdict.ABSTAIN or early == Xml().check(reply, False) == whole


def test_xml_that_has_not_begun_in_time_is_called_while_the_reply_goes_on():
    assert Xml().check(PROSE * 10, False).verdict is Verdict.FAIL
    assert Xml().check(PROSE * 9, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize(
    "reply",
    ["<a>" * 300_000, "<" * 200_000, "<a " + "b='' " * 40_000, "<!--" * 50_000, "<a/>" * 60_000, "<a>\n" * 60_000],
)
def test_hostile_replies_fail(reply):
    assert Xml().check(reply, True).verdict is Verdict.FAIL
