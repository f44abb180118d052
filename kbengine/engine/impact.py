"""What a change touches before it is made: the answers of a value, a tag, a source or an article, and their use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from kbengine.article import Article, Fact, Header, Kind, Ref, VariantName, read_facts
from kbengine.engine.library import Library
from kbengine.engine.outgrown import outgrown
from kbengine.engine.room import Room
from kbengine.errors import NotFound, Problem
from kbengine.history import State
from kbengine.journal import Copy
from kbengine.reply import facts_in

LATELY: Final = timedelta(days=90)
SUBJECTS: Final = ("fact", "tag", "source", "article")

_BARE = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Touched:
    """One text that a change touches: where it shows it, whether it is live, how often it was handed out lately."""

    ref: Ref
    title: str
    owner: str
    state: State
    live: bool
    variants: tuple[VariantName, ...]
    times: int
    last: datetime | None


@dataclass(frozen=True, slots=True)
class Impact:
    """What depends on one thing, named as in `fact:zone_phone`; `since` is from when `times` counts.

    `value` is how a fact reads now, `facts` are the values (name, label) that have a source. `problems` are the limits
    that live answers would pass with the new value: the one asked for, else that of the newest revision.
    `named_by` says which registers name an article.
    """

    subject: str
    name: str
    title: str
    value: str
    touched: tuple[Touched, ...]
    facts: tuple[tuple[str, str], ...]
    named_by: tuple[str, ...]
    problems: tuple[Problem, ...]
    since: datetime

    @property
    def live(self) -> int:
        """How many of the texts are live."""
        return sum(1 for one in self.touched if one.live)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the texts."""
        return tuple(sorted({one.ref.lang for one in self.touched}))

    @property
    def times(self) -> int:
        """How often they were handed out lately."""
        return sum(one.times for one in self.touched)


@dataclass(frozen=True, slots=True)
class _Text:
    ref: Ref
    article: Article
    header: Header | None
    state: State
    live: bool


