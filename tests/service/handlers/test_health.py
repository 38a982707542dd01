from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable

import httpx

from tests.gateways import scripted, serving, settings


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
    assert down in response.json()["checkpoints"]["down"]
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
