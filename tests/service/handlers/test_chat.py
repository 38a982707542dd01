"""The chat endpoint through the official client, against a running gateway with a scripted engine."""

from __future__ import annotations

import asyncio
import json
import socket

import httpx
import openai
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.gateways import Served, scripted, serving, settings

GERMAN = "Die Hauptstadt von Frankreich heißt Paris und liegt an der Seine."
ENGLISH = "The capital of France is called Paris and lies on the river Seine."
FIELD = "dragoman.expected_language"
QUESTION = [{"role": "user", "content": "Was ist die Hauptstadt von Frankreich?"}]


def client(served: Served) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0)


async def post(served: Served, body: object) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with httpx.AsyncClient(base_url=served.url) as http:
        return await http.post("/v1/chat/completions", content=content)


async def counted(served: Served, name: str) -> dict[str, float]:
    async with httpx.AsyncClient(base_url=served.url) as http:
        text = (await http.get("/metrics")).text
    families = [family for family in text_string_to_metric_families(text) if family.name == name]
    return {
        ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
        if sample.name == f"{name}_total"
    }


async def until(condition: object, seconds: float = 5) -> None:
    assert callable(condition)
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_the_official_client_gets_the_reply_and_the_verdict() -> None:
    async with serving(scripted(GERMAN, ENGLISH)) as served, client(served) as api:
        right = await api.chat.completions.with_raw_response.create(model="script", messages=QUESTION)
        wrong = await api.chat.completions.with_raw_response.create(model="script", messages=QUESTION)
    reply = right.parse()
    assert reply.choices[0].message.content == GERMAN
    assert reply.choices[0].message.role == "assistant"
    assert (reply.choices[0].finish_reason, reply.object, reply.model) == ("stop", "chat.completion", "script")
    assert reply.diagnostics["language"]["verdict"] == "pass"
    assert reply.diagnostics["expected_language"]["tag"] == "de"
    assert right.headers["dragoman-language"] == "pass"
    assert wrong.headers["dragoman-language"] == "fail"
    assert wrong.headers["dragoman-expected-language"] == "de"
    assert wrong.headers["dragoman-checkpoint"] == "script"
    found = wrong.parse().diagnostics["language"]
    assert (found["detected"], found["score"]) == ("en", 0)
    assert wrong.headers["dragoman-inference-id"] == wrong.parse().diagnostics["id"]


@pytest.mark.parametrize("piece", [1, 3, 7, 1000])
async def test_a_stream_gives_the_same_and_its_last_event_the_verdict(piece: int) -> None:
    async with serving(scripted(ENGLISH, piece=piece)) as served, client(served) as api:
        stream = await api.chat.completions.create(model="script", messages=QUESTION, stream=True)
        chunks = [chunk async for chunk in stream]
        whole = await api.chat.completions.create(model="script", messages=QUESTION)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ENGLISH
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [chunk.choices[0].finish_reason for chunk in chunks][-1] == "stop"
    assert all(not hasattr(chunk, "diagnostics") for chunk in chunks[:-1])
    streamed = chunks[-1].diagnostics
    assert streamed["language"] == whole.diagnostics["language"]
    assert len({chunk.id for chunk in chunks}) == 1


async def test_usage_comes_in_an_event_of_its_own_when_asked_for() -> None:
    async with serving(scripted(GERMAN)) as served, client(served) as api:
        stream = await api.chat.completions.create(
            model="script", messages=QUESTION, stream=True, stream_options={"include_usage": True}
        )
        *chunks, last = [chunk async for chunk in stream]
    assert last.choices == []
    assert last.usage is not None
    assert last.usage.total_tokens == last.usage.prompt_tokens + last.usage.completion_tokens
    assert last.diagnostics["language"]["verdict"] == "pass"
    assert all(chunk.usage is None for chunk in chunks)


