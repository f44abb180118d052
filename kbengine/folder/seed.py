"""A demo store from a folder: example people, texts, and decisions believed for exactly these texts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from kbengine.article import Zone
from kbengine.errors import InvalidDocument, Problem, WrongStore
from kbengine.folder.cross import import_folder
from kbengine.folder.read import DECISIONS, Item, read_folder
from kbengine.history import Move, Role
from kbengine.journal import Person, Store, Writer, make_move

WRITER = "editor"


@dataclass(frozen=True, slots=True)
class Example:
    """One line of a decisions file: somebody's move on exactly the text of that digest, some days ago."""

    ref: str
    digest: str
    move: Move
    by: str
    days_ago: int
    reason: str
    place: str


def seed_demo(store: Store, root: Path, now: datetime) -> None:
    """Fill an empty demo store: example people, texts, and the example decisions that name exactly these texts.

    Raises WrongStore, NotFound, and InvalidDocument when the folder holds something that cannot be read.
    """
    if not store.demo:
        raise WrongStore("seed.real", "Only a demo store is filled with examples.", "Import your own texts.")
    folder = read_folder(root)
    if folder.zone is None:
        raise InvalidDocument("seed.zone", "zone.toml cannot be read.", "Correct it.", folder.problems)
    examples = sorted(read_decisions(root), key=lambda example: -example.days_ago)
    begin = now - timedelta(days=max((example.days_ago for example in examples), default=0) + 1)
    people = _add_people(store, folder.zone, begin)
    import_folder(store, folder, people[WRITER], begin)
    items = {str(item.ref): item for item in folder.items}
    for days_ago, some in groupby(examples, key=lambda example: example.days_ago):
        with store.journal.write(now - timedelta(days=days_ago)) as writer:
            for example in some:
                _believe(writer, example, items.get(example.ref), people, folder.zone)


def _add_people(store: Store, zone: Zone, at: datetime) -> dict[str, Person]:
    known = frozenset(Role)
    unknown = sorted({name for example in zone.example_people for name in example.roles} - known)
    if unknown or WRITER not in {example.login for example in zone.example_people}:
        message = f"The example people have no {WRITER}, or roles that do not exist: {', '.join(unknown)}."
        raise InvalidDocument("seed.zone", message, f"Roles: {', '.join(sorted(known))}.")
    return {
        example.login: store.accounts.add(example.login, example.name, frozenset(map(Role, example.roles)), at=at)
        for example in zone.example_people
    }


def _believe(writer: Writer, example: Example, item: Item | None, people: Mapping[str, Person], zone: Zone) -> None:
    """Write an example decision down, if it names exactly the text that the folder holds."""
    if item is None or item.digest != example.digest:
        return
    if example.by not in people:
        raise _not_a_decision(example.place, f"nobody is called {example.by}")
    actor, move = people[example.by].actor, example.move
    make_move(writer, actor, item.ref, 1, item.digest, move, example.reason, zone.first_lang, zone.timezone)


def read_decisions(root: Path) -> Iterator[Example]:
    """The example decisions of a folder, one JSON object a line; raises InvalidDocument."""
    for path in sorted((root / DECISIONS).glob("*.jsonl")):
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            place = f"{path.relative_to(root)}:{number}"
            try:
                found = json.loads(line)
                ref, digest, by = str(found["ref"]), str(found["digest"]), str(found["by"])
                move, days_ago, reason = Move(found["move"]), int(found["days_ago"]), str(found.get("reason", ""))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise _not_a_decision(place, f"{type(error).__name__} {error}") from error
            yield Example(ref, digest, move, by, days_ago, reason, place)


def _not_a_decision(place: str, why: str) -> InvalidDocument:
    file, _, number = place.rpartition(":")
    message, hint = f"{place} is not a decision: {why}.", "A line has ref, digest, move, by and days_ago."
    problem = Problem("decisions.line", "error", file, int(number), message, hint)
    return InvalidDocument("decisions.line", message, hint, [problem])
