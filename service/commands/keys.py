"""``dragoman keys``: make, list and revoke API keys. A key is shown once, when it is made; the file has its hash."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from ..auth import Key, KeysFile, digest, new_key, read_keys
from ..errors import ConfigError


def create(path: Path, name: str, wishes: Mapping[str, object]) -> tuple[Key, str]:
    """Add a key to the file, which is made if it is not there; returns its entry, and the key itself. ``wishes`` are
    fields of ``Key``.

    Raises:
        ConfigError: the file cannot be read or written, or the name or a wish is wrong.
    """
    key = new_key()
    entry = {
        "id": secrets.token_hex(4),
        "name": name,
        "hash": digest(key.encode()).hex(),
        "created": datetime.now(UTC).replace(microsecond=0),
        **wishes,
    }
    try:
        made = msgspec.convert(entry, Key)
    except msgspec.ValidationError as error:
        raise ConfigError(f"no such key can be made: {error}") from None
    if made.expires is not None and made.expires <= made.created:
        raise ConfigError(f"the key would have expired already, on {made.expires}")
    with _changing(path):
        keys = read_keys(path).keys if path.exists() else ()
        _write(path, (*keys, made))
    return made, key


def revoke(path: Path, id: str) -> Key:
    """Disable the key of this id, for good; returns its entry.

    Raises:
        ConfigError: the file cannot be read or written, or has no such key.
    """
    with _changing(path):
        keys = {key.id: key for key in read_keys(path).keys}
        if id not in keys:
            raise ConfigError(f"{path} has no key '{id}'; `dragoman keys list` shows those there are")
        keys[id] = msgspec.structs.replace(keys[id], disabled=True)
        _write(path, tuple(keys.values()))
    return keys[id]


def show(path: Path, console: Console) -> None:
    """Print a table of the keys.

    Raises:
        ConfigError: the file cannot be read.
    """
    table = Table("id", "name", "scopes", "models", "a minute", "created", "expires", "state")
    now = datetime.now(UTC)
    for key in read_keys(path).keys:
        expired = key.expires is not None and key.expires <= now
        table.add_row(
            key.id,
            key.name,
            ", ".join(key.scopes),
            "all" if key.models is None else ", ".join(key.models),
            _limits(key),
            f"{key.created:%Y-%m-%d}",
            "never" if key.expires is None else f"{key.expires:%Y-%m-%d %H:%M}",
            "revoked" if key.disabled else "expired" if expired else "good",
        )
    console.print(table)


def _limits(key: Key) -> str:
    limits = ((key.requests_per_minute, "requests"), (key.tokens_per_minute, "tokens"))
    return ", ".join(f"{limit} {what}" for limit, what in limits if limit is not None) or "no limit"


@contextmanager
def _changing(path: Path) -> Iterator[None]:
    """One after the other: two that change the file at once would lose one's change."""
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(path: Path, keys: tuple[Key, ...]) -> None:
    """Replace the file as a whole, so that who reads it meanwhile sees the old one or the new one. Its owner alone may
    read it."""
    content = msgspec.json.format(msgspec.json.encode(KeysFile(keys)), indent=2)
    file = path.resolve()  # a link stays one
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
            target.write(content + b"\n")
            target.flush()
            os.fsync(target.fileno())
        part.replace(file)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written ({error.strerror})") from None
    finally:
        part.unlink(missing_ok=True)
