"""TGI's smaller paths, and all of its API under a model's own."""

from __future__ import annotations

import json

import httpx
import openai
import pytest

from service.config import Settings
from service.errors import ConfigError
from tests.gateways import serving, settings
from tests.replay import Answer, events, replaying

ONE = {"backend": "scripted", "replies": ["Guten Tag aus dem Norden!"]}
TWO = {"backend": "scripted", "replies": ["Guten Tag aus dem fernen Süden!"]}
QUESTION = [{"role": "user", "content": "Was?"}]


def two(**server: object) -> Settings:
    """ "one" is the first, and "org/two" has a slash in its name, as hub ids do."""
    return settings({"one": ONE, "org/two": TWO}, server=server)


async def text_of(http: httpx.AsyncClient, path: str, **body: object) -> str:
    answer = (await http.post(path, json={"inputs": "Was?", **body})).json()
    text: str = (answer[0] if isinstance(answer, list) else answer)["generated_text"]
    return text


async def test_which_model_answers() -> None:
    async with serving(two()) as served, httpx.AsyncClient(base_url=served.url) as http:
        for path in ("/", "/generate", "/models/one", "/models/one/", "/models/one/generate"):
            assert "Norden" in await text_of(http, path), path
        for path in ("/models/org/two", "/models/org/two/", "/models/org/two/generate"):
            assert "Süden" in await text_of(http, path), path
        assert "Süden" in await text_of(http, "/", model="org/two")
        assert "Süden" in await text_of(http, "/models/org/two", model="one")  # clients write what they like there
    async with serving(two(default_model="org/two")) as served, httpx.AsyncClient(base_url=served.url) as http:
        assert "Süden" in await text_of(http, "/generate")


def test_the_default_model_must_be_there() -> None:
    with pytest.raises(ConfigError, match=r"server\.default_model names the model 'three'; there are: one, org/two"):
        two(default_model="three")


