import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.json import Json

DOCUMENT = '{"tea": {"hot": true, "since": -2737}, "kinds": ["green", "black"]}'
PROSE = "Tea has been drunk for thousands of years, first as a medicine and later for pleasure, in all of Asia. "


def names(demands):
    return {each.name for each in demands.modifiers}


@pytest.mark.parametrize(
    ("language", "prompt"),
    [
        ("en", "Name three teas as JSON."),
        ("en", "Please wrap the entire output in JSON format."),
        ("en", "Respond with valid JSON only."),
        ("en", "I want your whole answer to be a single JSON object."),
        ("en", "Return JSON."),
        ("en", "Convert this table to JSON."),
        ("en", "List the users of this file in JSON. Use this JSON schema: {}"),
        ("de", "Nenne drei Teesorten im JSON-Format."),
        ("de", "Gib das Ergebnis als JSON aus."),
        ("fr", "Donne trois thés au format JSON."),
        ("fr", "La réponse doit être un objet JSON."),
        ("es", "Da tres tipos de té en formato JSON."),
        ("es", "Devuelve la respuesta como JSON."),
        ("pt", "Dê três tipos de chá no formato JSON."),
        ("pt", "A saída inteira deve estar em JSON."),
        ("ru", "Назови три сорта чая в формате JSON."),
        ("ru", "Оберни весь ответ в JSON."),
        ("ja", "お茶を3種類、JSON形式で挙げてください。"),
        ("ja", "出力全体をJSONでフォーマットしてください。"),
        ("ar", "اذكر ثلاثة أنواع من الشاي بصيغة JSON."),
        ("ar", "غلف إجابتك بالكامل بتنسيق JSON."),
    ],
)
def test_asked(read, language, prompt):
    assert names(read(prompt, language)) == {"json"}


@pytest.mark.parametrize(
    ("language", "prompt"),
    [
        ("en", "What is JSON?"),
        ("en", "Explain the JSON format."),
        ("en", "Explain how dates are represented in JSON."),
        ("en", "What is wrong with this JSON file?"),
        ("en", "Write a Python script that reads JSON."),
        ("en", "Write an article on JSON."),
        ("en", "Compare JSON with XML."),
        ("en", "Do not answer in JSON."),
        ("en", "Write prose, not JSON."),
        ("en", "If the caller is a machine, respond in JSON."),
        ("en", 'Don\'t include the keywords flea and "JSON" in the response.'),
        ("de", "Erkläre das JSON-Format."),
        ("de", "Was ist falsch an diesem JSON?"),
        ("de", "Antworte ohne JSON."),
        ("fr", "Qu'est-ce que le JSON ?"),
        ("fr", "Ne réponds pas en JSON."),
        ("es", "¿Cómo se escriben fechas en JSON?"),
        ("es", "No respondas en JSON."),
        ("pt", "O que é JSON?"),
        ("pt", "Não use JSON."),
        ("ru", "Что такое JSON?"),
        ("ru", "Не используй формат JSON."),
        ("ja", "JSONとは何ですか。"),
        ("ja", "JSONは使わないでください。"),
        ("ar", "ما هو JSON؟"),
        ("ar", "لا تجب بصيغة JSON."),
    ],
)
def test_not_asked(read, language, prompt):
    assert names(read(prompt, language)) == set()


@pytest.mark.parametrize("reply", [DOCUMENT, f"\n {DOCUMENT}\n", "[]", "{}", '["日本", "\\ud83c\\udf75"]'])
def test_bare(reply):
    outcome = Json().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.PASS, "bare", 1.0)


@pytest.mark.parametrize(
    "reply",
    [
        f"```json\n{DOCUMENT}\n```",
        f"~~~\n{DOCUMENT}\n~~~",
        f"Here you are:\n\n```JSON\n{DOCUMENT}\n```\n",
        f"Here you are:\n{DOCUMENT}",
        f"{DOCUMENT}\n\nNote: years are negative.",
        f"```json\n{DOCUMENT}",
    ],
)
def test_unwrapped(reply):
    outcome = Json().check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, "unwrapped")


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "3",
        '"tea"',
        "null",
        "[NaN]",
        "{'tea': 1}",
        '{"tea": 1,}',
        '{"a": 1} {"b": 2}',
        PROSE,
        f"```json\n[1]\n```\n{PROSE}",
    ],
)
def test_fails(reply):
    outcome = Json().check(reply, True)
    assert outcome.verdict is Verdict.FAIL
    assert outcome.explanation


@pytest.mark.parametrize("reply", ["", '{"tea": [1', "```json\n{", "Here", "Sure: here is the JSON"])
def test_cut_short(reply):
    assert Json().check(reply, False).verdict is Verdict.ABSTAIN


def test_cut_short_but_whole_or_hopeless():
    assert Json().check(DOCUMENT, False).verdict is Verdict.PASS
    assert Json().check(PROSE * 4, False).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "reply",
    ["[" * 200_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 50_000, '"\ud800"', '["\ud800"]', "{" * 9 + "\x00"],
    ids=range(6),
)
def test_hostile_replies_fail(reply):
    assert Json().check(reply, True).verdict is Verdict.FAIL
