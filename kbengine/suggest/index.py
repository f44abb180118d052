"""A message's topics, from a compiled index: the same message and index always give the same ranking."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kbengine.article import SynonymGroup
from kbengine.errors import StoreMissing
from kbengine.language import ANALYZER_VERSION, Concepts, detect
from kbengine.suggest.build import ARRAYS, FORMAT, META
from kbengine.suggest.calibration import Calibration, Evidence, LineCost
from kbengine.suggest.features import MOST_CHARACTERS, Reader, Reading
from kbengine.suggest.postings import Postings, Scores
from kbengine.suggest.refused import Refusals
from kbengine.suggest.values import BELOW_LINE, NO_WORDS, NOT_LIVE, NOTHING_SIMILAR, Match, Ranking

# Words and pairs of words of a message that are looked up: 64 terms and as many pairs, the rarest.
_MOST_WORDS = 128
_MOST_SHOWN = 8
_LEAST_SHOWN = 0.02
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class SuggestionIndex:
    """A compiled index, mapped into memory; safe to share between threads.

    `line` was drawn where the share `silent` of questions about a missing article meets silence; `costs` says what
    other lines would do, and is empty for topics without questions.
    """

    line: float
    silent: float
    costs: tuple[LineCost, ...]
    topics: tuple[tuple[str, bool], ...]
    languages: tuple[str, ...]
    _words: Postings
    _grams: Postings
    _reader: Reader
    _calibration: Calibration
    _refusals: Refusals

    @classmethod
    def open(cls, directory: Path) -> SuggestionIndex:
        """The index in a directory; StoreMissing when there is none, or one that another version made."""
        meta = _meta(directory)
        topics = tuple((slug, live) for slug, live in meta["topics"])
        vocabulary = {lang: frozenset(terms) for lang, terms in meta["vocabulary"].items()}
        synonyms = [SynonymGroup(name, words) for name, words in meta["synonyms"].items()]
        reader = Reader(vocabulary, Concepts.of(synonyms, vocabulary))
        learned = meta["calibration"]
        calibration = Calibration(tuple(learned["weights"]), learned["bias"], learned["line"])
        words, grams = (_postings(directory, kind, len(topics)) for kind in ("words", "grams"))
        # The first word of a language loads its lemmas (0.2 to 0.9 s): now, not while somebody waits.
        for lang in meta["languages"]:
            reader.read("lemma", lang)
        costs = tuple(LineCost(*cost) for cost in meta["costs"])
        return cls(
            line=calibration.line,
            silent=meta["silent"],
            costs=costs,
            topics=topics,
            languages=tuple(meta["languages"]),
            _words=words,
            _grams=grams,
            _reader=reader,
            _calibration=calibration,
            _refusals=Refusals(reader, meta["refused"]),
        )

    def rank(self, message: str, lang: str | None = None, limit: int = 5) -> Ranking:
        """The topics that resemble a message, best first; `lang` when a person said which language it is in."""
        text = message[:MOST_CHARACTERS]
        main = self.languages[0] if self.languages else "nl"
        spoken = lang or detect(text, default=main)
        # A language the topics have no text in would only turn words into forms that nothing holds; its synonyms
        # are what such a message has in common with them.
        reading = self._reader.read(text, spoken if spoken in self.languages else main, spoken)
        if not reading.surfaces:
            return Ranking((), spoken, self.line, NO_WORDS)
        words = self._words.find(reading.words.keys, _MOST_WORDS)
        if not len(words.rows):
            return Ranking((), spoken, self.line, NOTHING_SIMILAR if len(reading.words.keys) else NO_WORDS)
        found = self._matches(reading, Evidence.of(words, self._grams.find(reading.grams.keys)), limit)
        matches = self._refusals.kept(found, reading, self.line)
        return Ranking(matches, spoken, self.line, self._reason(matches))

    def _matches(self, reading: Reading, evidence: Evidence, limit: int) -> tuple[Match, ...]:
        totals = evidence.totals
        matches: list[Match] = []
        # Topics stand in the order of their slugs, so that a stable sort settles ties by slug.
        for place in np.argsort(-totals, kind="stable")[: max(limit, 1)].tolist():
            if totals[place] > 0:
                slug, live = self.topics[place]
                confidence = self._calibration.confidence(evidence.signals(place))
                bound = min(confidence, matches[-1].confidence) if matches else confidence
                shown = _words(reading, evidence, place)
                matches.append(Match(slug, live, float(totals[place]), round(bound, _DECIMALS), shown))
        return tuple(matches)

    def _reason(self, matches: tuple[Match, ...]) -> str:
        if not matches:
            return NOTHING_SIMILAR
        if matches[0].confidence < self.line:
            return BELOW_LINE
        return "" if matches[0].live else NOT_LIVE


def _words(reading: Reading, evidence: Evidence, topic: int) -> tuple[tuple[str, float], ...]:
    """The message's words by what they added to a topic's score, as a part of all that was added."""
    parts: dict[str, float] = {}
    for found, features in ((evidence.words, reading.words), (evidence.grams, reading.grams)):
        added: Scores = found.parts(topic)
        whole = float(added.sum())
        for place in np.flatnonzero(added).tolist():
            word = reading.surfaces[int(features.words[place])]
            parts[word] = parts.get(word, 0.0) + float(added[place]) / whole / 2.0
    ordered = sorted(((word, round(part, 4)) for word, part in parts.items()), key=lambda item: (-item[1], item[0]))
    return tuple((word, part) for word, part in ordered if part >= _LEAST_SHOWN)[:_MOST_SHOWN]


def _meta(directory: Path) -> Mapping[str, Any]:
    path = directory / META
    try:
        meta: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _missing(directory, error) from error
    if (meta.get("format"), meta.get("analyzer")) != (FORMAT, ANALYZER_VERSION):
        raise StoreMissing(
            "suggest.stale", f"The suggestion index in {directory} is of another version.", "Build the edition again."
        )
    return meta


def _missing(directory: Path, error: Exception) -> StoreMissing:
    message = f"There is no whole suggestion index in {directory}: {error}."
    return StoreMissing("suggest.missing", message, "Build the edition again.", directory=str(directory))


def _postings(directory: Path, kind: str, size: int) -> Postings:
    try:
        keys, starts, topics, weights = (_array(directory / f"{kind}-{name}.npy") for name in ARRAYS)
    except (OSError, ValueError, EOFError) as error:
        raise _missing(directory, error) from error
    return Postings(keys, starts, topics, weights, size)


def _array(path: Path) -> np.ndarray[Any, Any]:
    try:
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        # Nothing cannot be mapped: an index without texts has arrays without numbers.
        array = np.load(path, allow_pickle=False)
    return np.asarray(array)
