"""What a folder and its store last had in common, text by text: the third side of every comparison.

It stands in `.kb/base.json` inside the folder and belongs to that copy of it, as an index belongs to a clone: git is
told to leave it alone. Without it nothing is lost; what can then not be compared is named.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kbengine.article import Kind, Ref
from kbengine.errors import StoreError

MEMORY = ".kb"
BASE_FILE = "base.json"
MINE, STORE = "mine", "store"  # folders in it: what was here before it gave way, and the store's side of a conflict


@dataclass(frozen=True, slots=True)
class Common:
    """One text as folder and store last both had it: its digest, and the file that held it."""

    digest: str
    file: str

    def theme(self, ref: Ref) -> str:
        """The theme that its file gave it; only articles have one."""
        return PurePosixPath(self.file).parent.name if ref.kind is Kind.ARTICLE else ""


def read_common(root: Path, origin: str) -> dict[Ref, Common]:
    """What this folder had in common with the store of that origin; nothing when it is not known."""
    try:
        found = json.loads(_memory(root).joinpath(BASE_FILE).read_bytes())
        if found["store"] != origin:
            return {}
        return {_ref(name): Common(str(digest), str(file)) for name, (digest, file) in found["texts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_common(root: Path, origin: str, texts: Mapping[Ref, Common]) -> bool:
    """Keep what folder and store have in common; False when the folder cannot be written."""
    lines = [f"{json.dumps(str(ref))}: {json.dumps([texts[ref].digest, texts[ref].file])}" for ref in sorted(texts)]
    whole = f'{{"store": {json.dumps(origin)}, "texts": {{\n' + ",\n".join(lines) + "\n}}\n"
    try:
        write_file(_made(root) / BASE_FILE, whole.encode())
    except OSError:
        return False
    return True


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Nobody else brings texts in or out of this folder meanwhile; a folder that cannot be written has no lock."""
    try:
        lock = (_made(root) / "lock").open("w")
    except OSError:
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep(root: Path, side: str, file: str, content: bytes) -> str:
    """Put a text aside, beside what was put aside before unless it says the same; returns where, within the folder."""
    place, number = _made(root) / side / file, 1
    while side == MINE and place.exists() and place.read_bytes() != content:
        number += 1
        place = _made(root) / side / f"{file}.{number}"
    place.parent.mkdir(parents=True, exist_ok=True)
    write_file(place, content)
    return str(place.relative_to(root))


def forget(root: Path, file: str) -> None:
    """The store's side of a conflict is not needed any more."""
    (_memory(root) / STORE / file).unlink(missing_ok=True)


def write_file(path: Path, whole: bytes) -> None:
    """Write a file beside its place, then move it there; one that says this already is left as it is."""
    if path.is_file() and path.read_bytes() == whole:
        return
    beside = path.with_name(path.name + ".new")
    with beside.open("wb") as file:
        file.write(whole)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _memory(root: Path) -> Path:
    """The folder's own corner; raises StoreError when it leads elsewhere."""
    memory = root / MEMORY
    if memory.is_symlink():
        raise StoreError("export.outside", f"{memory} is a link to somewhere else.", "Remove it, then try again.")
    return memory


def _made(root: Path) -> Path:
    memory = _memory(root)
    memory.mkdir(parents=True, exist_ok=True)
    ignore = memory / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return memory


def _ref(name: str) -> Ref:
    kind, _, rest = name.partition("/")
    slug, _, lang = rest.rpartition(".") if kind == Kind.ARTICLE else (rest, "", "")
    return Ref(Kind(kind), slug, lang)
