"""What a change would touch, on the command line."""

from __future__ import annotations

from dataclasses import asdict

import click

from kbengine.cli.common import json_option, last_line, opened, problem_value, settings_of, table
from kbengine.settings import Settings

HEADS = ("article", "language", "state", "shown in", "times", "last", "owner")


@click.command()
@click.argument("subject", metavar="fact:NAME|tag:NAME|source:URL|article:SLUG")
@click.option("--value", default="", help="What a fixed value would become: tells the limits it would break.")
@json_option
@settings_of
def impact(settings: Settings, subject: str, value: str, as_json: bool) -> None:
    """Show what a change would touch: which answers in which languages, which limits, how often handed out lately.

    Of a source also the pages under it count, and the answers with a fixed value from it. Lately is 90 days.

    Example: kb impact fact:zone_phone --value "03 000 00 09"
    """
    with opened(settings) as engine:
        found, tz = engine.impact.of(subject, value), engine.tz
    rows = [
        (
            *(one.ref.slug, one.ref.lang, one.state.value if one.live else f"{one.state.value}, not live"),
            *(", ".join(one.variants) or "-", one.times),
            *(f"{one.last.astimezone(tz):%Y-%m-%d}" if one.last else "-", one.owner),
        )
        for one in found.touched
    ]
    if rows:
        click.echo(table(rows, HEADS))
    for name, label in found.facts:
        click.echo(f"fact {name}: {label}")
    for place in found.named_by:
        click.echo(f"named by {place}")
    for problem in found.problems:
        click.echo(str(problem))
    languages = ", ".join(found.languages) or "no language"
    click.echo(
        f"{len(found.touched)} texts ({languages}), {found.live} live, {found.times} times handed out in 90 days, "
        f"{len(found.problems)} limits."
    )
    if as_json:
        problems = [problem_value(problem) for problem in found.problems]
        last_line(asdict(found) | {"live": found.live, "times": found.times, "problems": problems})
