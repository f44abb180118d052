"""Likeness of meaning: learned in one go, exact about what was left out, and nothing where it cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from kbengine.suggest.meaning import LeftOut, Meaning, Texts

TOPICS, EACH, SIZE = 6, 5, 32


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)


def texts(each=EACH, spread=0.6, seed=7):
    """Texts about a direction of their own for each topic, all of them leaning the same way."""
    chance = np.random.default_rng(seed)
    middles = unit(chance.normal(size=(TOPICS, SIZE))) + 0.8
    topics = np.repeat(np.arange(TOPICS), each)
    vectors = unit(middles[topics] + spread * unit(chance.normal(size=(len(topics), SIZE))))
    return Texts(vectors, topics.astype(np.int64), np.ones(len(topics)), TOPICS)


def without(learned, places, *, topic=None):
    """The texts but those at some places; with `topic`, that one is gone and later ones move up."""
    kept = learned.some(np.setdiff1d(np.arange(len(learned.topics)), places))
    if topic is None:
        return kept
    return replace(kept, topics=kept.topics - (kept.topics > topic), size=kept.size - 1)


def test_message_when_it_means_the_same_finds_its_topic():
    """A vector near those of a topic scores high for that topic, and low for the others."""
    learned, asked = texts(), texts(each=20, seed=7)
    meaning = Meaning.of(learned)
    scores = np.array([meaning.scores(vector) for vector in asked.vectors])

    assert (scores.argmax(axis=1) == asked.topics).mean() > 0.95


def test_message_when_it_means_something_else_scores_near_nothing():
    """What lies opposite everything that was learned is no topic's."""
    learned = texts()
    meaning = Meaning.of(learned)
    own = max(meaning.scores(learned.vectors[0]))

    assert own > 0.5
    assert max(meaning.scores(unit(-meaning.centre))) < own / 4


def test_text_when_left_out_scores_as_if_never_written():
    """The short cut gives what learning again without the text would give, but for the centre, which it may move."""
    learned = texts()
    left_out = LeftOut.of(learned, range(len(learned.topics)))

    for place in (0, 7, len(learned.topics) - 1):
        again = Meaning.of(without(learned, [place])).scores(learned.vectors[place])
        assert left_out.without_text(place) == pytest.approx(again, abs=0.03)
        assert abs(again - Meaning.of(learned).scores(learned.vectors[place])).max() > 0.06


def test_topic_when_left_out_scores_as_if_never_been():
    """The short cut for a whole topic has a score for every other topic, as learning again would give."""
    learned = texts()
    left_out = LeftOut.of(learned, range(len(learned.topics)))

    for place in (0, 12, len(learned.topics) - 1):
        topic = int(learned.topics[place])
        rest = without(learned, np.flatnonzero(learned.topics == topic), topic=topic)
        assert left_out.without_topic(place) == pytest.approx(Meaning.of(rest).scores(learned.vectors[place]), abs=0.05)


def test_topic_when_it_has_many_texts_weighs_no_more():
    """A topic that people ask in a hundred ways does not win from one that is asked in five."""
    few, many = texts(), texts(each=100)
    chosen = (few.topics != 0).nonzero()[0]
    crowd = (many.topics == 0).nonzero()[0]
    uneven = Texts(
        np.concatenate((many.vectors[crowd], few.vectors[chosen])),
        np.concatenate((many.topics[crowd], few.topics[chosen])),
        np.ones(len(crowd) + len(chosen)),
        TOPICS,
    )
    meaning = Meaning.of(uneven)
    asked = texts(each=20)
    found = np.array([meaning.scores(vector).argmax() for vector in asked.vectors])

    assert (found == asked.topics).mean() > 0.9
    assert (found == 0).sum() <= 24


def test_fit_when_too_large_to_be_exact_comes_near(monkeypatch):
    """Above the exact size the rounds give the same answers, and what is left out is judged on some texts."""
    learned, asked = texts(each=40), texts(each=10)
    exact = np.array([Meaning.of(learned).scores(vector) for vector in asked.vectors])
    monkeypatch.setattr("kbengine.suggest.meaning._EXACT", 100)
    near = np.array([Meaning.of(learned).scores(vector) for vector in asked.vectors])
    left_out = LeftOut.of(learned, [3, 77, 201])

    assert near == pytest.approx(exact, abs=0.02)
    assert (len(left_out.places), {3, 77, 201} <= set(left_out.places.tolist())) == (100, True)
    assert left_out.without_text(77).argmax() == learned.topics[77]


def test_texts_when_there_is_nothing_to_tell_apart_are_not_learned_from():
    """One topic, one text or more than fits in memory is no ground for likeness of meaning."""
    learned = texts()

    assert learned.fit_to_learn
    assert not replace(learned, size=1).fit_to_learn
    assert not learned.some(np.array([0])).fit_to_learn
    assert not replace(learned, size=10_000_000).fit_to_learn


def test_topic_when_it_has_no_text_changes_nothing_for_others():
    """A topic without a text has a place and never wins."""
    learned = texts()
    more = replace(learned, size=TOPICS + 1)
    scores = np.array([Meaning.of(more).scores(vector) for vector in learned.vectors])

    assert (scores.argmax(axis=1) == learned.topics).all()
