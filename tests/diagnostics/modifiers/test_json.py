import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.declaration import DeclarationError, declared
from diagnostics.modifiers.json import Json

DOCUMENT = '{"tea": {"hot": true, "since": -2737}, "kinds": ["green", "black"]}'
PROSE = "Tea has been drunk for thousands of years, first as a medicine and later for pleasure, in all of Asia. "
DRAFT_7 = "http://json-schema.org/draft-07/schema#"


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
    assert names(read(prompt, language)) - {"items", "only_output"} == {"json"}


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
    assert "json" not in names(read(prompt, language))


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
    ("reply", "how"),
    [
        (f"```json\n{DOCUMENT}\n```", "in a code fence"),
        (f"Here:\n{DOCUMENT}", "after a line that leads in"),
        (f"Sure!\n{DOCUMENT}\nBye.", "with text before and after it"),
        (f"Here:\n```\n{DOCUMENT}\n```\nBye.", "in a code fence, after a line that leads in, with text after it"),
    ],
)
def test_the_wrapping_is_named(reply, how):
    outcome = Json().check(reply, True)
    assert (outcome.form, outcome.explanation, outcome.score) == ("unwrapped", f"a JSON document {how}", 0.75)


@pytest.mark.parametrize(
    ("reply", "score", "says"),
    [
        ("", 0.0, "the reply is no JSON object or array"),
        (PROSE, 0.0, "the reply is no JSON object or array"),
        ("# Tea\n\n- green\n- black", 0.0, "the reply is no JSON object or array"),
        (f"{PROSE}{{'tea': 1}}", 0.0, "the reply is no JSON object or array"),
        ("{tea}", 0.0, "not valid JSON: Expecting property name enclosed in double quotes (line 1, column 2)"),
        ('["a "b" c"]', 0.0, "not valid JSON: Expecting ',' delimiter (line 1, column 6); a quote within a string is"),
        ("3", 0.25, "a lone JSON value, no object or array"),
        ('"tea"', 0.25, "a lone JSON string, no object or array"),
        ("null", 0.25, "a lone JSON value"),
        ("[NaN]", 0.25, "nearly JSON: NaN, which JSON lacks (line 1, column 2)"),
        ("{'tea': None}", 0.25, "nearly JSON: single quotes (line 1, column 2), None for null (line 1, column 9)"),
        ('```json\n{"tea": 1,}\n```', 0.25, "nearly JSON: a trailing comma (line 2, column 10)"),
        ('{"tea": [1', 0.25, "JSON that breaks off: { that is never closed (line 1, column 1), [ that is never closed"),
        ('{"a": 1} {"b": 2}', 0.25, "2 JSON documents, one after the other"),
        ('{"a": 1}\n{"b": 2}\n[]\n', 0.25, "3 JSON documents, one after the other"),
        (f"```json\n[1]\n```\n{PROSE}", 0.25, "JSON is only 3% of the reply"),
        (f"A:\n```json\n{DOCUMENT}\n```\nB:\n```json\n{DOCUMENT}\n```", 0.25, "2 JSON documents in code fences"),
        (PROSE * 10 + DOCUMENT, 0.0, "no JSON in the first 1000 characters"),
        ("[1e999]", 0.0, "the JSON holds a number or characters that are out of range"),
    ],
)
def test_failures_are_told_apart(reply, score, says):
    outcome = Json().check(reply, True)
    assert (outcome.verdict, outcome.form, outcome.score) == (Verdict.FAIL, None, score)
    assert outcome.explanation.startswith(says)


@pytest.mark.parametrize(
    "reply", ["", DOCUMENT, '{"tea": [1', "```json\n{", "Here", "Sure: here is the JSON", PROSE * 2]
)
def test_cut_short(reply):
    assert Json().check(reply, False).verdict is Verdict.ABSTAIN


def test_a_document_that_has_not_begun_in_time_is_called_while_the_reply_goes_on():
    assert Json().check(PROSE * 10, False).verdict is Verdict.FAIL
    assert Json().check("   \n" * 1000, False).verdict is Verdict.ABSTAIN
    assert Json().check("   \n" * 1000 + DOCUMENT, True).form == "bare"
    assert Json({"type": "integer"}).check(PROSE * 10, False).verdict is Verdict.ABSTAIN


TEA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "hot": {"type": "boolean"}, "since": {"format": "date"}},
    "required": ["name"],
    "additionalProperties": False,
}
TEAS = {"$defs": {"tea": TEA}, "properties": {"teas": {"items": {"$ref": "#/$defs/tea"}}}, "required": ["teas"]}


