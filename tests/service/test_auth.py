from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.auth import LENGTH, PREFIX, Keyring, Scope, new_key, read_keys
from service.commands.keys import create, revoke
from service.errors import ConfigError, Forbidden, Headers, Unauthenticated

INFER = {"scopes": ["infer"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def bearer(key: str, scheme: str = "Bearer") -> Headers:
    return [(b"host", b"x"), (b"authorization", f"{scheme} {key}".encode())]


def problem(keyring: Keyring, headers: Headers) -> str:
    with pytest.raises(Unauthenticated) as caught:
        keyring.client(headers)
    return str(caught.value)


def change(path: Path, **fields: object) -> None:
    """Write other values into the only key of a file."""
    content = json.loads(path.read_text(encoding="utf-8"))
    content["keys"][0] |= fields
    path.write_text(json.dumps(content), encoding="utf-8")


def test_keys_are_long_random_and_easy_to_find() -> None:
    keys = {new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(key.startswith(PREFIX) and len(key) == LENGTH for key in keys)


def test_a_key_tells_who_asks_and_what_they_may(path: Path) -> None:
    wishes = {
        "scopes": ["infer", "metrics"],
        "models": ["a", "b"],
        "requests_per_minute": 5,
        "tokens_per_minute": 7,
        "on_mismatch": "retry",
    }
    made, key = create(path, "app", wishes)
    client = Keyring(path).client(bearer(key))
    assert (client.id, client.name) == (made.id, "app")
    assert client.scopes == {Scope.INFER, Scope.METRICS}
    assert (client.requests_per_minute, client.tokens_per_minute, client.on_mismatch) == (5, 7, "retry")
    client.require(Scope.METRICS)
    client.require_model("a")
    with pytest.raises(Forbidden, match="'admin'"):
        client.require(Scope.ADMIN)
    with pytest.raises(Forbidden, match="it may use: a, b"):
        client.require_model("c")


def test_only_the_hash_is_kept_and_only_the_owner_may_read_it(path: Path) -> None:
    _, key = create(path, "app", INFER)
    assert key.removeprefix(PREFIX) not in path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer "])
def test_the_scheme_is_read_as_http_says(path: Path, scheme: str) -> None:
    _, key = create(path, "app", INFER)
    assert Keyring(path).client(bearer(key, scheme)).name == "app"


def test_who_has_no_good_key_is_told_so(path: Path) -> None:
    _, key = create(path, "app", INFER)
    keyring = Keyring(path)
    assert "Authorization: Bearer" in problem(keyring, [])
    assert "Authorization: Bearer" in problem(keyring, bearer(key, "Basic"))
    for wrong in ("", "none", new_key(), key[:-1], key + "x", "x" * LENGTH, "ä" * 20):
        assert problem(keyring, bearer(wrong)) == "there is no such API key"


def test_keys_that_share_the_beginning_of_their_hash_are_not_taken_for_each_other(path: Path) -> None:
    _, key = create(path, "app", INFER)
    hash = json.loads(path.read_text(encoding="utf-8"))["keys"][0]["hash"]
    change(path, hash=hash[:16] + "0" * 48)
    assert "no such" in problem(Keyring(path), bearer(key))


def test_keys_end_and_are_revoked(path: Path) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    made, key = create(path, "app", {**INFER, "expires": soon})
    keyring = Keyring(path)
    keyring.client(bearer(key))
    change(path, expires="2020-01-01T00:00:00Z")
    keyring.refresh()
    assert "expired" in problem(keyring, bearer(key))
    revoke(path, made.id)
    keyring.refresh()
    assert "revoked" in problem(keyring, bearer(key))


def test_a_changed_file_is_read_and_a_broken_one_changes_nothing(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    _, old = create(path, "old", INFER)
    keyring = Keyring(path)
    _, new = create(path, "new", INFER)
    assert "no such" in problem(keyring, bearer(new))
    keyring.refresh()
    assert keyring.client(bearer(new)).name == "new"
    path.write_text("{", encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        keyring.refresh()
        keyring.refresh()
    assert len(caplog.records) == 1
    assert "stay what they were" in caplog.text
    path.unlink()
    keyring.refresh()
    assert {keyring.client(bearer(key)).name for key in (old, new)} == {"old", "new"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "truncated"),
        ("\xff", "keys.json"),
        ('{"kyes": []}', "kyes"),
        ('{"keys": [{"id": "1"}]}', "$.keys"),
        ('{"keys": [{"id": "00000000", "name": "Grafana!"}]}', "name"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(path: Path, content: str, words: str) -> None:
    path.write_text(content, encoding="latin-1")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match=r"keys\.json") as caught:
        Keyring(path)
    assert words in str(caught.value)


def test_two_entries_for_one_key_are_a_mistake(path: Path) -> None:
    create(path, "app", INFER)
    content = json.loads(path.read_text(encoding="utf-8"))
    content["keys"] *= 2
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ConfigError, match="two keys have the same id"):
        read_keys(path)


def test_a_file_that_others_may_write_lets_nobody_in(path: Path) -> None:
    create(path, "app", INFER)
    for mode in (0o660, 0o602):
        path.chmod(mode)
        with pytest.raises(ConfigError, match="chmod 600"):
            Keyring(path)
    path.chmod(0o644)  # as Kubernetes mounts secrets
    Keyring(path)


def test_a_file_that_is_not_there_is_named_with_the_command_that_makes_one(path: Path) -> None:
    with pytest.raises(ConfigError, match=r"keys\.json: there is no such file; `dragoman keys create"):
        Keyring(path)
