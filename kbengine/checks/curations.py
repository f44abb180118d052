"""The rule about curations: each names an answer that may be offered, and ends within a year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kbengine.article import Audience, Curation, local_time_text, read_curations, table_line
from kbengine.checks.scope import Scope
from kbengine.errors import Problem
from kbengine.folder import CURATIONS_FILE
from kbengine.period import end_instant, months_later, start_instant

MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Target:
    """An answer that a curation may name: for whom it is, and whether it may be offered now."""

    audience: Audience
    live: bool


def curation_problems(
    text: str, file: str, answers: Mapping[str, Target], now: datetime | None, tz: ZoneInfo
) -> Iterator[Problem]:
    """What stands in the way of a register's curations doing what they say; `answers` are all there are, by slug."""
    for curation in read_curations(text, file)[0]:
        if now is not None:
            yield from _period(curation, text, file, now, tz)
        yield from _target(curation, text, file, answers.get(curation.slug))


def _period(curation: Curation, text: str, file: str, now: datetime, tz: ZoneInfo) -> Iterator[Problem]:
    line, shown = table_line(text, curation.name, "until"), local_time_text(curation.until)
    fields = {"curation": curation.name, "until": shown}
    if start_instant(curation.until, tz) > months_later(now, MOST_MONTHS, tz):
        message = f"Curation {curation.name}: {shown} is more than a year ahead."
        yield Problem("curation.too-far", "error", file, line, message, "Choose an earlier day.", fields)
    elif end_instant(curation.until, tz) <= now:
        message = f"Curation {curation.name}: it is over since {shown}."
        yield Problem("curation.over", "warning", file, line, message, "Delete it, or give it a later day.", fields)


def _target(curation: Curation, text: str, file: str, target: Target | None) -> Iterator[Problem]:
    line = table_line(text, curation.name, "pin" if curation.pin else "hold_back")
    fields = {"curation": curation.name, "slug": curation.slug}
    if target is None:
        message = f"Curation {curation.name}: there is no article {curation.slug}."
        yield Problem("curation.unknown", "error", file, line, message, "Name an article that exists.", fields)
    elif curation.pin and target.audience is Audience.INTERNAL:
        message = f"Curation {curation.name}: {curation.slug} is internal and never goes out."
        yield Problem("curation.internal", "error", file, line, message, "Pin an answer that may go out.", fields)
    elif curation.pin and not target.live:
        message = f"Curation {curation.name}: {curation.slug} is not live, so pinning it changes nothing."
        yield Problem("curation.not-live", "warning", file, line, message, "Validate it, or delete the pin.", fields)


def curations_of_folder(scope: Scope) -> Iterator[Problem]:
    """The curations of a folder; what is live is decided in a store, so here every article counts as that."""
    headers = {text.article.slug: text.header for text in scope.articles}
    answers = {slug: Target(header.audience, live=True) for slug, header in headers.items() if header is not None}
    yield from curation_problems(scope.curations, CURATIONS_FILE, answers, scope.now, scope.zone.timezone)
