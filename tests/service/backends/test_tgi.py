"""The backend against recorded TGI traffic. No TGI was run: what it sends is replayed from a server on loopback."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from service.backends.base import Askable, Chunk, Prompt
from service.backends.openai import OpenAIBackend
from service.backends.tgi import TGIBackend
from service.config import OpenAICheckpoint, Retries, TGICheckpoint
from service.errors import (
    BackendBroken,
    BackendError,
    BackendIncomplete,
    BackendOverloaded,
    BackendRejected,
    BackendUnavailable,
)
from service.schema import ChatRequest, CompatGenerateRequest, CompletionRequest, GenerateRequest, Usage
from tests.replay import AWKWARD, WIRE, Answer, Engine, answer_of, events, records, replaying

KEY = "hf-secret-key"
STREAM = "text/event-stream"

needs_recordings = pytest.mark.skipif(not WIRE.is_dir(), reason="recorded wire data is not here")


def as_prompt(body: bytes, kind: type[Any] = GenerateRequest) -> Prompt:
    request = msgspec.json.decode(body, type=kind)
    return Prompt("id", request, body)


def generation(stream: bool = True, kind: type[Any] = GenerateRequest, **parameters: object) -> Prompt:
    body = {"inputs": "Say a", "stream": stream, "parameters": parameters}
    return as_prompt(json.dumps(body).encode(), kind)


@asynccontextmanager
async def backend_of(engine: Engine, *adapter: str) -> AsyncGenerator[TGIBackend, None]:
    model = adapter[0] if adapter else None
    backend = TGIBackend("test", TGICheckpoint(engine.url, model=model, retries=Retries(limit=0)), KEY)
    try:
        yield backend
    finally:
        await backend.aclose()


async def replies(answer: Answer, prompt: Prompt) -> list[Chunk]:
    async with replaying(answer) as engine, backend_of(engine) as backend:
        return [chunk async for chunk in backend.stream(prompt)]


def token(text: str, special: bool = False, **rest: object) -> dict[str, object]:
    shown = {"id": 5, "text": text, "logprob": -0.1, "special": special}
    return {"index": 1, "token": shown, "generated_text": None, "details": None, **rest}


def stream_of(*each: object) -> Answer:
    return Answer(b"".join(b"data:%b\n\n" % json.dumps(event).encode() for event in each), kind=STREAM)


# The request


@pytest.mark.parametrize(
    ("stream", "kind", "path"),
    [
        (False, GenerateRequest, "/generate"),
        (True, GenerateRequest, "/generate_stream"),
        (False, CompatGenerateRequest, "/"),
        (True, CompatGenerateRequest, "/"),
    ],
)
async def test_the_request_is_the_callers(stream: bool, kind: type[Any], path: str) -> None:
    body = (
        b'{ "inputs":"\\u00e9 \xc3\xa9", "model":"asked-for", "dragoman":{"expected_language":"fr"}, "x":[1.50, null],'
        b' "parameters":{"temperature":0.70,"watermark":true,"grammar":{"type":"regex","value":"a+"},"new":1},'
        b' "stream":%b }' % json.dumps(stream).encode()
    )
    answer = stream_of(token("a", generated_text="a")) if stream else Answer(b'{"generated_text":"a"}')
    async with replaying(answer) as engine, backend_of(engine) as backend:
        assert [chunk.text async for chunk in backend.stream(as_prompt(body, kind))] == ["a"]
    ((method, asked, sent),) = engine.requests
    assert (method, asked) == ("POST", path)
    assert set(json.loads(sent)) == {"inputs", "parameters", "stream", "x"}
    assert b'{"temperature":0.70,"watermark":true,"grammar":{"type":"regex","value":"a+"},"new":1}' in sent
    assert b'"\\u00e9 \xc3\xa9"' in sent
    assert b"[1.50, null]" in sent


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [(b"", "german"), (b',"parameters":null', "german"), (b',"parameters":{"adapter_id":null,"seed":5}', "german"),
     (b',"parameters":{"adapter_id":"mine"}', "mine")],
)  # fmt: skip
async def test_a_checkpoint_may_be_an_adapter(parameters: bytes, expected: str) -> None:
    body = b'{"inputs":"Say a"' + parameters + b"}"
    async with replaying(Answer(b'{"generated_text":"a"}')) as engine, backend_of(engine, "german") as backend:
        assert [chunk.text async for chunk in backend.stream(as_prompt(body))] == ["a"]
    sent = json.loads(engine.requests[0][2])
    assert sent["parameters"]["adapter_id"] == expected
    assert b"seed" not in parameters or sent["parameters"]["seed"] == 5


@pytest.mark.parametrize(
    ("kind", "body", "path"),
    [
        (ChatRequest, b'{"model":"m","messages":[{"role":"user","content":"Hi"}]}', "/v1/chat/completions"),
        (CompletionRequest, b'{"model":"m","prompt":"Hi"}', "/v1/completions"),
    ],
)
async def test_chats_and_completions_take_openais_way(kind: type[Any], body: bytes, path: str) -> None:
    choice = {"index": 0, "text": "a", "message": {"content": "a"}, "finish_reason": "eos_token"}
    if kind is CompletionRequest:
        del choice["message"]
    answer = Answer(json.dumps({"choices": [choice]}).encode())
    async with replaying(answer) as engine, backend_of(engine) as backend:
        chunks = [chunk async for chunk in backend.stream(as_prompt(body, kind))]
    assert [(chunk.text, chunk.finish_reason) for chunk in chunks] == [("a", "stop")]
    assert engine.requests[0][1] == path
    assert json.loads(engine.requests[0][2])["model"] == "tgi"  # any other name is an adapter's


# Streams


@needs_recordings
@pytest.mark.parametrize("sizes", [(1,), AWKWARD, (100_000,)], ids=["bytes", "odd", "whole"])
async def test_recorded_streams(sizes: tuple[int, ...]) -> None:
    seen = {"reply": 0, "error": 0, "data:{": 0, "data: {": 0}
    for name, record in records("flan-t5-xxl", "12b-epoch-3.5", "Llama-2-7b-hf", "Llama-3.2-3B"):
        answer = msgspec.structs.replace(answer_of(record), sizes=sizes)
        prompt = as_prompt(record["request_body"].encode(), CompatGenerateRequest)
        datas = events(answer.body)
        seen[record["body"].partition("{")[0] + "{"] += 1
        if "error" in json.loads(datas[0]):
            seen["error"] += 1
            with pytest.raises(BackendRejected, match="422: Input validation error"):
                await replies(answer, prompt)
            continue
        seen["reply"] += 1
        chunks = await replies(answer, prompt)
        assert [chunk.data for chunk in chunks] == datas, name
        assert [chunk.finish_reason for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
        last = json.loads(datas[-1])
        text = "".join(chunk.text for chunk in chunks)
        assert text.strip() == last["generated_text"].removeprefix(prompt.request.inputs).strip()
        assert chunks[-1].finish_reason == ("stop" if last["token"]["special"] else "length"), name
        assert chunks[-1].usage == Usage(0, len(datas), len(datas))
    assert seen == {"reply": 3, "error": 3, "data:{": 4, "data: {": 2}


@pytest.mark.parametrize(
    ("last", "parameters", "reason", "text"),
    [
        (token("b"), {}, "length", "ab"),
        (token("</s>", special=True), {}, "stop", "a"),
        (token("b"), {"stop": ["x", "ab"]}, "stop", "ab"),
        (token("b", details={"finish_reason": "eos_token"}), {}, "stop", "ab"),
        (token("b", details={"finish_reason": "stop_sequence"}), {}, "stop", "ab"),
        (token("</s>", special=True, details={"finish_reason": "length"}), {}, "length", "a"),
        (token("b", details={"finish_reason": "of a later TGI"}), {}, "length", "ab"),
    ],
)
async def test_why_a_stream_ended(
    last: dict[str, object], parameters: dict[str, object], reason: str, text: str
) -> None:
    last["generated_text"] = text
    chunks = await replies(stream_of(token("a"), last), generation(**parameters))
    assert "".join(chunk.text for chunk in chunks) == text
    assert [chunk.finish_reason for chunk in chunks] == [None, reason]


async def test_details_count_tokens() -> None:
    details = {"finish_reason": "length", "generated_tokens": 9, "input_length": 4, "seed": None}
    (chunk,) = await replies(stream_of(token("a", generated_text="a", details=details)), generation())
    assert chunk.usage == Usage(4, 9, 13)


async def test_keepalives_and_nulls() -> None:
    bare = {"token": {"id": 1, "text": "a", "logprob": None, "special": False}}
    answer = stream_of(bare, {"token": None, "generated_text": ""})
    kept = msgspec.structs.replace(answer, body=b":\n\n" + answer.body.replace(b"\n\n", b"\n\n:\n\n", 1))
    chunks = await replies(kept, generation())
    assert [chunk.text for chunk in chunks] == ["a", ""]


async def test_what_follows_the_end_is_not_read() -> None:
    answer = stream_of(token("a", generated_text="a"), {"error": "no", "error_type": "generation"})
    assert [chunk.text for chunk in await replies(answer, generation())] == ["a"]


@pytest.mark.parametrize(
    ("body", "kind", "before"),
    [
        (b"", BackendIncomplete, 0),
        (b":\n\n:\n\n", BackendIncomplete, 0),
        (stream_of(token("a")).body, BackendIncomplete, 1),
        (stream_of(token("a"), token("b", generated_text="ab")).body[:-2], BackendIncomplete, 1),
        (stream_of(token("a")).body + b"data: [DONE]\n\n", BackendBroken, 1),
        (stream_of(token("a")).body + b"data: {broken\n\n", BackendBroken, 1),
        (b'data: {"token":{"text":"\xff"}}\n\n', BackendBroken, 0),
        (b'data: {"token":' + b"[" * 5000 + b"\n\n", BackendBroken, 0),
        (b'data: {"token":5}\n\n', BackendBroken, 0),
        (stream_of(token("a"), {"error": "no", "error_type": "generation"}).body, BackendBroken, 1),
        (stream_of({"error": "no", "error_type": "incomplete_generation"}).body, BackendIncomplete, 0),
        (stream_of(token("a"), {"error": "no", "error_type": "incomplete_generation_stream"}).body,
         BackendIncomplete, 1),
        (stream_of({"error": "no", "error_type": "overloaded"}).body, BackendOverloaded, 0),
        (stream_of({"error": "no", "error_type": "validation"}).body, BackendRejected, 0),
        (stream_of({"error": "no"}).body, BackendBroken, 0),
    ],
)  # fmt: skip
async def test_a_stream_that_goes_wrong(body: bytes, kind: type[BackendError], before: int) -> None:
    received = []
    async with replaying(Answer(body, kind=STREAM)) as engine, backend_of(engine) as backend:
        with pytest.raises(BackendError) as caught:  # noqa: PT012 (what came before it is kept)
            async for chunk in backend.stream(generation()):
                received.append(chunk)
    assert type(caught.value) is kind
    assert len(received) == before


# Whole answers


@needs_recordings
@pytest.mark.parametrize("kind", [GenerateRequest, CompatGenerateRequest])
async def test_recorded_answers(kind: type[Any]) -> None:
    """TGI's integration tests keep answers re-serialized; so they are bodies here, and no bytes of TGI's."""
    seen = 0
    async with replaying(Answer(b"")) as engine, backend_of(engine) as backend:
        for path in sorted((WIRE / "tgi" / "snapshots").glob("*.json")):
            answer = json.loads(path.read_bytes())
            if not isinstance(answer, dict) or "generated_text" not in answer:
                continue
            seen += 1
            body = json.dumps([answer] if kind is CompatGenerateRequest else answer).encode()
            engine.answer = Answer(body, sizes=(501,))
            (chunk,) = [chunk async for chunk in backend.stream(generation(stream=False, kind=kind))]
            details = answer["details"]
            assert chunk.data == body
            assert chunk.text == answer["generated_text"]
            assert chunk.finish_reason == ("length" if details["finish_reason"] == "length" else "stop"), path.name
            assert chunk.usage is not None
            assert chunk.usage.completion_tokens == details["generated_tokens"]
            assert chunk.usage.prompt_tokens == len(details["prefill"])
    assert seen > 90


@pytest.mark.parametrize(
    ("parameters", "tokens", "reason"),
    [
        ({}, 20, "stop"),
        ({"max_new_tokens": 20}, 20, "length"),
        ({"max_new_tokens": 21}, 20, "stop"),
        ({"max_new_tokens": 20, "stop": ["a"]}, 20, "stop"),
        ({"max_new_tokens": 20}, None, "stop"),
    ],
)
async def test_without_details_the_headers_tell(parameters: dict[str, object], tokens: int | None, reason: str) -> None:
    headers = () if tokens is None else ("x-prompt-tokens: 7", f"x-generated-tokens: {tokens}")
    answer = Answer(b' {"generated_text":"a"}\n', headers=headers)
    (chunk,) = await replies(answer, generation(stream=False, **parameters))
    usage = None if tokens is None else Usage(7, 20, 27)
    assert chunk == Chunk("a", reason, usage=usage, data=answer.body)


@pytest.mark.parametrize(
    ("kind", "parameters", "text"),
    [
        (GenerateRequest, {}, "Say aaa"),
        (GenerateRequest, {"return_full_text": True}, "aa"),
        (CompatGenerateRequest, {}, "aa"),
        (CompatGenerateRequest, {"return_full_text": False}, "Say aaa"),
    ],
)
async def test_a_prompt_that_is_returned_is_no_reply(kind: type[Any], parameters: dict[str, object], text: str) -> None:
    answer = Answer(b'{"generated_text":"Say aaa"}')
    (chunk,) = await replies(answer, generation(stream=False, kind=kind, **parameters))
    assert chunk.text == text


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"null", b'"a"', b"not json", b'[{"generated_text":"a"},{"generated_text":"b"}]',
             b'{"generated_text":null}', b'{"generated_text":5}', b"[" * 5000],
)  # fmt: skip
async def test_a_body_that_is_no_generation(body: bytes) -> None:
    with pytest.raises(BackendBroken):
        await replies(Answer(body), generation(stream=False))


# Errors


@pytest.mark.parametrize(
    ("status", "body", "kind", "message"),
    [
        (422, b'{"error":"`temperature` must be strictly positive","error_type":"validation"}', BackendRejected,
         "answered 422: `temperature` must be strictly positive"),
        (422, b"Failed to deserialize the JSON body into the target type", BackendRejected, "answered 422: Failed to"),
        (400, b"Failed to parse the request body as JSON", BackendRejected, "answered 400: Failed to parse"),
        (413, b"length limit exceeded", BackendRejected, "answered 413: length limit exceeded"),
        (424, b'{"error":"Request failed during generation","error_type":"generation"}', BackendBroken,
         "answered 424"),
        (429, b'{"error":"Model is overloaded","error_type":"overloaded"}', BackendOverloaded, "answered 429: Model"),
        (500, b'{"error":"Incomplete generation","error_type":"incomplete_generation"}', BackendIncomplete,
         "answered 500"),
        (503, b'{"error":"unhealthy","error_type":"healthcheck"}', BackendUnavailable, "answered 503"),
        (401, b"", BackendError, "refused the gateway's key"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("stream", [True, False])
async def test_an_error_answer(status: int, body: bytes, kind: type[BackendError], message: str, stream: bool) -> None:
    async with replaying(Answer(body, status, "text/plain")) as engine, backend_of(engine) as backend:
        with pytest.raises(BackendError) as caught:
            await anext(backend.stream(generation(stream)))
        with pytest.raises(BackendError) as other:
            await backend.ask("/tokenize", b"{}")
    assert type(caught.value) is type(other.value) is kind
    assert message in str(caught.value)
    assert KEY not in str(caught.value)


# What TGI answers besides


def test_a_bare_prompt_begins_alike_if_it_does() -> None:
    same, other = generation(), as_prompt(b'{"inputs":"Say b"}')
    assert same.prefix == generation(stream=False).prefix != other.prefix
    tokens = as_prompt(b'{"model":"m","prompt":[1,2]}', CompletionRequest)
    assert tokens.prefix is None  # else all of them would go to one replica


async def test_it_is_asked_what_only_tgi_knows() -> None:
    async with replaying(Answer(b'{"model_id":"m"}')) as engine, backend_of(engine) as backend:
        assert isinstance(backend, Askable)
        assert await backend.ask("/info") == b'{"model_id":"m"}'
        engine.answer = Answer(b'[{"id":1,"text":"a","start":0,"stop":1}]')
        assert await backend.ask("/tokenize", b'{"inputs":"a"}') == engine.answer.body
        assert engine.requests == [("GET", "/info", b""), ("POST", "/tokenize", b'{"inputs":"a"}')]
        plain = OpenAIBackend("m", OpenAICheckpoint(engine.url))
        assert not isinstance(plain, Askable)
        await plain.aclose()


@pytest.mark.parametrize(
    ("status", "paths", "kind"),
    [(200, ["/health"], None), (503, ["/health"], BackendUnavailable), (404, ["/health", "/info"], BackendRejected)],
)
async def test_check(status: int, paths: list[str], kind: type[BackendError] | None) -> None:
    async with replaying(Answer(b"", status)) as engine, backend_of(engine) as backend:
        if kind is None:
            await backend.check()
        else:
            with pytest.raises(kind):
                await backend.check()
    assert [path for _, path, _ in engine.requests] == paths
