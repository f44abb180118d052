"""The door for editors and validators: forms, previews, saving, moves, and what waits for them."""

from __future__ import annotations

from dataclasses import replace

from kbengine.article import (
    SLUG,
    Article,
    Kind,
    Ref,
    canonical,
    read_article,
    read_curations,
    read_facts,
    read_questions,
    read_referrals,
    read_synonyms,
    read_zone,
    write_article,
)
from kbengine.checks import check_addresses, check_articles, kind_problems, recalled_problems, unknown_channels
from kbengine.engine.compare import compare, header_changes, readable
from kbengine.engine.formed import ArticleForm, Preview
from kbengine.engine.forms import empty_form, form_of, text_of
from kbengine.engine.library import Library
from kbengine.engine.outgrown import outgrown
from kbengine.engine.previewing import preview, read_form
from kbengine.engine.registers import aimless
from kbengine.engine.reviewing import waits_since
from kbengine.engine.room import Room
from kbengine.engine.values import RevisionLine
from kbengine.engine.waiting import QueueItem
from kbengine.errors import InvalidDocument, NotFound, Problem
from kbengine.folder import article_terms
from kbengine.history import Actor, History, Move, Revision, State, Weight
from kbengine.journal import Person, make_move
from kbengine.period import NO_TERMS
from kbengine.translation import expected_weight, said_weight, weighs
from kbengine.triage import read_cues
from kbengine.validate import allowed_roles, guard_role, open_flags, possible_moves
from kbengine.vouching import Rules, authors, signers, who_could

REGISTERS = frozenset({Kind.SYNONYMS, Kind.CURATIONS, Kind.REFERRALS})
WAITING = frozenset({State.IN_REVIEW, State.ON_HOLD, State.EXPIRED})


