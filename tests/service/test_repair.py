"""Repair of replies that begin wrong, through the official client and against engines that say what they are told."""

from __future__ import annotations

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

import httpx
import msgspec
import openai
import pytest

from diagnostics.core import Diagnosis, LanguageFinding, Message, ModifierFinding, Verdict
from diagnostics.language.tags import normalise_tag
from diagnostics.runner import Declared
from service.backends.scripted import ScriptedBackend
from service.config import Settings, load
from service.errors import ConfigError
from service.repair import Breach, Budget, convicted, load_reminders, reminded
from service.schema import ChatRequest
from tests.gateways import Served, diagnostics, serving
from tests.replay import events

GERMAN = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine, im Norden des Landes."
ENGLISH = "The capital of France is called Paris and lies on the river Seine, in the north of the country."
QUESTION = [{"role": "user", "content": "Was ist die Hauptstadt von Frankreich?"}]


def settings(replies: list[str], fallback: list[str] | None = None, **repair: object) -> Settings:
    """The model "m": a checkpoint "main", and perhaps a fallback."""
    checkpoints = {"main": {"backend": "scripted", "replies": replies, "piece": 5}}
    model: dict[str, object] = {"stable": "main", "repair": repair}
    if fallback is not None:
        checkpoints["other"] = {"backend": "scripted", "replies": fallback, "piece": 5}
        model["fallbacks"] = ["other"]
    return load(None, environment={}, base={"checkpoints": checkpoints, "models": {"m": model}})


@asynccontextmanager
async def asking(settings: Settings) -> AsyncIterator[tuple[Served, openai.AsyncOpenAI]]:
    async with (
        serving(settings) as served,
        openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as api,
    ):
        yield served, api


async def ask(api: openai.AsyncOpenAI, *, stream: bool, **rest: object) -> tuple[str, dict[str, object]]:
    """The reply's text and its diagnosis."""
    messages = rest.pop("messages", QUESTION)
    if not stream:
        reply = await api.chat.completions.create(model="m", messages=messages, **rest)
        return reply.choices[0].message.content, reply.diagnostics
    chunks = [
        chunk async for chunk in await api.chat.completions.create(model="m", messages=messages, stream=True, **rest)
    ]
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert len({chunk.id for chunk in chunks}) == 1
    assert [choice.delta.role for chunk in chunks for choice in chunk.choices].count("assistant") == 1
    return text, chunks[-1].diagnostics


async def counted(served: Served, name: str) -> dict[str, float]:
    """The values of a metric, by its labels in the order of their names, without those that are the same everywhere."""
    async with httpx.AsyncClient() as http:
        lines = (await http.get(f"{served.url}/metrics")).text.splitlines()
    found = {}
    for line in lines:
        if line.startswith(f"{name}{{"):
            labels, value = line.removeprefix(f"{name}{{").rsplit("} ", 1)
            pairs = [pair.partition("=") for pair in labels.split(",")]
            kept = [value.strip('"') for key, _, value in pairs if key not in ("model", "arm")]
            found[" ".join(kept)] = float(value)
    return {labels: value for labels, value in found.items() if value}


@pytest.mark.parametrize("stream", [True, False])
async def test_a_wrong_reply_is_asked_for_again_and_the_caller_sees_one_clean_reply(stream: bool) -> None:
    async with asking(settings([ENGLISH, GERMAN], on_mismatch="retry")) as (served, api):
        text, diagnosis = await ask(api, stream=stream)
        assert await counted(served, "dragoman_requests_total") == {"main ok": 1}
        assert await counted(served, "dragoman_attempts_total") == {"main replaced primary": 1, "main ok repair": 1}
        # The reply that went wrong counts against its checkpoint; the one with a reminder is no fair sample.
        assert await counted(served, "dragoman_language_verdicts_total") == {"main de fail": 1}
        assert await counted(served, "dragoman_repairs_total") == {"retry language main repaired": 1}
        assert await counted(served, "dragoman_repair_delay_seconds_count") == {"main": 1}
        assert await counted(served, "dragoman_inferences_in_flight") == {}
        backend = served.gateway.router.routes[0].arm.backend
        assert isinstance(backend, ScriptedBackend)
        assert (backend.running, backend.stopped) == (0, 1 if stream else 0)
    assert text == GERMAN
    assert diagnosis["language"]["verdict"] == "pass"
    repair = diagnosis["repair"]
    assert {key: repair[key] for key in ("check", "action", "outcome", "checkpoint")} == {
        "check": "language",
        "action": "retry",
        "outcome": "repaired",
        "checkpoint": "main",
    }
    assert "English" in repair["explanation"]
    assert 0 < repair["characters"] <= (60 if stream else len(ENGLISH))
    assert repair["seconds"] > 0


