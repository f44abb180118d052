"""What the commands share: opening the store, naming a text, proving who somebody is, printing."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from kbengine.article import LANGUAGES, Kind, Ref
from kbengine.engine import Engine, Person
from kbengine.errors import InvalidDocument, KBError, NotFound, Problem
from kbengine.settings import Settings

REGISTERS = ("zone", "danger", "kinds", "synonyms", "curations", "referrals")


# When work that is heard of gets a bar: after so many seconds, or at once when there is so much of it.
PATIENCE = 1.0
MANY = 1_000


class Kb(click.Group):
    """A group whose commands answer every refusal of the engine with its message, and exit 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a KBError, or a file that cannot be read or written, becomes a message."""
        try:
            return super().invoke(ctx)
        except InvalidDocument as error:
            for problem in error.problems:
                click.echo(str(problem), err=True)
            raise click.ClickException(str(error)) from error
        except (KBError, OSError) as error:
            raise click.ClickException(str(error)) from error


@contextmanager
def opened(settings: Settings, *, build: bool = False) -> Iterator[Engine]:
    """The engine of these settings; the default home is a demo that makes itself."""
    engine = Engine.open(settings, demo=is_demo_home(settings))
    try:
        if build:
            engine.build()
        yield engine
    finally:
        engine.close()


def is_demo_home(settings: Settings) -> bool:
    """Whether a demo makes itself here: in the default home, with nothing said of a database."""
    return settings.home == Settings().home and not settings.database


def read_ref(name: str, first_lang: str) -> Ref:
    """`fiets-gestolen`, `fiets-gestolen.fr`, `questions/fiets-gestolen`, `fact/zone_phone`, or one of `REGISTERS`."""
    kind, _, rest = name.removesuffix(".md").rpartition("/")
    if rest in REGISTERS and kind in ("", rest):
        return Ref(Kind(rest), rest)
    if kind in ("questions", "fact"):
        return Ref(Kind(kind), rest)
    if kind not in ("", "article"):
        raise NotFound("text.unknown", f"There is no kind of text {kind!r}.", "Kinds: article, questions, fact.")
    slug, dot, lang = rest.rpartition(".")
    return Ref(Kind.ARTICLE, slug, lang) if dot and lang in LANGUAGES else Ref(Kind.ARTICLE, rest, first_lang)


def token_person(engine: Engine, token: str | None) -> Person:
    """Who is asking, by their own token."""
    if not token:
        hint = "Give --token, or set KB_TOKEN; `kb people token LOGIN` makes one."
        raise click.UsageError(f"A move is a person's: say whose. {hint}")
    return engine.people.by_token(token)


class Progress:
    """A bar on standard error for work of which one hears how much is done; not shown for what takes a second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._bar: Any = None
        self._begin = time.monotonic()

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, whole: int) -> None:
        """So much of the whole is done."""
        if self._bar is None and (whole > MANY or time.monotonic() - self._begin > PATIENCE):
            self._bar = click.progressbar(length=whole, label=self._label, file=sys.stderr)
        if self._bar is not None:
            self._bar.update(done - self._bar.pos)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.render_finish()


def table(rows: Iterable[Iterable[object]], heads: tuple[str, ...]) -> str:
    """An aligned table of texts."""
    lines = [heads, *(tuple(str(cell) for cell in row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def last_line(value: object) -> None:
    """Print one JSON object as the last line, for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def problem_value(problem: Problem) -> dict[str, Any]:
    """A problem as JSON."""
    return {"code": problem.code, "level": problem.level, "file": problem.file, "line": problem.line} | {
        "message": problem.message,
        "hint": problem.hint,
    }


token_option = click.option("--token", envvar="KB_TOKEN", help="Your personal token (or KB_TOKEN).")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object as the last line.")
settings_of = click.make_pass_decorator(Settings)
