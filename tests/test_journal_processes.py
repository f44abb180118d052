"""Several processes on one store at once: nobody's text is lost, and nothing is vouched for twice."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from cast import BRUSSELS, CAST
from homes import new_store

from kbengine.article import Kind, Ref
from kbengine.errors import KBError, SignInError, WorkflowError
from kbengine.history import Actor, Move, Role, State
from kbengine.journal import Store, create, make_move, open_store
from kbengine.period import NO_TERMS
from kbengine.validate import live, state

SPAWN = multiprocessing.get_context("spawn")
REFS = tuple(Ref(Kind.ARTICLE, f"fiche-{number}", "nl") for number in range(5))
WORKERS, STEPS, DUELS = 4, 100, 20
BOTH = frozenset({Role.EDITOR, Role.VALIDATOR})


@dataclass(frozen=True)
class Done:
    """One act that a process was told is done: a saved text with what it stood on, or a decision."""

    ref: Ref
    number: int
    digest: str
    move: Move
    who: str
    below: str = ""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty demo store."""
    made = new_store(tmp_path / "store", demo=True)
    yield made
    made.close()


def together(act: Callable[..., None], each: list[tuple[Any, ...]]) -> list[Any]:
    """Run `act(*arguments, barrier, results)` in a process for each; returns all that they put in the results."""
    barrier, results = SPAWN.Barrier(len(each)), SPAWN.Queue()
    processes = [SPAWN.Process(target=act, args=(*arguments, barrier, results)) for arguments in each]
    for process in processes:
        process.start()
    found = [item for _ in processes for item in results.get(timeout=240)]
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(processes)
    return found


# Everybody works


def work(directory: Path, who: str, barrier: Barrier, results: Queue) -> None:
    """Save, submit, return and validate at random; report what was acknowledged."""
    store, dice, done = open_store(directory), random.Random(who), []
    barrier.wait(timeout=120)
    for step in range(STEPS):
        try:
            done.append(_act(store, Actor(who, BOTH), dice, f"{who} {step}\n"))
        except WorkflowError:
            continue
    store.close()
    results.put(done)


def _act(store: Store, actor: Actor, dice: random.Random, said: str) -> Done:
    ref = dice.choice(REFS)
    newest = store.journal.history(ref).latest
    move = dice.choice([Move.SAVE, Move.SUBMIT, Move.VALIDATE, Move.VALIDATE, Move.RETURN])
    with store.journal.write() as writer:
        if newest is None or move is Move.SAVE:
            base, below = (newest.number, newest.digest) if newest else (0, "")
            saved = writer.save(ref, said, "diefstal", actor.person, NO_TERMS, base)
            return Done(ref, saved.number, saved.digest, Move.SAVE, actor.person, below)
        make_move(writer, actor, ref, newest.number, newest.digest, move, "Zo", "nl", BRUSSELS)
    return Done(ref, newest.number, newest.digest, move, actor.person)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, list[Done]]]:
    """A store that four processes worked on at once, and everything they were told is done."""
    store = create(tmp_path_factory.mktemp("worked") / "store", demo=True)
    done = together(work, [(store.directory, f"worker-{number}") for number in range(WORKERS)])
    yield store, done
    store.close()


def test_work_when_four_processes_save(worked: tuple[Store, list[Done]]) -> None:
    """No update is lost: every acknowledged text is there under its number, on top of the text it was written on."""
    store, done = worked
    saved = {(act.ref, act.number): act for act in done if act.move is Move.SAVE}
    histories = store.journal.snapshot()[1]
    kept = {(ref, revision.number): revision for ref, history in histories.items() for revision in history.revisions}
    assert {key: (act.digest, act.who) for key, act in saved.items()} == {
        key: (revision.digest, revision.author) for key, revision in kept.items()
    }
    assert all(act.below == (kept[ref, n - 1].digest if n > 1 else "") for (ref, n), act in saved.items())


def test_work_when_four_processes_decide(worked: tuple[Store, list[Done]]) -> None:
    """Every acknowledged decision is in the journal once, and none that was not acknowledged."""
    store, done = worked
    told = Counter((act.ref, act.number, act.digest, act.move, act.who) for act in done if act.move is not Move.SAVE)
    decisions = [decision for history in store.journal.snapshot()[1].values() for decision in history.decisions]
    assert told == Counter((d.ref, d.number, d.digest, d.move, d.actor) for d in decisions)
    assert told.total() > 50


