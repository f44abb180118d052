"""The door for whoever looks something up: search, lists, an article with its whole history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kbengine.article import Article, Audience, Header, Kind, Ref, VariantName
from kbengine.edition import FOUND_VARIANTS, Catalog, filled, plain
from kbengine.engine.library import Library
from kbengine.engine.room import Room, last_published
from kbengine.engine.values import ArticlePage, ListLine, VariantView
from kbengine.errors import NotFound, TooLarge
from kbengine.history import Actor, Behind, State
from kbengine.journal import Person
from kbengine.markup import to_html, to_plain
from kbengine.search import MARK_END, MARK_START, Hit, Hits
from kbengine.validate import open_flags, possible_moves

NOBODY = Actor("", frozenset())
MAX_QUERY = 4_000
EVERY_AUDIENCE = frozenset(Audience)


def views(article: Article, facts: Mapping[str, str]) -> tuple[VariantView, ...]:
    """Every variant of an article as a page shows it."""
    order = list(VariantName)
    shown = sorted(article.variants, key=lambda variant: order.index(variant.name))
    blocks = [(variant.name, filled(variant.text, facts)) for variant in shown]
    return tuple(VariantView(name, to_html(found), to_plain(found)) for name, found in blocks)


class Reading:
    """Looking things up in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def search(
        self,
        text: str,
        lang: str | None = None,
        theme: str | None = None,
        audiences: frozenset[Audience] = EVERY_AUDIENCE,
    ) -> Hits:
        """Live answers by words, each checked again at this moment; raises TooLarge.

        A hit whose text was replaced since the index was made is left out: its snippet is no longer the live text.
        """
        if len(text) > MAX_QUERY:
            raise TooLarge("query.too-long", f"A search has at most {MAX_QUERY} characters.", "Use a few words.")
        index = self._room.shelf.search()
        if index is None:
            return Hits((), 0, "")
        catalog, now = self._room.read()
        found = index.search(text, audiences, lang or None, theme or None)
        live = tuple(hit for hit in found.hits if _still_reads(hit, catalog, now, audiences))
        return Hits(live, found.total - (len(found.hits) - len(live)), found.corrected)

    def overview(self) -> tuple[ListLine, ...]:
        """Every article in every language, by theme and title."""
        library = Library.of(self._room)
        lines = [
            _line(library, ref)
            for ref, history in library.histories.items()
            if ref.kind is Kind.ARTICLE and not library.over(history.revisions[-1])
        ]
        return tuple(sorted(lines, key=lambda line: (line.theme, line.title.casefold(), line.ref)))

    def themes(self) -> tuple[str, ...]:
        """The folders that articles stand in."""
        return tuple(sorted({line.theme for line in self.overview()}))

    def live_texts(self) -> tuple[tuple[Ref, str, str], ...]:
        """Every live text as (name, theme, canonical text)."""
        library = Library.of(self._room)
        published = [(ref, library.published(ref)) for ref in library.histories]
        return tuple((ref, found.theme, found.text) for ref, found in published if found is not None)

    def article(self, slug: str, lang: str, person: Person | None = None) -> ArticlePage:
        """An article with its live text, state and history; raises NotFound."""
        library = Library.of(self._room)
        ref = library.catalog.names.ref_now(Ref(Kind.ARTICLE, slug, lang))
        return _page(library, ref, person.actor if person else NOBODY)

    def text(self, ref: Ref, number: int) -> tuple[VariantView, ...]:
        """A revision as it reads with today's values, live or not: for history only. Raises NotFound."""
        library = Library.of(self._room)
        article = library.article(library.history(ref).revision(number))
        if article is None:
            raise NotFound("text.unreadable", f"Revision {number} of {ref} cannot be read.", "Open it in the editor.")
        return views(article, library.catalog.fact_values(ref.lang, library.now))


