"""Subjects of other services in the suggestion index: they are never found, and keep messages from finding answers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbengine.suggest import Change, SuggestionIndex, Topic, build, write_changed

WHEELS = (
    "mijn fiets is gestolen aan het station", "iemand nam mijn fiets mee", "fiets weg uit de stalling",
    "ze hebben mijn velo gepikt", "mijn nieuwe fiets werd vannacht gestolen", "slot doorgeknipt en fiets verdwenen",
)  # fmt: skip
NOISE = (
    "de buren maken elke nacht lawaai", "luide muziek tot drie uur", "feestje houdt ons wakker",
    "hond blaft heel de nacht", "geroep op straat om middernacht", "dreunende bassen bij de buur",
)  # fmt: skip
BINS = (
    "de vuilniszak werd niet meegenomen", "wanneer halen ze het oud papier op", "waar koop ik een nieuwe vuilnisbak",
    "mijn vuilnisbak is gestolen", "is het containerpark open", "huisvuil blijft staan op de stoep",
)  # fmt: skip

ARTICLES = (Topic("fiets-gestolen", questions={"nl": WHEELS}), Topic("nachtlawaai", questions={"nl": NOISE}))
REFERRAL = Topic("~huisvuil", {"nl": "Huisvuil"}, {"nl": BINS}, live=False, referral=True)
MESSAGE = "mijn vuilnisbak is gestolen vannacht"


def index(folder: Path, *topics: Topic) -> SuggestionIndex:
    build(topics, folder)
    return SuggestionIndex.open(folder)


def test_a_referral_is_named_and_never_matched(tmp_path: Path) -> None:
    """The message shares words with a stolen bicycle; that it resembles the bins more is what the ranking says."""
    ranking = index(tmp_path, *ARTICLES, REFERRAL).rank(MESSAGE, "nl")
    assert ranking.referral is not None and ranking.referral.slug == "~huisvuil"
    assert next(word for word, _ in ranking.referral.words) in ("vuilnisbak", "gestolen")
    assert "~huisvuil" not in [match.slug for match in ranking.matches]


def test_a_referral_takes_confidence_from_what_it_resembles_more(tmp_path: Path) -> None:
    """The same message without and with the subject: the answer it would have found is less sure with it."""
    without = index(tmp_path / "without", *ARTICLES).rank(MESSAGE, "nl").matches[0]
    beside = index(tmp_path / "beside", *ARTICLES, REFERRAL).rank(MESSAGE, "nl").matches
    assert without.slug == "fiets-gestolen"
    assert next((m.confidence for m in beside if m.slug == without.slug), 0.0) < without.confidence


@pytest.mark.parametrize("text", ["mijn fiets werd gestolen", "lawaai bij de buren vannacht"])
def test_what_resembles_an_answer_more_is_not_referred(tmp_path: Path, text: str) -> None:
    ranking = index(tmp_path, *ARTICLES, REFERRAL).rank(text, "nl")
    assert ranking.referral is None
    assert ranking.matches[0].slug in ("fiets-gestolen", "nachtlawaai")


def test_a_referral_comes_and_goes_beside_a_compiled_index(tmp_path: Path) -> None:
    """A subject added, changed and removed since the index was compiled counts at once, without compiling."""
    compiled = index(tmp_path / "compiled", *ARTICLES)
    added = tmp_path / "added"
    write_changed(compiled.known, tmp_path / "compiled", [Change(REFERRAL.slug, None, REFERRAL)], added)
    opened = SuggestionIndex.open(added)
    referral = opened.rank(MESSAGE, "nl").referral
    assert referral is not None and referral.slug == REFERRAL.slug
    assert all(match.slug != REFERRAL.slug for match in opened.rank(MESSAGE, "nl").matches)

    whole = index(tmp_path / "whole", *ARTICLES, REFERRAL)
    gone = tmp_path / "gone"
    write_changed(whole.known, tmp_path / "whole", [Change(REFERRAL.slug, REFERRAL, None)], gone)
    assert SuggestionIndex.open(gone).rank(MESSAGE, "nl").referral is None

    moved = replace(REFERRAL, questions={"nl": ("belastingbrief", "aanslagbiljet klopt niet")})
    other = tmp_path / "other"
    write_changed(whole.known, tmp_path / "whole", [Change(REFERRAL.slug, REFERRAL, moved)], other)
    now = SuggestionIndex.open(other)
    assert now.rank("mijn aanslagbiljet klopt niet", "nl").referral is not None
    assert now.rank("is het containerpark open", "nl").referral is None
