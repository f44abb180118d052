"""Backups: whole while people write, refused when anything is off, and never half there."""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sqlite3
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cast import ANN, ARTICLE, BRUSSELS, NOW, VERA
from homes import new_store

from kbengine.errors import ChainBroken, KBError, SignInError, StoreError
from kbengine.history import Move, Role
from kbengine.journal import DATABASE, Head, Store, backup, create, exists, make_move, open_store, restore
from kbengine.journal import backup as backup_of
from kbengine.period import NO_TERMS

MANIFEST = "manifest.json"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real store with one validated text, one person, and everything they can sign in with."""
    made = new_store(tmp_path / "store", demo=False)
    made.accounts.add("ann", "Ann", frozenset({Role.EDITOR}), at=NOW)
    with made.journal.write(NOW) as writer:
        seen = writer.save(ARTICLE, "Text.\n", "diefstal", "ann", NO_TERMS, 0).digest
        for actor, move in ((ANN, Move.SUBMIT), (VERA, Move.VALIDATE)):
            make_move(writer, actor, ARTICLE, 1, seen, move, "Nagelezen", "nl", BRUSSELS)
    yield made
    made.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder of its own, to see what is left behind in it."""
    path = tmp_path / "place"
    path.mkdir()
    return path


def names(place: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(path.name for path in place.iterdir())


def save(store: Store, base: int) -> None:
    """One more revision, by the clock."""
    with store.journal.write() as writer:
        writer.save(ARTICLE, f"Text {base}.\n", "diefstal", "ann", NO_TERMS, base)


def members(archive: Path) -> dict[str, bytes]:
    """What a backup holds."""
    with tarfile.open(archive) as opened:
        return {member.name: opened.extractfile(member).read() for member in opened.getmembers()}


def pack(path: Path, files: Mapping[str, bytes | tarfile.TarInfo], mode: str = "w") -> Path:
    """An archive of these members, in this order."""
    with tarfile.open(path, mode) as archive:
        for name, content in files.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            info = tarfile.TarInfo(name.rstrip("+"))
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def manifest(database: bytes, **changed: object) -> bytes:
    """A manifest that fits a database, but for what is changed."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        head, seq = connection.execute("SELECT hash, seq FROM head").fetchone()
    fits = {"sha256": hashlib.sha256(database).hexdigest(), "head": head, "seq": seq, "demo": False}
    return json.dumps({key: value for key, value in (fits | changed).items() if value is not None}).encode()


# Writing


def test_backup_when_idle(store: Store, place: Path) -> None:
    """A backup is one file for its owner's eyes: the manifest, then the database it speaks of."""
    made = backup(store, place / "kb.tar")
    found = members(made.path)
    assert made.head == store.journal.head()
    assert list(found) == [MANIFEST, DATABASE]
    assert json.loads(found[MANIFEST]) == json.loads(manifest(found[DATABASE]))
    assert (names(place), made.path.stat().st_mode & 0o777) == (["kb.tar"], 0o600)


def test_backup_when_people_write(store: Store, place: Path) -> None:
    """Every backup made beside a busy writer verifies and holds all that was acknowledged before it began."""
    done, stop = [1], threading.Event()

    def write() -> None:
        while not stop.is_set():
            save(store, done[-1])
            done.append(done[-1] + 1)

    writer = threading.Thread(target=write)
    writer.start()
    for number in range(10):
        acknowledged = done[-1]
        backup(store, place / f"{number}.tar")
        head = restore(place / f"{number}.tar", place / f"store-{number}")
        assert head.seq >= acknowledged + 3  # ann's roles and the two decisions
    stop.set()
    writer.join()
    assert done[-1] > 10


def test_backup_when_there_is_one(store: Store, place: Path) -> None:
    """A backup is never overwritten."""
    (place / "kb.tar").write_text("the only one")
    with pytest.raises(StoreError, match="exists already"):
        backup(store, place / "kb.tar")
    assert (place / "kb.tar").read_text() == "the only one"


def test_backup_when_the_folder_is_missing(store: Store, place: Path) -> None:
    """A folder that is not there is said so, and not made."""
    with pytest.raises(StoreError, match=r"cannot be written: .*nothing was kept"):
        backup(store, place / "nowhere" / "kb.tar")
    assert names(place) == []


def test_backup_when_the_chain_is_broken(store: Store, place: Path) -> None:
    """A store that does not verify is not backed up as if it did, and nothing is left behind."""
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        connection.execute("UPDATE revisions SET text = 'Vals.'")
        connection.commit()
    with pytest.raises(ChainBroken, match="does not verify at line 2"):
        backup(store, place / "kb.tar")
    assert names(place) == []


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """A disk on which no file grows beyond this size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("share", [0, 0.0002, 0.03, 0.5, 1])
def test_backup_when_the_disk_is_full(store: Store, place: Path, share: float) -> None:
    """Wherever writing gives up, no file is left behind, and the next try works."""
    size = (store.directory / DATABASE).stat().st_size
    with room_for(int(share * size)), pytest.raises(StoreError, match=r"cannot be written: .*nothing was kept"):
        backup(store, place / "kb.tar")
    assert names(place) == []
    assert backup(store, place / "kb.tar").head == store.journal.head()


@pytest.mark.parametrize("name", ["os.fsync", "tarfile.open", "pathlib.Path.rename"])
def test_backup_when_the_disk_fails(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A backup that did not reach the disk is none."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patched:
        patched.setattr(name, fail)
        with pytest.raises(StoreError, match="Input/output error"):
            backup(store, place / "kb.tar")
    assert names(place) == []


def test_backup_when_read_by_strangers(store: Store, place: Path) -> None:
    """The key that signs forms does not leave the store."""
    backup(store, place / "kb.tar")
    assert store.secret_key() not in (place / "kb.tar").read_bytes()


# Bringing back


@pytest.mark.parametrize("there", [False, True])
def test_restore_when_the_place_is_empty(store: Store, place: Path, there: bool) -> None:
    """What comes back is the same record, in files that only their owner reads."""
    target = place / "new" / "store"
    if there:
        target.mkdir(parents=True)
    assert restore(backup(store, place / "kb.tar").path, target) == store.journal.head()
    back = open_store(target)
    assert back.journal.snapshot() == store.journal.snapshot()
    assert (back.demo, back.accounts.all(), back.verify()) == (False, store.accounts.all(), store.verify())
    back.close()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (target, *target.iterdir())}
    assert modes == {"store": 0o700, DATABASE: 0o600, "secret": 0o600}
    assert names(place) == ["kb.tar", "new"]


def test_restore_when_written_on(store: Store, place: Path) -> None:
    """A restored store goes on where the backup stood, and knows its head."""
    head = restore(backup(store, place / "kb.tar").path, place / "store")
    back = open_store(place / "store")
    save(back, 1)
    assert (back.verify(head.hash).seq, back.secret_key() == store.secret_key()) == (head.seq + 1, False)
    back.close()


def test_restore_when_people_were_signed_in(store: Store, place: Path) -> None:
    """Sessions and links do not come along, and neither does what they hash to."""
    ann = store.accounts.by_login("ann")
    session, link = store.accounts.sign_in(store.accounts.new_link(ann))[0], store.accounts.new_link(ann)
    restore(backup(store, place / "kb.tar").path, place / "store")
    back = open_store(place / "store")
    assert back.accounts.session(session) is None
    with pytest.raises(SignInError, match="no longer good"):
        back.accounts.sign_in(link)
    back.close()
    hashes = [hashlib.sha256(secret.encode()).hexdigest().encode() for secret in (session, link)]
    assert not any(found in (place / "store" / DATABASE).read_bytes() for found in hashes)


@pytest.mark.parametrize("what", ["store", "file", "folder"])
def test_restore_when_something_is_there(store: Store, place: Path, what: str) -> None:
    """Nothing is ever restored over something else."""
    archive, target = backup(store, place / "kb.tar").path, place / "store"
    if what == "store":
        create(target, demo=True).close()
    elif what == "file":
        target.write_text("mine")
    else:
        (target / "mine").mkdir(parents=True)
    before = sorted(place.rglob("*"))
    with pytest.raises(StoreError, match="is not empty"):
        restore(archive, target)
    assert sorted(place.rglob("*")) == before


@pytest.mark.parametrize("kept", [0, 20, 4_096, 50_000])
def test_restore_when_the_disk_is_full(store: Store, place: Path, kept: int) -> None:
    """Wherever writing gives up, nothing is left behind, and the next try works."""
    archive = backup(store, place / "kb.tar").path
    with room_for(kept), pytest.raises(StoreError, match="cannot be brought back"):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]
    assert restore(archive, place / "store") == store.journal.head()


# Damaged and crafted archives


@pytest.fixture
def sound(store: Store, tmp_path: Path) -> bytes:
    """The bytes of a good backup's database."""
    return members(backup(store, tmp_path / "sound.tar").path)[DATABASE]


def link(kind: bytes, name: str = DATABASE, to: str = "/etc/passwd") -> tarfile.TarInfo:
    """A member that is a link, a device or a folder instead of a file."""
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, to
    return info


CRAFTED = {
    "nothing": lambda db: {},
    "no database": lambda db: {MANIFEST: manifest(db)},
    "no manifest": lambda db: {DATABASE: db},
    "one member more": lambda db: {MANIFEST: manifest(db), DATABASE: db, "extra": b"x"},
    "a way out": lambda db: {MANIFEST: manifest(db), DATABASE: db, "../../escaped": b"x"},
    "an absolute way out": lambda db: {MANIFEST: manifest(db), DATABASE: db, "/tmp/escaped": b"x"},  # noqa: S108
    "a database twice": lambda db: {MANIFEST: manifest(db), DATABASE: b"x", DATABASE + "+": db},
    "a database elsewhere": lambda db: {MANIFEST: manifest(db), "./x/" + DATABASE: db},
    "a symbolic link": lambda db: {MANIFEST: manifest(db), DATABASE: link(tarfile.SYMTYPE)},
    "a hard link": lambda db: {MANIFEST: manifest(db), DATABASE: link(tarfile.LNKTYPE, to=MANIFEST)},
    "a device": lambda db: {MANIFEST: manifest(db), DATABASE: link(tarfile.CHRTYPE)},
    "a folder": lambda db: {MANIFEST: manifest(db), DATABASE: link(tarfile.DIRTYPE)},
    "a pipe": lambda db: {MANIFEST: link(tarfile.FIFOTYPE, MANIFEST), DATABASE: db},
    "another sha": lambda db: {MANIFEST: manifest(db, sha256="0" * 64), DATABASE: db},
    "no sha": lambda db: {MANIFEST: manifest(db, sha256=None), DATABASE: db},
    "no head": lambda db: {MANIFEST: manifest(db, head=None), DATABASE: db},
    "one byte more": lambda db: {MANIFEST: manifest(db), DATABASE: db + b"\0"},
    "one bit other": lambda db: {MANIFEST: manifest(db), DATABASE: db[:-1] + bytes([db[-1] ^ 1])},
    "a manifest of noise": lambda db: {MANIFEST: b"\xff\xfe\x00", DATABASE: db},
    "a manifest of brackets": lambda db: {MANIFEST: b"[" * 9_999, DATABASE: db},
    "a manifest that is a list": lambda db: {MANIFEST: b"[]", DATABASE: db},
    "a manifest without end": lambda db: {MANIFEST: manifest(db, more="x" * 20_000), DATABASE: db},
}


@pytest.mark.parametrize("crafted", CRAFTED)
def test_restore_when_the_archive_is_crafted(sound: bytes, place: Path, crafted: str) -> None:
    """An archive that is not exactly a manifest and the database it speaks of is refused, and leaves nothing."""
    archive = pack(place / "kb.tar", CRAFTED[crafted](sound))
    with pytest.raises(StoreError, match=r"cannot be brought back: .*Use a file|is damaged"):
        restore(archive, place / "store")
    assert (names(place), Path("/tmp/escaped").exists()) == (["kb.tar"], False)  # noqa: S108


@pytest.mark.parametrize("mode", ["w:gz", "w:bz2", "w:xz"])
def test_restore_when_the_archive_is_compressed(sound: bytes, place: Path, mode: str) -> None:
    """A compressed archive could be a bomb: only what `kb backup` writes is read."""
    archive = pack(place / "kb.tar", {MANIFEST: manifest(sound), DATABASE: sound}, mode)
    with pytest.raises(StoreError, match="cannot be brought back"):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]


