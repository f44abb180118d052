"""The door to the registers that editors keep by form: synonyms, curations of what the desk offers, referrals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from kbengine.article import (
    MESSAGE_KINDS,
    NOT_ADDRESSED,
    Audience,
    Curation,
    Kind,
    Ref,
    Referral,
    SynonymGroup,
    canonical,
    read_curations,
    read_referrals,
    read_synonyms,
    with_table,
    write_curation,
    write_referral,
    write_synonyms,
)
from kbengine.checks import Target, curation_problems, kind_problems
from kbengine.edition import CURATIONS_REF, KINDS_REF, REFERRALS_REF, SYNONYMS_REF
from kbengine.engine.entries import (
    CurationForm,
    CurationLine,
    KindLine,
    ReferralForm,
    ReferralLine,
    RegisterPage,
    Standing,
    SynonymForm,
    SynonymLine,
)
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import Conflict, InvalidDocument, Problem
from kbengine.history import History, Move
from kbengine.journal import Person
from kbengine.period import NO_TERMS, end_instant
from kbengine.triage import KindCues, read_kinds
from kbengine.validate import guard_role

Entry = TypeVar("Entry", SynonymGroup, Curation, Referral)
Read = Callable[[str, str], tuple[Sequence[Entry], Sequence[Problem]]]
_READERS: Final[Mapping[Kind, Callable[[str, str], tuple[Sequence[SynonymGroup | Curation | Referral], object]]]] = {
    Kind.SYNONYMS: read_synonyms,
    Kind.CURATIONS: read_curations,
    Kind.REFERRALS: read_referrals,
}


class Registers:
    """The registers of one store; each is one text, vouched for as a whole."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def synonyms(self) -> tuple[RegisterPage, tuple[SynonymLine, ...]]:
        """The newest synonyms, with where they stand."""
        library = Library.of(self._room)
        lines = tuple(SynonymLine(*entry) for entry in _entries(library, SYNONYMS_REF, read_synonyms))
        return _page(library, SYNONYMS_REF, read_synonyms(_newest(library, SYNONYMS_REF), "")[1]), lines

    def curations(self) -> tuple[RegisterPage, tuple[CurationLine, ...]]:
        """The newest curations, with where they stand and which are over."""
        library = Library.of(self._room)
        lines = []
        for curation, standing in _entries(library, CURATIONS_REF, read_curations):
            end = end_instant(curation.until, library.catalog.zone.timezone)
            lead = library.lead(curation.slug)
            title = lead.title if lead else curation.slug
            lines.append(CurationLine(curation, standing, title, end, end <= library.now))
        text = _newest(library, CURATIONS_REF)
        return _page(library, CURATIONS_REF, (*read_curations(text, "")[1], *aimless(library, text, ""))), tuple(lines)

    def referrals(self) -> tuple[RegisterPage, tuple[ReferralLine, ...]]:
        """The newest referrals, with where they stand."""
        library = Library.of(self._room)
        lines = tuple(ReferralLine(*entry) for entry in _entries(library, REFERRALS_REF, read_referrals))
        return _page(library, REFERRALS_REF, read_referrals(_newest(library, REFERRALS_REF), "")[1]), lines

    def kinds(self) -> tuple[RegisterPage, str, tuple[KindLine, ...]]:
        """The newest kinds of message: where they stand, as text, and what was agreed for each."""
        library = Library.of(self._room)
        text = _newest(library, KINDS_REF)
        cues, problems = _kinds(library, text)
        lines = tuple(_kind_line(library, cues, kind) for kind in (*MESSAGE_KINDS, NOT_ADDRESSED)) if cues else ()
        return _page(library, KINDS_REF, problems), text, lines

    def save_kinds(self, person: Person, text: str, base: int) -> int:
        """Keep the whole text of the kinds; returns the number of its revision.

        Raises NotAllowed, InvalidDocument, and Conflict when somebody saved since the form was opened.
        """
        guard_role(Move.SAVE, KINDS_REF.kind, person.actor)
        text = canonical(text)
        problems = _kinds(Library.of(self._room), text)[1]
        if problems:
            raise InvalidDocument("register.unreadable", "This cannot be kept yet.", "See the problems.", problems)
        with self._room.store.journal.write() as writer:
            latest = writer.history(KINDS_REF).latest
            if latest is not None and (latest.number, latest.text) == (base, text):
                return latest.number
            return writer.save(KINDS_REF, text, "", person.id, NO_TERMS, base).number

    def save_synonyms(self, person: Person, form: SynonymForm) -> int:
        """Change one group or add it; returns the number of the revision that says so.

        Raises NotAllowed, InvalidDocument, and Conflict when somebody changed this group since the form was opened.
        """
        table = write_synonyms(SynonymGroup(form.name, {lang: _lines(typed) for lang, typed in form.words.items()}))
        return self._save(person, SYNONYMS_REF, form.before, table, form.base, read_synonyms(table, "")[1])

    def save_curation(self, person: Person, form: CurationForm) -> int:
        """Change one curation or add it; returns and raises as `save_synonyms` does."""
        entries = {form.steer: form.slug, "reason": " ".join(form.reason.split()), "until": form.until}
        table = write_curation(form.name, _lines(form.words), entries)
        problems = (*read_curations(table, "")[1], *aimless(Library.of(self._room), table, ""))
        return self._save(person, CURATIONS_REF, form.before, table, form.base, problems)

    def save_referral(self, person: Person, form: ReferralForm) -> int:
        """Change one referral or add it; returns and raises as `save_synonyms` does."""
        asked = {lang: _lines(typed) for lang, typed in form.asked.items()}
        table = write_referral(Referral(form.name, form.subject, form.service, asked))
        return self._save(person, REFERRALS_REF, form.before, table, form.base, read_referrals(table, "")[1])

    def remove(self, person: Person, ref: Ref, name: str, base: int) -> int:
        """Take one group or curation out; returns and raises as `save_synonyms` does."""
        return self._save(person, ref, name, "", base, ())

    def _save(self, person: Person, ref: Ref, before: str, table: str, base: int, problems: Iterable[Problem]) -> int:
        guard_role(Move.SAVE, ref.kind, person.actor)
        errors = [problem for problem in problems if problem.level == "error"]
        if errors:
            raise InvalidDocument("register.unreadable", "This cannot be kept yet.", "See the problems.", errors)
        with self._room.store.journal.write() as writer:
            history = writer.history(ref)
            newest = len(history.revisions)
            text = history.latest.text if history.latest else ""
            if before and _entry(ref, _seen(history, base), before) != _entry(ref, text, before):
                hint = "Read what it says now, then change it again."
                message = f"{before} of {ref} was changed by somebody else in revision {newest}."
                raise Conflict("revision.newer", message, hint, newer=str(newest), base=str(base))
            changed = canonical(with_table(text, before, table))
            return newest if changed == text else writer.save(ref, changed, "", person.id, NO_TERMS, newest).number

    def problems(self) -> tuple[Problem, ...]:
        """What keeps the live curations from doing what they say: an answer that is not live, a day that is past."""
        library = Library.of(self._room)
        return tuple(aimless(library, _live(library, CURATIONS_REF), str(CURATIONS_REF)))


