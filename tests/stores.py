"""Stores for tests: SQLite in a file, PostgreSQL in a cluster of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.conninfo import make_conninfo

from diagnostics.core import Diagnosis, ExpectedLanguage, Instruction, LanguageFinding, Origin, Verdict
from service.backends.scripted import ScriptedBackend
from service.config import ScriptedCheckpoint, Store
from service.ids import uuid7
from service.record import Record
from service.routing import Arm, Route
from service.routing import Role as ArmRole
from service.schema import Usage
from service.store.base import Entry, Found
from service.store.opening import open_store
from service.store.sql import SQLStore
from tests.lacking import lack

USER = "postgres"
"""PostgreSQL does not run as root: this user does it then."""

_SETTINGS = "fsync=off", "max_connections=40", "shared_buffers=16MB"


class Cluster:
    """A PostgreSQL server on a socket in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template: str | None = None

    def url(self, database: str) -> str:
        """Of one of its databases."""
        return make_conninfo(host=str(self._folder), user=USER, dbname=database)

    @property
    def pid(self) -> int:
        """The server's first process."""
        return int((self._folder / "data" / "postmaster.pid").read_text().split()[0])

    def database(self) -> str:
        """The URL of a new one, empty."""
        return self._make("template1")

    def migrated(self) -> str:
        """The URL of a new one that has the schema."""
        if self._template is None:
            self._template = f"template_{uuid4().hex}"
            url = self._make("template1", self._template)
            store = open_store(Store(url=url_of(url)), {})
            assert store is not None
            store.close()
        return self._make(self._template)

    def _make(self, template: str, name: str | None = None) -> str:
        name = name or f"test_{uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)


def url_of(conninfo: str) -> str:
    """As the settings have it."""
    parts = psycopg.conninfo.conninfo_to_dict(conninfo)
    return f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"


@contextmanager
def cluster() -> Generator[Cluster, None, None]:
    """Runs while the block does; the test is skipped where PostgreSQL is not installed."""
    programs = _programs()
    with TemporaryDirectory(prefix="dragoman-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, USER)
        data, log = folder / "data", folder / "log"
        options = " ".join(f"-c {setting}" for setting in _SETTINGS)
        listen = f"-c listen_addresses='' -c unix_socket_directories='{folder}'"
        _run(programs / "initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C")
        _run(programs / "pg_ctl", "-D", data, "-l", log, "-w", "-o", f"{options} {listen}", "start")
        try:
            yield Cluster(folder)
        finally:
            _run(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _programs() -> Path:
    """Where the server's programs are: Debian keeps them out of the PATH."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in found:
        if (folder / "pg_ctl").exists() and (folder / "postgres").exists():
            return folder
    lack("PostgreSQL is not installed (make test-tools)")


def _run(*command: object) -> None:
    words = [str(word) for word in command]
    if os.geteuid() == 0:
        words = ["runuser", "-u", USER, "--", *words]
    subprocess.run(words, check=True, cwd="/", stdout=subprocess.DEVNULL, timeout=60)


def sqlite(folder: Path) -> SQLStore:
    """An empty store in a file of ``folder``."""
    store = open_store(Store(url=f"sqlite:{folder / 'records.db'}"), {})
    assert store is not None
    return store


def entry(id: str | None = None, **fields: Any) -> Entry:
    """A record of a reply that was right, as far as ``fields`` do not say otherwise."""
    given = {
        "id": id or uuid7(),
        "attempt": 0,
        "time": 1_700_000_000.0,
        "model": "m",
        "checkpoint": "c",
        "arm": "stable",
        "assigned": "c",
        "outcome": "ok",
        "language": "de",
        "expected_language": "de",
        "expected_origin": "instruction",
        "detected": "de",
        "language_verdict": "pass",
        "found": (Found("language", "pass", 2),),
        "complete": True,
        "version": "1",
        "duration": 0.5,
    }
    return Entry(**{**given, **fields})


ROUTE = Route("m", Arm(ArmRole.CANARY, "c", ScriptedBackend(ScriptedCheckpoint(("x",))), 0.25))


def record(id: str | None = None, **fields: Any) -> Record:
    """An attempt whose reply was in the wrong language, as far as ``fields`` do not say otherwise."""
    id = id or uuid7()
    expected = ExpectedLanguage("de", Origin.INSTRUCTION)
    language = LanguageFinding(verdict=Verdict.FAIL, score=0, detected="en")
    diagnosis = Diagnosis(id=id, instruction_language="de", expected_language=expected, language=language)
    given = {
        "id": id,
        "route": ROUTE,
        "checkpoint": "c",
        "outcome": "ok",
        "duration": 0.5,
        "first_token": 0.1,
        "diagnosis": diagnosis,
        "usage": Usage(3, 4, 7),
        "instruction": Instruction((), "de", expected),
        "finish_reason": "stop",
    }
    return Record(**{**given, **fields})
