"""TGI's generation through its clients, new and old, against a running gateway with a scripted engine."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from huggingface_hub import AsyncInferenceClient, InferenceClient
from huggingface_hub.errors import (
    GenerationError,
    OverloadedError,
    TextGenerationError,
    ValidationError,
)

from service.errors import (
    BackendBroken,
    BackendIncomplete,
    BackendTimeout,
    DeadlineExceeded,
    DragomanError,
    MethodNotAllowed,
    UnknownModel,
    WrongReply,
)
from service.handlers.generate import Generate
from tests.gateways import scripted, serving, settings
from tests.replay import WIRE, events

GERMAN = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine."
ENGLISH = "The capital of France is called Paris and lies on the river Seine."
PROMPT = "Was ist die Hauptstadt von Frankreich?"

needs_recordings = pytest.mark.skipif(not WIRE.is_dir(), reason="recorded wire data is not here")


# The hub's client


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests forbid the hub to be asked, and its client then asks nobody at all."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)


@pytest.mark.parametrize("path", ["", "/models/script", "/models/script/"])
async def test_the_hubs_client_gets_the_reply_and_the_verdict(path: str) -> None:
    async with serving(scripted(GERMAN, ENGLISH)) as served, AsyncInferenceClient(base_url=served.url + path) as api:
        assert await api.text_generation(PROMPT) == GERMAN
        wrong = await api.text_generation(PROMPT, details=True, seed=4, return_full_text=True)
    assert wrong.generated_text == PROMPT + ENGLISH
    assert (wrong.details.finish_reason, wrong.details.generated_tokens, wrong.details.seed) == ("eos_token", 17, 4)
    assert wrong.diagnostics["language"]["verdict"] == "fail"
    assert wrong.diagnostics["language"]["detected"] == "en"


async def test_the_hubs_synchronous_client() -> None:
    def ask(url: str) -> tuple[str, list[str]]:
        with InferenceClient(base_url=f"{url}/models/script") as api:
            return api.text_generation(PROMPT), list(api.text_generation(PROMPT, stream=True))

    async with serving(scripted(GERMAN, piece=5)) as served:
        whole, pieces = await asyncio.to_thread(ask, served.url)
    assert whole == "".join(pieces) == GERMAN
    assert len(pieces) > 10


@pytest.mark.parametrize("piece", [1, 7, 1000])
async def test_the_hubs_client_streams(piece: int) -> None:
    async with serving(scripted(ENGLISH, piece=piece)) as served, AsyncInferenceClient(base_url=served.url) as api:
        stream = await api.text_generation(PROMPT, stream=True, details=True, max_new_tokens=100)
        *before, last = [event async for event in stream]
        bare = [text async for text in await api.text_generation(PROMPT, stream=True)]
    assert "".join(event.token.text for event in (*before, last)) == "".join(bare) == ENGLISH
    assert [event.index for event in (*before, last)] == list(range(1, len(before) + 2))
    assert all(event.generated_text is event.details is None for event in before)
    assert all(not hasattr(event, "diagnostics") for event in before)
    assert last.generated_text == ENGLISH
    assert (last.details.finish_reason, last.details.input_length) == ("eos_token", 1)
    assert last.details.generated_tokens == -(-len(ENGLISH) // piece)
    assert last.diagnostics["language"]["verdict"] == "fail"


async def test_a_reply_that_was_cut_short() -> None:
    async with serving(scripted(GERMAN)) as served, AsyncInferenceClient(base_url=served.url) as api:
        whole = await api.text_generation(PROMPT, details=True, max_new_tokens=2)
        stream = await api.text_generation(PROMPT, stream=True, details=True, max_new_tokens=2)
        streamed = [event async for event in stream][-1]
    for each in (whole, streamed):
        assert (each.generated_text, each.details.finish_reason) == (GERMAN[:8], "length")
        assert each.diagnostics["complete"] is False


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("unavailable", GenerationError),
        ("overloaded", OverloadedError),
        ("timeout", GenerationError),
        ("broken", GenerationError),
        ("rejected", ValidationError),
    ],
)
@pytest.mark.parametrize("after", [0, 3])
async def test_the_hubs_client_tells_errors_apart(
    fault: str, kind: type[TextGenerationError], stream: bool, after: int
) -> None:
    script = scripted(GERMAN, fault=fault, fault_after=after)
    async with serving(script) as served, AsyncInferenceClient(base_url=served.url) as api:
        with pytest.raises(kind, match="the script says"):  # noqa: PT012 (a stream fails where it is read)
            reply = await api.text_generation(PROMPT, stream=stream)
            _ = [text async for text in reply]


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("wish", [{"temperature": -1.0}, {"max_new_tokens": 0}, {"top_p": 2.0}])
async def test_the_hubs_client_is_told_what_was_wrong(wish: dict[str, Any], stream: bool) -> None:
    async with serving(scripted(GERMAN)) as served, AsyncInferenceClient(base_url=served.url) as api:
        with pytest.raises(ValidationError, match=f"parameters.{next(iter(wish))}"):
            await api.text_generation(PROMPT, stream=stream, **wish)


@pytest.mark.parametrize("stream", [False, True])
async def test_the_hubs_client_chats_under_a_models_path(stream: bool) -> None:
    """It puts the model "dummy" into the body where the base URL says which it is."""
    async with serving(scripted(GERMAN)) as served, AsyncInferenceClient(base_url=f"{served.url}/models/script") as api:
        reply = await api.chat_completion([{"role": "user", "content": PROMPT}], stream=stream)
        if stream:
            chunks = [chunk async for chunk in reply]
            assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == GERMAN
            assert chunks[-1].diagnostics["language"]["verdict"] == "pass"
        else:
            assert reply.choices[0].message.content == GERMAN
            assert reply.diagnostics["language"]["verdict"] == "pass"


# The text-generation package

PROGRAM = """
import asyncio, json, sys
from text_generation import AsyncClient, Client
from text_generation.errors import GenerationError, OverloadedError, ValidationError

