"""The journal on the command line, and the clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from kbengine.cli.common import opened, read_ref, settings_of, table, token_option, token_person
from kbengine.cli.names import told_of_name
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
        told, called = told_of_name(engine, ref.slug), engine.renaming.page(ref.slug).events
    if told:
        click.echo(told)
    if not history.revisions:
        raise NotFound("text.unknown", f"There is no {ref}.", "Look in the list of articles.", ref=str(ref))
    rows: list[tuple[Any, ...]] = [
        (r.at, "save", r.number, names.get(r.author, "-"), r.digest[:12], "") for r in history.revisions
    ]
    rows += [
        (d.at, d.move.value, d.number, names.get(d.actor, "-"), d.digest[:12], d.reason) for d in history.decisions
    ]
    rows += [(e.at, f"{e.what} {e.name}".strip(), "", e.person or "-", "", e.reason) for e in called]
    rows.sort(key=lambda row: row[0])
    heads = ("when (UTC)", "what", "revision", "who", "digest", "reason")
    click.echo(table([(row[0].strftime("%Y-%m-%d %H:%M:%S"), *row[1:]) for row in rows], heads))


class ClockGroup(click.Group):
    """Reads `kb clock 200d` as `kb clock forward 200d`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant."""
        return super().resolve_command(ctx, ["forward", *args] if AMOUNT.fullmatch(args[0]) else args)


@click.group(cls=ClockGroup)
def clock() -> None:
    """The clock of this machine: whether it is believed, and a person's word when it jumped.

    Example: kb clock show
    """


@clock.command("show")
@settings_of
def show_clock(settings: Settings) -> None:
    """Show what time it is, what waits when the clock is in doubt, and who confirmed it; exit 1 while it is.

    Example: kb clock show
    """
    with opened(settings) as engine:
        page, tz = engine.clock.page(), engine.tz
    told = page.told
    click.echo(f"The clock shows {_local(told.clock, tz)}; it is {_local(told.now, tz)} in this store.")
    for one in page.waits:
        click.echo(f"waits:  {one.ref} since {_local(one.at, tz)}")
    for one in page.ended:
        click.echo(f"ended:  {one.ref} at {_local(one.at, tz)}")
    for turned in page.turns:
        click.echo(
            f"{_local(turned.switch.at, tz)}  confirmed by {turned.person or '-'}  {turned.switch.reason}".rstrip()
        )
    if told.doubt is not None:
        message = f"It is in doubt ({told.doubt}): {_local(told.written, tz)} was expected. Nothing new begins."
        raise click.ClickException(message + " See that it is right, then `kb clock confirm`.")


@clock.command()
@click.option("--time", "local", required=True, help="The day and time on your own watch, like 2026-11-21T16:05.")
@click.option("--reason", default="", help="What was the matter with the clock.")
@token_option
@settings_of
def confirm(settings: Settings, local: str, reason: str, token: str | None) -> None:
    """Say that the clock is right, so that what waited begins; refused when it shows another time than you say.

    Example: kb clock confirm --time 2026-11-21T16:05 --token kb_...
    """
    with opened(settings) as engine:
        engine.clock.confirm(token_person(engine, token), local, reason)
        click.echo(f"Confirmed: it is {_local(engine.now(), engine.tz)}.")


@clock.command()
@click.argument("amount")
@settings_of
def forward(settings: Settings, amount: str) -> None:
    """Move the clock of a demo store forward, to see what expires; `kb clock 200d` does the same.

    Example: kb clock forward 200d
    """
    read = AMOUNT.fullmatch(amount)
    if not read:
        raise click.UsageError("Say how far: 200d, 6h, 30m or 10s.")
    with opened(settings) as engine:
        try:
            now = engine.room.store.advance_clock(timedelta(seconds=int(read[1]) * UNITS[read[2]]))
        except OverflowError as error:
            raise click.UsageError("That is past the last day there is.") from error
        click.echo(f"It is now {_local(now, engine.tz)} in this store.")


def _local(moment: datetime, tz: ZoneInfo) -> str:
    return f"{moment.astimezone(tz):%Y-%m-%d %H:%M}"
