"""Accounts on the command line: who there is, what they may do, links and tokens."""

from __future__ import annotations

import click

from kbengine.cli.common import is_demo_home, opened, settings_of, table
from kbengine.engine import Engine
from kbengine.history import Role, Scope
from kbengine.journal import create, exists
from kbengine.settings import Settings

role_option = click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given more than once.",
)


@click.group()
def people() -> None:
    """Accounts: list, add, roles, close, erase, sign-in links and tokens.

    Example: kb people link validator
    """


@people.command("list")
@settings_of
def list_(settings: Settings) -> None:
    """Show everybody and what they may do.

    Example: kb people list
    """
    with opened(settings) as engine:
        rows = [
            (
                person.login,
                person.name or "(erased)",
                ", ".join(sorted(person.roles)),
                "" if person.active else "closed",
            )
            for person in engine.people.all()
        ]
    click.echo(table(rows, ("login", "name", "roles", "")))


@people.command()
@click.argument("login")
@click.argument("name")
@role_option
@settings_of
def add(settings: Settings, login: str, name: str, roles: tuple[str, ...]) -> None:
    """Make an account; in a folder without a store, also the store (real, not a demo).

    Example: kb --home /srv/kb people add ann "Ann" --role administrator
    """
    if not exists(settings.store, settings.database) and not is_demo_home(settings):
        if Role.ADMINISTRATOR.value not in roles:
            raise click.UsageError("The first person of a new store needs --role administrator.")
        create(settings.store, demo=False, database=settings.database).close()
        click.echo(f"Made a new store in {'the database' if settings.database else settings.store}.")
    with opened(settings) as engine:
        person = engine.people.add(login, name, frozenset(Role(role) for role in roles))
        click.echo(f"{person.login} can sign in once with {_link(engine, person.login)}")


@people.command("role")
@click.argument("login")
@role_option
@settings_of
def role_(settings: Settings, login: str, roles: tuple[str, ...]) -> None:
    """Say what somebody may do from now on, at their next sign-in; none takes everything away.

    Example: kb people role agent --role agent --role editor
    """
    with opened(settings) as engine:
        person = engine.people.set_roles(login, frozenset(Role(role) for role in roles), by="command line")
        click.echo(f"{person.login}: {', '.join(sorted(person.roles)) or 'no roles'}.")


@people.command()
@click.argument("login")
@settings_of
def close(settings: Settings, login: str) -> None:
    """Close an account: its sessions, links and tokens end at once.

    Example: kb people close agent
    """
    with opened(settings) as engine:
        engine.people.set_active(login, False)
        click.echo(f"{login} is closed.")


@people.command("open")
@click.argument("login")
@settings_of
def open_(settings: Settings, login: str) -> None:
    """Open a closed account again.

    Example: kb people open agent
    """
    with opened(settings) as engine:
        engine.people.set_active(login, True)
        click.echo(f"{login} is open.")


@people.command()
@click.argument("login")
@click.option("--yes", is_flag=True, help="Do not ask whether you are sure.")
@settings_of
def erase(settings: Settings, login: str, yes: bool) -> None:
    """Take away a login, a name and every way in, for good; what they did stays in the record, done by somebody.

    Example: kb people erase agent --yes
    """
    with opened(settings) as engine:
        person = engine.people.by_login(login)
        if not yes:
            click.confirm(f"Erase who {person.login} ({person.name}) was? This cannot be undone.", abort=True)
        engine.people.erase(person.login, by="command line")
        click.echo(f"{person.login} is erased; the record holds {person.id}.")


@people.command()
@click.argument("login")
@settings_of
def link(settings: Settings, login: str) -> None:
    """Print a one-time link to choose a password by; good for 72 hours, or 30 minutes when there is one already.

    Example: kb people link validator
    """
    with opened(settings) as engine:
        click.echo(_link(engine, login))


@people.command()
@click.argument("login")
@click.option("--for", "label", default="", help="What it is for, as its owner sees it.")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([Scope.SUGGEST.value, Scope.READ.value]),
    help="Only for this in the API, and for no move; may be given more than once.",
)
@settings_of
def token(settings: Settings, login: str, label: str, scopes: tuple[str, ...]) -> None:
    """Print a personal token for the command line or another program, good for 90 days; it is shown once.

    Example: kb people token agent --for "our inbox" --scope suggest --scope read
    """
    with opened(settings) as engine:
        wanted = frozenset(Scope(name) for name in scopes) or frozenset({Scope.ALL})
        click.echo(engine.people.new_token(engine.people.by_login(login), label, wanted))


def _link(engine: Engine, login: str) -> str:
    secret = engine.people.new_link(engine.people.by_login(login))
    return f"{engine.settings.url}/in/{secret}"
