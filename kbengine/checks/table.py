"""The table of rules about one text: each gives one code, for texts in some languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kbengine.article import LANGUAGES
from kbengine.checks import links, outward, reading
from kbengine.checks.scope import Found, Scope, Text
from kbengine.errors import Level, Problem


@dataclass(frozen=True, slots=True)
class Check:
    """One rule: its code, how it is given when a zone says nothing, and the languages it can read."""

    code: str
    level: Level
    rule: Callable[[Scope, Text], Iterator[Found]]
    languages: Sequence[str] = LANGUAGES


ADDRESSED = tuple(reading.FORMS)

TABLE: Sequence[Check] = (
    Check("text.hard-to-read", "warning", reading.hard_to_read),
    Check("text.long-sentence", "warning", reading.long_sentence),
    Check("text.mixed-address", "warning", reading.mixed_address, ADDRESSED),
    Check("text.personal-data", "warning", outward.personal_data),
    Check("text.repeats-internal", "warning", outward.repeats_internal),
    Check("placeholder.ended", "error", outward.ended),
    Check("placeholder.not-started", "warning", outward.not_started),
    Check("placeholder.no-fallback", "warning", outward.no_fallback),
    Check("language.missing", "warning", outward.language_missing),
    *(Check(code, level, links.in_texts(rule)) for code, level, rule in links.ADDRESSES),
)


def in_table(scope: Scope) -> Iterator[Problem]:
    """What every rule of the table finds in the articles of a scope; one that a zone switched off is not asked."""
    for check in TABLE:
        if scope.zone.checks.word(check.code, check.level) == "off":
            continue
        for text in scope.articles:
            if text.article.lang in check.languages:
                yield from (_problem(check, text.file, found) for found in check.rule(scope, text))


def addresses_of_facts(scope: Scope, file: str) -> Iterator[Problem]:
    """What the rules about addresses find in the values that are addresses."""
    for fact in scope.facts.values():
        for code, level, rule in links.ADDRESSES:
            for found in links.of_fact(rule, fact):
                yield Problem(code, level, file, scope.fact_line(fact.name), found.message, found.hint, found.fields)


def _problem(check: Check, file: str, found: Found) -> Problem:
    return Problem(check.code, check.level, file, found.line, found.message, found.hint, found.fields)
