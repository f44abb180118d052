"""Opening a store: the connection's settings, and the migrations that bring its tables up to date.

SQLite runs with a rollback journal and synchronous=EXTRA: write-ahead logging had a corruption bug in the
versions that Debian ships (fixed in SQLite 3.51.3, https://sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, inspect, select, text

from kbengine.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
SCHEMA = "0009"
BUSY_SECONDS = 30
PRAGMAS = (
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "secure_delete=ON",
    "cell_size_check=ON",
)


def connect(url: str) -> Engine:
    """An engine on a store's database; nothing is opened yet."""
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS} if url.startswith("sqlite") else {})
    # An engine that nobody closed lets go of its connections when it is forgotten.
    weakref.finalize(engine, engine.pool.dispose)
    event.listen(engine, "handle_error", _name_error)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _name_error(context: ExceptionContext) -> None:
    """What the database says, in words that tell what to do; a broken promise of a table stays what it is."""
    error = context.original_exception
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
        raise _store_error(error) from error


def _store_error(error: sqlite3.DatabaseError) -> StoreError:
    if isinstance(error, sqlite3.OperationalError):
        hint = "See that the disk has room and that nothing else holds the store, then try again."
        return StoreError("store.unavailable", f"The store cannot be used now: {error}.", hint)
    hint = "Keep it as it is, and restore the last backup beside it: `kb --home FOLDER restore FILE`."
    return StoreError("store.damaged", f"The store cannot be read: {error}.", hint)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # sqlite3 must leave transactions to us, else it commits before it changes a table.
    connection.isolation_level = None
    try:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _store_error(error) from error


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("kb_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the write lock from its first statement."""
    with engine.connect() as connection, connection.execution_options(kb_write=True).begin():
        yield connection


def migrate(engine: Engine) -> None:
    """Bring the tables up to date, in one transaction; raises StoreError on a store of a later version."""
    with writing(engine) as connection:
        found = schema(connection)
        if found == SCHEMA:
            return
        if found is not None and found > SCHEMA:
            hint = "Install that version; a store is never taken back."
            raise StoreError("store.newer", f"This store is of a later version ({found}).", hint, version=found)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def schema(connection: Connection) -> str | None:
    """The version of the store's tables, None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(select(text("version_num")).select_from(text("alembic_version"))).scalar()
