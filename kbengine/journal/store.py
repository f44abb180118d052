"""One zone's store: where its database stands, whether it is a demo, and everything that reads and writes it."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from kbengine.errors import StoreError, StoreMissing, WrongStore
from kbengine.journal import tables as t
from kbengine.journal.accounts import Accounts
from kbengine.journal.clock import REAL, Clock
from kbengine.journal.connect import connect, migrate, writing
from kbengine.journal.marks import Marks
from kbengine.journal.neighbours import StandingNeighbours
from kbengine.journal.notes import Notes
from kbengine.journal.phrases import Phrases
from kbengine.journal.record import EPOCH, GENESIS, Head, Journal
from kbengine.journal.reminders import Reminders
from kbengine.journal.team import Team
from kbengine.journal.unsaved import Unsaved
from kbengine.journal.usage import Usage
from kbengine.journal.verify import verify

DATABASE = "journal.db"
COPIES_KEPT = timedelta(days=730)
SECRET = "secret"  # noqa: S105 - the name of a file, in a database of its line, not what is in it


@dataclass(frozen=True, slots=True)
class Store:
    """An open store; `directory` holds its files and nobody else may read them; none when it is in a database."""

    directory: Path
    engine: Engine
    demo: bool
    journal: Journal
    accounts: Accounts
    usage: Usage
    phrases: Phrases
    marks: Marks
    reminders: Reminders

    @property
    def notes(self) -> Notes:
        """What editors and validators noted about a revision."""
        return Notes(self.engine)

    @property
    def neighbours(self) -> StandingNeighbours:
        """Why two neighbours may both stand."""
        return StandingNeighbours(self.engine)

    @property
    def unsaved(self) -> Unsaved:
        """What people typed and did not save."""
        return Unsaved(self.engine)

    @property
    def team(self) -> Team:
        """Who vouches, and who is away."""
        return Team(self.engine)

    def origin(self) -> str:
        """The hash of the first line, by which a store and its backups are known; "" while there is none."""
        with self.engine.begin() as connection:
            return connection.execute(select(t.entries.c.hash).where(t.entries.c.seq == 1)).scalar() or ""

    def verify(self, known: str = "") -> Head:
        """Check the whole journal; raises ChainBroken."""
        return verify(self.engine, known)

    def secret_key(self) -> bytes:
        """What signs the links of day answers: a file in the directory, or in a database one line for all machines."""
        if self.engine.dialect.name == "sqlite":
            return (self.directory / SECRET).read_bytes()
        with self.engine.begin() as connection:
            kept = _shared_key(connection)
        if not kept:
            with writing(self.engine) as connection:
                kept = _shared_key(connection)  # of another machine that was first
                if not kept:
                    kept = secrets.token_hex(32)
                    connection.execute(insert(t.store).values(key=SECRET, value=kept))
        return bytes.fromhex(kept)

    def advance_clock(self, by: timedelta) -> datetime:
        """Move the clock of a demo store forward; raises WrongStore on a real one."""
        if not self.demo:
            raise WrongStore("store.real", "The clock of a real store cannot be moved.", "Use a demo store.")
        if by < timedelta(0):
            raise WrongStore("clock.back", "A clock only moves forward.", "Make a fresh demo store instead.")
        return self.journal.advance_clock(by)

    def purge(self, copies_kept: timedelta = COPIES_KEPT) -> datetime:
        """Delete what is past its term: links, tokens, sessions, notes, what people kept, copies; returns when.

        By the time as counted: what a clock that ran away lets go of would not come back with the right one.
        """
        told = self.journal.stand()[1]
        now = told.written
        with writing(self.engine) as connection:
            for table in t.TERMED:
                connection.execute(delete(table).where(table.c.expires <= t.instant_text(now)))
            connection.execute(delete(t.copies).where(t.copies.c.at <= t.instant_text(now - copies_kept)))
        self.team.purge(now)
        return told.now

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def address(directory: Path, database: str = "") -> str:
    """Where a store's database is: the one that is named, else the file in its directory."""
    return database or f"sqlite:///{directory / DATABASE}"


