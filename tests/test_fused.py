"""Words and likeness of meaning together: what neither finds alone, and words alone when meaning cannot be had."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace

import numpy as np
import pytest

from kbengine.errors import SettingsError
from kbengine.suggest import BELOW_LINE, NOTHING_SIMILAR, SuggestionIndex, Topic, build

SAME = {
    "velo": "fiets", "rijwiel": "fiets", "tweewieler": "fiets", "gepikt": "gestolen", "ontvreemd": "gestolen",
    "gejat": "gestolen", "herrie": "lawaai", "kabaal": "lawaai", "buur": "buren", "nachtrust": "lawaai",
    "loket": "balie", "openingsuren": "uren", "dicht": "uren", "open": "uren", "parking": "parkeren", "oprit": "garage",
    "wagen": "auto", "voertuig": "auto",
}  # fmt: skip
SMALL = {"de", "het", "een", "is", "mijn", "ik", "van", "voor", "en", "in", "op", "aan", "wat", "te", "niet", "met"}


class Meanings:
    """A small encoder of the tests' own: a text is the things it speaks of, whatever it calls them."""

    def __init__(self, identity="meanings 1", broken=False):
        self.identity, self.broken = identity, broken

    def vectors(self, texts):
        if self.broken:
            raise SettingsError("encoder.failed", "The sentence encoder failed.")
        rows = np.full((len(texts), 128), 0.01, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in set(text.lower().replace("?", " ").replace(",", " ").split()) - SMALL:
                row[hashlib.sha256(SAME.get(word, word).encode()).digest()[0] % 128] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def topic(slug, title, things, deeds):
    """Asked in three ways about each thing and each deed."""
    begins = ("mijn", "help, de", "wat nu, een")
    asked = tuple(f"{begin} {thing} {deed}" for begin in begins for thing in things for deed in deeds)
    return Topic(slug, {"nl": title}, {"nl": asked})


TOPICS = (
    topic("fiets-gestolen", "Fiets gestolen", ("fiets", "velo"), ("is gestolen", "is gejat", "ontvreemd")),
    topic("nachtlawaai", "Lawaai van de buren", ("buren", "buur"), ("maken lawaai", "met herrie")),
    topic("openingsuren", "Uren van de balie", ("balie", "loket"), ("uren", "is open wanneer")),
    topic("garage-versperd", "Auto voor de garage", ("auto", "wagen"), ("voor garage", "parkeren oprit")),
)


def opened(directory, topics=TOPICS, encoder=None, reader=None):
    build(topics, directory, encoder=encoder)
    return SuggestionIndex.open(directory, reader)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    directory = tmp_path_factory.mktemp("fused")
    build(TOPICS, directory, encoder=Meanings())
    return directory


@pytest.fixture(scope="module")
def index(folder):
    return SuggestionIndex.open(folder, Meanings())


def test_message_when_it_shares_no_word_is_found_by_meaning(index, folder):
    """What an answer is called otherwise is found all the same, and it says that it was likeness of meaning."""
    ranking = index.rank("tweewieler ontvreemd", "nl")
    words = SuggestionIndex.open(folder).rank("rijwiel", "nl")

    assert (ranking.reason, ranking.matches[0].slug) == ("", "fiets-gestolen")
    assert index.rank("rijwiel", "nl").matches[0].slug == "fiets-gestolen"
    assert index.rank("rijwiel", "nl").matches[0].meaning > 0.9
    assert (words.matches, words.reason) == ((), NOTHING_SIMILAR)


def test_reason_when_both_speak_names_words_and_meaning(index):
    """The words and likeness of meaning share what led to a match; together they are all of it at most."""
    match = index.rank("mijn rijwiel is gestolen", "nl").matches[0]

    assert match.words[0][0] == "gestolen"
    assert 0.2 < match.meaning < 1
    assert 0.9 < match.meaning + sum(part for _, part in match.words) <= 1.001


def test_message_when_about_something_else_stays_below_the_line(index):
    """Likeness of meaning lowers no line: what no article answers is met with silence."""
    assert index.rank("waar koop ik postzegels", "nl").reason in (BELOW_LINE, NOTHING_SIMILAR)


def test_index_when_opened_without_its_encoder_goes_by_words(folder, tmp_path):
    """Built with vectors and opened without, it is the index that words alone would have made, its line too."""
    plain, without = opened(tmp_path), SuggestionIndex.open(folder)
    messages = ["velo gejat", "welke uren is het loket open", "postzegels", "lawaai"]

    assert not without.by_meaning
    assert [without.rank(text, "nl") for text in messages] == [plain.rank(text, "nl") for text in messages]
    assert (without.line, without.costs) == (plain.line, plain.costs)


def test_index_when_opened_with_another_model_goes_by_words(folder):
    """Vectors of two models are never compared."""
    assert SuggestionIndex.open(folder, Meanings()).by_meaning
    assert not SuggestionIndex.open(folder, Meanings("meanings 2")).by_meaning


def test_message_when_the_encoder_fails_is_answered_by_words(folder, caplog):
    """A model that breaks down stops nothing; the log says so, without the message."""
    broken = SuggestionIndex.open(folder, Meanings(broken=True))
    with caplog.at_level(logging.WARNING):
        ranking = broken.rank("velo gejat", "nl")

    assert ranking == SuggestionIndex.open(folder).rank("velo gejat", "nl")
    assert "by words alone" in caplog.text
    assert "velo" not in caplog.text


def test_build_when_the_encoder_fails_makes_an_index_of_words(tmp_path, caplog):
    """What cannot be encoded is still suggested by its words."""
    index = opened(tmp_path, encoder=Meanings(broken=True), reader=Meanings())

    assert not index.by_meaning
    assert index.rank("velo gejat", "nl").matches[0].slug == "fiets-gestolen"
    assert "for words alone" in caplog.text


def test_build_when_repeated_gives_the_same_bytes(folder, tmp_path):
    """Same topics and same model: same files."""
    build(tuple(reversed(TOPICS)), tmp_path, encoder=Meanings())

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_ranking_when_repeated_is_the_same(index):
    """Same message, same index: same topics, same order, same reasons."""
    assert index.rank("mijn rijwiel is gestolen", "nl") == index.rank("mijn rijwiel is gestolen", "nl")


def test_encoder_when_it_knows_nothing_counts_for_little(tmp_path):
    """An encoder to which all texts are noise is outweighed: words decide as before."""

    class Noise(Meanings):
        def vectors(self, texts):
            seeds = [int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") for text in texts]
            rows = np.array([np.random.default_rng(seed).normal(size=64) for seed in seeds], np.float32)
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    noisy = opened(tmp_path / "noise", encoder=Noise(), reader=Noise())
    plain = opened(tmp_path / "plain")
    messages = ["velo gejat", "welke uren is het loket open", "lawaai buren", "wagen voor mijn garage", "fiets weg"]

    assert [noisy.rank(text, "nl").matches[0].slug for text in messages] == [
        plain.rank(text, "nl").matches[0].slug for text in messages
    ]


def test_refused_message_when_it_means_the_same_is_not_offered(tmp_path):
    """A message that must not find an article does not find it by meaning either."""
    refusing = replace(TOPICS[0], not_asked=("ik zag een velo gestolen op tv",))
    index = opened(tmp_path, (refusing, *TOPICS[1:]), encoder=Meanings(), reader=Meanings())
    ranking = index.rank("ik zag een velo gestolen op tv", "nl")

    assert ranking.reason or ranking.matches[0].slug != "fiets-gestolen"


@pytest.mark.parametrize("topics", [(), TOPICS[:1], (Topic("leeg"), Topic("ook-leeg"))], ids=["none", "one", "empty"])
def test_build_when_there_is_nothing_to_tell_apart_goes_by_words(tmp_path, topics):
    """Nothing can be learned of one article or of empty ones; the index works without meaning."""
    index = opened(tmp_path, topics, encoder=Meanings(), reader=Meanings())

    assert not index.by_meaning
    assert index.rank("velo gejat", "nl").lang == "nl"


def test_topics_when_there_are_no_questions_are_found_by_their_titles(tmp_path):
    """On the first day there are titles and answers only, and meaning helps all the same."""
    bare = tuple(
        Topic(topic.slug, topic.titles, {}, {"nl": f"Over {topic.titles['nl']} vindt u alles."}) for topic in TOPICS
    )
    index = opened(tmp_path, bare, encoder=Meanings(), reader=Meanings())

    assert (index.by_meaning, index.drawn) == (True, "untaught")
    assert index.rank("rijwiel gepikt", "nl").matches[0].slug == "fiets-gestolen"
