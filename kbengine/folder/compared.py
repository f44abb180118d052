"""A file, the store, and what they last had in common: which of the two changed, and where they clash."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kbengine.article import Kind, Ref, digest, table_line
from kbengine.folder.common import Common
from kbengine.folder.read import Folder, Item
from kbengine.history import History, Move, Revision

RENAMED = 0.6  # so alike are a text that went and one that came when it is the same one under another name
MANY = 50  # when more came, only those that are the same to the letter are looked for


class Standing(enum.StrEnum):
    """Which side changed since folder and store last had a text in common."""

    SAME = "same"
    FILE = "file"
    STORE = "store"
    BOTH = "both"
    UNKNOWN = "unknown"  # they differ, and nobody knows from which revision the file comes


@dataclass(frozen=True, slots=True)
class Compared:
    """One text of a folder beside its store: which side changed, the revision in common, and the newest one."""

    item: Item
    standing: Standing
    base: Revision | None
    newest: Revision | None

    @property
    def ref(self) -> Ref:
        """The text that was compared."""
        return self.item.ref

    @property
    def common(self) -> Common | None:
        """What both have in common as the file stands now; None while that is not known, or they differ."""
        settled = self.standing is Standing.SAME or (self.standing is Standing.STORE and self.base is not None)
        return Common(self.item.digest, self.item.file) if settled else None


@dataclass(frozen=True, slots=True)
class Gone:
    """A text that this folder had in common with its store and has no more; `became` is the one it was renamed to."""

    ref: Ref
    file: str
    became: Ref | None


def compare(item: Item, history: History, common: Common | None) -> Compared:
    """Which side changed; without anything in common, a text that the store left behind is known all the same."""
    texts = _told(history, item.ref)
    if not texts:
        return Compared(item, Standing.FILE, None, None)
    newest = history.revisions[-1]
    if texts[-1] == (item.digest, item.theme):
        return Compared(item, Standing.SAME, newest, newest)
    here = _last(texts, (item.digest, item.theme))
    known = _last(texts, (common.digest, common.theme(item.ref))) if common else None
    base = history.revisions[known] if known is not None else None
    if here is not None and (known is None or here >= known):
        return Compared(item, Standing.STORE, history.revisions[here], newest)
    if known is None:
        return Compared(item, Standing.UNKNOWN, None, newest)
    if known == len(texts) - 1:
        return Compared(item, Standing.FILE, base, newest)
    return Compared(item, Standing.BOTH, base, newest)


def _told(history: History, ref: Ref) -> list[tuple[str, str]]:
    """The (digest, theme) of every revision as a file of that name would have them; the record may know another."""
    newest = history.latest
    as_kept = newest is None or newest.digest == digest(ref, newest.text)
    return [(one.digest if as_kept else digest(ref, one.text), one.theme) for one in history.revisions]


def _last(texts: list[tuple[str, str]], one: tuple[str, str]) -> int | None:
    return max((place for place, text in enumerate(texts) if text == one), default=None)


def compare_folder(
    folder: Folder, histories: Mapping[Ref, History], known: Mapping[Ref, Common]
) -> tuple[Compared, ...]:
    """Every text of a folder beside its store."""
    items = folder.items
    return tuple(compare(item, histories.get(item.ref, History(item.ref)), known.get(item.ref)) for item in items)


def clash_line(found: Compared, folder: Folder) -> int:
    """The first line of the file that differs from the store's newest text; of a fact, where it begins."""
    if found.ref.kind is Kind.FACT:
        return table_line(folder.facts_text, found.ref.slug)
    theirs = found.newest.text.splitlines() if found.newest else []
    mine = found.item.text.splitlines()
    pairs = enumerate(zip(mine, theirs, strict=False), 1)
    return next((line for line, (one, other) in pairs if one != other), min(len(mine), len(theirs)) + 1)


def gone(folder: Folder, known: Mapping[Ref, Common], histories: Mapping[Ref, History]) -> Iterator[Gone]:
    """The texts whose file went since, unless they are out of use; a file that cannot be read has not gone."""
    there = {item.ref for item in folder.items}
    unreadable = {problem.file for problem in folder.problems if problem.level == "error"}
    new = [item for item in folder.items if item.ref not in known]
    for ref in sorted(known.keys() - there):
        history, file = histories.get(ref, History(ref)), known[ref].file
        if file in unreadable or not history.revisions or _out_of_use(history) or history.ref in there:
            continue
        yield Gone(ref, file, _became(history, known[ref], new))


def _out_of_use(history: History) -> bool:
    return bool(history.decisions) and history.decisions[-1].move is Move.ARCHIVE


def _became(history: History, common: Common, new: Sequence[Item]) -> Ref | None:
    """The new text of that kind and language that is most like the one that went."""
    text = next((one.text for one in history.revisions if one.digest == common.digest), "")
    ref = history.ref
    kin = [item for item in new if (item.ref.kind, item.ref.lang) == (ref.kind, ref.lang)]
    same = next((item.ref for item in kin if item.text == text), None)
    if same is not None or len(kin) > MANY:
        return same
    alike = [
        (matcher.ratio(), item.ref)
        for item in kin
        if (matcher := SequenceMatcher(None, text, item.text, autojunk=False)).quick_ratio() > RENAMED
    ]
    ratio, best = max(alike, default=(0.0, None))
    return best if ratio > RENAMED else None
