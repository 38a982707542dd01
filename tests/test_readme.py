"""What the README says works as it says it."""

from __future__ import annotations

import copy
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from diagnostics.core import Diagnosis, ExpectedLanguage, LanguageFinding, ModifierFinding
from service.backends.base import refuse_parameters
from service.config import load
from service.errors import InvalidRequest
from service.schema import GenerateParameters

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def block(kind: str, containing: str) -> str:
    """The one block of this kind that contains a text."""
    (found,) = (text for language, text in BLOCKS if language == kind and containing in text)
    return found


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """``dragoman serve``, as the README starts it but on a free port."""
    assert block("sh", "dragoman serve\n").strip() == "dragoman serve"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "DRAGOMAN_SERVER__PORT": str(port)}
    command = [sys.executable, "-m", "service", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout is not None
        try:
            assert any("listens on" in line for line in process.stdout)
            yield port
        finally:
            process.terminate()


def test_the_curl_command(port: int) -> None:
    command = block("sh", "curl -s").replace("8080", str(port))
    run = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, timeout=60)
    language = json.loads(run.stdout)["diagnostics"]["language"]
    assert (language["verdict"], language["detected"]) == ("fail", "en")


def test_the_python_program(port: int) -> None:
    program = block("python", "OpenAI").replace("8080", str(port))
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert "'tag': 'de', 'origin': 'requested'" in run.stdout
    assert "'name': 'html'" in run.stdout


def test_the_program_for_tgis_client(port: int) -> None:
    program = block("python", "InferenceClient").replace("8080", str(port))
    environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60, env=environment
    )
    assert run.stdout.count("'verdict': 'pass'") == 2
    assert "東京" in run.stdout


def test_the_parameters_that_only_tgi_has() -> None:
    parameters = GenerateParameters(
        adapter_id="a", best_of=2, decoder_input_details=True, grammar={}, repetition_penalty=2, top_n_tokens=1,
        truncate=1, typical_p=0.5, watermark=True,
    )  # fmt: skip
    named = re.search(r"engine that is not TGI, (.*?)\sare refused", README, re.DOTALL)
    assert named is not None
    for field in re.findall(r"`(\w+)`", named[1]):
        only = GenerateParameters(**{field: getattr(parameters, field)})
        with pytest.raises(InvalidRequest, match=field):
            refuse_parameters(only, "another engine")


def test_the_file_of_replies(tmp_path: Path) -> None:
    script = block("sh", "replies.jsonl").replace("dragoman ", f"{sys.executable} -m service ")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        script, shell=True, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment, timeout=60
    )
    diagnosis = json.loads(run.stdout)
    assert diagnosis["expected_language"]["tag"] == "de"
    assert diagnosis["language"]["verdict"] == "fail"


def test_the_command_that_makes_a_key(tmp_path: Path) -> None:
    create, serve = block("sh", "dragoman keys create").strip().splitlines()
    command = create.replace("dragoman ", f"{sys.executable} -m service ")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, shell=True, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment, timeout=60
    )
    assert run.stdout.startswith("dgm_")
    assert "--set auth.keys_file=keys.json" in serve
    assert (tmp_path / "keys.json").is_file()


def test_the_settings() -> None:
    """Each block is one file's, or goes into the file of the first."""
    first, *others = [tomllib.loads(text) for language, text in BLOCKS if language == "toml"]
    settings = load(None, environment={}, base=copy.deepcopy(first))
    assert settings.models["llama"].canary is not None
    for other in others:
        load(None, environment={}, base={**copy.deepcopy(first), **other})


def test_the_shown_diagnosis_has_the_fields_that_there_are() -> None:
    shown = json.loads(block("json", "instruction_language"))
    assert set(shown) <= set(Diagnosis.__struct_fields__)
    assert set(shown["expected_language"]) <= set(ExpectedLanguage.__struct_fields__)
    assert set(shown["language"]) <= set(LanguageFinding.__struct_fields__)
    assert set(shown["modifiers"][0]) <= set(ModifierFinding.__struct_fields__)


def test_the_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake ([a-z-]+)", README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    assert {"run", "test", "demo"} <= named
    for target in named:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_ci_calls_the_command_that_the_readme_names() -> None:
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_files_that_are_named_are_there() -> None:
    for link in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (ROOT / link).exists(), link
    for name in re.findall(r"`((?:diagnostics|service|deploy|bench)/[\w./-]+)`", README):
        assert (ROOT / name).exists(), name