@pytest.mark.parametrize(
    ("schema", "reply", "form"),
    [
        (TEA, '{"name": "green"}', "bare"),
        (TEA, '```json\n{"name": "green", "hot": true}\n```', "unwrapped"),
        (TEAS, '{"teas": [{"name": "green"}, {"name": "black", "since": "1610-01-31"}]}', "bare"),
        ({"type": "integer"}, "3", "bare"),
        ({}, "[]", "bare"),
    ],
)
def test_a_schema_that_fits(schema, reply, form):
    outcome = Json(schema).check(reply, True)
    assert (outcome.verdict, outcome.form) == (Verdict.PASS, form)
    assert "fits the schema" in outcome.explanation


@pytest.mark.parametrize(
    ("schema", "reply", "says"),
    [
        (TEA, "{}", '$: "name" is a required property'),
        (TEA, '{"name": "a", "hot": "very"}', '$.hot: the value "very" is not of type "boolean"'),
        (TEAS, 'Here:\n{"teas": [{"name": "a"}, {"name": 3}]}', '$.teas[1].name: the value 3 is not of type "string"'),
        (TEA, '{"name": "a", "since": "long ago"}', '$.since: the value "long ago" is not a "date"'),
        (TEA, '{"name": "a", "cold": 1}', "'cold' was unexpected"),
        (TEA, "3", '$: the value 3 is not of type "object"'),
    ],
)
def test_a_schema_that_does_not_fit(schema, reply, says):
    outcome = Json(schema).check(reply, True)
    assert (outcome.verdict, outcome.score) == (Verdict.FAIL, 0.5)
    assert outcome.explanation.startswith("JSON that does not fit the schema: ")
    assert says in outcome.explanation


def test_a_schema_changes_nothing_for_what_is_no_json():
    assert Json(TEA).check("{'name': 'a'}", True) == Json().check("{'name': 'a'}", True)
    assert Json(TEA).check(PROSE, True) == Json().check(PROSE, True)


def test_a_document_too_large_for_its_schema_is_left_in_doubt():
    schema = {"anyOf": [{"items": {"$ref": "#"}}, {"items": {"$ref": "#"}, "type": "array"}]}
    assert Json(schema).check("[" * 40 + "]" * 40, True).verdict is Verdict.ABSTAIN
    assert Json(schema).check("[[]]", True).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("schema", "path", "says"),
    [
        (
            {"properties": {"tea": {"type": "strin"}}},
            ".properties.tea.type",
            'the value "strin" is not one of "array", "boolean"',
        ),
        ({"minItems": "3"}, ".minItems", 'the value "3" is not of type "integer"'),
        ({"items": [{"pattern": "("}], "$schema": DRAFT_7}, ".items[0].pattern", "regex"),
        ({"$ref": "#/$defs/tea"}, "", "points nowhere"),
        ("object", "", "`object | null`, got `str`"),
    ],
)
def test_a_wrong_schema_is_refused_where_it_is_declared(schema, path, says):
    with pytest.raises(DeclarationError) as caught:
        declared("json", {"schema": schema})
    assert caught.value.path == f"arguments.schema{path}"
    with pytest.raises(msgspec.ValidationError, match=re.escape(says)) as raised:
        msgspec.convert({"schema": schema}, Json)
    assert str(raised.value).endswith(f" - at `$.schema{path}`")


PIECES = [
    *("{", "}", "[", "]", ",", ":", '"', "'", '"a"', "'b'", "1", "-0.5e3", "true", "None", "//", "/*", "*/", "#"),
    *("\\", "…", "...", "\n", "```", "```json\n", "Here:\n", "tea", "\ud800", "\x00", "“", PROSE),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join), st.integers(0, 300))
def test_any_text_is_judged_and_nothing_is_called_too_early(reply, cut):
    for json in (Json(), Json(TEAS)):
        whole = json.check(reply, True)
        assert whole.explanation
        early = json.check(reply[:cut], False)
        assert early.verdict is Verdict.ABSTAIN or early == json.check(reply, False) == whole


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=9).map(lambda each: [each])
)
def test_every_document_passes(document):
    assert Json().check(msgspec.json.encode(document).decode(), True).form == "bare"


@pytest.mark.parametrize(
    "reply",
    [
        "[" * 1_000_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 50_000,
        "{'a':" * 50_000,
        '[""' * 60_000,
        "[/*" * 80_000,
        "['" * 100_000,
        '["\\' * 80_000,
        "[1 " * 80_000,
        "{}\n" * 80_000 + "x",
        "```\n{" * 50_000,
        "[" + "1" * 250_000 + "]",
        '"\ud800"',
        '["\ud800"]',
        "{" * 9 + "\x00",
    ],
    ids=range(15),
)
def test_hostile_replies_fail(reply):
    assert Json().check(reply, True).verdict is Verdict.FAIL
    assert Json({"type": "object"}).check(reply, True).verdict is Verdict.FAIL
