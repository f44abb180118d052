"""Opening a store: the connection's settings, and the migrations that bring its tables up to date.

On PostgreSQL who reads sees one moment, and who writes holds one lock, as on SQLite: so one set of rules does for both.

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
from sqlalchemy import (
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError

from kbengine.errors import NotStorable, StoreError

MIGRATIONS = Path(__file__).parent / "migrations"
SCHEMA = "0011"
BUSY_SECONDS = 30
CONNECT_SECONDS = 10
DRIVER = "postgresql+psycopg"
ADDRESS_HINT = "It looks like postgresql://user@host/name."
WRITE_LOCK = 20_251_121  # any number, the same for everybody who writes in one database
PRAGMAS = (
    "journal_mode=DELETE",
    "synchronous=EXTRA",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "secure_delete=ON",
    "cell_size_check=ON",
)


def connect(url: str) -> Engine:
    """An engine on a store's database; nothing is opened yet. Raises StoreError on an address that cannot be used."""
    sqlite = url.startswith("sqlite")
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}) if sqlite else _postgresql(url)
    # An engine that nobody closed lets go of its connections when it is forgotten.
    weakref.finalize(engine, engine.pool.dispose)
    event.listen(engine, "handle_error", _name_error)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(url: str) -> Engine:
    try:
        address = make_url(url)
        if address.drivername in ("postgres", "postgresql"):
            address = address.set(drivername=DRIVER)
        if address.drivername != DRIVER:
            raise StoreError("store.address", f"{address.drivername} is not a database for a store.", ADDRESS_HINT)
        options = f"-c lock_timeout={BUSY_SECONDS}s"
        given = {"options": options, "client_encoding": "UTF8", "connect_timeout": CONNECT_SECONDS}
        return create_engine(address, isolation_level="REPEATABLE READ", pool_pre_ping=True, connect_args=given)
    except ArgumentError as error:
        # Not the address itself: it may hold a password.
        raise StoreError("store.address", "The address of the database cannot be read.", ADDRESS_HINT) from error
    except ModuleNotFoundError as error:
        hint = "Install it: .venv/bin/python -m pip install --require-hashes -r requirements/postgresql.txt"
        raise StoreError("store.driver", "PostgreSQL needs psycopg, which is not installed.", hint) from error


def _name_error(context: ExceptionContext) -> None:
    """What the database says, in words that tell what to do; a broken promise of a table stays what it is."""
    error = context.original_exception
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
        raise _store_error(error) from error
    said = context.sqlalchemy_exception
    if context.dialect.name == "sqlite" or context.is_pre_ping or isinstance(said, IntegrityError):
        return
    line = str(error).strip().partition("\n")[0]
    if isinstance(said, DataError):
        hint = "Shorten it, and leave out what is no text."
        raise NotStorable("store.value", f"The store does not take this: {line}.", hint) from error
    if isinstance(said, DBAPIError):
        hint = "See that PostgreSQL runs, that its address is right and that this user may use the database."
        raise StoreError("store.unavailable", f"The store cannot be used now: {line}.", hint) from error


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
    postgresql = engine.dialect.name == "postgresql"
    # Whoever waited for the lock must see what was written meanwhile, not the moment at which the waiting began.
    options = {"isolation_level": "READ COMMITTED"} if postgresql else {"kb_write": True}
    with engine.connect() as connection, connection.execution_options(**options).begin():
        if postgresql:
            connection.execute(select(func.pg_advisory_xact_lock(WRITE_LOCK)))
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
