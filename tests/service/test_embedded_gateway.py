"""The main job with the real thing: the shipped checkpoints behind the gateway, through the official client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import httpx
import openai
import pytest
import pytest_asyncio
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import ValidationError

from service.config import load
from tests.gateways import Served, serving

QUESTIONS = {
    "de": "Was ist die Hauptstadt von Japan?",
    "fr": "Quelle est la capitale du Japon ?",
    "en": "What is the capital of Japan?",
    "ru": "Какой город является столицей Японии?",
}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served() -> AsyncGenerator[Served, None]:
    async with serving(load(None, environment={})) as running:
        yield running


def client(served: Served) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0)


@pytest.mark.parametrize("tag", QUESTIONS)
async def test_the_multilingual_checkpoint_answers_in_the_instruction_s_language(served: Served, tag: str) -> None:
    async with client(served) as api:
        messages = [{"role": "user", "content": QUESTIONS[tag]}]
        reply = await api.chat.completions.create(model="multilingual", messages=messages)
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage is not None
    assert reply.usage.completion_tokens > 3
    assert reply.diagnostics["expected_language"]["tag"] == tag
    assert reply.diagnostics["language"]["verdict"] == "pass", reply.choices[0].message.content


async def test_the_english_checkpoint_is_caught(served: Served) -> None:
    async with client(served) as api:
        messages = [{"role": "user", "content": QUESTIONS["de"]}]
        reply = await api.chat.completions.create(model="english", messages=messages)
    language = reply.diagnostics["language"]
    assert (language["verdict"], language["detected"]) == ("fail", "en"), reply.choices[0].message.content


async def test_a_stream_says_the_same_as_a_whole_reply(served: Served) -> None:
    messages = [{"role": "user", "content": QUESTIONS["fr"] + " Réponds en allemand."}]
    async with client(served) as api:
        whole = await api.chat.completions.create(model="multilingual", messages=messages)
        stream = await api.chat.completions.create(
            model="multilingual", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        chunks = [chunk async for chunk in stream]
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    assert chunks[-1].diagnostics["language"] == whole.diagnostics["language"]
    assert whole.diagnostics["expected_language"]["tag"] == "de"


async def test_a_prompt_that_does_not_fit_is_refused_with_the_numbers(served: Served) -> None:
    async with client(served) as api:
        with pytest.raises(openai.BadRequestError) as caught:
            await api.chat.completions.create(
                model="multilingual", messages=[{"role": "user", "content": "Warum ist der Himmel blau? " * 400}]
            )
    assert caught.value.code == "context_length_exceeded"
    assert "512" in str(caught.value) or "511" in str(caught.value)


async def test_what_the_engine_cannot_do_is_refused_by_name(served: Served) -> None:
    async with client(served) as api:
        with pytest.raises(openai.BadRequestError) as caught:
            await api.chat.completions.create(
                model="multilingual", messages=[{"role": "user", "content": "Hallo"}], n=2
            )
    assert caught.value.param == "n"


async def test_a_client_that_hangs_up_frees_its_place(served: Served) -> None:
    body = {"model": "multilingual", "stream": True, "messages": [{"role": "user", "content": QUESTIONS["de"]}]}
    async with httpx.AsyncClient(base_url=served.url) as http:
        async with http.stream("POST", "/v1/chat/completions", json=body) as response:
            await anext(response.aiter_bytes())
        async with asyncio.timeout(5):
            while 'outcome="cancelled"' not in (await http.get("/metrics")).text:
                await asyncio.sleep(0.05)


async def test_the_demonstration_s_model_uses_both_arms(served: Served) -> None:
    async with client(served) as api:
        replies = await asyncio.gather(
            *(
                api.chat.completions.with_raw_response.create(
                    model="demo", messages=[{"role": "user", "content": QUESTIONS["fr"]}]
                )
                for _ in range(24)
            )
        )
    assert {reply.headers["dragoman-arm"] for reply in replies} == {"stable", "canary"}
    assert {(reply.headers["dragoman-checkpoint"], reply.headers["dragoman-language"]) for reply in replies} == {
        ("multilingual", "pass"),
        ("english", "fail"),
    }


async def test_a_bare_prompt_is_answered_as_a_turn_and_a_written_one_as_it_is(served: Served) -> None:
    question = QUESTIONS["fr"]
    async with client(served) as api:
        chat = await api.chat.completions.create(
            model="multilingual", messages=[{"role": "user", "content": question}], temperature=0
        )
        bare = await api.completions.create(model="multilingual", prompt=question, temperature=0)
        written = await api.completions.create(
            model="multilingual", prompt=f"<|user|>{question}<|end|><|assistant|>", temperature=0
        )
        begun = await api.completions.create(
            model="multilingual", prompt=f"<|user|>{question}<|end|><|assistant|>La capitale", temperature=0
        )
    assert bare.choices[0].text == written.choices[0].text == chat.choices[0].message.content
    assert bare.usage == written.usage == chat.usage
    assert begun.choices[0].text == chat.choices[0].message.content.removeprefix("La capitale")
    for reply in (bare, written):
        assert reply.diagnostics["language"]["verdict"] == "pass"


@pytest.mark.parametrize(
    ("wish", "param"),
    [({"prompt": ["a", "b"]}, "prompt"), ({"prompt": [1, 2]}, "prompt"), ({"prompt": "Warum? " * 400}, "prompt"),
     ({"echo": True}, "echo"), ({"suffix": "x"}, "suffix"), ({"logprobs": 2}, "logprobs"), ({"best_of": 2}, "n"),
     ({"max_tokens": 0}, "max_tokens")],
)  # fmt: skip
async def test_what_the_engine_cannot_do_for_a_completion(served: Served, wish: dict[str, object], param: str) -> None:
    async with client(served) as api:
        with pytest.raises(openai.BadRequestError) as caught:
            await api.completions.create(**{"model": "multilingual", "prompt": "Hallo", **wish})
    assert caught.value.param == param


async def test_tgis_clients_are_served_too(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    question = QUESTIONS["de"]
    async with AsyncInferenceClient(base_url=f"{served.url}/models/multilingual") as api:
        whole = await api.text_generation(question, details=True)
        events = [event async for event in await api.text_generation(question, stream=True, details=True)]
        drawn = {
            await api.text_generation(question, do_sample=True, temperature=5.0, seed=seed, max_new_tokens=20)
            for seed in (1, 2, 3)
        }
        likeliest = await api.text_generation(question, do_sample=True, temperature=5.0, top_k=1)
        with pytest.raises(ValidationError, match=r"the embedded engine cannot honour parameters\.frequency_penalty"):
            await api.text_generation(question, frequency_penalty=0.5)
        with pytest.raises(ValidationError, match="512"):
            await api.text_generation(question * 400)
    assert whole.generated_text == events[-1].generated_text == likeliest
    assert "".join(event.token.text for event in events) == whole.generated_text
    assert (whole.details.finish_reason, events[-1].details.finish_reason) == ("eos_token", "eos_token")
    assert whole.details.generated_tokens == events[-1].details.generated_tokens > 3
    assert events[-1].details.input_length > 5
    assert events[-1].diagnostics["language"]["verdict"] == "pass"
    assert len(drawn) == 3
