"""The best topics are the best ones, however little was read to find them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbengine.suggest import topk
from kbengine.suggest.topk import GRAIN, Impacts, best, every, parts, peaks, scores, settled

# How the work is cut up: as it comes, and so that even a handful of postings takes every short cut there is.
AS_IT_COMES = {}
EVERY_SHORT_CUT = {"_SHORT": 2, "_READ_THROUGH": 3, "_WORTH_ASKING": 1, "_LOOKUP": 0, "_STEPS": 50, "_LOOKED_UP": 1}


def impacts_of(lists: list[dict[int, int]], size: int) -> Impacts:
    """The index of rows of topic -> weight in grains."""
    held = [sorted(row.items()) for row in lists]
    starts = np.cumsum([0, *map(len, held)]).astype(np.int64)
    topics = np.array([topic for row in held for topic, _ in row], np.int32)
    weights = settled(np.array([grains for row in held for _, grains in row]) * GRAIN)
    return Impacts(starts, topics, weights, peaks(starts, weights), size)


@st.composite
def questions(draw: st.DrawFn) -> tuple[list[dict[int, int]], int, list[int], int]:
    """Rows of some topics, how many topics there are, which rows a message has, and how many topics are asked for."""
    size = draw(st.integers(1, draw(st.sampled_from([3, 20, 200]))))
    highest = draw(st.sampled_from([3, 2_000, 2**23]))
    row = st.dictionaries(st.integers(0, size - 1), st.integers(0, highest), max_size=draw(st.sampled_from([4, 60])))
    lists = draw(st.lists(row, min_size=1, max_size=12))
    return lists, size, draw(st.lists(st.integers(0, len(lists) - 1), unique=True)), draw(st.integers(1, 12))


def by_hand(lists: list[dict[int, int]], rows: list[int]) -> dict[int, int]:
    """Topic -> its sum in grains, over whole numbers."""
    sums: dict[int, int] = {}
    for row in rows:
        for topic, grains in lists[row].items():
            sums[topic] = sums.get(topic, 0) + grains
    return sums


@pytest.mark.parametrize("cut", [AS_IT_COMES, EVERY_SHORT_CUT], ids=["as it comes", "every short cut"])
@settings(max_examples=300, deadline=None)
@given(asked=questions())
def test_best_when_asked_gives_what_adding_up_everything_gives(cut, asked):
    """The same topics, ties by topic, with exactly the same sums: none is rounded."""
    lists, size, rows, k = asked
    impacts, picked = impacts_of(lists, size), np.array(rows, np.int64)
    sums = by_hand(lists, rows)
    expected = sorted((-grains, topic) for topic, grains in sums.items() if grains)[:k]

    with pytest.MonkeyPatch.context() as patch:
        for name, value in cut.items():
            patch.setattr(topk, name, value)
        topics, values = best(impacts, picked, k)
        again = scores(impacts, picked, topics)
        whole = every(impacts, picked)

    assert [(-int(value / GRAIN), topic) for topic, value in zip(topics.tolist(), values.tolist(), strict=True)] == (
        expected
    )
    assert again.tolist() == values.tolist()
    assert (whole / GRAIN).tolist() == [sums.get(topic, 0) for topic in range(size)]


@pytest.mark.parametrize("cut", [AS_IT_COMES, EVERY_SHORT_CUT], ids=["as it comes", "every short cut"])
@settings(max_examples=200, deadline=None)
@given(asked=questions(), data=st.data())
def test_parts_when_asked_of_topics_say_what_each_row_adds(cut, asked, data):
    """A row that does not hold a topic adds nothing; the order of the topics is the caller's."""
    lists, size, rows, _ = asked
    topics = data.draw(st.lists(st.integers(0, size - 1), unique=True, max_size=9))

    with pytest.MonkeyPatch.context() as patch:
        for name, value in cut.items():
            patch.setattr(topk, name, value)
        added = parts(impacts_of(lists, size), np.array(rows, np.int64), np.array(topics, np.int64))

    assert added.shape == (len(rows), len(topics))
    assert (added / GRAIN).tolist() == [[lists[row].get(topic, 0) for topic in topics] for row in rows]


