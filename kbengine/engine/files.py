"""The door for people who write in files: a folder of texts in and out, the same for every register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kbengine.article import NO_ZONE, Ref, digest
from kbengine.checks import check, check_articles, folder_scope
from kbengine.engine.crossing import CLASH, conflicts, gone_problems, newer, unmerged, unsaved_error
from kbengine.engine.reading import Reading
from kbengine.engine.room import Room
from kbengine.errors import InvalidDocument, NotFound, Problem
from kbengine.folder import (
    ARTICLES,
    QUESTIONS,
    Common,
    Folder,
    Imported,
    Standing,
    Take,
    alone,
    bring_back,
    bring_leads,
    compare_folder,
    export_folder,
    forget,
    gone,
    import_folder,
    latest_texts,
    put_aside,
    read_common,
    read_folder,
    read_texts,
    settle,
    store_side,
    take_away,
    text_file,
    unsaved,
    write_common,
    write_leads,
)
from kbengine.history import History
from kbengine.journal import Person


@dataclass(frozen=True, slots=True)
class Drafted:
    """A file that became a draft; `moved_from` is where its text stood before, "" when it did not move."""

    ref: Ref
    number: int
    file: str
    moved_from: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What bringing a folder in did, and what there is to say of it.

    `told` are problems with their file and line: conflicts and what stands in the way as errors; as warnings what is
    newer in the store, went or was renamed. `remembered` is false when the folder cannot keep what it has in common.
    """

    drafts: tuple[Drafted, ...]
    unchanged: int
    told: tuple[Problem, ...]
    remembered: bool = True

    def count(self, *codes: str) -> int:
        """How many problems of these codes were told."""
        return sum(problem.code in codes for problem in self.told)

    @property
    def whole(self) -> bool:
        """Whether everything that changed in the folder is in."""
        return all(problem.level != "error" for problem in self.told)


@dataclass(frozen=True, slots=True)
class Written:
    """What an export wrote: so many files, with which head; `aside` are copies of what gave way to it."""

    files: int
    head: str
    aside: tuple[str, ...]