@pytest.mark.parametrize("stream", [True, False])
async def test_a_right_reply_is_left_alone(stream: bool) -> None:
    async with asking(settings([GERMAN], on_mismatch="retry")) as (served, api):
        text, diagnosis = await ask(api, stream=stream)
        assert await counted(served, "dragoman_attempts_total") == {"main ok primary": 1}
        assert await counted(served, "dragoman_repairs_total") == {}
    assert text == GERMAN
    assert "repair" not in diagnosis


async def test_right_words_are_not_held_back_for_longer_than_it_takes_to_tell() -> None:
    slow = settings([GERMAN + " " + GERMAN], on_mismatch="retry", hold_characters=1000, hold_seconds=30)
    checkpoint = slow.checkpoints["main"]
    slow = load(
        None,
        environment={},
        base={
            "checkpoints": {"main": {"backend": "scripted", "replies": checkpoint.replies, "piece": 5, "delay": 0.02}},
            "models": {"m": {"stable": "main", "repair": {"on_mismatch": "retry", "hold_characters": 1000}}},
        },
    )
    async with asking(slow) as (_, api):
        stream = await api.chat.completions.create(model="m", messages=QUESTION, stream=True)
        texts = []
        times = []
        async for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                texts.append(chunk.choices[0].delta.content)
                times.append(asyncio.get_running_loop().time())
    at_once = sum(time - times[0] < 0.01 for time in times)
    assert len("".join(texts[:at_once])) < 60


@pytest.mark.parametrize("stream", [True, False])
async def test_a_second_reply_that_is_wrong_too_is_given_and_not_asked_for_a_third_time(stream: bool) -> None:
    async with asking(settings([ENGLISH], on_mismatch="retry")) as (served, api):
        text, diagnosis = await ask(api, stream=stream)
        assert await counted(served, "dragoman_attempts_total") == {"main replaced primary": 1, "main ok repair": 1}
    assert text == ENGLISH
    assert diagnosis["language"]["verdict"] == "fail"
    assert diagnosis["repair"]["outcome"] == "not_repaired"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_fallback_answers_in_the_place_of_the_checkpoint_that_was_wrong(stream: bool) -> None:
    async with asking(settings([ENGLISH], [GERMAN], on_mismatch="fallback")) as (served, api):
        text, diagnosis = await ask(api, stream=stream)
        assert await counted(served, "dragoman_attempts_total") == {"main replaced primary": 1, "other ok repair": 1}
        assert await counted(served, "dragoman_requests_total") == {"main ok": 1}
    assert text == GERMAN
    assert diagnosis["repair"]["checkpoint"] == "other"


@pytest.mark.parametrize("stream", [True, False])
async def test_a_wrong_reply_is_refused_before_any_byte_and_not_asked_for_again_by_the_client(stream: bool) -> None:
    async with (
        serving(settings([ENGLISH], on_mismatch="reject")) as served,
        openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=3) as api,
    ):
        with pytest.raises(openai.APIStatusError, match="English") as caught:
            await api.chat.completions.create(model="m", messages=QUESTION, stream=stream)
        assert await counted(served, "dragoman_attempts_total") == {"main wrong_reply primary": 1}
        assert await counted(served, "dragoman_requests_total") == {"main wrong_reply": 1}
        assert await counted(served, "dragoman_repairs_total") == {"reject language main rejected": 1}
        assert await counted(served, "dragoman_rejected_requests_total") == {}
    assert caught.value.status_code == 424
    diagnosis = caught.value.response.json()["diagnostics"]
    assert diagnosis["language"]["verdict"] == "fail"
    assert diagnosis["repair"]["outcome"] == "rejected"


