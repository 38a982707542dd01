import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.declaration import declared
from diagnostics.modifiers.html import Html

PAGE = "<!DOCTYPE html>\n<html><head><title>Tea</title></head><body><h1>Tea</h1><p>It is hot.</p></body></html>"
PROSE = "Tea has been drunk for thousands of years, first as a medicine and later for pleasure, in all of Asia. "


def names(demands):
    return {each.name for each in demands.modifiers}


@pytest.mark.parametrize(
    ("language", "prompt"),
    [
        ("en", "Explain tides as an HTML page."),
        ("en", "Write an HTML document about tides."),
        ("en", "Return only HTML, no explanations."),
        ("en", "Tell me about tides. Format: please answer in valid HTML."),
        ("en", "Convert this table to HTML."),
        ("de", "Erkläre Ebbe und Flut als HTML-Seite."),
        ("de", "Antworte im HTML-Format mit den Tags <p> und <ul>."),
        ("fr", "Explique les marées. Réponds en HTML simple."),
        ("fr", "Présente ta réponse sous forme de page HTML."),
        ("es", "Explica las mareas. Responde en formato HTML."),
        ("pt", "Explique as marés no formato HTML."),
        ("ru", "Расскажи о приливах в формате HTML."),
        ("ru", "Оформи ответ в виде HTML-страницы."),
        ("ja", "潮の満ち引きについてHTML形式で説明してください。"),
        ("ar", "اشرح المد والجزر بتنسيق HTML."),
    ],
)
def test_asked(read, language, prompt):
    assert names(read(prompt, language)) - {"items", "only_output"} == {"html"}


@pytest.mark.parametrize(
    ("language", "prompt"),
    [
        ("en", "What is HTML?"),
        ("en", "What is the difference between HTML and JavaScript?"),
        ("en", "Explain the history of HTML."),
        ("en", "Fix the error in this HTML page."),
        ("en", "Write a Python function that parses HTML."),
        ("en", "How do I write comments in HTML?"),
        ("en", "Do not use HTML."),
        ("en", "Answer without any HTML tags."),
        ("en", "If the user is a browser, answer in HTML."),
        ("en", 'What does "answer in HTML" ask for?'),
        ("en", "Write a poem about HTML."),
        ("de", "Was ist der Unterschied zwischen HTML und CSS?"),
        ("de", "Verwende kein HTML."),
        ("de", "Wie schreibe ich Kommentare in HTML?"),
        ("fr", "C'est quoi le HTML ?"),
        ("fr", "N'utilise pas de HTML."),
        ("es", "¿Qué es HTML?"),
        ("es", "No uses HTML en tu respuesta."),
        ("pt", "Qual é a história do HTML?"),
        ("pt", "Responda sem usar HTML."),
        ("ru", "Что такое HTML?"),
        ("ru", "Не используй HTML."),
        ("ja", "HTMLとは何ですか。"),
        ("ja", "HTMLは使わないでください。"),
        ("ar", "ما هي لغة HTML؟"),
        ("ar", "لا تستخدم HTML."),
    ],
)
def test_not_asked(read, language, prompt):
    assert "html" not in names(read(prompt, language))


@pytest.mark.parametrize(
    "reply", [PAGE, f"\n{PAGE}\n", "<p>Tea is hot.</p>", "<ul><li>a<li>b</ul>", "<h2>Tea</h2><table><tr><td>1</table>"]
)
def test_bare(reply):
    outcome = Html().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (f"```html\n{PAGE}\n```", "an HTML page in a code fence"),
        (f"Here is the page:\n\n```html\n{PAGE}\n```", "an HTML page in a code fence, after a line that leads in"),
        (f"Here is the page:\n{PAGE}", "an HTML page after a line that leads in"),
        (f"Sure! {PAGE}\nThis page has a heading.", "an HTML page with text before and after it"),
        (f"```html\n{PAGE}\n```\nSave it as tea.html.", "an HTML page in a code fence, with text after it"),
        ("Sure.\n<p>Tea is hot.</p><p>Milk is not.</p>\nBye.", "a fragment of HTML with text before and after it"),
        ("```\n<p>Tea</p>\n```", "a fragment of HTML in a code fence"),
    ],
)
def test_unwrapped(reply, says):
    outcome = Html().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "unwrapped", 0.75)
    assert outcome.explanation == says


