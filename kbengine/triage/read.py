"""danger.toml to compiled cues; every problem in the file is found before any is reported."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kbengine.errors import InvalidDocument
from kbengine.language import LANGUAGES
from kbengine.triage.pattern import Matcher, Phrase
from kbengine.triage.reader import CueReader, Table
from kbengine.triage.slips import Slips
from kbengine.triage.values import ACTS, LEVELS, REACHES, Alarm, Cues, Example, Frame, Idiom, Sign

_TABLES: Final = {
    "idiom": frozenset(LANGUAGES),
    "sign": frozenset({"name", "weight", *LANGUAGES}),
    "frame": frozenset({"name", "reach", "lifted_by", *LANGUAGES}),
    "danger": frozenset({"kind", "level", "act", "needs", "despite", "score", *LANGUAGES}),
    "example": frozenset({"text", "expect"}),
}

# What the signs of a sentence weigh at least where a danger says nothing else: a question about papers weighs less.
_SCORE: Final = -2


def read_cues(text: str, file: str = "danger.toml", *, strict: bool = True) -> Cues:
    """The cues of a file; InvalidDocument carries all of its problems.

    A text already in use is read with `strict` off: a phrase that likely says other than was meant costs
    that phrase, not the whole look at danger.
    """
    reader = _Reader(text, file, _TABLES, strict=strict)
    cues = reader.cues()
    if reader.problems:
        raise InvalidDocument(
            "danger-invalid",
            f"{file} cannot be used: {len(reader.problems)} problem(s).",
            "Correct them all; until then the last good file stays in use.",
            reader.problems,
            file=file,
        )
    return cues


class _Reader(CueReader):
    """One pass over a file of danger cues."""

    def cues(self) -> Cues:
        self.check_keys()
        self._check_names()
        tables = [(self._alarm(table), table) for table in self.tables("danger")]
        context = {lang: Matcher(tuple(self._context(lang))) for lang in LANGUAGES}
        alarms = ((phrase, alarm) for alarm, table in tables for phrase in self.phrases(table, *LANGUAGES))
        return Cues(
            context,
            Matcher(tuple(alarms)),
            tuple(alarm for alarm, table in tables if not _speaks(table)),
            {lang: self.spelling(lang) for lang in LANGUAGES},
            {lang: Slips(self.words[lang], lang) for lang in LANGUAGES},
            self.emoji(),
            tuple(self._example(table) for table in self.tables("example")),
        )

    def _check_names(self) -> None:
        """Every sign and frame that is leaned on exists."""
        signs = {str(table.get("name")) for table in self.tables("sign")}
        frames = {str(table.get("name")) for table in self.tables("frame")}
        for kind, key, known in (
            ("frame", "lifted_by", signs),
            ("danger", "needs", signs),
            ("danger", "despite", frames),
        ):
            for table in self.tables(kind):
                for name in {name for entry in self.names(table, key) for name in entry.split("|")} - known:
                    hint = f"Known: {', '.join(sorted(known))}."
                    self.problem("danger-name", name, f"{key}: there is no {name!r}.", hint)

    def _context(self, lang: str) -> Iterator[tuple[Phrase, Sign | Frame | Idiom]]:
        for table in self.tables("idiom"):
            yield from ((phrase, Idiom()) for phrase in self.phrases(table, lang))
        for table in self.tables("sign"):
            sign = Sign(self.one_of(table, "name"), self.number(table, "weight", 0))
            yield from ((phrase, sign) for phrase in self.phrases(table, lang))
        for table in self.tables("frame"):
            reach = self.one_of(table, "reach", REACHES)
            frame = Frame(self.one_of(table, "name"), reach, self.names(table, "lifted_by"))
            yield from ((phrase, frame) for phrase in self.phrases(table, lang))

    def _alarm(self, table: Table) -> Alarm:
        needs = self.names(table, "needs")
        kind = self.one_of(table, "kind")
        score = self.number(table, "score", _SCORE)
        if not needs and score <= 0 and not _speaks(table):
            self.problem("danger-empty", kind, f"A danger {kind!r} holds no phrases and needs no signs.")
        return Alarm(
            kind,
            self.one_of(table, "level", LEVELS),
            self.one_of(table, "act", ACTS),
            tuple(frozenset(need.split("|")) for need in needs),
            frozenset(self.names(table, "despite")),
            score,
        )

    def _example(self, table: Table) -> Example:
        text = self.one_of(table, "text")
        return Example(text, self.one_of(table, "expect", (*LEVELS, "none")))


def _speaks(table: Table) -> bool:
    return any(lang in table for lang in LANGUAGES)
