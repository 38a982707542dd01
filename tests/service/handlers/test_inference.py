"""What engines were recorded to write, through the whole gateway: nothing but the diagnosis is added to it."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest

from service.schema import ChatRequest, CompatGenerateRequest, CompletionRequest, GenerateRequest
from tests.gateways import serving, settings
from tests.replay import WIRE, Answer, Engine, answer_of, events, records, replaying, without_diagnosis

STREAM = "text/event-stream"
QUESTION = [{"role": "user", "content": "Was ist die Hauptstadt von Peru? Antworte in 50 Wörtern."}]
DONE = b"data: [DONE]\n\n"

needs_recordings = pytest.mark.skipif(not WIRE.is_dir(), reason="recorded wire data is not here")


class Front(msgspec.Struct, frozen=True):
    """A gateway before an engine."""

    http: httpx.AsyncClient
    engine: Engine

    async def ask(self, path: str, body: object, answer: Answer) -> httpx.Response:
        self.engine.answer = answer
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.http.post(path, content=content)


@asynccontextmanager
async def front(backend: str) -> AsyncGenerator[Front, None]:
    async with replaying(Answer(b"")) as engine:
        patient = {"retries": {"limit": 0}, "breaker": {"consecutive_failures": 1000, "failure_rate": 0.0}}
        one = settings({"engine": {"backend": backend, "url": engine.url, **patient}})
        async with serving(one) as served, httpx.AsyncClient(base_url=served.url, timeout=60) as http:
            yield Front(http, engine)


def chat(stream: bool = False, **rest: object) -> dict[str, object]:
    return {"model": "engine", "messages": QUESTION, "stream": stream, **rest}


def streamed(*each: object, done: bool = True) -> Answer:
    body = b"".join(b"data: %b\n\n" % json.dumps(event).encode() for event in each)
    return Answer(body + (DONE if done else b""), kind=STREAM)


def check_stream(received: bytes, recorded: bytes, end: bytes = DONE) -> Any:
    """Every event is the engine's, byte for byte, but for what the last one has besides; returns that."""
    assert received.endswith(end)
    body = received.removesuffix(end) if end else received
    *before, last = body.removesuffix(b"\n\n").split(b"\n\n")
    last, diagnosis = without_diagnosis(last)
    assert [each.removeprefix(b"data: ") for each in (*before, last)] == events(recorded)
    return diagnosis


def understood(body: str | None, kind: type[Any]) -> bytes | None:
    """The request that was recorded, if the gateway takes it for one."""
    try:
        fields = json.loads(body or "")
        fields["model"] = "engine"
        sent = json.dumps(fields, ensure_ascii=False).encode()
        msgspec.json.decode(sent, type=kind)
    except ValueError:
        return None
    return sent


@needs_recordings
@pytest.mark.parametrize("backend", ["openai", "tgi"])
async def test_recorded_chats_and_completions_come_through_byte_for_byte(backend: str) -> None:
    counts = {"whole": 0, "stream": 0, "error": 0}
    async with front(backend) as gateway:
        for name, record in records("/chat/completions", "/v1/completions"):
            is_chat = record.get("path", record.get("url", "")).endswith("/chat/completions")
            path = "/v1/chat/completions" if is_chat else "/v1/completions"
            wants_stream = '"stream":true' in record["request_body"].replace(" ", "")
            sent = understood(record["request_body"], ChatRequest if is_chat else CompletionRequest)
            body = sent or chat(wants_stream)
            response = await gateway.ask(path, body, answer_of(record))
            if sent is not None:
                _, asked, passed_on = gateway.engine.requests[-1]
                model = "tgi" if backend == "tgi" else "engine"
                assert asked == path
                assert json.loads(passed_on) == {**json.loads(sent), "model": model, "stream": wants_stream}, name
            recorded = gateway.engine.answer.body
            datas = events(recorded) if wants_stream else [recorded]
            ended = record["status"] == 200 and any(
                choice.get("finish_reason") for data in datas for choice in json.loads(data)["choices"]
            )
            if not ended:
                counts["error"] += 1
                if response.status_code == 200:  # it broke off, after it had begun
                    assert response.content.endswith(DONE)
                    assert "error" in json.loads(response.content.split(b"\n\n")[-3].removeprefix(b"data: "))
                else:
                    assert response.status_code == (record["status"] if 400 <= record["status"] < 500 else 502), name
                continue
            assert response.status_code == 200, name
            if wants_stream:
                counts["stream"] += 1
                diagnosis = check_stream(response.content, recorded)
            else:
                counts["whole"] += 1
                whole, diagnosis = without_diagnosis(response.content)
                assert whole == recorded, name
            assert diagnosis["id"] == response.headers["dragoman-inference-id"]
    assert counts["whole"] > 40
    assert counts["stream"] > 20
    assert counts["error"] > 20