async def test_the_request_decides_before_the_model() -> None:
    async with asking(settings([ENGLISH, GERMAN], on_mismatch="observe")) as (_, api):
        text, _ = await ask(api, stream=False, extra_body={"dragoman": {"on_mismatch": "retry"}})
        assert text == GERMAN
    async with asking(settings([ENGLISH, GERMAN], on_mismatch="retry")) as (_, api):
        text, diagnosis = await ask(api, stream=True, extra_body={"dragoman": {"on_mismatch": "observe"}})
        assert text == ENGLISH
        assert "repair" not in diagnosis


async def test_what_cannot_be_asked_for_is_refused_by_name() -> None:
    async with asking(settings([ENGLISH])) as (_, api):
        with pytest.raises(openai.UnprocessableEntityError, match="fallbacks") as caught:
            await ask(api, stream=False, extra_body={"dragoman": {"on_mismatch": "fallback"}})
        assert caught.value.body["param"] == "dragoman.on_mismatch"
        with pytest.raises(openai.BadRequestError, match="on_mismatch") as bad:
            await ask(api, stream=False, extra_body={"dragoman": {"on_mismatch": "pray"}})
        assert bad.value.body["param"] == "dragoman.on_mismatch"


def test_a_model_that_falls_back_on_nothing_is_refused_at_the_start() -> None:
    with pytest.raises(ConfigError, match=r"models\.m.*fallback"):
        settings([ENGLISH], on_mismatch="fallback")


@pytest.mark.parametrize("stream", [True, False])
async def test_when_no_second_reply_comes_the_caller_gets_the_first(stream: bool) -> None:
    asked = settings([ENGLISH], on_mismatch="fallback", fallback=[GERMAN])
    broken = {"backend": "scripted", "replies": [GERMAN], "fault": "unavailable"}
    raw = {
        "checkpoints": {"main": {"backend": "scripted", "replies": [ENGLISH], "piece": 5}, "other": broken},
        "models": {"m": {"stable": "main", "fallbacks": ["other"], "repair": {"on_mismatch": "fallback"}}},
    }
    asked = load(None, environment={}, base=raw)
    async with asking(asked) as (served, api):
        text, diagnosis = await ask(api, stream=stream)
        assert await counted(served, "dragoman_attempts_total") == {
            "main ok primary": 1,
            "other backend_unavailable repair": 1,
        }
        assert await counted(served, "dragoman_requests_total") == {"main ok": 1}
    assert text == ENGLISH
    assert diagnosis["language"]["verdict"] == "fail"
    assert diagnosis["repair"]["outcome"] == "failed"


async def test_a_checkpoint_that_is_always_wrong_is_not_asked_twice_for_everything() -> None:
    async with asking(settings([ENGLISH], on_mismatch="retry", budget=0.1)) as (served, api):
        for _ in range(40):
            await ask(api, stream=False)
        repairs = await counted(served, "dragoman_repairs_total")
        attempts = await counted(served, "dragoman_attempts_total")
    assert 10 <= repairs["retry language main not_repaired"] <= 14
    assert repairs["retry language main budget"] == 40 - repairs["retry language main not_repaired"]
    assert sum(attempts.values()) == 40 + repairs["retry language main not_repaired"]


async def test_a_budget_of_nothing_repairs_nothing() -> None:
    async with asking(settings([ENGLISH], on_mismatch="retry", budget=0)) as (_, api):
        text, diagnosis = await ask(api, stream=True)
    assert text == ENGLISH
    assert diagnosis["repair"]["outcome"] == "budget"


CAPITALS = [{"role": "user", "content": "Name the capital of France in one full sentence, in capital letters only."}]


