import pytest

from diagnostics.core import Verdict
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
    assert names(read(prompt, language)) == {"html"}


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
    assert names(read(prompt, language)) == set()


@pytest.mark.parametrize(
    "reply", [PAGE, f"\n{PAGE}\n", "<p>Tea is hot.</p>", "<ul><li>a<li>b</ul>", "<h2>Tea</h2><table><tr><td>1</table>"]
)
def test_bare(reply):
    outcome = Html().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize(
    "reply",
    [
        f"```html\n{PAGE}\n```",
        f"Here is the page:\n\n```html\n{PAGE}\n```",
        f"Here is the page:\n{PAGE}",
        f"Sure! {PAGE}\nThis page has a heading.",
        f"```html\n{PAGE}\n```\nSave it as tea.html.",
    ],
)
def test_unwrapped(reply):
    outcome = Html().check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "unwrapped")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "   ",
        PROSE,
        "# Tea\n\n* It is **hot**.",
        "Tea is <b>hot</b>.",
        "<b>Tea</b> is hot.",
        "<title>Tea</title>",
        "<<Tea>>",
        '<?xml version="1.0"?><note><to>Ann</to><from>Bob</from></note>',
        "<note><heading>Tea</heading><p>It is hot.</p></note><note2></note2>",
        f"{PROSE * 4}<p>Hot.</p>",
        f"<p>a</p> {PROSE * 3} <p>b</p>",
        f"```html\n<p>x</p>\n```\n{PROSE * 4}",
        "1 < 2 and 3 > 2",
        "<[email protected]>",
    ],
)
def test_fails(reply):
    assert Html().check(reply, True).verdict is Verdict.FAIL


def test_a_short_part_says_how_short():
    outcome = Html().check(f"```html\n<p>x</p>\n```\n{PROSE * 4}", True)
    assert outcome.explanation.startswith("HTML is only")
    assert 0 < outcome.score < 0.5


@pytest.mark.parametrize("reply", ["", "<html><body><h1>Tea", "```html\n<p>Te", "Here is", "<p>Tea is hot.</p>"])
def test_cut_short(reply):
    assert Html().check(reply, False).verdict is Verdict.ABSTAIN


def test_cut_short_but_whole_or_hopeless():
    assert Html().check(PAGE, False).verdict is Verdict.PASS
    assert Html().check(PROSE * 4, False).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "reply",
    ["<div>" * 50_000 + ">", "<p>" * 80_000, "<" * 200_000 + ">", "```\n" * 60_000, "<html>" * 40_000, "<p>\ud800</p>"],
    ids=range(6),
)
def test_hostile_replies_end(reply):
    assert Html().check(reply, True).verdict in (Verdict.PASS, Verdict.FAIL)
