"""Questions to the knowledge base: suggest, search, eval."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from kbengine.article import LANGUAGES
from kbengine.channels import CHANNELS
from kbengine.cli.common import json_option, last_line, opened, settings_of, table
from kbengine.cli.names import told_of_name
from kbengine.engine import Advice, DangerNotice, Steering, Suggestion
from kbengine.evaluate import evaluate, read_labelled
from kbengine.evaluate import table as figures_table
from kbengine.reply import Reply
from kbengine.settings import Settings

channel_option = click.option(
    "--channel", default="facebook", type=click.Choice(list(CHANNELS)), help="Where it came in."
)
lang_option = click.option("--lang", type=click.Choice(LANGUAGES), help="Its language, when the guess is wrong.")


@click.command()
@click.argument("text")
@channel_option
@lang_option
@json_option
@settings_of
def suggest(settings: Settings, text: str, channel: str, lang: str | None, as_json: bool) -> None:
    """Show what the desk shows for a message: danger first, then vetted answers, or why there are none.

    Example: kb suggest "mijn velo is gepikt" --channel x
    """
    with opened(settings, build=True) as engine:
        advice = engine.desk.advise(text, channel, lang, counted=False)
        value = engine.live.advice(advice)
    _show(advice)
    if as_json:
        last_line(value)


def _show(advice: Advice) -> None:
    if advice.danger:
        danger, numbers = (
            advice.danger.danger,
            "  ".join(f"{label} {number}" for label, number in advice.danger.numbers),
        )
        click.secho(f"DANGER {danger.level} ({danger.kind}): {', '.join(danger.words)}", bold=True)
        click.echo(f"  {numbers}")
        _show_notice(advice.danger, advice)
    recognised = "recognised" if advice.lang == advice.recognised else f"you say; recognised: {advice.recognised}"
    click.echo(f"Message in {advice.lang} ({recognised}).")
    _show_noticed(advice)
    for held in advice.held_back:
        click.echo(f"Held back {_until(held.steering) or 'in a crisis'}: {held.title} ({held.slug})")
    if advice.abstained:
        click.echo(f"No vetted answer ({advice.abstained}).")
        for named in advice.not_live:
            into = f"; it went up in {named.into_title} ({named.into.slug})" if named.into else ""
            click.echo(f"  exists, but is {named.state.value}: {named.title} ({named.owner}){into}")
        return
    rows = [
        (place, found.slug, found.lang, f"{found.confidence:.2f}", ", ".join(_because(found)))
        for place, found in enumerate(advice.suggestions, 1)
    ]
    click.echo(table(rows, ("", "answer", "lang", "confidence", "because of")))
    for found in (found for found in advice.suggestions if found.crisis):
        click.echo(f"First in a crisis: {found.title} ({found.slug})")
    for pinned in (found for found in advice.suggestions if found.pinned):
        click.echo(f"Pinned {_until(pinned.pinned)}: {pinned.title} ({pinned.slug})")
    first = advice.suggestions[0]
    _say_language(first.lang, first.languages, advice)
    if first.reply is not None:
        size = f"{first.reply.count}" + (f" of {first.reply.limit}" if first.reply.limit else "")
        text = "\n\n".join(first.reply.parts or (first.reply.text,))
        click.echo(f"\n{text}\n\n[{advice.channel}, {first.reply.variant.value}, {size}{_cut(first.reply)}]")


def _show_notice(notice: DangerNotice, advice: Advice) -> None:
    if notice.alert:
        click.echo("  alert: " + ", ".join(f"{name} {number}" for name, number in notice.alert))
    if not notice.replies:
        click.echo("  Do not reply.")
        return
    click.echo(f"  {notice.text or 'No live text: the numbers only.'}")
    _say_language(notice.lang, notice.languages, advice)


def _show_noticed(advice: Advice) -> None:
    """What kind of message it is, to whom it is, what it gives away, and the building blocks for it."""
    kind = advice.kind
    because = f" because of {', '.join(kind.words)}" if kind.words else ""
    agreed = f": {kind.agreed.act}" if kind.agreed else ""
    to = f", to {kind.agreed.hand_over_to}" if kind.agreed and kind.agreed.hand_over_to else ""
    click.echo(f"Kind: {kind.kind}{agreed}{to}{because}.")
    if advice.elsewhere:
        click.echo(f"Seems not to be for us ({advice.elsewhere.way} {advice.elsewhere.sign}).")
    if advice.referred:
        click.echo(f"Rather about: {advice.referred.subject}. Who handles that: {advice.referred.service}.")
    if advice.personal:
        sure = "Personal data" if advice.personal.certain else "Perhaps personal data"
        click.echo(f"{sure} that everybody can read: {', '.join(advice.personal.kinds)}.")
    if advice.blocks:
        click.echo(f"Building blocks: {', '.join(block.slug for block in advice.blocks)}.")


def _cut(reply: Reply) -> str:
    """How a reply that is too long is shown."""
    if reply.fits:
        return ""
    return f": too long, in {len(reply.parts)} parts" if reply.parts else ": too long"


def _say_language(lang: str, languages: Sequence[str], advice: Advice) -> None:
    """Say so when a text is not in the language it was wanted in."""
    if lang != advice.answer_lang:
        what = f"There is only a text in {lang}" if len(languages) == 1 else f"There is no text in {advice.answer_lang}"
        click.echo(f"{what}; the message is in {advice.lang}.")


def _until(steering: Steering | None) -> str:
    return f"until {steering.end:%Y-%m-%d %H:%M} UTC ({steering.reason})" if steering else ""


def _because(found: Suggestion) -> list[str]:
    meaning = [f"meaning {found.meaning:.0%}"] if found.meaning else []
    return [*meaning, *(word for word, _ in found.words[:5])]


@click.command()
@click.argument("text")
@lang_option
@click.option("--theme", help="Only this theme.")
@json_option
@settings_of
def search(settings: Settings, text: str, lang: str | None, theme: str | None, as_json: bool) -> None:
    """Find live answers by words.

    Example: kb search "boete betalen"
    """
    with opened(settings, build=True) as engine:
        hits = engine.reading.search(text, lang, theme)
        told = told_of_name(engine, text.strip())
    if told:
        click.echo(told)
    rows = [(f"{hit.slug}.{hit.lang}", hit.title, f"{hit.score:.1f}", ", ".join(hit.terms)) for hit in hits.hits]
    click.echo(table(rows, ("answer", "title", "score", "words")) if rows else "Nothing found.")
    if hits.corrected:
        click.echo(f"Did you mean: {hits.corrected}")
    if as_json:
        last_line(asdict(hits))


@click.command("eval")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
@settings_of
def eval_(settings: Settings, file: Path, as_json: bool) -> None:
    """Measure suggestions and the danger notice on labelled messages (one JSON object a line).

    Example: kb eval messages.jsonl --json
    """
    messages = read_labelled(file)
    with opened(settings, build=True) as engine:
        engine.warm()
        live, known = engine.desk.slugs()
        with click.progressbar(messages, label="Messages", file=sys.stderr) as bar:
            figures = evaluate(messages, engine.desk.outcome, live, known, lambda _done: bar.update(1))
    click.echo(figures_table(figures))
    if as_json:
        last_line(figures.as_dict())
