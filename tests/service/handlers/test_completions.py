"""Completions through the official client, against a running gateway with a scripted engine."""

from __future__ import annotations

import json

import httpx
import openai
import pytest

from tests.gateways import Served, scripted, serving

GERMAN = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine."
ENGLISH = "The capital of France is called Paris and lies on the river Seine."
PROMPT = "Was ist die Hauptstadt von Frankreich?"


def client(served: Served) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0)


async def test_the_official_client_gets_the_reply_and_the_verdict() -> None:
    async with serving(scripted(GERMAN, ENGLISH)) as served, client(served) as api:
        right = await api.completions.with_raw_response.create(model="script", prompt=PROMPT)
        wrong = await api.completions.create(model="script", prompt=[PROMPT])
    reply = right.parse()
    assert (reply.object, reply.model, reply.choices[0].text) == ("text_completion", "script", GERMAN)
    assert (reply.choices[0].finish_reason, reply.choices[0].index, reply.choices[0].logprobs) == ("stop", 0, None)
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    assert reply.id == right.headers["dragoman-inference-id"] == reply.diagnostics["id"]
    assert reply.diagnostics["language"]["verdict"] == right.headers["dragoman-language"] == "pass"
    assert (wrong.diagnostics["language"]["verdict"], wrong.diagnostics["language"]["detected"]) == ("fail", "en")


@pytest.mark.parametrize("piece", [1, 7, 1000])
@pytest.mark.parametrize("include_usage", [True, False])
async def test_a_stream_gives_the_same_and_its_last_event_the_verdict(piece: int, include_usage: bool) -> None:
    async with serving(scripted(ENGLISH, piece=piece)) as served, client(served) as api:
        stream = await api.completions.create(
            model="script", prompt=PROMPT, stream=True, stream_options={"include_usage": include_usage}
        )
        chunks = [chunk async for chunk in stream]
        whole = await api.completions.create(model="script", prompt=PROMPT)
    *before, last = chunks
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices) == ENGLISH
    assert {(chunk.object, chunk.id, chunk.model) for chunk in chunks} == {("text_completion", last.id, "script")}
    assert all(not hasattr(chunk, "diagnostics") for chunk in before)
    assert last.diagnostics["language"] == whole.diagnostics["language"]
    assert [choice.finish_reason for chunk in chunks for choice in chunk.choices][-1] == "stop"
    if include_usage:
        assert last.choices == []
        assert last.usage is not None
    assert all(chunk.usage is None for chunk in (before if include_usage else chunks))


async def test_the_prompt_is_read_as_an_instruction_and_what_is_declared_wins() -> None:
    asked = "What is the capital of France? Answer in German, as a bulleted list."
    options = {"dragoman": {"expected_language": "en"}}
    bullets = "- Paris ist die Hauptstadt\n- Die Stadt liegt an der Seine"
    async with serving(scripted(bullets)) as served, client(served) as api:
        read = (await api.completions.create(model="script", prompt=asked)).diagnostics
        told = (await api.completions.create(model="script", prompt=asked, extra_body=options)).diagnostics
    assert (read["expected_language"]["tag"], read["expected_language"]["origin"]) == ("de", "requested")
    assert [(each["name"], each["verdict"]) for each in read["modifiers"]] == [("bullets", "pass")]
    assert (told["expected_language"]["origin"], told["language"]["verdict"]) == ("declared", "fail")


@pytest.mark.parametrize(
    ("body", "status", "param", "words"),
    [
        ({"prompt": "x"}, 400, "model", "missing required field"),
        ({"model": "script"}, 400, "prompt", "missing required field"),
        ({"model": "script", "prompt": []}, 400, "prompt", "length >= 1"),
        ({"model": "script", "prompt": 5}, 400, "prompt", "got `int`"),
        ({"model": "script", "prompt": "x", "n": 0}, 400, "n", ">= 1"),
        ({"model": "nobody", "prompt": "x"}, 404, "model", "there are: script"),
        ({"model": "script", "prompt": "x", "dragoman": {"expected_language": "zh-Hnat"}}, 422,
         "dragoman.expected_language", "no language tag"),
    ],
)  # fmt: skip
async def test_mistakes_are_answered_with_what_was_wrong_and_where(
    body: object, status: int, param: str, words: str
) -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post("/v1/completions", content=json.dumps(body).encode())
    error = response.json()["error"]
    assert (response.status_code, error["type"], error["param"]) == (status, "invalid_request_error", param)
    assert words in error["message"]


@pytest.mark.parametrize("stream", [False, True])
async def test_an_engine_that_fails_at_once_is_a_status_before_any_byte(stream: bool) -> None:
    async with serving(scripted(fault="overloaded")) as served, client(served) as api:
        with pytest.raises(openai.RateLimitError):
            await api.completions.create(model="script", prompt=PROMPT, stream=stream)


async def test_an_engine_that_breaks_in_the_middle_ends_the_stream_with_an_error() -> None:
    async with serving(scripted(ENGLISH, fault="broken", fault_after=3)) as served, client(served) as api:
        stream = await api.completions.create(model="script", prompt=PROMPT, stream=True)
        with pytest.raises(openai.APIError, match="the script says: broken"):
            _ = [chunk async for chunk in stream]
