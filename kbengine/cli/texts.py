"""The whole store in a file and back, and the machine's checks."""

from __future__ import annotations

import gc
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import click

from kbengine.article import LANGUAGES, NO_ZONE
from kbengine.checks import check as check_scope
from kbengine.checks import check_ranking, folder_scope
from kbengine.cli.common import Progress, json_option, last_line, opened, problem_value, settings_of
from kbengine.cli.files import folder_type
from kbengine.engine import Engine
from kbengine.errors import Problem
from kbengine.folder import Folder, read_folder
from kbengine.journal import backup as write_backup
from kbengine.journal import restore as read_backup
from kbengine.language import use_tables
from kbengine.neighbours import Readings
from kbengine.settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@settings_of
def backup(settings: Settings, file: Path) -> None:
    """Write everything of the store to one file, while it is in use, and verify it.

    Example: kb backup /tmp/kb-backup.tar
    """
    with opened(settings) as engine:
        done = write_backup(engine.room.store, file.absolute())
    click.echo(f"{done.path}: {done.head.seq} lines, verified. Head: {done.head.hash}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@settings_of
def restore(settings: Settings, file: Path) -> None:
    """Bring a backup back into a folder that has no store.

    Example: kb --home /tmp/kb-restored restore /tmp/kb-backup.tar
    """
    head = read_backup(file, settings.store, settings.database)
    with opened(settings, build=True):
        where = "The database" if settings.database else settings.store
        click.echo(f"{where}: {head.seq} lines, verified. Head: {head.hash}")


@click.command()
@click.argument("folder", type=folder_type, required=False)
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@json_option
@settings_of
def check(settings: Settings, folder: Path | None, strict: bool, as_json: bool) -> None:
    """Show every problem of the texts in a folder; without one, of kb/ and of what the store holds.

    The questions of each article are asked of the suggestions as they would be: what finds another article is told,
    and what the texts in review would make worse for others. What a text in review remembers rather than read in a
    source is listed, and is no problem: it is not live.

    Exit 1 on an error, with --strict also on a warning.

    Example: kb check --strict
    """
    use_tables(settings.tables)
    # Many values, none of which holds itself: looking for circles among them again and again takes a while.
    gc.disable()
    try:
        problems = _folder_problems(folder or settings.source, settings)
    finally:
        gc.enable()
    unsure: tuple[tuple[str, str], ...] = ()
    if folder is None:
        with opened(settings) as engine:
            unsure = engine.starting.unsure()
            standing = engine.neighbours.standing()
            problems = [one for one in problems if one.fields.get("digest") not in standing]
            told = {one.fields["digest"] for one in problems if "digest" in one.fields}
            problems += [one for one in _store_problems(engine) if one.fields.get("digest") not in told]
    for problem in problems:
        click.echo(str(problem))
    for text, what in unsure:
        click.echo(f"{text}: in review, to look up first: {what}")
    errors = sum(problem.level == "error" for problem in problems)
    warnings = len(problems) - errors
    click.echo(f"{errors} errors, {warnings} warnings.")
    if as_json:
        listed = [problem_value(problem) for problem in problems]
        waiting = [{"text": text, "what": what} for text, what in unsure]
        last_line({"errors": errors, "warnings": warnings, "problems": listed, "to_look_up": waiting})
    if errors or (strict and warnings):
        raise SystemExit(1)


def _folder_problems(folder: Path, settings: Settings) -> list[Problem]:
    read = read_folder(folder)
    found = (*read.problems, *_checked(read, settings), *_ranked(read))
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.code))


def _ranked(read: Folder) -> tuple[Problem, ...]:
    """The problems of what messages find; only when it takes long, how far it is."""
    with Progress("Questions") as progress:
        return check_ranking(folder_scope(read, read.zone or NO_ZONE), progress)


def _checked(read: Folder, settings: Settings) -> tuple[Problem, ...]:
    """The problems of the texts; what is read of them is kept in the home for the next time, where there is one."""
    files = {lang: settings.neighbours / f"check-{lang}.json" for lang in LANGUAGES}
    readings = {lang: Readings.open(file) for lang, file in files.items()}
    found = check_scope(folder_scope(read, read.zone or NO_ZONE, datetime.now(UTC), readings))
    with suppress(OSError):
        for lang, file in files.items() if settings.home.is_dir() else ():
            readings[lang].save(file)
    return found


def _store_problems(engine: Engine) -> list[Problem]:
    with Progress("Texts in review") as progress:
        texts = [
            *engine.deadlines.problems(),
            *engine.registers.problems(),
            *engine.facts.problems(),
            *engine.starting.problems(),
            *engine.neighbours.problems(),
            *engine.effects.problems(progress),
        ]
    return [*texts, *engine.encoder_problems()]
