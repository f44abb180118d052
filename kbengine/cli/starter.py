"""What changed in the starter set since a zone took it, on the command line."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path

import click

from kbengine.cli.common import json_option, last_line, opened, settings_of, table, token_option, token_person
from kbengine.cli.files import folder_type
from kbengine.engine import StarterChange, starter_steps
from kbengine.folder import starter_folder
from kbengine.settings import Settings


@click.group()
def starter() -> None:
    """The starter set beside the zone's own texts.

    Example: kb starter diff
    """


@starter.command()
@click.argument("folder", type=folder_type, required=False)
@click.option("--show", metavar="NAME", help="Both changes of one text, line by line.")
@click.option("--take", metavar="NAME", help="Take it over as a draft: an article with its questions, or fact/NAME.")
@click.option("--over", is_flag=True, help="With --take: also where your own text changed the same lines.")
@token_option
@json_option
@settings_of
def diff(
    settings: Settings,
    /,
    folder: Path | None,
    show: str | None,
    take: str | None,
    over: bool,
    token: str | None,
    as_json: bool,
) -> None:
    """Show what changed in the starter set since this zone took it, beside its own texts.

    `new`: not taken yet; `changed`: only the starter set changed it; `both`: you did too, elsewhere, and taking it
    brings the two together; `conflict`: you changed the same lines; `gone`: the starter set has it no longer.

    Example: kb starter diff
    """
    with opened(settings) as engine:
        found = starter_folder(folder or settings.source)
        if take:
            refs = engine.upstream.take(token_person(engine, token), found, take, over=over)
            for ref in refs:
                click.echo(f"draft     {ref}")
            return
        changes = engine.upstream.changes(found)
    if show:
        _show([one for one in changes if show in (one.ref.slug, str(one.ref))])
        return
    click.echo(
        table([(one.change.value, one.ref) for one in changes], ("what", "text")) if changes else "Nothing changed."
    )
    if as_json:
        last_line({"changes": [{"text": str(one.ref), "change": one.change.value} for one in changes]})


def _show(changes: list[StarterChange]) -> None:
    """Both steps of every text, as lines that came and went."""
    for one in changes:
        for what, before, after in starter_steps(one):
            names = f"{one.ref} as taken", f"{one.ref} {what}"
            lines = unified_diff(before.splitlines(), after.splitlines(), *names, lineterm="")
            click.echo("\n".join(lines) + "\n")
    if not changes:
        click.echo("Nothing changed.")