def exists(directory: Path, database: str = "") -> bool:
    """Whether a finished store stands there; raises StoreError when a database that is named cannot be asked."""
    if not database and not (directory / DATABASE).is_file():
        return False
    engine = connect(address(directory, database))
    try:
        with engine.begin() as connection:
            return inspect(connection).has_table("store") and bool(
                connection.execute(select(t.store.c.value).where(t.store.c.key == "demo")).scalar()
            )
    finally:
        engine.dispose()


def create(directory: Path, *, demo: bool, clock: Clock = REAL, database: str = "") -> Store:
    """Make an empty store, in a database of its own when that is named; raises StoreError when there is one already."""
    if exists(directory, database):
        where = "that database" if database else str(directory)
        raise StoreError("store.exists", f"There is a store in {where} already.", "Open it, or choose another place.")
    if not database:
        _make_directory(directory)
    engine = connect(address(directory, database))
    with _let_go_on_failure(engine):
        migrate(engine)
        with writing(engine) as connection:
            connection.execute(insert(t.head).values(id=1, seq=0, hash=GENESIS, at=EPOCH))
            connection.execute(insert(t.store).values(key="demo", value="yes" if demo else "no"))
    if not database:
        (directory / DATABASE).chmod(0o600)
    made = _store(directory, engine, demo, clock)
    made.journal.keep_clock()
    return made


def _shared_key(connection: Connection) -> str:
    return connection.execute(select(t.store.c.value).where(t.store.c.key == SECRET)).scalar() or ""


def _make_directory(directory: Path) -> None:
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    directory.chmod(0o700)
    _write_secret(directory / SECRET)


def _write_secret(path: Path) -> None:
    """Make the key beside its place, then move it there: a kill in between must not leave an empty key."""
    if path.exists():
        return
    beside = path.with_name(SECRET + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(32))
        file.flush()
        os.fsync(descriptor)
    beside.rename(path)


def open_store(directory: Path, clock: Clock = REAL, database: str = "") -> Store:
    """Open a store, bringing its tables up to date; raises StoreMissing or StoreError."""
    if not exists(directory, database):
        raise missing(directory, database)
    engine = connect(address(directory, database))
    with _let_go_on_failure(engine):
        migrate(engine)
        with engine.begin() as connection:
            demo = connection.execute(select(t.store.c.value).where(t.store.c.key == "demo")).scalar_one() == "yes"
    return _store(directory, engine, demo, clock)


def missing(directory: Path, database: str = "") -> StoreMissing:
    """The refusal to open what is not there."""
    hint = "Start the demo with script/server, or bring a backup back with `kb restore`."
    where = "that database" if database else str(directory)
    return StoreMissing("store.missing", f"There is no store in {where}.", hint, directory=str(directory))


@contextmanager
def _let_go_on_failure(engine: Engine) -> Iterator[None]:
    """Leave no connection open when a store cannot be opened."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def _store(directory: Path, engine: Engine, demo: bool, clock: Clock) -> Store:
    journal = Journal(engine, clock)
    return Store(
        *(directory, engine, demo, journal, Accounts(engine, journal)),
        *(Usage(engine), Phrases(engine), Marks(engine), Reminders(engine)),
    )


def adopt(directory: Path) -> Store:
    """Open a database that was copied to a folder of its own, giving it a key of its own."""
    _write_secret(directory / SECRET)
    return open_store(directory)


def copy_database(source: Path, target: Path) -> None:
    """Copy a SQLite database while it is in use, and check the copy; raises StoreError."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as copy:
        reading.backup(copy)
        sound = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if sound != "ok":
        raise StoreError("store.copy", f"The copy of {source} is damaged: {sound}.", "Check the disk, then try again.")
