from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from litestar.routes import HTTPRoute

from service.app import ADMIN, create_admin_app, create_app
from service.commands.keys import create
from tests.gateways import scripted, serving, settings

OPEN = {("GET", path) for path in ("/health", "/ready", "/", "/models/script", "/models/script/health")}
"""What probes ask: "/" is TGI's."""
UNDER_A_MODEL = ("", "/health", "/info", "/generate", "/generate_stream", "/tokenize", "/v1/chat/completions")


@pytest.mark.parametrize("admin_port", [None, 0])
async def test_every_path_but_those_for_probes_needs_a_key(tmp_path: Path, admin_port: int | None) -> None:
    path = tmp_path / "keys.json"
    create(path, "app", {"scopes": ["infer"]})
    tables = {"auth": {"keys_file": str(path)}, "server": {} if admin_port is None else {"admin_port": 0}}
    guarded = settings({"script": {"backend": "scripted", "replies": ["x"]}}, **tables)
    async with serving(guarded) as served, httpx.AsyncClient(base_url=served.url) as http:
        apps = (
            create_app(served.gateway, served.admission, guarded),
            create_admin_app(served.gateway, served.admission),
        )
        paths = {(method, route.path) for app in apps for route in app.routes for method in methods(route)}
        paths |= {(method, f"/models/script{path}") for path in UNDER_A_MODEL for method in ("GET", "POST")}
        answers = {
            (method, path): (await http.request(method, path.replace("{name:path}", "x"))).status_code
            for method, path in paths
            if not path.startswith("/schema")
        }
    gone = {("GET", "/models"): 404} | ({("GET", "/metrics"): 404} if admin_port == 0 else {})
    asked = {each: status for each, status in answers.items() if status != 405}
    assert {path for _, path in asked} == {path for _, path in answers}
    assert asked == {each: 200 if each in OPEN else gone.get(each, 401) for each in asked}


def methods(route: object) -> set[str]:
    return set(route.methods) - {"OPTIONS"} if isinstance(route, HTTPRoute) else {"GET", "POST"}


async def test_administration_is_on_a_port_of_its_own_where_the_settings_say_so() -> None:
    own = settings({"script": {"backend": "scripted", "replies": ["x"]}}, server={"admin_port": 0})
    async with serving(own) as served, httpx.AsyncClient(base_url=served.url) as http:
        admin = create_admin_app(served.gateway, served.admission)
        transport = httpx.ASGITransport(app=admin)
        async with httpx.AsyncClient(transport=transport, base_url="http://admin") as operator:
            there = {path: (await operator.get(path)).status_code for path in ("/metrics", "/ready", "/health")}
            elsewhere = (await operator.get("/v1/models")).status_code
        assert (await http.get("/metrics")).status_code == 404
        assert (await http.get("/health")).status_code == 200
    assert set(there.values()) == {200}
    assert elsewhere == 404
    assert ADMIN


async def test_what_is_wrong_with_the_checkpoints_is_for_those_who_may_see_metrics(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    _, key = create(path, "prometheus", {"scopes": ["metrics"]})
    guarded = settings({"script": {"backend": "scripted", "replies": ["x"]}}, auth={"keys_file": str(path)})
    async with serving(guarded) as served, httpx.AsyncClient(base_url=served.url) as http:
        probe = await http.get("/ready")
        operator = await http.get("/ready", headers={"authorization": f"Bearer {key}"})
        metrics = await http.get("/metrics", headers={"authorization": f"Bearer {key}"})
    assert (probe.status_code, probe.json()) == (200, {"ready": True, "checkpoints": {}})
    assert operator.json()["checkpoints"] == {"script": "ready"}
    assert metrics.status_code == 200


ORIGIN = "https://app.example"
ASKED = {"origin": ORIGIN, "access-control-request-method": "POST"}
HEADERS = "authorization,content-type,x-stainless-lang"


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/v1/diagnose", "/v1/models"])
async def test_other_sites_pages_may_call_the_api_only_where_the_settings_name_them(path: str) -> None:
    allowed = settings({"script": {"backend": "scripted", "replies": ["x"]}}, server={"cors_origins": [ORIGIN]})
    preflight = {**ASKED, "access-control-request-headers": HEADERS}
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        off = [await http.options(path, headers=preflight), await http.get("/v1/models", headers={"origin": ORIGIN})]
    async with serving(allowed) as served, httpx.AsyncClient(base_url=served.url) as http:
        on = await http.options(path, headers=preflight)
        other = await http.options(path, headers={**preflight, "origin": "https://evil.example"})
        answer = await http.get("/v1/models", headers={"origin": ORIGIN})
        refusal = await http.post("/v1/chat/completions", content=b"{", headers={"origin": ORIGIN})
    assert not [name for response in off for name in response.headers if name.startswith("access-control")]
    assert on.status_code == 204
    assert on.headers["access-control-allow-origin"] == ORIGIN
    assert set(HEADERS.split(",")) <= set(on.headers["access-control-allow-headers"].replace(" ", "").split(","))
    assert "POST" in on.headers["access-control-allow-methods"]
    assert "access-control-allow-origin" not in other.headers
    for response in (answer, refusal):
        assert response.headers["access-control-allow-origin"] == ORIGIN
        assert "dragoman-language" in response.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in response.headers


async def test_all_sites_never_with_credentials() -> None:
    everybody = settings({"script": {"backend": "scripted", "replies": ["x"]}}, server={"cors_origins": ["*"]})
    async with serving(everybody) as served, httpx.AsyncClient(base_url=served.url) as http:
        on = await http.options("/v1/chat/completions", headers=ASKED)
        answer = await http.get("/v1/models", headers={"origin": ORIGIN, "cookie": "a=b"})
    assert on.headers["access-control-allow-origin"] == "*"
    for response in (on, answer):
        assert "access-control-allow-credentials" not in response.headers
