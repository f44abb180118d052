"""The moves of a person on a text, one command each."""

from __future__ import annotations

from collections.abc import Callable

import click

from kbengine.cli.common import opened, read_ref, settings_of, token_option, token_person
from kbengine.history import Move, Weight
from kbengine.settings import Settings
from kbengine.validate import MOVES_WITH_REASON

MEANING = {
    Move.SUBMIT: "Send a draft to be validated; says which questions of others would then find something else.",
    Move.RETURN: "Send a text back to its editor, with the reason.",
    Move.VALIDATE: "Vouch for exactly this text; authors cannot.",
    Move.RENEW: "Say that a live text still holds, until its next review.",
    Move.ARCHIVE: "Take an article out of use.",
    Move.HOLD: "Take an article out everywhere, at once, until it is validated again.",
    Move.FLAG: "Say that something in a live text is wrong.",
}


def _command(move: Move) -> click.Command:
    needs_reason = move in MOVES_WITH_REASON

    @click.command(move.value, help=_help(move))
    @click.argument("text")
    @click.option("--revision", type=int, help="The revision you read; default the newest.")
    @click.option("--digest", help="The digest you read; refused when the text is another one.")
    @click.option("--reason", required=needs_reason, help="Why, in a sentence.")
    @weight_option(move)
    @token_option
    @settings_of
    def run(
        settings: Settings,
        text: str,
        revision: int | None,
        digest: str | None,
        reason: str | None,
        token: str | None,
        weight: str | None = None,
    ) -> None:
        with opened(settings) as engine:
            person = token_person(engine, token)
            ref = read_ref(text, engine.zone.first_lang)
            lines = engine.editing.lines(ref)
            seen = next((line for line in lines if line.number == (revision or lines[0].number)), lines[0])
            about = (ref, revision or seen.number, digest or seen.digest, move, reason or "")
            made = engine.editing.move(person, *about, Weight(weight) if weight else None)
            engine.build()
            after = next(line for line in engine.editing.lines(ref) if line.number == (revision or seen.number))
            more = ", signed; it needs one more signature" if made is Move.SIGN else ""
            weighed = f", a {after.weight} change" if after.weight and move is Move.SUBMIT else ""
            click.echo(f"{ref} revision {after.number}: {after.state.value}{more}{weighed}.")
            for problem in engine.effects.of(ref, after.number).problems if move is Move.SUBMIT else ():
                click.echo(str(problem))

    return run


def weight_option(move: Move) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Sending a text also asks how much it changes, where that is asked."""
    if move is not Move.SUBMIT:
        return lambda command: command
    names = [weight.value for weight in Weight]
    told = "How much a change of the first language changes; after a major one its translations are due."
    return click.option("--change", "weight", type=click.Choice(names), show_default="medium", help=told)


def _help(move: Move) -> str:
    example = f"kb {move.value} fiets-gestolen --token kb_..."
    example += ' --reason "Het nummer klopt niet meer."' if move in MOVES_WITH_REASON else ""
    return f"{MEANING[move]}\n\nExample: {example}"


MOVE_COMMANDS = tuple(_command(move) for move in MEANING)
