"""The rules about how a text reads: its ease, its longest sentence, and how it speaks to the citizen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from kbengine.checks.prose import QUOTED, Sentence, outgoing, sentences
from kbengine.checks.scope import Found, Scope, Text
from kbengine.language import reading_ease, words_of

# Of fewer words a measure says nothing; of such a short sentence it depends on one word.
_FEWEST_WORDS, _FEWEST_IN_SENTENCE = 30, 6
_SHOWN: Final = 80
_STOP = re.compile(r"[:;]\s")
# How each language speaks to somebody it knows, and to somebody it does not; English has one way.
# Dutch: `9 u` and `km/u` are hours, and a capital within a sentence is a name: Mijn Politie, Uw Gemeente. French: a
# rendez-vous is an appointment. German: only a capital within a sentence tells Sie from sie.
FORMS: Final[Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]] = MappingProxyType(
    {
        "nl": (
            re.compile(r"(?<![\w'’-])(?:(?:^|(?<=[.!?:] ))[Jj]|j)(?:e|ij|ou|ouw|ouwe|ullie|ezelf|ijzelf)(?![\w'’])"),
            re.compile(r"(?<![\w'’/-])(?<!\d )(?<!\d\u00a0)(?:U(?!w)|u|(?:^|(?<=[.!?:] ))Uw|uw|uwe|uzelf)(?![\w'’/-])"),
        ),
        "fr": (
            re.compile(r"(?<![\w'’])(?:tu|toi|te|tes|ta|(?<!un )(?<!le )ton|t['’](?=\w))(?![\w])", re.IGNORECASE),
            re.compile(r"(?<![\w'’])(?<!rendez-)(?:vous|votre|vos|vôtres?)(?!\w)", re.IGNORECASE),
        ),
        "de": (
            re.compile(r"(?<!\w)(?:[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein(?:e[mnrs]?)?)(?!\w)"),
            re.compile(r"(?<=[\w,)] )(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)(?!\w)"),
        ),
    }
)


def hard_to_read(scope: Scope, text: Text) -> Iterator[Found]:
    """A part that reads harder than the zone lets pass, at its hardest sentence."""
    lang = text.article.lang
    least = scope.zone.checks.reading[lang]
    for variant in outgoing(text):
        shown = sentences(scope, text, variant)
        lengths = [len(words_of(one.text)) for one in shown]
        ease = reading_ease([one.text for one in shown], lang)
        if sum(lengths) < _FEWEST_WORDS or ease >= least:
            continue
        long_enough = [one for one, length in zip(shown, lengths, strict=True) if length >= _FEWEST_IN_SENTENCE]
        worst = min(long_enough or shown, key=lambda one: reading_ease([one.text], lang))
        message = f"It reads hard: {ease:.0f}, and {least:.0f} is the least. The hardest sentence: {_cut(worst)!r}."
        fields = {"ease": f"{ease:.0f}", "least": f"{least:.0f}", "text": _cut(worst)}
        yield Found(worst.line, message, "Write shorter sentences and shorter words, that one first.", fields)


def long_sentence(scope: Scope, text: Text) -> Iterator[Found]:
    """A sentence, or a part of one up to a colon or semicolon, with more words than the zone lets pass."""
    most = scope.zone.checks.longest_sentence
    for variant in outgoing(text):
        for one in sentences(scope, text, variant):
            count = max(len(words_of(part)) for part in _STOP.split(one.text))
            if count > most:
                message = f"A sentence of {count} words, and {most} is the most: {_cut(one)!r}."
                fields = {"count": str(count), "most": str(most), "text": _cut(one)}
                yield Found(one.line, message, "Make two sentences of it, or a list.", fields)


def mixed_address(scope: Scope, text: Text) -> Iterator[Found]:
    """A part that speaks to the citizen in two ways, where the one that it uses least stands first."""
    for variant in outgoing(text):
        known, polite = (
            [(one, found.group()) for one in sentences(scope, text, variant) for found in form.finditer(_own(one))]
            for form in FORMS[text.article.lang]
        )
        if known and polite:
            (where, word), (_, other) = sorted((known, polite), key=len)[0][0], sorted((known, polite), key=len)[1][0]
            message = f"It says {word!r} here and {other!r} elsewhere: {_cut(where)!r}."
            fields = {"word": word, "other": other, "text": _cut(where)}
            yield Found(where.line, message, f"Speak to the citizen in one way: {other}.", fields)


def _own(sentence: Sentence) -> str:
    """What a sentence says in its own words."""
    return " ".join(QUOTED.sub("…", sentence.written).split())


def _cut(sentence: Sentence) -> str:
    return sentence.text if len(sentence.text) <= _SHOWN else sentence.text[: _SHOWN - 1].rstrip() + "…"
