"""Neighbours on the command line: what answers the same, says otherwise, or already answers."""

from __future__ import annotations

import click

from kbengine.article import Ref
from kbengine.cli.common import json_option, last_line, opened, read_ref, settings_of
from kbengine.engine import Engine
from kbengine.settings import Settings


@click.command()
@click.argument("slug", required=False)
@click.option("--lang", default="", help="The language; default the zone's first.")
@click.option("--all", "every", is_flag=True, help="Of every article, each pair once.")
@json_option
@settings_of
def neighbours(settings: Settings, slug: str | None, lang: str, every: bool, as_json: bool) -> None:
    """Show what stands beside an article: the same answer, another amount or term, questions another one answers.

    The newest text is compared with what is live and with what waits. What an editor noted may stand is counted only.

    Exit 1 when something is found that nobody looked at.

    Example: kb neighbours fiets-gestolen
    """
    if bool(slug) == every:
        raise click.UsageError("Name one article, or give --all.")
    with opened(settings) as engine:
        if slug:
            ref = read_ref(slug, engine.zone.first_lang)
            left, value = _of_one(engine, Ref(ref.kind, ref.slug, lang or ref.lang))
        else:
            left, value = _of_all(engine)
    if as_json:
        last_line(value)
    if left:
        raise SystemExit(1)


def _of_one(engine: Engine, ref: Ref) -> tuple[int, object]:
    page = engine.neighbours.of(ref)
    click.echo(page.known.name)
    for beside in page.open:
        click.echo(f"\n{beside.known.name} ({beside.known.owner})")
        for finding in beside.findings:
            if finding.stands is None:
                _indented(finding.lines())
    for taken in page.taken:
        click.echo(f"\n{taken.known.name} ({taken.known.owner})")
        _indented([f"answers {len(taken.questions)} of {taken.asked} own questions now:"])
        _indented([f"  {text}" for text in taken.questions])
    standing = sum(finding.stands is not None for one in (*page.open, *page.standing) for finding in one.findings)
    click.echo(f"\n{page.left} found, {standing} may stand.")
    return page.left, page.value()


def _of_all(engine: Engine) -> tuple[int, object]:
    found = engine.neighbours.all()
    left = [row for row in found if row[2].stands is None]
    for one, other, finding in left:
        click.echo(f"{one.name} ({one.owner})\n{other.name} ({other.owner})")
        _indented(finding.lines())
        click.echo()
    click.echo(f"{len(left)} found, {len(found) - len(left)} may stand.")
    return len(left), {"found": [finding.value(one, other) for one, other, finding in found]}


def _indented(lines: list[str]) -> None:
    for line in lines:
        click.echo(f"  {line}")
