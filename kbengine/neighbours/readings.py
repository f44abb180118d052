"""What was read of texts, kept by what they say: a text that did not change is not read again, here or elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from kbengine.language import ANALYZER_VERSION
from kbengine.neighbours.spoken import spoken
from kbengine.neighbours.values import Claim, Near, Passage, Sentence, Sort, Spoken, Told
from kbengine.reply import Said

# The rooms that decide what is read in a text, and what is found between two.
_ROOMS: Final = ("article", "language", "markup", "neighbours", "privacy", "reply")
# What is typed while somebody looks is read as well; the oldest goes.
_MOST: Final = 20_000


class Readings:
    """What variants of texts say; threads may share it."""

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        self._kept = dict(kept or {})
        self._known = frozenset(self._kept)
        self._read: dict[str, Spoken] = {}

    @classmethod
    def open(cls, file: Path) -> Readings:
        """What a file holds that `save` wrote; nothing when there is none, or other rules wrote it."""
        return cls(_load(file).get("read"))

    def of(self, lang: str, text: str, filled: str, counted: Callable[[], Sequence[Said]]) -> Spoken:
        """What a text says once its values are filled in; `counted` tells what it says in numbers, when need be."""
        key = _digest(lang, text, filled)
        found = self._read.get(key)
        if found is None:
            kept = self._kept.pop(key, None)
            found = self._read[key] = _spoken(kept) if kept else spoken(filled, lang, counted())
            if len(self._read) > _MOST:
                self._read.pop(next(iter(self._read)), None)
        return found

    def save(self, file: Path) -> None:
        """Write down everything that was asked for, unless all of it stands there; OSError."""
        if self._read.keys() != self._known:
            _write(file, {"read": {key: _written(one) for key, one in list(self._read.items())}})
            self._known = frozenset(self._read)


def save_found(file: Path, texts: Mapping[str, Told], found: Sequence[Near]) -> None:
    """Write down what is found between these texts, by their keys; OSError."""
    rows = [
        (near.sort, near.one.key, near.other.key, near.what, near.alike, *map(_places, (near.here, near.there)))
        for near in found
    ]
    _write(file, {"texts": _named(texts), "found": rows})


def kept_found(file: Path, texts: Mapping[str, Told]) -> tuple[tuple[Near, ...], frozenset[str]]:
    """What a file says is found between those of these texts that did not change since; and the keys of the others."""
    held = _load(file)
    names, before = _named(texts), held.get("texts", {})
    same = {key for key, name in names.items() if before.get(key) == name}
    found = (
        Near(Sort(sort), texts[first], texts[second], what, alike, *_sides(texts[first], texts[second], passages))
        for sort, first, second, what, alike, *passages in held.get("found", ())
        if first in same and second in same
    )
    return tuple(found), frozenset(names.keys() - same)


def is_found(file: Path, texts: Mapping[str, Told]) -> bool:
    """Whether a file says what is found between exactly these texts."""
    return bool(_load(file).get("texts") == _named(texts))


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _named(texts: Mapping[str, Told]) -> dict[str, str]:
    """By key, what changes with a text, and with how people ask for it."""
    return {key: _digest(repr((one.slug, one.lang, one.title, one.texts, one.asked))) for key, one in texts.items()}


@cache
def _rules() -> str:
    """What changes with anything by which texts are read: nothing that other rules read is taken over."""
    root = Path(__file__).parent.parent
    files = sorted(path for room in _ROOMS for path in (root / room).rglob("*") if path.suffix in (".py", ".toml"))
    digest = hashlib.blake2b(f"{version('webcare-kb')} {ANALYZER_VERSION}".encode(), digest_size=16)
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _load(file: Path) -> Mapping[str, Any]:
    try:
        held = json.loads(file.read_text("utf-8", "surrogatepass"))
        return held if held["rules"] == _rules() else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write(file: Path, held: Mapping[str, Any]) -> None:
    """Beside its place, then over what was there: nobody reads half of it, and all of it can be made again."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = file.with_name(f"{file.name}.{os.getpid()}.new")
    written = json.dumps({"rules": _rules(), **held}, ensure_ascii=False, separators=(",", ":"))
    beside.write_text(written, "utf-8", "surrogatepass")
    beside.replace(file)


def _written(one: Spoken) -> list[Any]:
    sentences = [
        (s.start, s.end, s.words, sorted(s.cases), sorted(s.names), s.conditional, s.timed, sorted(s.days), s.lead)
        for s in one.sentences
    ]
    return [sentences, [(c.shape, c.value, c.mark, c.span, c.words, c.place, c.bound) for c in one.claims]]


def _spoken(kept: Any) -> Spoken:
    sentences, claims = kept
    return Spoken(
        tuple(
            Sentence(
                start,
                end,
                tuple(words),
                frozenset(map(tuple, cases)),
                frozenset(names),
                some,
                timed,
                frozenset(days),
                to,
            )
            for start, end, words, cases, names, some, timed, days, to in sentences
        ),
        tuple(
            Claim(tuple(shape), tuple(value), tuple(mark), tuple(span), tuple(words), place, bound)
            for shape, value, mark, span, words, place, bound in claims
        ),
    )


def _places(passages: Sequence[Passage]) -> list[tuple[int, ...]]:
    return [(one.text, one.start, one.end, one.mark_start, one.mark_end) for one in passages]


def _sides(one: Told, other: Told, passages: Sequence[Any]) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    return _passages(one, passages[0]), _passages(other, passages[1])


def _passages(told: Told, places: Sequence[Sequence[int]]) -> tuple[Passage, ...]:
    return tuple(
        Passage(text, start, end, mark_start, mark_end, told.texts[text][start:end].strip())
        for text, start, end, mark_start, mark_end in places
    )
