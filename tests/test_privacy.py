"""Personal data in a message: what is found, what is nobody's, and that no text makes the finding slow."""

from __future__ import annotations

import re
import sys
from re import _constants as op
from re import _parser as regex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbengine.privacy import WORDS, Kind, bare, bsn, find, iban, national_number, strip, unknown_capitals

# Numbers that their publishers call right or wrong, or work out in full.
NATIONAL_NUMBERS = {
    "93051822361": True,  # dodona.be and viw-costablanca.com: born in 1993, 930518223 modulo 97 is 36
    "93051822390": True,  # dodona.be: the same digits of somebody born in 2093
    "00012556777": True,  # Vlaamse overheid: 2000125567 modulo 97 is 20
    "73011136173": True,  # PEAR Validate_BE
    "73011136199": False,  # PEAR Validate_BE
    "72011136173": False,  # PEAR Validate_BE
    "93133122361": False,
    "9305182236": False,
}
SERVICE_NUMBERS = {
    "123456782": True,  # calaris.nl: 154 is 14 times 11
    "249566758": True,  # privacynieuws.nl, made up: 220 is 20 times 11
    "319072356": True,  # github.com/marcenthoven/bsn
    "123456789": False,
    "000000000": False,
}
# The examples of the SWIFT IBAN registry, and one digit changed.
ACCOUNTS = {
    "BE68539007547034": True,
    "NL91ABNA0417164300": True,
    "FR1420041010050500013M02606": True,
    "DE89370400440532013000": True,
    "LU280019400644750000": True,
    "GB29NWBK60161331926819": True,
    "BE68539007547035": False,
    "BE6853900754703": False,
    "ZZ68539007547034": False,
}


@pytest.mark.parametrize(("digits", "right"), NATIONAL_NUMBERS.items())
def test_national_number_when_published_is_judged_alike(digits: str, right: bool) -> None:
    """Both centuries, and the wrong ones."""
    assert national_number(digits) is right


@pytest.mark.parametrize(("digits", "right"), SERVICE_NUMBERS.items())
def test_bsn_when_published_is_judged_alike(digits: str, right: bool) -> None:
    """The test of eleven, with its last digit taken off."""
    assert bsn(digits) is right


@pytest.mark.parametrize(("code", "right"), ACCOUNTS.items())
def test_iban_when_published_is_judged_alike(code: str, right: bool) -> None:
    """The registry's lengths and modulo 97."""
    assert iban(code) is right


# What is written, the words in its place between bars, and `?` for what may be chance.
FOUND = [
    "mijn nummer is |93.05.18-223.61=national-number|, of |930518 223 61=national-number|",
    "mijn rijksregisternummer is |93051822362=national-number?|",
    "mijn bsn is |123456782=bsn|",
    "mijn klantnummer is |123456782=bsn?|",
    "stort op |BE68 5390 0754 7034=iban| op naam van jan",
    "stort op |be68539007547034=iban| of |BE68 5390 0754 7035=iban?|",
    "een auto met plaat |1-ABC-123=plate|",
    "een witte |1ABC123=plate?| en een |ABC-123=plate?|",
    "kenteken |12-ab-34=plate|, |G-123-BB=plate|, |AA-123-BB=plate|, |B-AB 1234=plate?|",
    "mijn nummerplaat is |WILLY1=plate?|",
    "bel me op |0470 12 34 56=phone|, |0470/12.34.56=phone| of |03 123 45 67=phone|",
    "|+32 (0)470 12 34 56=phone| |0032470123456=phone| |06-12345678=phone| |+33 6 12 34 56 78=phone|",
    "|+49 151 23456789=phone| |+1 202 555 0143=phone|",
    "|03 123 45 06=phone| |0470 12 34 06=phone| |05.01.25-567.85=national-number|",
    "mijn gsm: |470 12 34 56=phone?|",
    "mail naar |jan.peeters+x@voorbeeld.example=email|.",
    "stuur |@jan_p=handle| iets, of |www.facebook.com/jan.peeters=profile|.",
    "geboren op |12/03/1985=birth-date|, née le |3 mars 1990=birth-date|, born |March 3, 1990=birth-date|",
    "ik woon in de |Korte Nieuwstraat 12 bus 3, 2000 Antwerpen=address|",
    "in de |kerkstraat 5=address?| te gent",
    "|Grote Markt 1=address|, |Meir 12, 2000 Antwerpen=address|, |1234 AB 12=address|",
    "au |12 rue Neuve=address| ou |rue de la Loi 16, 1000 Bruxelles=address|",
    "in der |Hauptstraße 12=address| und |12 Church Street=address|",
    "mijn naam is |jan peeters=name| en mijn fiets is weg",
    "MIJN NAAM IS |JAN PEETERS=name| EN MIJN FIETS IS WEG",
    "Ik ben |Jan van den Broeck=name?|, ik wou vragen",
    "je m'appelle |Marie Dupont=name|. my name is |Jo=name|",
    "kan mevrouw |De Smet=name| mij bellen",
    "waar is mijn fiets\n\nMet vriendelijke groeten,\n|An De Smet=name|",
    "waar is mijn fiets mvg |jan peeters=name?|",
    "danke, mfg |Hans=name|",
]