async def test_openais_clients_work_under_a_models_path() -> None:
    async with (
        serving(two()) as served,
        openai.AsyncOpenAI(base_url=f"{served.url}/models/org/two/v1", api_key="none") as api,
    ):
        chat = await api.chat.completions.create(model="tgi", messages=QUESTION)
        completion = await api.completions.create(model="tgi", prompt="Was?")
    assert "Süden" in (chat.choices[0].message.content or "")
    assert "Süden" in completion.choices[0].text
    assert chat.model == completion.model == "org/two"


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("POST", "/models/three", 404, "there are: one, org/two"),
        ("POST", "/models/three/generate_stream", 404, "there are: one, org/two"),
        ("POST", "/models/one/nowhere", 404, "there are: one, org/two"),
        ("GET", "/models/three/info", 404, "there are: one, org/two"),
        ("GET", "/models/three", 404, "no model of that name"),
        ("GET", "/models", 404, "no model of that name"),
        ("POST", "/models/", 404, "there are: one, org/two"),
        ("GET", "/generate", 405, "use POST"),
        ("POST", "/info", 405, "use GET"),
        ("PUT", "/", 405, "use POST or GET"),
        ("POST", "/tokenize", 404, "only TGI has /tokenize, and the engine of model 'one' is another"),
        (
            "POST",
            "/models/org/two/chat_tokenize",
            404,
            "only TGI has /chat_tokenize, and the engine of model 'org/two'",
        ),
    ],
)
async def test_what_is_not_there(method: str, path: str, status: int, words: str) -> None:
    async with serving(two()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.request(method, path, json={"inputs": "x"})
    assert response.status_code == status
    assert response.json()["error_type"] == "validation"
    assert words in response.json()["error"]


async def test_under_a_models_path_openais_mistakes_are_openais() -> None:
    async with serving(two()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post("/models/three/v1/chat/completions", json={"model": "x", "messages": QUESTION})
    assert response.json()["error"]["code"] == "model_not_found"


async def test_a_model_may_have_the_name_of_a_path() -> None:
    named = settings({"generate": ONE, "info": TWO})
    async with serving(named) as served, httpx.AsyncClient(base_url=served.url) as http:
        assert "Norden" in await text_of(http, "/models/generate")
        assert "Süden" in await text_of(http, "/models/info/generate")


@pytest.mark.parametrize(("prefix", "name"), [("", "one"), ("/models/one", "one"), ("/models/org/two", "org/two")])
async def test_what_a_model_is(prefix: str, name: str) -> None:
    async with serving(two()) as served, httpx.AsyncClient(base_url=served.url) as http:
        info = (await http.get(f"{prefix}/info")).json()
        health = [await http.get(f"{prefix}/health"), await http.get(prefix or "/")]
    assert (info["model_id"], info["model_pipeline_tag"], info["router"]) == (name, "text-generation", "dragoman")
    assert [response.status_code for response in health] == [200, 200]


@pytest.mark.parametrize("path", ["/", "/models/down", "/models/down/health"])
async def test_health_is_the_engines(path: str) -> None:
    down = settings({"down": {**ONE, "fault": "unavailable"}})
    async with serving(down) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.get(path)
    assert (response.status_code, response.json()) == (503, {"error": "unhealthy", "error_type": "healthcheck"})


async def test_tgi_is_asked_what_only_it_knows() -> None:
    info, tokens = b'{"model_id":"org/x", "max_total_tokens":4096}', b'[{"id":1,"text":"a","start":0,"stop":1}]'
    async with replaying(Answer(info)) as engine:
        behind = settings({"tgi": {"backend": "tgi", "url": engine.url}})
        async with serving(behind) as served, httpx.AsyncClient(base_url=served.url) as http:
            assert (await http.get("/info")).content == info
            engine.answer = Answer(tokens)
            body = b'{"inputs": "a"}'
            for path in ("/tokenize", "/models/tgi/tokenize", "/chat_tokenize"):
                assert (await http.post(path, content=body)).content == tokens
                assert engine.requests[-1] == ("POST", path.removeprefix("/models/tgi"), body)
            engine.answer = Answer(b'{"error":"No fast tokenizer found","error_type":"no fast tokenizer"}', 404)
            refused = await http.post("/tokenize", content=body)
            assert (await http.post("/tokenize", content=b"x" * 5_000_000)).status_code == 413
    assert (refused.status_code, refused.json()["error_type"]) == (422, "validation")
    assert "No fast tokenizer found" in refused.json()["error"]


async def test_the_gateway_is_a_tgi_to_another_gateway() -> None:
    """The front one speaks to a model's path of the other as to any TGI, and passes on what that wrote."""
    async with serving(two()) as behind:
        front = settings({"front": {"backend": "tgi", "url": f"{behind.url}/models/org/two"}})
        async with serving(front) as served, httpx.AsyncClient(base_url=served.url) as http:
            assert (await http.get("/ready")).status_code == 200
            assert (await http.get("/info")).json()["model_id"] == "org/two"
            assert "Süden" in await text_of(http, "/")
            wishes = {"inputs": "Was?", "parameters": {"details": True, "max_new_tokens": 3}}
            whole = (await http.post("/generate", json=wishes)).json()
            stream = [json.loads(event) for event in events((await http.post("/generate_stream", json=wishes)).content)]
            refused = await http.post("/tokenize", json={"inputs": "x"})
            chat = (await http.post("/v1/chat/completions", json={"model": "front", "messages": QUESTION})).json()
    assert whole["generated_text"] == stream[-1]["generated_text"] == TWO["replies"][0][:12]
    assert whole["details"]["finish_reason"] == stream[-1]["details"]["finish_reason"] == "length"
    assert whole["diagnostics"]["complete"] is stream[-1]["diagnostics"]["complete"] is False
    assert "Süden" in chat["choices"][0]["message"]["content"]
    assert (refused.status_code, refused.json()["error_type"]) == (422, "validation")
