"""Everything of a store in one file, and back: the database as it stands, with its digest and head."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from kbengine.errors import StoreError
from kbengine.journal import tables as t
from kbengine.journal.carry import carry, put_in_place
from kbengine.journal.connect import connect, writing
from kbengine.journal.record import Head
from kbengine.journal.store import DATABASE, Store, address, adopt, copy_database, exists, open_store

MANIFEST = "manifest.json"
MEMBERS = (MANIFEST, DATABASE)
ARCHIVE = "backup.tar"
MAX_MANIFEST = 10_000


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: where it is, and the head it proves."""

    path: Path
    head: Head


def backup(store: Store, path: Path) -> Backup:
    """Write a store to one new file while it is in use, then verify the copy; raises StoreError."""
    if path.exists():
        raise StoreError(
            "backup.exists", f"{path} exists already.", "Choose another name; a backup is not overwritten."
        )
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
            head = _pack(store, Path(folder))
            (Path(folder) / ARCHIVE).rename(path)
    except (OSError, sqlite3.Error) as error:
        hint = "Check the folder and the space that is left; nothing was kept."
        raise StoreError("backup.unwritten", f"{path} cannot be written: {error}.", hint) from error
    return Backup(path, head)


def _pack(store: Store, folder: Path) -> Head:
    """The archive of a store in a folder that nobody else can read, on disk before it gets its name."""
    copied, archive = folder / DATABASE, folder / ARCHIVE
    if store.engine.dialect.name == "sqlite":
        copy_database(store.directory / DATABASE, copied)
    else:
        copy_engine = connect(address(folder))
        carry(store.engine, copy_engine)
        copy_engine.dispose()
    copied.chmod(0o600)
    copy = adopt(folder)
    try:
        head = copy.verify()
    finally:
        copy.close()
    manifest = {"sha256": _sha256(copied), "head": head.hash, "seq": head.seq, "demo": store.demo}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with archive.open("wb") as file:
        with tarfile.open(fileobj=file, mode="w") as packed:
            for name in MEMBERS:
                packed.add(folder / name, arcname=name)
        file.flush()
        os.fsync(file.fileno())
    archive.chmod(0o600)
    return head


def restore(path: Path, directory: Path, database: str = "") -> Head:
    """Bring a backup back into a folder without a store, or into a database of its own that holds none.

    Raises StoreError, ChainBroken. Sessions do not come along.
    """
    if database and exists(directory, database):
        raise StoreError("restore.exists", "That database holds a store.", "Restore beside it, then compare.")
    if not database and directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise StoreError("restore.exists", f"{directory} is not empty.", "Restore beside it, then compare.")
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".restore-") as folder:
            beside = Path(folder) / "store"
            beside.mkdir(mode=0o700)
            head = _proven(beside, _unpack(path, beside))
            put_in_place(beside, directory, database)
    except StoreError as error:
        if error.code not in ("store.damaged", "store.unavailable"):
            raise
        raise _unreadable(path, error) from error
    except OSError as error:
        raise _unreadable(path, error) from error
    store = open_store(directory, database=database)
    try:
        return store.verify(head.hash) if database else head
    finally:
        store.close()


def _proven(directory: Path, known: str) -> Head:
    """The head of a copied store that verifies; nobody is signed in to it any more."""
    store = adopt(directory)
    try:
        head = store.verify(known)
        with writing(store.engine) as connection:
            connection.execute(delete(t.sessions))
            connection.execute(delete(t.links))
        return head
    finally:
        store.close()


def _unpack(path: Path, target: Path) -> str:
    """The database of a backup, when it is exactly what the manifest says; returns the head that it names."""
    try:
        with tarfile.open(path, "r:") as archive:
            if sorted(archive.getnames()) != sorted(MEMBERS):
                raise KeyError(f"it holds {len(archive.getnames())} members")
            manifest = json.loads(_member(archive, MANIFEST).read(MAX_MANIFEST))
            known = str(manifest["head"])
            database = target / DATABASE
            with database.open("wb") as file:
                source = _member(archive, DATABASE)
                while block := source.read(1 << 20):
                    file.write(block)
        sound = _sha256(database) == manifest["sha256"]
    except (tarfile.TarError, KeyError, ValueError, TypeError, RecursionError) as error:
        raise _unreadable(path, error) from error
    if not sound:
        raise StoreError("restore.damaged", f"{path} is damaged.", "Use another backup.")
    database.chmod(0o600)
    return known


def _unreadable(path: Path, error: Exception) -> StoreError:
    hint = "Use a file `kb backup` wrote, and see that there is room for it."
    return StoreError("restore.unreadable", f"{path} cannot be brought back: {error}.", hint)


def _member(archive: tarfile.TarFile, name: str) -> tarfile.ExFileObject:
    member = archive.getmember(name)
    # A sparse member says how large it becomes: a few bytes could fill the disk.
    found = archive.extractfile(member) if member.isfile() and not member.issparse() else None
    if found is None:
        raise KeyError(name)
    return found  # type: ignore[return-value]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