@pytest.mark.parametrize("written", FOUND)
def test_find_when_somebody_is_in_a_text_finds_them_all(written: str) -> None:
    """Exactly what stands between bars is found, as what stands after the sign."""
    parts = written.split("|")
    wanted = [part.rpartition("=")[::2] for part in parts[1::2]]
    text = "".join(part.rpartition("=")[0] if place % 2 else part for place, part in enumerate(parts))

    found = [(text[f.start : f.end], f.kind.value + "?" * (not f.certain)) for f in find(text)]

    assert found == wanted


NOBODY = [
    "bel 101 of 112, de zelfmoordlijn 1813, of 1712, of 116000",
    "bel 0800 12 345, 078 170 170, 00800 2123 2123, +32 78 170 170 of 0900 10 500",
    "op 12/03/2024 om 10u, of van 09.00-12.00 en 13.30-17.00, of van 9u00 tot 12u00",
    "een boete van 1.250.000 euro, dossier 2024/1234, artikel 29",
    "in mijn straat 3 auto's, op de snelweg 120, onderweg 2 uur, op het fietspad 2 brommers",
    "100 mensen op straat, dans la rue il y a 3 voitures, 100 people in the street",
    "k heb 500 euro, ge zei BEL 101, covid-19, gas-112",
    "ik ben bestolen, ik ben 15 jaar, groeten uit het zuiden, Madame, Monsieur, groetjes en alvast bedankt",
    "zie politie.be/5441 en https://www.belgium.be",
    "ge moet @ tien uur komen, 5@6",
]


@pytest.mark.parametrize("text", NOBODY)
def test_find_when_nobody_is_in_a_text_finds_nothing(text: str) -> None:
    """Emergency and service numbers, dates, hours, amounts and figures of speech are nobody's."""
    assert [text[piece.start : piece.end] for piece in find(text)] == []


def test_find_when_a_value_is_known_leaves_it() -> None:
    """A number, address or account of a service is recognised in any spelling, and only as a whole."""
    known = ["+32 3 000 00 01", "Wilgenplein 1, Wilgendorp", "onthaal@zone.example", "@pzwilgenrijk"]
    text = "bel 03/000.00.01, kom naar het wilgenplein 1, mail onthaal@zone.example of @PZWilgenrijk"

    assert find(text, known) == ()
    assert strip("mail nthaal@zone.example, bel 03 000 00 02", known) == "mail [e-mail], bel [telefoon]"


def test_strip_when_done_leaves_the_question() -> None:
    """The words round the data stay as they were; `bare` is what may become a question."""
    text = "Mijn fiets is weg aan de Kerkstraat 12!\nBel 0470 12 34 56, groeten, Jan"

    assert strip(text) == "Mijn fiets is weg aan de [adres]!\nBel [telefoon], groeten, [naam]"
    assert bare(strip(text)) == "Mijn fiets is weg aan de ! Bel , groeten,"


def test_words_when_put_in_a_text_are_found_by_nothing() -> None:
    """There is one for each kind, and stripping twice is stripping once."""
    text = " en ".join(WORDS.values())

    assert set(WORDS) == set(Kind)
    assert strip(text) == text


CAPITALS = [
    ("gisteren zag ik |Karel| en |Jo| op de markt", "gisteren"),
    ("Gisteren zag ik de politie. Daarna niet. “Nooit” zei hij\nMaar toch", ""),
    ("|Jan| |Peeters| heeft mijn fiets", ""),
    ("De |Peeters| woont in Gent", "gent de"),
    ("Mijn naam: |Jan|, en de flik’s van Gent-Brugge", "gent brugge"),
    ("😀 Dag allemaal", ""),
]


@pytest.mark.parametrize(("written", "known"), CAPITALS)
def test_capitals_when_unknown_and_inside_a_sentence_are_marked(written: str, known: str) -> None:
    """A capital that the knowledge base does not explain may be a name; the first word of a sentence may not."""
    text = written.replace("|", "")

    marked = [text[start:end] for start, end in unknown_capitals(text, set(known.split()))]

    assert marked == written.split("|")[1::2]


