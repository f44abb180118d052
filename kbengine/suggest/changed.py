"""Topics that changed since an index was compiled, beside it: they are found at once, what they teach follows later.

The arrays of the index stay as they are. A changed topic's place in them no longer counts; its texts are read with the
words and weighed with the rarity that the index knows, and what was learned about a feature that it still holds stays.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from kbengine.suggest.cells import Cells, Held, idf, look_up, norms, weighed
from kbengine.suggest.evidence import Evidence, Scores
from kbengine.suggest.features import Flags, Indices, Keys, Reader, Reading
from kbengine.suggest.postings import Postings
from kbengine.suggest.refused import Refusals
from kbengine.suggest.texts import read_texts, texts_of
from kbengine.suggest.topk import Topics, parts
from kbengine.suggest.values import Topic

CHANGED: Final = "changed"
META: Final = "changed.json"
_NONE: Final = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Changed:
    """The postings of an index with those of changed topics in their place.

    `places` (ascending) are the changed topics' among all; topics that the index did not have follow on its own.
    `referrals` says of all of them which are that.
    """

    compiled: Postings
    places: Topics
    postings: Postings
    referrals: Flags

    def holds(self, keys: Keys) -> Flags:
        """Which of these features any topic holds."""
        return self.compiled.holds(keys) | self.postings.holds(keys)

    def find(self, reading: Reading, most: int, warmth: float, also: Indices = _NONE) -> Evidence:
        """What a text's features say about the `most` topics that they speak for most, and those named `also`."""
        found = self.compiled.find(reading, most + len(self.places), warmth, also)
        stays = ~np.isin(found.topics, self.places)
        rows, known = look_up(self.postings.keys, reading.keys)
        # A long letter's commonest features were left out of it.
        known &= found.idf > 0
        added = np.zeros((len(known), len(self.places)))
        added[known] = parts(self.postings.impacts, rows[known], np.arange(len(self.places)))
        topics = np.concatenate((found.topics[stays], self.places))
        told = np.hstack((found.parts[:, stays], added))
        sums = told.sum(axis=0)
        near = np.lexsort((topics, -sums))[:most]
        kept = np.union1d(near[sums[near] > 0], np.flatnonzero(np.isin(topics, also)))
        return Evidence(topics[kept], told[:, kept], found.idf, found.kinds, warmth, self.referrals)


@dataclass(frozen=True, slots=True)
class Change:
    """A topic as a compiled index knows it, and as it is now; None where there is none."""

    slug: str
    was: Topic | None
    now: Topic | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a compiled index knows: its postings, where its topics stand and how long they are on average; its reader.

    `languages` are those that it has texts in.
    """

    postings: Postings
    places: Mapping[str, int]
    mean: float
    reader: Reader
    languages: tuple[str, ...]

    def place_of(self, changes: Sequence[Change]) -> dict[str, int]:
        """Where changed topics stand: in their own places, new ones after all others."""
        new = sorted(change.slug for change in changes if change.slug not in self.places)
        return {change.slug: self.places[change.slug] for change in changes if change.slug in self.places} | {
            slug: len(self.places) + at for at, slug in enumerate(new)
        }

    def weights(self, held: Held, was: Held, place: int) -> Scores:
        """What each feature that a topic holds now adds to it; `was` is what it held in the index, in that place."""
        weights = self._plain(held)
        at, still = look_up(was.keys, held.keys)
        rows, known = look_up(self.postings.keys, held.keys)
        still &= known
        if still.any():
            added = parts(self.postings.impacts, rows[still], np.array([place], np.int32))[:, 0]
            weights[still] += added - self._plain(was)[at[still]]
        return np.maximum(weights, 0.0)

    def _plain(self, held: Held) -> Scores:
        """What features add by the counts alone; one that the index does not know is held by this topic."""
        rows, known = look_up(self.postings.keys, held.keys)
        starts = self.postings.impacts.starts
        holders = np.ones(len(known), np.int64)
        holders[known] = starts[rows[known] + 1] - starts[rows[known]]
        rare = idf(holders, self.postings.impacts.size, held.kinds)
        return weighed(rare, held.counts.astype(np.float64), norms(np.array([held.length]), self.mean))


def write_changed(known: Known, compiled: Path, changes: Sequence[Change], directory: Path) -> None:
    """Makes a directory that holds the compiled index of another, by the same files, and these changes; OSError."""
    directory.mkdir(parents=True, exist_ok=True)
    for path in compiled.iterdir():
        if path.is_file():
            _share(path, directory / path.name)
    places = known.place_of(changes)
    ordered = sorted(changes, key=lambda change: places[change.slug])
    held = [_held(known.reader, change.now) for change in ordered]
    cells = Cells.joined(held)
    weights = np.zeros(len(cells.counts))
    for at, change in enumerate(ordered):
        was = _held(known.reader, change.was)
        weights[cells.topics == at] = known.weights(held[at], was, places[change.slug])
    (directory / CHANGED).mkdir()
    now = [change.now or Topic(change.slug, live=False) for change in ordered]
    referrals = np.array([topic.referral for topic in now], bool)
    Postings(cells.keys, cells.kinds, cells.impacts(weights), referrals).save(directory / CHANGED)
    meta = {
        "topics": [[places[topic.slug], topic.slug, topic.live, topic.referral] for topic in now],
        "refused": Refusals.written(now, known.languages),
    }
    (directory / CHANGED / META).write_text(json.dumps(meta, ensure_ascii=False), "utf-8")


def _held(reader: Reader, topic: Topic | None) -> Held:
    return read_texts(reader, texts_of(topic) if topic else ())


def read_changed(directory: Path) -> Mapping[str, Any] | None:
    """What `write_changed` noted beside the arrays, None where nothing changed; OSError or ValueError when damaged."""
    if not (directory / CHANGED).is_dir():
        return None
    meta: Mapping[str, Any] = json.loads((directory / CHANGED / META).read_text("utf-8"))
    return meta


def open_changed(compiled: Postings, directory: Path, changed: Mapping[int, bool]) -> Changed:
    """The postings with those of changed topics, by place whether each is a referral.

    OSError, ValueError or EOFError when they are damaged.
    """
    places, flags = np.array(list(changed), np.int32), np.array(list(changed.values()), bool)
    referrals = np.zeros(max(len(compiled.referrals), max(changed, default=-1) + 1), bool)
    referrals[: len(compiled.referrals)] = compiled.referrals
    referrals[places] = flags
    return Changed(compiled, places, Postings.open(directory / CHANGED, flags), referrals)


def _share(path: Path, beside: Path) -> None:
    """The same file under another name, or a copy where a disk cannot do that."""
    try:
        os.link(path, beside)
    except OSError:
        shutil.copy2(path, beside)
