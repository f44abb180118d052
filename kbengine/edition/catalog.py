"""Everything that is live at one moment, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from kbengine.article import (
    Article,
    Curation,
    Fact,
    Kind,
    Questions,
    Ref,
    Referral,
    SynonymGroup,
    Zone,
    read_article,
    read_facts,
    read_questions,
)
from kbengine.history import Answer, Published, State
from kbengine.journal import NO_NAMES, Head, Names

ZONE_REF = Ref(Kind.ZONE, "zone")
DANGER_REF = Ref(Kind.DANGER, "danger")
SYNONYMS_REF = Ref(Kind.SYNONYMS, "synonyms")
CURATIONS_REF = Ref(Kind.CURATIONS, "curations")
KINDS_REF = Ref(Kind.KINDS, "kinds")
REFERRALS_REF = Ref(Kind.REFERRALS, "referrals")
REGISTERS = (DANGER_REF, SYNONYMS_REF, CURATIONS_REF, KINDS_REF, REFERRALS_REF)


@dataclass(frozen=True, slots=True)
class LiveFact:
    """A value that is live, and which revision of it."""

    fact: Fact
    published: Published


@dataclass(frozen=True, slots=True)
class Dormant:
    """An article that exists and may not be used now: its name, state and owner, and how people ask for it.

    `into` is the article in which it went up; `questions` are then only those which that one does not ask.
    """

    slug: str
    titles: Mapping[str, str]
    state: State
    owner: str
    questions: Questions | None
    block: bool = False
    into: str = ""


@dataclass(frozen=True, slots=True)
class Catalog:
    """What may be offered as of one line of the journal; each answer's own period is checked again at reading.

    Of the texts of `danger` the first that can be read counts; of the other registers only the
    validated text does. `changes`: when a text next begins or ends without a decision; the first of these moments is
    `next_change`.
    """

    head: Head
    zone: Zone
    danger: tuple[str, ...]
    answers: Mapping[Ref, Answer]
    facts: Mapping[str, LiveFact]
    dormant: Mapping[str, Dormant]
    next_change: datetime | None
    synonyms: tuple[SynonymGroup, ...] = ()
    curations: tuple[Curation, ...] = ()
    changes: Mapping[Ref, datetime] = field(default_factory=dict)
    kinds: str = ""
    names: Names = NO_NAMES
    referrals: tuple[Referral, ...] = ()

    def answer(self, ref: Ref, now: datetime) -> Answer | None:
        """The live answer of that name at that moment, or None; a former name leads to it too."""
        found = self.answers.get(ref) or self.answers.get(self.names.ref_now(ref))
        return found if found is not None and found.published.covers(now) else None

    def in_language(self, slug: str, lang: str, now: datetime) -> Answer | None:
        """An answer in a language, else in the zone's first, else in any the zone has."""
        for choice in (lang, *self.zone.languages):
            found = self.answer(Ref(Kind.ARTICLE, slug, choice), now)
            if found is not None:
                return found
        return None

    def block(self, slug: str) -> bool:
        """Whether an article is a building block, live or not."""
        slug = self.names.now(slug)
        if slug in self.dormant:
            return self.dormant[slug].block
        found = (self.answers.get(Ref(Kind.ARTICLE, slug, lang)) for lang in self.zone.languages)
        return any(answer is not None and answer.header.block for answer in found)

    def live(self, slug: str, now: datetime) -> bool:
        """Whether an answer may be offered at that moment, in whatever language."""
        return self.in_language(slug, self.zone.first_lang, now) is not None

    def languages(self, slug: str, now: datetime) -> tuple[str, ...]:
        """The languages in which an answer is live at that moment, the zone's first."""
        return tuple(lang for lang in self.zone.languages if self.answer(Ref(Kind.ARTICLE, slug, lang), now))

    def fact_values(self, lang: str, now: datetime) -> dict[str, str]:
        """The values in a language that hold at that moment."""
        first = self.zone.first_lang
        return {name: kept.fact.value(lang, first) for name, kept in self.facts.items() if kept.published.covers(now)}


@lru_cache(maxsize=20_000)
def parsed(ref: Ref, text: str, theme: str, first_lang: str) -> Article | None:
    """The article of a stored text, None when it cannot be read; the same text is read once."""
    return read_article(text, ref, theme, str(ref), first_lang).article


@lru_cache(maxsize=20_000)
def parsed_questions(text: str, slug: str) -> Questions | None:
    """The questions of a stored text, None when it cannot be read; the same text is read once."""
    return read_questions(text, slug, slug)[0]


def fact_of(published: Published) -> Fact | None:
    """The fact that a published revision holds."""
    facts = read_facts(published.text, str(published.ref))[0]
    return facts[0] if facts else None