async def test_what_is_declared_wins() -> None:
    async with serving(scripted(ENGLISH)) as served, client(served) as api:
        reply = await api.chat.completions.create(
            model="script",
            messages=QUESTION,
            extra_body={"dragoman": {"expected_language": "en-GB", "modifiers": [{"name": "html"}]}},
        )
    expected = reply.diagnostics["expected_language"]
    assert (expected["tag"], expected["origin"], expected["span"]) == ("en-GB", "declared", None)
    assert reply.diagnostics["language"]["verdict"] == "pass"
    (html,) = reply.diagnostics["modifiers"]
    assert (html["name"], html["origin"], html["verdict"]) == ("html", "declared", "fail")


MIXED = (
    "Here is the short text in German that you asked me for:\n\n"
    "Gestern waren wir am See, and we all went for a very long walk, und danach haben wir im Garten gegessen."
)


async def test_the_official_client_gets_lead_ins_and_foreign_words_streamed_or_not() -> None:
    async with serving(scripted(MIXED, piece=5)) as served, client(served) as api:
        whole = (await api.chat.completions.create(model="script", messages=QUESTION)).diagnostics
        stream = await api.chat.completions.create(model="script", messages=QUESTION, stream=True)
        streamed = [chunk async for chunk in stream][-1].diagnostics
    assert {**whole, "id": ""} == {**streamed, "id": ""}
    assert (whole["language"]["verdict"], whole["language"]["score"]) == ("pass", 1)
    assert MIXED[slice(*whole["surface"][0]["span"])] == MIXED.partition("\n")[0]
    assert whole["surface"][0]["language"] == "en"
    assert [run["language"] for run in whole["language"]["foreign_words"]] == ["en"]
    assert "we all went" in MIXED[slice(*whole["language"]["foreign_words"][0]["span"])]
    assert 0 < whole["language"]["soft_mismatch"] < MIXED.index("\n")


@pytest.mark.parametrize("tag", ["mi", "tn", "kw"])
async def test_a_language_that_no_engine_knows_is_accepted_and_its_replies_stay_in_doubt(tag: str) -> None:
    async with serving(scripted(ENGLISH)) as served, client(served) as api:
        reply = await api.chat.completions.create(
            model="script", messages=QUESTION, extra_body={"dragoman": {"expected_language": tag}}
        )
    assert reply.diagnostics["expected_language"]["tag"] == tag
    assert reply.diagnostics["language"]["verdict"] == "abstain"
    assert "cannot be told from others" in reply.diagnostics["language"]["explanation"]


async def test_modifiers_are_read_from_the_prompt_and_named_in_the_headers() -> None:
    messages = [{"role": "user", "content": "What is the capital of France? Answer in German, as a bulleted list."}]
    async with serving(scripted("- Paris ist die Hauptstadt\n- Die Stadt liegt an der Seine")) as served:
        response = await post(served, {"model": "script", "messages": messages})
    assert response.headers["dragoman-expected-language"] == "de"
    assert response.headers["dragoman-modifiers"] == "bullets=pass"
    assert response.json()["diagnostics"]["expected_language"]["origin"] == "requested"


