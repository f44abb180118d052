"""What somebody typed in an article's form and did not save: kept while they type, offered to them again."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Final

from kbengine.article import Kind, Ref
from kbengine.engine.compare import compare
from kbengine.engine.formed import ArticleForm
from kbengine.engine.forms import empty_form, form_of
from kbengine.engine.library import Library
from kbengine.engine.meanwhile import Meanwhile, meanwhile
from kbengine.engine.room import Room
from kbengine.engine.values import Passage
from kbengine.errors import NotFound
from kbengine.history import Move
from kbengine.journal import Person, Typed
from kbengine.language import LANGUAGES
from kbengine.validate import guard_role

# As long ago as this a form may well be open in another window still.
_OPEN: Final = timedelta(minutes=2)
_TEXTS: Final = tuple(field.name for field in fields(ArticleForm) if field.name != "base")


@dataclass(frozen=True, slots=True)
class Left:
    """A form that was typed in and not saved: `version` is how often it was kept, `at` when last.

    `open` says that this was a moment ago. `typed` compares it with the newest text there is, with nothing when there
    is none. `meanwhile` is what became of the article since the form was opened, None when nothing did.
    """

    key: str
    version: int
    at: datetime
    form: ArticleForm
    open: bool
    typed: tuple[Passage, ...]
    meanwhile: Meanwhile | None


class UnsavedTexts:
    """The forms that people of one store have not saved."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def keep(self, person: Person, key: str, version: int, window: str, form: ArticleForm) -> tuple[int, datetime]:
        """Keep a form as it is; returns its version and the moment.

        Raises NotAllowed, NotFound (no such language), InvalidDocument (a bad key) and Conflict (another window of
        this person kept the same form since).
        """
        guard_role(Move.SAVE, Kind.ARTICLE, person.actor)
        if form.lang not in LANGUAGES:
            raise NotFound("language.unknown", f"There is no language {form.lang!r}.", "Choose nl, fr, en or de.")
        now = self._room.store.journal.now()
        texts = {name: text for name, text in asdict(form).items() if name in _TEXTS}
        typed = Typed(key, version, form.slug, form.lang, form.base, now, texts)
        return self._room.store.unsaved.keep(now, person, typed, window), now

    def all(self, person: Person) -> tuple[Left, ...]:
        """Everything this person typed and did not save, newest first; what says nothing new is left out."""
        library = Library.of(self._room)
        found = self._room.store.unsaved.of(library.now, person)
        return tuple(self._left(library, person, typed) for typed in found if _says_more(library, typed))

    def of(self, person: Person, slug: str, lang: str) -> tuple[Left, ...]:
        """What this person left of one article in one language."""
        return tuple(left for left in self.all(person) if (left.form.slug, left.form.lang) == (slug, lang))

    def of_new(self, person: Person, lang: str) -> tuple[Left, ...]:
        """What this person left of articles that do not exist yet."""
        library = Library.of(self._room)
        first = library.catalog.zone.first_lang
        unborn = (left for left in self.all(person) if not left.form.base and left.form.lang == lang)
        return tuple(left for left in unborn if Ref(Kind.ARTICLE, left.form.slug, first) not in library.histories)

    def one(self, person: Person, key: str) -> Left:
        """One of these; raises NotFound when it was saved or thrown away, or is too old."""
        library = Library.of(self._room)
        return self._left(library, person, self._room.store.unsaved.one(library.now, person, key))

    def drop(self, person: Person, key: str) -> None:
        """Let one go: it was saved, or it is thrown away."""
        self._room.store.unsaved.drop(person, key)

    def _left(self, library: Library, person: Person, typed: Typed) -> Left:
        ref = Ref(Kind.ARTICLE, typed.slug, typed.lang)
        history = library.histories.get(ref)
        newer = history is not None and history.revisions[-1].number > typed.base > 0
        since = meanwhile(self._room, person, ref, typed.base) if newer else None
        recent, form = library.now - typed.at < _OPEN, _form(typed)
        article = library.article(history.revisions[-1]) if history else None
        passages = compare(_body(form_of(article, 0)), _body(form)) if article else ()
        return Left(typed.key, typed.version, typed.at, form, recent, passages, since)


def _form(typed: Typed) -> ArticleForm:
    known = {name: typed.fields.get(name, "") for name in _TEXTS}
    return ArticleForm(**known, base=typed.base)


def _body(form: ArticleForm) -> str:
    """Title and boxes of a form, one under the other."""
    texts = (form.title, form.default, form.short, form.private, form.internal)
    return "\n\n".join(text.strip() for text in texts if text.strip())


def _says_more(library: Library, typed: Typed) -> bool:
    """Whether a form holds anything that was not there already: in the newest text, or the one it was opened on."""
    form = _form(typed)
    history = library.histories.get(Ref(Kind.ARTICLE, typed.slug, typed.lang))
    if history is not None:
        there = [one for one in history.revisions if one.number in (typed.base, history.revisions[-1].number)]
        known = [form_of(article, form.base) for one in there if (article := library.article(one))]
        return form not in [replace(one, theme=form.theme) for one in known]
    empty = empty_form(form.lang, form.theme)
    return replace(form, slug="", audience=empty.audience, owner="", base=0) != empty
