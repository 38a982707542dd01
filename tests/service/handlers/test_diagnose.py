from __future__ import annotations

import httpx
import pytest

from tests.gateways import scripted, serving

WRONG = {"id": "a", "prompt": "Wie geht es dir heute?", "response": "I am fine, thank you very much for asking."}
RIGHT = {
    "messages": [{"role": "user", "content": "How are you? Answer in German, as JSON."}],
    "response": '{"antwort": "Mir geht es sehr gut, vielen Dank für die Frage."}',
}


async def diagnose(body: object) -> httpx.Response:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        return await http.post("/v1/diagnose", json=body)


async def test_one_exchange() -> None:
    found = (await diagnose(WRONG)).json()
    assert found["id"] == "a"
    assert found["expected_language"]["tag"] == "de"
    assert (found["language"]["verdict"], found["language"]["detected"]) == ("fail", "en")


async def test_a_list_is_answered_in_its_order() -> None:
    first, second, asked = (await diagnose([WRONG, RIGHT, {"prompt": "Responde en español, por favor."}])).json()
    assert (first["id"], first["language"]["verdict"]) == ("a", "fail")
    assert second["expected_language"]["origin"] == "requested"
    assert [(each["name"], each["verdict"]) for each in second["modifiers"]] == [("json", "pass")]
    assert asked["expected_language"]["tag"] == "es"
    assert asked["language"] is None


async def test_an_empty_list_is_no_mistake() -> None:
    assert (await diagnose([])).json() == []


@pytest.mark.parametrize(
    ("body", "param", "words"),
    [
        ({"response": "x"}, None, "either `messages` or `prompt`"),
        ({"prompt": "x", "messages": [{"role": "user", "content": "x"}]}, None, "either `messages` or `prompt`"),
        ({"messages": []}, None, "`messages` is empty"),
        ({"prompt": 5}, "prompt", "got `int`"),
        ({"messages": [{"role": "user"}]}, "messages[0].content", "content"),
        ([{"prompt": "x"}, {"messages": [{"role": "user"}]}], "[1].messages[0].content", "content"),
        ([{"prompt": "x"}, {"prompt": "x", "modifiers": [{"title": "x"}]}], "[1].modifiers[0]", "`title`"),
        ([{"prompt": "x"}] * 1001, None, "at most 1000"),
        (5, None, "got `int`"),
    ],
)
async def test_mistakes_are_answered_with_what_was_wrong(body: object, param: str | None, words: str) -> None:
    response = await diagnose(body)
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (400, param)
    assert words in error["message"]


GERMAN = "'German' is no language tag: use a BCP 47 tag such as de (German)"
MANY = {"name": "bullets", "arguments": {"num_bullets": "many"}}


@pytest.mark.parametrize(
    ("body", "param", "words"),
    [
        ({"prompt": "x", "expected_language": "German"}, "expected_language", f"expected_language: {GERMAN}"),
        ([RIGHT, {"prompt": "x", "expected_language": "German"}], "[1].expected_language", GERMAN),
        ({"prompt": "x", "expected_language": "zh-Hnat"}, "expected_language", "zh-Hant"),
        ({"prompt": "x", "modifiers": [{"name": "htm"}]}, "modifiers[0].name", "did you mean 'html'"),
        (
            [{"prompt": "x", "modifiers": [MANY]}],
            "[0].modifiers[0].arguments.num_bullets",
            "expected a whole number from 1 to 1,000; got 'many'",
        ),
    ],
)
async def test_what_is_declared_but_does_not_exist_is_a_422_that_names_it(body: object, param: str, words: str) -> None:
    response = await diagnose(body)
    error = response.json()["error"]
    assert (response.status_code, error["type"], error["param"]) == (422, "invalid_request_error", param)
    assert error["message"].startswith(f"{param}: ")
    assert words in error["message"]


@pytest.mark.parametrize("tag", ["mi", "tn", "kw"])
async def test_a_language_that_no_engine_knows_is_accepted_and_its_replies_stay_in_doubt(tag: str) -> None:
    exchange = {**WRONG, "expected_language": tag}
    for found in [(await diagnose(exchange)).json(), *(await diagnose([exchange, exchange])).json()]:
        assert found["expected_language"]["tag"] == tag
        assert (found["language"]["verdict"], found["language"]["detected"]) == ("abstain", None)
        assert found["language"]["explanation"].endswith("is a language that cannot be told from others here")


async def test_what_else_is_in_a_reply_is_told() -> None:
    opening = "Here is the short text in German that you asked me for:"
    rest = "Gestern waren wir am See, and we all went for a very long walk, und danach haben wir im Garten gegessen."
    found = (await diagnose({"prompt": "x", "expected_language": "de", "response": f"{opening}\n\n{rest}"})).json()
    (lead_in,) = found["surface"]
    assert (lead_in["name"], lead_in["language"], lead_in["span"]) == ("lead_in", "en", [0, len(opening)])
    (run,) = found["language"]["foreign_words"]
    assert run["language"] == "en"
    assert "we all went for a very long walk" in f"{opening}\n\n{rest}"[slice(*run["span"])]
    assert found["language"]["soft_mismatch"] < len(opening)
    assert found["language"]["hard_mismatch"] is None


async def test_a_body_that_is_no_json_is_refused() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post("/v1/diagnose", content=b"{", headers={"content-type": "application/json"})
        large = await http.post("/v1/diagnose", json={"prompt": "x" * 5_000_000})
    assert response.status_code == 400
    assert "not valid JSON" in response.json()["error"]["message"]
    assert large.status_code == 413
    assert large.json()["error"]["type"] == "invalid_request_error"
