"""Crisis mode on the command line."""

from __future__ import annotations

import click

from kbengine.cli.common import opened, settings_of, table, token_option, token_person
from kbengine.settings import Settings

reason_option = click.option("--reason", required=True, help="Why, in a sentence; everybody reads it.")


@click.group()
def crisis() -> None:
    """Crisis mode: answers written for a crisis first, light ones held, a banner on every page.

    Example: kb crisis show
    """


@crisis.command()
@reason_option
@token_option
@settings_of
def on(settings: Settings, reason: str, token: str | None) -> None:
    """Switch crisis mode on, for everybody at once; it ends only when somebody switches it off.

    Example: kb crisis on --reason "Brand in het industriepark" --token kb_...
    """
    _turn(settings, reason, token, on=True)


@crisis.command()
@reason_option
@token_option
@settings_of
def off(settings: Settings, reason: str, token: str | None) -> None:
    """Switch crisis mode off, for everybody at once.

    Example: kb crisis off --reason "De brand is geblust" --token kb_...
    """
    _turn(settings, reason, token, on=False)


def _turn(settings: Settings, reason: str, token: str | None, *, on: bool) -> None:
    with opened(settings) as engine:
        engine.crisis.turn(token_person(engine, token), reason, on=on)
        click.echo(f"Crisis mode is {'on' if on else 'off'}.")


@crisis.command()
@settings_of
def show(settings: Settings) -> None:
    """Show whether crisis mode is on, what it does, and every time it was turned.

    Example: kb crisis show
    """
    with opened(settings) as engine:
        page = engine.crisis.page()
    click.echo(f"Crisis mode is {'on' if page.now else 'off'}.")
    click.echo(f"First in a crisis: {', '.join(slug for slug, _ in page.first) or 'no answer'}.")
    click.echo(f"Held in a crisis: {', '.join(slug for slug, _ in page.held) or 'no answer'}.")
    rows = [
        (f"{one.switch.at:%Y-%m-%d %H:%M:%S}", "on" if one.switch.on else "off", one.person or "-", one.switch.reason)
        for one in page.turns
    ]
    if rows:
        click.echo(table(rows, ("when (UTC)", "turned", "who", "reason")))
