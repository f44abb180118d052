"""What the templates may call: dates in the zone's time, labels, and the one place where HTML is taken on trust."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, format_number, format_percent
from markupsafe import Markup, escape

from kbengine.channels import Channel, channel_in
from kbengine.engine import DayLine, Difference, brief
from kbengine.errors import KBError, Problem
from kbengine.history import State
from kbengine.settings import Settings
from web import words, words_history, words_kinds, words_neighbours
from web.context import engine, session, visitor, zone
from web.messages import explain
from web.security import allows, csrf_token
from web.words_facts import UNDER_REVIEW

_MARKED = re.compile("[\x02\x03]")


def day(instant: datetime | None) -> str:
    """The local day, or a dash."""
    return str(format_date(instant.astimezone(zone().timezone), "d MMM yyyy")) if instant else "–"


def last_day(end: datetime | None) -> str:
    """The last day a period covers; `end` is the first instant after it."""
    if end is None:
        return "–"
    local = end.astimezone(zone().timezone)
    midnight = local.hour == local.minute == 0
    return day(datetime.fromtimestamp(end.timestamp() - 1, UTC) if midnight else end)


def moment(instant: datetime) -> str:
    """The local day and time."""
    return str(format_datetime(instant.astimezone(zone().timezone), "d MMM yyyy HH:mm", rebase=False))


def clock(instant: datetime) -> str:
    """The local time of day."""
    return str(format_datetime(instant.astimezone(zone().timezone), "HH:mm", rebase=False))


def day_answers() -> tuple[DayLine, ...]:
    """The day answers that are live."""
    return tuple(line for line in engine().day.lines() if line.live)


def vetted(html: str) -> Markup:
    """HTML that the engine's renderer made and cleaned; nothing else may come through here."""
    return Markup(html)  # noqa: S704


def marked(snippet: str) -> Markup:
    """A snippet of plain text with the words found as <mark>; escaped first."""
    return Markup("").join(
        piece if not n % 2 else Markup("<mark>{}</mark>").format(piece)
        for n, piece in enumerate(_MARKED.split(snippet))
    )


def open_marked(text: str, names: Collection[str]) -> Markup:
    """A reply with its open blanks marked."""
    if not names:
        return escape(text)
    shown = "|".join(re.escape(f"[{name.replace('_', ' ')}]") for name in names)
    pieces = re.split(f"({shown})", text)
    return Markup("").join(
        Markup('<mark class="open-blank">{}</mark>').format(piece) if n % 2 else piece for n, piece in enumerate(pieces)
    )


def drift_marked(text: str, differences: Sequence[Difference]) -> Markup:
    """A text with what differs from the vetted one marked; what was lost stands struck through where it belonged."""
    out, at = Markup(), 0
    for one in sorted(differences, key=lambda one: (one.start, one.end)):
        start = max(at, one.start)
        out += escape(text[at:start])
        if one.change != "added":
            out += Markup("<del>{}</del>").format(one.expected)
        if one.end > start:
            out += Markup("<ins>{}</ins>").format(text[start : one.end])
        at = max(start, one.end)
    return out + escape(text[at:])


def language_name(lang: str) -> str:
    """A language in the interface's words."""
    return words.label(words.LANGUAGES, lang)


def number(count: int) -> str:
    """A count as the locale writes it."""
    return str(format_number(count))


def share(part: float) -> str:
    """A share or a line from 0 to 1, in two decimals."""
    return str(format_decimal(part, format="0.00"))


def percent(part: float) -> str:
    """A share in whole percents."""
    return str(format_percent(part, format="0\u00a0%"))


def web_address(text: str) -> bool:
    """Whether a source may be a link; one may also be the name of a law, and none may be a script."""
    return bool(re.match(r"https?://[^\s/]", text))


def host(address: str) -> str:
    """The short name of a source."""
    return re.sub(r"^https?://(www\.)?", "", address).split("/")[0]


def dialled(number: str) -> str:
    """A phone number as a link dials it: digits, with the + of another country."""
    return re.sub(r"[^\d+]", "", number)


def blank_label(name: str) -> str:
    """A blank's name as a person reads it."""
    return name.replace("_", " ").capitalize()


def problem_text(problem: Problem) -> tuple[str, str]:
    """What is wrong and what to do about it, in the interface's language."""
    return explain(problem.code, dict(problem.fields))


def error_text(error: KBError) -> tuple[str, str]:
    """Why something was refused and what to do about it, in the interface's language."""
    return explain(error.code, error.fields)


def header_value(value: str, key: str) -> str:
    """A value of an article's header in the interface's words."""
    known = zone().owners if key == "owner" else words.HEADER_VALUES.get(key, {})
    return words.label(known, value) if value in known else value


def tone_of(state: State) -> str:
    """The colour family of a state."""
    return words.TONES_OF_STATE.get(state, "calm")


def channel_of(id: str) -> Channel:
    """The channel of that id, in a page that the engine already answered for it."""
    return channel_in(zone(), id)


def idle_left() -> int:
    """Seconds until the session locks when nobody does anything."""
    found = session()
    return max(0, int((found.idle_at - engine().now()).total_seconds())) if found else 0


FILTERS = (
    brief,
    clock,
    blank_label,
    channel_of,
    day,
    dialled,
    drift_marked,
    error_text,
    header_value,
    host,
    language_name,
    last_day,
    marked,
    moment,
    number,
    open_marked,
    percent,
    problem_text,
    share,
    tone_of,
    vetted,
    words.how_sure,
)


def register(app: Flask, settings: Settings) -> None:
    """Give the templates their filters, words and the few values that stand on each page."""
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})
    app.jinja_env.tests["web_address"] = web_address
    app.jinja_env.tests["upcoming"] = lambda instant: instant > engine().now()
    app.jinja_env.globals["history_words"] = words_history
    app.jinja_env.globals["near_words"] = words_neighbours
    app.jinja_env.globals.update(words=words, kind_words=words_kinds, label=words.label, csrf_token=csrf_token)
    app.jinja_env.globals.update(under_review=lambda slug: engine().recalls.open(slug), UNDER_REVIEW=UNDER_REVIEW)
    app.jinja_env.globals["day_answers"] = day_answers

    @app.context_processor
    def on_each_page() -> dict[str, Any]:
        who = visitor()
        return {
            "zone": zone(),
            "demo": engine().demo,
            "datasette_url": settings.datasette_url,
            "who": who,
            "idle_left": idle_left(),
            "crisis": engine().crisis.now(),
            "clock_told": engine().clock.told(),
            "exception": engine().vouching.exception(),
            "may": lambda endpoint: allows(endpoint, who),
        }
