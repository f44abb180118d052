"""What was handed out, on the command line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import click

from kbengine.cli.common import json_option, last_line, opened, settings_of, table
from kbengine.settings import Settings

DAY = click.DateTime(["%Y-%m-%d"])
HEADS = ("article", "language", "revision", "channel", "times", "changed", "second", "values", "first", "last")


@click.command()
@click.option("--article", default="", help="Only of this article.")
@click.option("--from", "since", type=DAY, help="From this day on.")
@click.option("--to", "until", type=DAY, help="Up to and with this day.")
@json_option
@settings_of
def copied(settings: Settings, article: str, since: datetime | None, until: datetime | None, as_json: bool) -> None:
    """Show what was handed out: how often, which revision, which values, on which channel. No text is kept.

    `changed` is how many of them differed from the vetted text in a number, a link, a negation and the like; `second`
    for how many a second person agreed.

    Example: kb copied --article fiets-gestolen --from 2026-01-01
    """
    with opened(settings) as engine:
        days = (moment.date() if moment else None for moment in (since, until))
        lines, tz = engine.copies.used(article, *days), engine.tz
    rows = [
        (
            *(line.slug, line.lang, line.number, line.channel, line.times, line.edited, line.second),
            ", ".join(f"{name} {number}" for name, number in line.values.items()) or "-",
            *(f"{moment.astimezone(tz):%Y-%m-%d %H:%M}" for moment in (line.first, line.last)),
        )
        for line in lines
    ]
    if rows:
        click.echo(table(rows, HEADS))
    click.echo(f"Handed out {sum(line.times for line in lines)} times.")
    if as_json:
        last_line({"times": sum(line.times for line in lines), "lines": [asdict(line) for line in lines]})
