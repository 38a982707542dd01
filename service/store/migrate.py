"""``python -m service.store.migrate URL``: bring a database to this version's schema.

A gateway runs it in a process of its own when it starts, so that Alembic and SQLAlchemy do not stay in its memory.
Several that start together wait for each other.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

BUSY_SECONDS = 60.0
"""How long another process may take for the same."""


def migrate(url: str) -> None:
    """Run the steps that are missing, in one transaction.

    Raises:
        SQLAlchemyError, sqlite3.Error: the database does not let us.
    """
    kind, _, path = url.partition(":")
    if kind == "sqlite":
        engine = create_engine("sqlite://", creator=lambda: _open(path), poolclass=NullPool)
        lock = "BEGIN IMMEDIATE"
    else:
        from .postgres import LOCK, connect

        engine = create_engine("postgresql+psycopg://", creator=lambda: connect(url), poolclass=NullPool)
        lock = f"SELECT pg_advisory_xact_lock({LOCK})"
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    with engine.connect() as connection:
        connection.exec_driver_sql(lock)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def _open(path: str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


if __name__ == "__main__":
    try:
        migrate(sys.argv[1])
    except (SQLAlchemyError, sqlite3.Error) as error:
        sys.exit(str(getattr(error, "orig", None) or error))
