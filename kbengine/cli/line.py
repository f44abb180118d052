"""The line of the suggestions on the command line."""

from __future__ import annotations

from dataclasses import asdict

import click

from kbengine.cli.common import json_option, last_line, opened, settings_of, table
from kbengine.errors import StoreMissing
from kbengine.settings import Settings

DRAWN = {
    "silent": "so that the share {silent} of questions about a missing article meets silence",
    "least": "as low as it goes: below it an offer would too often be wrong",
    "untaught": "by what other knowledge bases taught: there are too few questions to learn from",
}


@click.command()
@json_option
@settings_of
def line(settings: Settings, as_json: bool) -> None:
    """Show where the line stands under which nothing is offered, and what other lines would cost.

    Shares are of the articles' own questions, asked as if they had never been written; `missing` is of those same
    questions with their whole article left out: how many still get an offer.

    Example: kb line --json
    """
    with opened(settings, build=True) as engine:
        page = engine.line()
    if page is None:
        raise StoreMissing("suggest.missing", "No suggestions were built yet.", "Run `kb build`, then ask again.")
    how = DRAWN[page.drawn].replace("{silent}", f"{page.silent:.2f}")
    click.echo(f"The line stands at {page.line:.2f}, {how}.")
    rows = [
        (f"{cost.line:.2f}", *(f"{share:.3f}" for share in (cost.right, cost.wrong, cost.silent, cost.missing)), here)
        for cost in page.tenths
        for here in ["<- here" if cost == page.now else ""]
    ]
    if rows:
        click.echo(table(rows, ("line", "right", "wrong", "silent", "missing", "")))
    if as_json:
        last_line(asdict(page))
