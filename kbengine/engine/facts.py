"""The door to fixed values: the register as a list, one value as a form, and what still says an old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kbengine.article import (
    LANGUAGES,
    Fact,
    Kind,
    Ref,
    local_time_text,
    read_facts,
    toml_text,
    write_fact,
)
from kbengine.checks import Scope, Text, check_addresses, check_stale, check_table
from kbengine.edition import parsed_questions
from kbengine.engine.impact import newest_fact, used_in
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.engine.values import RevisionLine
from kbengine.errors import InvalidDocument, NotFound, Problem
from kbengine.history import Move, State
from kbengine.journal import Person
from kbengine.period import Terms, start_instant
from kbengine.validate import guard_role

# The parts of a form's value, in the order of the page: "" is the value for every language.
VALUE_LANGUAGES: Final = ("", *LANGUAGES)


@dataclass(frozen=True, slots=True)
class FactLine:
    """One value in the register: how it is live now (None: it is not), its newest text, and where that stands.

    `start` and `end` are the period of the live one (`end` None: it has no end); `starts` is when the newest one
    begins, when that is still to come. `used` counts the articles that show it.
    """

    fact: Fact
    live: Fact | None
    state: State
    owner: str
    used: int
    end: datetime | None
    starts: datetime | None


@dataclass(frozen=True, slots=True)
class FactForm:
    """The form of one value, as typed; `was` has one old value a line. See SynonymForm for `before` and `base`.

    `remember` says that the value that is live now joins the old ones, when this one is another.
    """

    before: str
    name: str
    kind: str
    values: Mapping[str, str]
    label: str
    owner: str
    source: str
    start: str
    until: str
    was: str
    base: int
    remember: bool = True


@dataclass(frozen=True, slots=True)
class FactPage:
    """A value with its form and every revision of it, each with how it reads; newest first."""

    form: FactForm
    revisions: tuple[tuple[RevisionLine, str], ...]
    problems: tuple[Problem, ...]


class Facts:
    """The fixed values of one store, each vouched for by itself."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def overview(self) -> tuple[FactLine, ...]:
        """Every value that can be read and is not out of use, by label."""
        library = Library.of(self._room)
        used = used_in(library)
        refs = [ref for ref in library.histories if ref.kind is Kind.FACT]
        lines = [line for ref in refs if (line := _line(library, ref, used.get(ref.slug, 0)))]
        return tuple(sorted(lines, key=lambda line: (line.fact.label.casefold(), line.fact.name)))

    def page(self, name: str) -> FactPage:
        """One value; "" gives the form of a new one. Raises NotFound."""
        library = Library.of(self._room)
        if not name:
            return FactPage(_empty(), (), ())
        fact, ref = newest_fact(library, name), Ref(Kind.FACT, name)
        if fact is None:
            raise NotFound("text.unknown", f"There is no fact {name}.", "Look in the list of values.", ref=str(ref))
        first, lines = library.catalog.zone.first_lang, library.lines(ref)
        texts = {revision.number: revision.text for revision in library.history(ref).revisions}
        shown = tuple((line, _reads(texts[line.number], first)) for line in lines)
        return FactPage(_form(fact, lines[0].number), shown, _problems(library, fact))

    def save(self, person: Person, form: FactForm) -> int:
        """Add a revision of one value, or a new value; returns its number.

        Raises NotAllowed, InvalidDocument, and Conflict when somebody saved since the form was opened.
        """
        guard_role(Move.SAVE, Kind.FACT, person.actor)
        library = Library.of(self._room)
        name = form.before or form.name.strip()
        if not form.before and Ref(Kind.FACT, name) in library.histories:
            raise InvalidDocument("register.exists", f"There is a {name} already.", "Choose another name.", name=name)
        text = _text_of(replace(form, name=name))
        facts, problems = read_facts(text, f"fact/{name}")
        problems = (*problems, *(_problems(library, facts[0]) if facts else ()))
        errors = [problem for problem in problems if problem.level == "error"]
        if errors:
            raise InvalidDocument("register.unreadable", "This cannot be kept yet.", "See the problems.", errors)
        fact = _remembering(library, facts[0]) if form.remember else facts[0]
        with self._room.store.journal.write() as writer:
            latest = writer.history(Ref(Kind.FACT, name)).latest
            text = write_fact(fact)
            if latest is not None and (latest.number, latest.text) == (form.base, text):
                return latest.number
            terms = Terms(fact.valid_from, fact.valid_until)
            return writer.save(Ref(Kind.FACT, name), text, "", person.id, terms, form.base).number

    def problems(self) -> tuple[Problem, ...]:
        """What went wrong with live texts, questions and values since somebody vouched for them."""
        library = Library.of(self._room)
        catalog, now = library.catalog, library.now
        texts = tuple(
            Text(str(ref), answer.article, answer.header)
            for ref, answer in catalog.answers.items()
            if answer.published.covers(now)
        )
        asked = [(ref, library.published(ref)) for ref in library.histories if ref.kind is Kind.QUESTIONS]
        read = [(str(ref), parsed_questions(live.text, ref.slug)) for ref, live in asked if live]
        questions = tuple((file, found) for file, found in read if found)
        facts = {name: kept.fact for name, kept in catalog.facts.items() if kept.published.covers(now)}
        known = Scope(catalog.zone, texts, library.facts(), now=now)
        return (*check_stale(Scope(catalog.zone, texts, facts, questions)), *check_table(known))


