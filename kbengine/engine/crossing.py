"""What there is to say of texts that cross between a folder and its store: problems with their file and line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from kbengine.article import Ref
from kbengine.errors import Problem, StoreError
from kbengine.folder import FACTS_FILE, STORE, Compared, Folder, Gone, Imported, Standing, clash_line, keep, store_side
from kbengine.history import Revision
from kbengine.journal import Store

CLASH: Final = (Standing.BOTH, Standing.UNKNOWN)


def conflicts(root: Path, folder: Folder, done: Imported, store: Store) -> Iterator[Problem]:
    """Every text that changed on both sides: where, both revisions, and who saved the store's."""
    names = store.accounts.names()
    for found in done.texts:
        if found.standing is Standing.BOTH:
            before = found.base.number if found.base else 0
            what = f"changed here since revision {before}, and in the store"
            yield _problem("import.conflict", root, folder, found, what, names)
        elif found.standing is Standing.UNKNOWN:
            what = "differs here from the store, and nobody knows from which revision"
            yield _problem("import.no-base", root, folder, found, what, names)


def unmerged(root: Path, folder: Folder, found: Compared, store: Store) -> Problem:
    """A text that cannot be merged, for both changed the same lines."""
    what = "changed here and in the store in the same lines"
    return _problem("import.unmerged", root, folder, found, what, store.accounts.names())


def _problem(code: str, root: Path, folder: Folder, found: Compared, what: str, names: Mapping[str, str]) -> Problem:
    """A text that folder and store say in two ways; the store's side is put in the folder's own corner."""
    newest, ref, base = found.newest, found.ref, found.base
    assert newest is not None  # noqa: S101 - two texts that clash are two texts
    side, who = keep(root, STORE, store_side(ref, newest), newest.text.encode()), _who(newest, names)
    message = f"{ref} {what}: revision {newest.number}, by {who}."
    hint = f"See {root / side}; then import with --take file, --take store or --take merged."
    fields = {"text": str(ref), "store": str(newest.number), "base": str(base.number) if base else ""}
    fields |= {"by": who, "side": side}
    return Problem(code, "error", found.item.file, clash_line(found, folder), message, hint, fields)


def newer(done: Imported, store: Store) -> Iterator[Problem]:
    """Every text that changed in the store only."""
    names = store.accounts.names()
    for found in done.texts:
        if found.standing is Standing.STORE and found.newest and found.base:
            ref, number, base, who = found.ref, found.newest.number, found.base.number, _who(found.newest, names)
            message = f"This is revision {base} of {ref}; the store is newer: revision {number}, by {who}."
            fields = {"text": str(ref), "store": str(number), "base": str(base), "by": who}
            yield Problem("import.newer", "warning", found.item.file, 0, message, "Bring it here: kb export.", fields)


def gone_problems(found: Iterable[Gone]) -> Iterator[Problem]:
    """Every text that is not in the folder any more: it stays in the store, whatever became of its file."""
    for one in found:
        fields = {"text": str(one.ref), "became": str(one.became or "")}
        if one.became is not None:
            message = f"{one.ref} seems to be {one.became} now: that is a new text, and this one stays as it was."
            hint = f"When the new one is live, take this one out of use: kb archive {one.ref}"
            yield Problem("import.renamed", "warning", one.file, 0, message, hint, fields)
        else:
            what = "was taken out" if one.file == FACTS_FILE else "was deleted"
            message = f"{one.ref} {what} here; the store keeps it as it was."
            hint = f"Out of use: kb archive {one.ref}. Back in the folder: kb import FOLDER {one.ref} --take store."
            yield Problem("import.gone", "warning", one.file, 0, message, hint, fields)


def unsaved_error(lost: Iterable[tuple[Ref, str]]) -> StoreError:
    """The refusal to write over what changed in a folder and was not imported."""
    listed = "\n".join(f"  {file}: {ref}" for ref, file in lost)
    message = f"Changed here and not imported, so nothing was written:\n{listed}\n"
    hint = "Import first (kb import), or export with --overwrite: then these files are copied aside."
    return StoreError("export.unsaved", message, hint)


def _who(revision: Revision, names: Mapping[str, str]) -> str:
    return names.get(revision.author, "somebody")
