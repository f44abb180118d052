"""The rules about one article: its text and its header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbengine.article import Audience, VariantName
from kbengine.channels import CHANNELS
from kbengine.checks.limits import limits
from kbengine.checks.scope import Rule, Scope, problem
from kbengine.checks.stale import stale_articles
from kbengine.checks.table import in_table
from kbengine.errors import Problem
from kbengine.folder import FACTS_FILE
from kbengine.markup import check as check_markup
from kbengine.reply import placeholder_problems, placeholders


def _markup(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        for variant in text.article.variants:
            yield from check_markup(variant.text, text.file, variant.line)


def _placeholders(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        for variant in text.article.variants:
            yield from placeholder_problems(variant.text, scope.facts, text.file, variant.line)


def _owners(scope: Scope) -> Iterator[Problem]:
    known = ", ".join(scope.zone.owners)
    for text in scope.articles:
        header = text.article.header
        if header is not None and header.owner not in scope.zone.owners:
            yield problem("owner.unknown", text.file, f"The owner {header.owner} is unknown.", f"Known: {known}.")


def _channels(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        for name in text.article.header.channels if text.article.header else ():
            if name not in CHANNELS:
                hint = "Known: " + ", ".join(CHANNELS) + "."
                yield problem("channel.unknown", text.file, f"The channel {name} is unknown.", hint)


def _languages(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        if text.header is None:
            first = f"{text.article.slug}.{scope.zone.first_lang}.md"
            hint = "Write that one first: its header counts for every language."
            yield problem("language.no-first", text.file, f"There is no {first}.", hint)


def _locked(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        whole = "\n".join(variant.text for variant in text.article.variants)
        for passage in text.article.header.locked if text.article.header else ():
            if passage not in whole:
                hint = "Copy the passage exactly as it stands in the text, or take it out of `locked`."
                yield problem("locked.absent", text.file, f"The locked passage {passage!r} is not in the text.", hint)


def _audience(scope: Scope) -> Iterator[Problem]:
    """A private-only answer keeps its text in the private variant or is private as a whole."""
    for text in scope.articles:
        short = text.article.variant(VariantName.SHORT)
        if text.header is None or text.header.audience is Audience.PUBLIC or short is None:
            continue
        message = "A short variant is for public channels, and this answer is not public."
        yield Problem(
            "audience.short", "warning", text.file, short.line, message, "Take it out, or make the answer public."
        )


def _facts_language(scope: Scope) -> Iterator[Problem]:
    """A translation that shows a value written only for another language."""
    for text in scope.articles:
        for variant in text.article.variants:
            for place in placeholders(variant.text):
                fact = scope.facts.get(place.name) if place.kind == "fact" else None
                if fact and not {"", text.article.lang} & set(fact.values):
                    line = variant.line + variant.text.count("\n", 0, place.start)
                    message = f"The value {place.name} has no text in {text.article.lang}."
                    yield Problem("fact.no-language", "warning", text.file, line, message, f"Add it in {FACTS_FILE}.")


ARTICLE_RULES: Sequence[Rule] = (
    _markup,
    _placeholders,
    _owners,
    _channels,
    _languages,
    _locked,
    limits,
    _audience,
    _facts_language,
    stale_articles,
    in_table,
)