def _kinds(library: Library, text: str) -> tuple[KindCues | None, tuple[Problem, ...]]:
    if not text:
        return None, ()
    problems = tuple(kind_problems(text, str(KINDS_REF), library.catalog.zone.first_lang))
    try:
        return read_kinds(text), problems
    except InvalidDocument:
        return None, problems


def _kind_line(library: Library, cues: KindCues, kind: str) -> KindLine:
    act, zone = cues.acts.get(kind), library.catalog.zone
    said = tuple(example.text for example in cues.examples if example.expect == kind)
    if act is None:
        return KindLine(kind, "", "", "", (), said)
    titles = tuple((slug, lead.title if (lead := library.lead(slug)) else slug) for slug in act.blocks)
    owner = zone.owners.get(act.hand_over_to, act.hand_over_to)
    return KindLine(kind, act.act, act.says(zone.first_lang), owner, titles, said)


def aimless(library: Library, text: str, file: str) -> Iterator[Problem]:
    """The curations of a text that do not do what they say, among the articles of this moment."""
    answers = {}
    for ref in library.histories:
        lead = library.lead(ref.slug) if ref.kind is Kind.ARTICLE else None
        if lead is not None:
            audience = lead.header.audience if lead.header else Audience.PUBLIC
            answers[ref.slug] = Target(audience, library.catalog.live(ref.slug, library.now))
    # A register goes on naming an article as it was called, and is followed.
    answers |= {old: answers[now] for old, now in library.catalog.names.moved().items() if now in answers}
    return curation_problems(text, file, answers, library.now, library.catalog.zone.timezone)


def _newest(library: Library, ref: Ref) -> str:
    return library.history(ref).revisions[-1].text if ref in library.histories else ""


def _live(library: Library, ref: Ref) -> str:
    published = library.published(ref) if ref in library.histories else None
    return published.text if published else ""


def _seen(history: History, number: int) -> str:
    return next((revision.text for revision in history.revisions if revision.number == number), "")


def _entry(ref: Ref, text: str, name: str) -> SynonymGroup | Curation | Referral | None:
    entries = _READERS[ref.kind](text, "")[0]
    return next((entry for entry in entries if entry.name == name), None)


def _entries(library: Library, ref: Ref, read: Read[Entry]) -> list[tuple[Entry, Standing]]:
    """Every entry of the newest and of the live text, by name: whether it counts, is to come, or is to go."""
    newest, live = ({entry.name: entry for entry in read(text, "")[0]} for text in _texts(library, ref))
    found = [(entry, Standing.LIVE if live.get(name) == entry else Standing.COMING) for name, entry in newest.items()]
    found += [(entry, Standing.GOING) for name, entry in live.items() if name not in newest]
    return sorted(found, key=lambda one: one[0].name)


def _texts(library: Library, ref: Ref) -> tuple[str, str]:
    return _newest(library, ref), _live(library, ref)


def _lines(typed: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(line.split()) for line in typed.split("\n") if line.strip()))


def _page(library: Library, ref: Ref, problems: Sequence[Problem]) -> RegisterPage:
    """Where a register stands: its newest revision, and who vouched for the live one."""
    if ref not in library.histories:
        return RegisterPage(ref, 0, "", None, 0, "", None, tuple(problems))
    history, published = library.history(ref), library.published(ref)
    newest = history.revisions[-1]
    vouched = [
        decision
        for decision in history.decisions
        if published and decision.move is Move.VALIDATE and decision.number == published.number
    ]
    return RegisterPage(
        ref,
        newest.number,
        newest.digest,
        library.state(ref, newest.number),
        published.number if published else 0,
        library.names.get(vouched[-1].actor, "") if vouched else "",
        published.validated_at if published else None,
        tuple(problems),
    )
