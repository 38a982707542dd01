"""``dragoman keys``, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from service.auth import LENGTH, Keyring, Scope
from tests.command_line import COMMAND, ROOT, dragoman, environment

SCRIPT = '[checkpoints.s]\nbackend = "scripted"\nreplies = ["x"]\n[models.m]\nstable = "s"\n'


def create(path: Path, *arguments: str) -> str:
    run = dragoman("keys", "create", *arguments, "--file", str(path))
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_a_key_is_made_shown_once_and_revoked(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    options = ["--scope", "infer", "--scope", "metrics", "--model", "m", "--rpm", "5", "--tpm", "70", "--expires"]
    key = create(path, "app", *options, "2999-01-31", "--on-mismatch", "retry")
    assert len(key) == LENGTH  # nothing else on standard output, for scripts
    client = Keyring(path).client([(b"authorization", b"Bearer " + key.encode())])
    assert (client.scopes, client.models) == ({Scope.INFER, Scope.METRICS}, {"m"})
    assert (client.requests_per_minute, client.tokens_per_minute, client.on_mismatch) == (5, 70, "retry")
    other = create(path, "app")
    assert other != key
    listed = dragoman("keys", "list", "--file", str(path), COLUMNS="200")
    assert listed.stdout.count("app") == 2
    assert "2999-01-31" in listed.stdout
    for shown in (listed.stdout, path.read_text(encoding="utf-8")):
        assert key not in shown
        assert other not in shown
    revoked = dragoman("keys", "revoke", client.id, "--file", str(path))
    assert revoked.stdout == f"Key {client.id} of app is revoked.\n"
    assert [entry.get("disabled") for entry in json.loads(path.read_text(encoding="utf-8"))["keys"]] == [True, None]
    assert "revoked" in dragoman("keys", "list", "--file", str(path), COLUMNS="200").stdout


def test_the_file_is_the_one_that_the_settings_name(tmp_path: Path) -> None:
    path, settings = tmp_path / "keys.json", tmp_path / "dragoman.toml"
    settings.write_text(f'{SCRIPT}[auth]\nkeys_file = "{path}"\n', encoding="utf-8")
    assert dragoman("keys", "create", "app", "--config", str(settings)).returncode == 0
    assert dragoman("keys", "create", "app", DRAGOMAN_CONFIG=str(settings)).returncode == 0
    assert len(json.loads(path.read_text(encoding="utf-8"))["keys"]) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create", "app"], "--file"),
        (["create", "Grafana!", "--file", "{}/keys.json"], "$.name"),
        (["create", "app", "--scope", "all", "--file", "{}/keys.json"], "is not one of"),
        (["create", "app", "--rpm", "0", "--file", "{}/keys.json"], ">= 1"),
        (["create", "app", "--model", "a b", "--file", "{}/keys.json"], "$.models"),
        (["create", "app", "--expires", "2020-01-01", "--file", "{}/keys.json"], "expired already"),
        (["create", "app", "--expires", "soon", "--file", "{}/keys.json"], "does not match the formats"),
        (["create", "app", "--file", "{}/nowhere/keys.json"], "cannot be written (No such file or directory)"),
        (["list", "--file", "{}/keys.json"], "there is no such file"),
        (["revoke", "12345678", "--file", "{}/keys.json"], "there is no such file"),
    ],
)
def test_mistakes_are_one_message_and_leave_no_file(tmp_path: Path, arguments: list[str], words: str) -> None:
    run = dragoman("keys", *(argument.format(tmp_path) for argument in arguments))
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_there_is_not_cannot_be_revoked(tmp_path: Path) -> None:
    create(tmp_path / "keys.json", "app")
    run = dragoman("keys", "revoke", "00000000", "--file", str(tmp_path / "keys.json"))
    assert run.returncode == 2
    assert "has no key '00000000'" in run.stderr


def test_two_who_make_keys_at_once_lose_none(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    command = [*COMMAND, "keys", "create", "app", "--file", str(path)]
    running = [subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL) for _ in range(6)]
    assert [process.wait(60) for process in running] == [0] * 6
    assert len(json.loads(path.read_text(encoding="utf-8"))["keys"]) == 6


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "keys.json"
    link.symlink_to(tmp_path / "real" / "keys.json")
    create(link, "app")
    assert link.is_symlink()
    assert (tmp_path / "real" / "keys.json").stat().st_mode & 0o777 == 0o600
