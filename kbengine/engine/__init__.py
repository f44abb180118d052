"""The doors of the house, for the command line and the pages: desk, reading, editing, learning, registers, people."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from kbengine.article import Ref, Zone
from kbengine.engine.bulk import Act, Bulk, BulkFilter, BulkLine, Fate, Picked, Wanted
from kbengine.engine.clock import ClockPage, Clocks
from kbengine.engine.compare import brief
from kbengine.engine.comparing import Beside, Comparing, Comparison, Pair, Side, ValueThen
from kbengine.engine.composing import Composing
from kbengine.engine.copied import CopiedLine, Copies, HandedBefore
from kbengine.engine.crisis import Crisis, CrisisPage, Turned
from kbengine.engine.day import DayAnswers, DayForm, DayLine, DayRead
from kbengine.engine.day_link import DayLink
from kbengine.engine.deadlines import Deadline, Deadlines
from kbengine.engine.desk import Desk
from kbengine.engine.drafts import Agreement, Draft, HandedOut, ReplyPage, SaidAnswer
from kbengine.engine.editing import Editing
from kbengine.engine.effects import Effects, Foreseen, effect_problems, effects_of, effects_of_phrase
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
from kbengine.engine.facts import VALUE_LANGUAGES, FactForm, FactLine, FactPage, Facts
from kbengine.engine.files import Brought, Drafted, Files, Written
from kbengine.engine.formed import ArticleForm, BoxView, Counted, Preview
from kbengine.engine.freshness import Due, Freshness
from kbengine.engine.hours import Hours
from kbengine.engine.ics import Appointment, calendar
from kbengine.engine.impact import Impact, Impacts, Touched
from kbengine.engine.learning import Learning
from kbengine.engine.line import LinePage, line_page
from kbengine.engine.live import Live
from kbengine.engine.marks import Marked, Marking
from kbengine.engine.meanwhile import Meanwhile, meanwhile
from kbengine.engine.neighbours import Neighbours
from kbengine.engine.noticed import Agreed, Block, KindNotice, OtherAddressee, PersonalData, Referred
from kbengine.engine.noting import NoteView, Noting
from kbengine.engine.placed import Place
from kbengine.engine.reading import Reading
from kbengine.engine.recalling import Recalls
from kbengine.engine.registers import Registers
from kbengine.engine.reminding import Reminding
from kbengine.engine.renaming import GoneUp, MergePlan, NameEvent, NamesPage, RenamePlan, Renaming
from kbengine.engine.reviewing import Review, Reviewing, Seen, Waiting
from kbengine.engine.room import Room, open_room
from kbengine.engine.starting import OwnerProgress, Part, Progress, Sitting, Starting
from kbengine.engine.translations import TranslationDue, Translations
from kbengine.engine.unsaved import Left, UnsavedTexts
from kbengine.engine.upstream import StarterChange, Upstream, starter_steps
from kbengine.engine.values import (
    Advice,
    ArticlePage,
    DangerNotice,
    Event,
    ListLine,
    NotLive,
    Passage,
    RevisionLine,
    Steering,
    Suggestion,
    VariantView,
)
from kbengine.engine.vouching import Named, Vouching, VouchingPage
from kbengine.engine.waiting import QueueItem
from kbengine.engine.watching import News, Watcher, What
from kbengine.errors import Problem
from kbengine.journal import Accounts, Doubt, Person, Session, SignIn, Token
from kbengine.language import LANGUAGES, analyzer
from kbengine.reply import Difference
from kbengine.settings import Settings
from kbengine.suggest import LineCost, wanted_encoder

__all__ = [
    "VALUE_LANGUAGES",
    "Act",
    "Advice",
    "Agreed",
    "Agreement",
    "Appointment",
    "ArticleForm",
    "ArticlePage",
    "Beside",
    "Block",
    "BoxView",
    "Brought",
    "BulkFilter",
    "BulkLine",
    "ClockPage",
    "Comparison",
    "CopiedLine",
    "Counted",
    "CrisisPage",
    "CurationForm",
    "CurationLine",
    "DangerNotice",
    "DayForm",
    "DayLine",
    "DayLink",
    "DayRead",
    "Deadline",
    "Difference",
    "Doubt",
    "Draft",
    "Drafted",
    "Due",
    "Engine",
    "Event",
    "FactForm",
    "FactLine",
    "FactPage",
    "Fate",
    "Files",
    "Foreseen",
    "GoneUp",
    "HandedBefore",
    "HandedOut",
    "Impact",
    "KindLine",
    "KindNotice",
    "Left",
    "LineCost",
    "LinePage",
    "ListLine",
    "Marked",
    "Meanwhile",
    "MergePlan",
    "NameEvent",
    "Named",
    "NamesPage",
    "News",
    "NotLive",
    "NoteView",
    "OtherAddressee",
    "OwnerProgress",
    "Pair",
    "Part",
    "Passage",
    "Person",
    "PersonalData",
    "Picked",
    "Place",
    "Preview",
    "Progress",
    "QueueItem",
    "ReferralForm",
    "ReferralLine",
    "Referred",
    "RegisterPage",
    "RenamePlan",
    "ReplyPage",
    "Review",
    "RevisionLine",
    "SaidAnswer",
    "Seen",
    "Session",
    "Side",
    "Sitting",
    "Standing",
    "StarterChange",
    "Steering",
    "Suggestion",
    "SynonymForm",
    "SynonymLine",
    "Token",
    "Touched",
    "TranslationDue",
    "Turned",
    "ValueThen",
    "VariantView",
    "VouchingPage",
    "Waiting",
    "Wanted",
    "Watcher",
    "What",
    "Written",
    "brief",
    "calendar",
    "effect_problems",
    "effects_of",
    "effects_of_phrase",
    "starter_steps",
]


class Engine:
    """One open store behind its doors; one for each process."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.settings = room.settings
        self.desk = Desk(room)
        self.crisis = Crisis(room)
        self.clock = Clocks(room)
        self.hours = Hours(room)
        self.composing = Composing(room)
        self.copies = Copies(room)
        self.reading = Reading(room)
        self.live = Live(room)
        self.editing = Editing(room)
        self.comparing = Comparing(room)
        self.notes = Noting(room)
        self.translations = Translations(room)
        self.bulk = Bulk(room)
        self.renaming = Renaming(room)
        self.facts = Facts(room)
        self.files = Files(room)
        self.impact = Impacts(room)
        self.recalls = Recalls(room)
        self.effects = Effects(room)
        self.neighbours = Neighbours(room)
        self.learning = Learning(room)
        self.marks = Marking(room)
        self.day = DayAnswers(room)
        self.deadlines = Deadlines(room)
        self.registers = Registers(room)
        self.starting = Starting(room)
        self.reviewing = Reviewing(room)
        self.freshness = Freshness(room)
        self.reminding = Reminding(room)
        self.upstream = Upstream(room)
        self.unsaved = UnsavedTexts(room)
        self.vouching = Vouching(room)
        self.people: Accounts = room.store.accounts
        self.door = SignIn(room.store.accounts, room.store.demo)

    @classmethod
    def open(cls, settings: Settings, *, demo: bool = False) -> Engine:
        """Open the store of these settings; with `demo`, make and fill a demo store where there is none."""
        return cls(open_room(settings, demo=demo))

    @property
    def demo(self) -> bool:
        """Whether this store holds examples."""
        return self.room.store.demo

    @property
    def zone(self) -> Zone:
        """The zone's policy of this moment."""
        return self.room.read()[0].zone

    @property
    def tz(self) -> ZoneInfo:
        """The zone's time zone."""
        return self.zone.timezone

    def now(self) -> datetime:
        """The moment everything is measured against (UTC)."""
        return self.room.store.journal.now()

    def meanwhile(self, person: Person, ref: Ref, seen: int) -> Meanwhile:
        """What became of a text since somebody saw a revision of it; raises NotFound."""
        return meanwhile(self.room, person, ref, seen)

    def line(self) -> LinePage | None:
        """The line of the suggestions as they are built now, None before the first were."""
        return line_page(self.room)

    def build(self) -> None:
        """Bring the edition up to date here and now, unless somebody else is building."""
        self.room.build()

    @property
    def by_meaning(self) -> bool | None:
        """Whether likeness of meaning counts in suggestions now; None when no encoder is wanted."""
        index = self.room.shelf.suggest()
        return index is not None and index.by_meaning if self.settings.encoder else None

    def encoder_problems(self) -> tuple[Problem, ...]:
        """What keeps the wanted encoder from being used."""
        error = wanted_encoder(self.settings.encoder, self.settings.encoder_download).problem
        if error is None:
            return ()
        return (Problem(error.code, "warning", "KB_ENCODER", 0, error.message, error.hint, error.fields),)

    def warm(self) -> None:
        """Load every language's dictionaries and the edition, so that the first message is as fast as the next."""
        for lang in LANGUAGES:
            analyzer(lang).terms("politie")
        self.desk.advise("politie", "facebook", counted=False)

    def follow(self) -> None:
        """Keep up with decisions and editions in the background, so that no message waits for it."""
        self.room.follow()

    def close(self) -> None:
        """Let go of the store."""
        self.room.store.close()
