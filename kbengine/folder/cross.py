"""Texts between a folder and the journal: import as drafts, conflicts named, and export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kbengine.article import Kind, Ref, example_values
from kbengine.errors import InvalidDocument, StoreError, WrongStore
from kbengine.folder.read import (
    ARTICLES,
    CURATIONS_FILE,
    DANGER_FILE,
    FACTS_FILE,
    KINDS_FILE,
    QUESTIONS,
    REFERRALS_FILE,
    SYNONYMS_FILE,
    ZONE_FILE,
    Folder,
    Item,
)
from kbengine.history import History, Move
from kbengine.journal import Person, Store, Writer
from kbengine.validate import guard_role

HEAD_FILE = "journal-head.txt"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: new drafts, texts the store has already, and files older than the store."""

    added: tuple[Ref, ...]
    unchanged: tuple[Ref, ...]
    older: tuple[Ref, ...]


def import_folder(store: Store, folder: Folder, person: Person, at: datetime | None = None) -> Imported:
    """Add every new text of a folder as a draft by this person; a file older than the store is named, not written.

    Raises NotAllowed, WrongStore, and InvalidDocument with every problem when a file cannot be read: then nothing
    is written.
    """
    guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
    errors = [problem for problem in folder.problems if problem.level == "error"]
    if errors:
        message = f"{len(errors)} problems stand in the way; nothing was imported."
        raise InvalidDocument("import.problems", message, "Correct them, then import again.", errors)
    added, unchanged, older = [], [], []
    with store.journal.write(at) as writer:
        if not store.demo:
            _refuse_examples(folder, writer)
        for item in folder.items:
            history = writer.history(item.ref)
            texts = [(revision.digest, revision.theme) for revision in history.revisions]
            if texts and texts[-1] == (item.digest, item.theme):
                unchanged.append(item.ref)
            elif (item.digest, item.theme) in texts:
                older.append(item.ref)
            else:
                writer.save(item.ref, item.text, item.theme, person.id, item.terms, len(texts))
                added.append(item.ref)
    return Imported(tuple(added), tuple(unchanged), tuple(older))


def _refuse_examples(folder: Folder, writer: Writer) -> None:
    """A real store takes no example zone and no new value that cannot reach anybody; raises WrongStore.

    Those that it holds already, as the starter set wrote them, are let pass: they can never go live.
    """
    if folder.zone and folder.zone.example:
        raise WrongStore("import.example", "An example zone cannot enter a real store.", "Use your own zone.toml.")
    facts = [item for item in folder.items if item.ref.kind is Kind.FACT and example_values(item.text)]
    names = [item.ref.slug for item in facts if not _holds(writer, item)]
    if names:
        listed = ", ".join(names)
        message = f"These values are examples and reach nobody: {listed}."
        raise WrongStore("import.example-values", message, "Write your own in facts.toml.", facts=listed)


def _holds(writer: Writer, item: Item) -> bool:
    newest = writer.history(item.ref).latest
    return newest is not None and newest.digest == item.digest


def export_folder(root: Path, texts: Iterable[tuple[Ref, str, str]], head: str) -> int:
    """Write (ref, theme, text) as a folder, facts in one register; returns how many files were written.

    Raises StoreError when a file would stand outside the folder: then nothing is written.
    """
    files: dict[Path, list[str]] = {}
    for ref, theme, text in texts:
        path = _path(root, ref, theme)
        if not path.resolve().is_relative_to(root.resolve()):
            raise StoreError("export.outside", f"{ref} would stand outside {root}.", "Export to an empty folder.")
        files.setdefault(path, []).append(text)
    for path, parts in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, "\n".join(parts))
    _write(root / HEAD_FILE, head + "\n")
    return len(files)


def _path(root: Path, ref: Ref, theme: str) -> Path:
    match ref.kind:
        case Kind.ARTICLE:
            return root / ARTICLES / theme / f"{ref.slug}.{ref.lang}.md"
        case Kind.QUESTIONS:
            return root / QUESTIONS / f"{ref.slug}.toml"
        case Kind.FACT:
            return root / FACTS_FILE
        case Kind.ZONE:
            return root / ZONE_FILE
        case Kind.DANGER:
            return root / DANGER_FILE
        case Kind.SYNONYMS:
            return root / SYNONYMS_FILE
        case Kind.CURATIONS:
            return root / CURATIONS_FILE
        case Kind.KINDS:
            return root / KINDS_FILE
        case Kind.REFERRALS:
            return root / REFERRALS_FILE


def _write(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)


def latest_texts(histories: dict[Ref, History]) -> Iterator[tuple[Ref, str, str]]:
    """The newest revision of every text, validated or not: for editors who write in files."""
    for ref, history in histories.items():
        if history.latest is not None:
            yield ref, history.latest.theme, history.latest.text
