"""The compiled suggestion index, opened: a message in, the topics that resemble it and what did that out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kbengine.article import SynonymGroup
from kbengine.errors import StoreMissing
from kbengine.language import ANALYZER_VERSION, Concepts, detect
from kbengine.suggest.build import FORMAT, META, NEAR
from kbengine.suggest.calibration import Calibration, Drawn, LineCost
from kbengine.suggest.changed import Changed, Known, open_changed, read_changed
from kbengine.suggest.evidence import Evidence, Scores
from kbengine.suggest.features import MOST_CHARACTERS, Reader, Reading
from kbengine.suggest.fused import Fused, Sense, nearest
from kbengine.suggest.postings import Postings
from kbengine.suggest.refused import Refusals
from kbengine.suggest.semantic import Encoder, vector_or_none
from kbengine.suggest.values import BELOW_LINE, NO_WORDS, NOT_LIVE, NOTHING_SIMILAR, Match, Ranking

_MOST_SHOWN = 8
_LEAST_SHOWN = 0.02
_LEAST_ADDED = 1e-6
_DECIMALS = 6


@dataclass(frozen=True, slots=True)
class SuggestionIndex:
    """A compiled index, mapped into memory; safe to share between threads.

    `line` was drawn where the share `silent` of questions about a missing article meets silence; `costs` says what
    other lines would do, and is empty for topics without questions. `by_meaning`: likeness of meaning counts too.
    `known` is what changed topics are compared with.
    """

    line: float
    silent: float
    costs: tuple[LineCost, ...]
    topics: tuple[tuple[str, bool], ...]
    languages: tuple[str, ...]
    by_meaning: bool
    known: Known
    _postings: Postings | Changed
    _warmth: float
    _reader: Reader
    _calibration: Calibration
    _refusals: Refusals
    _sense: Sense | None
    _encoder: Encoder | None
    _mark: tuple[int, int, int]
    _before: SuggestionIndex | None = None

    @classmethod
    def open(
        cls, directory: Path, encoder: Encoder | None = None, opened: SuggestionIndex | None = None
    ) -> SuggestionIndex:
        """The index in a directory; StoreMissing when there is none, or one that another version made.

        Likeness of meaning counts with the encoder that the index was built with; without it words alone count.
        Where `opened` was compiled at the same time, and only some topics changed since, no more than these are read.
        """
        compiled = opened.compiled if opened else None
        try:
            if compiled is None or compiled._mark != _mark(directory) or compiled._encoder is not encoder:
                compiled = cls._open(directory, encoder)
            changed = read_changed(directory)
            return compiled._changed(directory, changed) if changed else compiled
        except (OSError, ValueError, EOFError) as error:
            raise _missing(directory, error) from error

    @classmethod
    def _open(cls, directory: Path, encoder: Encoder | None) -> SuggestionIndex:
        meta, mark = _meta(directory), _mark(directory)
        topics = tuple((slug, live) for slug, live, _ in meta["topics"])
        referrals = np.array([referral for _, _, referral in meta["topics"]], bool)
        vocabulary = {lang: frozenset(terms) for lang, terms in meta["vocabulary"].items()}
        synonyms = [SynonymGroup(name, words) for name, words in meta["synonyms"].items()]
        reader = Reader(vocabulary, Concepts.of(synonyms, vocabulary))
        learned = meta["calibration"]
        calibration = Calibration(tuple(learned["weights"]), learned["bias"], learned["line"])
        sense, postings = _sense(directory, meta, encoder), Postings.open(directory, referrals)
        places = {slug: place for place, (slug, _) in enumerate(topics)}
        # The first word of a language loads its lemmas (0.2 to 0.9 s): now, not while somebody waits.
        for lang in meta["languages"]:
            reader.read("lemma", lang)
        return cls(
            line=sense.calibration.line if sense else calibration.line,
            silent=meta["silent"],
            costs=sense.costs if sense else tuple(LineCost(*cost) for cost in meta["costs"]),
            topics=topics,
            languages=tuple(meta["languages"]),
            by_meaning=sense is not None,
            known=Known(postings, places, meta["mean"], reader, tuple(meta["languages"])),
            _postings=postings,
            _warmth=meta["warmth"],
            _reader=reader,
            _calibration=calibration,
            _refusals=Refusals(reader, meta["refused"]),
            _sense=sense,
            _encoder=encoder,
            _mark=mark,
        )

    @property
    def compiled(self) -> SuggestionIndex:
        """The index without the topics that changed since it was compiled."""
        return self._before or self

    def _changed(self, directory: Path, meta: Mapping[str, Any]) -> SuggestionIndex:
        """This compiled index with the topics that changed since."""
        topics = dict(enumerate(self.topics)) | {place: (slug, live) for place, slug, live, _ in meta["topics"]}
        changed = {place: referral for place, _, _, referral in meta["topics"]}
        return replace(
            self,
            topics=tuple(topics[place] for place in range(len(topics))),
            _postings=open_changed(self.known.postings, directory, changed),
            _refusals=self._refusals.changed([slug for _, slug, _, _ in meta["topics"]], meta["refused"]),
            _before=self,
        )

    @property
    def drawn(self) -> Drawn:
        """How the line came to be where it is."""
        return self._sense.drawn if self._sense else self._calibration.drawn

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
        meant = self._meant(text)
        # Letters in common are no likeness where no word is.
        if meant is None and not self._postings.holds(reading.keys[reading.terms]).any():
            return Ranking((), spoken, self.line, NOTHING_SIMILAR)
        judge = self._calibration if meant is None or self._sense is None else self._sense.calibration
        found = self._found(reading, max(limit, NEAR), meant)
        matches = self._refusals.kept(self._matches(reading, found, judge, limit), reading, judge.line)
        referral = self._match(reading, found, judge, found.foremost.referral) if found.foremost.referral >= 0 else None
        if referral is not None and referral.confidence < judge.line:
            referral = None
        return Ranking(matches, spoken, judge.line, self._reason(matches, judge.line), referral)

    def _meant(self, text: str) -> Scores | None:
        """What the message's meaning says of every topic; None when it is not known."""
        if self._sense is None or self._encoder is None:
            return None
        vector = vector_or_none(self._encoder, text)
        if vector is None:
            return None
        scores = self._sense.meaning.scores(vector)
        # What a new topic means is learned when the index is compiled again.
        return np.concatenate((scores, np.zeros(len(self.topics) - len(scores))))

    def _found(self, reading: Reading, most: int, meant: Scores | None) -> Evidence | Fused:
        if meant is None or self._sense is None:
            return self._postings.find(reading, most, self._warmth)
        words = self._postings.find(reading, most, self._warmth, nearest(meant, most))
        return Fused(words, meant[words.topics], self._sense.share)

    def _matches(self, reading: Reading, found: Evidence | Fused, judge: Calibration, limit: int) -> tuple[Match, ...]:
        matches: list[Match] = []
        for place in found.foremost.order[: max(limit, 1)].tolist():
            if found.totals[place] > 0:
                match = self._match(reading, found, judge, place)
                bound = min(match.confidence, matches[-1].confidence) if matches else match.confidence
                matches.append(replace(match, confidence=bound))
        return tuple(matches)

    def _match(self, reading: Reading, found: Evidence | Fused, judge: Calibration, place: int) -> Match:
        words = found.words if isinstance(found, Fused) else found
        slug, live = self.topics[int(found.topics[place])]
        sure = round(judge.confidence(found.signals(place)), _DECIMALS)
        meaning = round(found.by_meaning(place), 4) if isinstance(found, Fused) else 0.0
        shown = _words(reading, words, place, 1.0 - meaning)
        return Match(slug, live, float(found.totals[place]), sure, shown, meaning)

    def _reason(self, matches: tuple[Match, ...], line: float) -> str:
        if not matches:
            return NOTHING_SIMILAR
        if matches[0].confidence < line:
            return BELOW_LINE
        return "" if matches[0].live else NOT_LIVE


