import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.bullets import Bullets


@pytest.mark.parametrize(
    ("language", "prompt", "number"),
    [
        ("en", "Give me 3 bullet points on tea.", 3),
        ("en", "Tell me about tea in five bullet points.", 5),
        ("en", "Summarise tea. Use exactly 4 short bullets in a list.", 4),
        ("en", "Describe tea as a bulleted list.", None),
        ("en", "Use bullet points.", None),
        ("en", "Summarise in bullets.", None),
        ("en", "Write at least 3 bullet points on tea.", None),
        ("en", "Write 3 to 5 bullet points on tea.", None),
        ("en", "Write a bulleted list of 7 teas.", 7),
        ("de", "Erkläre Tee in drei Stichpunkten.", 3),
        ("de", "Antworte mit einer Aufzählungsliste.", None),
        ("de", "Nenne mindestens 4 Aufzählungspunkte.", None),
        ("fr", "Explique le thé en 3 puces.", 3),
        ("fr", "Présente ta réponse sous forme de liste à puces.", None),
        ("es", "Explica el té en cuatro viñetas.", 4),
        ("es", "Responde con una lista de 3 puntos.", 3),
        ("pt", "Explique o chá em uma lista com marcadores.", None),
        ("pt", "A resposta deve conter exatamente 3 marcadores.", 3),
        ("ru", "Расскажи о чае: список из трёх пунктов.", 3),
        ("ru", "Ответь маркированным списком.", None),
        ("ru", "Ответ должен содержать ровно 5 маркеров.", 5),
        ("ja", "お茶について3つの箇条書きで説明してください。", 3),
        ("ja", "箇条書きで答えてください。", None),
        ("ar", "اكتب عن الشاي في 3 نقاط رئيسية.", 3),
        ("ar", "أجب على شكل قائمة نقطية.", None),
    ],
)
def test_asked(read, language, prompt, number):
    (found,) = (each for each in read(prompt, language).modifiers if each.name == "bullets")
    assert found.arguments == ({} if number is None else {"num_bullets": number})


@pytest.mark.parametrize(
    ("language", "prompt"),
    [
        ("en", "What are bullet points good for?"),
        ("en", "Write a story about a bullet."),
        ("en", "No bullet points, please."),
        ("en", "Do not use bullet points."),
        ("en", "Write prose without any bullet points."),
        ("en", "Explain the following bullet points."),
        ("en", "The bullet train has 3 stops."),
        ("en", "Give me 3 points of interest in Rome."),
        ("en", "List three cities."),
        ("en", "If it gets long, use bullet points."),
        ("de", "Keine Aufzählungspunkte verwenden."),
        ("de", "Fasse die folgenden Stichpunkte zusammen."),
        ("fr", "N'utilise pas de puces."),
        ("fr", "Écris une histoire sur un marché aux puces."),
        ("es", "No uses viñetas."),
        ("es", "Explica tres puntos de vista."),
        ("pt", "Não use marcadores."),
        ("pt", "Escreva um poema com 3 marcadores de posição."),
        ("ru", "Не используй маркированный список."),
        ("ru", "Назови населённые пункты области."),
        ("ja", "箇条書きは使わないでください。"),
        ("ar", "لا تستخدم قائمة نقطية."),
    ],
)
def test_not_asked(read, language, prompt):
    assert "bullets" not in {each.name for each in read(prompt, language).modifiers}


@pytest.mark.parametrize(
    "reply",
    [
        "- a\n- b\n- c",
        "* a\n* b\n* c",
        "+ a\n+ b\n+ c",
        "• a\n•b\n • c",
        "・あ\n・い\n・う",
        "Tea:\n\n- 5\n  - 6\n- 7\n---",
        "- a\n---\n- b\n* * *\n- c\n-5 °C",
    ],
)
def test_three(reply):
    outcome = Bullets(3).check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "a, b, c",
        "---\n---\n---",
        "-5\n-6\n-7",
        "1. a\n2. b\n3. c",
        "*a*\n*b*\n*c*",
        "**a**\n**b**\n**c**",
        "- \n- \n- ",
    ],
)
def test_none(reply):
    outcome = Bullets(3).check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation == "no bullet points, 3 asked for"


def test_too_few_and_too_many():
    assert Bullets(3).check("- a\n- b", True).explanation == "2 bullet points, 3 asked for"
    assert Bullets(3).check("- a\n- b", True).score == pytest.approx(0.667)
    assert Bullets(3).check("- a\n" * 9, True).score == 0


def test_a_list_has_two():
    assert Bullets().check("- a\n- b", True).verdict is Verdict.PASS
    outcome = Bullets().check("- a", True)
    assert (outcome.verdict, outcome.explanation) == (Verdict.FAIL, "1 bullet point, at least 2 asked for")


def test_cut_short():
    assert Bullets(3).check("- a\n- b\n- c", False).verdict is Verdict.ABSTAIN
    assert Bullets(3).check("- a\n- b\n- c\n- d", False).verdict is Verdict.FAIL
    assert Bullets().check("- a", False).verdict is Verdict.ABSTAIN
    assert Bullets().check("- a\n- b", False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "reply", ["-" * 200_000, "- " * 100_000, " " * 200_000, "* _ " * 60_000, "\n" * 200_000], ids=range(5)
)
def test_hostile_replies_end(reply):
    assert Bullets(3).check(reply, True).verdict is Verdict.FAIL
