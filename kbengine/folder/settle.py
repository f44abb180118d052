"""Settling what changed on both sides: the file's text, the store's, or both changes in one; nothing is lost by it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kbengine.article import Kind, Ref, digest
from kbengine.folder.common import MINE, Common, forget, keep
from kbengine.folder.compared import Compared, Standing, compare
from kbengine.folder.cross import put_texts, text_file
from kbengine.folder.merge import merged
from kbengine.folder.read import Folder
from kbengine.history import History, Revision


class Take(enum.StrEnum):
    """Whose text counts when both changed."""

    FILE = "file"
    STORE = "store"
    MERGED = "merged"


def store_side(ref: Ref, newest: Revision) -> str:
    """Where the store's side of a conflict is put, as a file of its own."""
    return f"facts/{ref.slug}.toml" if ref.kind is Kind.FACT else text_file(ref, newest.theme)


def settle(root: Path, found: Compared, take: Take) -> Common | None:
    """Make the folder say what counts from now on; None when both changed the same lines, so that it cannot be merged.

    Returns what folder and store have in common then: the store's newest text, which the person has seen. The file's
    own text, when it gives way, is put aside in the folder's own corner.
    """
    newest, item = found.newest, found.item
    if newest is None:
        return None
    theme, text = newest.theme, newest.text
    if take is Take.MERGED:
        together = _together(found, newest)
        if together is None:
            return None
        theme, text = together
    if take is not Take.FILE:
        _aside(root, item.file)
        put_texts(root, [(item.ref, theme, text)])
        if item.ref.kind is Kind.ARTICLE and text_file(item.ref, theme) != item.file:
            (root / item.file).unlink()
    forget(root, store_side(item.ref, newest))
    return common_of(newest)


def common_of(revision: Revision) -> Common:
    """A revision as folder and store have it in common once its file says so."""
    return Common(digest(revision.ref, revision.text), text_file(revision.ref, revision.theme))


def bring_back(root: Path, newest: Revision) -> Common:
    """Write the file again of a text that has none any more."""
    put_texts(root, [(newest.ref, newest.theme, newest.text)])
    return common_of(newest)


def _aside(root: Path, file: str) -> str:
    return keep(root, MINE, file, (root / file).read_bytes()) if (root / file).is_file() else ""


def _together(found: Compared, newest: Revision) -> tuple[str, str] | None:
    """Theme and text with both changes made."""
    item, base = found.item, found.base
    if base is None or (item.theme != base.theme != newest.theme != item.theme):
        return None
    text = merged(base.text, item.text, newest.text)
    return None if text is None else (newest.theme if item.theme == base.theme else item.theme, text)


def unsaved(
    texts: Mapping[Ref, tuple[str, str]],
    histories: Mapping[Ref, History],
    known: Mapping[Ref, Common],
    folder: Folder,
) -> Iterator[tuple[Ref, str]]:
    """The (text, file) that writing these texts (theme, text) would take from somebody: changed here, not imported."""
    items = {item.ref: item for item in folder.items}
    unreadable = {problem.file for problem in folder.problems if problem.level == "error"}
    for ref, (theme, text) in texts.items():
        item, file = items.get(ref), text_file(ref, theme)
        if file in unreadable:
            yield ref, file
        elif item and (item.digest, item.theme) != (digest(ref, text), theme):
            standing = compare(item, histories.get(ref, History(ref)), known.get(ref)).standing
            if standing not in (Standing.SAME, Standing.STORE):
                yield ref, item.file


def put_aside(root: Path, files: Iterable[str]) -> tuple[str, ...]:
    """Copy these files to the folder's own corner before they change; returns where they are."""
    return tuple(where for file in sorted(set(files)) if (where := _aside(root, file)))


def take_away(root: Path, folder: Folder, texts: Mapping[Ref, tuple[str, str]]) -> None:
    """Remove the files of articles that stand under another theme by now."""
    for item in folder.items:
        if item.ref in texts and text_file(item.ref, texts[item.ref][0]) != item.file:
            (root / item.file).unlink()
