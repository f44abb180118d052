"""What somebody typed and did not save: theirs alone, never eaten by another window, gone after its term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from homes import new_store

from kbengine.errors import Conflict, InvalidDocument, NotFound
from kbengine.history import Role
from kbengine.journal import DATABASE, Person, Store, Typed
from kbengine.journal.unsaved import MOST, UNSAVED_TERM

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = "a" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store", demo=True)
    yield made
    made.close()


@pytest.fixture
def ann(store: Store) -> Person:
    return store.accounts.add("ann", "Ann", frozenset({Role.EDITOR}))


def typed(text: str, version: int = 0, key: str = KEY) -> Typed:
    """A form in which somebody typed that text."""
    return Typed(key, version, "fiets-gestolen", "nl", 1, NOW, {"default": text})


def texts(store: Store, person: Person, now: datetime = NOW) -> list[str]:
    """What is kept for a person."""
    return [one.fields["default"] for one in store.unsaved.of(now, person)]


def test_form_when_kept_again_holds_the_last_text(store: Store, ann: Person) -> None:
    """One form is one line, however often it is kept."""
    for version, text in enumerate(("a", "ab", "abc")):
        assert store.unsaved.keep(NOW, ann, typed(text, version), "window") == version + 1

    assert texts(store, ann) == ["abc"]


def test_form_when_an_answer_was_lost_goes_on(store: Store, ann: Person) -> None:
    """The window that kept it last may keep it again, also when it never heard the new version."""
    store.unsaved.keep(NOW, ann, typed("a"), "one")
    store.unsaved.keep(NOW, ann, typed("ab"), "one")

    assert texts(store, ann) == ["ab"]


def test_form_when_open_in_two_windows_is_not_eaten(store: Store, ann: Person) -> None:
    """A second window goes on from what it saw; the first is told, and neither text is lost."""
    store.unsaved.keep(NOW, ann, typed("a"), "one")
    store.unsaved.keep(NOW, ann, typed("second", 1), "two")

    with pytest.raises(Conflict) as refused:
        store.unsaved.keep(NOW, ann, typed("first", 1), "one")
    assert refused.value.code == "unsaved.elsewhere"
    assert texts(store, ann) == ["second"]


def test_form_when_of_somebody_else_is_neither_seen_nor_changed(store: Store, ann: Person) -> None:
    """A key that is guessed is of no use."""
    bert = store.accounts.add("bert", "Bert", frozenset({Role.EDITOR}))
    store.unsaved.keep(NOW, ann, typed("mijn tekst"), "one")
    with pytest.raises(Conflict):
        store.unsaved.keep(NOW, bert, typed("zijn tekst", 1), "one")
    with pytest.raises(NotFound):
        store.unsaved.one(NOW, bert, KEY)
    store.unsaved.drop(bert, KEY)

    assert (texts(store, ann), texts(store, bert)) == (["mijn tekst"], [])


@pytest.mark.parametrize("key", ["", "x" * 32, "a" * 31, "A" * 32])
def test_form_when_its_key_is_none_is_refused(store: Store, ann: Person, key: str) -> None:
    """Only keys as the page makes them."""
    with pytest.raises(InvalidDocument):
        store.unsaved.keep(NOW, ann, typed("a", key=key), "one")


def test_form_when_its_term_is_over_is_gone(store: Store, ann: Person) -> None:
    """Thirty days after it was typed last, and not a day before."""
    store.unsaved.keep(NOW, ann, typed("a"), "one")

    assert texts(store, ann, NOW + UNSAVED_TERM - timedelta(seconds=1)) == ["a"]
    assert texts(store, ann, NOW + UNSAVED_TERM) == []


def test_forms_when_there_are_too_many_lose_the_oldest(store: Store, ann: Person) -> None:
    """The newest forty are kept."""
    for number in range(MOST + 2):
        store.unsaved.keep(NOW + timedelta(minutes=number), ann, typed(str(number), key=f"{number:032x}"), "one")

    assert texts(store, ann) == [str(number) for number in range(MOST + 1, 1, -1)]


def test_person_when_erased_takes_what_they_typed_with_them(store: Store, ann: Person) -> None:
    """Nothing of it stays in the file."""
    store.unsaved.keep(NOW, ann, typed("een tekst die nergens anders staat"), "one")
    store.accounts.erase("ann", by="ada")

    assert b"nergens anders" not in (store.directory / DATABASE).read_bytes()
