"""The hours notice: when a channel is read and what to do in an emergency, in the citizen's language."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from kbengine.article import Cover, CoverPlan

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language says days and hours; `clock` writes one time, `unit` stands once behind a row of them.

    What stands before and between the ends of a stretch brings its own spaces.
    """

    days: tuple[str, ...]
    daily: str
    on: str
    days_from: str
    days_to: str
    time_from: str
    time_to: str
    conjunction: str
    clock: Callable[[int, int], str]
    unit: str = ""


def _point(hour: int, minute: int) -> str:
    return f"{hour}.{minute:02}" if minute else str(hour)


_WORDS: Mapping[str, _Words] = {
    "nl": _Words(
        ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
        *("elke dag", "op ", "van ", " tot en met ", "van ", " tot ", " en "),
        _point,
        " uur",
    ),
    "fr": _Words(
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        *("tous les jours", "le ", "du ", " au ", "de ", " à ", " et "),
        lambda hour, minute: f"{hour}h{minute:02}" if minute else f"{hour}h",
    ),
    "en": _Words(
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        *("every day", "on ", "", " to ", "from ", " to ", " and "),
        lambda hour, minute: f"{hour}:{minute:02}",
    ),
    "de": _Words(
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        *("täglich", "am ", "von ", " bis ", "von ", " bis ", " und "),
        _point,
        " Uhr",
    ),
}


def notice_text(plan: CoverPlan, channel_id: str, lang: str) -> str:
    """The notice for a channel; empty when its hours are not said, or not in that language."""
    cover, notice = plan.covers.get(channel_id), plan.notices.get(lang)
    if cover is None or not cover.hours or notice is None or lang not in _WORDS:
        return ""
    checks = [notice.checks.replace("{checks}", checks_text(cover, lang))] if cover.checks else []
    return " ".join([notice.hours.replace("{hours}", hours_text(cover, lang)), *checks, notice.emergency])


def hours_text(cover: Cover, lang: str) -> str:
    """A cover's hours in words: `van maandag tot en met vrijdag van 8.30 tot 17 uur`."""
    words = _WORDS[lang]
    return _listed([f"{_days(days, words)} {_spans(spans, words)}" for days, spans in _alike(cover.hours)], words)


def checks_text(cover: Cover, lang: str) -> str:
    """The moments of a cover's weekend checks in words: `10 en 16 uur`."""
    words = _WORDS[lang]
    return _listed([_clock(minutes, words) for minutes in cover.checks], words) + words.unit


def _alike(week: Sequence[tuple[Span, ...]]) -> Iterator[tuple[list[int], tuple[Span, ...]]]:
    """The days in a row that have the same hours, those without left out."""
    for spans, days in groupby(range(len(week)), key=lambda day: week[day]):
        if spans:
            yield list(days), spans


def _days(days: Sequence[int], words: _Words) -> str:
    if len(days) == len(words.days):
        return words.daily
    if len(days) == 1:
        return words.on + words.days[days[0]]
    return words.days_from + words.days[days[0]] + words.days_to + words.days[days[-1]]


def _spans(spans: Sequence[Span], words: _Words) -> str:
    said = [words.time_from + _clock(begin, words) + words.time_to + _clock(end, words) for begin, end in spans]
    return _listed(said, words) + words.unit


def _clock(minutes: int, words: _Words) -> str:
    return words.clock(*divmod(minutes, 60))


def _listed(texts: Sequence[str], words: _Words) -> str:
    *others, last = texts
    return f"{', '.join(others)}{words.conjunction}{last}" if others else last
