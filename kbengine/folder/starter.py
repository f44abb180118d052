"""A zone begins: its own folder of texts and a real store, from the starter set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kbengine.article import Fact, Kind, Ref, digest, write_fact
from kbengine.errors import InvalidDocument
from kbengine.folder.common import Common, write_common
from kbengine.folder.cross import export_folder, text_file
from kbengine.folder.own_zone import own_zone
from kbengine.folder.read import Folder, Item, read_folder
from kbengine.history import Move, Role
from kbengine.journal import OWN, STARTER, STARTER_NAME, Person, Store, Writer
from kbengine.period import NO_TERMS

# The twenty that a zone needs first; docs/starter.md says why each of them.
FIRST: Final = (
    "noodnummers-101-112",
    "zelfmoordgedachten-1813",
    "geen-noodmelding-via-sociale-media",
    "intern-noodmelding-via-bericht",
    "intern-suicidale-boodschap",
    "intern-bedreiging-opschalen",
    "partnergeweld",
    "hulplijn-1712-geweld",
    "vermiste-persoon",
    "politie-niet-dringend-contact",
    "bankkaart-blokkeren-card-stop",
    "identiteitskaart-verloren-docstop",
    "phishing-verdacht-bericht",
    "fiets-gestolen",
    "online-aangifte-police-on-web",
    "aangifte-aan-het-loket",
    "nachtlawaai",
    "verkeersboete-betalen",
    "wijkinspecteur-vinden",
    "klacht-over-politie",
)
# What every answer leans on: without them vouched for, messages go by the words of articles alone.
GROUND: Final = (Kind.ZONE, Kind.DANGER, Kind.KINDS, Kind.SYNONYMS, Kind.REFERRALS)
_FROM_ZONE: Final = "opgegeven bij de start"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a zone says of itself when it begins; the values are those of the facts `zone_…`, "" for not yet."""

    name: str
    languages: tuple[str, ...]
    phone: str = ""
    address: str = ""
    hours: str = ""

    @property
    def values(self) -> Mapping[str, str]:
        """The facts that were answered, with their values."""
        asked = {"name": self.name, "phone": self.phone, "desk_address": self.address, "hours": self.hours}
        return {OWN + name: value for name, value in asked.items() if value.strip()}


@dataclass(frozen=True, slots=True)
class Started:
    """What a new store holds: how many texts, which were put in review, which values are still examples."""

    texts: int
    submitted: tuple[Ref, ...]
    examples: tuple[Fact, ...]


def start_zone(store: Store, starter: Folder, answers: Answers, person: Person, first: Iterable[str]) -> Started:
    """Fill an empty real store with the starter set as drafts, in the languages of the zone.

    What the zone answered is this person's text, all else is the starter set's, whom nobody is: so anybody may
    vouch for it. The articles of `first` go in review with what they need. Raises InvalidDocument.
    """
    zone = next((item for item in starter.items if item.ref.kind is Kind.ZONE), None)
    if zone is None or starter.zone is None or answers.languages[0] != starter.zone.first_lang:
        message = "The first language must be that of the starter set, whose files hold the headers."
        raise InvalidDocument("init.language", message, "Put nl first.", starter.problems)
    author = store.accounts.add(STARTER, STARTER_NAME, frozenset({Role.EDITOR}), person.id)
    items = tuple(taken(starter.items, answers.languages))
    own = {fact.name: _own_fact(fact, answers) for fact in starter.facts if fact.name in answers.values}
    with store.journal.write() as writer:
        for item in items:
            writer.save(item.ref, item.text, item.theme, author.id, item.terms, 0)
        writer.save(zone.ref, own_zone(zone.text, answers.name, answers.languages), "", person.id, NO_TERMS, 0)
        for name, fact in own.items():
            writer.save(Ref(Kind.FACT, name), write_fact(fact), "", person.id, NO_TERMS, 1)
        examples = tuple(fact for fact in starter.facts if fact.name.startswith(OWN) and fact.name not in own)
        wanted = set(needed(starter, first)) - {Ref(Kind.FACT, fact.name) for fact in examples}
        submitted = tuple(_submit(writer, sorted(wanted), person.id))
    store.accounts.set_roles(STARTER, frozenset(), person.id)
    store.accounts.set_active(STARTER, False)
    return Started(len(items) + 1, submitted, examples)


def taken(items: Iterable[Item], languages: Iterable[str]) -> Iterator[Item]:
    """What a zone takes of the starter set: not its policy or curations, and only articles in its languages."""
    spoken = frozenset(languages)
    for item in items:
        if item.ref.kind in (Kind.ZONE, Kind.CURATIONS) or (
            item.ref.kind is Kind.ARTICLE and item.ref.lang not in spoken
        ):
            continue
        yield item


def needed(starter: Folder, slugs: Iterable[str]) -> Iterator[Ref]:
    """These articles in the first language, the ways of asking and facts each needs, and what all lean on."""
    wanted = set(slugs)
    texts = {str(item.ref): item for item in starter.items}
    for item in starter.items:
        if item.ref.kind in GROUND or (item.ref.kind is Kind.QUESTIONS and item.ref.slug in wanted):
            yield item.ref
    first = starter.zone.first_lang if starter.zone else "nl"
    for slug in wanted:
        ref = Ref(Kind.ARTICLE, slug, first)
        if str(ref) in texts:
            yield ref
            text = texts[str(ref)].text
            yield from (Ref(Kind.FACT, fact.name) for fact in starter.facts if f"{{fact:{fact.name}" in text)


def write_texts(root: Path, starter: Folder, answers: Answers, store: Store) -> int:
    """Write a zone's own folder of texts, as its new store holds them; returns how many files."""
    own = {fact.name: write_fact(_own_fact(fact, answers)) for fact in starter.facts if fact.name in answers.values}
    zone = next(item for item in starter.items if item.ref.kind is Kind.ZONE)
    texts = [(zone.ref, "", own_zone(zone.text, answers.name, answers.languages))]
    for item in taken(starter.items, answers.languages):
        kept = own.get(item.ref.slug, item.text) if item.ref.kind is Kind.FACT else item.text
        texts.append((item.ref, item.theme, kept))
    count = export_folder(root, texts, store.journal.head().hash)
    common = {ref: Common(digest(ref, text), text_file(ref, theme)) for ref, theme, text in texts}
    write_common(root, store.origin(), common)
    return count


def starter_folder(root: Path) -> Folder:
    """The starter set as it stands in a folder; raises NotFound, and InvalidDocument when it cannot be read."""
    folder = read_folder(root)
    errors = [problem for problem in folder.problems if problem.level == "error"]
    if errors:
        raise InvalidDocument("import.problems", f"{len(errors)} problems stand in the way.", "Correct them.", errors)
    return folder


def _own_fact(fact: Fact, answers: Answers) -> Fact:
    return replace(fact, values={"": answers.values[fact.name]}, source=_FROM_ZONE)


def _submit(writer: Writer, refs: Iterable[Ref], by: str) -> Iterator[Ref]:
    for ref in refs:
        newest = writer.history(ref).latest
        if newest is not None:
            writer.decide(ref, newest.number, newest.digest, Move.SUBMIT, by)
            yield ref
