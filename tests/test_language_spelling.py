"""Misspelt terms to the known term that was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbengine.language import Spelling
from kbengine.language.spelling import SHORTEST, _sound

KNOWN = (
    "fiets",
    "aangifte",
    "identiteitskaart",
    "politie",
    "kaart",
    "krant",
    "parkeerverbod",
    "steel",
    "steen",
    "boete",
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feits", "fiets"),
        ("fietz", "fiets"),
        ("fiest", "fiets"),
        ("aangfte", "aangifte"),
        ("aanggifte", "aangifte"),
        ("angifte", "aangifte"),
        ("identitijdskaart", "identiteitskaart"),
        ("polisie", "politie"),
        ("parkeerverbot", "parkeerverbod"),
        ("kwaart", "kaart"),
        ("steet", None),  # steel or steen
        ("fietsen", None),  # two letters more
        ("politie", None),  # known
        ("boet", None),  # too short
        ("aangifte1", None),
        ("", None),
    ],
)
def test_term_when_misspelt_is_the_one_that_was_meant(written: str, meant: str | None) -> None:
    """What sounds the same or is one slip away is found, unless it is known, short, or one of several."""
    assert Spelling.of(KNOWN).nearest(written) == meant


def slips(term: str) -> set[str]:
    """Everything one slip away from a term, over the letters of these tests."""
    letters = "abdeikst"
    places = range(len(term) + 1)
    shorter = {term[:at] + term[at + 1 :] for at in places}
    longer = {term[:at] + letter + term[at:] for at in places for letter in letters}
    other = {term[:at] + letter + term[at + 1 :] for at in places[:-1] for letter in letters}
    swapped = {term[:at] + term[at + 1] + term[at] + term[at + 2 :] for at in places[:-2]}
    return (shorter | longer | other | swapped) - {term}


WORDS = st.text("abdeikst", min_size=1, max_size=9)


@given(st.sets(WORDS, max_size=40), WORDS)
def test_nearest_when_searched_is_what_trying_everything_finds(terms: set[str], term: str) -> None:
    """The only term that sounds the same, else the only one that is one slip away."""
    fit = {known for known in terms if len(known) >= SHORTEST}
    near = {known for known in fit if _sound(known) == _sound(term)} or fit & slips(term)
    one = near.pop() if len(near) == 1 else None

    assert Spelling.of(terms).nearest(term) == (None if len(term) < SHORTEST or term in terms else one)


@given(st.sets(st.text(min_size=1)), st.text())
def test_nearest_when_terms_are_anything_is_one_of_them(terms: set[str], term: str) -> None:
    """Whatever is asked, the answer is a known term other than what was asked, or none."""
    assert Spelling.of(terms).nearest(term) in {None, *terms} - {term}
