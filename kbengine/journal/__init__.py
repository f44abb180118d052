"""The record: every text and decision in one chain, the people behind them, and what was handed out."""

from kbengine.journal.accounts import Accounts, Token
from kbengine.journal.backup import Backup, backup, restore
from kbengine.journal.carry import into_database, put_in_place, throw_away
from kbengine.journal.clock import Bounds, Clock, Doubt, Told
from kbengine.journal.confirming import CLOCK, confirm_clock
from kbengine.journal.examples import OWN, STARTER, STARTER_NAME, is_example
from kbengine.journal.marks import FALSE_ALARM, MARKS, MISS, Mark, Marks
from kbengine.journal.moves import first_ref, make_move, turn
from kbengine.journal.names import NO_NAMES, NameLine, Names, Naming
from kbengine.journal.naming import Merged, guard_merge, guard_rename, joined, lead_to, merge, merge_mark, rename
from kbengine.journal.neighbours import Stands
from kbengine.journal.notes import Note, Notes
from kbengine.journal.persons import Person
from kbengine.journal.phrases import Dismissed, Gap, Phrase, Phrases, accept_phrase, question_ground
from kbengine.journal.record import Head, Journal, Writer
from kbengine.journal.reminders import Reminder, Reminders
from kbengine.journal.sessions import Session
from kbengine.journal.signin import SignIn
from kbengine.journal.store import DATABASE, Store, create, exists, missing, open_store
from kbengine.journal.team import Absence, Team, zone_of
from kbengine.journal.unsaved import Typed, Unsaved
from kbengine.journal.usage import Copy, Usage

__all__ = [
    "CLOCK",
    "DATABASE",
    "FALSE_ALARM",
    "MARKS",
    "MISS",
    "NO_NAMES",
    "OWN",
    "STARTER",
    "STARTER_NAME",
    "Absence",
    "Accounts",
    "Backup",
    "Bounds",
    "Clock",
    "Copy",
    "Dismissed",
    "Doubt",
    "Gap",
    "Head",
    "Journal",
    "Mark",
    "Marks",
    "Merged",
    "NameLine",
    "Names",
    "Naming",
    "Note",
    "Notes",
    "Person",
    "Phrase",
    "Phrases",
    "Reminder",
    "Reminders",
    "Session",
    "SignIn",
    "Stands",
    "Store",
    "Team",
    "Token",
    "Told",
    "Typed",
    "Unsaved",
    "Usage",
    "Writer",
    "accept_phrase",
    "backup",
    "confirm_clock",
    "create",
    "exists",
    "first_ref",
    "guard_merge",
    "guard_rename",
    "into_database",
    "is_example",
    "joined",
    "lead_to",
    "make_move",
    "merge",
    "merge_mark",
    "missing",
    "open_store",
    "put_in_place",
    "question_ground",
    "rename",
    "restore",
    "throw_away",
    "turn",
    "zone_of",
]
