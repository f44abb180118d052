"""Texts between a folder and the journal: what changed in the folder as drafts, conflicts named, and export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

from kbengine.article import Kind, Ref, example_values, read_facts, with_table, write_fact
from kbengine.errors import InvalidDocument, StoreError, WrongStore
from kbengine.folder.common import Common, write_file
from kbengine.folder.compared import Compared, Standing, compare, compare_folder
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
from kbengine.history import History, Move, Revision
from kbengine.journal import Person, Store, Writer
from kbengine.validate import guard_role

HEAD_FILE = "journal-head.txt"
_NOTHING: Final[Mapping[Ref, Common]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import found of every text of a folder, and did: `saved` are the drafts, by text."""

    texts: tuple[Compared, ...]
    saved: Mapping[Ref, Revision]

    def _refs(self, *standings: Standing) -> tuple[Ref, ...]:
        return tuple(found.ref for found in self.texts if found.standing in standings)

    @property
    def added(self) -> tuple[Ref, ...]:
        """The new drafts."""
        return self._refs(Standing.FILE)

    @property
    def unchanged(self) -> tuple[Ref, ...]:
        """The texts that the store has already."""
        return self._refs(Standing.SAME)

    @property
    def older(self) -> tuple[Ref, ...]:
        """The files that did not change, of which the store has a newer text."""
        return self._refs(Standing.STORE)

    @property
    def conflicts(self) -> tuple[Ref, ...]:
        """The texts that changed on both sides, or of which nobody knows on which."""
        return self._refs(Standing.BOTH, Standing.UNKNOWN)

    @property
    def common(self) -> dict[Ref, Common]:
        """What folder and store have in common now, of every text of which that is known."""
        kept = {found.ref: found.common for found in self.texts}
        kept |= {one.ref: Common(one.item.digest, one.item.file) for one in self.texts if one.ref in self.saved}
        return {ref: one for ref, one in kept.items() if one is not None}


def import_folder(
    store: Store,
    folder: Folder,
    person: Person,
    at: datetime | None = None,
    known: Mapping[Ref, Common] = _NOTHING,
) -> Imported:
    """Add every text that changed in a folder as a draft by this person, and only there: nothing is overwritten.

    `known` is what the folder had in common with the store before. A text that changed in the store too is a conflict,
    told and left alone. Raises NotAllowed, WrongStore, and InvalidDocument with every problem when a file cannot be
    read: then nothing is written.
    """
    guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
    errors = [problem for problem in folder.problems if problem.level == "error"]
    if errors:
        message = f"{len(errors)} problems stand in the way; nothing was imported."
        raise InvalidDocument("import.problems", message, "Correct them, then import again.", errors)
    found = {one.ref: one for one in compare_folder(folder, store.journal.snapshot()[1], known)}
    changed = [one for one in found.values() if one.standing is Standing.FILE]
    saved: dict[Ref, Revision] = {}
    if changed or not store.demo:
        with store.journal.write(at) as writer:
            if not store.demo:
                _refuse_examples(folder, writer)
            for item in (one.item for one in changed):
                history = writer.history(item.ref)
                again = found[item.ref] = compare(item, history, known.get(item.ref))
                if again.standing is Standing.FILE:
                    base = len(history.revisions)
                    saved[item.ref] = writer.save(item.ref, item.text, item.theme, person.id, item.terms, base)
    return Imported(tuple(found.values()), saved)


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
    """Write (ref, theme, text) as a folder, with the journal's head; returns and raises as `put_texts` does."""
    count = put_texts(root, texts)
    write_file(root / HEAD_FILE, f"{head}\n".encode())
    return count


def put_texts(root: Path, texts: Iterable[tuple[Ref, str, str]]) -> int:
    """Write (ref, theme, text) in their files, facts in one register; returns how many files that is.

    A file that says the same is left as it is, and so are the tables of the register in which nothing changed. Raises
    StoreError when a file would stand outside the folder: then nothing is written.
    """
    files: dict[Path, list[tuple[Ref, str]]] = {}
    for ref, theme, text in texts:
        path = root / text_file(ref, theme)
        if not path.resolve().is_relative_to(root.resolve()):
            raise StoreError("export.outside", f"{ref} would stand outside {root}.", "Export to an empty folder.")
        files.setdefault(path, []).append((ref, text))
    for path, parts in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.read_bytes().decode(errors="replace") if path.name == FACTS_FILE and path.is_file() else ""
        whole = _with_facts(there, parts) if there else "\n".join(text for _, text in parts)
        write_file(path, whole.encode())
    return len(files)


def _with_facts(text: str, facts: Sequence[tuple[Ref, str]]) -> str:
    """The register with these values in it and all else as it stands; written anew when it cannot be changed so."""
    there = {fact.name: write_fact(fact) for fact in read_facts(text, FACTS_FILE)[0]}
    try:
        for ref, table in facts:
            if there.get(ref.slug) != table:
                text = with_table(text, ref.slug, table)
    except InvalidDocument:
        return "\n".join({**there, **{ref.slug: table for ref, table in facts}}.values())
    return text


def text_file(ref: Ref, theme: str) -> str:
    """The file that holds a text, within its folder."""
    match ref.kind:
        case Kind.ARTICLE:
            return f"{ARTICLES}/{theme}/{ref.slug}.{ref.lang}.md"
        case Kind.QUESTIONS:
            return f"{QUESTIONS}/{ref.slug}.toml"
        case Kind.FACT:
            return FACTS_FILE
        case Kind.ZONE:
            return ZONE_FILE
        case Kind.DANGER:
            return DANGER_FILE
        case Kind.SYNONYMS:
            return SYNONYMS_FILE
        case Kind.CURATIONS:
            return CURATIONS_FILE
        case Kind.KINDS:
            return KINDS_FILE
        case Kind.REFERRALS:
            return REFERRALS_FILE


def latest_texts(histories: dict[Ref, History]) -> Iterator[tuple[Ref, str, str]]:
    """The newest revision of every text, validated or not: for editors who write in files."""
    for ref, history in histories.items():
        if history.latest is not None:
            yield ref, history.latest.theme, history.latest.text