class Impacts:
    """Looking at what hangs together in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def of(self, asked: str, value: str = "") -> Impact:
        """What depends on `fact:NAME`, `tag:NAME`, `source:URL` or `article:SLUG`; raises NotFound.

        `value` is what a fact would become, in every language.
        """
        subject, _, name = asked.strip().partition(":")
        name = name.strip()
        if subject not in SUBJECTS or not name:
            hint = f"Write {', '.join(f'{subject}:…' for subject in SUBJECTS)}."
            raise NotFound("impact.subject", f"{asked!r} names nothing that texts depend on.", hint, asked=asked)
        library = Library.of(self._room)
        match subject:
            case "fact":
                return self._of_fact(library, name, value.strip())
            case "source":
                return self._of_source(library, name)
            case _:
                return self._of_articles(library, subject, name)

    def tags(self) -> tuple[tuple[str, int], ...]:
        """Every tag with how many articles have it, by name."""
        counted: dict[str, int] = {}
        for text in _texts(Library.of(self._room)):
            for tag in text.article.header.tags if text.article.header else ():
                counted[tag] = counted.get(tag, 0) + 1
        return tuple(sorted(counted.items()))

    def used(self) -> dict[str, int]:
        """In how many articles each value stands, by name."""
        return used_in(Library.of(self._room))

    def _of_fact(self, library: Library, name: str, value: str) -> Impact:
        fact = newest_fact(library, name)
        if fact is None:
            raise _nothing(f"fact:{name}")
        texts = [text for text in _texts(library) if _variants(text.article, {name})]
        new = replace(fact, values={"": value}) if value else fact
        live = library.catalog.facts.get(name)
        shown = (live.fact if live else fact).value(library.catalog.zone.first_lang, library.catalog.zone.first_lang)
        problems = outgrown(library, (new,), f"fact/{name}")
        copies = [copy for copy in self._copies(library) if name in copy.facts]
        return self._impact(library, "fact", name, fact.label, texts, copies, {name}, shown, problems)

    def _of_source(self, library: Library, address: str) -> Impact:
        facts = [fact for name in _fact_names(library) if (fact := newest_fact(library, name))]
        held = {fact.name: fact.label for fact in facts if _same(fact.source, address)}
        every = _texts(library)
        own = {t.ref.slug for t in every if t.header and any(_same(source, address) for source in t.header.sources)}
        texts = [t for t in every if t.ref.slug in own or _variants(t.article, held.keys())]
        if not texts and not held:
            raise _nothing(f"source:{address}")
        found = self._impact(library, "source", address, address, texts, self._copies(library), held.keys())
        return replace(found, facts=tuple(sorted(held.items())))

    def _of_articles(self, library: Library, subject: str, name: str) -> Impact:
        every = _texts(library)
        if subject == "tag":
            slugs = {t.ref.slug for t in every if t.header and name in t.header.tags}
        else:
            slugs = {t.ref.slug for t in every if t.ref.slug == name}
        if not slugs:
            raise _nothing(f"{subject}:{name}")
        lead = library.lead(name) if subject == "article" else None
        texts = [text for text in every if text.ref.slug in slugs]
        found = self._impact(library, subject, name, lead.title if lead else name, texts, self._copies(library), ())
        return replace(found, named_by=_named_by(library, name)) if subject == "article" else found

    def _copies(self, library: Library) -> list[Copy]:
        since = library.now - LATELY
        return [copy for copy in self._room.store.usage.copies() if copy.part == 1 and copy.at >= since]

    def _impact(
        self,
        library: Library,
        subject: str,
        name: str,
        title: str,
        texts: Iterable[_Text],
        copies: list[Copy],
        facts: Iterable[str],
        value: str = "",
        problems: tuple[Problem, ...] = (),
    ) -> Impact:
        handed: dict[Ref, list[datetime]] = {}
        for copy in copies:
            handed.setdefault(Ref(Kind.ARTICLE, copy.slug, copy.lang), []).append(copy.at)
        names = set(facts)
        touched = [_touched(library, text, names, handed.get(text.ref, [])) for text in texts]
        touched.sort(key=lambda one: (not one.live, -one.times, one.title.casefold(), one.ref))
        since = library.now - LATELY
        return Impact(subject, name, title, value, tuple(touched), (), (), problems, since)


def newest_fact(library: Library, name: str) -> Fact | None:
    """The newest text of a value, validated or not; None when there is none that can be read."""
    history = library.histories.get(Ref(Kind.FACT, name))
    facts = read_facts(history.revisions[-1].text, name)[0] if history else ()
    return facts[0] if facts else None


def used_in(library: Library) -> dict[str, int]:
    """In how many articles each value stands, by name."""
    users: dict[str, set[str]] = {}
    for text in _texts(library):
        for name in facts_in(*(variant.text for variant in text.article.variants)):
            users.setdefault(name, set()).add(text.ref.slug)
    return {name: len(slugs) for name, slugs in users.items()}


def _fact_names(library: Library) -> list[str]:
    return [ref.slug for ref in library.histories if ref.kind is Kind.FACT]


def _texts(library: Library) -> list[_Text]:
    """Every article in every language as it is live, else as it was written last; what is out of use left out."""
    found = []
    for ref in library.histories:
        if ref.kind is not Kind.ARTICLE:
            continue
        history, published = library.history(ref), library.published(ref)
        revision = history.revision(published.number) if published else history.revisions[-1]
        article, here = library.article(revision), library.state(ref, revision.number)
        if article is not None and here is not State.ARCHIVED:
            lead = library.lead(ref.slug)
            found.append(_Text(ref, article, lead.header if lead else None, here, published is not None))
    return found


def _variants(article: Article, names: Iterable[str]) -> tuple[VariantName, ...]:
    wanted = set(names)
    return tuple(v.name for v in article.variants if not wanted.isdisjoint(facts_in(v.text)))


def _touched(library: Library, text: _Text, names: set[str], at: list[datetime]) -> Touched:
    return Touched(
        ref=text.ref,
        title=text.article.title,
        owner=library.owner(text.ref),
        state=text.state,
        live=text.live,
        variants=_variants(text.article, names),
        times=len(at),
        last=max(at, default=None),
    )


def _same(one: str, other: str) -> bool:
    """Whether an address is the other one, or a page under it; http, https and www do not matter."""
    here, wanted = (_BARE.sub("", text.strip()).rstrip("/").casefold() for text in (one, other))
    return here == wanted or here.startswith((wanted + "/", wanted + "?"))


def _named_by(library: Library, slug: str) -> tuple[str, ...]:
    """The registers that name an article: what pins it or holds it back, and the policy for danger."""
    catalog = library.catalog
    found = [f"curations/{one.name}" for one in catalog.curations if one.slug == slug]
    found += ["zone/danger"] if slug in catalog.zone.danger.articles else []
    found += ["kinds"] if f'"{slug}"' in catalog.kinds else []
    return tuple(found)


def _nothing(asked: str) -> NotFound:
    return NotFound("impact.nothing", f"Nothing depends on {asked}.", "Look whether it is written so.", asked=asked)
