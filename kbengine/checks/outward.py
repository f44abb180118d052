"""The rules about what a text takes outside with it: personal data, dead placeholders, lines that are ours only."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from kbengine.article import Fact, Variant, VariantName, local_time_text
from kbengine.checks.prose import QUOTED, outgoing, typed, written_sentences
from kbengine.checks.scope import Found, Scope, Text
from kbengine.language import tokens
from kbengine.period import end_instant, start_instant
from kbengine.privacy import WORDS, find
from kbengine.reply import Placeholder, placeholders

# A line that is compared has so many words, and is repeated when so much of its runs of three stands there too.
_FEWEST_WORDS, _RUN, _REPEATED = 8, 3, 0.75
_SHOWN = 80
Runs = frozenset[tuple[str, ...]]


def personal_data(scope: Scope, text: Text) -> Iterator[Found]:
    """Personal data that somebody typed in a text that goes out."""
    known = tuple(value for fact in scope.facts.values() for value in fact.values.values())
    for variant in outgoing(text):
        written = typed(variant.text)
        for piece in find(written, known):
            shown, kind = written[piece.start : piece.end], WORDS[piece.kind].strip("[]")
            hint = "Take it out; what belongs to a service goes in the register of values."
            fields = {"kind": kind, "text": shown}
            yield Found(_line(variant, piece.start), f"{shown!r} looks like personal data ({kind}).", hint, fields)


def ended(scope: Scope, text: Text) -> Iterator[Found]:
    """A value that is no longer valid, without anything to stand in for it."""
    for variant, place, fact in _values(scope, text):
        until, tz = fact.valid_until, scope.zone.timezone
        if scope.now is not None and until is not None and end_instant(until, tz) <= scope.now:
            shown = local_time_text(until)
            message = f"The value {fact.name} ({fact.label}) ended on {shown}."
            fields = {"fact": fact.name, "label": fact.label, "date": shown}
            yield Found(
                _line(variant, place.start), message, "Choose a value that is valid, or renew this one.", fields
            )


def not_started(scope: Scope, text: Text) -> Iterator[Found]:
    """A value that is valid only later than the text is."""
    for variant, place, fact in _values(scope, text):
        since, tz = fact.valid_from, scope.zone.timezone
        if scope.now is None or since is None or start_instant(since, tz) <= scope.now:
            continue
        first = text.header.valid_from if text.header else None
        if first is None or start_instant(first, tz) < start_instant(since, tz):
            shown = local_time_text(since)
            message = f"The value {fact.name} ({fact.label}) is not valid before {shown}."
            fields = {"fact": fact.name, "label": fact.label, "date": shown}
            hint = f"Let the text begin on {shown}, or write a fallback: {{fact:{fact.name}|…}}."
            yield Found(_line(variant, place.start), message, hint, fields)


def no_fallback(_scope: Scope, text: Text) -> Iterator[Found]:
    """A name of the citizen with nothing to stand in for it: who gave none gets no answer before somebody types one."""
    for variant in outgoing(text):
        for place in placeholders(variant.text):
            if place.kind == "citizen" and place.fallback is None:
                message = f"Nothing stands in for {{citizen:{place.name}}} when the name is not known."
                hint = f"Write {{citizen:{place.name}|}}, or a word after the bar."
                yield Found(_line(variant, place.start), message, hint, {"name": place.name})


def _values(scope: Scope, text: Text) -> Iterator[tuple[Variant, Placeholder, Fact]]:
    """The values that a text shows and nothing stands in for."""
    for variant in text.article.variants:
        for place in placeholders(variant.text):
            fact = scope.facts.get(place.name) if place.kind == "fact" else None
            if fact is not None and place.fallback is None:
                yield variant, place, fact


def language_missing(scope: Scope, text: Text) -> Iterator[Found]:
    """A language in which the zone wants this article, and that nobody wrote."""
    header = text.article.header
    if header is None:
        return
    wanted = (lang for wish in scope.zone.checks.wanted if wish.holds(header) for lang in wish.languages)
    here = scope.written.get(text.article.slug) or {
        other.article.lang for other in scope.articles if other.article.slug == text.article.slug
    }
    for lang in dict.fromkeys(wanted):
        if lang not in here:
            message, hint = f"The zone wants this article in {lang}.", f"Write {text.article.slug}.{lang}.md."
            yield Found(1, message, hint, {"wanted": lang})


def repeats_internal(scope: Scope, text: Text) -> Iterator[Found]:
    """A text that goes out and says nearly word for word what is for colleagues only."""
    ours = _ours(scope, text.article.lang)
    for variant in outgoing(text):
        said = _runs(variant.text)
        times = Counter(line for run in said for line in ours.get(run, ()))
        for line, shared in sorted(times.items()):
            if shared >= _REPEATED * len(_runs(line)):
                parts = written_sentences(variant.text)
                where = max(parts, key=lambda part: len(_runs(part[0]) & _runs(line)))[1]
                message = f"This is for colleagues only: {line[:_SHOWN]!r}."
                hint = "Take it out here, or out of the internal text when everybody may know it."
                yield Found(variant.line + where, message, hint, {"text": line[:_SHOWN]})


def _ours(scope: Scope, lang: str) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The runs of words of every line for colleagues in a language, with those lines."""
    return _lines_by_run(
        tuple(
            variant.text
            for text in (*scope.articles, *scope.inside)
            for variant in text.article.variants
            if text.article.lang == lang and (variant.name is VariantName.INTERNAL or text.internal)
        )
    )


@lru_cache(maxsize=8)
def _lines_by_run(texts: tuple[str, ...]) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    found: defaultdict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    for text in texts:
        for line, _ in written_sentences(text):
            # What a line quotes is what a colleague may say outside.
            own = QUOTED.sub(" ", line)
            if len(tokens(own)) >= _FEWEST_WORDS:
                for run in _runs(own):
                    found[run][own] = None
    return {run: tuple(lines) for run, lines in found.items()}


@lru_cache(maxsize=16_384)
def _runs(text: str) -> Runs:
    words = tokens(re.sub(r"[{}|:_]", " ", text))
    return frozenset(words[at : at + _RUN] for at in range(len(words) - _RUN + 1))


def _line(variant: Variant, at: int) -> int:
    return variant.line + variant.text.count("\n", 0, at)
