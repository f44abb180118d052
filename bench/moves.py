"""Many processes that write and decide on a few texts at once: is anything lost, done twice, or out of order?

    python -m bench.moves [--processes N] [--moves N] [--articles N] [--seed S] [--url URL] [--json]

Each process looks at a text, then makes a move on what it saw: so most moves meet one that came first. Afterwards the
record is compared with what each process was told. The store is a real one in a folder of its own, deleted afterwards;
with --url it is an empty PostgreSQL database, which is left as it is, and psycopg has to be installed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path
from queue import Queue
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from bench.race import percentile
from kbengine.article import Kind, Ref
from kbengine.errors import ChainBroken, KBError
from kbengine.history import Actor, History, Move, Role
from kbengine.journal import DATABASE, Journal, create, make_move
from kbengine.journal import tables as t
from kbengine.journal.connect import connect, migrate, writing
from kbengine.journal.record import EPOCH, GENESIS
from kbengine.journal.verify import verify
from kbengine.period import NO_TERMS

_SPAWN: Final = multiprocessing.get_context("spawn")
_TZ: Final = ZoneInfo("Europe/Brussels")
_ROLES: Final = frozenset({Role.EDITOR, Role.VALIDATOR})
_MOVES: Final = (
    *(Move.SAVE, Move.SAVE, Move.SUBMIT, Move.SUBMIT, Move.VALIDATE, Move.VALIDATE, Move.VALIDATE),
    *(Move.RETURN, Move.RENEW, Move.HOLD),
)
DONE: Final = "done"
NEWER: Final = "revision.newer"


@dataclass(frozen=True, slots=True)
class Act:
    """One move that a process tried: on what, what it was told (DONE or a code), and when (seconds, one clock).

    `digest` is that of the text it saw, for a save that was done of the text it wrote; `below` is what a save stood on.
    """

    ref: Ref
    move: Move
    who: str
    number: int
    digest: str
    below: str
    told: str
    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Result:
    """All figures; `refused` is by code. Whatever stands after `chain` must be 0, and `chain` "intact"."""

    store: str
    processes: int
    articles: int
    tried: int
    done: int
    refused: Mapping[str, int]
    seconds: float
    p50_ms: float | None
    p99_ms: float | None
    lines: int
    chain: str
    lost: int
    unknown: int
    twice: int
    own: int
    out_of_order: int
    wrongly_refused: int

    @property
    def sound(self) -> bool:
        """Whether every promise was kept."""
        broken = self.lost + self.unknown + self.twice + self.own + self.out_of_order + self.wrongly_refused
        return self.chain == "intact" and not broken


def work(
    url: str, who: str, moves: int, refs: Sequence[Ref], seed: int, barrier: Barrier, results: Queue[list[Act]]
) -> None:
    """One process: look at a text, make a move on what was seen, note what was told; as often as asked."""
    engine = connect(url)
    journal, dice, acts = Journal(engine), random.Random(f"{seed}:{who}"), []
    barrier.wait(timeout=300)
    for step in range(moves):
        acts.append(_try(journal, Actor(who, _ROLES), dice.choice(refs), dice.choice(_MOVES), f"{who} {step}\n"))
    engine.dispose()
    results.put(acts)


def _try(journal: Journal, actor: Actor, ref: Ref, move: Move, text: str) -> Act:
    began, newest = time.monotonic(), journal.history(ref).latest
    number, digest = (newest.number, newest.digest) if newest else (0, "")
    below, told, move = digest, DONE, move if newest else Move.SAVE
    try:
        with journal.write() as writer:
            if move is Move.SAVE:
                saved = writer.save(ref, text, "bench", actor.person, NO_TERMS, number)
            else:
                make_move(writer, actor, ref, number, digest, move, "Zo", ref.lang, _TZ)
    except KBError as error:
        told = error.code
    else:
        number, digest = (saved.number, saved.digest) if move is Move.SAVE else (number, digest)
    return Act(ref, move, actor.person, number, digest, below, told, began, time.monotonic())


def together(url: str, processes: int, moves: int, refs: Sequence[Ref], seed: int) -> list[Act]:
    """Everything that processes starting at one instant tried; raises RuntimeError when one of them failed."""
    barrier, results = _SPAWN.Barrier(processes), _SPAWN.Queue()
    names = [f"worker-{number}" for number in range(processes)]
    started = [_SPAWN.Process(target=work, args=(url, who, moves, refs, seed, barrier, results)) for who in names]
    for process in started:
        process.start()
    acts = [act for _ in started for act in results.get(timeout=3_600)]
    for process in started:
        process.join()
    if any(process.exitcode for process in started):
        raise RuntimeError("A process did not end well: see what it printed.")
    return acts


def lost(acts: Iterable[Act], histories: Mapping[Ref, History]) -> int:
    """Acts that were said to be done and are not in the record, or saves that covered a text their writer never saw."""
    written, decided = _written(histories), _decided(histories)
    missing = 0
    for act in acts:
        if act.told != DONE:
            continue
        if act.move is Move.SAVE:
            below = written.get((act.ref, act.number - 1), ("", ""))[0]
            missing += (act.digest, act.who) != written.get((act.ref, act.number)) or act.below != below
        else:
            decided.subtract([_decision(act)])
    return missing + sum(-count for count in decided.values() if count < 0)


def unknown(acts: Iterable[Act], histories: Mapping[Ref, History]) -> int:
    """What is in the record and was said to nobody."""
    saves = {(act.ref, act.number) for act in acts if act.told == DONE and act.move is Move.SAVE}
    decided = _decided(histories)
    decided.subtract(_decision(act) for act in acts if act.told == DONE and act.move is not Move.SAVE)
    return len(_written(histories).keys() - saves) + sum(count for count in decided.values() if count > 0)


def _decision(act: Act) -> tuple[object, ...]:
    return (act.ref, act.number, act.digest, act.move, act.who)


def _decided(histories: Mapping[Ref, History]) -> Counter[tuple[object, ...]]:
    decisions = (decision for history in histories.values() for decision in history.decisions)
    return Counter((d.ref, d.number, d.digest, d.move, d.actor) for d in decisions)


def _written(histories: Mapping[Ref, History]) -> dict[tuple[Ref, int], tuple[str, str]]:
    revisions = (revision for history in histories.values() for revision in history.revisions)
    return {(revision.ref, revision.number): (revision.digest, revision.author) for revision in revisions}


def vouched_wrongly(history: History) -> tuple[int, int]:
    """How often one text was vouched for twice with no hold between, and by somebody who had a hand in it."""
    twice, own, counting, validated = 0, 0, set[int](), {0}
    for decision in history.decisions:
        if decision.move is Move.HOLD:
            counting.clear()
        elif decision.move is Move.VALIDATE:
            twice += decision.number in counting
            before = max(number for number in validated if number < decision.number)
            hands = {revision.author for revision in history.revisions if before < revision.number <= decision.number}
            own += decision.actor in hands
            counting.add(decision.number)
            validated.add(decision.number)
    return twice, own


def out_of_order(acts: Iterable[Act], histories: Mapping[Ref, History]) -> int:
    """Done acts that stand in the record before one that had ended when they began."""
    rows: defaultdict[object, list[tuple[int, Act]]] = defaultdict(list)
    seqs: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for history in histories.values():
        for d in history.decisions:
            seqs[d.ref, d.number, d.digest, d.move, d.actor].append(d.seq)
    for act in sorted((act for act in acts if act.told == DONE), key=lambda act: act.began):
        if act.move is Move.SAVE:
            rows[act.ref].append((act.number, act))
        elif seqs[_decision(act)]:
            rows["decisions"].append((seqs[_decision(act)].pop(0), act))
    return sum(_late([act for _, act in sorted(row, key=lambda pair: pair[0])]) for row in rows.values())


def _late(acts: Sequence[Act]) -> int:
    late, latest = 0, 0.0
    for act in acts:
        late += act.ended < latest
        latest = max(latest, act.began)
    return late


def wrongly_refused(acts: Iterable[Act], histories: Mapping[Ref, History]) -> int:
    """Saves that were told of a newer text when nobody had written one."""
    kept = _written(histories)
    newer = (act for act in acts if act.told == NEWER)
    return sum(1 for act in newer if (act.ref, act.number + 1) not in kept)


def judge(name: str, processes: int, articles: int, acts: Sequence[Act], seconds: float, journal: Journal) -> Result:
    """All figures of a run, with the whole chain proved."""
    head, histories = journal.snapshot()
    try:
        verify(journal.engine)
        chain = "intact"
    except ChainBroken as error:
        chain = error.message
    done = [act for act in acts if act.told == DONE]
    wrongly = [vouched_wrongly(history) for history in histories.values()]
    took = [(act.ended - act.began) * 1_000 for act in done]
    refused = Counter(act.told for act in acts if act.told != DONE)
    return Result(
        store=name,
        processes=processes,
        articles=articles,
        tried=len(acts),
        done=len(done),
        refused=dict(sorted(refused.items())),
        seconds=round(seconds, 1),
        p50_ms=percentile(took, 0.50),
        p99_ms=percentile(took, 0.99),
        lines=head.seq,
        chain=chain,
        lost=lost(acts, histories),
        unknown=unknown(acts, histories),
        twice=sum(twice for twice, _ in wrongly),
        own=sum(own for _, own in wrongly),
        out_of_order=out_of_order(acts, histories),
        wrongly_refused=wrongly_refused(acts, histories),
    )


def measure(processes: int, moves: int, articles: int, seed: int = 0, url: str = "") -> Result:
    """Run it on an empty store: a new SQLite one in a folder of its own, or the empty database at `url`."""
    refs = tuple(Ref(Kind.ARTICLE, f"fiche-{number}", "nl") for number in range(articles))
    with tempfile.TemporaryDirectory(prefix="bench-moves-") as folder:
        if url:
            _prepare(url)
        else:
            create(Path(folder) / "store", demo=True).close()
        address = url or f"sqlite:///{Path(folder) / 'store' / DATABASE}"
        began = time.monotonic()
        acts = together(address, processes, moves, refs, seed)
        seconds = time.monotonic() - began
        engine = connect(address)
        result = judge(engine.dialect.name, processes, articles, acts, seconds, Journal(engine))
        engine.dispose()
    return result


def _prepare(url: str) -> None:
    """Make the tables of a demo store in an empty database."""
    engine = connect(url)
    migrate(engine)
    with writing(engine) as connection:
        connection.execute(insert(t.head).values(id=1, seq=0, hash=GENESIS, at=EPOCH))
        connection.execute(insert(t.store).values(key="demo", value="yes"))
    engine.dispose()


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m bench.moves", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--processes", type=int, default=8, help="how many work at once")
    parser.add_argument("--moves", type=int, default=2_000, help="moves that each of them tries")
    parser.add_argument("--articles", type=int, default=20, help="texts they work on")
    parser.add_argument("--seed", type=int, default=0, help="which moves are tried")
    parser.add_argument("--url", default="", help="an empty PostgreSQL database instead of a SQLite file")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    return parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a promise was broken."""
    asked = options(arguments)
    result = measure(asked.processes, asked.moves, asked.articles, asked.seed, asked.url)
    for name, value in asdict(result).items():
        print(f"{name.replace('_', ' '):<16} {value}")
    if asked.json:
        print(json.dumps(asdict(result)))
    return 0 if result.sound else 1


if __name__ == "__main__":
    sys.exit(main())
