"""The command line, run as a user runs it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from diagnostics.modifiers import MODIFIERS
from diagnostics.modifiers.compliance import declared

ROOT = Path(__file__).parents[2]
SCRIPT = '[checkpoints.s]\nbackend = "scripted"\nreplies = ["Guten Tag!"]\n[models.m]\nstable = "s"\n'


def environment(**more: str) -> dict[str, str]:
    return {**{key: value for key, value in os.environ.items() if not key.startswith("DRAGOMAN_")}, **more}


def dragoman(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment(**more), timeout=120)


@contextmanager
def running(*arguments: str, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A ``dragoman serve`` and its URL."""
    command = [sys.executable, "-m", "service", "serve", *arguments]
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
    assert f"127.0.0.1:{port}" in bad.stdout


LINES = [
    {"id": "a", "prompt": "Wie geht es dir?", "response": "I am very well, thank you for asking me."},
    {"messages": [{"role": "user", "content": "Wie geht es dir?"}], "response": "Danke, mir geht es sehr gut."},
    {"prompt": "Give me a list in JSON format."},
    {"prompt": "x", "response": "Cut off in the middle of this long", "finish_reason": "length"},
]


def test_diagnose_reads_lines_and_writes_lines(tmp_path: Path) -> None:
    file, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES) + "\n\n", encoding="utf-8")
    run = dragoman("diagnose", str(file), "--output", str(output))
    assert run.returncode == 0, run.stderr
    first, second, asked, cut = (json.loads(line) for line in output.read_text(encoding="utf-8").splitlines())
    assert (first["id"], first["language"]["verdict"], first["language"]["detected"]) == ("a", "fail", "en")
    assert (second["id"], second["language"]["verdict"]) == ("2", "pass")
    assert asked["language"] is None
    assert [(each["name"], each["verdict"]) for each in asked["modifiers"]] == [("json", "not_applicable")]
    assert cut["complete"] is False
    assert re.search(r"language: de expected +│ +1 │ +1 │", run.stderr)


OTHER_LANGUAGES = [
    "Hier ist ein Text.\n",
    "Here is the short text in German that you asked me for:\n\nGestern waren wir alle zusammen am See zum Baden.",
    "Gestern waren wir am See, and we all went for a very long walk, und danach haben wir im Garten gegessen.",
    "\n".join(
        [
            "Gestern war ein sehr schöner Tag am See.",
            "Then we all had our dinner in the garden, and it was a good day for everybody who had come along.",
            "Wir haben bis zum Abend gespielt.",
        ]
    ),
]


def test_diagnose_sums_up_what_other_languages_there_are(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    lines = [json.dumps({"prompt": "x", "expected_language": "de", "response": each}) for each in OTHER_LANGUAGES]
    file.write_text("\n".join(lines), encoding="utf-8")
    run = dragoman("diagnose", str(file))
    assert run.returncode == 0, run.stderr
    _, opened, switched, mixed = map(json.loads, run.stdout.splitlines())
    assert opened["surface"][0]["language"] == "en"
    assert opened["language"]["soft_mismatch"] > 0
    assert switched["language"]["foreign_words"][0]["words"] >= 8
    assert (mixed["language"]["verdict"], sorted(mixed["language"]["shares"])) == ("abstain", ["de", "en"])
    assert re.search(r"│ lead-in +│ +1 │ en 1 ", run.stderr)
    assert re.search(r"│ runs of foreign words +│ +1 │ en 1 ", run.stderr)
    assert re.search(r"│ mixture +│ +1 │ (de 1, en 1|en 1, de 1) ", run.stderr)


def test_diagnose_says_nothing_of_other_languages_where_there_are_none(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(LINES[1]), encoding="utf-8")
    assert "Languages beside" not in dragoman("diagnose", str(file)).stderr


TAG = "expected_language: 'German' is no language tag: use a BCP 47 tag such as de (German)"


def test_diagnose_names_each_bad_line_and_judges_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    bad = [
        "{",
        '{"prompt": 5}',
        "{}",
        '{"prompt": "x", "messages": []}',
        '{"prompt": "x", "expected_language": "German"}',
    ]
    bad.append('{"prompt": "x", "modifiers": [{"name": "htm"}]}')
    file.write_text("\n".join([*bad, json.dumps(LINES[0])]), encoding="utf-8")
    run = dragoman("diagnose", str(file))
    assert run.returncode == 1
    assert [json.loads(line)["id"] for line in run.stdout.splitlines()] == ["a"]
    for number, words in enumerate(["truncated", "$.prompt", "either", "either", TAG, "beginning, bullets"], 1):
        assert re.search(rf"^line {number}: .*{re.escape(words)}", run.stderr, re.MULTILINE), run.stderr
    assert "6 lines could not be judged" in run.stderr


def test_diagnose_reads_standard_input() -> None:
    command = [sys.executable, "-m", "service", "diagnose", "-"]
    text = json.dumps(LINES[1])
    run = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT, env=environment(), timeout=60)
    assert json.loads(run.stdout)["language"]["verdict"] == "pass"


def test_help_and_version() -> None:
    assert "dragoman, version" in dragoman("--version").stdout
    for command in ("serve", "check", "demo", "diagnose"):
        assert command in dragoman("--help").stdout
        assert dragoman(command, "--help").returncode == 0


def test_modifiers_prints_a_grid_of_what_is_read_from_which_prompts() -> None:
    run = dragoman("modifiers")
    assert run.returncode == 0
    assert re.search(r"│ bullets\s+│ num_bullets\?\s+│ •\s+│ •", run.stdout)
    assert re.search(r"│ json\s+│\s+│ •\s+│ •", run.stdout)
    assert f"{len(MODIFIERS)} modifiers" in run.stdout


def test_modifiers_as_json_say_all_that_a_caller_needs_to_declare_one() -> None:
    run = dragoman("modifiers", "--json")
    assert run.returncode == 0
    found = {each["name"]: each for each in json.loads(run.stdout)}
    assert list(found) == [modifier.name() for modifier in MODIFIERS]
    bullets = found["bullets"]
    assert bullets["ifeval"] == "detectable_format:number_bullet_lists"
    assert bullets["required"] == []
    assert "num_bullets" in bullets["arguments"]
    assert {"ar", "de", "en", "ja"} <= set(bullets["languages"])
    for each in found.values():
        assert each["summary"]
        for example in each["examples"]:
            if example["verdict"] is not None:
                declared(each["name"], example["arguments"])