@pytest.mark.parametrize(
    ("body", "status", "param", "words"),
    [
        (b"{", 400, None, "not valid JSON"),
        (b"\xff\xfe", 400, None, "not valid JSON"),
        (b'{"model": "script", "messages": ' + b"[" * 100_000, 400, None, "deeper than 64 levels (limits.max_nesting)"),
        ({"messages": QUESTION}, 400, "model", "missing required field"),
        ({"model": "script", "messages": []}, 400, "messages", "length >= 1"),
        ({"model": "script", "messages": [{"role": "user", "content": 5}]}, 400, "messages[0].content", "got `int`"),
        ({"model": "script", "messages": [{"role": "boss", "content": "x"}]}, 400, "messages[0].role", "boss|enum"),
        ({"model": "script", "messages": QUESTION, "max_tokens": 0}, 400, "max_tokens", ">= 1"),
        ({"model": "script", "messages": QUESTION, "temperature": "hot"}, 400, "temperature", "float"),
        ({"model": "nobody", "messages": QUESTION}, 404, "model", "there are: script"),
        (
            {"model": "script", "messages": QUESTION, "dragoman": {"expected_language": "zh-Hnat"}},
            422,
            FIELD,
            "dragoman.expected_language: 'zh-Hnat' is no language tag: use a BCP 47 tag such as zh-Hant",
        ),
        (
            {"model": "script", "messages": QUESTION, "dragoman": {"modifiers": [{"name": "htm"}]}},
            422,
            "dragoman.modifiers[0].name",
            "dragoman.modifiers[0].name: there is no modifier 'htm'; did you mean 'html'?",
        ),
        ({"model": "script", "messages": QUESTION, "dragoman": {"expected_language": 5}}, 400, FIELD, "got `int`"),
        ({"model": "script", "messages": QUESTION, "dragoman": {"langage": "de"}}, 400, "dragoman", "langage"),
    ],
)
async def test_mistakes_are_answered_with_what_was_wrong_and_where(
    body: object, status: int, param: str | None, words: str
) -> None:
    async with serving(scripted()) as served:
        response = await post(served, body)
        assert not (await counted(served, "dragoman_requests"))
        assert sum((await counted(served, "dragoman_rejected_requests")).values()) == 1
    error = response.json()["error"]
    assert (response.status_code, error["type"], error["param"]) == (status, "invalid_request_error", param)
    assert any(word in error["message"] for word in words.split("|"))


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with serving(scripted()) as served:
        response = await post(served, {"model": "script", "messages": QUESTION, "x": "y" * 5_000_000})
    assert response.status_code == 413
    assert "server.max_body_bytes" in response.json()["error"]["message"]


async def test_other_methods_are_refused() -> None:
    async with serving(scripted()) as served, httpx.AsyncClient(base_url=served.url) as http:
        response = await http.get("/v1/chat/completions")
    assert (response.status_code, response.json()["error"]["message"]) == (405, "use POST")


FAULTS = [
    ("unavailable", 503, openai.InternalServerError),
    ("overloaded", 429, openai.RateLimitError),
    ("timeout", 504, openai.InternalServerError),
    ("broken", 502, openai.InternalServerError),
    ("rejected", 422, openai.UnprocessableEntityError),
]


@pytest.mark.parametrize(("fault", "status", "kind"), FAULTS)
@pytest.mark.parametrize("stream", [False, True])
async def test_an_engine_that_fails_at_once_is_a_status_before_any_byte(
    fault: str, status: int, kind: type[openai.APIStatusError], stream: bool
) -> None:
    async with serving(scripted(fault=fault)) as served, client(served) as api:
        with pytest.raises(kind) as caught:
            await api.chat.completions.create(model="script", messages=QUESTION, stream=stream)
        assert caught.value.status_code == status
        outcomes = await counted(served, "dragoman_requests")
        assert [f"outcome=backend_{fault}" in labels for labels in outcomes] == [True]


@pytest.mark.parametrize("stream", [False, True])
async def test_an_engine_that_is_not_there_is_a_503_before_any_byte(stream: bool) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    down = settings({"down": {"backend": "openai", "url": f"http://127.0.0.1:{port}"}})
    async with serving(down) as served:
        response = await post(served, {"model": "down", "messages": QUESTION, "stream": stream})
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/json"
    assert response.json()["error"]["code"] == "backend_unavailable"
    assert response.json()["error"]["message"] == "checkpoint 'down': connection refused"
    assert str(port) not in response.text


async def test_an_engine_behind_another_gateway_is_passed_on_and_judged() -> None:
    """Two gateways in a row: the front one speaks to the other as to any engine."""
    async with serving(scripted(ENGLISH, piece=3)) as behind:
        front = settings({"front": {"backend": "openai", "url": behind.url, "model": "script"}})
        async with serving(front) as served, client(served) as api:
            whole = await api.chat.completions.create(model="front", messages=QUESTION)
            stream = await api.chat.completions.create(model="front", messages=QUESTION, stream=True)
            chunks = [chunk async for chunk in stream]
    assert whole.choices[0].message.content == ENGLISH
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == ENGLISH
    for diagnosis in (whole.diagnostics, chunks[-1].diagnostics):
        assert (diagnosis["language"]["verdict"], diagnosis["language"]["detected"]) == ("fail", "en")