def _still_reads(hit: Hit, catalog: Catalog, now: datetime, audiences: frozenset[Audience]) -> bool:
    answer = catalog.answer(Ref(Kind.ARTICLE, hit.slug, hit.lang), now)
    if answer is None or answer.article.title != hit.title or answer.header.audience not in audiences:
        return False
    text = plain(answer.article, FOUND_VARIANTS, catalog.fact_values(hit.lang, now))
    return hit.snippet.replace(MARK_START, "").replace(MARK_END, "").strip("…") in " ".join(text.split())


def _line(library: Library, ref: Ref) -> ListLine:
    history, published = library.history(ref), library.published(ref)
    newest = history.revisions[-1]
    number = last_published(history, published) or newest.number
    here = library.state(ref, number)
    pending = library.state(ref, newest.number) if newest.number != number else None
    article, header = _read(library, ref, newest.number)
    return ListLine(
        ref=ref,
        title=article.title if article else ref.slug,
        theme=newest.theme,
        owner=library.owner(ref),
        audience=header.audience if header else Audience.INTERNAL,
        state=_shown_state(here, live=published is not None),
        number=number,
        pending=pending if pending is not State.SUPERSEDED else None,
        end=published.end if published else None,
        flags=len(open_flags(history.decisions)),
        behind=library.behind(ref),
    )


def _shown_state(here: State, *, live: bool) -> State:
    """A translation's own state can be validated while its first language has ended or is on hold."""
    return State.ON_HOLD if not live and here in (State.VALIDATED, State.REVIEW_DUE) else here


def _read(library: Library, ref: Ref, number: int) -> tuple[Article | None, Header | None]:
    article = library.article(library.history(ref).revision(number))
    lead = library.lead(ref.slug)
    header = (article.header if article else None) or (lead.header if lead else None)
    return article, header


def _page(library: Library, ref: Ref, actor: Actor) -> ArticlePage:
    history, published, catalog = library.history(ref), library.published(ref), library.catalog
    lines = library.lines(ref)
    shown = published.number if published else lines[0].number
    article, header = _read(library, ref, shown)
    answer = catalog.answer(ref, library.now)
    number = last_published(history, published) or lines[0].number
    events = tuple(library.event(decision) for decision in reversed(history.decisions))
    return ArticlePage(
        ref=ref,
        title=article.title if article else ref.slug,
        theme=history.revisions[-1].theme,
        owner=library.owner(ref),
        audience=header.audience if header else Audience.INTERNAL,
        sources=header.sources if header else (),
        state=_shown_state(library.state(ref, number), live=published is not None),
        live_number=published.number if published else 0,
        validated_at=published.validated_at if published else None,
        end=published.end if published else None,
        variants=views(answer.article, catalog.fact_values(ref.lang, library.now)) if answer else (),
        languages=_languages(library, ref.slug, catalog),
        revisions=lines,
        events=events,
        flags=tuple(library.event(flag) for flag in open_flags(history.decisions)),
        questions=answer.questions.asked if answer and answer.questions else {},
        moves=possible_moves(history, number, actor, library.now, catalog.zone.timezone, library.rules(ref, number)),
        latest=lines[0],
        alone=published is not None and published.alone,
        behind=library.behind(ref),
        overtaken=_overtaken(library, ref),
    )


def _overtaken(library: Library, ref: Ref) -> tuple[tuple[str, Behind], ...]:
    """The translations of a first language that changed since somebody vouched for them."""
    zone = library.catalog.zone
    others = [Ref(Kind.ARTICLE, ref.slug, lang) for lang in zone.languages if lang != ref.lang == zone.first_lang]
    found = [(other.lang, library.behind(other)) for other in others if other in library.histories]
    return tuple((lang, behind) for lang, behind in found if behind is not None)


def _languages(library: Library, slug: str, catalog: Catalog) -> tuple[tuple[str, State], ...]:
    refs = [Ref(Kind.ARTICLE, slug, lang) for lang in catalog.zone.languages]
    return tuple((ref.lang, _line(library, ref).state) for ref in refs if ref in library.histories)