class Editing:
    """Writing and vouching in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def form(self, slug: str, lang: str) -> ArticleForm:
        """The newest text of an article as a form; a language that does not exist yet begins empty."""
        library = Library.of(self._room)
        ref = Ref(Kind.ARTICLE, slug, lang)
        if ref not in library.histories:
            lead = library.history(Ref(Kind.ARTICLE, slug, library.catalog.zone.first_lang))
            return replace(empty_form(lang, lead.revisions[-1].theme), slug=slug)
        newest = library.history(ref).revisions[-1]
        article = library.article(newest)
        if article is None:
            raise NotFound("text.unreadable", f"{ref} cannot be shown as a form.", "Import its file again.")
        return form_of(article, newest.number)

    def blank_form(self, lang: str, theme: str) -> ArticleForm:
        """The form of a new article."""
        return empty_form(lang, theme)

    def facts(self) -> tuple[tuple[str, str, str], ...]:
        """The values an editor may put in a text: name, label, how it reads now."""
        catalog, now = self._room.read()
        values = catalog.fact_values(catalog.zone.first_lang, now)
        named = [(name, catalog.facts[name].fact.label, value) for name, value in values.items()]
        return tuple(sorted(named, key=lambda fact: fact[1].casefold()))

    def themes(self) -> tuple[str, ...]:
        """The folders that articles stand in."""
        histories = self._room.store.journal.snapshot()[1]
        return tuple(sorted({history.revisions[-1].theme for history in histories.values()} - {""}))

    def preview(self, form: ArticleForm, initials: str = "") -> Preview:
        """What a form would become: every problem, each box's length, and the reply on each channel of the zone."""
        return preview(Library.of(self._room), form, self._room.prefix, initials)

    def save(self, person: Person, form: ArticleForm) -> int:
        """Add a revision, unless nothing changed; returns its number.

        Raises NotAllowed, InvalidDocument (a text that cannot be read, with every problem) and Conflict
        (somebody saved since the form was opened).
        """
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
        if not SLUG.fullmatch(form.slug):
            hint = "Use small letters, digits and hyphens, like fiets-gestolen."
            raise InvalidDocument("slug.bad", "The short name cannot be used.", hint, slug=form.slug)
        library = Library.of(self._room)
        article, problems = read_form(library, form)
        if article is None:
            raise InvalidDocument("article.unreadable", "This text cannot be kept yet.", "See the problems.", problems)
        zone, ref = library.catalog.zone, Ref(Kind.ARTICLE, form.slug, form.lang)
        newest = library.histories[ref].revisions[-1] if ref in library.histories else None
        now = library.catalog.names.now(form.slug)
        if newest and not form.base and now != form.slug:
            message, hint = f"{form.slug} was the name of {now} and leads there.", "Choose another name."
            raise InvalidDocument("name.used", message, hint, name=form.slug, now=now)
        before = library.article(newest) if newest else None
        if newest and before and newest.number == form.base and _same(article, before):
            return newest.number  # a file may say the same in other words than the form would
        text = text_of(form, before, translation=form.lang != zone.first_lang)
        return self._write(person, ref, text, form.theme, form.base, article)

    def _write(self, person: Person, ref: Ref, text: str, theme: str, base: int, article: Article | None) -> int:
        terms = article_terms(article) if article else NO_TERMS
        with self._room.store.journal.write() as writer:
            latest = writer.history(ref).latest
            if latest is not None and (latest.number, latest.text, latest.theme) == (base, canonical(text), theme):
                return latest.number
            return writer.save(ref, text, theme, person.id, terms, base).number

    def questions_text(self, slug: str) -> tuple[str, int]:
        """The newest question file of an article, and its revision number (0: there is none)."""
        history = self._room.store.journal.history(Ref(Kind.QUESTIONS, slug))
        newest = history.latest
        return (newest.text, newest.number) if newest else ("nl = [\n]\nnot = [\n]\n", 0)

    def save_questions(self, person: Person, slug: str, text: str, base: int) -> int:
        """Add a revision of an article's question file; raises NotAllowed, NotFound, InvalidDocument, Conflict."""
        guard_role(Move.SAVE, Kind.QUESTIONS, person.actor)
        library = Library.of(self._room)
        library.history(Ref(Kind.ARTICLE, slug, library.catalog.zone.first_lang))
        problems = read_questions(canonical(text), slug, f"{slug}.toml")[1]
        if problems:
            raise InvalidDocument(
                "questions.unreadable", "This list cannot be kept yet.", "See the problems.", problems
            )
        return self._write(person, Ref(Kind.QUESTIONS, slug), text, "", base, None)

    def expected_weight(self, ref: Ref) -> Weight | None:
        """What sending the newest change of a text is taken for until its editor says; None when it is not asked."""
        library = Library.of(self._room)
        history = library.histories.get(ref)
        asked = history is not None and weighs(history, library.catalog.zone.first_lang)
        return expected_weight(history) if history is not None and asked else None

    def move(
        self,
        person: Person,
        ref: Ref,
        number: int,
        digest: str,
        move: Move,
        reason: str = "",
        weight: Weight | None = None,
    ) -> Move:
        """Make a move on the revision that was seen; returns what was written: a first signature is Move.SIGN.

        `weight` says how much a change that is sent changes, where that is asked.
        Raises NotAllowed, WrongState, Conflict, WorkflowError (a reason is needed), and InvalidDocument when a
        text with errors is submitted.
        """
        library = Library.of(self._room)
        if move is Move.SUBMIT:
            errors = [p for p in self.problems(library, library.history(ref).revision(number)) if p.level == "error"]
            if errors:
                message = f"{len(errors)} problems stand in the way."
                raise InvalidDocument("submit.problems", message, "Correct them, then submit.", errors)
        zone = library.catalog.zone
        with self._room.store.journal.write() as writer:
            about = (ref, number, digest, move, reason, zone.first_lang, zone.timezone)
            made = make_move(writer, person.actor, *about, weight=weight)
        return made.move

    def problems(self, library: Library, revision: Revision) -> tuple[Problem, ...]:
        """What reading and checking find in a stored revision."""
        ref, text, name = revision.ref, revision.text, str(revision.ref)
        match ref.kind:
            case Kind.ARTICLE:
                parsed = read_article(text, ref, revision.theme, name, library.catalog.zone.first_lang)
                found = check_articles(library.scope(parsed.article, name)) if parsed.article else ()
                header = parsed.article.header if parsed.article else None
                unsure = recalled_problems(parsed.article, header, name) if parsed.article and header else ()
                return (*parsed.problems, *found, *unsure)
            case Kind.QUESTIONS:
                return read_questions(text, ref.slug, name)[1]
            case Kind.FACT:
                facts, found = read_facts(text, name)
                return (*found, *outgrown(library, facts, name), *check_addresses(library.catalog.zone, facts, name))
            case Kind.ZONE:
                zone, found = read_zone(text, name)
                return (*found, *(unknown_channels(zone, name) if zone else ()))
            case Kind.DANGER:
                return _cue_problems(text, name)
            case Kind.KINDS:
                return tuple(kind_problems(text, name, library.catalog.zone.first_lang))
            case Kind.SYNONYMS:
                return read_synonyms(text, name)[1]
            case Kind.REFERRALS:
                return read_referrals(text, name)[1]
            case Kind.CURATIONS:
                return (*read_curations(text, name)[1], *aimless(library, text, name))

    def lines(self, ref: Ref) -> tuple[RevisionLine, ...]:
        """Every revision of a text, newest first; raises NotFound."""
        return Library.of(self._room).lines(ref)

    def queue(self, person: Person) -> tuple[QueueItem, ...]:
        """What waits: first what this person may decide on; in review, on hold, expired, then what is doubted."""
        library = Library.of(self._room)
        items = [item for ref in library.histories for item in self._waiting(library, ref, person.actor)]
        order = [State.IN_REVIEW, State.ON_HOLD, State.EXPIRED]
        places = {state: place for place, state in enumerate(order)}
        return tuple(sorted(items, key=lambda i: (not i.mine, places.get(i.state, len(order)), i.at, i.ref)))

    def _waiting(self, library: Library, ref: Ref, actor: Actor) -> list[QueueItem]:
        history = library.history(ref)
        published = library.published(ref)
        looked_at = open_flags(history.decisions) or (published is not None and published.alone)
        states = {revision.number: library.state(ref, revision.number) for revision in history.revisions}
        submitted = max((number for number, here in states.items() if here is State.IN_REVIEW), default=0)
        found = []
        for revision in history.revisions:
            if library.over(revision):
                continue
            here = states[revision.number]
            live = here in (State.VALIDATED, State.REVIEW_DUE)
            # A form changes one entry of a register: the newest of them that waits holds those before it.
            overtaken = ref.kind in REGISTERS and here is State.IN_REVIEW and revision.number < submitted
            if (here in WAITING and not overtaken) or (live and looked_at):
                found.append(self._item(library, revision, here, actor))
        return found

    def _item(self, library: Library, revision: Revision, here: State, actor: Actor) -> QueueItem:
        ref, history, published = revision.ref, library.history(revision.ref), library.published(revision.ref)
        facts = library.catalog.fact_values(ref.lang, library.now)
        before = readable(published.text if published else "", facts)
        after = readable(revision.text, facts)
        article = library.article(revision) if ref.kind is Kind.ARTICLE else None
        rules, zone = library.rules(ref, revision.number), library.catalog.zone
        reasons = [decision.reason for decision in history.decisions if decision.number == revision.number]
        return QueueItem(
            ref=ref,
            title=library.title(ref),
            theme=revision.theme,
            owner=library.owner(ref),
            number=revision.number,
            digest=revision.digest,
            state=here,
            author=library.names.get(revision.author, ""),
            at=revision.at,
            since=waits_since(library, history, revision.number, here),
            reason=reasons[-1] if reasons else "",
            header_changes=header_changes(before, after),
            difference=compare(before.body, after.body),
            live_number=published.number if published else 0,
            sources=article.header.sources if article and article.header else (),
            problems=self.problems(library, revision),
            moves=possible_moves(history, revision.number, actor, library.now, zone.timezone, rules),
            flags=tuple(library.event(flag) for flag in open_flags(history.decisions)),
            signed=tuple(library.names.get(one, "") for one in signers(history, revision.number)),
            signatures=rules.signatures,
            who=_who(here, history, revision.number, rules),
            alone=published is not None and published.alone and published.number == revision.number,
            weight=said_weight(history, revision.number),
            own=actor.person in authors(history, revision.number),
        )


def _who(here: State, history: History, number: int, rules: Rules) -> tuple[str, ...]:
    """Who could vouch for what waits: validate it, or say that it still holds."""
    move = Move.RENEW if here in (State.VALIDATED, State.REVIEW_DUE) else Move.VALIDATE
    return who_could(move, history, number, allowed_roles(move, history.ref.kind), rules)


def _same(one: Article, other: Article) -> bool:
    return (one.theme, write_article(one)) == (other.theme, write_article(other))


def _cue_problems(text: str, name: str) -> tuple[Problem, ...]:
    try:
        read_cues(text, name)
    except InvalidDocument as error:
        return error.problems
    return ()
