"""What a change would do to other answers: which of their own questions would then find something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kbengine.article import Kind, Ref, SynonymGroup, read_referrals, read_synonyms
from kbengine.edition import FOUND_VARIANTS, Catalog, fingerprint, parsed, parsed_questions, plain, topics
from kbengine.engine.library import Library
from kbengine.engine.room import Room
from kbengine.errors import Problem
from kbengine.history import State
from kbengine.suggest import Effect, Topic, compare, judged, judged_near, referral_topic

# The kinds of text that suggestions are made of.
RANKED = frozenset({Kind.ARTICLE, Kind.QUESTIONS, Kind.SYNONYMS, Kind.REFERRALS})


def effects_of(room: Room, ref: Ref, text: str) -> tuple[Effect, ...]:
    """What validating this text now would do to the own questions of other articles, the worst first.

    Takes about twice as long as building the suggestions, once for each state of the texts; nothing for a text that
    cannot be read, or of which no suggestion is made.
    """
    return _change_of(*room.read(), ref, text).effects(room)


def effects_of_phrase(room: Room, slug: str, lang: str, phrase: str) -> tuple[Effect, ...]:
    """What one more question for an article would do to the own questions of others, the worst first."""
    catalog, now = room.read()
    held = topics(catalog, now)
    topic = _held(held, slug)
    asked = {**topic.questions, lang: (*topic.questions.get(lang, ()), phrase)}
    return _Change.of(catalog, held, replace(topic, questions=asked)).effects(room)


def effect_problems(ref: Ref, effects: Sequence[Effect]) -> tuple[Problem, ...]:
    """The effects that leave somebody worse off, as problems of the text that would have them; all are warnings."""
    return tuple(_problem(str(ref), effect) for effect in effects if effect.harmful)


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a revision would do to other answers; `titles` are those of every article, by slug."""

    ref: Ref
    number: int
    title: str
    effects: tuple[Effect, ...]
    problems: tuple[Problem, ...]
    titles: Mapping[str, str]

    @property
    def better(self) -> tuple[Effect, ...]:
        """The questions that would find what they should and do not now."""
        return tuple(effect for effect in self.effects if effect.after.standing == 3)


