"""Words to lemmas: simplemma's tables, out of one file that every process maps where there is such a file.

The file is derived from simplemma's own data. Without it simplemma reads that data itself: the same lemmas, for a
second or two at the first words and 200 MB in each process.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final, cast

from simplemma.strategies import (
    DEFAULT_DICTIONARY_FACTORY,
    DefaultDictionaryFactory,
    DefaultStrategy,
    DictionaryFactory,
)

from kbengine.language.words import LANGUAGES, small_words

_NAME: Final = f"lemmas-1-{version('simplemma')}.bin"
# First the size of the whole file; then, of each language, how many words it holds, where their sorted hashes begin
# and where the places of their lemmas do.
_SIZE: Final = struct.Struct("<Q")
_HEAD: Final = struct.Struct("<3Q")
_HASH: Final = struct.Struct("<Q")
_MOST_STEPS: Final = 4


class _Table:
    """The words of one language: their sorted 64-bit hashes, and where in the file each one's lemma stands."""

    __slots__ = ("_hashes", "_mapped", "_places")

    def __init__(self, mapped: mmap.mmap, language: int) -> None:
        count, hashes, places = _HEAD.unpack_from(mapped, _SIZE.size + language * _HEAD.size)
        whole = memoryview(mapped)
        self._mapped = mapped
        self._hashes = whole[hashes : hashes + 8 * count].cast("Q")
        self._places = whole[places : places + 4 * count].cast("I")

    def get(self, word: str) -> str | None:
        """The lemma of a word that stands in the table."""
        key = _hash(word)
        at = bisect_left(self._hashes, key)
        if at == len(self._hashes) or self._hashes[at] != key:
            return None
        start = self._places[at]
        return self._mapped[start : self._mapped.find(b"\n", start)].decode()


class _Factory(DictionaryFactory):
    """Hands simplemma the mapped tables, or its own as long as there are none."""

    def __init__(self) -> None:
        self.tables: dict[str, _Table] = {}

    def get_dictionary(self, lang: str) -> Mapping[str, str]:
        table = self.tables.get(lang)
        # simplemma asks a dictionary nothing but `get`.
        return cast("Mapping[str, str]", table) if table else DEFAULT_DICTIONARY_FACTORY.get_dictionary(lang)


_FACTORY: Final = _Factory()
_STRATEGY: Final = DefaultStrategy(dictionary_factory=_FACTORY)


def lemma(word: str, lang: str) -> str:
    """The lemma's own lemma, until it stays: the tables hold boetes -> boete -> boeten, and fiets <-> fietsen."""
    seen = [word]
    while len(seen) <= _MOST_STEPS:
        found = (_STRATEGY.get_lemma(seen[-1], lang) or seen[-1]).casefold().replace("_", "")
        if found in seen:
            return min(seen[seen.index(found) :], key=lambda form: (len(form), form))
        seen.append(found)
    return seen[-1]


def is_word(word: str, lang: str) -> bool:
    """Whether the tables know a word, be it as a name, or it is one that they miss."""
    if not word.isalpha() and "'" not in word:
        return False
    words = _FACTORY.get_dictionary(lang)
    return (
        words.get(word) is not None
        or words.get(word.capitalize()) is not None
        or word in small_words(lang, "stop", "keep", "missed")
    )


def use_tables(directory: Path) -> bool:
    """Look words up in the file of a directory from now on; false, and nothing changes, when it is not there."""
    try:
        with (directory / _NAME).open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if _SIZE.unpack_from(mapped) != (len(mapped),):
            return False
    except (OSError, ValueError, struct.error):
        return False
    _FACTORY.tables = {lang: _Table(mapped, place) for place, lang in enumerate(LANGUAGES)}
    return True


def make_tables(directory: Path) -> None:
    """Write the file in a directory, made when missing, unless it is there; files of other versions go. OSError."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (directory / _NAME).exists():
            return
        for old in directory.glob("lemmas-*"):
            old.unlink()
        beside = directory / f"{_NAME}.new"
        with beside.open("wb") as file:
            _write(file)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(directory / _NAME)


def _write(file: BinaryIO) -> None:
    """The heads of all languages, then for each its hashes, its places and its lemmas, a line each."""
    heads = []
    file.seek(_SIZE.size + _HEAD.size * len(LANGUAGES))
    for lang in LANGUAGES:
        words = DefaultDictionaryFactory(cache_max_size=0).get_dictionary(lang)
        hashes = file.tell()
        places = hashes + 8 * len(words)
        at = places + 4 * len(words) + -len(words) % 2 * 4
        heads.append(_HEAD.pack(len(words), hashes, places))
        lines: dict[str, int] = {}
        rows: list[int] = []
        for word, found in words.items():
            if found not in lines:
                lines[found] = at
                at += len(found.encode()) + 1
            rows.append(_hash(word) << 32 | lines[found])
        rows.sort()
        file.write(array("Q", (row >> 32 for row in rows)).tobytes())
        file.write(array("I", (row & 0xFFFF_FFFF for row in rows)).tobytes())
        file.write(bytes(-len(words) % 2 * 4))
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.write(bytes(-file.tell() % 8))
    size = file.tell()
    file.seek(0)
    file.write(_SIZE.pack(size) + b"".join(heads))


def _hash(word: str) -> int:
    key: int = _HASH.unpack(blake2b(word.encode(), digest_size=8).digest())[0]
    return key