@pytest.mark.parametrize(("modifiers", "expected"), [(True, ENGLISH.upper()), (False, ENGLISH)])
async def test_a_demand_that_is_broken_early_is_repaired_where_that_is_wanted(modifiers: bool, expected: str) -> None:
    async with asking(settings([ENGLISH, ENGLISH.upper()], on_mismatch="retry", modifiers=modifiers)) as (served, api):
        text, diagnosis = await ask(api, stream=True, messages=CAPITALS)
        assert text == expected
        if modifiers:
            assert await counted(served, "dragoman_repairs_total") == {"retry modifier main repaired": 1}
            assert diagnosis["repair"]["check"] == "uppercase"


async def test_a_client_that_leaves_while_words_are_held_back_stops_both_engines() -> None:
    raw = {
        "checkpoints": {"main": {"backend": "scripted", "replies": [ENGLISH], "piece": 1, "delay": 0.05}},
        "models": {"m": {"stable": "main", "repair": {"on_mismatch": "retry", "hold_seconds": 60}}},
    }
    async with asking(load(None, environment={}, base=raw)) as (served, api):
        task = asyncio.create_task(api.chat.completions.create(model="m", messages=QUESTION, stream=True))
        backend = served.gateway.router.routes[0].arm.backend
        assert isinstance(backend, ScriptedBackend)
        async with asyncio.timeout(5):
            while not backend.running:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.2)
            task.cancel()
            while backend.running:
                await asyncio.sleep(0.01)
        assert backend.stopped == 1
        async with asyncio.timeout(5):
            while await counted(served, "dragoman_attempts_total") != {"main cancelled primary": 1}:
                await asyncio.sleep(0.01)
        assert await counted(served, "dragoman_inferences_in_flight") == {}


async def test_words_are_held_back_no_longer_than_the_settings_say() -> None:
    raw = {
        "checkpoints": {"main": {"backend": "scripted", "replies": ["1 2 3 " * 50], "piece": 1, "delay": 0.02}},
        "models": {"m": {"stable": "main", "repair": {"on_mismatch": "retry", "hold_seconds": 0.1}}},
    }
    async with asking(load(None, environment={}, base=raw)) as (_, api):
        stream = await api.chat.completions.create(model="m", messages=QUESTION, stream=True)
        texts = []
        async for chunk in stream:
            texts.append(chunk.choices[0].delta.content or "")
            if len(texts) == 30:
                break
        await stream.close()
    assert "".join(texts) == ("1 2 3 " * 50)[:30]


def test_a_budget_saves_only_so_much() -> None:
    budget = Budget(0.5)
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(100)) == Budget.BURST
    budget.earn()
    assert not budget.spend()
    budget.earn()
    assert budget.spend()


def part(text: str) -> dict[str, str]:
    return {"type": "text", "text": text}


BODY = (
    b'{ "model":"m", "messages":[{"role":"system","content":"Sei kurz."},{"role":"user","content":%b,"name":"\\u00e9"},'
    b'{"role":"assistant","content":null}], "x_unknown":{"a": [1.50, null]} }'
)


@pytest.mark.parametrize(
    ("content", "extended"),
    [
        ("Hallo?", "Hallo?\n\nAntworte."),
        (
            [{"type": "text", "text": "Hallo?"}],
            [{"type": "text", "text": "Hallo?"}, {"type": "text", "text": "Antworte."}],
        ),
    ],
)
def test_a_reminder_comes_after_the_newest_instruction_and_changes_nothing_else(
    content: object, extended: object
) -> None:

    body = BODY % json.dumps(content).encode()
    request = msgspec.json.decode(body, type=ChatRequest)
    again = reminded(request, body, "Antworte.")
    assert again is not None
    sent = json.loads(again[1])
    before = json.loads(body)
    assert sent["messages"][1] == {"role": "user", "content": extended, "name": "é"}
    before["messages"][1]["content"] = extended
    assert sent == before
    assert b"1.50" in again[1]
    assert again[0].messages[1].text.split() == ["Hallo?", "Antworte."]
    assert request.messages[1].text == "Hallo?"


def test_what_has_no_instruction_cannot_be_reminded() -> None:
    request = ChatRequest("m", [])
    assert reminded(request, b'{"messages":[]}', "x") is None