class Files:
    """A folder of texts beside one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def bring_in(
        self, person: Person, root: Path, *, only: Collection[Ref] = (), take: Take | None = None, partial: bool = False
    ) -> Brought:
        """Take over what changed in a folder as drafts of this person; what changed in the store too is a conflict.

        `only` limits it to these texts. `take` settles conflicts first, of these texts or else of all. With `partial`
        a file that has errors stays out and the others go in; else nothing does. Raises NotAllowed, NotFound,
        WrongStore, and InvalidDocument with every problem.
        """
        with alone(root):
            if take is not None:
                self._settle(root, only, take)
            folder = read_folder(root)
            checked = check(folder_scope(folder, folder.zone or NO_ZONE, self._room.store.journal.now()))
            return self.take_over(person, root, folder, checked, only=only, partial=partial)

    def take_over(
        self,
        person: Person,
        root: Path,
        folder: Folder,
        checked: Iterable[Problem],
        *,
        only: Collection[Ref] = (),
        partial: bool = False,
    ) -> Brought:
        """What `bring_in` does with a folder that was read and checked; the caller holds the folder."""
        store, known = self._room.store, self._known(root)
        wanted = _chosen(folder, known, only)
        errors = _in_the_way(folder, checked, self._changed(wanted, known))
        errors = [one for one in errors if not only or one.file in {item.file for item in wanted.items}]
        if errors and not (partial and folder.zone):
            message = f"{len(errors)} problems stand in the way; nothing was imported."
            raise InvalidDocument("import.problems", message, "Correct them, then import again.", errors)
        wanted = replace(wanted.without({one.file for one in errors}), problems=())
        done = import_folder(store, wanted, person, known=known)
        said = (*errors, *conflicts(root, folder, done, store), *newer(done, store))
        if not only:
            said = (*said, *gone_problems(gone(folder, known, store.journal.snapshot()[1])))
        if not only:
            said = (*said, *bring_leads(store, root, person))
        remembered = write_common(root, store.origin(), known | done.common)
        for found in done.texts:
            if found.newest is not None and found.standing not in CLASH:
                forget(root, store_side(found.ref, found.newest))
        return Brought(tuple(_drafted(done, known)), len(done.unchanged), said, remembered)

    def quick_problems(self, root: Path, folder: Folder) -> tuple[Problem, ...]:
        """The problems of what differs from the store, found soon: articles by themselves, else as `kb check` does."""
        changed = self._changed(folder, self._known(root))
        scope = folder_scope(folder, folder.zone or NO_ZONE, self._room.store.journal.now())
        if all(file.startswith(ARTICLES) for file in changed):
            texts = tuple(text for text in scope.articles if text.file in changed)
            return check_articles(replace(scope, articles=texts)) if texts else ()
        return tuple(problem for problem in check(scope) if problem.file in changed)

    def export(self, root: Path, *, drafts: bool = False, overwrite: bool = False) -> Written:
        """Write the live texts as a folder, or with `drafts` the newest ones.

        Raises StoreError, with every file, when one would go that changed and was not imported; with `overwrite` it
        is copied aside first.
        """
        head, histories = self._room.store.journal.snapshot()
        found = tuple(latest_texts(histories)) if drafts else Reading(self._room).live_texts()
        texts = {ref: (theme, text) for ref, theme, text in found}
        with alone(root):
            folder, known = read_texts(root, self._room.read()[0].zone.first_lang), self._known(root)
            lost = tuple(unsaved(texts, histories, known, folder))
            if lost and not overwrite:
                raise unsaved_error(lost)
            # Whoever is killed in between leaves texts that the store knows, and nothing said about them.
            write_common(root, self._room.store.origin(), {ref: one for ref, one in known.items() if ref not in texts})
            aside = put_aside(root, (file for _, file in lost))
            take_away(root, folder, texts)
            self._take_old_names(root, folder, texts, known)
            write_leads(root, self._room.store.journal.names(), {ref.slug for ref in texts})
            count = export_folder(root, ((ref, theme, text) for ref, (theme, text) in texts.items()), head.hash)
            exported = {ref: Common(digest(ref, text), text_file(ref, theme)) for ref, (theme, text) in texts.items()}
            write_common(root, self._room.store.origin(), known | exported)
        return Written(count, head.hash, aside)

    def _take_old_names(
        self, root: Path, folder: Folder, texts: Mapping[Ref, tuple[str, str]], known: Mapping[Ref, Common]
    ) -> None:
        """Remove the files that stand under a name of before, unless they hold what the store has not."""
        names, changed = self._room.store.journal.names(), self._changed(folder, known)
        for item in folder.items:
            now = names.ref_now(item.ref)
            if now != item.ref and now in texts and item.file not in changed:
                (root / item.file).unlink()

    def _known(self, root: Path) -> dict[Ref, Common]:
        return read_common(root, self._room.store.origin())

    def _changed(self, folder: Folder, known: Mapping[Ref, Common]) -> frozenset[str]:
        """The files that hold something which the store has not, or had not last."""
        compared = compare_folder(folder, self._room.store.journal.snapshot()[1], known)
        return frozenset(one.item.file for one in compared if one.standing not in (Standing.SAME, Standing.STORE))

    def _settle(self, root: Path, only: Collection[Ref], take: Take) -> None:
        """Settle the conflicts of a folder; raises InvalidDocument naming those that cannot be merged."""
        store, known = self._room.store, self._known(root)
        folder, histories = read_texts(root, self._room.read()[0].zone.first_lang), store.journal.snapshot()[1]
        lasting = []
        for found in compare_folder(folder, histories, known):
            if (found.standing in CLASH and (not only or found.ref in only)) or (found.ref in only and found.newest):
                common = settle(root, found, take)
                if common is None:
                    lasting.append(unmerged(root, folder, found, store))
                else:
                    known[found.ref] = common
        for ref in set(only) - {item.ref for item in folder.items}:
            newest = histories.get(ref, History(ref)).latest
            if newest is not None and take is Take.STORE:
                known[ref] = bring_back(root, newest)
        write_common(root, store.origin(), known)
        if lasting:
            message = f"{len(lasting)} texts cannot be merged; what could be was, and nothing was imported."
            raise InvalidDocument("import.unmerged", message, "Settle them with --take file or --take store.", lasting)


def _chosen(folder: Folder, known: Mapping[Ref, Common], only: Collection[Ref]) -> Folder:
    """The folder with only these texts; raises NotFound when one is neither in it nor was."""
    if not only:
        return folder
    items = tuple(item for item in folder.items if item.ref in only)
    for ref in sorted(set(only) - {item.ref for item in items} - known.keys()):
        raise NotFound("text.unknown", f"There is no {ref} in this folder.", "Name one of its texts.", ref=str(ref))
    return replace(folder, items=items)


def _in_the_way(folder: Folder, checked: Iterable[Problem], changed: Collection[str]) -> list[Problem]:
    """The errors that keep texts out: of what cannot be read, and of what would go in.

    A register that changes is held against every text; an article is not kept out by what is wrong with its neighbours.
    """
    everywhere = any(not file.startswith((ARTICLES, QUESTIONS)) for file in changed)
    found = (*folder.problems, *(one for one in checked if everywhere or one.file in changed))
    return [one for one in found if one.level == "error"]


def _drafted(done: Imported, known: Mapping[Ref, Common]) -> Iterator[Drafted]:
    for found in done.texts:
        saved = done.saved.get(found.ref)
        if saved is not None:
            file = found.item.file
            before = found.base and text_file(found.ref, found.base.theme)
            yield Drafted(found.ref, saved.number, file, before if before and before != file else "")