def test_restore_when_the_database_would_fill_the_disk(sound: bytes, place: Path) -> None:
    """A sparse member of a terabyte in a few bytes is refused before a byte of it is written."""
    bomb = tarfile.TarInfo(DATABASE)
    bomb.pax_headers = {"GNU.sparse.map": "0,1", "GNU.sparse.size": str(1 << 40), "GNU.sparse.name": DATABASE}
    archive = pack(place / "kb.tar", {MANIFEST: manifest(sound), DATABASE: bomb})
    with pytest.raises(StoreError, match="cannot be brought back"):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]


@pytest.mark.parametrize("share", [0, 1, 600, 2_000, 0.3, 0.7, 0.99])
def test_restore_when_the_archive_is_cut_off(store: Store, place: Path, share: float) -> None:
    """However much of it is left, a cut off backup is refused and leaves nothing."""
    archive = backup(store, place / "kb.tar").path
    whole = archive.read_bytes()
    length = share if isinstance(share, int) else int(share * whole.rindex(b"\1"))
    archive.write_bytes(whole[:length])
    with pytest.raises(StoreError, match=r"cannot be brought back|is damaged"):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]


@pytest.mark.parametrize("content", [b"", b"\0", b"SQLite format 3\0" + b"\0" * 5_000, b"no database" * 1_000])
def test_restore_when_the_database_is_none(place: Path, content: bytes) -> None:
    """A manifest that fits a file that is no store does not help."""
    said = {"sha256": hashlib.sha256(content).hexdigest(), "head": "0" * 64, "seq": 0, "demo": False}
    archive = pack(place / "kb.tar", {MANIFEST: json.dumps(said).encode(), DATABASE: content})
    with pytest.raises(StoreError, match=r"cannot be brought back|There is no store"):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]