def _sense(directory: Path, meta: Mapping[str, Any], encoder: Encoder | None) -> Sense | None:
    """What the index knows of meaning, where this encoder is the one that made it."""
    made = meta.get("meaning")
    return Sense.open(directory, made) if made and encoder and made["identity"] == encoder.identity else None


def _words(reading: Reading, evidence: Evidence, place: int, share: float) -> tuple[tuple[str, float], ...]:
    """The message's words by what they added to a topic's score, as a part of all that was added: `share` together.

    A small word (mijn, tot) is named only where no other word added anything: it tells nobody why.
    """
    whole = max(float(evidence.totals[place]), _LEAST_ADDED)
    added = share / whole * np.bincount(reading.places, evidence.parts[:, place], len(reading.surfaces))
    parts: dict[str, float] = {}
    for at in np.flatnonzero(added).tolist():
        word = reading.surfaces[at]
        parts[word] = parts.get(word, 0.0) + float(added[at])
    ordered = sorted(((word, round(part, 4)) for word, part in parts.items()), key=lambda item: (-item[1], item[0]))
    enough = [(word, part) for word, part in ordered if part >= _LEAST_SHOWN]
    full = {reading.surfaces[at] for at in reading.places[reading.terms].tolist()}
    return tuple([item for item in enough if item[0] in full] or enough)[:_MOST_SHOWN]


def _mark(directory: Path) -> tuple[int, int, int]:
    """Tells one compiled index from any other, in whatever directory it stands."""
    status = (directory / META).stat()
    return status.st_dev, status.st_ino, status.st_mtime_ns


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
