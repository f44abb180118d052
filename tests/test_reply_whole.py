"""A whole reply: what stands round the answers, several answers in one, and what a blank asks for."""

import pytest

from kbengine.article import Article, Audience, Header, Variant, VariantName
from kbengine.channels import CHANNELS, count, fits
from kbengine.reply import BlankKind, Frame, as_edited, blank_kind, compose_all

HEADER = Header(Audience.PUBLIC, "onthaal", (), 6)
FRAME = Frame("Dag {citizen:first_name|},", "Vervelend, *zeg* {fact:zone_phone}.", "", "Groeten", "AB")
BIKE = "Geef de diefstal aan. Bel {fact:zone_phone}."


def article(default, short="", lang="nl"):
    """An answer with these texts."""
    texts = {"default": default, "short": short}
    variants = tuple(Variant(VariantName(name), text, 1) for name, text in texts.items() if text)
    return Article("fiets-gestolen", lang, "diefstal", "Fiets gestolen", variants, HEADER), HEADER


def reply(*answers, channel="email", frame=FRAME, prefix="", blanks=None, **citizen):
    """One reply of these answers."""
    facts = {"zone_phone": "02 123 45 67", "police": "101"}
    return compose_all(answers, CHANNELS[channel], facts, blanks or {}, citizen, prefix, frame)


def test_reply_when_framed_greets_says_and_signs():
    """Greeting, own sentence, answer, sign-off with initials; the own sentence is text and nothing more."""
    found = reply(article(BIKE), first_name="Noor")

    assert found.text == (
        "Dag Noor,\n\nVervelend, *zeg* {fact:zone_phone}.\n\nGeef de diefstal aan. Bel 02 123 45 67.\n\nGroeten ^AB"
    )
    assert (found.facts_used, found.personal) == (("zone_phone",), "Vervelend, *zeg* {fact:zone_phone}.")


def test_reply_when_there_is_no_name_greets_without():
    """No hole stands where a name would; initials alone close the last line."""
    found = reply(article("Kom langs."), frame=Frame("Dag {citizen:first_name|},", initials="AB"))

    assert found.text == "Dag,\n\nKom langs. ^AB"


def test_reply_when_its_text_greets_is_not_greeted_twice():
    """An answer that names the citizen in its first line does so itself; further on it counts for nothing."""
    greets, later = (
        article("Hallo {citizen:first_name|daar}, kom langs."),
        article("Kom langs.\n\nTot dan {citizen:name|}!"),
    )

    assert reply(greets, frame=Frame("Dag,")).text == "Hallo daar, kom langs."
    assert reply(later, frame=Frame("Dag,")).text.startswith("Dag,\n\nKom langs.")


def test_reply_when_of_several_answers_holds_them_in_order():
    """Two answers to two questions go out as one, each with the values in it; one open place keeps all of it in."""
    found = reply(article(BIKE), article("Bel {fact:police} in de {blank:straat}."), frame=Frame("Dag,"))

    assert found.text == "Dag,\n\nGeef de diefstal aan. Bel 02 123 45 67.\n\nBel 101 in de [straat]."
    assert found.facts_by_answer == (("zone_phone",), ("police",))
    assert (found.open_blanks, found.complete, found.ready) == (("straat",), False, False)


def test_reply_when_counted_is_counted_whole():
    """The length is of everything that goes out, as the channel counts."""
    found = reply(article(BIKE), channel="x", prefix="[VOORBEELD] ")

    assert (
        found.count
        == count(found.text, CHANNELS["x"])
        > count("Geef de diefstal aan. Bel 02 123 45 67.", CHANNELS["x"])
    )


def test_reply_when_too_long_takes_the_short_text_then_does_without_courtesy():
    """First the sign-off goes, then the greeting; initials and the own sentence stay."""
    answer = article("Lang. " * 60, "Kort. " * 44)
    frame = Frame("Dag,", "Sterkte.", "", "Met vriendelijke groeten", "AB")
    found = reply(answer, channel="x", frame=frame)

    assert found.variant is VariantName.SHORT
    assert found.fits
    assert found.text.startswith("Sterkte.\n\nKort.")
    assert found.text.endswith("Kort. ^AB")


def test_reply_when_nothing_fits_goes_in_numbered_parts():
    """Each part fits with its number, and all of the text is in them, the courtesy too."""
    found = reply(article("Dit is een zin van de fiche. " * 30), channel="x", prefix="[VOORBEELD] ")

    assert len(found.parts) > 2
    assert all(fits(part, CHANNELS["x"]) and part.startswith("[VOORBEELD] (") for part in found.parts)
    assert (found.fits, found.ready, found.copyable) == (False, True, False)
    assert "".join(found.parts).count("Dit is een zin van de fiche.") == 30
    assert found.parts[-1].endswith("^AB")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("datum_afspraak", BlankKind.DATE),
        ("straat", BlankKind.STREET),
        ("naam_wijkinspecteur", BlankKind.TEXT),
        ("pv_nummer", BlankKind.NUMBER),
        ("dagblad", BlankKind.TEXT),
    ],
)
def test_blank_when_named_says_what_it_asks_for(name, kind):
    """Whole words of the name decide."""
    assert blank_kind(name) is kind


@pytest.mark.parametrize(
    ("lang", "said"),
    [("nl", "1 maart 2027"), ("fr", "1er mars 2027"), ("en", "1 March 2027"), ("de", "1. März 2027")],
)
def test_date_when_filled_in_is_written_out(lang, said):
    """A date of a browser's field becomes one that people write; what is no date stays as it was typed."""
    answer = article("Op {blank:datum}.", lang=lang)

    assert reply(answer, frame=Frame(), blanks={"datum": "2027-03-01"}).text == f"Op {said}."
    assert reply(answer, frame=Frame(), blanks={"datum": "morgen"}).text == "Op morgen."


def test_text_when_edited_is_measured_anew():
    """What an agent made of it is counted, cut in parts, and keeps the prefix; an empty one cannot go."""
    made = reply(article(BIKE), channel="x", prefix="[VOORBEELD] ")
    longer = as_edited(made, "Een zin erbij. " * 30, CHANNELS["x"], "[VOORBEELD] ")

    assert len(longer.parts) > 1
    assert longer.text.startswith("[VOORBEELD] Een zin")
    assert not as_edited(made, "[VOORBEELD] ", CHANNELS["x"], "[VOORBEELD] ").complete
