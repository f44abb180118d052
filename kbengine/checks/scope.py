"""What the rules look at: the texts of a folder or store, and their neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kbengine.article import Article, Fact, Header, Questions, Zone
from kbengine.errors import Problem
from kbengine.folder import DANGER_FILE, Folder


@dataclass(frozen=True, slots=True)
class Text:
    """An article with where it stands, and the header that counts for it (its first language's)."""

    file: str
    article: Article
    header: Header | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules look at together; `articles` are checked, `neighbours` only known of."""

    zone: Zone
    articles: tuple[Text, ...]
    facts: Mapping[str, Fact]
    questions: tuple[tuple[str, Questions], ...] = ()
    danger: str = ""

    def fact_values(self, lang: str) -> dict[str, str]:
        """Every fact's value in a language."""
        return {name: fact.value(lang, self.zone.first_lang) for name, fact in self.facts.items()}


Rule = Callable[[Scope], Iterator[Problem]]


def folder_scope(folder: Folder, zone: Zone) -> Scope:
    """A folder as the rules see it."""
    headers = {article.slug: article.header for _, article in folder.articles if article.header is not None}
    texts = tuple(Text(file, article, headers.get(article.slug)) for file, article in folder.articles)
    danger = next((item.text for item in folder.items if item.file == DANGER_FILE), "")
    return Scope(zone, texts, {fact.name: fact for fact in folder.facts}, folder.questions, danger)


def problem(code: str, file: str, message: str, hint: str) -> Problem:
    """A problem of a whole file that stops a submission."""
    return Problem(code, "error", file, 1, message, hint)
