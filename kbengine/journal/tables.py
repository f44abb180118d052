"""The tables of the store. Instants are UTC texts of fixed width, so that they sort and look the same everywhere."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)

# The record: one chained line for every text and decision; head is the one row writers lock.
entries = Table(
    "entries",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(27), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("body", Text, nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
)
head = Table(
    "head",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", String(27), nullable=False),
)

# Projections, written in the same transaction as their entry.
revisions = Table(
    "revisions",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("theme", String(80), nullable=False),
    Column("author", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Column("valid_from", String(16), nullable=False),
    Column("valid_until", String(16), nullable=False),
    Column("review_months", Integer, nullable=False),
    UniqueConstraint("kind", "slug", "lang", "number"),
)
decisions = Table(
    "decisions",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("move", String(16), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("early", Integer, nullable=False, server_default="0"),
    Column("weight", String(8), nullable=False, server_default=""),
)
Index("ix_decisions_ref", decisions.c.kind, decisions.c.slug, decisions.c.lang)
names = Table(
    "names",
    metadata,
    Column("seq", Integer, ForeignKey("entries.seq"), primary_key=True, autoincrement=False),
    Column("what", String(16), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("name", String(80), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Column("reason", String(32), nullable=False),
)
roles = Table(
    "roles",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("role", String(16), primary_key=True),
)

# Side tables: what can be emptied without breaking the chain.
people = Table(
    "people",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("password", String(200), nullable=False, server_default=""),
)
reasons = Table(
    "reasons",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("text", Text, nullable=False),
)

# Plain tables with a term.
links = Table(
    "links",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", String(32), ForeignKey("people.id"), nullable=False),
    Column("expires", String(27), nullable=False),
)
tokens = Table(
    "tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", String(32), ForeignKey("people.id"), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("label", String(80), nullable=False, server_default=""),
    Column("created", String(27), nullable=False, server_default=""),
    Column("used", String(27), nullable=False, server_default=""),
    Column("scopes", String(40), nullable=False, server_default="all"),
)
sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("person", String(32), ForeignKey("people.id"), nullable=True),
    Column("csrf", String(64), nullable=False),
    Column("created", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("used", String(27), nullable=False, server_default=""),
    Column("proven", String(27), nullable=False, server_default=""),
)
attempts = Table(
    "attempts",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
)
copies = Table(
    "copies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False, index=True),
    Column("slug", String(80), nullable=False, index=True),
    Column("lang", String(2), nullable=False),
    Column("number", Integer, nullable=False),
    Column("channel", String(32), nullable=False),
    Column("facts", Text, nullable=False),
    Column("kinds", Text, nullable=False, server_default=""),
    Column("percent", Integer, nullable=False, server_default="0"),
    Column("part", Integer, nullable=False, server_default="1"),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("second", Boolean, nullable=False, server_default=false()),
)
tallies = Table(
    "tallies",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("channel", String(32), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("count", Integer, nullable=False),
)
phrases = Table(
    "phrases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("text", Text, nullable=False),
    Column("teacher", String(32), nullable=False),
    Column("hands", Text, nullable=False),
)
gaps = Table(
    "gaps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("text", Text, nullable=False),
)
dismissals = Table(
    "dismissals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("channel", String(32), nullable=False),
)
marks = Table(
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("what", String(16), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("text", Text, nullable=False),
)
notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("slug", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("number", Integer, nullable=False),
    Column("author", String(32), nullable=False),
    Column("text", Text, nullable=False),
    Column("handled", String(27), nullable=False, server_default=""),
    Column("handler", String(32), nullable=False, server_default=""),
    Index("ix_notes_ref", "kind", "slug", "lang"),
)
neighbours = Table(
    "neighbours",
    metadata,
    Column("digest", String(32), primary_key=True),
    Column("lang", String(2), nullable=False),
    Column("one", String(80), nullable=False),
    Column("other", String(80), nullable=False),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("person", String(32), nullable=False),
    Column("reason", Text, nullable=False),
)
reminders = Table(
    "reminders",
    metadata,
    Column("person", String(32), ForeignKey("people.id"), primary_key=True),
    Column("calendar", String(64), nullable=False, server_default=""),
    Column("address", String(254), nullable=False, server_default=""),
    Column("mailed", String(10), nullable=False, server_default=""),
)
unsaved = Table(
    "unsaved",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("person", String(32), ForeignKey("people.id"), nullable=False, index=True),
    Column("slug", String(80), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("base", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("tab", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Column("expires", String(27), nullable=False),
    Column("body", Text, nullable=False),
)
store = Table(
    "store",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

# What is deleted once it is past its `expires`.
TERMED = (links, tokens, sessions, attempts, phrases, gaps, dismissals, marks, notes, neighbours, unsaved)


def instant_text(instant: datetime) -> str:
    """An aware instant as the tables hold it: 2026-11-20T08:30:00.000000Z."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant_value(text: str) -> datetime:
    """What `instant_text` wrote, as an aware UTC instant."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
