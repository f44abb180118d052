"""An edition on disk: parts in directories of their own, swapped by one pointer, three of each kept.

Readers look at the pointer on each request. A part is complete and on disk before the pointer names it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POINTER = "current.json"
BUILDING = ".new"
POINTING = "pointing.lock"
SUGGEST, SEARCH = "suggest", "search"
KEPT = 3

# What this process, the only one that writes this part, is writing.
_at_work: set[Path] = set()


@dataclass(frozen=True, slots=True)
class Parts:
    """Which directory holds each part now; `None` before the first was built."""

    suggest: Path | None
    search: Path | None


def read_pointer(root: Path) -> Parts:
    """The parts that the pointer names; a pointer that is lost or damaged names none, and they are built anew."""
    try:
        names = json.loads((root / POINTER).read_text(encoding="utf-8"))
        return Parts(*(root / names[part] if names.get(part) else None for part in (SUGGEST, SEARCH)))
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return Parts(None, None)


def pointer_mark(root: Path) -> tuple[int, int]:
    """Changes whenever the pointer does; cheap enough for every request."""
    try:
        found = (root / POINTER).stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


def publish_part(root: Path, part: str, name: str, write: Callable[[Path], None]) -> Path:
    """Write a part beside the others, put it on disk, then let the pointer name it; old parts go."""
    target = write_part(root, part, name, write)
    point_to(root, part, target)
    return target


def write_part(root: Path, part: str, name: str, write: Callable[[Path], None]) -> Path:
    """Write a part beside the others and put it on disk; nobody reads it yet. One that is there already is kept."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    building, target = root / f"{part}-{name}{BUILDING}", root / f"{part}-{name}"
    _at_work.add(building)
    try:
        for leftover in (building, target):
            if leftover.exists() and leftover.name != _names(root).get(part):
                shutil.rmtree(leftover)
        if not target.exists():
            building.mkdir(mode=0o700)
            write(building)
            sync_tree(building)
            building.rename(target)
            sync(root)
    finally:
        _at_work.discard(building)
    return target


def point_to(root: Path, part: str, target: Path) -> None:
    """Let the pointer name a part that is on disk; old ones go."""
    with _pointing(root):
        _point(root, _names(root) | {part: target.name})
        _drop_old(root, part, target)


@contextmanager
def _pointing(root: Path) -> Iterator[None]:
    """One thread or process of the builder points at a time, so that none forgets what another pointed at."""
    with (root / POINTING).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _names(root: Path) -> dict[str, str]:
    parts = read_pointer(root)
    found: Mapping[str, Path | None] = {SUGGEST: parts.suggest, SEARCH: parts.search}
    return {part: path.name for part, path in found.items() if path is not None}


def _point(root: Path, names: Mapping[str, str]) -> None:
    beside = root / (POINTER + ".new")
    beside.write_text(json.dumps(names, sort_keys=True), encoding="utf-8")
    sync(beside)
    beside.replace(root / POINTER)
    sync(root)


def _drop_old(root: Path, part: str, current: Path) -> None:
    """Keep the newest few, so that a reader in the middle of a request still finds its files."""
    for half in (*root.glob(f"{part}-*{BUILDING}"), *root.glob(f".{part}-*")):
        if not any(path.name in half.name for path in _at_work):
            shutil.rmtree(half, ignore_errors=True)  # a builder was killed, and there is only one
    found = [path for path in root.glob(f"{part}-*") if path != current and not path.name.endswith(BUILDING)]
    found.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in found[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def sync(path: Path) -> None:
    """Put a file or a directory's list of names on disk; a failure is raised, never retried."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(root: Path) -> None:
    """Put everything under a directory on disk."""
    for path in sorted(root.rglob("*")):
        sync(path)
    sync(root)
