"""Records in PostgreSQL, for several replicas: COPY, and a partition for each day, which is dropped when it expires."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.string import TextLoader

from ..errors import SetupError, StoreError
from ..ids import first_id, time_of
from .base import Kept
from .sql import Result, SQLStore, add_counts, pack
from .tables import RECORDS

CONNECT_SECONDS = 5
"""How long a server may take to answer at all."""

ANSWER_SECONDS = 10.0
"""How long it may take over one transaction. A server that stands still does not keep its own ``statement_timeout``,
so the connection is cut from here."""

LOCK = 0x6472_6167_6F6D_616E
"""Advisory lock of those who change the schema: the word "dragoman"."""

PARTITIONED = ("records", "bodies")

Connection = psycopg.Connection[tuple[Any, ...]]

_RETENTION = LOCK + 1
_DAY = timedelta(days=1)


def connect(url: str) -> Connection:
    """A connection to the server; a password that the URL does not hold is libpq's to find (``PGPASSWORD``).

    Raises:
        psycopg.Error: there is none.
    """
    connection = psycopg.connect(url, connect_timeout=CONNECT_SECONDS, application_name="dragoman")
    for kind in ("uuid", "jsonb"):  # as they are written
        connection.adapters.register_loader(kind, TextLoader)
    return connection


class Statements:
    """A transaction whose statements mark values as SQLite's do."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Result:
        """See ``Transaction``."""
        return self.connection.execute(statement.replace("?", "%s").encode(), values)