def _line(library: Library, ref: Ref, used: int) -> FactLine | None:
    fact, history, published = newest_fact(library, ref.slug), library.history(ref), library.published(ref)
    state = library.state(ref, history.revisions[-1].number)
    if fact is None or state is State.ARCHIVED:
        return None
    live = library.catalog.facts.get(ref.slug) if published else None
    ahead = fact.valid_from if state is not State.VALIDATED else None
    starts = start_instant(ahead, library.catalog.zone.timezone) if ahead else None
    return FactLine(
        fact=fact,
        live=live.fact if live else None,
        state=state,
        owner=library.catalog.zone.owners.get(fact.owner, fact.owner),
        used=used,
        end=published.end if published else None,
        starts=starts if starts and starts > library.now else None,
    )


def _remembering(library: Library, fact: Fact) -> Fact:
    """The value with what is live now among its old values, and without what it is itself."""
    live = library.catalog.facts.get(fact.name)
    before = tuple(live.fact.values.values()) if live else ()
    now = frozenset(fact.values.values())
    return replace(fact, was=tuple(old for old in dict.fromkeys((*fact.was, *before)) if old not in now))


def _reads(text: str, first: str) -> str:
    facts = read_facts(text, "")[0]
    return facts[0].value(first, first) if facts else ""


def _empty() -> FactForm:
    return FactForm("", "", "phone", dict.fromkeys(VALUE_LANGUAGES, ""), "", "", "", "", "", "", 0)


def _form(fact: Fact, base: int) -> FactForm:
    return FactForm(
        before=fact.name,
        name=fact.name,
        kind=fact.kind,
        values={lang: fact.values.get(lang, "") for lang in VALUE_LANGUAGES},
        label=fact.label,
        owner=fact.owner,
        source=fact.source,
        start=local_time_text(fact.valid_from) if fact.valid_from else "",
        until=local_time_text(fact.valid_until) if fact.valid_until else "",
        was="\n".join(fact.was),
        base=base,
    )


def _text_of(form: FactForm) -> str:
    """The table that a form stands for, as typed: whether it can be read is the reader's to say."""
    values = {lang: " ".join(text.split()) for lang, text in form.values.items() if text.strip()}
    whole = values.get("", "") if len(values) < 2 else ""  # beside one for a language it cannot be read, and is told
    inline = "{ " + ", ".join(f"{toml_text(lang)} = {toml_text(text)}" for lang, text in values.items()) + " }"
    lines = [f"[{toml_text(form.name)}]", f"kind = {toml_text(form.kind)}"]
    lines.append(f"value = {toml_text(whole) if whole or not values else inline}")
    lines += [f"{key} = {toml_text(getattr(form, key).strip())}" for key in ("label", "owner", "source")]
    lines += [f"{key} = {toml_text(text.strip())}" for key, text in _period(form) if text.strip()]
    was = [toml_text(" ".join(line.split())) for line in form.was.split("\n") if line.strip()]
    return "\n".join([*lines, f"was = [{', '.join(was)}]"]) + "\n"


def _period(form: FactForm) -> tuple[tuple[str, str], ...]:
    return ("from", form.start), ("until", form.until)


def _problems(library: Library, fact: Fact) -> tuple[Problem, ...]:
    zone, file = library.catalog.zone, f"fact/{fact.name}"
    found = check_addresses(zone, (fact,), file)
    if fact.owner in zone.owners:
        return found
    hint = f"Known: {', '.join(zone.owners)}."
    return (Problem("owner.unknown", "error", file, 0, f"The owner {fact.owner} is unknown.", hint), *found)
