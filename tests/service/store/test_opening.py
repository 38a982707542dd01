"""From a URL to a store with the right schema."""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import httpx
import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from service import config
from service.errors import ConfigError, SetupError
from service.store import migrations, opening
from service.store.base import Query
from service.store.opening import HEAD, default_path, open_store
from tests.command_line import ROOT, environment
from tests.service.test_main import SCRIPT, running
from tests.stores import Cluster, url_of


def test_the_newest_migration_is_the_one_that_the_code_knows() -> None:
    settings = Config()
    settings.set_main_option("script_location", str(Path(migrations.__file__).parent))
    script = ScriptDirectory.from_config(settings)
    assert script.get_heads() == [HEAD]
    assert all(re.fullmatch(r"\d{4}", each.revision) for each in script.walk_revisions())


def test_alembic_does_not_stay_in_the_gateway() -> None:
    code = "import sys, service.app; print({'alembic', 'sqlalchemy', 'psycopg', 'pyarrow'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert run.stdout.strip() == "set()"


def test_a_file_is_made_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    path = default_path({"XDG_STATE_HOME": str(tmp_path)})
    assert path == tmp_path / "dragoman" / "records.db"
    store = open_store(config.Store(), {"XDG_STATE_HOME": str(tmp_path)})
    assert store is not None
    store.write([])
    assert {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()} == dict.fromkeys(
        ("records.db", "records.db-wal", "records.db-shm"), 0o600
    )
    assert path.parent.stat().st_mode & 0o777 == 0o700
    store.close()


def test_without_a_state_directory_it_is_the_one_in_the_home() -> None:
    assert default_path({}) == Path.home() / ".local" / "state" / "dragoman" / "records.db"


def test_an_old_store_is_opened_again_without_a_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = config.Store(url=f"sqlite:{tmp_path / 'a b?%20.db'}")
    first = open_store(settings, {})
    assert first is not None
    first.write([])
    first.close()
    monkeypatch.setattr(opening.subprocess, "run", None)
    second = open_store(settings, {})
    assert second is not None
    assert list(second.entries(Query())) == []
    second.close()
    assert (tmp_path / "a b?%20.db").exists()


def test_several_that_start_together_make_one_schema(tmp_path: Path, cluster: Cluster) -> None:
    for url in (f"sqlite:{tmp_path / 'records.db'}", cluster.database()):
        if url.startswith("sqlite"):
            (tmp_path / "records.db").touch()
        command = [sys.executable, "-m", "service.store.migrate", url]
        runs = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
        errors = [run.communicate(timeout=60)[1] for run in runs]
        assert [run.returncode for run in runs] == [0, 0, 0], errors


def test_a_newer_schema_is_refused(tmp_path: Path, cluster: Cluster) -> None:
    file = tmp_path / "records.db"
    store = open_store(config.Store(url=f"sqlite:{file}"), {})
    assert store is not None
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    conninfo = cluster.migrated()
    with psycopg.connect(conninfo) as server:
        server.execute("UPDATE alembic_version SET version_num = '9999'")
    for url in (f"sqlite:{file}", url_of(conninfo)):
        with pytest.raises(SetupError, match=r"newer version of Dragoman \(schema 9999; this one knows"):
            open_store(config.Store(url=url), {})


def test_what_is_no_database_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("this is no database, and it is long enough to look like none" * 20)
    for url, problem in (
        (f"sqlite:{tmp_path / 'file'}", "not a database"),
        (f"sqlite:{tmp_path / 'file' / 'below'}", "cannot be made"),
        (f"sqlite:{tmp_path}", "cannot be made"),
        (f"postgresql://nobody@/none?host={tmp_path}", "PostgreSQL: .*No such file"),
        ("postgresql://[", "store.url: "),
    ):
        with pytest.raises(SetupError, match=problem):
            open_store(config.Store(url=url), {})


def test_a_password_comes_from_the_environment_and_goes_nowhere_else(tmp_path: Path) -> None:
    settings = config.Store(url=f"postgresql://me@/db?host={tmp_path}", password_env="SECRET_VARIABLE")
    with pytest.raises(ConfigError, match="SECRET_VARIABLE is not set"):
        open_store(settings, {})
    with pytest.raises(SetupError) as caught:
        open_store(settings, {"SECRET_VARIABLE": "hunter2"})
    assert "hunter2" not in str(caught.value)
    named = opening._named(settings, {"SECRET_VARIABLE": "hunter2"})
    assert named is not None
    url, secrets = named.address
    assert secrets == {"PGPASSWORD": "hunter2"}
    assert "hunter2" not in url


@pytest.mark.parametrize("url", ["mysql://x", "records.db", "", "offline", "sqlite:"])
def test_other_urls_are_no_setting(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store\.url"):
        config.load(None, environment={}, assignments=[f"store.url='{url}'"])


def test_a_gateway_serves_without_the_file_that_nobody_asked_for(tmp_path: Path) -> None:
    (tmp_path / "dragoman.toml").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "state").touch()
    arguments = ("--config", str(tmp_path / "dragoman.toml"), "--port", "0")
    script = [sys.executable, "-m", "service", "serve", *arguments, "--set", f"store.url=sqlite:{tmp_path}/state/x"]
    asked_for = subprocess.run(script, capture_output=True, text=True, cwd=ROOT, env=environment(), timeout=60)
    assert (asked_for.returncode, "cannot be made" in asked_for.stderr) == (2, True)
    without = {"XDG_STATE_HOME": str(tmp_path / "state"), "DRAGOMAN_STORE__DAYS": "1"}
    with running(*arguments, **without) as (process, url):
        metrics = httpx.get(f"{url}/metrics").text
        process.terminate()
        assert process.stderr is not None
        assert "no records are kept" in process.stderr.read()
    assert "dragoman_store_up 0.0" in metrics


def test_records_of_a_gateway_outlive_it(tmp_path: Path) -> None:
    (tmp_path / "dragoman.toml").write_text(SCRIPT, encoding="utf-8")
    url = f"sqlite:{tmp_path / 'records.db'}"
    arguments = ("--config", str(tmp_path / "dragoman.toml"), "--port", "0", "--set", f"store.url={url}")
    body = {"model": "m", "messages": [{"role": "user", "content": "Grüß mich!"}]}
    with running(*arguments) as (process, address):
        ids = [
            httpx.post(f"{address}/v1/chat/completions", json=body).headers["dragoman-inference-id"] for _ in range(5)
        ]
        process.terminate()  # what was put in the last moment is written at the end
        process.wait(20)
    store = open_store(config.Store(url=url), {})
    assert store is not None
    assert [each.id for each in store.entries(Query(), oldest_first=True)] == ids
    assert all(len(store.attempts(id)) == 1 for id in ids)
    store.close()
