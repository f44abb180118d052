"""The record: every text and decision in one chain, the people behind them, and what was handed out."""

from kbengine.journal.accounts import Accounts, Person, Session
from kbengine.journal.backup import Backup, backup, restore
from kbengine.journal.moves import first_ref, make_move
from kbengine.journal.record import Head, Journal, Writer
from kbengine.journal.store import DATABASE, Store, create, exists, open_store
from kbengine.journal.usage import Copy, Usage

__all__ = [
    "DATABASE",
    "Accounts",
    "Backup",
    "Copy",
    "Head",
    "Journal",
    "Person",
    "Session",
    "Store",
    "Usage",
    "Writer",
    "backup",
    "create",
    "exists",
    "first_ref",
    "make_move",
    "open_store",
    "restore",
]