class PostgresStore(SQLStore):
    """See ``Store``. One connection writes records; everything else opens one of its own.

    ``password`` goes with a ``url`` that has none.

    Raises:
        SetupError: the URL is none.
    """

    contains = "r.found @> jsonb_build_array(?::jsonb)"

    def __init__(self, url: str, password: str | None = None) -> None:
        try:
            self._parameters = conninfo_to_dict(url)
        except psycopg.Error as error:
            raise SetupError(f"store.url: {error}") from None
        if password is not None:
            self._parameters["password"] = password
        options = f"{self._parameters.get('options', '')} -c statement_timeout={ANSWER_SECONDS * 1000:.0f}"
        self._url = make_conninfo("", **{**self._parameters, "options": options.strip()})
        self._lock = threading.Lock()
        self._writer: Connection | None = None
        self._days: set[date] = set()

    @property
    def address(self) -> tuple[str, dict[str, str]]:
        """See ``SQLStore``."""
        shown = {key: value for key, value in self._parameters.items() if key != "password"}
        password = self._parameters.get("password")
        return make_conninfo("", **shown), {} if password is None else {"PGPASSWORD": str(password)}

    @contextmanager
    def reading(self) -> Generator[Statements, None, None]:
        """See ``SQLStore``."""
        try:
            with closing(connect(self._url)) as connection, _limited(connection):
                yield Statements(connection)
        except psycopg.Error as error:
            raise _failure(error) from None

    @contextmanager
    def writing(self) -> Generator[Statements, None, None]:
        """See ``SQLStore``."""
        with self.reading() as statements:
            yield statements
            statements.connection.commit()

    def write(self, batch: Sequence[Kept]) -> None:
        """See ``Store``."""
        with self._lock:
            try:
                if self._writer is None:
                    self._writer = self._for_writing()
                with _limited(self._writer):
                    self._make_partitions(self._writer, (_day(kept.entry.id) for kept in batch))
                    with self._writer.transaction():
                        _write(self._writer, batch)
            except psycopg.Error as error:
                self._hang_up()
                raise _failure(error) from None

    def expire(self, *, records_before: float, bodies_before: float) -> int:
        """See ``Store``. One replica at a time does it, the others nothing."""
        try:
            with closing(connect(self._url)) as guard:
                (free,) = guard.execute("SELECT pg_try_advisory_lock(%s)", (_RETENTION,)).fetchone() or (False,)
                if not free:
                    return 0
                return super().expire(records_before=records_before, bodies_before=bodies_before)
        except psycopg.Error as error:
            raise _failure(error) from None

    def close(self) -> None:
        """See ``Store``."""
        with self._lock:
            self._hang_up()

    def prepare(self) -> None:
        """See ``SQLStore``."""
        try:
            with self.reading():
                pass
        except StoreError as error:
            raise SetupError(str(error)) from None

    def revision(self) -> str | None:
        """See ``SQLStore``."""
        with self.reading() as statements:
            if statements.execute("SELECT to_regclass('alembic_version')").fetchall() == [(None,)]:
                return None
            found = statements.execute("SELECT version_num FROM alembic_version").fetchall()
        return str(found[0][0]) if found else None

    def forget(self, table: str, bound: str) -> int:
        """See ``SQLStore``: of what has partitions, whole days are dropped."""
        if table not in PARTITIONED:
            return super().forget(table, bound)
        gone = 0
        for name, day in self._partitions(table):
            if first_id(_begin(day + _DAY)) <= bound:
                with self.writing() as statements:
                    gone += statements.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0]
                    statements.execute(f"DROP TABLE {name}")
                self._days.discard(day)
        return gone

    def _partitions(self, table: str) -> list[tuple[str, date]]:
        with self.reading() as statements:
            found = statements.execute(
                "SELECT relname::text FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = ?::regclass",
                (table,),
            ).fetchall()
        return [(name, datetime.strptime(name[-8:], "%Y%m%d").date()) for (name,) in found]

    def _for_writing(self) -> Connection:
        connection = connect(self._url)
        with _limited(connection), connection.transaction():
            connection.execute("CREATE TEMPORARY TABLE incoming (LIKE records) ON COMMIT DELETE ROWS")
        return connection

    def _make_partitions(self, connection: Connection, days: Iterable[date]) -> None:
        """See that there is one for each of ``days`` and for the day after: making one waits for all who write."""
        wanted = set(days)
        missing = (wanted | {day + _DAY for day in wanted}) - self._days
        for day in sorted(missing):
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                for table in PARTITIONED:
                    name = f"{table}_{day:%Y%m%d}"
                    if connection.execute("SELECT to_regclass(%s)", (name,)).fetchone() == (None,):
                        begin, end = first_id(_begin(day)), first_id(_begin(day + _DAY))
                        values = f"FROM ('{begin}') TO ('{end}')"
                        connection.execute(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES {values}".encode())
            self._days.add(day)

    def _hang_up(self) -> None:
        self._days.clear()  # somebody may have dropped one
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _write(connection: Connection, batch: Sequence[Kept]) -> None:
    cursor = connection.cursor()
    with cursor.copy(f"COPY incoming ({RECORDS.columns}) FROM STDIN".encode()) as copy:
        for kept in batch:
            copy.write_row(RECORDS.row(kept.entry))
    cursor.execute(
        f"INSERT INTO records ({RECORDS.columns}) SELECT {RECORDS.columns} FROM incoming ORDER BY id, attempt "
        "ON CONFLICT DO NOTHING RETURNING id, attempt".encode()
    )
    written = set(cursor.fetchall())
    by_attempt = {(kept.entry.id, kept.entry.attempt): kept for kept in reversed(batch)}  # the first of one counts
    new = [kept for attempt, kept in reversed(by_attempt.items()) if attempt in written]
    bodies = [(kept.entry.id, kept.entry.attempt, pack(kept.body)) for kept in new if kept.body is not None]
    if bodies:
        cursor.executemany("INSERT INTO bodies VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", bodies)
    counted = [kept for kept in new if kept.counts]
    if counted:
        firsts = _first_of_conversations(cursor, counted)
        counts = (count for kept in counted if _takes(firsts, kept) for count in kept.counts)
        add_counts(Statements(connection), counts)


def _first_of_conversations(cursor: psycopg.Cursor[tuple[Any, ...]], counted: Iterable[Kept]) -> set[Any]:
    """Those of the conversations that nobody has counted before, by model and run."""
    keys = sorted({_conversation(kept) for kept in counted if kept.entry.conversation is not None})
    cursor.execute(
        "INSERT INTO conversations SELECT * FROM unnest(%s::text[], %s::text[], %s::text[]) "
        "ON CONFLICT DO NOTHING RETURNING model, run, conversation",
        [list(column) for column in zip(*keys, strict=True)] or [[], [], []],
    )
    return set(cursor.fetchall())


def _takes(firsts: set[Any], kept: Kept) -> bool:
    """Whether this attempt is the first of its conversation, which it then is no more for the next."""
    if kept.entry.conversation is None:
        return True
    key = _conversation(kept)
    is_first = key in firsts
    firsts.discard(key)
    return is_first


def _conversation(kept: Kept) -> tuple[str, str, str]:
    return kept.entry.model, kept.entry.run or "", kept.entry.conversation or ""


@contextmanager
def _limited(connection: Connection) -> Generator[None, None, None]:
    """Cut the connection when the block takes too long: its next step then raises."""
    line = socket.socket(fileno=os.dup(connection.fileno()))
    watchdog = threading.Timer(ANSWER_SECONDS, _cut, (line,))
    watchdog.daemon = True
    watchdog.start()
    try:
        yield
    finally:
        watchdog.cancel()
        line.close()


def _cut(line: socket.socket) -> None:
    with suppress(OSError):  # the block may just have ended
        line.shutdown(socket.SHUT_RDWR)


def _day(id: str) -> date:
    return datetime.fromtimestamp(time_of(id), UTC).date()


def _begin(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _failure(error: psycopg.Error) -> StoreError:
    return StoreError(f"PostgreSQL: {error}".strip())