# --- linear on any text ---


def patterns() -> dict[str, re.Pattern[str]]:
    """Every pattern of the room by its name."""
    rooms = [module for name, module in sys.modules.items() if name.startswith("kbengine.privacy.")]
    named = {f"{room.__name__}.{name}": value for room in rooms for name, value in vars(room).items()}
    return {name: value for name, value in named.items() if isinstance(value, re.Pattern)}


def work(items: list[tuple[object, object]]) -> tuple[int, int]:
    """At most so many steps from one place on, and so many ways to succeed there; raises on what has no bound."""
    steps = ways = 1
    for kind, given_ in items:
        more, times = work_of(kind, given_)
        steps, ways = steps + ways * more, ways * times
    return steps, ways


def work_of(kind: object, inside: object) -> tuple[int, int]:
    """What one part of a pattern can cost: a repeat tries each count again, unless it is possessive."""
    if kind in (op.LITERAL, op.NOT_LITERAL, op.IN, op.ANY, op.AT, op.CATEGORY):
        return 1, 1
    if kind is op.BRANCH:
        branches = [work(branch) for branch in inside[1]]
        return sum(steps for steps, _ in branches), sum(ways for _, ways in branches)
    if kind is op.SUBPATTERN:
        return work(inside[3])
    if kind in (op.ATOMIC_GROUP, op.ASSERT, op.ASSERT_NOT):
        return work(inside if kind is op.ATOMIC_GROUP else inside[1])[0], 1
    least, most, part = inside
    assert kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT), kind
    assert most is not op.MAXREPEAT, "a repeat without a bound"
    steps, ways = work(part)
    tried = sum(ways**count for count in range(least, most + 1))
    return steps * sum(ways**count for count in range(most)), 1 if kind is op.POSSESSIVE_REPEAT else tried


def test_patterns_when_collected_are_all_there() -> None:
    """The collecting below sees every room of the house."""
    rooms = {name.split(".")[2] for name in patterns()}

    assert rooms == {"capitals", "codes", "find", "numbers", "people", "places"}


@pytest.mark.parametrize("name", patterns())
def test_pattern_when_tried_takes_a_bounded_number_of_steps(name: str) -> None:
    """From any place of any text a pattern gives up within 10,000 steps: the whole is linear in the text."""
    pattern = patterns()[name]
    steps, _ = work(list(regex.parse(pattern.pattern, pattern.flags)))

    assert steps <= 10_000


def test_work_when_a_pattern_explodes_is_seen() -> None:
    """The reckoning itself works: nested repeats cost what they cost, and one without a bound is refused."""
    assert work(list(regex.parse("(?:a{0,9}){0,9}b")))[0] > 10**8
    with pytest.raises(AssertionError, match="without a bound"):
        work(list(regex.parse("a+b")))


FRAGMENTS = [
    *(
        "rue de la ",
        "Kerkstraat ",
        "12 ",
        "mijn naam is ",
        "Jan ",
        "van de ",
        "groeten\n",
        "BE68 ",
        "0470",
        " 12",
        "@",
        ".",
    ),
    *("a" * 70, "9" * 30, "1-ABC-", "geboren op ", "1/2/", "bus ", "fb.com/", "-", "\n", "+", "(", "é", "’", "plaat "),
]
HOSTILE = st.lists(st.sampled_from(FRAGMENTS), max_size=30).map("".join)
# Longer than any pattern reaches, and a sentence of its own.
APART = "\n" + " ." * 250 + "\n"


@given(HOSTILE, HOSTILE)
def test_find_when_two_texts_stand_far_apart_finds_in_each_what_is_there(one: str, other: str) -> None:
    """What is found in one place does not depend on the rest of a text: no work grows with what stands around it."""
    begin = len(one + APART)
    apart = [*find(one), *((f.start + begin, f.end + begin) for f in find(other))]

    together = find(one + APART + other)

    assert [(f.start, f.end) for f in together] == [f if isinstance(f, tuple) else (f.start, f.end) for f in apart]


@given(HOSTILE)
def test_find_when_the_text_is_hostile_stays_in_order_and_inside(text: str) -> None:
    """Nothing overlaps, nothing is empty, nothing lies outside, and capitals likewise."""
    found = find(text)
    places = [place for piece in found for place in (piece.start, piece.end)]

    assert places == sorted(places)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in found)
    assert all(text[start:end] for start, end in unknown_capitals(text, frozenset()))
