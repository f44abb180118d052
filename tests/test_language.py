"""Words, folded forms and the language of a text."""

from __future__ import annotations

import pytest

from kbengine.language import LANGUAGES, detect, fold, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'t Is d'accord, bel 101!", ("'t", "is", "d'accord", "bel", "101")),
        ("’k heb twee foto’s", ("'k", "heb", "twee", "foto's")),
        ("hij zei 'hallo' en 'tot straks'", ("hij", "zei", "hallo", "en", "tot", "straks")),
        ("cafe\u0301 Straße", ("café", "strasse")),
        ("0,5 promille of 3.500", ("0,5", "promille", "of", "3.500")),
        ("#mijn_zone 🚓🚓", ("mijn", "zone")),
        ("\ud800 \udfff", ()),
        ("", ()),
    ],
)
def test_tokens_when_text_is_written_as_people_write(text: str, expected: tuple[str, ...]) -> None:
    """Words come out casefolded and composed, apostrophe forms and numbers whole, the rest dropped."""
    assert expected == tokens(text)


@pytest.mark.parametrize(
    ("word", "expected"), [("été", "ete"), ("heeeelp", "help"), ("1000", "1000"), ("œuvre", "oeuvre"), ("bellen", "bellen")]
)
def test_fold_when_accents_or_emphasis(word: str, expected: str) -> None:
    """Accents and held letters go, digits and double letters stay."""
    assert expected == fold(word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mijn velo is gepikt aan het station, wa moek doen?", "nl"),
        ("On m'a volé mon vélo hier soir, que dois-je faire ?", "fr"),
        ("My bike was stolen yesterday, where do I report this?", "en"),
        ("Mein Fahrrad wurde gestern gestohlen, was muss ich tun?", "de"),
    ],
)
def test_detect_when_sentence_is_clear(text: str, expected: str) -> None:
    """A plain sentence shows its language, whatever the default."""
    assert {expected} == {detect(text, default) for default in LANGUAGES}


@pytest.mark.parametrize("text", ["", "ok", "GSM", "🚓", "101?", "\ud800"])
def test_detect_when_message_is_short(text: str) -> None:
    """A message without evidence is in the language the zone says."""
    assert "fr" == detect(text, default="fr")
