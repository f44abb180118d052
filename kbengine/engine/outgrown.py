"""What a new value does to the answers that hold it: where one no longer fits its channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kbengine.article import Fact
from kbengine.checks import Scope, Text, check_limits
from kbengine.engine.library import Library
from kbengine.errors import Problem
from kbengine.reply import facts_in


def outgrown(library: Library, facts: Sequence[Fact], file: str) -> tuple[Problem, ...]:
    """The limits that live answers would pass with these values, and do not pass with those of this moment."""
    catalog = library.catalog
    names = {fact.name for fact in facts}
    texts = tuple(
        Text(str(ref), answer.article, answer.header)
        for ref, answer in catalog.answers.items()
        if answer.published.covers(library.now)
        and not names.isdisjoint(facts_in(*(variant.text for variant in answer.article.variants)))
    )
    now = {name: kept.fact for name, kept in catalog.facts.items()}
    if all(now.get(fact.name) == fact for fact in facts):
        return ()
    after = _found(library, texts, now | {fact.name: fact for fact in facts})
    files = {problem.file for problem in after}
    suspect = tuple(text for text in texts if text.file in files)
    before = {(problem.code, problem.file, problem.fields["channel"]) for problem in _found(library, suspect, now)}
    return tuple(
        _of_fact(problem, file)
        for problem in after
        if (problem.code, problem.file, problem.fields["channel"]) not in before
    )


def _found(library: Library, texts: tuple[Text, ...], facts: Mapping[str, Fact]) -> tuple[Problem, ...]:
    return check_limits(Scope(library.catalog.zone, texts, facts))


def _of_fact(problem: Problem, file: str) -> Problem:
    """A limit that an answer passes, as a problem of the value that makes it so."""
    fields = {**problem.fields, "article": problem.file.removeprefix("article/")}
    message, hint = f"With this value, {problem.file}: {problem.message}", "Shorten that answer first, or the value."
    if problem.level == "warning":
        return Problem("fact.split", "warning", file, 1, message, hint, fields)
    return Problem("fact.too-long", "error", file, 1, message, hint, fields)
