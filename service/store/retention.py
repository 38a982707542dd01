"""Forgetting what is older than the settings allow: every hour, in a thread of its own."""

from __future__ import annotations

import logging
from threading import Event, Thread
from time import time

from ..guarding import attempt
from .base import Store

INTERVAL = 3600.0
"""Seconds."""

_DAY = 86_400

log = logging.getLogger(__name__)


class Retention:
    """Keeps records in ``store`` for ``days`` and their texts for ``text_days``, from ``start`` until ``stop``."""

    def __init__(self, store: Store, days: float, text_days: float, interval: float = INTERVAL) -> None:
        self._store = store
        self._days = days
        self._text_days = text_days
        self._interval = interval
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Begin, with what is too old already."""
        self._thread.start()

    def stop(self) -> None:
        """Do it no more. What is being done is not waited for: it is small steps."""
        self._stopping.set()

    def _run(self) -> None:
        while True:
            self._expire()
            if self._stopping.wait(self._interval):
                return

    def _expire(self) -> None:
        now = time()
        gone = attempt(
            self._store.expire, records_before=now - self._days * _DAY, bodies_before=now - self._text_days * _DAY
        )
        if isinstance(gone, Exception):
            log.warning("old records could not be forgotten: %s", gone)
        elif gone:
            log.info("forgot %d rows that were too old", gone)
