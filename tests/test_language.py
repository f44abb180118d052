"""Words, terms and the language of a text."""

from __future__ import annotations

import unicodedata
from importlib.metadata import version

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbengine.language import (
    ANALYZER_VERSION,
    LANGUAGES,
    Analyzer,
    analyzer,
    detect,
    fold,
    spans,
    split,
    tokens,
)


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
    ("word", "expected"),
    [("été", "ete"), ("heeeelp", "help"), ("1000", "1000"), ("œuvre", "oeuvre"), ("bellen", "bellen")],
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
    assert detect(text, default="fr") == "fr"


def terms(text: str, lang: str = "nl", vocabulary: frozenset[str] = frozenset()) -> list[str]:
    """The bare terms of a text."""
    return [term.term for term in Analyzer(lang, vocabulary).terms(text)]


@pytest.mark.parametrize(
    ("forms", "lang"),
    [
        ("fiets fietsen", "nl"),
        ("boete boetes", "nl"),
        ("stelen gestolen", "nl"),
        ("betalen betaald betaalt", "nl"),
        ("wegslepen weggesleept", "nl"),
        ("rijbewijs rijbewijzen", "nl"),
        ("inbreken ingebroken", "nl"),
        ("melden gemeld meldt", "nl"),
        ("vélo vélos velo", "fr"),
        ("perdre perdue", "fr"),
        ("bike bikes bicycle", "en"),
        ("steal stolen", "en"),
        ("Fahrrad Fahrräder", "de"),
        ("stehlen gestohlen", "de"),
    ],
)
def test_terms_when_a_word_has_several_forms(forms: str, lang: str) -> None:
    """The forms of a word, as far as lemmas and stems reach, are one term."""
    assert len({term for word in forms.split() for term in terms(word, lang)}) == 1


@pytest.mark.parametrize(
    ("street", "plain"),
    [
        ("kheb mijn velo ni meer", "ik heb mijn fiets niet meer"),
        ("den 'k weet nie wa da kost", "ik weet niet wat dat kost"),
        (
            "moek me mijne camion naar 't commissariaat",
            "moet ik met mijn vrachtwagen naar het politiekantoor",
        ),
        ("gulle zijt flikken gelijk nen anderen", "jullie zijn politie gelijk een anderen"),
        ("mn gsm is gepikt aub", "mijn gsm is gestolen"),
    ],
)
def test_terms_when_flanders_writes_as_it_speaks(street: str, plain: str) -> None:
    """The street's spelling and the school's give the same terms."""
    assert terms(plain) == terms(street)


@pytest.mark.parametrize("word", ["niet", "geen", "zonder", "hoe", "voor", "na"])
def test_terms_when_a_small_word_changes_the_question(word: str) -> None:
    """Negations and words of way and time are never stop words."""
    assert [word] == [term.surface for term in analyzer("nl").terms(word)]


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Beste, dank u wel voor mij", "nl"),
        ("bonjour, est-ce que je", "fr"),
        ("hello, this is", "en"),
        ("ich bin das", "de"),
    ],
)
def test_terms_when_words_carry_no_subject(text: str, lang: str) -> None:
    """Greetings and grammar leave nothing, or at most a word of way."""
    assert set(terms(text, lang)) <= {"voor"}


def test_terms_when_words_are_shown_in_their_place() -> None:
    """A term knows the word as written and where it stands in the text as given."""
    text = "Is mijn FIETS gestolen?"
    assert [text[term.start : term.end] for term in analyzer("nl").terms(text)] == ["FIETS", "gestolen"]
    assert [term.surface for term in analyzer("nl").terms(text)] == ["fiets", "gestolen"]


def test_terms_when_french_elides() -> None:
    """`l'amende` is about an `amende`."""
    assert terms("amende argent", "fr") == terms("l'amende d'argent", "fr")


VOCABULARY = frozenset(
    terms("fiets diefstal verkeer boete politie kantoor nummer plaat vuilnis zak rijbewijs dier mishandeling")
)


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("fietsdiefstal", "fiets diefstal"),
        ("verkeersboetes", "verkeer boete"),
        ("politiekantoor", "politie kantoor"),
        ("nummerplaten", "nummer plaat"),
        ("vuilniszakken", "vuilnis zak"),
        ("dierenmishandeling", "dier mishandeling"),
    ],
)
def test_terms_when_a_compound_has_known_parts(compound: str, parts: str) -> None:
    """A compound counts as itself and as its parts, linking letters left out."""
    assert [*terms(compound), *terms(parts)] == terms(compound, vocabulary=VOCABULARY)


@pytest.mark.parametrize("word", ["fiets", "fietspad", "verzekering", "boeteling", "zakdoek"])
def test_terms_when_a_part_is_not_known(word: str) -> None:
    """A word is not cut on half a guess."""
    assert terms(word) == terms(word, vocabulary=VOCABULARY)


def test_split_when_a_compound_has_three_parts() -> None:
    """Parts of parts are found, and the last part is the longest that is known."""
    known = {"fiets", "diefstal", "verzekering", "diefstalverzekering"}
    assert split("fietsdiefstalverzekering", known.__contains__) == ("fiets", "diefstalverzekering")
    assert split("fietsdiefstalverzekering", (known - {"diefstalverzekering"}).__contains__) == (
        "fiets",
        "diefstal",
        "verzekering",
    )


def test_split_when_vocabulary_is_empty() -> None:
    """Nothing known, nothing split."""
    assert split("fietsdiefstal", frozenset[str]().__contains__) == ()


@pytest.mark.parametrize(
    "text", ["\ud800 fiets \udfff", "a" * 100_000, "e" + "\u0301" * 100_000, "1." * 50_000, "'" * 100_000]
)
def test_terms_when_text_is_hostile(text: str) -> None:
    """Any string has terms, and long words are cut before they are analysed."""
    assert all(len(term.term) <= 48 for term in analyzer("nl").terms(text))


@given(st.text())
def test_terms_when_text_is_anything(text: str) -> None:
    """Terms never overlap backwards, stay inside the text, and come out the same twice."""
    for lang in LANGUAGES:
        found = analyzer(lang).terms(text)
        assert found == analyzer(lang).terms(text)
        assert all(0 <= term.start < term.end <= len(text) for term in found)
        assert [term.start for term in found] == sorted(term.start for term in found)


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_tokens_when_text_is_latin(text: str) -> None:
    """Words are the same in both normal forms, and where `spans` says they stand."""
    assert tokens(unicodedata.normalize("NFC", text)) == tokens(unicodedata.normalize("NFD", text))
    assert tokens(text) == tuple(word for word, _, _ in spans(text))
    assert detect(text) in LANGUAGES


def test_analyzer_when_language_is_not_known() -> None:
    """A language the product does not speak is refused by name."""
    with pytest.raises(KeyError, match="ru"):
        analyzer("ru")


def test_version_when_a_library_changes() -> None:
    """The version names everything that decides what a term is."""
    for package in ("snowballstemmer", "simplemma"):
        assert f"{package}-{version(package)}" in ANALYZER_VERSION
