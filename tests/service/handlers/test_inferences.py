"""What is kept of an inference, asked for over HTTP."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from service.auth import Scope
from service.commands.keys import create
from service.config import Settings
from service.ids import uuid7
from service.store.base import Feedback, Judgement
from tests.gateways import Served, scripted, serving

GERMAN = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine."
ENGLISH = "The capital of France is called Paris and lies on the river Seine."
QUESTION = [{"role": "user", "content": "Was ist die Hauptstadt von Frankreich?"}]


def keeping(folder: Path, *replies: str, text: str = "off", **more: object) -> Settings:
    settings = scripted(*replies, **more)
    return settings.__class__(
        checkpoints=settings.checkpoints,
        models=settings.models,
        store=settings.store.__class__(url=f"sqlite:{folder / 'records.db'}", text=text),
    )


@asynccontextmanager
async def asking(settings: Settings) -> AsyncGenerator[tuple[Served, httpx.AsyncClient], None]:
    async with serving(settings) as served, httpx.AsyncClient(base_url=served.url, timeout=20) as http:
        yield served, http


async def infer(http: httpx.AsyncClient, **headers: str) -> str:
    body = {"model": "script", "messages": QUESTION}
    response = await http.post("/v1/chat/completions", json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response.headers["dragoman-inference-id"]


async def test_an_inference_is_there_at_once_with_its_verdicts_and_without_text(tmp_path: Path) -> None:
    async with asking(keeping(tmp_path, ENGLISH)) as (_, http):
        id = await infer(http)
        response = await http.get(f"/v1/inferences/{id}")
    assert response.status_code == 200, response.text
    kept = response.json()
    (attempt,) = kept["attempts"]
    assert (kept["id"], attempt["id"], attempt["attempt"]) == (id, id, 0)
    assert (attempt["model"], attempt["arm"], attempt["assigned"]) == ("script", "stable", "script")
    assert (attempt["api"], attempt["client"], attempt["streamed"]) == ("chat", "anyone", False)
    assert (attempt["language"], attempt["expected_language"], attempt["detected"]) == ("de", "de", "en")
    assert attempt["found"][0] == {"name": "language", "verdict": "fail", "score": 0}
    assert (attempt["outcome"], attempt["finish_reason"], attempt["complete"]) == ("ok", "stop", True)
    assert attempt["characters"] == len(ENGLISH)
    assert attempt["probability"] == 1
    assert (kept["feedback"], kept["judgements"], kept["texts"]) == ([], [], [])
    assert "Hauptstadt" not in response.text
    assert b"Hauptstadt" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


async def test_what_people_and_judges_said_comes_with_it(tmp_path: Path) -> None:
    async with asking(keeping(tmp_path, GERMAN)) as (served, http):
        id = await infer(http)
        await http.get(f"/v1/inferences/{id}")
        store = served.gateway.store
        assert store is not None
        store.add_feedback(Feedback(key="k", id=id, time=1.0, kind="comment", text="good"))
        store.add_judgements(
            [Judgement(id=id, attempt=0, time=1.0, judge="j", status="scored", criteria={"fluency": 2})]
        )
        kept = (await http.get(f"/v1/inferences/{id}")).json()
    assert [each["text"] for each in kept["feedback"]] == ["good"]
    assert [each["criteria"] for each in kept["judgements"]] == [{"fluency": 2}]


async def test_texts_are_shown_to_administrators_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    keys = {
        scope: {"Authorization": f"Bearer {create(path, scope, {'scopes': [*scopes]})[1]}"}
        for scope, scopes in {
            "infer": (Scope.INFER,),
            "feedback": (Scope.FEEDBACK,),
            "admin": (Scope.FEEDBACK, Scope.ADMIN),
        }.items()
    }
    settings = keeping(tmp_path, GERMAN, text="all")
    auth = settings.auth.__class__(keys_file=str(path))
    settings = settings.__class__(
        checkpoints=settings.checkpoints, models=settings.models, store=settings.store, auth=auth
    )
    async with asking(settings) as (served, http):
        id = await infer(http, **keys["infer"])
        assert (await http.get(f"/v1/inferences/{id}", headers=keys["infer"])).status_code == 403
        assert (await http.get(f"/v1/inferences/{id}")).status_code == 401
        seen = (await http.get(f"/v1/inferences/{id}", headers=keys["feedback"])).json()
        assert served.gateway.store is not None
        served.gateway.store.add_feedback(Feedback(key="k", id=id, time=1.0, kind="comment", text="secret"))
        again = (await http.get(f"/v1/inferences/{id}", headers=keys["feedback"])).json()
        all = (await http.get(f"/v1/inferences/{id}", headers=keys["admin"])).json()
    assert "texts" not in seen
    assert seen["attempts"][0]["client"] == "infer"
    assert "text" not in again["feedback"][0] or again["feedback"][0]["text"] is None
    assert all["texts"][0]["response"] == GERMAN
    assert all["texts"][0]["messages"] == QUESTION
    assert all["texts"][0]["diagnosis"]["language"]["verdict"] == "pass"
    assert all["feedback"][0]["text"] == "secret"


async def test_an_id_that_there_is_not(tmp_path: Path) -> None:
    async with asking(keeping(tmp_path, GERMAN)) as (_, http):
        for id in (uuid7(), "0198c0de-0000-7000-8000-000000000000", "nonsense"):
            response = await http.get(f"/v1/inferences/{id}")
            assert response.status_code == 404
            assert response.json()["error"]["code"] == "inference_not_found"
            assert id in response.json()["error"]["message"]


async def test_without_a_store_nothing_is_kept() -> None:
    async with asking(scripted(GERMAN)) as (_, http):
        response = await http.get(f"/v1/inferences/{await infer(http)}")
    assert response.status_code == 404
    assert "store.url" in response.json()["error"]["message"]


async def test_a_store_that_is_down_is_a_503_and_replies_go_on(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    async with asking(keeping(folder, GERMAN)) as (_, http):
        id = await infer(http)
        assert (await http.get(f"/v1/inferences/{id}")).status_code == 200
        folder.rename(tmp_path / "gone")
        response = await http.get(f"/v1/inferences/{id}")
        assert response.status_code == 503
        assert response.json()["error"]["code"] == "store_unavailable"
        assert str(tmp_path) not in response.text  # where it is kept is nobody's business
        assert (await infer(http)) != id
        metrics = (await http.get("/metrics")).text
        (tmp_path / "gone").rename(folder)
        assert (await http.get(f"/v1/inferences/{id}")).status_code == 200
    assert "dragoman_store_queue_length" in metrics
