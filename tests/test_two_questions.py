"""Two questions in one message: both answers are offered, and a story around one question stays one question."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbengine.suggest import SuggestionIndex, Topic, build, rank_each
from kbengine.suggest.parts import parts

ASKED = {
    "boete-betalen": (
        "hoe betaal ik mijn boete",
        "waar kan ik een boete betalen",
        "boete in schijven betalen",
        "rekeningnummer voor de boete",
    ),
    "fiets-gestolen": (
        "mijn fiets is gestolen",
        "aangifte van een gestolen fiets",
        "velo gepikt aan het station",
        "fiets weg uit de stalling",
    ),
    "nachtlawaai": (
        "de buren maken lawaai",
        "luide muziek in de nacht",
        "feestje naast de deur en ik kan niet slapen",
        "wie bel ik bij lawaai",
    ),
    "verhuis": (
        "parkeerverbod aanvragen voor een verhuis",
        "borden voor de verhuiswagen",
        "plaats vrijhouden voor een verhuislift",
    ),
}


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> SuggestionIndex:
    """An index of four subjects that have little in common."""
    folder: Path = tmp_path_factory.mktemp("parts")
    build([Topic(slug, questions={"nl": asked}) for slug, asked in ASKED.items()], folder)
    return SuggestionIndex.open(folder)


@pytest.mark.parametrize(
    ("message", "slugs"),
    [
        (
            "Mijn fiets is gestolen aan het station. Hoe betaal ik trouwens mijn boete?",
            ["fiets-gestolen", "boete-betalen"],
        ),
        (
            "waar kan ik een boete betalen en hoe moet ik een parkeerverbod aanvragen voor een verhuis",
            ["boete-betalen", "verhuis"],
        ),
        (
            "de buren maken lawaai in de nacht\nook is mijn velo gepikt aan het station",
            ["nachtlawaai", "fiets-gestolen"],
        ),
    ],
)
def test_rank_when_two_things_are_asked(index, message, slugs):
    """Both answers stand before all others, each with the sentence it answers."""
    ranking = rank_each(index, message)

    assert {match.slug for match in ranking.matches[:2]} == set(slugs)
    assert all(match.part in message and match.part != message for match in ranking.matches[:2])
    assert all(match.confidence >= ranking.line for match in ranking.matches[:2])
    sure = [match.confidence for match in ranking.matches]
    assert sure == sorted(sure, reverse=True)
    assert (ranking.reason, len({match.slug for match in ranking.matches})) == ("", len(ranking.matches))


@pytest.mark.parametrize(
    "message",
    [
        "Mijn fiets is gestolen aan het station. Ik was met de trein naar mijn oma. Het was een cadeau.",
        "Mijn fiets is gestolen. Mijn velo is gepikt aan het station!",
        "mijn fiets is gestolen",
        "Goeiedag. Ik heb een vraagje. Dank u wel!",
        "",
    ],
)
def test_rank_when_one_thing_is_asked(index, message):
    """A story, the same thing twice or nothing at all is ranked as it is."""
    assert rank_each(index, message) == index.rank(message)


def test_rank_when_limited(index):
    """No more topics come back than were asked for."""
    message = "Mijn fiets is gestolen aan het station. Hoe betaal ik mijn boete?"
    assert [len(rank_each(index, message, limit=limit).matches) for limit in (1, 2)] == [1, 2]


@pytest.mark.parametrize("message", ["a. " * 20_000, "en hoe " * 10_000, "\n" * 20_000, "nog iets, " * 5_000])
def test_parts_when_message_is_hostile(message):
    """Any message has at most six parts."""
    assert len(parts(message)) <= 6
