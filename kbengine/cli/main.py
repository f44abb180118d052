"""The group of all commands, and what stands before them."""

from __future__ import annotations

from pathlib import Path

import click

from kbengine.cli.ask import eval_, search, suggest
from kbengine.cli.bulk import bulk
from kbengine.cli.common import Kb
from kbengine.cli.copied import copied
from kbengine.cli.crisis import crisis
from kbengine.cli.due import due, remind
from kbengine.cli.files import export, import_
from kbengine.cli.history import diff, history, notes
from kbengine.cli.impact import impact
from kbengine.cli.line import line
from kbengine.cli.moves import MOVE_COMMANDS
from kbengine.cli.names import merge, rename
from kbengine.cli.neighbours import neighbours
from kbengine.cli.people import people
from kbengine.cli.record import clock, journal
from kbengine.cli.serve import build, serve
from kbengine.cli.start import init
from kbengine.cli.starter import starter
from kbengine.cli.texts import backup, check, restore
from kbengine.cli.vouching import vouching
from kbengine.cli.watch import watch
from kbengine.settings import Settings


@click.group(cls=Kb)
@click.option("--home", type=click.Path(path_type=Path), help="Folder of the store (or KB_HOME); default var/demo.")
@click.option("--database", help="PostgreSQL database of the store (or KB_DATABASE); default a file in the home.")
@click.version_option(package_name="webcare-kb", prog_name="kb")
@click.pass_context
def main(ctx: click.Context, home: Path | None, database: str | None) -> None:
    """The webcare knowledge base: vetted answers, who vouched for them, and what was handed out."""
    settings = Settings.from_environment()
    given = {"home": home, "database": database}
    ctx.obj = settings.changed(**{name: value for name, value in given.items() if value is not None})


COMMANDS = (
    *(init, starter, serve, import_, watch, export, backup, restore, check, suggest, search),
    *(eval_, line, journal, history, diff, notes, copied, due, remind, bulk, rename, merge, impact, neighbours),
    *(build, people, clock, crisis, vouching),
)
for command in (*COMMANDS, *MOVE_COMMANDS):
    main.add_command(command)
