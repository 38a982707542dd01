from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Callable

import httpx
import pytest

from tests.gateways import scripted, serving, settings
from tests.service.upstream.replicas import replicas, says

COMPLETION = b'{"choices":[{"index":0,"message":{"role":"assistant","content":"Hallo!"},"finish_reason":"stop"}]}'
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(COMPLETION), COMPLETION)


async def test_health_and_readiness() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        assert (await http.get("/health")).json() == {"status": "ok"}
        ready = await http.get("/ready")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "checkpoints": {"script": "ready"}})


async def test_not_ready_names_the_engine_that_is_down_and_why() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        down = f"http://127.0.0.1:{free.getsockname()[1]}"
    up = {"backend": "scripted", "replies": ["x"]}
    both = settings({"up": up, "down": {"backend": "openai", "url": down}})
    async with serving(both) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.get("/ready")
        alive = await http.get("/health")
    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["checkpoints"]["up"] == "ready"
    assert response.json()["checkpoints"]["down"] == "checkpoint 'down': connection refused"
    assert alive.status_code == 200


async def test_metrics_pass_prometheus_own_lint(tool: Callable[[str], str]) -> None:
    promtool = tool("promtool")
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        body = {"model": "script", "messages": [{"role": "user", "content": "Hallo, wie geht es? Antworte als HTML."}]}
        await http.post("/v1/chat/completions", json=body)
        text = (await http.get("/metrics")).text
    run = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "dragoman_modifier_verdicts_total" in text


async def test_metrics_speak_openmetrics_when_asked() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")
    assert "_created" not in response.text


async def test_a_checkpoint_is_ready_as_long_as_one_of_its_endpoints_is() -> None:
    async with replicas(3) as servers:
        urls = [server.url for server in servers]
        health = {"interval": 0.05, "unhealthy_after": 1}
        three = settings({"three": {"backend": "openai", "urls": urls, "health": health}})
        async with serving(three) as served, httpx.AsyncClient(base_url=served.url) as http:
            state = (await http.get("/ready")).json()["checkpoints"]["three"]
            assert state == "ready: 3 of 3 endpoints"
            await servers[0].stop()
            async with asyncio.timeout(10):
                while state != "ready: 2 of 3 endpoints":
                    state = (await http.get("/ready")).json()["checkpoints"]["three"]
            for server in servers[1:]:
                await server.stop()
            async with asyncio.timeout(10):
                while (response := await http.get("/ready")).status_code == 200:
                    await asyncio.sleep(0.01)
    said = response.json()["checkpoints"]["three"]
    assert said == "0 of 3 endpoints can answer: checkpoint 'three': connection refused"


async def test_metrics_tell_what_the_endpoints_are_at() -> None:
    async with replicas(2) as servers:
        one, two = (server.url.partition("://")[2] for server in servers)
        for server in servers:
            server.act = says(REPLY)
        both = {
            "backend": "openai",
            "urls": [server.url for server in servers],
            "breaker": {"consecutive_failures": 1, "pause": 60.0},
            "health": {"when": "never"},
        }
        async with serving(settings({"both": both})) as served, httpx.AsyncClient(base_url=served.url) as http:
            await servers[0].stop()
            body = {"model": "both", "messages": [{"role": "user", "content": "Hallo"}]}
            for number in range(20):
                body["messages"][0]["content"] = f"Hallo {number}"
                await http.post("/v1/chat/completions", json=body)
            text = (await http.get("/metrics")).text
    for line in (
        f'dragoman_endpoint_up{{checkpoint="both",endpoint="{one}"}} 0.0',
        f'dragoman_endpoint_up{{checkpoint="both",endpoint="{two}"}} 1.0',
        f'dragoman_endpoint_breaker{{checkpoint="both",endpoint="{one}"}} 1.0',
        f'dragoman_endpoint_breaker{{checkpoint="both",endpoint="{two}"}} 0.0',
        f'dragoman_endpoint_ejections_total{{checkpoint="both",endpoint="{one}"}} 1.0',
        f'dragoman_endpoint_requests_in_flight{{checkpoint="both",endpoint="{two}"}} 0.0',
        'dragoman_retries_total{checkpoint="both"} 1.0',
        'dragoman_hedges_total{checkpoint="both"} 0.0',
        'dragoman_retry_budget_exhausted_total{checkpoint="both"} 0.0',
        'dragoman_failed_lookups_total{checkpoint="both"} 0.0',
    ):
        assert line in text


@pytest.mark.parametrize("stream", [True, False])
async def test_when_nobody_listens_callers_are_told_when_to_come_again(stream: bool) -> None:
    async with replicas(1) as (one,):
        breaker = {"consecutive_failures": 1, "pause": 7.0}
        down = settings({"down": {"backend": "openai", "url": one.url, "breaker": breaker}})
        await one.stop()
        async with serving(down) as served, httpx.AsyncClient(base_url=served.url) as http:
            body = {"model": "down", "messages": [{"role": "user", "content": "Hallo"}], "stream": stream}
            first = await http.post("/v1/chat/completions", json=body)
            second = await http.post("/v1/chat/completions", json=body)
    assert (first.status_code, second.status_code) == (503, 503)
    assert "retry-after" not in first.headers
    assert 7 <= int(second.headers["retry-after"]) <= 11
    assert second.json()["error"]["message"] == "checkpoint 'down': no engine answers at present"