def test_work_when_looked_at_afterwards(worked: tuple[Store, list[Done]]) -> None:
    """Numbers are contiguous, instants never go back, and the chain has one line for every act."""
    store, done = worked
    head, histories = store.journal.snapshot()
    for history in histories.values():
        assert [revision.number for revision in history.revisions] == list(range(1, len(history.revisions) + 1))
        assert [decision.at for decision in history.decisions] == sorted(d.at for d in history.decisions)
    assert store.verify() == head
    assert head.seq == len(done)


def test_work_when_validated(worked: tuple[Store, list[Done]]) -> None:
    """Every revision is validated at most once, never by somebody who had a hand in it since the one before."""
    validated = 0
    for history in worked[0].journal.snapshot()[1].values():
        before = 0
        for decision in (decision for decision in history.decisions if decision.move is Move.VALIDATE):
            assert decision.number > before
            assert decision.actor not in {revision.author for revision in history.revisions[before : decision.number]}
            before, validated = decision.number, validated + 1
    assert validated > 0


# Two validators and an author, at the same instant


def duel(directory: Path, who: str, move: Move, barrier: Barrier, results: Queue) -> None:
    """Make the same move on the first revision of many texts, each at the same instant as the others."""
    store, found = open_store(directory), []
    for number in range(DUELS):
        ref = Ref(Kind.ARTICLE, f"duel-{number}", "nl")
        seen = store.journal.history(ref).revision(1).digest
        barrier.wait(timeout=120)
        found.append((ref, who, _one(store, who, ref, move, seen)))
    store.close()
    results.put(found)


def _one(store: Store, who: str, ref: Ref, move: Move, seen: str) -> str:
    try:
        with store.journal.write() as writer:
            if move is Move.SAVE:
                seen = writer.save(ref, "Nieuwer.\n", "diefstal", who, NO_TERMS, 1).digest
                make_move(writer, CAST[who], ref, 2, seen, Move.SUBMIT, "", "nl", BRUSSELS)
            else:
                make_move(writer, CAST[who], ref, 1, seen, move, "", "nl", BRUSSELS)
    except KBError as error:
        return type(error).__name__
    return "done"


def test_validate_when_two_validators_and_the_author_act_at_once(store: Store) -> None:
    """Exactly one validation, of the old text; the other validator is refused; the author's new text is in review."""
    for number in range(DUELS):
        ref = Ref(Kind.ARTICLE, f"duel-{number}", "nl")
        with store.journal.write() as writer:
            seen = writer.save(ref, "Oud.\n", "diefstal", "ann", NO_TERMS, 0).digest
            make_move(writer, CAST["ann"], ref, 1, seen, Move.SUBMIT, "", "nl", BRUSSELS)
    people = [("vera", Move.VALIDATE), ("vic", Move.VALIDATE), ("ann", Move.SAVE)]
    found = together(duel, [(store.directory, who, move) for who, move in people])
    for ref, history in store.journal.snapshot()[1].items():
        said = {who: outcome for place, who, outcome in found if place == ref}
        assert (said["ann"], sorted((said["vera"], said["vic"]))) == ("done", ["WrongState", "done"])
        published, now = live(history, store.journal.now(), BRUSSELS), store.journal.now()
        assert (published and published.number, state(history, 2, now, BRUSSELS)) == (1, State.IN_REVIEW)
    store.verify()


# Twin accounts


def join(directory: Path, login: str, barrier: Barrier, results: Queue) -> None:
    """Make an account at the same instant as the others."""
    store = open_store(directory)
    barrier.wait(timeout=120)
    try:
        store.accounts.add(login, login, frozenset())
        results.put(["done"])
    except SignInError as error:
        results.put([error.code])
    store.close()


def test_add_when_four_processes_add_a_twin(store: Store) -> None:
    """Of four twins made at once, one gets the account."""
    found = together(
        join, [(store.directory, login) for login in ("jan.peeters", "Jan.Peeters", "jan-peeters", "ｊan.peeters")]
    )
    assert sorted(found) == ["done", *["person.exists"] * 3]
    assert len(store.accounts.all()) == 1
    assert store.verify().seq == 1
