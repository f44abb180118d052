"""What must be looked at again, on the command line."""

from __future__ import annotations

import click

from kbengine.cli.common import json_option, last_line, opened, settings_of, table
from kbengine.engine import Due, TranslationDue
from kbengine.settings import Settings

HEADS = ("ends", "days", "state", "owner", "text", "revision", "title")


@click.command()
@click.option("--owner", default="", help="Only of this service: its key in zone.toml, or its name.")
@click.option("--days", type=click.IntRange(0, 3650), default=30, show_default=True, help="So many days ahead.")
@json_option
@settings_of
def due(settings: Settings, owner: str, days: int, as_json: bool) -> None:
    """Show what has ended, what ends soon unless somebody says that it still holds, and which translations are due.

    Example: kb due --owner onthaal --days 60
    """
    with opened(settings) as engine:
        lines, tz = engine.freshness.due(owner=owner, days=days), engine.tz
        behind = engine.translations.due(owner=owner)
    ended = sum(line.ended for line in lines)
    if lines:
        click.echo(table(((f"{one.end.astimezone(tz):%Y-%m-%d %H:%M}", *_cells(one)) for one in lines), HEADS))
    click.echo(f"{ended} ended, {len(lines) - ended} to look at within {days} days.")
    if behind:
        rows = ((f"{one.behind.since.astimezone(tz):%Y-%m-%d}", *_overtaken(one)) for one in behind)
        click.echo(table(rows, ("overtaken", "from", "to", "owner", "text", "revision", "title")))
        click.echo(f"{len(behind)} translations that a major change of the first language overtook.")
    if as_json:
        told = {"ended": ended, "due": len(lines) - ended, "lines": [_value(one) for one in lines]}
        last_line(told | {"translations": [_translation(one) for one in behind]})


def _cells(one: Due) -> tuple[object, ...]:
    return one.days, one.state.value, one.owner, one.ref, one.number, one.title


def _value(one: Due) -> dict[str, object]:
    value = {"text": str(one.ref), "revision": one.number, "title": one.title, "owner": one.owner}
    return value | {"state": one.state.value, "end": one.end.isoformat(), "days": one.days, "flagged": one.flagged}


def _overtaken(one: TranslationDue) -> tuple[object, ...]:
    return one.behind.old, one.behind.new, one.owner, one.ref, one.number, one.title


def _translation(one: TranslationDue) -> dict[str, object]:
    value = {"text": str(one.ref), "revision": one.number, "title": one.title, "owner": one.owner, "live": one.live}
    return value | {"since": one.behind.since.isoformat(), "old": one.behind.old, "new": one.behind.new}


@click.command()
@click.option("--dry-run", is_flag=True, help="Show who would be mailed what; send nothing.")
@settings_of
def remind(settings: Settings, dry_run: bool) -> None:
    """Mail everybody who asked for it what waits for them to sign: at most once a day, links only.

    Needs KB_SMTP_HOST and KB_SMTP_FROM. Run it once a day from a timer.

    Example: kb remind --dry-run
    """
    with opened(settings) as engine:
        if dry_run:
            digests = engine.reminding.digests()
            for digest in digests:
                click.echo(f"To {digest.to.address}: {digest.subject}\n\n{digest.text}")
            if not digests:
                click.echo("Nobody who asked for mail has anything waiting.")
            return
        sent, failed = engine.reminding.send()
    click.echo(f"{sent} mailed.")
    if failed:
        raise click.ClickException(f"Not taken by the mail server, tried again next time: {', '.join(failed)}.")
