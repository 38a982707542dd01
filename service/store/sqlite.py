"""Records in a file: SQLite with a write-ahead log, for one machine."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from ..errors import SetupError, StoreError
from .base import Count, Kept
from .sql import SQLStore, add_counts, pack
from .tables import RECORDS

BUSY_SECONDS = 5.0
"""How long somebody else may hold the file's lock."""

_LOG_BYTES = 64 * 1024 * 1024


class SQLiteStore(SQLStore):
    """See ``Store``. One connection writes; each reading has its own, and neither waits for the other."""

    contains = "instr(r.found, rtrim(?, '}')) > 0"

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._writer: sqlite3.Connection | None = None
        self._inode = 0

    @property
    def address(self) -> tuple[str, dict[str, str]]:
        """See ``SQLStore``."""
        return f"sqlite:{self._path}", {}

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection, None, None]:
        """See ``SQLStore``."""
        try:
            with closing(self._connect()) as connection:
                yield connection
        except sqlite3.Error as error:
            raise self._failure(error) from None

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection, None, None]:
        """See ``SQLStore``."""
        if not self._lock.acquire(timeout=BUSY_SECONDS):
            raise StoreError(f"{self._path}: somebody has been writing for {BUSY_SECONDS:g} s")
        try:
            connection = self._for_writing()
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._hang_up()
            raise self._failure(error) from None
        except BaseException:
            self._hang_up()  # which takes back what was begun
            raise
        finally:
            self._lock.release()

    def write(self, batch: Sequence[Kept]) -> None:
        """See ``Store``."""
        insert = f"{RECORDS.insert} ON CONFLICT DO NOTHING"
        with self.writing() as connection:
            counts: list[Count] = []
            for kept in batch:
                entry = kept.entry
                if not connection.execute(insert, RECORDS.row(entry)).rowcount:
                    continue
                if kept.body is not None:
                    body = (entry.id, entry.attempt, pack(kept.body))
                    connection.execute("INSERT INTO bodies VALUES (?, ?, ?) ON CONFLICT DO NOTHING", body)
                if kept.counts and (entry.conversation is None or _is_first(connection, kept)):
                    counts += kept.counts
            add_counts(connection, counts)

    def close(self) -> None:
        """See ``Store``."""
        with self._lock:
            self._hang_up()

    def prepare(self) -> None:
        """See ``SQLStore``. Nobody but its owner may read the file."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
        except OSError as error:
            raise SetupError(f"{self._path}: cannot be made or opened ({error.strerror})") from None
        except sqlite3.Error as error:
            raise SetupError(str(self._failure(error))) from None

    def revision(self) -> str | None:
        """See ``SQLStore``."""
        with self.reading() as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchall():
                return None
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        return str(found[0][0]) if found else None

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self._path))}?mode=rw",  # a file that is gone is an error, and is not made anew, empty
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    def _for_writing(self) -> sqlite3.Connection:
        """The connection that writes. To a file that was deleted or replaced, SQLite would write on without a word."""
        if self._writer is not None and self._look() != self._inode:
            self._hang_up()
        if self._writer is None:
            self._writer = self._connect()
            self._writer.execute(f"PRAGMA journal_size_limit = {_LOG_BYTES}")
            self._inode = self._look()
        return self._writer

    def _look(self) -> int:
        try:
            return self._path.stat().st_ino
        except OSError:
            return 0

    def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _failure(self, error: sqlite3.Error) -> StoreError:
        return StoreError(f"{self._path}: {error}")


def _is_first(connection: sqlite3.Connection, kept: Kept) -> bool:
    """Whether no attempt of this conversation was counted in this run before."""
    entry = kept.entry
    key = (entry.model, entry.run or "", entry.conversation)
    return bool(connection.execute("INSERT INTO conversations VALUES (?, ?, ?) ON CONFLICT DO NOTHING", key).rowcount)
