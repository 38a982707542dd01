"""The command line, run as a user runs it."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.command_line import COMMAND, ROOT, dragoman, environment

SCRIPT = '[checkpoints.s]\nbackend = "scripted"\nreplies = ["Guten Tag!"]\n[models.m]\nstable = "s"\n'


@contextmanager
def running(*arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A ``dragoman serve`` and its URL."""
    command = [*COMMAND, "serve", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=ROOT, env=environment(**more), **pipes) as process:
        try:
            assert process.stdout is not None
            line = next((line for line in process.stdout if "listens on" in line), "")
            found = re.search(r"http://\S+", line)
            assert found, process.stderr and process.stderr.read()
            yield process, found.group()
        finally:
            process.kill()


@pytest.fixture
def settings(tmp_path: Path) -> str:
    file = tmp_path / "dragoman.toml"
    file.write_text(SCRIPT, encoding="utf-8")
    return str(file)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_until_it_is_told_to_stop(settings: str, stop: signal.Signals) -> None:
    with running("--config", settings, "--port", "0") as (process, url):
        assert httpx.get(f"{url}/health").json() == {"status": "ok"}
        process.send_signal(stop)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 0, err
    assert "Stopped." in out
    assert err == ""


def test_flags_and_variables_override_the_file(settings: str) -> None:
    with running(DRAGOMAN_CONFIG=settings, DRAGOMAN_SERVER__PORT="0", DRAGOMAN_SERVER__HOST="127.0.0.2") as (_, url):
        assert url.startswith("http://127.0.0.2:")
    with running("--host", "127.0.0.3", "--port", "0", "--config", settings, DRAGOMAN_SERVER__HOST="127.0.0.2") as (
        _,
        url,
    ):
        assert url.startswith("http://127.0.0.3:")


def test_a_port_in_use_is_said_at_once(settings: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run = dragoman("serve", "--config", settings, "--port", str(taken.getsockname()[1]))
    assert run.returncode == 2
    assert "Address already in use" in run.stderr
    assert "--port" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["serve", "--config", "nowhere.toml"], "nowhere.toml: there is no such file"),
        (["serve", "--set", "server.prot=1"], "--set server.prot: server.prot: Object contains unknown field"),
        (["serve", "--set", "server"], "KEY=VALUE"),
        (["serve", "--host", "256.0.0.1", "--set", "models.m.stable=multilingual"], "cannot listen on 256.0.0.1"),
        (["serve", "--model", "x", "--config", "y"], "--model serves one checkpoint without a file"),
        (["serve", "--port", "many"], "not a valid integer"),
        (["check", "--set", "models.m.stable=nobody"], "there are: english, english-careful, multilingual"),
        (["diagnose", "nowhere.jsonl"], "No such file"),
        (["demo", "--replies", "nowhere.jsonl"], "does not exist"),
        (["demo", "--once", "--set", "models={m={stable='english'}}"], "asks the model 'demo'"),
        (["sing"], "No such command"),
    ],
)
def test_mistakes_are_one_message_and_status_2(arguments: list[str], words: str) -> None:
    run = dragoman(*arguments)
    assert run.returncode == 2, run.stdout
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_an_unset_key_variable_is_named(tmp_path: Path) -> None:
    file = tmp_path / "dragoman.toml"
    file.write_text(
        '[checkpoints.u]\nbackend = "openai"\nurl = "http://127.0.0.1:1"\napi_key_env = "NO_SUCH_KEY"\n'
        '[models.m]\nstable = "u"\n',
        encoding="utf-8",
    )
    run = dragoman("check", "--config", str(file))
    assert run.returncode == 2
    assert "checkpoints.u.api_key_env" in run.stderr
    assert "NO_SUCH_KEY is not set" in run.stderr


def test_check_says_what_can_answer_and_what_cannot(tmp_path: Path, settings: str) -> None:
    good = dragoman("check", "--config", settings)
    assert good.returncode == 0, good.stderr
    assert re.search(r"s +│ scripted +│ m +│ ready", good.stdout)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = tmp_path / "down.toml"
    file.write_text(
        f'[checkpoints.u]\nbackend = "openai"\nurl = "http://127.0.0.1:{port}"\n[models.m]\nstable = "u"\n',
        encoding="utf-8",
    )
    bad = dragoman("check", "--config", str(file))
    assert bad.returncode == 1
    assert "checkpoint 'u': connection refused" in bad.stdout
    assert f"127.0.0.1:{port}" not in bad.stdout
    assert f"127.0.0.1:{port}" in bad.stderr


@pytest.mark.parametrize("command", [["modifiers"], ["diagnose", "-"], ["serve", "--port", "0"]])
def test_a_broken_lexicon_is_named_and_nothing_starts(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "service").symlink_to(ROOT / "service")
    shutil.copytree(ROOT / "diagnostics", tmp_path / "diagnostics", ignore=shutil.ignore_patterns("__pycache__"))
    lexicon = tmp_path / "diagnostics" / "lexicons" / "de.toml"
    lexicon.write_text(lexicon.read_text(encoding="utf-8") + "\n[wrods]\nlink = []\n", encoding="utf-8")
    run = subprocess.run(
        [*COMMAND, *command], cwd=tmp_path, env=environment(), input="", capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 2, run.stderr
    assert re.search(r"^dragoman: .*de\.toml.*wrods", run.stderr, re.MULTILINE)
    assert "Traceback" not in run.stderr


def test_help_and_version() -> None:
    assert "dragoman, version" in dragoman("--version").stdout
    for command in ("serve", "check", "demo", "diagnose", "modifiers"):
        assert command in dragoman("--help").stdout
        assert dragoman(command, "--help").returncode == 0