async def test_an_engine_that_breaks_in_the_middle_ends_the_stream_with_an_error_and_a_diagnosis() -> None:
    async with serving(scripted(ENGLISH, fault="broken", fault_after=12)) as served:
        body = {"model": "script", "messages": QUESTION, "stream": True}
        lines = [line for line in (await post(served, body)).text.split("\n\n") if line]
        async with client(served) as api:
            stream = await api.chat.completions.create(model="script", messages=QUESTION, stream=True)
            with pytest.raises(openai.APIError, match="the script says: broken"):
                _ = [chunk async for chunk in stream]
    assert lines[-1] == "data: [DONE]"
    last = json.loads(lines[-2].removeprefix("data: "))
    assert last["error"]["code"] == "backend_broken"
    assert last["diagnostics"]["complete"] is False
    assert last["diagnostics"]["language"]["verdict"] == "fail"


async def test_the_same_failure_of_a_reply_that_is_not_streamed_is_a_status() -> None:
    async with serving(scripted(ENGLISH, fault="timeout", fault_after=3)) as served:
        response = await post(served, {"model": "script", "messages": QUESTION})
    assert response.status_code == 504
    assert response.json()["error"]["code"] == "backend_timeout"


async def test_metrics_count_what_was_sent() -> None:
    async with serving(scripted(GERMAN, ENGLISH, ENGLISH)) as served:
        for stream in (False, True, False):
            await post(served, {"model": "script", "messages": QUESTION, "stream": stream})
        verdicts = await counted(served, "dragoman_language_verdicts")
        mismatches = await counted(served, "dragoman_language_mismatches")
        requests = await counted(served, "dragoman_requests")
    arm = "arm=stable,checkpoint=script"
    assert verdicts == {
        f"{arm},expected=de,model=script,verdict=pass": 1,
        f"{arm},expected=de,model=script,verdict=fail": 2,
    }
    assert mismatches == {f"{arm},detected=en,expected=de,model=script": 2}
    assert requests == {f"{arm},model=script,outcome=ok": 3}


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_hangs_up_stops_the_generation(stream: bool) -> None:
    async with serving(scripted(ENGLISH * 20, piece=1, delay=0.05)) as served:
        (route,) = served.gateway.router.routes
        engine = route.arm.backend
        host, port = served.url.removeprefix("http://").split(":")
        body = json.dumps({"model": "script", "messages": QUESTION, "stream": stream}).encode()
        with socket.create_connection((host, int(port))) as raw:
            head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: {len(body)}\r\n\r\n"
            raw.sendall(head.encode() + body)
            await until(lambda: engine.running == 1)
            await asyncio.sleep(0.3)
        await until(lambda: engine.running == 0, seconds=1)
        assert engine.stopped == 1
        outcomes = await counted(served, "dragoman_requests")
    assert [labels.endswith("outcome=cancelled") for labels in outcomes] == [True]


async def test_a_client_that_never_sends_its_body_disturbs_nobody() -> None:
    async with serving(scripted()) as served:
        host, port = served.url.removeprefix("http://").split(":")
        _, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n{")
        await writer.drain()
        response = await post(served, {"model": "script", "messages": QUESTION})
        writer.close()
    assert response.status_code == 200


async def test_many_at_once_are_all_answered() -> None:
    async with serving(scripted(GERMAN, delay=0.002)) as served, client(served) as api:
        replies = await asyncio.gather(
            *(api.chat.completions.create(model="script", messages=QUESTION) for _ in range(60))
        )
    assert {reply.choices[0].message.content for reply in replies} == {GERMAN}
    assert len({reply.diagnostics["id"] for reply in replies}) == 60


async def test_hostile_text_comes_back_as_it_went_in_and_in_no_label() -> None:
    hostile = 'x"}\n\ndata: [DONE]\n\n\u2028<script>\\ "quoted" \x00😀'
    messages = [{"role": "user", "content": hostile}]
    async with serving(scripted(hostile, piece=2)) as served, client(served) as api:
        stream = await api.chat.completions.create(model="script", messages=messages, stream=True)
        text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
        async with httpx.AsyncClient(base_url=served.url) as http:
            metrics = (await http.get("/metrics")).text
    assert text == hostile
    assert "script>" not in metrics
