"""Where the names of before lead, as a file of the folder: so that a store made from it knows them too."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kbengine.article import SLUG, read_toml, toml_text
from kbengine.errors import InvalidDocument, KBError, NotFound, Problem, WorkflowError
from kbengine.folder.common import write_file
from kbengine.journal import Names, Naming, Person, Store, lead_to

NAMES_FILE: Final = "names.toml"
_TABLES: Final = {"renamed": Naming.ALIAS, "merged": Naming.MERGE}
_ABOUT: Final = "# Names of before, and the article that each leads to now. Written by kb export.\n"


@dataclass(frozen=True, slots=True)
class Lead:
    """A name of before and the article it leads to: the same one, or one that it went up in."""

    what: Naming
    name: str
    target: str


def write_leads(root: Path, names: Names, slugs: Collection[str]) -> None:
    """Write the names that lead to one of these articles; no file when there are none."""
    moved = {name: target for name, target in sorted(names.moved().items()) if target in slugs}
    if not moved:
        (root / NAMES_FILE).unlink(missing_ok=True)
        return
    lines = [_ABOUT]
    for table in _TABLES:
        found = {name: target for name, target in moved.items() if bool(names.into(name)) is (table == "merged")}
        if found:
            lines.append(f"\n[{table}]\n" + "".join(f"{name} = {toml_text(to)}\n" for name, to in found.items()))
    write_file(root / NAMES_FILE, "".join(lines).encode())


def read_leads(root: Path) -> tuple[tuple[Lead, ...], tuple[Problem, ...]]:
    """What that file says, and what is wrong with it; nothing without one."""
    path = root / NAMES_FILE
    if not path.is_file():
        return (), ()
    tables, problems = read_toml(path.read_text(encoding="utf-8", errors="replace"), NAMES_FILE)
    leads = []
    for table, found in tables.items():
        sound = isinstance(found, dict) and all(SLUG.fullmatch(name) and _is_name(to) for name, to in found.items())
        if table not in _TABLES or not sound:
            message, hint = f"[{table}] is no list of names.", 'Tables: [renamed] and [merged], with old = "new".'
            problems.append(Problem("names.table", "error", NAMES_FILE, 0, message, hint, {"key": table}))
        else:
            leads += [Lead(_TABLES[table], name, to) for name, to in found.items()]
    return tuple(leads), tuple(problems)


def _is_name(value: object) -> bool:
    return isinstance(value, str) and SLUG.fullmatch(value) is not None


def bring_leads(store: Store, root: Path, person: Person) -> tuple[Problem, ...]:
    """Let the names lead in this store as the folder says; what cannot be is told, and the rest goes in."""
    leads, problems = read_leads(root)
    return (*problems, *_brought(store, leads, person))


def _brought(store: Store, leads: tuple[Lead, ...], person: Person) -> Iterator[Problem]:
    names = store.journal.names()
    for lead in leads:
        if names.leads(lead.name) == names.leads(lead.target):
            continue
        try:
            with store.journal.write() as writer:
                lead_to(writer, person.actor, lead.what, lead.name, lead.target)
        except (InvalidDocument, NotFound, WorkflowError) as error:
            yield _told(lead, error)


def _told(lead: Lead, error: KBError) -> Problem:
    message, fields = f"{lead.name} does not lead: {error.message}", {"name": lead.name, "now": lead.target}
    return Problem("names.not-led", "warning", NAMES_FILE, 0, message, error.hint, fields)