@pytest.mark.parametrize(
    ("reply", "score", "says"),
    [
        ("", 0.0, "the reply is empty"),
        ("   ", 0.0, "the reply is empty"),
        (PROSE, 0.0, "prose without HTML"),
        ("1 < 2 and 3 > 2", 0.0, "prose without HTML"),
        ("<<Tea>>", 0.0, "prose without HTML"),
        ("<[email protected]>", 0.0, "prose without HTML"),
        ("Tea is &lt;b&gt;hot&lt;/b&gt;.", 0.0, "prose without HTML"),
        ("# Tea\n\n* It is **hot**.\n* It is green.", 0.0, "Markdown instead of HTML: headings, emphasis, lists"),
        (f"# Tea\n\nIt is <b>hot</b>.\n{PROSE}", 0.0, "Markdown instead of HTML: headings"),
        (f"**Tea**\n\n{PROSE * 12}", 0.0, "Markdown instead of HTML: emphasis"),
        ("Tea is <b>hot</b>.", 0.0, "<b> alone makes no HTML"),
        ("<b>Tea</b> is hot.", 0.0, "<b> alone makes no HTML"),
        ("<title>Tea</title>", 0.0, "<title> alone makes no HTML"),
        ("<br>", 0.0, "<br> alone makes no HTML"),
        ('<?xml version="1.0"?><note><to>Ann</to><from>Bob</from></note>', 0.0, "XML or other markup instead of HTML"),
        (
            "<note><heading>Tea</heading><p>x</p></note><note2></note2>",
            0.0,
            "XML or other markup instead of HTML, which",
        ),
        ("<お茶>緑</お茶>", 0.0, "XML or other markup instead of HTML, which has no <お茶>"),
        (f"{PROSE * 4}<p>Hot.</p>", 0.013, "HTML is only 3% of the reply"),
        (f"```html\n<p>x</p>\n```\n{PROSE * 4}", 0.01, "HTML is only 2% of the reply"),
        ("<p>Tea is hot</p>, and milk <p>is not</p>", 0.0, "HTML with much text outside its elements"),
        (f"<p>a</p> {PROSE * 3} <p>b</p>", 0.0, "HTML with much text outside its elements"),
        (
            "<div><h1>Tea</h1><p>It is",
            0.5,
            "HTML that breaks off: <div> is never closed (line 1, column 1)",
        ),
        ("Here:\n```html\n<ul>\n<li>Tea", 0.5, "HTML that breaks off: <ul> is never closed (line 3, column 1)"),
        (
            "<html><body><h1>Tea</h1><p>It",
            0.5,
            "HTML that breaks off: <html> is never closed (line 1, column 1), nor are",
        ),
        ("<h1>Tea</h1>\n<div><p>a</p>", 0.5, "HTML in which <div> is never closed (line 2, column 1)"),
        ("Sure.\n<h1>Tea</h1><div><p>a</p>", 0.5, "HTML in which <div> is never closed (line 2, column 13)"),
        ("<p>It is <b>hot, and <i>good</i>.</p>", 0.5, "HTML in which <b> is never closed (line 1, column 10)"),
        ("<div>" * 600 + "</div>" * 600, 0.0, "nested too deep to be read"),
        (PROSE * 10 + PAGE * 20, 0.0, "prose without HTML in the first 1000 characters"),
    ],
)
def test_failures_are_told_apart(reply, score, says):
    outcome = Html().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.FAIL, None, score)
    assert outcome.explanation.startswith(says)


@pytest.mark.parametrize(
    "reply",
    [
        "<ul><li>a<li>b</ul>",
        "<table><tr><td>1<td>2</table>",
        "<p>One.<p>Two.<hr>",
        "<!-- tea --><p>Tea</p><!-- <div> -->",
        "<p>a</p><script>if (a<b) x('<div>')</script>",
        "<p title='<div>'>a</p>",
        "<div><img src=a.png><br/><svg><path d=''/></svg></div>",
        "<P>Tea</P>",
        "<html><head><title>x</title><body><p>Tea</p>",
        "<p>" + "1 &lt; 2 " * 9 + "</p>",
    ],
)
def test_what_need_not_be_closed(reply):
    assert Html().check(reply, True).form == "bare"


def test_page_or_fragment():
    fragment = "<h1>Tea</h1><p>It is hot.</p>"
    for reply, page in ((PAGE, True), ("<body><p>x</p></body>", True), (fragment, False)):
        assert Html().check(reply, True).form == Html(page=page).check(reply, True).form == "bare"
        assert Html(page=page).check(f"```html\n{reply}\n```", True).form == "unwrapped"
        other = Html(page=not page).check(reply, True)
        assert (other.verdict, other.score) == (Verdict.FAIL, 0.5)
        assert "was asked for" in other.explanation


