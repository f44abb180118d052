"""Topics that changed beside a compiled index: found at once, and all others as before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_suggest import topics

from kbengine.errors import StoreMissing
from kbengine.suggest import Change, SuggestionIndex, Topic, build, write_changed

HELD = {topic.slug: topic for topic in topics()}
BIKE = HELD["fiets-gestolen"]
SEAL = Topic("zegel", {"nl": "Ribbelmoeras"}, {"nl": ("mijn ribbelmoeras is nat",)})


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A compiled index, made once; nobody writes in it."""
    directory = tmp_path_factory.mktemp("compiled")
    build(topics(), directory)
    return directory


def asking(topic: Topic, *questions: str) -> Topic:
    """A topic with more questions."""
    return replace(topic, questions={**topic.questions, "nl": (*topic.questions["nl"], *questions)})


def changed(compiled: Path, directory: Path, *now: Topic, gone: str = "") -> SuggestionIndex:
    """The index opened with some topics as they are now, and perhaps one that is gone."""
    changes = [Change(topic.slug, HELD.get(topic.slug), topic) for topic in now]
    changes += [Change(gone, HELD[gone], None)] if gone else []
    write_changed(SuggestionIndex.open(compiled).known, compiled, changes, directory)
    return SuggestionIndex.open(directory)


def found(index: SuggestionIndex, message: str) -> list[str]:
    """The slugs that a message finds, best first."""
    return [match.slug for match in index.rank(message).matches]


def test_changed_topic_when_asked_in_a_new_way_is_found(compiled: Path, tmp_path: Path) -> None:
    """A new question counts with words that the compiled index never met, and above the line."""
    message = "waar is de zwaluwkeuring van mijn klinkerpad"
    before = SuggestionIndex.open(compiled).rank("zwaluwkeuring klinkerpad")
    ranking = changed(compiled, tmp_path / "now", asking(BIKE, message)).rank("zwaluwkeuring klinkerpad")
    assert before.matches == ()
    assert (ranking.matches[0].slug, ranking.reason) == (BIKE.slug, "")


def test_changed_topics_when_new_or_gone(compiled: Path, tmp_path: Path) -> None:
    """A new topic is found, and one that is gone is not, nor does it stand in another's way."""
    index = changed(compiled, tmp_path / "now", SEAL, gone=BIKE.slug)
    assert found(index, "ribbelmoeras nat")[0] == SEAL.slug
    assert all(BIKE.slug not in found(index, question) for question in BIKE.questions["nl"])
    assert (SEAL.slug, True) in index.topics


def test_changed_topics_when_they_are_as_before_score_the_same(compiled: Path, tmp_path: Path) -> None:
    """Reading every topic again beside the index changes no score: what was learned stays."""
    before, after = SuggestionIndex.open(compiled), changed(compiled, tmp_path / "now", *HELD.values())
    for topic in HELD.values():
        for question in topic.questions["nl"]:
            one, other = (index.rank(question).matches for index in (before, after))
            assert [(m.slug, m.score, m.confidence) for m in one] == [(m.slug, m.score, m.confidence) for m in other]


def test_changed_topic_when_it_refuses_a_message(compiled: Path, tmp_path: Path) -> None:
    """What an article refuses from now on is not offered it from now on."""
    question = BIKE.questions["nl"][0]
    index = changed(compiled, tmp_path / "now", replace(BIKE, questions={}, not_asked=(question,)))
    assert BIKE.slug not in found(index, question)


def test_changed_index_when_opened_again_reads_only_what_changed(compiled: Path, tmp_path: Path) -> None:
    """A process that has the compiled index open goes on with it, whichever of the directories is left."""
    opened = changed(compiled, tmp_path / "one", SEAL)
    changed(tmp_path / "one", tmp_path / "two", SEAL, asking(BIKE, "zwaluwkeuring"))
    again = SuggestionIndex.open(tmp_path / "two", opened=opened)
    assert again.compiled is opened.compiled
    assert found(again, "zwaluwkeuring")[0] == BIKE.slug
    assert SuggestionIndex.open(compiled, opened=again) is opened.compiled


@pytest.mark.parametrize("name", ["changed.json", "weights.npy"])
def test_changed_index_when_damaged_is_none(compiled: Path, tmp_path: Path, name: str) -> None:
    """What lost a file is no index, rather than a wrong one."""
    changed(compiled, tmp_path / "now", SEAL)
    (tmp_path / "now" / "changed" / name).write_bytes(b"")
    with pytest.raises(StoreMissing, match="no whole suggestion index"):
        SuggestionIndex.open(tmp_path / "now")
