"""The rule about neighbours: articles that answer the same, and sentences of two that say otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from kbengine.article import Article, Audience, Header, Variant, VariantName
from kbengine.checks.scope import Scope, Text
from kbengine.errors import Problem
from kbengine.neighbours import Field, Near, Passage, Readings, Sort, Told
from kbengine.reply import Placeholder, Said, placeholders, said

_LONGEST = 120
_BARE = re.compile(r"\d{1,5}(?:[.,]\d+)?")


def compared(article: Article, header: Header | None) -> tuple[Variant, ...]:
    """The variants that are laid beside those of others: what may go out, and of an internal article its steps."""
    internal = header is not None and header.audience is Audience.INTERNAL
    return tuple(one for one in article.variants if internal or one.name is not VariantName.INTERNAL)


def told(
    key: str,
    article: Article,
    header: Header | None,
    facts: Mapping[str, str],
    asked: Sequence[str],
    kept: Readings | None = None,
) -> Told:
    """An article as a neighbour, with its values in place; what an agent fills in stands there as [name].

    `kept` knows what was read before, and keeps what is read now.
    """
    written = [variant.text for variant in compared(article, header)]
    texts = tuple(_filled(text, facts) for text in written)
    known = kept or Readings()
    read = (
        known.of(article.lang, text, one, partial(_counted, text, one, article.lang, facts))
        for text, one in zip(written, texts, strict=True)
    )
    return Told(key, article.slug, article.lang, article.title, texts, tuple(asked), tuple(read))


def _filled(text: str, facts: Mapping[str, str]) -> str:
    """A variant's text with its values in place."""
    written, done = "", 0
    for place in placeholders(text):
        written += text[done : place.start] + _value(place, facts)
        done = place.end
    return written + text[done:]


def _fact(place: Placeholder, facts: Mapping[str, str]) -> str:
    return facts.get(place.name, "") if place.kind == "fact" else ""


def _value(place: Placeholder, facts: Mapping[str, str]) -> str:
    return _fact(place, facts) or f"[{place.name}]"


def _counted(text: str, filled: str, lang: str, facts: Mapping[str, str]) -> tuple[Said, ...]:
    """What a filled text says in numbers; the text and each value are read once, wherever they stand."""
    own, counts, bare, done, moved = said(text, lang), [], False, 0, 0
    for place in placeholders(text):
        counts += [_moved(one, moved) for one in own if done <= one.start < place.start]
        value = _fact(place, facts)
        counts += [_moved(one, place.start + moved) for one in said(value, lang)] if value else []
        bare, done = bare or bool(_BARE.fullmatch(value)), place.end
        moved += len(_value(place, facts)) - (place.end - place.start)
    counts += [_moved(one, moved) for one in own if done <= one.start]
    # What a bare number counts stands beside it: "{fact:speed} km/u".
    return said(filled, lang) if bare else tuple(counts)


def _moved(one: Said, by: int) -> Said:
    return replace(one, start=one.start + by, end=one.end + by)


def neighbours_of_folder(scope: Scope) -> Iterator[Problem]:
    """Articles that answer the same, and those that contradict each other; building blocks are left out."""
    asked = {held.slug: held.asked for _, held in scope.questions}
    by_lang: dict[str, dict[str, Text]] = {}
    for text in scope.articles:
        if text.header is None or not text.header.block:
            by_lang.setdefault(text.article.lang, {})[text.file] = text
    for lang, texts in by_lang.items():
        facts, kept = scope.fact_values(lang), scope.readings.get(lang)
        field = Field.of(
            lang,
            (
                told(file, text.article, text.header, facts, asked.get(text.article.slug, {}).get(lang, ()), kept)
                for file, text in texts.items()
            ),
        )
        for near in field.all() if len(texts) > 1 else ():
            yield _problem(near, texts[near.one.key])


def _problem(near: Near, text: Text) -> Problem:
    line = _line(text, near.here[0]) if near.here else 1
    return neighbour_problem(near, near.one.key, line)


def neighbour_problem(near: Near, file: str, line: int = 0) -> Problem:
    """What was found between two texts, as a problem of the first."""
    fields = {"slug": near.one.slug, "other": near.other.slug, "title": near.other.title, "what": near.what}
    fields["digest"] = near.digest
    if near.sort is Sort.ALIKE:
        message = f"{near.one.slug} and {near.other.slug} answer the same."
        hint = "Merge them, or write a `not` question in each; `kb neighbours` shows both."
        return Problem("neighbours.alike", "warning", file, line, message, hint, fields)
    mine, theirs = _cut(near.here[0]), _cut(near.there[0])
    message = f"{near.other.slug} says otherwise ({near.what}): {mine!r} against {theirs!r}."
    hint = "Correct the wrong one, say in which case each holds, or refer from the one to the other."
    fields |= {"text": mine, "said": theirs}
    return Problem("neighbours.contradiction", "warning", file, line, message, hint, fields)


def _line(text: Text, passage: Passage) -> int:
    variant = compared(text.article, text.header)[passage.text]
    return variant.line + variant.text.count("\n", 0, variant.text.find(passage.words[:20]) + 1)


def _cut(passage: Passage) -> str:
    words = " ".join(passage.words.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
