"""The door for who must see what changed: any two revisions word by word, two languages side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kbengine.article import Kind, Ref
from kbengine.edition import fact_of
from kbengine.engine.compare import compare, header_changes, readable
from kbengine.engine.library import Library
from kbengine.engine.reading import views
from kbengine.engine.room import Room
from kbengine.engine.values import Passage, RevisionLine, VariantView
from kbengine.errors import NotFound
from kbengine.history import Behind, History, Move, State
from kbengine.journal import Person
from kbengine.reply import facts_in
from kbengine.validate import live

SIGNED = frozenset({Move.VALIDATE, Move.RENEW, Move.SIGN})
PROPOSED = frozenset({State.DRAFT, State.IN_REVIEW, State.RETURNED})


@dataclass(frozen=True, slots=True)
class ValueThen:
    """A value that a compared text names and that was not always what it is: with the old text, the new one, today.

    "" where it had no value.
    """

    name: str
    label: str
    old: str
    new: str
    today: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions of a text: what its header says otherwise as (key, old, new), and its words.

    Values stand in both texts as they are today; `values` are those that were something else with one of them.
    """

    ref: Ref
    title: str
    old: RevisionLine
    new: RevisionLine
    header_changes: tuple[tuple[str, str, str], ...]
    difference: tuple[Passage, ...]
    values: tuple[ValueThen, ...]

    @property
    def same(self) -> bool:
        """Whether nothing that a reader sees differs."""
        return not self.header_changes and all(passage.op == "same" for passage in self.difference)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two revisions that somebody may want to compare, and why: `last`, `signed` or `proposed`."""

    why: str
    old: int
    new: int


@dataclass(frozen=True, slots=True)
class Side:
    """One language of an article, as it reads; `live` says that this is the revision that goes out now."""

    ref: Ref
    title: str
    line: RevisionLine
    live: bool
    variants: tuple[VariantView, ...]
    lines: tuple[RevisionLine, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two languages side by side; `behind` and `change` when the right one is a translation that was overtaken."""

    left: Side
    right: Side
    behind: Behind | None
    change: Comparison | None


class Comparing:
    """Comparing the texts of one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def compare(self, ref: Ref, old: int, new: int) -> Comparison:
        """Two revisions of a text; raises NotFound."""
        return comparison(Library.of(self._room), ref, old, new)

    def pairs(self, ref: Ref, person: Person | None = None) -> tuple[Pair, ...]:
        """What of a text one may want to compare: the last two, since one's own signature, proposed against live.

        Raises NotFound.
        """
        library = Library.of(self._room)
        history, newest = library.history(ref), library.history(ref).revisions[-1].number
        published = library.published(ref)
        signed = [d.number for d in history.decisions if person and d.actor == person.id and d.move in SIGNED]
        proposed = library.state(ref, newest) in PROPOSED
        found = [Pair("proposed", published.number, newest)] if published and proposed else []
        found += [Pair("signed", signed[-1], newest)] if signed else []
        found += [Pair("last", history.revisions[-2].number, newest)] if len(history.revisions) > 1 else []
        return tuple(pair for pair in found if pair.old != pair.new)

    def behind(self, ref: Ref) -> Behind | None:
        """What became of the first language since somebody vouched for a translation; None where there is none."""
        library = Library.of(self._room)
        return library.behind(ref) if ref in library.histories else None

    def overtaken(self, ref: Ref) -> Comparison | None:
        """What changed in the first language since somebody vouched for a translation; None when nothing did."""
        return leading_change(Library.of(self._room), ref)

    def beside(self, slug: str, left: str, right: str, numbers: tuple[int, int] = (0, 0)) -> Beside:
        """Two languages of an article; 0 is the revision that is live, else the newest. Raises NotFound."""
        library = Library.of(self._room)
        refs = Ref(Kind.ARTICLE, slug, left), Ref(Kind.ARTICLE, slug, right)
        one, other = (_side(library, ref, number) for ref, number in zip(refs, numbers, strict=True))
        first = left == library.catalog.zone.first_lang
        return Beside(
            left=one,
            right=other,
            behind=library.behind(refs[1]) if first else None,
            change=leading_change(library, refs[1]) if first else None,
        )

    def then(self, ref: Ref, number: int) -> tuple[ValueThen, ...]:
        """The values of a revision that were something else when it went live, or was saved; raises NotFound."""
        library = Library.of(self._room)
        line, text = _line(library, ref, number), library.history(ref).revision(number).text
        return tuple(one for one in _values(library, (text,), ref.lang, line, line) if one.old != one.today)


def comparison(library: Library, ref: Ref, old: int, new: int) -> Comparison:
    """Two revisions of a text; raises NotFound."""
    history, facts = library.history(ref), library.catalog.fact_values(ref.lang, library.now)
    texts = history.revision(old), history.revision(new)
    before, after = (readable(revision.text, facts) for revision in texts)
    lines = _line(library, ref, old), _line(library, ref, new)
    themes = tuple(revision.theme for revision in texts)
    moved = (("theme", *themes),) if themes[0] != themes[1] else ()
    return Comparison(
        ref=ref,
        title=library.title(ref),
        old=lines[0],
        new=lines[1],
        header_changes=(*header_changes(before, after), *moved),
        difference=compare(before.body, after.body),
        values=_values(library, (revision.text for revision in texts), ref.lang, *lines),
    )


def leading_change(library: Library, ref: Ref) -> Comparison | None:
    """What changed in the first language since somebody vouched for a translation; None when nothing did."""
    found = library.behind(ref)
    if found is None:
        return None
    return comparison(library, replace(ref, lang=library.catalog.zone.first_lang), found.old, found.new)


def _line(library: Library, ref: Ref, number: int) -> RevisionLine:
    library.history(ref).revision(number)
    return next(line for line in library.lines(ref) if line.number == number)


def _values(
    library: Library, texts: Iterable[str], lang: str, old: RevisionLine, new: RevisionLine
) -> tuple[ValueThen, ...]:
    """The values these texts name that changed between the moments at which each went live, or was saved, and today."""
    first, today = library.catalog.zone.first_lang, library.catalog.fact_values(lang, library.now)
    found = []
    for name in sorted(facts_in(*texts)):
        history = library.histories.get(Ref(Kind.FACT, name))
        kept = library.catalog.facts.get(name)
        was, became = (_value(library, history, lang, first, line.live_from or line.at) for line in (old, new))
        now = today.get(name, "")
        # A text may be older than the register: that its values were not there yet matters to nobody.
        if len({was, became, now} - {""}) > 1 or (not now and (was or became)):
            found.append(ValueThen(name, kept.fact.label if kept else name, was, became, now))
    return tuple(found)


def _value(library: Library, history: History | None, lang: str, first: str, at: datetime) -> str:
    """What a value was at a moment, by what was decided by then."""
    if history is None:
        return ""
    known = replace(history, decisions=tuple(one for one in history.decisions if one.at <= at))
    published = live(known, at, library.catalog.zone.timezone)
    fact = fact_of(published) if published else None
    return fact.value(lang, first) if fact else ""


def _side(library: Library, ref: Ref, number: int) -> Side:
    published, lines = library.published(ref), library.lines(ref)
    shown = number or (published.number if published else lines[0].number)
    line, article = _line(library, ref, shown), library.article(library.history(ref).revision(shown))
    if article is None:
        raise NotFound("text.unreadable", f"Revision {shown} of {ref} cannot be read.", "Open it in the editor.")
    facts = library.catalog.fact_values(ref.lang, library.now)
    live_now = published is not None and published.number == shown
    return Side(ref, article.title, line, live_now, views(article, facts), lines)
