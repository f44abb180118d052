"""The builder at work: a validated text is suggested at once, and in the end all is as if it had been built anew."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kbengine.article import Kind, Ref
from kbengine.edition import Builder, read_pointer
from kbengine.edition.builder import Follower
from kbengine.edition.offered import BESIDE, Offered
from kbengine.history import Move
from kbengine.suggest import SuggestionIndex

BIKE = Ref(Kind.QUESTIONS, "fiets-gestolen")
STRANGE = "waar is de zwaluwkeuring van mijn klinkerpad"


@contextmanager
def watching(house: Any) -> Iterator[None]:
    """A builder that watches the house until the end of the block."""
    stopped = threading.Event()
    builder = Builder(house.engine.room.store, house.engine.settings)
    thread = threading.Thread(target=builder.watch, args=(stopped.is_set,))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def ask(house: Any, question: str) -> None:
    """Have one more question vouched for."""
    text, base = house.engine.editing.questions_text(BIKE.slug)
    more = text.replace("nl = [", f'nl = ["{question}",', 1)
    house.engine.editing.save_questions(house.people["editor"], BIKE.slug, more, base)
    house.vouch(BIKE)


def part(house: Any) -> Path:
    """The directory of the suggestions that the pointer names."""
    found = read_pointer(house.engine.settings.editions).suggest
    assert found is not None
    return found


def until(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    for _ in range(600):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that within half a minute")


def finds(house: Any, question: str) -> bool:
    """Whether the suggestions of the moment find the bicycle for a message."""
    matches = SuggestionIndex.open(part(house)).rank(question).matches
    return bool(matches) and matches[0].slug == BIKE.slug and matches[0].confidence > 0.5


def content(directory: Path) -> dict[str, bytes]:
    """Every file of a part."""
    return {str(path.relative_to(directory)): path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_question_when_validated_is_suggested_before_all_is_compiled(
    hamlet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While suggestions are still being compiled, what changed is found beside those of before."""
    begun, go_on, compile_ = threading.Event(), threading.Event(), Offered.compile

    def held_up(self: Offered, wanted: Any) -> Any:
        begun.set()
        go_on.wait(30)
        return compile_(self, wanted)

    monkeypatch.setattr(Offered, "compile", held_up)
    before = part(hamlet)
    with watching(hamlet):
        ask(hamlet, STRANGE)
        until(lambda: finds(hamlet, STRANGE))
        assert (begun.is_set(), BESIDE in part(hamlet).name) == (True, True)
        ask(hamlet, f"{STRANGE} en het ribbelmoeras")
        until(lambda: finds(hamlet, "ribbelmoeras"))
        go_on.set()
        until(lambda: BESIDE not in part(hamlet).name)
    assert part(hamlet).name != before.name
    assert finds(hamlet, "ribbelmoeras")


def test_suggestions_when_compiled_after_changes_are_those_of_a_build_from_nothing(hamlet: Any) -> None:
    """However a builder came there, the compiled part has the name and the bytes of one that began with nothing."""
    settings = hamlet.engine.settings
    with watching(hamlet):
        for number in range(3):
            ask(hamlet, f"{STRANGE} nummer {number}")
            time.sleep(0.2)
        wanted = Builder(hamlet.engine.room.store, settings)._look()[1].name
        until(lambda: part(hamlet).name == f"suggest-{wanted}")
    grown = content(part(hamlet))
    shutil.rmtree(settings.editions)
    hamlet.engine.build()
    assert (part(hamlet).name, content(part(hamlet))) == (f"suggest-{wanted}", grown)


def test_builder_when_started_again_goes_on_beside_what_was_compiled(hamlet: Any) -> None:
    """A builder that finds a part of another process shows a change beside it without compiling first."""
    settings = hamlet.engine.settings
    ask(hamlet, STRANGE)
    builder = Builder(hamlet.engine.room.store, settings)
    assert builder._offered.show(builder._look()[1])
    assert finds(hamlet, STRANGE)
    beside = part(hamlet)
    again = Builder(hamlet.engine.room.store, settings)
    assert again._offered.show(again._look()[1])
    assert part(hamlet) == beside
    assert [name for name, _ in again.build().seconds] == ["suggest", "search"]


def test_change_when_held_goes_at_once(hamlet: Any) -> None:
    """An article that is held stays known, and is not offered from the part that shows it."""
    builder = Builder(hamlet.engine.room.store, hamlet.engine.settings)
    hamlet.move("validator", Move.HOLD, Ref(Kind.ARTICLE, "fiets-gestolen", "nl"))
    assert builder._offered.show(builder._look()[1])
    ranking = SuggestionIndex.open(part(hamlet)).rank("mijn fiets is gestolen")
    assert (ranking.matches[0].slug, ranking.reason) == ("fiets-gestolen", "not-live")


def test_follower_when_wanted_during_a_round_does_one_more() -> None:
    """What comes while it works is done together in the next round, and an error reaches who steps it."""
    rounds, go_on = [], threading.Event()

    def work() -> None:
        rounds.append(len(rounds))
        go_on.wait(30)
        if len(rounds) == 2:
            raise OSError("disk full")

    follower = Follower(work)
    for _ in range(3):
        follower.want(soon=True)
        follower.step()
    go_on.set()
    follower.end()
    assert rounds == [0]
    follower.want(soon=True)
    follower.step()
    follower.end()
    assert rounds == [0, 1]
    with pytest.raises(OSError, match="disk full"):
        follower.step()
