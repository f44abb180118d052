"""Who vouches, who is away, and the exception for a team of one, on the command line."""

from __future__ import annotations

from collections.abc import Iterable

import click

from kbengine.cli.common import opened, settings_of, table, token_option, token_person
from kbengine.engine import Named
from kbengine.settings import Settings
from kbengine.vouching import MOST_HOURS


@click.group()
def vouching() -> None:
    """Who vouches for which texts, who stands in for whom, and the exception for a team of one.

    Example: kb vouching show
    """


@vouching.command()
@settings_of
def show(settings: Settings) -> None:
    """Show who vouches for each service, who is away, and how the exception for a team of one stands.

    Example: kb vouching show
    """
    with opened(settings) as engine:
        page, tz = engine.vouching.page(), engine.tz
    rows = [
        (service.label, *(", ".join(one.name for one in some) for some in (service.validators, service.deputies)))
        for service in page.services
    ]
    click.echo(
        table(((a, b or "every validator", c or "-") for a, b, c in rows), ("service", "validators", "deputies"))
    )
    for away in page.away:
        first, last = away.begin.astimezone(tz), away.end.astimezone(tz)
        click.echo(f"Away: {away.name} from {first:%Y-%m-%d %H:%M} until {last:%Y-%m-%d %H:%M}.")
    if page.exception is not None and page.exception.until is not None:
        until = page.exception.until.astimezone(tz)
        click.echo(f"The exception for a team of one is on until {until:%Y-%m-%d %H:%M}: {page.exception.reason}")
    else:
        click.echo(f"The exception for a team of one is {'off' if page.allowed else 'forbidden by the zone'}.")


def _names(some: Iterable[Named]) -> str:
    return ", ".join(one.name for one in some)


@vouching.command()
@click.argument("login")
@click.option("--from", "first", required=True, help="The first day, like 2026-12-24.")
@click.option("--until", "last", required=True, help="The last day, that day included.")
@token_option
@settings_of
def away(settings: Settings, login: str, first: str, last: str, token: str | None) -> None:
    """Say when somebody is away, so that their deputies may vouch; yourself, or anybody as an administrator.

    Example: kb vouching away vera --from 2026-12-24 --until 2027-01-02 --token kb_...
    """
    with opened(settings) as engine:
        engine.vouching.set_absence(token_person(engine, token), login, first, last)
        click.echo(f"{login} is away from {first} until {last}.")


@vouching.command()
@click.argument("login")
@token_option
@settings_of
def back(settings: Settings, login: str, token: str | None) -> None:
    """Say that somebody is back, or does not go.

    Example: kb vouching back vera --token kb_...
    """
    with opened(settings) as engine:
        engine.vouching.end_absence(token_person(engine, token), login)
        click.echo(f"{login} is there.")


@vouching.command()
@click.argument("turned", type=click.Choice(["on", "off"]))
@click.option("--hours", type=int, default=MOST_HOURS, help=f"It ends by itself; at most {MOST_HOURS}, the default.")
@click.option("--reason", required=True, help="Why, in a sentence; everybody reads it.")
@token_option
@settings_of
def alone(settings: Settings, turned: str, hours: int, reason: str, token: str | None) -> None:
    """Switch the exception for a team of one on or off: while it is on, an author may validate their own text.

    Example: kb vouching alone on --hours 8 --reason "Nachtdienst, niemand anders" --token kb_...
    """
    with opened(settings) as engine:
        switch = engine.vouching.turn(token_person(engine, token), reason, on=turned == "on", hours=hours)
        end = f" until {switch.until.astimezone(engine.tz):%Y-%m-%d %H:%M}" if switch.until else ""
        click.echo(f"The exception for a team of one is {turned}{end}.")
