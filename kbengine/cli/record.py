"""The journal on the command line, and the clock of a demo."""

from __future__ import annotations

import re
from datetime import timedelta

import click

from kbengine.cli.common import opened, read_ref, settings_of, table
from kbengine.errors import NotFound
from kbengine.settings import Settings

AMOUNT = re.compile(r"(\d{1,5})([dhms])")
UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}


@click.group()
def journal() -> None:
    """The record of texts and decisions: show it, prove it.

    Example: kb journal verify
    """


@journal.command()
@click.option("--head", default="", help="A head known from elsewhere: it must be part of the chain.")
@settings_of
def verify(settings: Settings, head: str) -> None:
    """Check that no line was changed, removed or reordered; exit 1 when one was.

    Example: kb journal verify --head 3f2a...
    """
    with opened(settings) as engine:
        last = engine.room.store.verify(head)
        click.echo(f"{last.seq} lines, all in order. Head: {last.hash}")


@journal.command()
@click.argument("text")
@settings_of
def show(settings: Settings, text: str) -> None:
    """Show what happened to one text, oldest first.

    Example: kb journal show fiets-gestolen
    """
    with opened(settings) as engine:
        ref = read_ref(text, engine.zone.first_lang)
        history, names = engine.room.store.journal.history(ref), engine.people.names()
    if not history.revisions:
        raise NotFound("text.unknown", f"There is no {ref}.", "Look in the list of articles.", ref=str(ref))
    rows = [(r.at, "save", r.number, names.get(r.author, "-"), r.digest[:12], "") for r in history.revisions]
    rows += [
        (d.at, d.move.value, d.number, names.get(d.actor, "-"), d.digest[:12], d.reason) for d in history.decisions
    ]
    rows.sort(key=lambda row: row[0])
    heads = ("when (UTC)", "what", "revision", "who", "digest", "reason")
    click.echo(table([(row[0].strftime("%Y-%m-%d %H:%M:%S"), *row[1:]) for row in rows], heads))


@click.command()
@click.argument("forward")
@settings_of
def clock(settings: Settings, forward: str) -> None:
    """Move the clock of a demo store forward, to see what expires.

    Example: kb clock 200d
    """
    amount = AMOUNT.fullmatch(forward)
    if not amount:
        raise click.UsageError("Say how far: 200d, 6h, 30m or 10s.")
    with opened(settings) as engine:
        try:
            now = engine.room.store.advance_clock(timedelta(seconds=int(amount[1]) * UNITS[amount[2]]))
        except OverflowError as error:
            raise click.UsageError("That is past the last day there is.") from error
        click.echo(f"It is now {now.astimezone(engine.tz):%Y-%m-%d %H:%M} in this store.")
