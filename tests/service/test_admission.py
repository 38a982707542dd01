"""The door, as the official client meets it, at a running gateway."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import openai
import pytest

from service import auth
from service.auth import Scope
from service.commands.keys import create, revoke
from service.config import Settings, load
from tests.gateways import Served, serving, settings

QUESTION = [{"role": "user", "content": "Was ist die Hauptstadt von Frankreich?"}]
CHAT = "/v1/chat/completions"
BODY = {"model": "a", "messages": QUESTION}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "keys.json"
    create(file, "nobody", {"scopes": ["feedback"]})
    return file


def made(path: Path, name: str = "app", **wishes: object) -> str:
    return create(path, name, {"scopes": ["infer"], **wishes})[1]


def guarded(path: Path | None, delay: float = 0.0, **tables: object) -> Settings:
    script = {"backend": "scripted", "replies": ["Paris ist die Hauptstadt."], "delay": delay}
    keys = {} if path is None else {"auth": {"keys_file": str(path)}}
    return settings({"a": script, "b": script}, **keys, **tables)


def client(served: Served, key: str, retries: int = 0) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key=key, max_retries=retries)


async def ask(api: openai.AsyncOpenAI, model: str = "a", **more: object) -> object:
    return await api.chat.completions.create(model=model, messages=QUESTION, **more)


def sample(served: Served, name: str, **labels: str) -> float:
    return served.gateway.metrics.registry.get_sample_value(name, labels) or 0


async def test_without_keys_everybody_may_do_everything() -> None:
    async with serving(guarded(None)) as served, client(served, "none") as api:
        assert await ask(api)
        assert sample(served, "dragoman_client_requests_total", client="anyone", result="admitted") == 1


async def test_who_has_no_key_is_kept_out(path: Path) -> None:
    async with serving(guarded(path)) as served, client(served, "sk-wrong") as api:
        with pytest.raises(openai.AuthenticationError) as caught:
            await ask(api)
        with pytest.raises(openai.AuthenticationError):
            await api.models.list()
        rejected = sample(served, "dragoman_rejected_requests_total", code="invalid_api_key")
    assert caught.value.code == "invalid_api_key"
    assert caught.value.response.headers["www-authenticate"] == "Bearer"
    assert rejected == 1


async def test_a_key_lets_in_and_counts_by_its_name(path: Path) -> None:
    key = made(path, "app-1")
    async with serving(guarded(path)) as served, client(served, key) as api:
        assert await ask(api)
        assert sample(served, "dragoman_client_requests_total", client="app-1", result="admitted") == 1


async def test_scopes_and_models_that_a_key_lacks(path: Path) -> None:
    metrics, one = made(path, scopes=["metrics"]), made(path, models=["b"])
    async with serving(guarded(path)) as served, client(served, metrics) as scraper, client(served, one) as api:
        with pytest.raises(openai.PermissionDeniedError, match="'infer'"):
            await ask(scraper)
        with pytest.raises(openai.PermissionDeniedError, match="it may use: b") as caught:
            await ask(api)
        with pytest.raises(openai.PermissionDeniedError):
            await ask(api, "no such model")
        assert await ask(api, "b")
        assert [model.id async for model in api.models.list()] == ["b"]
        with pytest.raises(openai.NotFoundError, match="there are: b"):
            await api.models.retrieve("a")
    assert (caught.value.param, caught.value.code) == ("model", "permission_denied")


async def test_a_revoked_key_is_kept_out_of_a_running_gateway(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "WATCH_SECONDS", 0.05)
    entry, key = create(path, "app", {"scopes": ["infer"]})
    async with serving(guarded(path)) as served, client(served, key) as api:
        assert await ask(api)
        revoke(path, entry.id)
        await asyncio.sleep(0.5)
        with pytest.raises(openai.AuthenticationError, match="revoked"):
            await ask(api)


async def test_the_requests_of_a_minute(path: Path) -> None:
    key = made(path, requests_per_minute=2, tokens_per_minute=1000)
    async with serving(guarded(path)) as served, client(served, key) as api:
        first = await api.chat.completions.with_raw_response.create(model="a", messages=QUESTION)
        stream = await api.chat.completions.with_raw_response.create(model="a", messages=QUESTION, stream=True)
        with pytest.raises(openai.RateLimitError) as caught:
            await ask(api)
        assert sample(served, "dragoman_client_requests_total", client="app", result="requests") == 1
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert first.headers["x-ratelimit-reset-requests"] == "30s"
    assert first.headers["x-ratelimit-limit-tokens"] == "1000"
    assert stream.headers["x-ratelimit-remaining-requests"] == "0"
    assert (caught.value.code, caught.value.type) == ("rate_limit_exceeded", "requests")
    assert 0 < int(caught.value.response.headers["retry-after"]) <= 30
    assert caught.value.response.headers["x-ratelimit-remaining-requests"] == "0"


async def test_the_tokens_of_a_minute(path: Path) -> None:
    key = made(path, tokens_per_minute=1000)
    async with serving(guarded(path)) as served, client(served, key) as api:
        reply = await api.chat.completions.with_raw_response.create(model="a", messages=QUESTION, max_tokens=600)
        with pytest.raises(openai.RateLimitError, match="counts as 600") as caught:
            await ask(api, max_tokens=600)
        with pytest.raises(openai.RateLimitError, match="ask for fewer"):
            await ask(api, max_tokens=2000)
        assert await ask(api, max_tokens=5)
    assert reply.headers["x-ratelimit-remaining-tokens"] == "400"
    assert caught.value.type == "tokens"
    assert 0 < int(caught.value.response.headers["retry-after"]) <= 12


async def test_the_official_client_comes_back_when_it_is_told_to(path: Path) -> None:
    key = made(path, requests_per_minute=60)
    async with serving(guarded(path)) as served, client(served, key, retries=2) as api:
        mine = served.admission.enter([(b"authorization", f"Bearer {key}".encode())], Scope.INFER)
        for _ in range(60):
            await served.admission.charge(mine)
        assert await ask(api)
        assert sample(served, "dragoman_client_requests_total", client="app", result="requests") >= 1


async def test_judging_counts_as_a_request(path: Path) -> None:
    headers = {"authorization": f"Bearer {made(path, scopes=['diagnose'], requests_per_minute=1)}"}
    exchange = {"prompt": "Was ist Regen?", "response": "Regen ist Wasser, das aus den Wolken fällt."}
    async with serving(guarded(path)) as served, httpx.AsyncClient(base_url=served.url, headers=headers) as http:
        first, second = [await http.post("/v1/diagnose", json=exchange) for _ in range(2)]
        chat = await http.post(CHAT, json=BODY)
    assert (first.status_code, second.status_code, chat.status_code) == (200, 429, 403)
    assert int(second.headers["retry-after"]) >= 1


async def test_a_key_s_policy_for_wrong_replies(path: Path) -> None:
    key = made(path, on_mismatch="reject")
    english = {"backend": "scripted", "replies": ["The capital of France is called Paris and lies on the Seine."]}
    wrong = settings({"a": english}, auth={"keys_file": str(path)})
    async with serving(wrong) as served, client(served, key) as api:
        with pytest.raises(openai.APIStatusError) as caught:
            await ask(api)
    assert caught.value.status_code == 424


async def test_a_full_gateway_refuses_before_it_reads_and_takes_on_again_later() -> None:
    full = guarded(None, delay=0.05, limits={"max_in_flight": 1, "max_waiting": 1, "max_wait_seconds": 30})
    async with serving(full) as served, client(served, "none") as api:
        running = [asyncio.create_task(ask(api)) for _ in range(2)]
        async with asyncio.timeout(5):
            while not sample(served, "dragoman_requests_waiting", model=""):
                await asyncio.sleep(0.01)
        host, port = served.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(f"POST {CHAT} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n".encode())  # and no body
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
        writer.close()
        with pytest.raises(openai.InternalServerError) as caught:
            await ask(api)
        assert await asyncio.gather(*running)
        assert await ask(api)
        assert sample(served, "dragoman_shed_requests_total", reason="queue_full") == 2
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 30\r\n" in head
    assert (caught.value.status_code, caught.value.code) == (503, "overloaded")
    assert caught.value.response.headers["retry-after"] == "30"


async def test_who_waits_too_long_or_hangs_up_leaves_the_queue() -> None:
    full = guarded(None, delay=0.5, limits={"max_in_flight": 1, "max_wait_seconds": 1})
    async with serving(full) as served, client(served, "none") as api:
        stream = await api.chat.completions.create(model="a", messages=QUESTION, stream=True)
        gone = asyncio.create_task(ask(api))
        await asyncio.sleep(0.3)
        assert sample(served, "dragoman_requests_waiting", model="") == 1
        gone.cancel()
        async with asyncio.timeout(1):
            while sample(served, "dragoman_requests_waiting", model=""):
                await asyncio.sleep(0.01)
        with pytest.raises(openai.InternalServerError, match="no place came free in 1 s"):
            await ask(api)
        await stream.close()
        assert sample(served, "dragoman_requests_total", model="a", arm="stable", checkpoint="a", outcome="ok") == 0


async def test_a_model_has_a_limit_of_its_own() -> None:
    script = {"backend": "scripted", "replies": ["Paris ist die Hauptstadt."], "delay": 0.2}
    tables = {"limits": {"max_waiting": 0}, "checkpoints": {"a": script, "b": script}}
    models = {"a": {"stable": "a", "max_in_flight": 1}, "b": {"stable": "b"}}
    limited = load(None, environment={}, base={**tables, "models": models})
    async with serving(limited) as served, client(served, "none") as api:
        stream = await api.chat.completions.create(model="a", messages=QUESTION, stream=True)
        with pytest.raises(openai.InternalServerError) as caught:
            await ask(api)
        assert await ask(api, "b")
        await stream.close()
    assert caught.value.code == "overloaded"


async def test_once_it_shuts_down_it_begins_nothing_and_is_not_ready() -> None:
    async with serving(guarded(None)) as served, httpx.AsyncClient(base_url=served.url) as http:
        served.admission.draining = True
        chat, judged = await http.post(CHAT, json=BODY), await http.post("/v1/diagnose", json={"prompt": "x"})
        ready, health, metrics = [await http.get(each) for each in ("/ready", "/health", "/metrics")]
    for response in (chat, judged):
        assert (response.status_code, response.json()["error"]["code"]) == (503, "shutting_down")
        assert response.headers["retry-after"] == "1"
        assert response.headers["connection"] == "close"
    assert (ready.status_code, health.status_code, metrics.status_code) == (503, 200, 200)
    assert 'reason="shutting_down"} 2.0' in metrics.text


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"messages": QUESTION * 9}, 400, "9 messages; send at most 8 (limits.max_messages)"),
        ({"x": [[[[[[[[[[]]]]]]]]]]}, 400, "deeper than 8 levels (limits.max_nesting)"),
        ({"model": "m" * 129}, 400, "length <= 128"),
        ({"x": "y" * 5000}, 413, "server.max_body_bytes"),
    ],
)
async def test_limits_of_one_request_name_their_setting(change: dict[str, object], status: int, words: str) -> None:
    small = guarded(None, limits={"max_messages": 8, "max_nesting": 8}, server={"max_body_bytes": 4096})
    async with serving(small) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post(CHAT, json={**BODY, **change})
        assert (await http.post(CHAT, json={**BODY, "messages": QUESTION * 8})).status_code == 200
    assert response.status_code == status
    assert words in response.json()["error"]["message"]
