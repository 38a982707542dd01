"""Fallback chains: who is asked when a checkpoint brings no reply, and how that is counted."""

from __future__ import annotations

import asyncio

import httpx
import openai
import pytest

from service.backends.scripted import ScriptedBackend
from service.config import Settings, load
from service.errors import ConfigError
from tests.gateways import serving
from tests.service.test_repair import GERMAN, QUESTION, ask, asking, counted

OUT_OF_ORDER = ["unavailable", "overloaded", "timeout", "broken"]


def chain(first: str, second: str = "", *, after: int = 0) -> Settings:
    """The model "m" on the checkpoint "main", with two fallbacks; each may have a fault."""
    faults = {"main": first, "other": second, "last": ""}
    checkpoints = {
        name: {"backend": "scripted", "replies": [f"{GERMAN} {name}"], "piece": 5}
        | ({"fault": fault, "fault_after": after} if fault else {})
        for name, fault in faults.items()
    }
    models = {"m": {"stable": "main", "fallbacks": ["other", "last"]}}
    return load(None, environment={}, base={"checkpoints": checkpoints, "models": models})


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("fault", OUT_OF_ORDER)
async def test_a_fallback_answers_when_a_checkpoint_brings_nothing(fault: str, stream: bool) -> None:
    async with asking(chain(fault)) as (served, api):
        text, diagnosis = await ask(api, stream=stream)
        assert await counted(served, "dragoman_attempts_total") == {
            f"main backend_{fault} primary": 1,
            "other ok fallback": 1,
        }
        # The arm is charged with what its callers got; the verdict is on the checkpoint that answered.
        assert await counted(served, "dragoman_requests_total") == {"main ok": 1}
        assert await counted(served, "dragoman_language_verdicts_total") == {"other de pass": 1}
        assert await counted(served, "dragoman_inferences_in_flight") == {}
    assert text == f"{GERMAN} other"
    assert diagnosis["language"]["verdict"] == "pass"


async def test_the_chain_goes_on_to_its_end() -> None:
    async with asking(chain("unavailable", "overloaded")) as (_, api):
        reply = await api.chat.completions.with_raw_response.create(model="m", messages=QUESTION)
    assert reply.headers["dragoman-checkpoint"] == "last"
    assert reply.parse().choices[0].message.content == f"{GERMAN} last"


async def test_a_request_that_was_refused_is_refused_by_nobody_else() -> None:
    async with asking(chain("rejected")) as (served, api):
        with pytest.raises(openai.UnprocessableEntityError):
            await ask(api, stream=True)
        assert await counted(served, "dragoman_attempts_total") == {"main backend_rejected primary": 1}
        assert await counted(served, "dragoman_requests_total") == {"main backend_rejected": 1}


async def test_a_reply_that_breaks_in_the_middle_is_not_begun_anew_elsewhere() -> None:
    async with asking(chain("broken", after=3)) as (served, api):
        with pytest.raises(openai.APIError, match="broken"):
            await ask(api, stream=True)
        assert await counted(served, "dragoman_attempts_total") == {"main backend_broken primary": 1}


async def test_when_all_are_out_of_order_the_last_error_is_the_callers() -> None:
    broken = {"backend": "scripted", "replies": ["x"]}
    raw = {
        "checkpoints": {"a": {**broken, "fault": "broken"}, "b": {**broken, "fault": "overloaded"}},
        "models": {"m": {"stable": "a", "fallbacks": ["b", "a"]}},
    }
    async with asking(load(None, environment={}, base=raw)) as (served, api):
        with pytest.raises(openai.RateLimitError):
            await ask(api, stream=False)
        assert await counted(served, "dragoman_attempts_total") == {
            "a backend_broken primary": 1,
            "b backend_overloaded fallback": 1,
        }
        assert await counted(served, "dragoman_requests_total") == {"a backend_overloaded": 1}


async def test_a_fallback_must_be_a_checkpoint() -> None:
    with pytest.raises(ConfigError, match=r"models\.m names the checkpoint 'none'"):
        load(
            None,
            environment={},
            base={
                "checkpoints": {"a": {"backend": "scripted", "replies": ["x"]}},
                "models": {"m": {"stable": "a", "fallbacks": ["none"]}},
            },
        )


async def test_health_speaks_of_fallbacks_too() -> None:
    async with serving(chain("", "unavailable")) as served, httpx.AsyncClient(base_url=served.url) as http:
        answer = (await http.get("/ready")).json()
    assert set(answer["checkpoints"]) == {"main", "other", "last"}


@pytest.mark.parametrize("stream", [True, False])
async def test_the_time_that_the_caller_gives_is_for_all_attempts(stream: bool) -> None:
    slow = {"backend": "scripted", "replies": [GERMAN], "delay": 5.0}
    raw = {
        "checkpoints": {"main": {**slow, "fault": "broken", "fault_after": 1}, "other": slow},
        "models": {"m": {"stable": "main", "fallbacks": ["other"]}},
    }
    async with asking(load(None, environment={}, base=raw)) as (served, api):
        begun = asyncio.get_running_loop().time()
        with pytest.raises(openai.InternalServerError, match=r"dragoman\.timeout") as caught:
            await ask(api, stream=stream, extra_body={"dragoman": {"timeout": 0.2}})
        assert asyncio.get_running_loop().time() - begun < 3
        assert await counted(served, "dragoman_attempts_total") == {"main deadline_exceeded primary": 1}
        assert await counted(served, "dragoman_requests_total") == {"main deadline_exceeded": 1}
        assert await counted(served, "dragoman_rejected_requests_total") == {}
        for backend in served.gateway.router.backends.values():
            assert isinstance(backend, ScriptedBackend)
            assert backend.running == 0
    assert caught.value.status_code == 504


async def test_a_reply_that_is_begun_ends_with_an_error_when_the_callers_time_is_over() -> None:
    raw = {
        "checkpoints": {"main": {"backend": "scripted", "replies": [GERMAN], "delay": 0.05, "piece": 3}},
        "models": {"m": {"stable": "main"}},
    }
    async with asking(load(None, environment={}, base=raw)) as (_, api):
        with pytest.raises(openai.APIError, match=r"dragoman\.timeout"):
            await ask(api, stream=True, extra_body={"dragoman": {"timeout": 0.3}})
        text, _ = await ask(api, stream=True, extra_body={"dragoman": {"timeout": 60}})
    assert text == GERMAN
