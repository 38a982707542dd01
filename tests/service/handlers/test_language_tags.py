"""A declared language that does not exist is refused with the field, the tag as given, and the nearest valid ones."""

from __future__ import annotations

import httpx
import pytest

from tests.gateways import scripted, serving

WRONG = [
    ("grman", "'grman'", "de (German)"),
    ("pt-BRA", "'pt-BRA'", "pt-BR (Brazilian Portuguese)"),
    ("zh-Hnat", "'zh-Hnat'", "zh-Hant (Traditional Chinese)"),
    ("deutsch", "'deutsch'", "de (German)"),
    ("\u202ede\x00", "'\\u202ede\\x00'", "such as"),
    ("de-" * 10_000, "…", "such as"),
]


async def post(path: str, body: object) -> httpx.Response:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        return await http.post(path, json=body)


@pytest.mark.parametrize(("tag", "shown", "nearest"), WRONG)
async def test_chat(tag: str, shown: str, nearest: str) -> None:
    messages = [{"role": "user", "content": "Why?"}]
    body = {"model": "script", "messages": messages, "dragoman": {"expected_language": tag}}
    response = await post("/v1/chat/completions", body)
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (422, "dragoman.expected_language")
    assert shown in error["message"]
    assert nearest in error["message"]
    assert len(error["message"]) < 400


@pytest.mark.parametrize(("tag", "shown", "nearest"), WRONG)
async def test_diagnose(tag: str, shown: str, nearest: str) -> None:
    response = await post("/v1/diagnose", {"prompt": "Why?", "response": "So.", "expected_language": tag})
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (422, "expected_language")
    assert shown in error["message"]
    assert nearest in error["message"]


async def test_diagnose_says_which_exchange() -> None:
    response = await post("/v1/diagnose", [{"prompt": "Why?"}, {"prompt": "Why?", "expected_language": "grman"}])
    error = response.json()["error"]
    assert (response.status_code, error["param"]) == (422, "[1].expected_language")
    assert "de (German)" in error["message"]


async def test_a_valid_tag_that_no_engine_knows_is_accepted() -> None:
    body = {"prompt": "Why?", "response": "Because the moon pulls at the sea.", "expected_language": "tlh"}
    response = await post("/v1/diagnose", body)
    assert response.status_code == 200
    assert response.json()["expected_language"]["tag"] == "tlh"
    assert response.json()["language"]["verdict"] == "abstain"
