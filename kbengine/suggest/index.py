"""The compiled suggestion index, opened: a message in, the topics that resemble it and what did that out."""

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
from kbengine.suggest.build import FORMAT, META, NEAR
from kbengine.suggest.calibration import Calibration, LineCost
from kbengine.suggest.evidence import Evidence
from kbengine.suggest.features import MOST_CHARACTERS, Reader, Reading
from kbengine.suggest.postings import Postings
from kbengine.suggest.refused import Refusals
from kbengine.suggest.values import BELOW_LINE, NO_WORDS, NOT_LIVE, NOTHING_SIMILAR, Match, Ranking

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
    _postings: Postings
    _warmth: float
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
        try:
            postings = Postings.open(directory, len(topics))
        except (OSError, ValueError, EOFError) as error:
            raise _missing(directory, error) from error
        # The first word of a language loads its lemmas (0.2 to 0.9 s): now, not while somebody waits.
        for lang in meta["languages"]:
            reader.read("lemma", lang)
        return cls(
            line=calibration.line,
            silent=meta["silent"],
            costs=tuple(LineCost(*cost) for cost in meta["costs"]),
            topics=topics,
            languages=tuple(meta["languages"]),
            _postings=postings,
            _warmth=meta["warmth"],
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
        if not reading.terms.any():
            return Ranking((), spoken, self.line, NO_WORDS)
        # Letters in common are no likeness where no word is.
        if not self._postings.holds(reading.keys[reading.terms]).any():
            return Ranking((), spoken, self.line, NOTHING_SIMILAR)
        evidence = self._postings.find(reading, max(limit, NEAR), self._warmth)
        matches = self._refusals.kept(self._matches(reading, evidence, limit), reading, self.line)
        return Ranking(matches, spoken, self.line, self._reason(matches))

    def _matches(self, reading: Reading, evidence: Evidence, limit: int) -> tuple[Match, ...]:
        matches: list[Match] = []
        for place in evidence.order[: max(limit, 1)].tolist():
            total = float(evidence.totals[place])
            if total > 0:
                slug, live = self.topics[int(evidence.topics[place])]
                confidence = self._calibration.confidence(evidence.signals(place))
                bound = min(confidence, matches[-1].confidence) if matches else confidence
                matches.append(Match(slug, live, total, round(bound, _DECIMALS), _words(reading, evidence, place)))
        return tuple(matches)

    def _reason(self, matches: tuple[Match, ...]) -> str:
        if not matches:
            return NOTHING_SIMILAR
        if matches[0].confidence < self.line:
            return BELOW_LINE
        return "" if matches[0].live else NOT_LIVE


def _words(reading: Reading, evidence: Evidence, place: int) -> tuple[tuple[str, float], ...]:
    """The message's words by what they added to a topic's score, as a part of all that was added."""
    added = np.bincount(reading.places, evidence.parts[:, place], len(reading.surfaces)) / evidence.totals[place]
    parts: dict[str, float] = {}
    for at in np.flatnonzero(added).tolist():
        word = reading.surfaces[at]
        parts[word] = parts.get(word, 0.0) + float(added[at])
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