url, prompt = sys.argv[1:]
client = Client(url + "/models/script")
whole = client.generate(prompt, stop_sequences=["#"], seed=4, return_full_text=True)
events = list(client.generate_stream(prompt))

async def ask():
    other = AsyncClient(url)
    return await other.generate(prompt), [event async for event in other.generate_stream(prompt)]

later, later_events = asyncio.run(ask())
chat = client.chat([{"role": "user", "content": prompt}])
errors = {}
for path in ("overloaded", "rejected", "broken", "overloaded-later", "absent"):
    for ask in (Client(url + "/models/" + path).generate, Client(url + "/models/" + path).generate_stream):
        try:
            list(ask(prompt))
        except Exception as error:
            errors.setdefault(path, []).append(type(error).__name__)
print(json.dumps({
    "whole": [whole.generated_text, whole.details.finish_reason, whole.details.generated_tokens, whole.details.seed],
    "texts": [event.token.text for event in events],
    "last": [events[-1].generated_text, events[-1].details.finish_reason, events[-1].details.generated_tokens],
    "later": [later.generated_text, later_events[-1].generated_text],
    "chat": chat.choices[0].message.content,
    "errors": errors,
}))
"""


async def test_the_old_client_works_unchanged(text_generation: Path) -> None:
    faults = {"overloaded": ("overloaded", 0), "rejected": ("rejected", 0), "broken": ("broken", 0)}
    faults["overloaded-later"] = ("overloaded", 2)
    checkpoints: dict[str, object] = {"script": {"backend": "scripted", "replies": [GERMAN]}}
    for name, (fault, after) in faults.items():
        checkpoints[name] = {"backend": "scripted", "replies": [GERMAN], "fault": fault, "fault_after": after}
    async with serving(settings(checkpoints)) as served:
        process = await asyncio.create_subprocess_exec(
            *(text_generation, "-I", "-c", PROGRAM, served.url, PROMPT),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    seen = json.loads(output)
    assert seen["whole"] == [PROMPT + GERMAN, "eos_token", 17, 4]
    assert "".join(seen["texts"]) == GERMAN
    assert len(seen["texts"]) == 18
    assert seen["last"] == [GERMAN, "eos_token", 17]
    assert seen["later"] == [GERMAN, GERMAN]
    assert seen["chat"] == GERMAN
    assert seen["errors"] == {
        "overloaded": ["OverloadedError"] * 2,
        "rejected": ["ValidationError"] * 2,
        "broken": ["GenerationError"] * 2,
        "overloaded-later": ["OverloadedError"] * 2,
        "absent": ["ValidationError"] * 2,
    }


# The wire


async def test_to_the_root_a_whole_answer_is_a_list() -> None:
    body = {"inputs": PROMPT, "dragoman": {"expected_language": "de"}, "model": "script"}
    async with serving(scripted(GERMAN)) as served, httpx.AsyncClient(base_url=served.url) as http:
        (one,) = (await http.post("/", json=body)).json()
        same = (await http.post("/generate", json={**body, "stream": True})).json()
        streamed = await http.post("/", json={**body, "stream": True})
        always = await http.post("/generate_stream", json=body)
    for each in (one, same, json.loads(events(streamed.content)[-1]), json.loads(events(always.content)[-1])):
        assert each["generated_text"] == GERMAN
        assert each["diagnostics"]["expected_language"]["origin"] == "declared"
        assert each["diagnostics"]["language"]["verdict"] == "pass"
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert b"[DONE]" not in streamed.content
    assert streamed.content.endswith(b"}\n\n")


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        ("/generate", b"{", 422, "not valid JSON"),
        ("/generate", b"{}", 422, "missing required field `inputs`"),
        ("/generate_stream", b'{"inputs":5}', 422, "got `int` - at `$.inputs`"),
        ("/", b'{"inputs":"x","parameters":{"seed":"a"}}', 422, "$.parameters.seed"),
        ("/", b'{"inputs":"x","model":"nobody"}', 404, "there are: script"),
        ("/generate", b'{"inputs":"x","dragoman":{"expected_language":"zh-Hnat"}}', 422, "no language tag"),
        ("/generate", b'{"inputs":"' + b"x" * 5_000_000 + b'"}', 413, "server.max_body_bytes"),
    ],
)
async def test_mistakes_are_answered_in_tgis_words(path: str, body: bytes, status: int, words: str) -> None:
    async with serving(scripted(GERMAN)) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post(path, content=body)
    assert response.status_code == status
    assert response.json()["error_type"] == "validation"
    assert words in response.json()["error"]


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (BackendBroken("x"), 424, "generation"),
        (BackendTimeout("x"), 424, "generation"),
        (BackendIncomplete("x"), 500, "incomplete_generation"),
        (DeadlineExceeded("x"), 424, "generation"),
        (WrongReply("x", None), 424, "generation"),
        (UnknownModel("x"), 404, "validation"),
        (MethodNotAllowed("x"), 405, "validation"),
        (DragomanError("x"), 500, "internal_error"),
    ],
)
def test_every_error_has_a_kind(error: DragomanError, status: int, kind: str) -> None:
    answered, body = Generate("m").error(error)
    assert (answered, json.loads(body)) == (status, {"error": "x", "error_type": kind})


@needs_recordings
async def test_what_the_gateway_writes_is_what_tgi_describes() -> None:
    """TGI's own OpenAPI document; it lacks that optional fields may be null, as they are on its wire."""
    jsonschema = pytest.importorskip("jsonschema_rs")
    document = json.loads((WIRE / "tgi" / "openapi.json").read_bytes())

    def check(kind: str, written: Any) -> None:
        schema = {"$ref": f"#/components/schemas/{kind}", "components": document["components"]}
        present = json.loads(
            json.dumps(written), object_hook=lambda each: {k: v for k, v in each.items() if v is not None}
        )
        jsonschema.validator_for(schema).validate(present)

    wishes = {"inputs": PROMPT, "parameters": {"details": True, "seed": 5}}
    async with serving(scripted(GERMAN)) as served, httpx.AsyncClient(base_url=served.url) as http:
        whole = (await http.post("/generate", json=wishes)).json()
        stream = events((await http.post("/generate_stream", json=wishes)).content)
        error = (await http.post("/generate", json={})).json()
    check("GenerateResponse", whole)
    check("ErrorResponse", error)
    for event in stream:
        parsed = json.loads(event)
        parsed["token"]["logprob"] = 0.0  # required there, and null on TGI's wire too
        check("StreamResponse", parsed)
    with pytest.raises(jsonschema.ValidationError):
        check("GenerateResponse", {"generated_text": 5})