@pytest.mark.parametrize(
    ("query", "error", "says"),
    [
        ("UPDATE revisions SET text = 'Vals.'", ChainBroken, "does not verify at line 2"),
        ("DELETE FROM entries WHERE seq = 3", ChainBroken, "does not verify at line 3"),
        ("INSERT INTO roles VALUES ('mallory', 'validator')", ChainBroken, "roles are not what"),
        ("UPDATE alembic_version SET version_num = '9999'", StoreError, "later version"),
        ("DELETE FROM alembic_version", StoreError, "cannot be brought back"),
        ("DROP TABLE decisions", StoreError, "cannot be brought back"),
        ("DELETE FROM store", StoreError, "There is no store"),
    ],
)
def test_restore_when_the_database_was_changed(sound: bytes, place: Path, query: str, error, says: str) -> None:
    """A manifest made to fit a changed database does not help: the chain and the tables are looked at."""
    path = place / "changed.db"
    path.write_bytes(sound)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(query)
        connection.commit()
    changed = path.read_bytes()
    path.unlink()
    archive = pack(place / "kb.tar", {MANIFEST: manifest(changed), DATABASE: changed})
    with pytest.raises(error, match=says):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]


def test_restore_when_the_head_is_another(sound: bytes, place: Path) -> None:
    """The head that the manifest names must be part of the chain that comes back."""
    archive = pack(place / "kb.tar", {MANIFEST: manifest(sound, head="f" * 64), DATABASE: sound})
    with pytest.raises(ChainBroken, match="no line has the known head"):
        restore(archive, place / "store")
    assert names(place) == ["kb.tar"]


@pytest.mark.parametrize("name", ["missing.tar", ""])
def test_restore_when_there_is_no_archive(place: Path, name: str) -> None:
    """A path that is no file is said so."""
    with pytest.raises(KBError, match="cannot be brought back"):
        restore(place / name, place / "store")
    assert names(place) == []


def test_exists_when_only_restoring(store: Store, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until it is proven, what is restored stands beside its place: nobody opens it."""
    seen: list[bool] = []

    def look(self: Store, known: str = "") -> Head:
        seen.append(exists(place / "store"))
        return verify(self, known)

    verify = Store.verify
    archive = backup_of(store, place / "kb.tar").path
    monkeypatch.setattr(Store, "verify", look)
    restore(archive, place / "store")
    assert (seen, exists(place / "store")) == ([False], True)