def test_allowed_tags():
    html = Html(tags=("p", "UL", "li"))
    assert html.check("<p>a</p>\n<ul><LI>b</ul>", True).form == "bare"
    outcome = html.check("<p>a</p>\n<ol><li>b</li></ol><script>x</script>", True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation == "not allowed: <ol> (line 2, column 1), <script>; allowed: p, UL, li"
    assert 0 < outcome.score < 0.5
    assert html.check("Here:\n```html\n<p>a</p>\n<h1>x</h1>\n```", True).explanation.startswith(
        "not allowed: <h1> (line 4, column 1)"
    )
    assert html.check("<p>&lt;script&gt;</p><!-- <script> -->", True).form == "bare"
    assert html.check(PROSE, True) == Html().check(PROSE, True)


def test_a_page_with_allowed_tags_may_have_its_frame():
    assert Html(page=True, tags=("h1", "p")).check(PAGE, True).form == "bare"
    assert "<html>" in Html(tags=("h1", "p")).check(PAGE, True).explanation
    assert "<h1>" in Html(page=True, tags=("p",)).check(PAGE, True).explanation


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"page": "yes"}, r"page: expected true or false; got 'yes'"),
        ({"tags": []}, r"tags: expected a list of 1 to 150, .* got a list of 0"),
        ({"tags": ["p"] * 151}, r"tags: expected a list of 1 to 150, .* got a list of 151"),
        ({"tags": ["p", "<ul>"]}, r"tags\[1\]: .* got '<ul>'"),
        ({"tags": ["p", 3]}, r"tags\[1\]: .* got 3"),
        ({"tags": "p"}, r"tags: expected a list of 1 to 150, .* got 'p'"),
    ],
)
def test_declared_wrongly(arguments, says):
    with pytest.raises(ValueError, match=r"^arguments\." + says):
        declared("html", arguments)


@pytest.mark.parametrize(
    "reply", ["", "<html><body><h1>Tea", "```html\n<p>Te", "Here is", "<p>Tea is hot.</p>", PAGE, PROSE * 2]
)
def test_cut_short(reply):
    assert Html().check(reply, False).verdict is Verdict.ABSTAIN


def test_html_that_has_not_begun_in_time_is_called_while_the_reply_goes_on():
    assert Html().check(PROSE * 10, False) == Html().check(PROSE * 10 + PAGE * 20, True)
    assert Html().check(PROSE * 10, False).verdict is Verdict.FAIL
    assert Html().check(f"{PROSE * 8}\n\n{PAGE * 20}", True).verdict is not Verdict.ABSTAIN
    assert Html().check("\n" * 5000, False).verdict is Verdict.ABSTAIN


PIECES = [
    *(
        "<p>",
        "</p>",
        "<html>",
        "</html>",
        "<b>",
        "<li>",
        "<script>",
        "</script>",
        "<!--",
        "-->",
        "<!doctype html>",
        "<",
    ),
    *(
        ">",
        "/",
        '"',
        "'",
        "<a href='",
        "<tea>",
        "```",
        "```html\n",
        "\n",
        "Here:\n",
        "# x\n",
        "\ud800",
        "\x00",
        "茶",
        PROSE,
    ),
]


@given(st.lists(st.sampled_from(PIECES), max_size=50).map("".join), st.integers(0, 1500))
def test_any_text_is_judged_and_nothing_is_called_too_early(reply, cut):
    for html in (Html(), Html(page=False, tags=("p", "b"))):
        whole = html.check(reply, True)
        assert whole.explanation
        early = html.check(reply[:cut], False)
        assert early.verdict is Verdict.ABSTAIN or early == html.check(reply, False) == whole


@pytest.mark.parametrize(
    "reply",
    [
        "<div>" * 50_000 + ">",
        "<p>" * 80_000,
        "<" * 200_000 + ">",
        "```\n" * 60_000,
        "<html>" * 40_000,
        "<!--" * 60_000,
        "<p><!--" + "<script>" * 30_000,
        "<a \"<a '" * 30_000 + ">",
        "<p " + "'" * 250_001 + ">",
        "<p><b></p>" * 25_000,
        "</p>" * 60_000,
        "<p>\ud800</p>",
        "<p>x</p>\n" * 110_000,
    ],
    ids=range(13),
)
def test_hostile_replies_end(reply):
    assert Html(tags=("p", "html")).check(reply, True).verdict in (Verdict.PASS, Verdict.FAIL)