def test_reminders_are_read_as_demands_for_their_own_language() -> None:
    """Our own reader understands them, so a model has a chance to."""
    raw = tomllib.loads(files("service").joinpath("reminders.toml").read_text(encoding="utf-8"))
    assert len(raw) >= 40
    missed = []
    for tag, texts in raw.items():
        assert normalise_tag(tag) == tag
        assert "{demand}" in texts["demand"]
        read = diagnostics().read((Message("user", f"Foo? 12345.\n\n{texts['language']}"),), Declared())
        if read.expected_language is None or read.expected_language.tag.split("-")[0] != tag.split("-")[0]:
            missed.append(tag)
    assert set(missed) <= {"ca", "lv", "sr"}  # languages without a lexicon


def test_a_language_without_a_text_is_reminded_in_english() -> None:
    reminders = load_reminders()
    wrong = Breach("language", "…", 10)
    assert reminders.text(wrong, "is") == "Answer in Icelandic."
    assert reminders.text(wrong, "de-AT") == "Antworte auf Deutsch."
    assert reminders.text(wrong, "zh-Hant-TW") == reminders.text(wrong, "zh-Hant")
    assert (
        reminders.text(Breach("json", "…", 10, demand="als JSON"), "de")
        == "Halte dich genau an diese Vorgabe: als JSON"
    )
    assert (
        reminders.text(Breach("json", "…", 10, demand="{demand}"), None) == "Keep exactly to this requirement: {demand}"
    )
    assert reminders.text(Breach("json", "…", 10), "de") is None


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", ["/v1/completions", "/generate"])
@pytest.mark.parametrize(
    ("action", "outcome", "text"), [("fallback", "repaired", GERMAN), ("retry", "impossible", ENGLISH)]
)
async def test_replies_to_bare_prompts_can_be_asked_of_another(
    path: str, action: str, outcome: str, text: str, stream: bool
) -> None:
    """But no reminder is put into a bare prompt: it may be written for the model, with its own marks."""
    path = path + "_stream" if stream and path == "/generate" else path
    body = {"model": "m", "prompt": "Was ist die Hauptstadt?", "inputs": "Was ist die Hauptstadt?", "stream": stream}
    options = {"expected_language": "de"}
    two = settings([ENGLISH], [GERMAN], on_mismatch=action)
    async with asking(two) as (served, _), httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post(path, json={**body, "dragoman": options})
    bodies = events(response.content) if stream else [response.content]
    parsed = [json.loads(each) for each in bodies]
    last = parsed[-1]
    if "generated_text" in last:
        assert last["generated_text"] == text
    else:
        assert "".join(each["choices"][0]["text"] for each in parsed) == text
    assert (last["diagnostics"]["repair"]["action"], last["diagnostics"]["repair"]["outcome"]) == (action, outcome)


async def test_tgis_clients_read_a_refused_reply_as_a_failed_generation() -> None:
    rejecting = settings([ENGLISH], on_mismatch="reject")
    async with asking(rejecting) as (served, _), httpx.AsyncClient(base_url=served.url) as http:
        response = await http.post("/generate_stream", json={"inputs": QUESTION[0]["content"]})
    assert (response.status_code, response.json()["error_type"]) == (424, "generation")
    assert response.json()["diagnostics"]["language"]["verdict"] == "fail"


def test_a_reply_that_was_stopped_counts_as_wrong_though_its_few_words_leave_the_verdict_open() -> None:
    doubt = Diagnosis(id="1", language=LanguageFinding(verdict=Verdict.ABSTAIN))
    wrong = convicted(doubt, Breach("language", "began in English", 20, "en")).language
    assert wrong is not None
    assert (wrong.verdict, wrong.score, wrong.detected) == (Verdict.FAIL, 0, "en")
    assert wrong.explanation == "began in English"
    for other in (doubt, Diagnosis(id="1", modifiers=(ModifierFinding(name="json", verdict=Verdict.FAIL),))):
        assert convicted(other, Breach("json", "no JSON", 20)) == other
