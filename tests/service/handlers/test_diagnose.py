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
    ("body", "words"),
    [
        ({"response": "x"}, "either `messages` or `prompt`"),
        ({"prompt": "x", "messages": [{"role": "user", "content": "x"}]}, "either `messages` or `prompt`"),
        ({"messages": []}, "`messages` is empty"),
        ({"prompt": 5}, "got `int`"),
        ({"messages": [{"role": "user"}]}, "content"),
        ([RIGHT, {"prompt": "x", "expected_language": "German"}], "exchange 1: expected_language: "),
        ({"prompt": "x", "modifiers": [{"name": "htm"}]}, "bullets, html, json"),
        ({"prompt": "x", "modifiers": [{"name": "bullets", "arguments": {"num_bullets": "many"}}]}, "num_bullets"),
        ([{"prompt": "x"}] * 1001, "at most 1000"),
    ],
)
async def test_mistakes_are_answered_with_what_was_wrong(body: object, words: str) -> None:
    response = await diagnose(body)
    assert response.status_code == 400
    assert words in response.json()["error"]["message"]


async def test_a_body_that_is_no_json_is_refused() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post("/v1/diagnose", content=b"{", headers={"content-type": "application/json"})
        large = await http.post("/v1/diagnose", json={"prompt": "x" * 5_000_000})
    assert response.status_code == 400
    assert "cannot be read" in response.json()["error"]["message"]
    assert large.status_code == 413
    assert large.json()["error"]["type"] == "invalid_request_error"
