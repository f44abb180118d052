"""A store carried from one database to another, whole or not at all: a file, or PostgreSQL."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection, Engine, Integer, delete, func, insert, inspect, select

from kbengine.errors import StoreError, WrongStore
from kbengine.journal import tables as t
from kbengine.journal.connect import connect, migrate, writing
from kbengine.journal.store import SECRET, address, exists, open_store

ROWS = 1_000


def carry(source: Engine, target: Engine) -> None:
    """Copy every row but the key, as of one moment, to a database that holds no store; raises StoreError if it does."""
    migrate(target)
    with source.begin() as reading, writing(target) as connection:
        if connection.execute(select(t.store.c.key).where(t.store.c.key == "demo")).first():
            message = "There is a store in that database already."
            raise StoreError("store.exists", message, "Name an empty database.")
        for table in reversed(t.metadata.sorted_tables):
            connection.execute(delete(table))  # of a store that was never finished
        for table in t.metadata.sorted_tables:
            query = select(table).where(t.store.c.key != SECRET) if table is t.store else select(table)
            for rows in reading.execute(query).mappings().partitions(ROWS):
                connection.execute(insert(table), [dict(row) for row in rows])
        if target.dialect.name == "postgresql":
            _count_on(connection)


def _count_on(connection: Connection) -> None:
    """PostgreSQL numbers new rows by counters of its own, which know nothing of rows that brought their number."""
    for table in t.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, Integer) and not column.foreign_keys:
            counter = func.pg_get_serial_sequence(table.name, column.name)
            highest = select(func.max(column)).scalar_subquery()
            connection.execute(select(func.setval(counter, highest)).where(highest.is_not(None)))


def put_in_place(beside: Path, directory: Path, database: str = "") -> None:
    """Give a store that was made beside its place its place; raises StoreError when one stands there."""
    if not database:
        beside.rename(directory)
        return
    into_database(beside, database)


def into_database(directory: Path, database: str) -> None:
    """Carry a store from its directory, which is gone then, to a database of its own; there it gets another key."""
    source, target = connect(address(directory)), connect(database)
    try:
        carry(source, target)
    finally:
        source.dispose()
        target.dispose()
    shutil.rmtree(directory)


def throw_away(directory: Path, database: str = "") -> None:
    """Delete a demo store with its key, or what is left of one; raises WrongStore on a real one."""
    if exists(directory, database):
        store = open_store(directory, database=database)
        store.close()
        if not store.demo:
            raise WrongStore("store.real", "This is a real store.", "Only a demo can be thrown away.")
    if database:
        engine = connect(database)
        with writing(engine) as connection:
            if inspect(connection).has_table(t.store.name):
                t.metadata.drop_all(connection)
                connection.exec_driver_sql("DROP TABLE alembic_version")
        engine.dispose()
    shutil.rmtree(directory, ignore_errors=True)
