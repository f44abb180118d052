"""The door for learning: what people choose to keep of messages, and what editors make of it.

Nothing is stored that a person did not see and confirm, and nothing here changes what is suggested: only a question
file that a second person accepted does that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from kbengine.article import LANGUAGES, MAX_QUESTION, Kind, Ref, asks_the_same
from kbengine.channels import channel
from kbengine.edition import Catalog
from kbengine.engine.desk import MAX_MESSAGE
from kbengine.engine.effects import effects_of_phrase
from kbengine.engine.kinds import nobodys
from kbengine.engine.lessons import Decision, Dismissals, Lesson, Waiting
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import Conflict, InvalidDocument, NotFound, TooLarge, WorkflowError
from kbengine.history import Answer, History, Move
from kbengine.journal import Gap, Person, Phrase, accept_phrase, question_ground
from kbengine.language import detect
from kbengine.markup import clean
from kbengine.privacy import bare, find, strip, unknown_capitals
from kbengine.validate import allowed_roles, guard_role

MAX_PHRASE = MAX_QUESTION
NEAR = 8
FOUND = 3
_WORD = re.compile(r"[^\W\d_]+")


class Learning:
    """What is learned from messages in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._words: tuple[str, frozenset[str]] = ("", frozenset())

    def lesson(self, message: str, slug: str = "", lang: str = "") -> Lesson:
        """A message as it may be kept: without personal data, with what may be a name marked; raises TooLarge.

        `lang` is the language of the message when a person says so, else it is recognised.
        """
        if len(message) > MAX_MESSAGE:
            hint = "Paste the part with the question."
            raise TooLarge("message.too-long", f"A message has at most {MAX_MESSAGE} characters.", hint)
        catalog, now = self._room.read()
        text = " ".join(strip(clean(message), nobodys(catalog)).split())
        lang = lang if lang in LANGUAGES else detect(message, catalog.zone.first_lang)
        titles = _titles(catalog, now)
        near = tuple((slug, titles[slug]) for slug in self._near(message, lang) if slug in titles)[:NEAR]
        others = tuple(sorted(titles.items(), key=lambda pair: pair[1].casefold()))
        return Lesson(text, lang, slug if slug in titles else "", tuple(self._marked(text, catalog)), near, others)

    def _near(self, message: str, lang: str) -> Iterator[str]:
        index = self._room.shelf.suggest()
        if index is not None:
            yield from (match.slug for match in index.rank(message, lang, 2 * NEAR).matches)

    def _marked(self, text: str, catalog: Catalog) -> Iterator[tuple[str, bool]]:
        place = 0
        for start, end in unknown_capitals(text, self._own_words(catalog)):
            yield text[place:start], False
            yield text[start:end], True
            place = end
        yield text[place:], False

    def _own_words(self, catalog: Catalog) -> frozenset[str]:
        """Every word of the live answers and their questions, casefolded; read once for each line of the journal."""
        head, words = self._words
        if head != catalog.head.hash:
            words = frozenset(word for text in _texts(catalog) for word in _WORD.findall(text.casefold()))
            self._words = (catalog.head.hash, words)
        return words

    def keep_phrase(self, person: Person, slug: str, lang: str, text: str) -> None:
        """Keep a phrase that should find an article, as the person confirmed it.

        Raises InvalidDocument (empty, too long, or personal data in it), NotFound (no live article, no such
        language) and Conflict (the article has it already).
        """
        catalog, now = self._room.read()
        questions, text = _live(catalog, slug, lang, now).questions, confirmed(text, lang, catalog)
        waiting = self._room.store.phrases.waiting(now)
        listed = [phrase.text for phrase in waiting if (phrase.slug, phrase.lang) == (slug, lang)]
        if asks_the_same(text, (*listed, *(questions.asked.get(lang, ()) if questions else ()))):
            raise Conflict("phrase.known", f"{slug} has this question already.", "There is nothing to add.", slug=slug)
        self._room.store.phrases.teach(now, slug, lang, text, person.id)

    def keep_gap(self, lang: str, text: str) -> None:
        """Keep a question that no article answers, as it was confirmed; raises InvalidDocument, NotFound."""
        catalog, now = self._room.read()
        self._room.store.phrases.keep_gap(now, lang, confirmed(text, lang, catalog))

    def dismiss(self, slug: str, lang: str, channel_id: str) -> None:
        """Count that a suggestion did not fit, for the editors; raises NotFound."""
        catalog, now = self._room.read()
        article = _live(catalog, slug, lang, now).article
        self._room.store.phrases.dismiss(now, slug, article.lang, channel(channel_id).id)

    def waiting(self, person: Person) -> tuple[Waiting, ...]:
        """The phrases that wait for somebody, oldest first."""
        library = Library.of(self._room)
        return tuple(_waiting(library, phrase, person) for phrase in self._room.store.phrases.waiting(library.now))

    def gaps(self) -> tuple[Gap, ...]:
        """The questions without an answer, oldest first."""
        return self._room.store.phrases.gaps(self._room.read()[1])

    def dismissed(self) -> tuple[Dismissals, ...]:
        """The answers that were waved away in the last 90 days, most often first."""
        library = Library.of(self._room)
        found = self._room.store.phrases.dismissed(library.now)
        return tuple(Dismissals(d.slug, d.lang, _title(library, d.slug), d.count, d.last) for d in found)

    def articles(self) -> tuple[tuple[str, str], ...]:
        """The live articles by title: (slug, title)."""
        return tuple(sorted(_titles(*self._room.read()).items(), key=lambda pair: pair[1].casefold()))

    def decision(self, person: Person, id: int) -> Decision:
        """A phrase with what accepting it would change; raises NotFound. May take as long as building suggestions."""
        library = Library.of(self._room)
        phrase = self._room.store.phrases.phrase(id, library.now)
        answer = library.catalog.in_language(phrase.slug, phrase.lang, library.now)
        asked = answer.questions.asked if answer and answer.questions else {}
        effects = effects_of_phrase(self._room, phrase.slug, phrase.lang, phrase.text)
        results = [result for effect in effects for result in (effect.before, effect.after)]
        return Decision(
            waiting=_waiting(library, phrase, person),
            asked=asked.get(phrase.lang, ()),
            finds=self._finds(phrase, library),
            effects=effects,
            titles={slug: _title(library, slug) for result in results for slug in (result.slug, result.first) if slug},
            refused=_refused(library, phrase),
        )

    def _finds(self, phrase: Phrase, library: Library) -> tuple[tuple[str, str, float], ...]:
        index = self._room.shelf.suggest()
        matches = index.rank(phrase.text, phrase.lang, FOUND).matches if index else ()
        return tuple((match.slug, _title(library, match.slug), match.confidence) for match in matches)

    def accept(self, person: Person, id: int, seen: str) -> None:
        """Write a phrase into its article's questions and vouch for it; raises what `accept_phrase` raises."""
        zone = self._room.read()[0].zone
        with self._room.store.journal.write() as writer:
            accept_phrase(writer, person.actor, id, seen, zone.first_lang, zone.timezone)

    def change(self, person: Person, id: int, seen: str, text: str) -> None:
        """Change a phrase, and so have a hand in it; raises NotAllowed, NotFound, Conflict, InvalidDocument."""
        guard_role(Move.SAVE, Kind.QUESTIONS, person.actor)
        catalog, now = self._room.read()
        phrase = self._room.store.phrases.phrase(id, now)
        self._room.store.phrases.edit(now, id, seen, confirmed(text, phrase.lang, catalog), person.id)

    def decline(self, person: Person, id: int, seen: str) -> None:
        """Let a phrase go; raises NotAllowed, NotFound, Conflict."""
        guard_role(Move.RETURN, Kind.QUESTIONS, person.actor)
        self._room.store.phrases.decline(self._room.read()[1], id, seen)

    def file_gap(self, person: Person, id: int, seen: str, slug: str) -> None:
        """Say that a gap should find an article: it waits as this person's phrase. Raises as `keep_phrase` does."""
        guard_role(Move.SAVE, Kind.QUESTIONS, person.actor)
        catalog, now = self._room.read()
        _live(catalog, slug, catalog.zone.first_lang, now)
        self._room.store.phrases.file_gap(now, id, seen, slug, person.id)

    def drop_gap(self, person: Person, id: int, seen: str) -> None:
        """Let a gap go; raises NotAllowed, NotFound, Conflict."""
        guard_role(Move.RETURN, Kind.QUESTIONS, person.actor)
        self._room.store.phrases.drop_gap(self._room.read()[1], id, seen)


