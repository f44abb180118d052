"""A folder of texts into the store and out of it: import and export."""

from __future__ import annotations

from pathlib import Path

import click

from kbengine.cli.common import (
    json_option,
    last_line,
    opened,
    problem_value,
    read_ref,
    settings_of,
    token_option,
    token_person,
)
from kbengine.engine import Brought, Drafted
from kbengine.folder import Take
from kbengine.settings import Settings

folder_type = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("import")
@click.argument("folder", type=folder_type)
@click.argument("text", nargs=-1)
@click.option(
    "--take",
    type=click.Choice([take.value for take in Take]),
    help="Settle what changed on both sides: the file's text, the store's, or both changes in one.",
)
@click.option("--partial", is_flag=True, help="Leave files with errors out, and take over the others.")
@token_option
@json_option
@settings_of
def import_(
    settings: Settings,
    /,
    folder: Path,
    text: tuple[str, ...],
    take: str | None,
    partial: bool,
    token: str | None,
    as_json: bool,
) -> None:
    """Take over what changed in a folder as drafts of yours; decisions never come along.

    A text that changed in the store too is a conflict: named, with what the store says put beside it, and left alone
    on both sides. What is newer in the store, was deleted or renamed is told. Name texts to look at those only; then
    --take also brings a file back to what the store says, or over something newer.

    Exit 1 when something that changed in the folder did not go in.

    Example: kb import kb --token kb_...
    """
    with opened(settings) as engine:
        person = token_person(engine, token)
        only = frozenset(read_ref(name, engine.zone.first_lang) for name in text)
        done = engine.files.bring_in(person, folder, only=only, take=Take(take) if take else None, partial=partial)
    tell(done)
    newer, clashes = done.count("import.newer"), done.count("import.conflict", "import.no-base")
    said = f"{len(done.drafts)} new, {done.unchanged} unchanged, {newer} older than the store"
    click.echo(f"{said}, {clashes} in conflict." if clashes else f"{said}.")
    if not done.remembered:
        click.echo(f"{folder} cannot be written: what it has in common with the store is not kept.", err=True)
    if as_json:
        last_line(brought_value(done) | {"conflicts": clashes, "newer": newer})
    if not done.whole:
        raise SystemExit(1)


def tell(done: Brought) -> None:
    """A line for every draft, and on standard error one for whatever else there is to say."""
    for draft in done.drafts:
        click.echo(draft_line(draft))
    for problem in done.told:
        click.echo(str(problem), err=True)


def draft_line(draft: Drafted) -> str:
    """A file that became a draft, for people."""
    moved = f", moved here from {draft.moved_from}" if draft.moved_from else ""
    return f"draft     {draft.ref}: revision {draft.number}{moved}"


def draft_value(draft: Drafted) -> dict[str, object]:
    """A file that became a draft, as JSON."""
    value = {"text": str(draft.ref), "revision": draft.number, "file": draft.file}
    return value | {"moved_from": draft.moved_from}


def brought_value(done: Brought) -> dict[str, object]:
    """What an import did, as JSON."""
    told = [problem_value(problem) | {"fields": dict(problem.fields)} for problem in done.told]
    return {"drafts": [draft_value(one) for one in done.drafts], "unchanged": done.unchanged, "problems": told}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--drafts", is_flag=True, help="The newest texts, validated or not, to work on; default only what is live."
)
@click.option("--overwrite", is_flag=True, help="Also over what changed in the folder; that is copied aside first.")
@settings_of
def export(settings: Settings, folder: Path, drafts: bool, overwrite: bool) -> None:
    """Write the live texts as a folder of files, with the journal's head.

    Files that changed and were not imported are named, and then nothing is written. What the store does not hold, or
    does not write now, stays as it is.

    Example: kb export /tmp/texts
    """
    with opened(settings) as engine:
        done = engine.files.export(folder, drafts=drafts, overwrite=overwrite)
    for where in done.aside:
        click.echo(f"put aside {folder / where}", err=True)
    click.echo(f"{done.files} files in {folder}. Head: {done.head}")
