"""One move on many articles, on the command line: what would happen first, and only with --yes the move."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from kbengine.cli.common import json_option, last_line, opened, settings_of, table, token_option, token_person
from kbengine.engine import Act, BulkFilter, BulkLine, Fate, Wanted
from kbengine.history import State
from kbengine.settings import Settings

HEADS = ("what", "text", "revision", "state", "owner", "title", "why")
SHOWN = {Fate.WILL: "will", Fate.NOT: "cannot", Fate.IDLE: "nothing"}
DONE = {Fate.WILL: "done", Fate.NOT: "left"}


@click.command()
@click.argument("move", type=click.Choice([act.value for act in Act]))
@click.option("--slug", "slugs", multiple=True, help="This article; may be given more than once.")
@click.option("--theme", default="", help="Only of this theme.")
@click.option("--owner", default="", help="Only of this service: its key in zone.toml, or its name.")
@click.option("--tag", default="", help="Only with this tag.")
@click.option("--state", default="", type=click.Choice(["", *State]), help="Only in this state.")
@click.option("--all", "every", is_flag=True, help="Every article; without it, name some.")
@click.option("--to", default="", help="With `owner`: the key of the service they go to.")
@click.option("--reason", default="", help="Why, in a sentence; hold and archive need it.")
@click.option("--yes", is_flag=True, help="Do it; without it, only what would happen is shown.")
@click.option("--dry-run", is_flag=True, help="Only show what would happen, whatever else is said.")
@token_option
@json_option
@settings_of
def bulk(settings: Settings, /, move: str, every: bool, yes: bool, dry_run: bool, **given: Any) -> None:
    """Submit, renew, hold or archive many articles, or give them another owner: shown first, done with --yes.

    Each text is decided on by itself; what cannot be is left and named. Nothing is validated: that needs reading.

    Example: kb bulk submit --theme verkeer --token kb_...
    """
    wanted = Wanted(Act(move), given["reason"], given["to"])
    narrowed = BulkFilter(*(given[key] for key in ("slugs", "theme", "owner", "tag", "state")))
    if narrowed.empty and not every:
        raise click.UsageError("Say which articles: --slug, --theme, --owner, --tag, --state, or --all.")
    with opened(settings) as engine:
        person = token_person(engine, given["token"])
        lines = engine.bulk.plan(person, engine.bulk.chosen(narrowed), wanted)
        acting = yes and not dry_run
        if acting:
            done = engine.bulk.act(person, [line.picked for line in lines if line.fate is Fate.WILL], wanted)
            engine.build()
            lines = (*done, *(line for line in lines if line.fate is not Fate.WILL))
    _say(lines, DONE if acting else SHOWN)
    if not acting and any(line.fate is Fate.WILL for line in lines):
        click.echo("Nothing was done. Add --yes to do it.")
    if given["as_json"]:
        last_line({"act": move, "done": acting, "lines": [_value(line) for line in lines]})
    if acting and any(line.fate is Fate.NOT for line in lines):
        raise SystemExit(1)


def _say(lines: Sequence[BulkLine], called: dict[Fate, str]) -> None:
    rows = [(called.get(line.fate, SHOWN[line.fate]), *_cells(line)) for line in lines]
    if rows:
        click.echo(table(rows, HEADS))
    counts = {fate: sum(line.fate is fate for line in lines) for fate in Fate}
    click.echo(", ".join(f"{counts[fate]} {called.get(fate, SHOWN[fate])}" for fate in Fate) + ".")


def _cells(line: BulkLine) -> tuple[object, ...]:
    return line.ref, line.number, line.state.value, line.owner, line.title, str(line.error or "")


def _value(line: BulkLine) -> dict[str, object]:
    value = {"text": str(line.ref), "revision": line.number, "state": line.state.value, "owner": line.owner}
    problems = [problem.code for problem in line.problems]
    return value | {"fate": line.fate.value, "code": line.error.code if line.error else "", "problems": problems}
