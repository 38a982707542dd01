"""What SQLite and PostgreSQL have in common, which is nearly all of it.

Statements are written with ``?`` for a value. Rows are read a page at a time, each in a transaction of its own, so that
whoever reads for an hour holds nothing up.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from itertools import islice
from time import sleep
from typing import Any, Protocol

import msgspec

from diagnostics.core import Verdict

from ..errors import UnknownInference
from ..ids import first_id, is_id
from .base import Audit, Body, Consistency, Count, Entry, Feedback, Found, Judgement, Kept, Query
from .tables import AUDITS, CONSISTENCY, COUNTS, FEEDBACK, JUDGEMENTS, RECORDS, Row

PAGE = 500
"""Rows that are read, or forgotten, in one transaction."""

PAUSE = 0.02
"""Seconds between two steps of forgetting, for those who want to write."""

_BODY = msgspec.json.Decoder(Body)
_COUNTER = [name for name in Count.__struct_fields__ if name != "requests"]


class Result(Protocol):
    """What a statement brought."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchall(self) -> Sequence[Row]:
        """Its rows."""


class Transaction(Protocol):
    """Statements that all count, or none."""

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Result:
        """Run one statement."""


class SQLStore(ABC):
    """See ``Store``. A database has its own ways to begin, to insert many rows and to forget them."""

    contains: str
    """A condition: one of the findings of ``r`` begins like the one, in JSON, that is the value."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction that changes nothing."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction that ends with the block: well, or without a trace."""

    @abstractmethod
    def prepare(self) -> None:
        """Make sure that there is a database, of whatever schema.

        Raises:
            SetupError: there is none, and none can be made.
        """

    @abstractmethod
    def revision(self) -> str | None:
        """That of the schema; None before there is one."""

    @property
    @abstractmethod
    def address(self) -> tuple[str, dict[str, str]]:
        """What ``service.store.migrate`` takes, and what it needs in its environment: passwords, which arguments would
        show to everybody."""

    @abstractmethod
    def write(self, batch: Sequence[Kept]) -> None:
        """See ``Store``."""

    @abstractmethod
    def close(self) -> None:
        """See ``Store``."""

    def attempts(self, id: str) -> Sequence[Entry]:
        """See ``Store``."""
        if not is_id(id):
            return []
        with self.reading() as transaction:
            found = transaction.execute(
                f"SELECT {RECORDS.columns} FROM records WHERE id = ? ORDER BY attempt", (id,)
            ).fetchall()
        return [RECORDS.read(row) for row in found]

    def body(self, id: str, attempt: int) -> Body | None:
        """See ``Store``."""
        return next(self.bodies([(id, attempt)]), None)

    def entries(self, query: Query, *, limit: int | None = None, oldest_first: bool = False) -> Iterator[Entry]:
        """See ``Store``."""
        rows = self._pages(RECORDS.columns, "records r", query, oldest_first=oldest_first)
        return map(RECORDS.read, islice(rows, limit))

    def bodies(self, ids: Iterable[tuple[str, int]]) -> Iterator[Body]:
        """See ``Store``."""
        wanted = iter(ids)
        while page := set(islice(wanted, PAGE)):
            known = sorted({id for id, _ in page if is_id(id)})
            places = ", ".join("?" for _ in known)
            statement = f"SELECT body FROM bodies WHERE id IN ({places}) ORDER BY id, attempt"
            with self.reading() as transaction:
                found = transaction.execute(statement, known).fetchall() if known else ()
            for (packed,) in found:
                body = _BODY.decode(zlib.decompress(packed))
                if (body.id, body.attempt) in page:
                    yield body

    def counts(self, model: str, run: str) -> Sequence[Count]:
        """See ``Store``."""
        with self.reading() as transaction:
            found = transaction.execute(
                f"SELECT {COUNTS.columns} FROM counts WHERE model = ? AND run = ? AND cohort = 0", (model, run)
            ).fetchall()
        return [COUNTS.read(row) for row in found]

    def close_cohorts(self, model: str, run: str, before: int) -> None:
        """See ``Store``."""
        with self.writing() as transaction:
            gone = transaction.execute(
                "DELETE FROM counts WHERE model = ? AND run = ? AND cohort > 0 AND cohort < ? "
                f"RETURNING {COUNTS.columns}",
                (model, run, before),
            ).fetchall()
            add_counts(transaction, [msgspec.structs.replace(COUNTS.read(row), cohort=0) for row in gone])

    def add_feedback(self, feedback: Feedback) -> bool:
        """See ``Store``."""
        with self.writing() as transaction:
            if not is_id(feedback.id) or not _exists(transaction, feedback.id):
                raise UnknownInference(feedback.id)
            added = transaction.execute(f"{FEEDBACK.insert} ON CONFLICT DO NOTHING", FEEDBACK.row(feedback))
            return added.rowcount == 1

    def feedback(self, query: Query, kind: str | None = None) -> Iterator[tuple[Entry, Feedback]]:
        """See ``Store``."""
        tables = "feedback f JOIN records r ON r.id = f.id AND r.final"
        columns = f"{RECORDS.qualified('r')}, {FEEDBACK.qualified('f')}"
        more = ("f.kind = ?", kind) if kind is not None else None
        for row in self._pages(columns, tables, query, key=("r.id", "f.key"), more=more, oldest_first=True):
            yield RECORDS.read(row[:_WIDTH]), FEEDBACK.read(row[_WIDTH:])

    def add_judgements(self, judgements: Sequence[Judgement]) -> None:
        """See ``Store``."""
        with self.writing() as transaction:
            for each in judgements:
                transaction.execute(f"{JUDGEMENTS.insert} ON CONFLICT DO NOTHING", JUDGEMENTS.row(each))

    def judgements(self, query: Query) -> Iterator[tuple[Entry, Judgement]]:
        """See ``Store``."""
        tables = "judgements j JOIN records r ON r.id = j.id AND r.attempt = j.attempt"
        columns = f"{RECORDS.qualified('r')}, {JUDGEMENTS.qualified('j')}"
        for row in self._pages(columns, tables, query, key=("r.id", "r.attempt", "j.judge"), oldest_first=True):
            yield RECORDS.read(row[:_WIDTH]), JUDGEMENTS.read(row[_WIDTH:])

    def add_consistency(self, found: Consistency) -> None:
        """See ``Store``."""
        with self.writing() as transaction:
            transaction.execute(f"{CONSISTENCY.insert} ON CONFLICT DO NOTHING", CONSISTENCY.row(found))

    def consistency(self, query: Query) -> Iterator[Consistency]:
        """See ``Store``."""
        tables = "consistency c JOIN records r ON r.id = c.id AND r.final"
        rows = self._pages(CONSISTENCY.qualified("c"), tables, query, key=("r.id", "c.pivot"), oldest_first=True)
        return map(CONSISTENCY.read, rows)

    def add_audit(self, audit: Audit) -> None:
        """See ``Store``."""
        with self.writing() as transaction:
            transaction.execute(AUDITS.insert, AUDITS.row(audit))

    def audits(self, model: str, run: str | None = None, *, limit: int = 100) -> Sequence[Audit]:
        """See ``Store``."""
        condition, values = ("AND run = ?", [model, run]) if run is not None else ("", [model])
        statement = f"SELECT {AUDITS.columns} FROM audits WHERE model = ? {condition} ORDER BY time DESC, number DESC"
        with self.reading() as transaction:
            found = transaction.execute(f"{statement} LIMIT ?", [*values, limit]).fetchall()
        return [AUDITS.read(row) for row in found]

    def put_state(self, name: str, state: bytes, *, expected: bytes | None) -> bool:
        """See ``Store``."""
        with self.writing() as transaction:
            if expected is None:
                put = transaction.execute("INSERT INTO states VALUES (?, ?) ON CONFLICT DO NOTHING", (name, state))
            else:
                changed = "UPDATE states SET state = ? WHERE name = ? AND state = ?"
                put = transaction.execute(changed, (state, name, expected))
            return put.rowcount == 1

    def state(self, name: str) -> bytes | None:
        """See ``Store``."""
        with self.reading() as transaction:
            found = transaction.execute("SELECT state FROM states WHERE name = ?", (name,)).fetchall()
        return bytes(found[0][0]) if found else None

    def expire(self, *, records_before: float, bodies_before: float) -> int:
        """See ``Store``."""
        bounds = dict.fromkeys(("records", "feedback", "judgements", "consistency"), first_id(records_before))
        bounds["bodies"] = first_id(max(records_before, bodies_before))
        return sum(self.forget(table, bound) for table, bound in bounds.items())

    def forget(self, table: str, bound: str) -> int:
        """Delete what has smaller ids, in steps; how many rows."""
        gone, more = 0, True
        while more:
            with self.writing() as transaction:
                ahead = f"SELECT id FROM {table} WHERE id < ? ORDER BY id LIMIT 1 OFFSET ?"
                next_step = transaction.execute(ahead, (bound, PAGE)).fetchall()
                more = bool(next_step)
                condition, id = ("id <= ?", next_step[0][0]) if more else ("id < ?", bound)
                gone += transaction.execute(f"DELETE FROM {table} WHERE {condition}", (id,)).rowcount
            if more:
                sleep(PAUSE)
        return gone

    def _pages(
        self,
        columns: str,
        tables: str,
        query: Query,
        *,
        key: tuple[str, ...] = ("r.id", "r.attempt"),
        more: tuple[str, Any] | None = None,
        oldest_first: bool,
    ) -> Iterator[Row]:
        """Rows in the order of ``key``, which comes with each: after a page, those behind its last."""
        conditions, values = self._conditions(query)
        if more is not None:
            conditions.append(more[0])
            values.append(more[1])
        than, direction = (">", "ASC") if oldest_first else ("<", "DESC")
        order = ", ".join(f"{column} {direction}" for column in key)
        behind = f"({', '.join(key)}) {than} ({', '.join('?' for _ in key)})"
        last: Row = ()
        while True:
            where = " AND ".join([*conditions, behind] if last else conditions) or "1 = 1"
            statement = f"SELECT {', '.join(key)}, {columns} FROM {tables} WHERE {where} ORDER BY {order} LIMIT {PAGE}"
            with self.reading() as transaction:
                page = transaction.execute(statement, [*values, *last]).fetchall()
            for row in page:
                yield row[len(key) :]
            if len(page) < PAGE:
                return
            last = page[-1][: len(key)]

    def _conditions(self, query: Query) -> tuple[list[str], list[Any]]:
        """What ``query`` asks of a record that is called ``r``."""
        bounds = {
            "r.id = ?": query.id,
            "r.id >= ?": None if query.since is None else first_id(query.since),
            "r.id < ?": None if query.until is None else first_id(query.until),
            "? > r.id": query.before,
            self.contains: None if query.failed is None else _failure_of(query.failed),
        }
        equal = ("model", "checkpoint", "arm", "language", "expected_language", "language_verdict", "role", "run")
        bounds |= {f"r.{name} = ?": getattr(query, name) for name in equal}
        asked = {condition: value for condition, value in bounds.items() if value is not None}
        conditions = list(asked)
        if query.with_text:
            conditions.append("EXISTS (SELECT 1 FROM bodies b WHERE b.id = r.id AND b.attempt = r.attempt)")
        return conditions, list(asked.values())


_WIDTH = len(Entry.__struct_fields__)


def pack(body: Body) -> bytes:
    """The compressed JSON of a body."""
    return zlib.compress(msgspec.json.encode(body), 1)


def add_counts(transaction: Transaction, counts: Iterable[Count]) -> None:
    """Add to counters, in the same order whoever does it, so that two cannot wait for each other."""
    added: Counter[tuple[Any, ...]] = Counter()
    for count in counts:
        added[tuple(getattr(count, name) for name in _COUNTER)] += count.requests
    keys = ", ".join(f'"{name}"' for name in _COUNTER)
    statement = f"{COUNTS.insert} ON CONFLICT ({keys}) DO UPDATE SET requests = counts.requests + excluded.requests"
    for key, requests in sorted(added.items()):
        transaction.execute(statement, (*key, requests))


def _exists(transaction: Transaction, id: str) -> bool:
    return bool(transaction.execute("SELECT 1 FROM records WHERE id = ? LIMIT 1", (id,)).fetchall())


def _failure_of(check: str) -> str:
    return msgspec.json.encode(Found(check, Verdict.FAIL.value)).decode()