def large(seed: int = 3) -> tuple[Impacts, list[np.ndarray]]:
    """Three thousand topics, a few of which hold many of the rare features that messages ask for."""
    draw = np.random.default_rng(seed)
    lengths = np.concatenate([np.full(200, 12), np.full(60, 2_500)])
    lists = [
        dict(zip(draw.choice(3_000, n, replace=False).tolist(), draw.integers(1, 60_000 // n, n).tolist(), strict=True))
        for n in lengths
    ]
    for row in range(200):
        lists[row] |= {7 * place: 4_000 for place in range(15)}
    rows = [np.sort(draw.choice(200, 20, replace=False)) for _ in range(20)]
    return impacts_of(lists, 3_000), [np.append(some, np.arange(200, 260)) for some in rows]


def test_best_when_long_rows_cannot_matter_does_not_read_them(monkeypatch):
    """Once no other topic can catch up, long rows are only looked up for those that can still win."""
    impacts, messages = large()
    read = []

    def noted(*arguments, add=topk._add):
        read.extend(arguments[1])
        add(*arguments)

    monkeypatch.setattr(topk, "_add", noted)

    topics, values = best(impacts, messages[0], 10)

    assert 20 <= len(read) < len(messages[0])
    everything = every(impacts, messages[0])
    order = np.lexsort((np.arange(impacts.size), -everything))[:10]
    assert (topics.tolist(), values.tolist()) == (order.tolist(), everything[order].tolist())


def test_best_when_a_topic_catches_up_at_the_last_row_is_not_too_early(monkeypatch):
    """A topic that can still draw level stays in, and then wins by its number."""
    for name, value in EVERY_SHORT_CUT.items():
        monkeypatch.setattr(topk, name, value)
    impacts = impacts_of([{1: 10}, {0: 4}, {2: 0}, {2: 0}, {2: 0}, {2: 0}, {0: 3}, {0: 3}], 3)

    topics, values = best(impacts, np.arange(8), 1)

    assert (topics.tolist(), (values / GRAIN).tolist()) == ([0], [10])


def test_best_when_sums_outgrow_a_float32_are_still_exact():
    """A message of very many heavy features is added up in a larger type."""
    heavy = 2**23 + 1
    impacts = impacts_of([{0: heavy, 1: heavy}, {0: heavy, 1: heavy}, {0: 1, 1: 2}], 2)

    topics, values = best(impacts, np.arange(3), 2)

    assert (topics.tolist(), (values / GRAIN).tolist()) == ([1, 0], [2 * heavy + 2, 2 * heavy + 1])


def test_best_when_threads_share_an_index_gives_each_its_own():
    """What one thread is adding up, no other sees."""
    impacts, messages = large()
    expected = [best(impacts, rows, 10)[1].tolist() for rows in messages]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda rows: best(impacts, rows, 10)[1].tolist(), messages * 5))

    assert found == expected * 5


def test_best_when_nothing_is_held_finds_nothing():
    """No topics, no rows, rows without postings, and weights of nothing: no topic, no crash."""
    none, some = impacts_of([{}], 0), impacts_of([{}, {3: 0}], 5)

    for impacts, rows in ((none, []), (none, [0]), (some, []), (some, [0, 1])):
        topics, values = best(impacts, np.array(rows, np.int64), 3)
        assert (topics.tolist(), values.tolist()) == ([], [])
        assert every(impacts, np.array(rows, np.int64)).tolist() == [0.0] * impacts.size


def test_settled_when_given_weights_gives_whole_grains():
    """The nearest whole number of grains, which a float32 holds as it is."""
    weights = settled(np.array([0.0, 1.0, 3.14159, 0.0004, 44.0]))

    assert weights.dtype == np.float32
    assert (weights / GRAIN).tolist() == [0, 1024, 3217, 0, 45056]
