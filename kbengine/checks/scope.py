"""What the rules look at: the texts of a folder or store, and their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kbengine.article import (
    Article,
    Audience,
    Fact,
    Header,
    Kind,
    Questions,
    Referral,
    SynonymGroup,
    Zone,
    read_referrals,
    read_synonyms,
    table_line,
)
from kbengine.errors import Problem
from kbengine.folder import CURATIONS_FILE, DANGER_FILE, KINDS_FILE, REFERRALS_FILE, SYNONYMS_FILE, Folder
from kbengine.neighbours import Readings


@dataclass(frozen=True, slots=True)
class Text:
    """An article with where it stands, and the header that counts for it (its first language's)."""

    file: str
    article: Article
    header: Header | None

    @property
    def internal(self) -> bool:
        """Whether all of it is for colleagues only."""
        return self.header is not None and self.header.audience is Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule about one text finds: at which line of its file, and what to do about it."""

    line: int
    message: str
    hint: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules look at together; without a `now` nothing is measured against the calendar.

    `question_texts` holds the question files as they stand, by file; `facts_text` the register of values. `written`
    are the languages in which each article exists, where more do than are looked at; `inside` other texts that never
    go out.
    """

    zone: Zone
    articles: tuple[Text, ...]
    facts: Mapping[str, Fact]
    questions: tuple[tuple[str, Questions], ...] = ()
    danger: str = ""
    curations: str = ""
    now: datetime | None = None
    synonyms: tuple[SynonymGroup, ...] = ()
    question_texts: Mapping[str, str] = field(default_factory=dict)
    kinds: str = ""
    referrals: tuple[Referral, ...] = ()
    referrals_text: str = ""
    facts_text: str = ""
    written: Mapping[str, frozenset[str]] = field(default_factory=dict)
    inside: tuple[Text, ...] = ()
    readings: Mapping[str, Readings] = field(default_factory=dict)

    def fact_values(self, lang: str) -> dict[str, str]:
        """Every fact's value in a language."""
        return {name: fact.value(lang, self.zone.first_lang) for name, fact in self.facts.items()}

    def line_of(self, file: str, question: str) -> int:
        """The line of a question in its file, 0 when it stands there in other signs."""
        text = self.question_texts.get(file, "")
        places = [place for quote in "\"'" if (place := text.find(f"{quote}{question}{quote}")) >= 0]
        return text.count("\n", 0, places[0]) + 1 if places else 0

    def fact_line(self, name: str) -> int:
        """The line of a value in the register, 1 when it is not known."""
        return table_line(self.facts_text, name, "value") if self.facts_text else 1


Rule = Callable[[Scope], Iterator[Problem]]


def folder_scope(
    folder: Folder, zone: Zone, now: datetime | None = None, readings: Mapping[str, Readings] | None = None
) -> Scope:
    """A folder as the rules see it at that moment; `readings` are what was read of its texts before, by language."""
    headers = {article.slug: article.header for _, article in folder.articles if article.header is not None}
    texts = tuple(Text(file, article, headers.get(article.slug)) for file, article in folder.articles)
    whole = {item.file: item.text for item in folder.items}
    return Scope(
        zone=zone,
        articles=texts,
        facts={fact.name: fact for fact in folder.facts},
        questions=folder.questions,
        danger=whole.get(DANGER_FILE, ""),
        curations=whole.get(CURATIONS_FILE, ""),
        now=now,
        synonyms=read_synonyms(whole.get(SYNONYMS_FILE, ""), SYNONYMS_FILE)[0],
        question_texts={item.file: item.text for item in folder.items if item.ref.kind is Kind.QUESTIONS},
        kinds=whole.get(KINDS_FILE, ""),
        readings=readings or {},
        facts_text=folder.facts_text,
        referrals=read_referrals(whole.get(REFERRALS_FILE, ""), REFERRALS_FILE)[0],
        referrals_text=whole.get(REFERRALS_FILE, ""),
    )


def problem(code: str, file: str, message: str, hint: str) -> Problem:
    """A problem of a whole file that stops a submission."""
    return Problem(code, "error", file, 1, message, hint)
