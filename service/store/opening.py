"""From a URL to a store that is there and has this version's schema."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from .. import config
from ..errors import ConfigError, MissingExtra, SetupError, StoreError
from .sql import SQLStore
from .sqlite import SQLiteStore

HEAD = "0001"
"""Revision of the schema that this code writes and reads: the newest of ``migrations``."""

MIGRATION_SECONDS = 600
"""How long a database may take to become one of this version."""

_SQLITE = "sqlite:"


def open_store(settings: config.Store, environment: Mapping[str, str]) -> SQLStore | None:
    """The store of the settings, ready to be written to; None where it is off.

    Raises:
        SetupError: it cannot be opened, or was made by a newer version; names the reason, never a password.
    """
    store = _named(settings, environment)
    if store is not None:
        store.prepare()
        try:
            _upgrade(store)
        except StoreError as error:
            raise SetupError(f"the records cannot be opened: {error}") from None
    return store


def open_to_read(settings: config.Store, environment: Mapping[str, str]) -> SQLStore:
    """The store of the settings as it is: nothing is made, and no schema is changed under a gateway that runs.

    Raises:
        SetupError: there is none, or its schema is not this version's.
    """
    store = _named(settings, environment)
    if store is None:
        raise SetupError("nothing is kept: store.url is off")
    try:
        revision = store.revision()
    except StoreError as error:
        raise SetupError(f"the records cannot be opened: {error}") from None
    if revision != HEAD:
        raise SetupError(
            f"the records have the schema {revision}, and this version of Dragoman reads {HEAD}: start its gateway "
            "with them once, or use the version that keeps them"
        )
    return store


def default_path(environment: Mapping[str, str]) -> Path:
    """Where records are without a setting: with the state that programs keep for a user (XDG base directories)."""
    state = environment.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "dragoman" / "records.db"


def _named(settings: config.Store, environment: Mapping[str, str]) -> SQLStore | None:
    url = settings.url
    if url == "off":
        return None
    if url is None:
        return SQLiteStore(default_path(environment))
    if url.startswith(_SQLITE):
        return SQLiteStore(Path(url.removeprefix(_SQLITE)))
    try:
        from .postgres import PostgresStore
    except ModuleNotFoundError:
        raise MissingExtra("store.url needs the package psycopg: pip install 'dragoman[postgres]'") from None
    return PostgresStore(url, _password(settings, environment))


def _password(settings: config.Store, environment: Mapping[str, str]) -> str | None:
    if settings.password_env is None:
        return None
    password = environment.get(settings.password_env)
    if not password:
        raise ConfigError(f"store.password_env: the environment variable {settings.password_env} is not set")
    return password


def _upgrade(store: SQLStore) -> None:
    revision = store.revision()
    if revision is not None and revision > HEAD:
        raise SetupError(
            f"the records were kept by a newer version of Dragoman (schema {revision}; this one knows {HEAD}): use "
            "that version, or name another store.url"
        )
    if revision == HEAD:
        return
    url, secrets = store.address
    command = [sys.executable, "-m", "service.store.migrate", url]
    try:
        run = subprocess.run(
            command, env={**os.environ, **secrets}, capture_output=True, text=True, timeout=MIGRATION_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise SetupError(f"the records were not brought to schema {HEAD} in {MIGRATION_SECONDS} s") from None
    if run.returncode:
        raise SetupError(f"the records cannot be brought to schema {HEAD}: {run.stderr.strip()[-500:]}")
