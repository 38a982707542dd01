"""Engines of other projects over our own checkpoint, behind the gateway: transformers' own server, and vLLM if it is
there."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator

import httpx
import openai
import pytest
import pytest_asyncio
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import ValidationError

from service.checkpoints import path
from tests.gateways import Served, serving, settings
from tests.lacking import lack

DIRECTORY = str(path("multilingual"))
START_SECONDS = 180

QUESTION = "Quelle est la capitale du Japon ? Réponds en allemand."
PROMPT = f"<|user|>{QUESTION}<|end|><|assistant|>"

pytestmark = pytest.mark.asyncio(loop_scope="module")


def transformers(port: int) -> list[str]:
    if importlib.util.find_spec("fastapi") is None:
        lack("transformers serve is not installed: pip install 'transformers[serving]'")
    return [
        sys.executable,
        "-m",
        "transformers.cli.transformers",
        "serve",
        DIRECTORY,
        "--device",
        "cpu",
        "--port",
        str(port),
    ]


def vllm(port: int) -> list[str]:
    if shutil.which("vllm") is None:
        pytest.skip("vLLM is not installed")
    wishes = ["--dtype", "float32", "--enforce-eager", "--max-model-len", "512", "--max-num-seqs", "4"]
    return ["vllm", "serve", DIRECTORY, "--port", str(port), *wishes]


@pytest.fixture(scope="module", params=[transformers, vllm], ids=["transformers", "vllm"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its URL, once it is up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = request.param(port)
    log = tmp_path_factory.mktemp("engine") / "log"
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "VLLM_CPU_KVCACHE_SPACE": "1", "VLLM_NO_USAGE_STATS": "1"}
    with log.open("wb") as output, subprocess.Popen(command, stdout=output, stderr=output, env=environment) as process:
        try:
            url = f"http://127.0.0.1:{port}"
            assert asyncio.run(up(url, process)), log.read_text(errors="replace")[-2000:]
            yield url
        finally:
            process.terminate()


async def up(url: str, process: subprocess.Popen[bytes]) -> bool:
    async with httpx.AsyncClient() as http, asyncio.timeout(START_SECONDS):
        while process.poll() is None:
            try:
                if (await http.get(f"{url}/health")).status_code == 200:
                    return True
            except httpx.TransportError:
                await asyncio.sleep(0.2)
    return False


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def served(engine: str) -> AsyncGenerator[Served, None]:
    async with serving(settings({"real": {"backend": "openai", "url": engine, "model": DIRECTORY}})) as running:
        yield running


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)


def client(served: Served) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0)


async def test_it_is_ready(served: Served) -> None:
    async with httpx.AsyncClient(base_url=served.url) as http:
        assert (await http.get("/ready")).json() == {"ready": True, "checkpoints": {"real": "ready"}}


async def test_chats(served: Served) -> None:
    wishes = {"model": "real", "messages": [{"role": "user", "content": QUESTION}], "temperature": 0, "max_tokens": 60}
    async with client(served) as api:
        whole = await api.chat.completions.create(**wishes)
        chunks = [chunk async for chunk in await api.chat.completions.create(**wishes, stream=True)]
    text = whole.choices[0].message.content
    assert "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices) == text
    assert whole.usage is not None
    assert whole.usage.completion_tokens > 3
    for diagnosis in (whole.diagnostics, chunks[-1].diagnostics):
        assert diagnosis["expected_language"]["tag"] == "de"
        assert diagnosis["language"]["verdict"] == "pass", text
        assert diagnosis["complete"] is True


async def test_completions(served: Served) -> None:
    wishes = {"model": "real", "prompt": PROMPT, "temperature": 0, "max_tokens": 60}
    async with client(served) as api:
        whole = await api.completions.create(**wishes)
        chunks = [chunk async for chunk in await api.completions.create(**wishes, stream=True)]
    assert "".join(choice.text for chunk in chunks for choice in chunk.choices) == whole.choices[0].text
    for diagnosis in (whole.diagnostics, chunks[-1].diagnostics):
        assert (diagnosis["expected_language"]["tag"], diagnosis["language"]["verdict"]) == ("de", "pass")


async def test_tgis_generation(served: Served) -> None:
    async with client(served) as api, AsyncInferenceClient(base_url=f"{served.url}/models/real") as hub:
        same = await api.completions.create(model="real", prompt=PROMPT, temperature=0, max_tokens=200)
        greedy = await hub.text_generation(PROMPT, details=True)
        short = await hub.text_generation(PROMPT, details=True, max_new_tokens=4, return_full_text=True)
        stream = await hub.text_generation(PROMPT, stream=True, details=True)
        events = [event async for event in stream]
        with pytest.raises(ValidationError, match="repetition_penalty"):
            await hub.text_generation(PROMPT, repetition_penalty=1.2)
    assert greedy.generated_text == events[-1].generated_text == same.choices[0].text
    assert "".join(event.token.text for event in events) == greedy.generated_text
    assert (greedy.details.finish_reason, short.details.finish_reason) == ("eos_token", "length")
    assert greedy.details.generated_tokens == events[-1].details.generated_tokens == same.usage.completion_tokens
    assert events[-1].details.input_length == same.usage.prompt_tokens
    assert short.generated_text.startswith(PROMPT)
    assert events[-1].diagnostics["language"]["verdict"] == "pass"


async def test_what_it_refuses_is_refused(engine: str) -> None:
    unknown = settings({"real": {"backend": "openai", "url": engine, "model": "of-another-name"}})
    async with serving(unknown) as served, client(served) as api:
        with pytest.raises(openai.APIStatusError, match="of-another-name") as caught:
            await api.chat.completions.create(model="real", messages=[{"role": "user", "content": "Hi"}], stream=True)
    assert caught.value.status_code in (400, 404)
