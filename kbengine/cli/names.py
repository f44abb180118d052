"""Another name for an article, and one article that goes up in another: shown first, done with --yes."""

from __future__ import annotations

import click

from kbengine.cli.common import opened, settings_of, token_option, token_person
from kbengine.engine import Engine, MergePlan, RenamePlan
from kbengine.settings import Settings

yes_option = click.option("--yes", is_flag=True, help="Do it; without it, only what would happen is shown.")


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--reason", default="", help="Why, in a sentence.")
@click.option("--take", is_flag=True, help="Take a name that another article had before: it then leads here.")
@yes_option
@token_option
@settings_of
def rename(settings: Settings, old: str, new: str, reason: str, take: bool, yes: bool, token: str | None) -> None:
    """Call an article otherwise from now on; the old name leads there, and what was validated stays so.

    Example: kb rename fiets-gestolen velo-gestolen --token kb_...
    """
    with opened(settings) as engine:
        person = token_person(engine, token)
        plan = engine.renaming.plan_rename(person, old, new, take=take)
        if plan.error is not None:
            raise plan.error
        _tell_rename(plan)
        if not yes:
            click.echo("Nothing was done. Add --yes to do it.")
            return
        engine.renaming.rename(person, old, new, reason, take=take)
        engine.build()
        click.echo(f"{old} is called {new} now; {old} leads there.")


def _tell_rename(plan: RenamePlan) -> None:
    click.echo(f"{plan.title}: {plan.slug} -> {plan.new}")
    for line in plan.texts:
        click.echo(f"  {line.ref.lang}  revision {line.number}, {line.state.value}: stays so")
    click.echo(f"  handed out {plan.copied} times, {plan.phrases} phrases waiting: go along")
    _tell_named(plan.pins, danger=plan.danger)


def _tell_named(pins: tuple[str, ...], *, danger: bool) -> None:
    if pins:
        click.echo(f"  curations that follow by themselves: {', '.join(pins)}")
    if danger:
        click.echo("  named under [danger] in zone.toml: followed by itself")


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="INTO")
@click.option("--reason", default="", help="Why, in a sentence.")
@yes_option
@token_option
@settings_of
def merge(settings: Settings, source: str, target: str, reason: str, yes: bool, token: str | None) -> None:
    """Let an article go up in another: it goes out of use and its name leads there.

    Its questions are sent to be accepted there by a second person; until then they find nothing.

    Example: kb merge velo-weg fiets-gestolen --token kb_...
    """
    with opened(settings) as engine:
        person = token_person(engine, token)
        plan = engine.renaming.plan_merge(person, source, target)
        if plan.error is not None:
            raise plan.error
        _tell_merge(plan)
        if not yes:
            click.echo("Nothing was done. Add --yes to do it.")
            return
        done = engine.renaming.merge(person, source, target, reason, plan.mark)
        engine.build()
        click.echo(f"{source} went up in {target}; {source} leads there.")
        if done.questions is not None:
            click.echo(f"questions/{target} revision {done.questions.number} waits for a second person.")


def _tell_merge(plan: MergePlan) -> None:
    click.echo(f"{plan.title} ({plan.source}) -> {plan.into_title} ({plan.target})")
    for line in plan.texts:
        click.echo(f"  {line.ref.lang}  revision {line.number}, {line.state.value}: goes out of use")
    for lang, questions in plan.questions:
        click.echo(f"  {lang}  {len(questions)} questions are proposed")
    if plan.released:
        click.echo(f"  {len(plan.released)} messages are no longer refused by {plan.target}")
    if plan.missing:
        click.echo(f"  no live text of {plan.target} in: {', '.join(plan.missing)}")
    click.echo(f"  handed out {plan.copied} times: counted together; {plan.phrases} phrases waiting: go along")
    _tell_named(plan.pins, danger=plan.danger)
    if plan.held:
        click.echo(f"  curations that hold back {plan.source} and end with it: {', '.join(plan.held)}")


def told_of_name(engine: Engine, name: str) -> str:
    """What to say of a name that leads elsewhere; "" for one that does not."""
    lead = engine.renaming.leads(name)
    if lead == name:
        return ""
    return f"{name} went up in {lead}." if engine.renaming.page(name).into else f"{name} is called {lead} now."
