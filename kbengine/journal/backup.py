"""Everything of a store in one file, and back: the database as it stands, with its digest and head."""

from __future__ import annotations

import hashlib
import json
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from kbengine.errors import StoreError
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.record import Head
from kbengine.journal.store import DATABASE, Store, adopt, copy_database, exists, open_store

MANIFEST = "manifest.json"
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
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as folder:
        copied = Path(folder) / DATABASE
        copy_database(store.directory / DATABASE, copied)
        copied.chmod(0o600)
        copy = adopt(Path(folder))
        head = copy.verify()
        copy.close()
        manifest = {"sha256": _sha256(copied), "head": head.hash, "seq": head.seq, "demo": store.demo}
        beside = Path(folder) / "backup.tar"
        (Path(folder) / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
        with tarfile.open(beside, "w") as archive:
            for name in (MANIFEST, DATABASE):
                archive.add(Path(folder) / name, arcname=name)
        beside.chmod(0o600)
        beside.rename(path)
    return Backup(path, head)


def restore(path: Path, directory: Path) -> Head:
    """Bring a backup back into a folder without a store; raises StoreError, ChainBroken. Sessions do not come along."""
    if exists(directory):
        raise StoreError(
            "restore.exists", f"There is a store in {directory} already.", "Restore beside it, then compare."
        )
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".restore-") as folder:
        beside = Path(folder) / "store"
        beside.mkdir(mode=0o700)
        _unpack(path, beside)
        store = adopt(beside)
        head = store.verify()
        with writing(store.engine) as connection:
            connection.execute(delete(t.sessions))
            connection.execute(delete(t.links))
        store.close()
        beside.rename(directory)
    open_store(directory).close()
    return head


def _unpack(path: Path, target: Path) -> None:
    """The database of a backup, when it is exactly what the manifest says; no other member is looked at."""
    try:
        with tarfile.open(path, "r:") as archive:
            manifest = json.loads(_member(archive, MANIFEST).read(MAX_MANIFEST))
            database = target / DATABASE
            with database.open("wb") as file:
                source = _member(archive, DATABASE)
                while block := source.read(1 << 20):
                    file.write(block)
        sound = _sha256(database) == manifest["sha256"]
    except (tarfile.TarError, OSError, KeyError, ValueError, TypeError) as error:
        raise StoreError(
            "restore.unreadable", f"{path} is not a backup: {error}.", "Use a file `kb backup` wrote."
        ) from error
    if not sound:
        raise StoreError("restore.damaged", f"{path} is damaged.", "Use another backup.")
    database.chmod(0o600)


def _member(archive: tarfile.TarFile, name: str) -> tarfile.ExFileObject:
    member = archive.getmember(name)
    found = archive.extractfile(member) if member.isfile() else None
    if found is None:
        raise KeyError(name)
    return found  # type: ignore[return-value]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
