"""What is public, as one SQLite file for Datasette; the only user of sqlite-utils. Never read back.

It is an allow-list: what is not a field of the values below does not get in. The file is filled anew in memory and
copied in one transaction into the file that Datasette has open, so that readers see the old content or the new.
Its views look at the clock: an answer whose period ends between two builds is not shown as valid.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from kbengine.errors import StoreError

# What the public may ask of Datasette: no SQL of its own, no file, nothing that costs more than half a second. A CSV
# of many pages is off because pages read before and after a new edition would stand in one file.
DATASETTE_SETTINGS: Final[Mapping[str, str]] = {
    "default_allow_sql": "off",
    "allow_download": "off",
    "allow_facet": "off",
    "suggest_facets": "off",
    "allow_csv_stream": "off",
    "trace_debug": "off",
    "template_debug": "off",
    "sql_time_limit_ms": "500",
    "max_returned_rows": "200",
    "default_page_size": "50",
    "num_sql_threads": "3",
    "default_cache_ttl": "5",
    "truncate_cells_html": "600",
}
# Which tables, views and columns there are: another number, and the file is filled again though it says the same.
FORMAT: Final = 2
_LOCK_SECONDS: Final = 30.0
_ALONE: Final = "bij uitzondering gevalideerd door wie de tekst schreef"

# The views are what Datasette shows; deploy/datasette/metadata.json closes the tables under them.
_VIEWS: Final[Mapping[str, str]] = {
    "antwoorden": """
        select titel, thema, dienst, taal, tekst, kort, gevalideerd_op, geldig_tot, opmerking, link,
            html, fiche, versie, nr
        from opslag_antwoorden
        where geldig_tot is null or julianday(geldig_tot) > julianday('now')
        order by titel, taal""",
    "geschiedenis": """
        select titel, taal, van, tot, geldig_nu,
            case geldig_nu when 'ja' then '' else 'niet meer geldig' end as opmerking, tekst, fiche, versie
        from (
            select *, case when (tot is null or julianday(tot) > julianday('now')) and exists (
                select 1 from antwoorden as nu where nu.fiche = toen.fiche and nu.taal = toen.taal
                and nu.versie = toen.versie
            ) then 'ja' else 'nee' end as geldig_nu
            from opslag_geschiedenis as toen
        )
        order by fiche, taal, van desc""",
    "vaste_waarden": """
        select omschrijving, waarde, taal, soort, bron, van, tot, naam from opslag_vaste_waarden
        where (van is null or julianday(van) <= julianday('now'))
        and (tot is null or julianday(tot) > julianday('now'))
        order by omschrijving, taal""",
    "bronnen": """
        select bron, titel, taal, link, fiche from opslag_bronnen join antwoorden using (fiche, taal)
        order by bron, titel, taal""",
    "oude_namen": """
        select oud, nieuw, soort, sinds, link from opslag_oude_namen order by oud""",
}


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """A public answer that is live, filled in; `url` leads back to its page in the product.

    `alone` says that its own author vouched for it last, by exception.
    """

    slug: str
    lang: str
    title: str
    theme: str
    owner: str
    text: str
    short: str
    html: str
    validated_on: date
    valid_until: datetime | None
    sources: tuple[str, ...]
    url: str
    revision: int
    alone: bool = False


@dataclass(frozen=True, slots=True)
class PublicSpan:
    """A text and when it was live; `live_to` is the first moment it was not."""

    slug: str
    lang: str
    title: str
    revision: int
    live_from: datetime
    live_to: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class PublicFact:
    """A value that public answers show; `lang` is empty when it is the same in every language."""

    name: str
    label: str
    kind: str
    value: str
    lang: str
    source: str
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class PublicLead:
    """A name of before and the article that it leads to: another name of the same one, or what it went up in."""

    old: str
    new: str
    merged: bool
    since: datetime
    url: str


def write_corpus(
    path: Path,
    answers: Iterable[PublicAnswer],
    history: Iterable[PublicSpan],
    facts: Iterable[PublicFact],
    about: Mapping[str, str],
    leads: Iterable[PublicLead] = (),
) -> None:
    """Make the file hold exactly this, for readers all at once; raises StoreError and then changes nothing."""
    with closing(Database(memory=True)) as built:
        _fill_answers(built, list(answers))
        _fill_history(built, history)
        _fill_facts(built, facts)
        _fill_leads(built, leads)
        built.table("over").create({"onderwerp": str, "waarde": str}, pk="onderwerp")
        built.table("over").insert_all({"onderwerp": key, "waarde": value} for key, value in about.items())
        for name, query in _VIEWS.items():
            built.create_view(name, query)
        try:
            _copy_in(built.conn, path)
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                "corpus.not-written",
                f"The public corpus {path} was not renewed: {error}.",
                "What it shows may have been withdrawn: stop Datasette until the builder succeeds.",
                path=str(path),
            ) from error


def _fill_answers(built: Database, answers: list[PublicAnswer]) -> None:
    text = ("titel", "thema", "dienst", "taal", "tekst", "kort", "gevalideerd_op", "geldig_tot", "opmerking", "link")
    table = built.table("opslag_antwoorden")
    table.create({"nr": int, **dict.fromkeys((*text, "html", "fiche"), str), "versie": int}, pk="nr")
    table.insert_all(
        {
            "titel": answer.title,
            "thema": answer.theme,
            "dienst": answer.owner,
            "taal": answer.lang,
            "tekst": answer.text,
            "kort": answer.short,
            "gevalideerd_op": answer.validated_on.isoformat(),
            "geldig_tot": _instant(answer.valid_until),
            "opmerking": _ALONE if answer.alone else "",
            "link": answer.url,
            "html": answer.html,
            "fiche": answer.slug,
            "versie": answer.revision,
        }
        for answer in answers
    )
    table.create_index(["fiche", "taal"], unique=True)
    table.enable_fts(["titel", "tekst"], fts_version="FTS5", tokenize="unicode61 remove_diacritics 2")
    sources = built.table("opslag_bronnen")
    sources.create(dict.fromkeys(("fiche", "taal", "bron"), str), pk=("fiche", "taal", "bron"))
    sources.insert_all(
        {"fiche": answer.slug, "taal": answer.lang, "bron": source}
        for answer in answers
        for source in dict.fromkeys(answer.sources)
    )


def _fill_history(built: Database, history: Iterable[PublicSpan]) -> None:
    table = built.table("opslag_geschiedenis")
    text = ("titel", "taal", "van", "tot", "tekst", "fiche")
    table.create({**dict.fromkeys(text, str), "versie": int})
    table.insert_all(
        {
            "titel": span.title,
            "taal": span.lang,
            "van": _instant(span.live_from),
            "tot": _instant(span.live_to),
            "tekst": span.text,
            "fiche": span.slug,
            "versie": span.revision,
        }
        for span in history
    )
    table.create_index(["fiche", "taal", "van"])


def _fill_facts(built: Database, facts: Iterable[PublicFact]) -> None:
    table = built.table("opslag_vaste_waarden")
    names = ("omschrijving", "waarde", "taal", "soort", "bron", "van", "tot", "naam")
    table.create(dict.fromkeys(names, str), pk=("naam", "taal"))
    table.insert_all(
        {
            "omschrijving": fact.label,
            "waarde": fact.value,
            "taal": fact.lang,
            "soort": fact.kind,
            "bron": fact.source,
            "van": _instant(fact.valid_from),
            "tot": _instant(fact.valid_until),
            "naam": fact.name,
        }
        for fact in facts
    )


def _fill_leads(built: Database, leads: Iterable[PublicLead]) -> None:
    table = built.table("opslag_oude_namen")
    table.create(dict.fromkeys(("oud", "nieuw", "soort", "sinds", "link"), str), pk="oud")
    table.insert_all(
        {
            "oud": lead.old,
            "nieuw": lead.new,
            "soort": "opgegaan" if lead.merged else "hernoemd",
            "sinds": _instant(lead.since),
            "link": lead.url,
        }
        for lead in leads
    )


def _instant(moment: datetime | None) -> str | None:
    """UTC in a form whose order is the order of time, also for SQLite."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def _copy_in(source: sqlite3.Connection, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        _heal(path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        # Not a database any more. Datasette holds this very file open, so it is emptied and not replaced.
        path.write_bytes(b"")
    with closing(sqlite3.connect(path, timeout=_LOCK_SECONDS)) as target:
        source.backup(target, progress=_give_up_after(_LOCK_SECONDS))


def _heal(path: Path) -> None:
    """A copy killed half way leaves a journal that only a writer takes back; until then every reader fails."""
    with closing(sqlite3.connect(path, timeout=_LOCK_SECONDS)) as target:
        target.execute("BEGIN IMMEDIATE")


def _give_up_after(seconds: float) -> Callable[[int, int, int], None]:
    """A watch on the copying, which by itself would wait for ever for a reader that does not let go."""
    deadline = time.monotonic() + seconds

    def watch(status: int, remaining: int, total: int) -> None:
        if status != sqlite3.SQLITE_DONE and time.monotonic() > deadline:
            raise TimeoutError(f"a reader held the file for {seconds:.0f} seconds")

    return watch


def command(corpus: Path, metadata: Path, host: str, port: int) -> list[str]:
    """The arguments that start Datasette on the corpus in a process of its own.

    Never with `-i`: it would go on showing what was withdrawn.
    """
    settings = [part for name, value in DATASETTE_SETTINGS.items() for part in ("--setting", name, value)]
    where = ["--host", host, "--port", str(port), "--metadata", str(metadata)]
    return [sys.executable, "-m", "datasette", "serve", str(corpus), *where, *settings]
