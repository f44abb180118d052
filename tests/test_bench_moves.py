"""Eight processes on twenty texts: nothing lost, nothing done twice; and the bench sees it when something is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cast import ARTICLE, forged, story

from bench.moves import DONE, NEWER, Act, lost, measure, out_of_order, unknown, vouched_wrongly, wrongly_refused
from kbengine.history import History, Move


def told(history: History) -> list[Act]:
    """The acts of people who were told exactly what stands in a history, an act a second."""
    texts = {revision.number: revision.digest for revision in history.revisions}
    acts = [
        Act(history.ref, Move.SAVE, r.author, r.number, r.digest, texts.get(r.number - 1, ""), DONE, n, n + 0.5)
        for n, r in enumerate(history.revisions)
    ]
    after = len(acts)
    return acts + [
        Act(history.ref, d.move, d.actor, d.number, d.digest, "", DONE, after + n, after + n + 0.5)
        for n, d in enumerate(history.decisions)
    ]


HISTORY = story("save ann, submit ann, validate vera, save eve, submit eve, validate vera").history
ACTS = told(HISTORY)


def test_moves_when_eight_processes_work_at_once_keep_every_promise() -> None:
    """No lost update, no double validation, no validation of an own text, and a chain that proves itself."""
    result = measure(processes=8, moves=60, articles=20, seed=7)

    assert (result.tried, result.chain, result.lines) == (480, "intact", result.done)
    assert (result.lost, result.unknown, result.twice, result.own) == (0, 0, 0, 0)
    assert (result.out_of_order, result.wrongly_refused) == (0, 0)
    assert result.sound
    assert set(result.refused) <= {"move.own-text", "move.state", "revision.newer"}


def test_checks_when_everybody_was_told_the_truth_find_nothing() -> None:
    """What people were told is what the record says."""
    histories = {ARTICLE: HISTORY}

    found = (lost(ACTS, histories), unknown(ACTS, histories), out_of_order(ACTS, histories))
    assert (*found, vouched_wrongly(HISTORY)) == (0, 0, 0, (0, 0))


@pytest.mark.parametrize("gone", [0, 1, 2, 4])
def test_lost_when_the_record_lacks_an_act_counts_it(gone: int) -> None:
    """Every acknowledged text and decision is missed when it is not there."""
    revisions, decisions = list(HISTORY.revisions), list(HISTORY.decisions)
    del (revisions if gone < 2 else decisions)[gone if gone < 2 else gone - 2]

    assert lost(ACTS, {ARTICLE: replace(HISTORY, revisions=tuple(revisions), decisions=tuple(decisions))}) > 0


def test_lost_when_a_save_covered_a_text_that_its_writer_never_saw_counts_it() -> None:
    """A text that stands on another one than its writer read is a lost update."""
    assert lost([replace(act, below="x") if act.number == 2 and act.below else act for act in ACTS], {ARTICLE: HISTORY})


def test_unknown_when_nobody_was_told_of_an_act_counts_it() -> None:
    """What stands in the record was said to be done to somebody."""
    assert unknown(ACTS[1:], {ARTICLE: HISTORY}) == 1
    assert unknown(ACTS[:-1], {ARTICLE: HISTORY}) == 1


def test_vouched_wrongly_when_forged_counts_the_second_and_the_own_one() -> None:
    """Twice without a hold between is double; after a hold it is not; by a hand in the text it is one's own."""
    assert vouched_wrongly(forged("save ann, submit ann, validate vera, validate vic").history) == (1, 0)
    assert vouched_wrongly(story("save ann, submit ann, validate vera, hold eve, validate vic").history) == (0, 0)
    assert vouched_wrongly(forged("save vic, save ann, validate vic").history) == (0, 1)
    assert vouched_wrongly(
        story("save vic, submit vic, validate vera, save ann, submit ann, validate vic").history
    ) == (
        0,
        0,
    )


def test_out_of_order_when_a_later_act_stands_first_counts_it() -> None:
    """What had ended before another act began stands before it in the record."""
    late = [replace(act, began=act.began + 100, ended=act.ended + 100) if act.number == 1 else act for act in ACTS]

    assert out_of_order(late, {ARTICLE: HISTORY}) == 3


def test_wrongly_refused_when_there_is_no_newer_text_counts_it() -> None:
    """Whoever is told of a newer text can read it."""
    refused = [replace(ACTS[0], number=number, told=NEWER) for number in (1, 2)]

    assert wrongly_refused(refused, {ARTICLE: HISTORY}) == 1
