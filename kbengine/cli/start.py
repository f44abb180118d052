"""A zone of its own: `kb init` makes its folder and store, outside this clone."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from kbengine.cli.common import settings_of
from kbengine.errors import StoreError
from kbengine.folder import FIRST, Answers, Started, start_zone, starter_folder, write_texts
from kbengine.history import Role
from kbengine.journal import create, into_database
from kbengine.settings import PROJECT, Settings

TEXTS = "texts"
ASKED = {
    "name": "Name of the zone",
    "languages": "Languages of the answers (nl first)",
    "phone": "Telephone of the desk",
    "address": "Address of the desk",
    "hours": "Opening hours, as a citizen reads them",
    "login": "Your login",
    "person": "Your name",
}
USUAL = {"languages": "nl, fr, en", "login": "start"}


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--name", help=ASKED["name"])
@click.option("--languages", help=f"{ASKED['languages']}; default {USUAL['languages']}.")
@click.option("--phone", help=ASKED["phone"])
@click.option("--address", help=ASKED["address"])
@click.option("--hours", help=ASKED["hours"])
@click.option("--login", help=f"{ASKED['login']}: you become the administrator; default {USUAL['login']}.")
@click.option("--person", help=ASKED["person"])
@click.option("--first", type=click.IntRange(0, len(FIRST)), default=len(FIRST), help="So many go in review at once.")
@click.option("--no-input", is_flag=True, help="Ask nothing; what is left out stays an example value.")
@settings_of
def init(settings: Settings, /, path: Path, first: int, no_input: bool, **given: str | None) -> None:
    """Make a zone's own folder and store from the starter set: every text a draft, by an author that nobody is.

    What is left out keeps its example value, and that can never go live.

    Example: kb init /srv/kb --name "Politiezone Rietland" --phone "03 555 12 12" --no-input
    """
    path = path.absolute()
    _refuse_place(path)
    answered = _ask(given, no_input)
    languages = tuple(dict.fromkeys(answered["languages"].replace(",", " ").split()))
    answers = Answers(answered["name"], languages, answered["phone"], answered["address"], answered["hours"])
    beside = path.with_name(path.name + ".new")
    shutil.rmtree(beside, ignore_errors=True)
    try:
        done = _make(settings.source, beside, answers, answered["login"], answered["person"], first)
        if settings.database:
            into_database(beside / "store", settings.database)
        beside.rename(path)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    _tell(path, "The database" if settings.database else str(path / "store"), done, answered["login"])


def _refuse_place(path: Path) -> None:
    """Raises StoreError where a zone's texts must not stand."""
    if path.resolve().is_relative_to(PROJECT):
        message = f"{path} lies in this clone: an update would meet the zone's own texts."
        raise StoreError("init.inside", message, "Choose a folder elsewhere, like /srv/kb.")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise StoreError("init.not-empty", f"{path} is there already and is not empty.", "Choose an empty folder.")


def _ask(given: dict[str, str | None], no_input: bool) -> dict[str, str]:
    answered = {}
    for key, question in ASKED.items():
        usual = USUAL.get(key, "")
        value = given[key]
        if value is None:
            value = usual if no_input else str(click.prompt(question, default=usual, show_default=bool(usual)))
        answered[key] = value.strip()
    if not answered["name"]:
        raise click.UsageError("Say what the zone is called: --name.")
    return answered | {"person": answered["person"] or answered["login"]}


def _make(source: Path, root: Path, answers: Answers, login: str, person: str, first: int) -> Started:
    starter = starter_folder(source)
    store = create(root / "store", demo=False)
    try:
        roles = frozenset({Role.ADMINISTRATOR, Role.EDITOR})
        done = start_zone(store, starter, answers, store.accounts.add(login, person, roles), FIRST[:first])
        write_texts(root / TEXTS, starter, answers, store)
    finally:
        store.close()
    return done


def _tell(path: Path, store: str, done: Started, login: str) -> None:
    click.echo(f"{store}: {done.texts} texts as drafts, {len(done.submitted)} of them in review.")
    click.echo(f"{path / TEXTS}: the same texts as files.")
    if done.examples:
        click.echo("\nStill an example value, so no answer with it goes live:")
        for fact in done.examples:
            click.echo(f"  {fact.name:30} {fact.label}: {next(iter(fact.values.values()))}")
    click.echo("\nNot yet in zone.toml: who watches which channel when, who is alerted in danger, your own accounts.")
    click.echo(
        "\nNext:\n"
        f"1. Make the accounts, a validator for every service: kb --home {path} people add vera Vera --role validator;"
        f" sign in yourself with: kb --home {path} people link {login}\n"
        f"2. Put your own values in {path / TEXTS}/facts.toml and zone.toml, then:"
        f" kb --home {path} import {path / TEXTS} --token ...; kb --home {path} check names what is left.\n"
        f"3. kb --home {path} serve, and read and sign the first answers on the page /start."
    )