class Effects:
    """Looking ahead in one store."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def of(self, ref: Ref, number: int) -> Foreseen:
        """What validating a revision now would do to other answers; raises NotFound. Takes seconds, once."""
        library = Library.of(self._room)
        return self._foreseen(library, ref, number)

    def problems(self, done: Callable[[int, int], None] = lambda _done, _all: None) -> tuple[Problem, ...]:
        """Everything that the texts in review would make worse; `done` hears how many are, of how many."""
        library = Library.of(self._room)
        waiting = [
            (ref, revision.number)
            for ref, history in library.histories.items()
            for revision in history.revisions[-1:]
            if ref.kind in RANKED and library.state(ref, revision.number) is State.IN_REVIEW
        ]
        found: list[Problem] = []
        for place, (ref, number) in enumerate(waiting):
            done(place, len(waiting))
            found += self._foreseen(library, ref, number).problems
        return tuple(found)

    def _foreseen(self, library: Library, ref: Ref, number: int) -> Foreseen:
        text = library.history(ref).revision(number).text
        change = _change_of(library.catalog, library.now, ref, text)
        effects = change.effects(self._room)
        first = library.catalog.zone.first_lang
        titles = {
            topic.slug: topic.titles.get(first) or next(iter(topic.titles.values()), topic.slug)
            for topic in change.after
        }
        return Foreseen(ref, number, library.title(ref), effects, effect_problems(ref, effects), titles)


@dataclass(frozen=True, slots=True)
class _Change:
    """The topics and synonyms as they are and as they would be; `slug` is what changes, and answers for itself."""

    slug: str
    silent: float
    before: tuple[Topic, ...]
    after: tuple[Topic, ...]
    synonyms: tuple[SynonymGroup, ...]
    synonyms_after: tuple[SynonymGroup, ...]

    @classmethod
    def of(cls, catalog: Catalog, held: tuple[Topic, ...], topic: Topic) -> _Change:
        if not topic.titles and not topic.questions:
            return cls(topic.slug, catalog.zone.silent, held, held, catalog.synonyms, catalog.synonyms)
        others = [other for other in held if other.slug != topic.slug]
        after = tuple(sorted([*others, topic], key=lambda other: other.slug))
        return cls(topic.slug, catalog.zone.silent, held, after, catalog.synonyms, catalog.synonyms)

    @property
    def key(self) -> str:
        """Changes with anything that the effects depend on."""
        return f"effects {self._key_before} {fingerprint([*self.after, *self.synonyms_after])}"

    @property
    def _key_before(self) -> str:
        return fingerprint([*self.before, *self.synonyms], self.silent)

    def effects(self, room: Room) -> tuple[Effect, ...]:
        """What the change does to the questions of others, worked out once."""
        if (self.before, self.synonyms) == (self.after, self.synonyms_after):
            return ()
        return room.kept.get(self.key, lambda: self._compared(room))

    def _compared(self, room: Room) -> tuple[Effect, ...]:
        judge, before = room.kept.get(
            f"own {self._key_before}", lambda: judged(self.before, self.synonyms, self.silent)
        )
        after = (
            judged_near(self.after, self.synonyms_after, judge, self.slug, before)
            if self.slug
            else judged(self.after, self.synonyms_after, judge=judge)[1]
        )
        # What the questions teach is learned anew with every change, and moves near ties between others that the
        # changed article has no part in; the next change may move them back.
        effects = (effect for effect in compare(before, after) if effect.after.slug != self.slug)
        return tuple(effect for effect in effects if not self.slug or effect.concerns(self.slug))


def _change_of(catalog: Catalog, now: datetime, ref: Ref, text: str) -> _Change:
    """The change that validating a text would be; no change for one that cannot be read or is not ranked."""
    held = topics(catalog, now)
    topic = _held(held, ref.slug)
    match ref.kind:
        case Kind.ARTICLE:
            return _Change.of(catalog, held, _with_article(catalog, now, topic, ref, text))
        case Kind.QUESTIONS:
            return _Change.of(catalog, held, _with_questions(topic, text))
        case Kind.SYNONYMS:
            read, problems = read_synonyms(text, str(ref))
            after = catalog.synonyms if problems else read
            return _Change("", catalog.zone.silent, held, held, catalog.synonyms, after)
        case Kind.REFERRALS:
            referrals, problems = read_referrals(text, str(ref))
            kept = (topic for topic in held if problems or not topic.referral)
            others = () if problems else map(referral_topic, referrals)
            return _Change("", catalog.zone.silent, held, (*kept, *others), catalog.synonyms, catalog.synonyms)
        case _:
            return _Change("", catalog.zone.silent, held, held, catalog.synonyms, catalog.synonyms)


def _held(held: Sequence[Topic], slug: str) -> Topic:
    return next((topic for topic in held if topic.slug == slug), Topic(slug, live=False))


def _with_article(catalog: Catalog, now: datetime, topic: Topic, ref: Ref, text: str) -> Topic:
    """A topic with a text of its article validated; a translation alone makes nothing live."""
    first = catalog.zone.first_lang
    article = parsed(ref, text, ref.slug, first)  # under any theme: a topic has none
    if article is None or catalog.block(ref.slug) or (article.header is not None and article.header.block):
        return topic
    answer = plain(article, FOUND_VARIANTS, catalog.fact_values(ref.lang, now))
    live = topic.live or ref.lang == first
    return replace(
        topic,
        titles={**topic.titles, ref.lang: article.title},
        answers={**topic.answers, ref.lang: answer} if live else topic.answers,
        live=live,
    )


def _with_questions(topic: Topic, text: str) -> Topic:
    questions = parsed_questions(text, topic.slug)
    if questions is None:
        return topic
    return replace(topic, questions=questions.asked, not_asked=questions.not_asked)


def _problem(file: str, effect: Effect) -> Problem:
    old, new = effect.before, effect.after
    fields = {"text": new.text, "slug": new.slug, "other": new.first}
    if new.kind == "not":
        message, hint = f"{new.text!r}, which {new.slug} refuses, comes nearer to it.", "Look at the words they share."
        return Problem("ranking.refused", "warning", file, 0, message, hint, fields)
    if new.offered:
        message = f"{new.text!r} would find {new.first} instead of {new.slug}."
        hint = "Take what they share out of this text, or write more such questions for the other."
        return Problem("ranking.taken", "warning", file, 0, message, hint, fields)
    message, hint = (
        f"{new.text!r} would meet silence instead of {old.slug}.",
        "Write more such questions for that article.",
    )
    return Problem("ranking.silenced", "warning", file, 0, message, hint, fields)
