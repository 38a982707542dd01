"""Both stores, one suite."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from service.config import Store
from service.store.opening import open_store
from service.store.sql import SQLStore
from tests import stores

Opening = Callable[[], SQLStore]


@pytest.fixture(scope="session")
def cluster() -> Generator[stores.Cluster, None, None]:
    """A PostgreSQL server for all tests."""
    with stores.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema."""
    folder = tmp_path_factory.mktemp("template")
    stores.sqlite(folder).close()
    return folder / "records.db"


@pytest.fixture(params=["sqlite", "postgres"])
def opening(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Opening, None, None]:
    """Opens the same empty database, as often as it is called."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "records.db")
        url = f"sqlite:{tmp_path / 'records.db'}"
    else:
        url = request.getfixturevalue("cluster").migrated()
    opened: list[SQLStore] = []

    def again() -> SQLStore:
        store = open_store(Store(url=url), {})
        assert store is not None
        opened.append(store)
        return store

    yield again
    for store in opened:
        store.close()


@pytest.fixture
def store(opening: Opening) -> SQLStore:
    """An empty store."""
    return opening()