def _live(catalog: Catalog, slug: str, lang: str, now: datetime) -> Answer:
    """The live answer of an article, in that language or another; raises NotFound."""
    answer = catalog.in_language(slug, lang, now)
    if answer is None:
        raise NotFound("answer.not-live", f"{slug} has no live text.", "Look at its page for the reason.", slug=slug)
    return answer


def _texts(catalog: Catalog) -> Iterator[str]:
    yield catalog.zone.name
    for answer in catalog.answers.values():
        yield answer.article.title
        yield from (variant.text for variant in answer.article.variants)
        if answer.questions:
            yield from (question for listed in answer.questions.asked.values() for question in listed)
    for kept in catalog.facts.values():
        yield from (kept.fact.label, *kept.fact.values.values())


def _titles(catalog: Catalog, now: datetime) -> dict[str, str]:
    """The live articles with their title, in the zone's first language when there is one."""
    slugs = dict.fromkeys(ref.slug for ref in catalog.answers)
    found = {slug: catalog.in_language(slug, catalog.zone.first_lang, now) for slug in slugs}
    return {slug: answer.article.title for slug, answer in found.items() if answer is not None}


def _title(library: Library, slug: str) -> str:
    lead = library.lead(slug)
    return lead.title if lead else slug


def _waiting(library: Library, phrase: Phrase, person: Person) -> Waiting:
    role = bool(person.roles & allowed_roles(Move.VALIDATE, Kind.QUESTIONS))
    name = library.names.get(phrase.teacher, "")
    return Waiting(phrase, _title(library, phrase.slug), name, role and person.id not in phrase.hands)


def _refused(library: Library, phrase: Phrase) -> WorkflowError | None:
    """Why the question file takes no phrase now, None when it does."""
    ref = Ref(Kind.QUESTIONS, phrase.slug)
    try:
        question_ground(library.histories.get(ref, History(ref)), library.now, library.catalog.zone.timezone)
    except WorkflowError as error:
        return error
    return None


def confirmed(text: str, lang: str, catalog: Catalog) -> str:
    """A text as it is kept: one line, no words in brackets; raises InvalidDocument, NotFound (language)."""
    if lang not in LANGUAGES:
        raise NotFound("language.unknown", f"There is no language {lang!r}.", "Choose nl, fr, en or de.")
    kept = bare(clean(text))
    if not _WORD.search(kept) or len(kept) > MAX_PHRASE:
        message = f"A phrase has a word in it and at most {MAX_PHRASE} characters."
        raise InvalidDocument("phrase.length", message, "Keep the question, drop the rest.")
    left = [kept[piece.start : piece.end] for piece in find(kept, nobodys(catalog)) if piece.certain]
    if left:
        hint = "Take it out, then confirm."
        raise InvalidDocument("phrase.personal", "There is personal data in it.", hint, found="; ".join(left))
    return kept
