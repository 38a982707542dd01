from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest

from service.store.base import Kept, Query
from service.store.retention import Retention
from service.store.sql import SQLStore
from tests.service.store.test_sql import body, id_of, kept
from tests.service.store.test_writer import until
from tests.stores import entry, sqlite

DAY = 86_400


def test_what_is_too_old_goes_at_once_and_then_again_and_again(store: SQLStore) -> None:
    now = time.time()
    old, young = entry(id_of(now - 9 * DAY)), entry(id_of(now - DAY))
    store.write(kept(old, young))
    retention = Retention(store, days=7, text_days=1, interval=0.05)
    retention.start()
    until(lambda: list(store.entries(Query())) == [young])
    store.write(kept(again := entry(id_of(now - 10 * DAY))))
    until(lambda: not store.attempts(again.id))
    retention.stop()


def test_texts_go_before_their_records(tmp_path: Path) -> None:
    store = sqlite(tmp_path)
    at = entry(id_of(time.time() - 2 * DAY))
    store.write([Kept(at, body(at.id))])
    retention = Retention(store, days=7, text_days=1)
    retention.start()
    until(lambda: store.body(at.id, 0) is None)
    retention.stop()
    assert store.attempts(at.id) == [at]
    store.close()


def test_a_store_that_is_down_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    store = sqlite(tmp_path)
    (tmp_path / "records.db").rename(tmp_path / "away")
    retention = Retention(store, days=7, text_days=1, interval=0.01)
    retention.start()
    until(lambda: caplog.text.count("old records could not be forgotten") >= 2)
    retention.stop()


def test_an_error_of_our_own_does_not_end_it(store: SQLStore, monkeypatch: pytest.MonkeyPatch) -> None:
    tries = []

    def expire(**bounds: float) -> int:
        tries.append(bounds)
        raise ValueError("no partition of ours")

    monkeypatch.setattr(store, "expire", expire)
    retention = Retention(store, days=7, text_days=1, interval=0.01)
    retention.start()
    until(lambda: len(tries) >= 2)
    retention.stop()
