"""``dragoman serve``: where it listens, and how it stops."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import openai
import pytest

from service.commands.serve import check_exposure, listen
from service.config import Auth
from service.errors import SetupError
from tests.command_line import dragoman
from tests.service.test_main import running

QUESTION = [{"role": "user", "content": "Was ist die Hauptstadt von Frankreich?"}]


@pytest.fixture
def settings(tmp_path: Path) -> str:
    """A model that takes two seconds for a reply."""
    file = tmp_path / "dragoman.toml"
    file.write_text(
        '[checkpoints.s]\nbackend = "scripted"\nreplies = ["Guten Tag und gute Nacht"]\npiece = 1\ndelay = 0.08\n'
        '[models.m]\nstable = "s"\n',
        encoding="utf-8",
    )
    return str(file)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost", "::1"])
def test_loopback_needs_no_keys(host: str) -> None:
    with listen(host, 0) as listener:
        check_exposure([listener], Auth())


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_beyond_loopback_there_must_be_keys_unless_told_otherwise(host: str) -> None:
    with listen("127.0.0.1", 0) as inner, listen(host, 0) as outer:
        for auth in (Auth(open=True), Auth(keys_file="keys.json")):
            check_exposure([inner, outer], auth)
        with pytest.raises(SetupError, match="dragoman keys create") as caught:
            check_exposure([inner, outer], Auth())
    assert str(caught.value).startswith(host)
    assert "auth.open=true" in str(caught.value)


def test_the_command_refuses_and_says_what_to_do(settings: str, tmp_path: Path) -> None:
    arguments = ["serve", "--config", settings, "--host", "0.0.0.0", "--port", "0"]
    run = dragoman(*arguments)
    assert run.returncode == 2
    assert "can be reached from other machines" in run.stderr
    keys = str(tmp_path / "keys.json")
    missing = dragoman(*arguments, "--set", f"auth.keys_file={keys}")
    assert missing.returncode == 2
    assert "there is no such file; `dragoman keys create NAME` makes one" in missing.stderr
    both = dragoman(*arguments, "--set", f"auth.keys_file={keys}", "--set", "auth.open=true")
    assert both.returncode == 2
    assert "set one of the two" in both.stderr
    assert dragoman("keys", "create", "app", "--file", keys).returncode == 0
    with running(*arguments[1:], "--set", f"auth.keys_file={keys}") as (_, url):
        port = url.rsplit(":", 1)[1]
        assert httpx.get(f"http://127.0.0.1:{port}/v1/models").status_code == 401
    with running(*arguments[1:], "--set", "auth.open=true") as (_, url):
        port = url.rsplit(":", 1)[1]
        assert httpx.get(f"http://127.0.0.1:{port}/v1/models").status_code == 200


def test_metrics_on_a_port_of_their_own(settings: str) -> None:
    with running("--config", settings, "--port", "0", "--set", "server.admin_port=0") as (process, url):
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found
        admin = found.group()
        assert admin != url
        assert "dragoman_requests_waiting" in httpx.get(f"{admin}/metrics").text
        assert httpx.get(f"{url}/metrics").status_code == 404
        assert httpx.post(f"{admin}/v1/chat/completions", json={}).status_code == 404
        assert {httpx.get(f"{each}/ready").status_code for each in (url, admin)} == {200}
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize("admin", [(), ("--set", "server.admin_port=0")])
async def test_a_reply_that_has_begun_is_finished_and_no_other_begins(settings: str, admin: tuple[str, ...]) -> None:
    with running("--config", settings, "--port", "0", *admin) as (process, url):
        async with openai.AsyncOpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as api:
            stream = await api.chat.completions.create(model="m", messages=QUESTION, stream=True)
            text = (await anext(stream)).choices[0].delta.content or ""
            process.send_signal(signal.SIGTERM)
            await asyncio.sleep(0.2)
            ready = httpx.get(f"{url}/ready")
            with pytest.raises(openai.InternalServerError) as caught:
                await api.chat.completions.create(model="m", messages=QUESTION)
            async for chunk in stream:
                text += chunk.choices[0].delta.content or ""
        _, err = await asyncio.to_thread(process.communicate, timeout=20)
    assert ready.status_code == 503
    assert (caught.value.status_code, caught.value.code) == (503, "shutting_down")
    assert caught.value.response.headers["retry-after"] == "1"
    assert text == "Guten Tag und gute Nacht"
    assert (process.returncode, err) == (0, "")


@contextmanager
def begun(settings: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A gateway with a reply under way that takes 24 seconds."""
    slow = ("--config", settings, "--port", "0", "--set", "checkpoints.s.delay=1", *arguments)
    body = b'{"model": "m", "stream": true, "messages": [{"role": "user", "content": "Hallo"}]}'
    head = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body)
    with running(*slow) as (process, url):
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(head + body)
            assert connection.recv(1000).startswith(b"HTTP/1.1 200")
            yield process


def test_a_reply_that_takes_too_long_is_cut_short(settings: str) -> None:
    with begun(settings, "--set", "server.shutdown_seconds=1") as process:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)
    assert process.returncode == 0


def test_a_second_ctrl_c_does_not_wait(settings: str) -> None:
    with begun(settings) as process:
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=5)
    assert process.returncode == 0