@needs_recordings
async def test_recorded_generations_come_through_byte_for_byte() -> None:
    seen = 0
    async with front("tgi") as gateway:
        for name, record in records("flan-t5-xxl", "12b-epoch-3.5", "Llama-2-7b-hf", "Llama-3.2-3B"):
            body = understood(record["request_body"], CompatGenerateRequest)
            assert body is not None
            response = await gateway.ask("/", body, answer_of(record))
            if '"error"' in record["body"]:
                assert response.status_code == 422
                assert response.json()["error_type"] == "validation"
                assert "Input validation error: `inputs` tokens" in response.json()["error"]
                continue
            seen += 1
            check_stream(response.content, gateway.engine.answer.body, end=b"")
            sent = json.loads(gateway.engine.requests[-1][2])
            asked = json.loads(record["request_body"])
            asked.pop("model", None)
            assert sent == asked, name
        for path in sorted((WIRE / "tgi" / "snapshots").glob("*.json")):
            snapshot = json.loads(path.read_bytes())
            if isinstance(snapshot, dict) and "generated_text" in snapshot:
                seen += 1
                for route, written in (("/generate", snapshot), ("/", [snapshot])):
                    recorded = json.dumps(written, indent=1).encode()
                    response = await gateway.ask(route, {"inputs": "Hi"}, Answer(recorded, sizes=(999,)))
                    assert without_diagnosis(response.content)[0] == recorded
    assert seen > 90


# What chat clients ask for and engines answer, beyond text


async def test_requests_travel_on_as_they_are() -> None:
    wishes = {
        "n": 2, "logprobs": True, "top_logprobs": 3, "tool_choice": "auto", "parallel_tool_calls": None,
        "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": {}}},
        "stream_options": {"include_usage": True, "x": 1}, "stop": None, "seed": None, "temperature": None,
        "max_tokens": None, "user": "u", "reasoning_effort": "low", "x_unknown": {"a": [1, None]},
    }  # fmt: skip
    messages = [
        {"role": "developer", "content": [{"type": "text", "text": "Sei kurz."}], "name": "n"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Was?"}, {"type": "image_url", "image_url": {"url": "u"}}],
        },
        {"role": "assistant", "content": None, "refusal": None, "tool_calls": [{"id": "1", "type": "function"}]},
        {"role": "tool", "tool_call_id": "1", "content": "{}"},
    ]
    choice = {"index": 0, "message": {"role": "assistant", "content": "Ja"}, "finish_reason": "stop", "x": [None]}
    body = {"model": "engine", "messages": messages, "dragoman": {"expected_language": "de"}, **wishes}
    async with front("openai") as gateway:
        response = await gateway.ask("/v1/chat/completions", body, Answer(json.dumps({"choices": [choice]}).encode()))
        sent = json.loads(gateway.engine.requests[0][2])
    assert response.status_code == 200
    assert sent == {"model": "engine", "messages": messages, "stream": False, **wishes}
    assert response.json()["choices"] == [choice]
    assert response.json()["diagnostics"]["expected_language"]["origin"] == "declared"


