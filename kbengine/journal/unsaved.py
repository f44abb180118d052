"""What somebody typed in an article's form and has not saved: theirs alone, a line for each form, for 30 days."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from kbengine.errors import Conflict, InvalidDocument, NotFound
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.persons import Person

UNSAVED_TERM: Final = timedelta(days=30)
# Of one person; the oldest gives way to the next.
MOST: Final = 40
KEY: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Typed:
    """One form as it was typed last: `key` names the form, `version` counts how often it was kept.

    `slug` and `lang` are the article's, `base` the revision the form was opened on; `fields` are all of its texts.
    """

    key: str
    version: int
    slug: str
    lang: str
    base: int
    at: datetime
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What the people of one store typed and did not save; nobody is shown somebody else's."""

    engine: Engine

    def keep(self, now: datetime, person: Person, typed: Typed, window: str) -> int:
        """Keep a form as it is now; returns its new version.

        `typed.version` is the one this window knows. Raises InvalidDocument for a bad key, and Conflict when another
        window kept the same form since, or it was saved or thrown away: neither text replaces the other, and what is
        over does not come back by a message that was on its way; this one needs a key of its own.
        """
        if not KEY.fullmatch(typed.key):
            raise InvalidDocument("unsaved.key", "This form has no name to keep it under.", "Open the form again.")
        values = {
            "slug": typed.slug[:80],
            "lang": typed.lang,
            "base": typed.base,
            "at": t.instant_text(now),
            "expires": t.instant_text(now + UNSAVED_TERM),
            "body": json.dumps(dict(typed.fields), ensure_ascii=False),
            "tab": window[:32],
        }
        with writing(self.engine) as connection:
            row = connection.execute(select(t.unsaved).where(t.unsaved.c.id == typed.key)).first()
            if row is None and not typed.version:
                _make_room(connection, person)
                line = {"id": typed.key, "person": person.id, "version": 1}
                connection.execute(insert(t.unsaved).values(**line, **values))
                return 1
            known = row is not None and (row.version == typed.version or (window and row.tab == window[:32]))
            if row is None or row.person != person.id or not known:
                hint = "Keep this text under a key of its own."
                raise Conflict("unsaved.elsewhere", "This form is typed in somewhere else too.", hint)
            version = int(row.version) + 1
            mine = t.unsaved.c.id == typed.key
            connection.execute(update(t.unsaved).where(mine).values(version=version, **values))
            return version

    def of(self, now: datetime, person: Person) -> tuple[Typed, ...]:
        """What somebody typed and did not save, newest first."""
        current = select(t.unsaved).where(t.unsaved.c.person == person.id, t.unsaved.c.expires > t.instant_text(now))
        with self.engine.begin() as connection:
            rows = connection.execute(current.order_by(t.unsaved.c.at.desc(), t.unsaved.c.id))
            return tuple(_typed(row) for row in rows)

    def one(self, now: datetime, person: Person, key: str) -> Typed:
        """One of these; raises NotFound."""
        found = next((typed for typed in self.of(now, person) if typed.key == key), None)
        if found is None:
            hint = "It was saved or thrown away, or its 30 days are over."
            raise NotFound("unsaved.gone", "This text is no longer kept.", hint)
        return found

    def drop(self, person: Person, key: str) -> None:
        """Let one go; one that is gone already is no error."""
        with writing(self.engine) as connection:
            connection.execute(delete(t.unsaved).where(t.unsaved.c.id == key, t.unsaved.c.person == person.id))


def _make_room(connection: Connection, person: Person) -> None:
    own = select(t.unsaved.c.id).where(t.unsaved.c.person == person.id).order_by(t.unsaved.c.at.desc())
    over = connection.execute(own.offset(MOST - 1)).scalars().all()
    if over:
        connection.execute(delete(t.unsaved).where(t.unsaved.c.id.in_(over)))


def _typed(row: Row[Any]) -> Typed:
    at, fields = t.instant_value(row.at), json.loads(row.body)
    return Typed(row.id, row.version, row.slug, row.lang, row.base, at, fields)
