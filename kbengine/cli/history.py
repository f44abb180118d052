"""What changed in a text, and what people noted about it, on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

import click

from kbengine.article import Ref
from kbengine.cli.common import json_option, last_line, opened, read_ref, settings_of, table, token_option, token_person
from kbengine.engine import Comparison, Engine, NoteView, Passage
from kbengine.errors import NotFound
from kbengine.settings import Settings

HEADS = ("revision", "saved", "by", "state", "change", "live from", "to", "notes")
SHOWN = {
    "removed": ("[-", "-]"),
    "added": ("{+", "+}"),
    "left": ("[moved away: ", "]"),
    "moved": ("{moved here: ", "}"),
}


def _day(instant: datetime | None, engine: Engine) -> str:
    return f"{instant.astimezone(engine.tz):%Y-%m-%d %H:%M}" if instant else ""


@click.command()
@click.argument("text")
@json_option
@settings_of
def history(settings: Settings, text: str, as_json: bool) -> None:
    """Show every revision of a text, newest first: by whom, where it stands, how much it changes, when it was live.

    Example: kb history fiets-gestolen
    """
    with opened(settings) as engine:
        ref = read_ref(text, engine.zone.first_lang)
        lines = engine.editing.lines(ref)
        noted = [note.number for note in engine.notes.of([ref])]
        rows = [
            (
                *(line.number, _day(line.at, engine), line.author or "-", line.state.value, line.weight or ""),
                *(_day(line.live_from, engine), _day(line.live_to, engine), noted.count(line.number) or ""),
            )
            for line in lines
        ]
    click.echo(table(rows, HEADS))
    if as_json:
        names = ("revision", "saved", "by", "state", "change", "live_from", "live_to", "notes")
        last_line({"text": str(ref), "revisions": [dict(zip(names, row, strict=True)) for row in rows]})


@click.command()
@click.argument("text")
@click.argument("old", type=int, required=False)
@click.argument("new", type=int, required=False)
@click.option("--proposed", is_flag=True, help="What is live against what is proposed.")
@click.option("--signed", is_flag=True, help="Since your own last signature; needs your token.")
@click.option("--leading", is_flag=True, help="Of a translation: what the first language changed since it was checked.")
@json_option
@token_option
@settings_of
def diff(
    settings: Settings,
    text: str,
    old: int | None,
    new: int | None,
    proposed: bool,
    signed: bool,
    leading: bool,
    as_json: bool,
    token: str | None,
) -> None:
    """Compare two revisions of a text word by word: [-gone-] and {+new+}; by default the last two.

    Example: kb diff fiets-gestolen 1 1
    """
    with opened(settings) as engine:
        ref = read_ref(text, engine.zone.first_lang)
        person = token_person(engine, token) if signed else None
        if leading:
            found = engine.comparing.overtaken(ref)
        elif old is not None:
            found = engine.comparing.compare(ref, old, new or engine.editing.lines(ref)[0].number)
        else:
            why = "proposed" if proposed else "signed" if signed else "last"
            pairs = [pair for pair in engine.comparing.pairs(ref, person) if pair.why == why]
            found = engine.comparing.compare(ref, pairs[0].old, pairs[0].new) if pairs else None
        if found is None:
            raise NotFound("revision.unknown", f"There is nothing to compare of {ref}.", "See `kb history`.")
        _print(found)
    if as_json:
        last_line(_value(found))


def _print(found: Comparison) -> None:
    click.echo(f"{found.ref} revision {found.old.number} -> {found.new.number}")
    for key, before, after in found.header_changes:
        click.echo(f"{key}: [-{before}-] {{+{after}+}}")
    click.echo("".join(map(_shown, found.difference)))
    if found.values:
        rows = ((one.label, one.old or "-", one.new or "-", one.today or "-") for one in found.values)
        click.echo(table(rows, ("value", f"at {found.old.number}", f"at {found.new.number}", "today")))


def _shown(passage: Passage) -> str:
    """A passage with its marks; the line break behind a line that moved stays behind them."""
    begin, end = SHOWN.get(passage.op, ("", ""))
    text = passage.text.rstrip("\n") if begin else passage.text
    return f"{begin}{text}{end}{passage.text[len(text) :]}"


def _value(found: Comparison) -> dict[str, object]:
    return {
        "text": str(found.ref),
        "old": found.old.number,
        "new": found.new.number,
        "header": [list(change) for change in found.header_changes],
        "difference": [asdict(passage) for passage in found.difference],
        "values": [asdict(one) for one in found.values],
    }


@click.group()
def notes() -> None:
    """Notes of editors and validators on a revision: kept for a year, never public.

    Example: kb notes show
    """


@notes.command("show")
@click.argument("text", required=False)
@click.option("--all", "everything", is_flag=True, help="Also what somebody dealt with.")
@json_option
@settings_of
def show_notes(settings: Settings, text: str | None, everything: bool, as_json: bool) -> None:
    """Show the open notes on a text, or on every text.

    Example: kb notes show fiets-gestolen --all
    """
    with opened(settings) as engine:
        ref = read_ref(text, engine.zone.first_lang) if text else None
        found = [note for note in engine.notes.of([ref] if ref else None) if everything or note.handled is None]
        rows = [(note.id, note.ref, note.number, *_said(note, engine)) for note in found]
    if rows:
        click.echo(table(rows, ("note", "text", "revision", "when", "by", "dealt with", "says")))
    click.echo(f"{len(rows)} notes.")
    if as_json:
        last_line({"notes": list(_notes(found))})


def _said(note: NoteView, engine: Engine) -> tuple[object, ...]:
    done = f"{_day(note.handled, engine)} {note.handler or '-'}" if note.handled else ""
    return _day(note.at, engine), note.person or "-", done, " ".join(note.text.split())


def _notes(found: Iterable[NoteView]) -> Iterable[dict[str, object]]:
    for note in found:
        told = {"id": note.id, "text": str(note.ref), "revision": note.number, "at": note.at.isoformat()}
        yield told | {"by": note.person, "says": note.text, "handled": note.handled is not None}


@notes.command("add")
@click.argument("text")
@click.argument("note")
@click.option("--revision", type=int, help="Default the newest.")
@click.option("--nobodys", is_flag=True, help="What looks like personal data in it is nobody's.")
@token_option
@settings_of
def add_note(settings: Settings, text: str, note: str, revision: int | None, nobodys: bool, token: str | None) -> None:
    """Note something about a revision, for other editors and validators.

    Example: kb notes add fiets-gestolen "Kijk de link na." --token kb_...
    """
    with opened(settings) as engine:
        person = token_person(engine, token)
        ref = read_ref(text, engine.zone.first_lang)
        number = revision or _newest(engine, ref)
        kept = engine.notes.add(person, ref, number, note, note if nobodys else "")
    click.echo(f"Note {kept.id} on {ref} revision {number}.")


def _newest(engine: Engine, ref: Ref) -> int:
    return engine.editing.lines(ref)[0].number


@notes.command("done")
@click.argument("note", type=int)
@token_option
@settings_of
def handle_note(settings: Settings, note: int, token: str | None) -> None:
    """Mark a note as dealt with; it goes 90 days later.

    Example: kb notes done 1 --token kb_...
    """
    with opened(settings) as engine:
        done = engine.notes.handle(token_person(engine, token), note)
    click.echo(f"Note {done.id} on {done.ref}: dealt with by {done.handler}.")
