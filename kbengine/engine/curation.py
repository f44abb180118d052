"""Which curations a message meets: answers that an editor pinned or held back for some words, until a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from kbengine.article import Curation, SynonymGroup
from kbengine.edition import Catalog
from kbengine.engine.values import Steering
from kbengine.language import LANGUAGES, Analyzer, Concepts, analyzer, tokens, word_keys
from kbengine.period import end_instant

# A phrase of a curation: for each of its words, everything that meets it; a group of synonyms stands there as ≈name.
Wanted = tuple[frozenset[str], ...]


def _group(name: str) -> str:
    return f"≈{name}"


@dataclass(frozen=True, slots=True)
class Steered:
    """A curation that counts for a message now, and when it ends."""

    curation: Curation
    end: datetime

    @property
    def steering(self) -> Steering:
        """What the desk says of it."""
        return Steering(self.curation.name, self.curation.reason, self.end)


class Curator:
    """The live curations, compiled with the live synonyms."""

    def __init__(self, curations: Sequence[Curation], synonyms: Sequence[SynonymGroup]) -> None:
        self.curations = curations
        self.synonyms = synonyms
        self._wanted: dict[str, tuple[tuple[Wanted, ...], ...]] = {}
        self._splitting: dict[str, Analyzer] = {}
        self._concepts = Concepts.of(synonyms if curations else ())

    def met(self, message: str, lang: str, now: datetime, tz: ZoneInfo) -> tuple[Steered, ...]:
        """The curations whose words a message has at that moment, in the order of the register."""
        running = [(curation, end_instant(curation.until, tz)) for curation in self.curations]
        if not any(now < end for _, end in running):
            return ()
        has = self._has(tokens(message), lang)
        wanted = zip(running, self._compiled(lang), strict=True)
        return tuple(
            Steered(curation, end)
            for (curation, end), phrases in wanted
            if now < end and any(phrase and all(words & has for words in phrase) for phrase in phrases)
        )

    def _has(self, surfaces: Sequence[str], lang: str) -> frozenset[str]:
        """Everything that a message's words are compared by."""
        self._compiled(lang)
        keys = {key for surface in surfaces for key in word_keys(surface, lang)}
        parts = {term for surface in surfaces for term in self._splitting[lang].of_word(surface)}
        groups = {_group(name) for name, _ in self._concepts.named(surfaces, lang)}
        return frozenset(keys | parts | groups)

    def _compiled(self, lang: str) -> tuple[tuple[Wanted, ...], ...]:
        if lang not in self._wanted:
            phrases = tuple(
                tuple(self._phrase(tokens(text), lang) for text in curation.words) for curation in self.curations
            )
            stems = {key for some in phrases for phrase in some for words in phrase for key in words}
            self._splitting[lang] = Analyzer(lang, stems)
            self._wanted[lang] = phrases
        return self._wanted[lang]

    def _phrase(self, surfaces: Sequence[str], lang: str) -> Wanted:
        """What a message must have, word by word; small words do not count, unless there are no others.

        Nobody says which language the words of a curation are in: they are read as of the message's, and name
        synonyms in any.
        """
        named: dict[int, set[str]] = {place: set() for place in range(len(surfaces))}
        for spoken in LANGUAGES:
            for name, start, end in self._concepts.found(surfaces, spoken):
                for place in range(start, end):
                    named[place].add(_group(name))
        telling = [place for place, surface in enumerate(surfaces) if analyzer(lang).plain(surface)]
        return tuple(
            frozenset({*word_keys(surfaces[place], lang), *named[place]}) for place in telling or range(len(surfaces))
        )


class Curators:
    """The curator of the moment, compiled once for as long as the registers stay what they are."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._curator = Curator((), ())

    def of(self, catalog: Catalog) -> Curator:
        """The curator of a catalog."""
        with self._lock:
            kept = self._curator
            if kept.curations is not catalog.curations or kept.synonyms is not catalog.synonyms:
                self._curator = Curator(catalog.curations, catalog.synonyms)
            return self._curator