CALL = {"index": 0, "id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}


@pytest.mark.parametrize("reason", ["tool_calls", "stop"])  # TGI says stop
@pytest.mark.parametrize("stream", [True, False])
async def test_a_reply_that_is_only_tool_calls_is_not_judged_as_an_empty_one(reason: str, stream: bool) -> None:
    if stream:
        called = {"index": 0, "delta": {"role": "assistant", "content": None, "tool_calls": [CALL]}}
        ended = {"index": 0, "delta": {"content": ""}, "finish_reason": reason}
        answer = streamed({"choices": [called]}, {"choices": [ended]})
    else:
        message = {"role": "assistant", "content": None, "tool_calls": [CALL]}
        answer = Answer(json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": reason}]}).encode())
    async with front("openai") as gateway:
        response = await gateway.ask("/v1/chat/completions", chat(stream), answer)
    if stream:
        diagnosis = check_stream(response.content, answer.body)
    else:
        received, diagnosis = without_diagnosis(response.content)
        assert received == answer.body
    assert diagnosis["language"]["verdict"] == "abstain"
    assert [each["verdict"] for each in diagnosis["modifiers"]] == ["abstain"]
    assert diagnosis["expected_language"]["tag"] == "de"


async def test_an_empty_reply_is_judged() -> None:
    choice = {"index": 0, "message": {"content": "", "tool_calls": []}, "finish_reason": "stop"}
    async with front("openai") as gateway:
        answer = Answer(json.dumps({"choices": [choice]}).encode())
        diagnosis = (await gateway.ask("/v1/chat/completions", chat(), answer)).json()["diagnostics"]
    assert [each["verdict"] for each in diagnosis["modifiers"]] == ["fail"]


@pytest.mark.parametrize(
    "pieces", [["Antworte mit Ja.Ja,", " gern"], ["Antw", "orte mit Ja.", "Ja, gern"], ["Ja, gern"]]
)
@pytest.mark.parametrize("stream", [True, False])
async def test_an_echoed_prompt_is_no_reply(pieces: list[str], stream: bool) -> None:
    prompt = {"model": "engine", "prompt": ["Antworte mit Ja.", "x"], "echo": True, "stream": stream}
    ends = [{"index": at, "text": "", "finish_reason": "stop"} for at in (0, 1)]
    if stream:
        answer = streamed(*({"choices": [{"index": 0, "text": piece}]} for piece in pieces), {"choices": ends})
    else:
        ends[0]["text"] = "".join(pieces)
        answer = Answer(json.dumps({"choices": ends}).encode())
    prompt["dragoman"] = {
        "modifiers": [{"name": "characters", "arguments": {"num_characters": 8, "relation": "exactly"}}]
    }
    async with front("openai") as gateway:
        response = await gateway.ask("/v1/completions", prompt, answer)
    received = check_stream(response.content, answer.body) if stream else response.json()["diagnostics"]
    assert [each["verdict"] for each in received["modifiers"]] == ["pass"], received


async def test_tokens_cannot_be_read_and_are_passed_on() -> None:
    answer = Answer(b'{"choices":[{"index":0,"text":"Ja","finish_reason":"stop"}]}')
    async with front("openai") as gateway:
        for prompt in ([1, 2, 3], [[1, 2], [3]]):
            response = await gateway.ask("/v1/completions", {"model": "engine", "prompt": prompt}, answer)
            assert json.loads(gateway.engine.requests[-1][2])["prompt"] == prompt
            diagnosis = response.json()["diagnostics"]
            assert (diagnosis["language"], diagnosis["expected_language"], diagnosis["modifiers"]) == (None, None, [])


async def test_a_generation_is_translated_for_other_engines() -> None:
    parameters = {
        "max_new_tokens": 7, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "seed": 3, "stop": ["x"], "details": True,
        "frequency_penalty": 0.1, "do_sample": True, "best_of": 1, "watermark": False, "truncate": None,
    }  # fmt: skip
    usage = {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}}
    answer = streamed(
        {"choices": [{"index": 0, "text": "Ja"}]},
        {"choices": [{"index": 0, "text": "!", "finish_reason": "length"}]},
        usage,
    )
    async with front("openai") as gateway:
        response = await gateway.ask("/generate_stream", {"inputs": "Sag Ja", "parameters": parameters}, answer)
        _, path, sent = gateway.engine.requests[0]
        greedy = await gateway.ask(
            "/generate", {"inputs": "Sag Ja"}, Answer(b'{"choices":[{"text":"Ja","finish_reason":"stop"}]}')
        )
        bare = json.loads(gateway.engine.requests[1][2])
    assert path == "/v1/completions"
    assert json.loads(sent) == {
        "model": "engine", "prompt": "Sag Ja", "stream": True, "max_tokens": 7, "temperature": 0.5, "top_p": 0.9,
        "top_k": 4, "seed": 3, "stop": ["x"], "frequency_penalty": 0.1, "stream_options": {"include_usage": True},
    }  # fmt: skip
    assert bare == {"model": "engine", "prompt": "Sag Ja", "stream": False, "max_tokens": None, "temperature": 0.0}
    first, last = (json.loads(each) for each in events(response.content))
    assert (first["index"], first["token"]["text"], first["generated_text"], first["details"]) == (1, "Ja", None, None)
    assert (last["index"], last["token"]["text"], last["generated_text"]) == (2, "!", "Ja!")
    assert last["details"] == {"finish_reason": "length", "generated_tokens": 2, "input_length": 5, "seed": 3}
    assert last["diagnostics"]["complete"] is False
    assert greedy.json()["generated_text"] == "Ja"
    assert "details" not in greedy.json()


@pytest.mark.parametrize(
    "parameters",
    [{"best_of": 2}, {"truncate": 5}, {"watermark": True}, {"adapter_id": "a"}, {"decoder_input_details": True},
     {"top_n_tokens": 2}, {"grammar": {"type": "regex", "value": "a"}}, {"typical_p": 0.5},
     {"repetition_penalty": 1.1}],
)  # fmt: skip
async def test_what_only_tgi_can_do_is_refused_for_other_engines(parameters: dict[str, object]) -> None:
    async with front("openai") as gateway:
        response = await gateway.ask("/generate", {"inputs": "x", "parameters": parameters}, Answer(b"{}"))
        assert gateway.engine.requests == []
    assert response.status_code == 422
    assert response.json()["error_type"] == "validation"
    assert f"parameters.{next(iter(parameters))}" in response.json()["error"]


def test_the_two_requests_of_tgi_differ_in_name_only() -> None:
    assert CompatGenerateRequest.__struct_fields__ == GenerateRequest.__struct_fields__
