"""The forms that keep a text and may send it for validation: done, or shown again with whatever stopped it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from kbengine.article import Ref
from kbengine.engine import CurationForm, ReferralForm, SynonymForm
from kbengine.errors import Conflict, InvalidDocument, KBError, WorkflowError
from kbengine.history import Move
from web.context import engine, person
from web.errors import status_of
from web.forms import weight_of
from web.overtaken import first_one

Shown = tuple[str, int]


def submit(ref: Ref, number: int, then: str, weight: str = "") -> Move:
    """Send what was just saved for validation when that is asked; returns the last move made."""
    if then != "submit":
        return Move.SAVE
    digest = next(line.digest for line in engine().editing.lines(ref) if line.number == number)
    engine().editing.move(person(), ref, number, digest, Move.SUBMIT, "", weight_of(weight))
    return Move.SUBMIT


def stopped(error: KBError | None, *, kept: bool) -> dict[str, object]:
    """What a form says when it was not kept, or with `kept` not submitted."""
    problems = error.problems if isinstance(error, InvalidDocument) else ()
    return {"error": error, "refused": problems, "kept": kept}


def went_to(endpoint: str, **values: Any) -> Callable[[Move], str]:
    """The address of a page that says what was done."""
    return lambda done: url_for(endpoint, **values, ok=done)


def saved(
    keep: Callable[[], int],
    send: Callable[[int], Move],
    home: Callable[[Move], str],
    *,
    refused: Callable[[KBError], Shown],
    overtaken: Callable[[KBError], Shown],
    unsent: Callable[[KBError, int], Shown],
) -> Response | Shown:
    """Keep a form, send it, and go to the address of `home`; or what is shown when one of these does not pass.

    `refused`: the form cannot be kept; `overtaken`: somebody else was first; `unsent`: it is kept under that number,
    and may not be submitted.
    """
    try:
        number = keep()
    except InvalidDocument as error:
        return refused(error)
    except Conflict as error:
        return overtaken(error)
    try:
        done = send(number)
    except (InvalidDocument, WorkflowError) as error:
        return unsent(error, number)
    return redirect(home(done), 303)


F = TypeVar("F", SynonymForm, CurationForm, ReferralForm)


@dataclass(frozen=True, slots=True)
class EntryForm(Generic[F]):
    """How the entries of one register are changed by form. An entry has a name, and the one it had, "" for a new one.

    `now`: the form of an entry as it stands in the newest text, of a new one when it is not there; `keep` writes it as
    a new revision of the register and returns its number; `beside` is what the page shows besides the form.
    """

    ref: Ref
    template: str
    now: Callable[[str], F]
    keep: Callable[[F], int]
    home: Callable[[Move], str]
    beside: Callable[[], Mapping[str, object]] = dict

    def show(self, form: F, error: KBError | None = None, *, kept: bool = False, theirs: F | None = None) -> Shown:
        """The page of one entry, with what stopped it."""
        told = stopped(error, kept=kept) | {"latest": first_one(self.ref) if theirs else None} | dict(self.beside())
        return render_template(self.template, form=form, theirs=theirs, **told), status_of(error) if error else 200

    def save(self, form: F, then: str) -> Response | Shown:
        """Keep one entry, and send the register for validation when asked."""

        def overtaken(error: KBError) -> Shown:
            theirs = self.now(form.before)
            return self.show(replace(form, before=theirs.before, base=theirs.base), error, theirs=theirs)

        return saved(
            lambda: self.keep(form),
            lambda number: submit(self.ref, number, then),
            self.home,
            refused=lambda error: self.show(form, error),
            overtaken=overtaken,
            unsent=lambda error, number: self.show(replace(form, before=form.name, base=number), error, kept=True),
        )


@dataclass(frozen=True, slots=True)
class TextForm:
    """How a text that is kept whole is changed, as plain text; `newest`: how it is now, and its number."""

    ref: Ref
    template: str
    newest: Callable[[], tuple[str, int]]
    home: Callable[[Move], str]
    beside: Mapping[str, object] = field(default_factory=dict)

    def show(
        self, text: str, base: int, error: KBError | None = None, *, kept: bool = False, theirs: str = ""
    ) -> Shown:
        """The page of the text, with what stopped it."""
        told = stopped(error, kept=kept) | {"latest": first_one(self.ref) if theirs else None} | dict(self.beside)
        page = render_template(self.template, text=text, base=base, theirs=theirs, **told)
        return page, status_of(error) if error else 200

    def save(self, text: str, base: int, then: str, keep: Callable[[], int]) -> Response | Shown:
        """Keep the text, and send it for validation when asked."""

        def overtaken(error: KBError) -> Shown:
            theirs, newer = self.newest()
            return self.show(text, newer, error, theirs=theirs)

        return saved(
            keep,
            lambda number: submit(self.ref, number, then),
            self.home,
            refused=lambda error: self.show(text, base, error),
            overtaken=overtaken,
            unsent=lambda error, number: self.show(text, number, error, kept=True),
        )
