"""From the event loop to the store: a bounded queue, and one thread that writes what is in it.

Whatever the store does, the event loop does not wait. What cannot be kept is counted.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable
from threading import Event, Thread
from time import perf_counter, sleep

import msgspec

from ..errors import StoreError
from ..guarding import attempt
from ..record import Record
from .base import Body, Count, Kept, Store
from .entries import entry_of
from .texts import Texts

BATCH = 500
"""Records that are written in one transaction."""

SLICE = 10
"""Records that are turned into rows before the event loop is let in."""

INTERVAL = 0.1
"""Seconds between two batches when fewer come: half of what may be lost when the process is killed, since a batch takes
its time too."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds until a batch that failed is tried again; doubled each time."""

PATIENCE = 60.0
"""Seconds for which a batch is tried before it is dropped: it may be the batch that the store cannot take."""

MOST_CHARACTERS = 32 * 1024 * 1024
"""Of texts in the queue."""

log = logging.getLogger(__name__)


class Writer:
    """Keeps records in ``store``; a ``Keeper``. Start it, and close it at the end.

    At most ``limit`` records wait. ``counted`` says what a record adds to counters. The figures are for metrics:
    ``dropped`` counts records by reason: "full" (of the queue), "failed" (the store did not take them), "broken" (they
    could not be turned into rows), "closed" (there was no time at the end). ``bodies`` counts texts: "kept", "full",
    "broken" (the redaction raised).
    """

    def __init__(
        self,
        store: Store,
        texts: Texts,
        limit: int,
        counted: Callable[[Record], Iterable[Count]] = lambda record: (),
    ) -> None:
        self._store = store
        self._texts = texts
        self._limit = limit
        self._enough = min(BATCH, (limit + 1) // 2)
        self._counted = counted
        self._queue: deque[tuple[float, Record]] = deque()
        self._characters = 0  # that were put, and …
        self._taken_characters = 0  # … that were taken: each has one thread that changes it
        self._oldest: float | None = None  # when the first of the batch that is being written was put
        self._wake = Event()
        self._closing = Event()
        self._thread = Thread(target=self._run, name="records", daemon=True)
        self.written = 0
        self.dropped: Counter[str] = Counter()
        self.bodies: Counter[str] = Counter()
        self.errors = 0
        self.is_up = True

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def may_keep_text(self, id: str) -> bool:
        """See ``Keeper``."""
        return self._texts.may_keep(id)

    def put(self, record: Record) -> None:
        """See ``Keeper``."""
        if len(self._queue) >= self._limit:
            self.dropped["full"] += 1
            return
        if record.text is not None:
            record = self._with_room(record)
        self._queue.append((perf_counter(), record))
        if len(self._queue) == self._enough:
            self._wake.set()

    @property
    def waiting(self) -> int:
        """Records in the queue."""
        return len(self._queue)

    @property
    def lag(self) -> float:
        """For how many seconds the oldest record that is not written has been waiting."""
        oldest = self._oldest
        if oldest is None:
            try:
                oldest = self._queue[0][0]
            except IndexError:
                return 0.0
        return perf_counter() - oldest

    def close(self, seconds: float) -> bool:
        """Write what there is, for at most so long; whether it was enough. What is left is counted as dropped."""
        self._closing.set()
        self._wake.set()
        self._thread.join(seconds)
        left = len(self._queue)
        if left:
            self._queue.clear()
            self.dropped["closed"] += left
            log.warning("%d records were not written before the end", left)
        return not self._thread.is_alive()

    def _with_room(self, record: Record) -> Record:
        assert record.text is not None
        if not self._texts.keeps(record):
            return msgspec.structs.replace(record, text=None)
        characters = record.text.characters
        if self._characters - self._taken_characters + characters > MOST_CHARACTERS:
            self.bodies["full"] += 1
            return msgspec.structs.replace(record, text=None)
        self._characters += characters
        return record

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(INTERVAL)
            self._wake.clear()
            while self._queue:
                self._write(self._take())

    def _take(self) -> list[Kept]:
        batch = []
        self._oldest = self._queue[0][0]
        for at in range(min(BATCH, len(self._queue))):
            if at % SLICE == 0:
                sleep(0)  # lets the event loop go first: Python would give it a turn every 5 ms only
            _, record = self._queue.popleft()
            kept = attempt(self._kept, record)
            if isinstance(kept, Exception):
                if not self.dropped["broken"]:
                    log.error("a record cannot be kept; the next ones are only counted", exc_info=kept)
                self.dropped["broken"] += 1
            else:
                batch.append(kept)
        return batch

    def _kept(self, record: Record) -> Kept:
        if record.text is not None:
            self._taken_characters += record.text.characters
        return Kept(entry_of(record), self._body(record), tuple(self._counted(record)))

    def _body(self, record: Record) -> Body | None:
        body = attempt(self._texts.body, record)
        if isinstance(body, Exception):
            if not self.bodies["broken"]:  # without what it says, which may be the text
                log.error("store.redact raised %s; the next times are only counted", type(body).__name__)
            self.bodies["broken"] += 1
            return None
        return body

    def _write(self, batch: list[Kept]) -> None:
        """Write, and try again for a while; at the end once."""
        begun, pause = perf_counter(), FIRST_PAUSE
        while (error := attempt(self._store.write, batch)) is not None:
            self.errors += 1
            if self.is_up:
                log.error("records cannot be written: %s", error)
            self.is_up = False
            if not isinstance(error, StoreError) or perf_counter() - begun > PATIENCE or self._closing.wait(pause):
                self._drop(batch, error)
                break
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            self._wrote(batch)
        self._oldest = None

    def _wrote(self, batch: list[Kept]) -> None:
        self.written += len(batch)
        self.bodies["kept"] += sum(kept.body is not None for kept in batch)
        if not self.is_up:
            log.warning("records are written again; %d were dropped so far", self.dropped.total())
        self.is_up = True

    def _drop(self, batch: list[Kept], error: Exception) -> None:
        self.dropped["failed"] += len(batch)
        log.error("%d records were dropped", len(batch), exc_info=None if isinstance(error, StoreError) else error)
