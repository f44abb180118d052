"""A reply against the vetted text: what it says otherwise is seen, and a friendlier wording says nothing."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.drift import composed
from bench.edits import EDITS, rephrased
from kbengine.reply import Drift, DriftKind, drift

KB = Path(__file__).parent.parent / "kb"
SAMPLE = 40


@pytest.fixture(scope="module")
def replies():
    """One in twelve articles of kb/ in every channel, whole and in its parts; the bench takes all."""
    return tuple(composed(KB, step=12))


def told(vetted, outgoing, **more):
    """What differs, as (kind, change, text, expected)."""
    return [(d.kind.value, d.change, d.text, d.expected) for d in drift(vetted, outgoing, **more).differences]


# What is the same


def test_reply_when_nobody_touched_it_never_drifts(replies):
    """Whole or one of its parts, in any channel: with its fixed passages, also where it was cut through one."""
    rng, channels = random.Random(0), {reply.channel for reply in replies}
    chosen = [
        rng.choice([r for r in replies if r.channel == channel]) for channel in sorted(channels) for _ in range(2)
    ]
    drifting = [r.slug for r in chosen if drift(r.text, r.text, locked=r.locked, public=r.public) != Drift((), 0)]

    assert len(channels) == 22
    assert drifting == []


@pytest.mark.parametrize(
    ("vetted", "outgoing"),
    [
        ("Bel 078 170 170.", "Bel 078170170."),
        ("Bel +32 (0)2 123 45 67.", "Bel 02/123.45.67."),
        ("De boete is € 58.", "De boete is 58 euro."),
        ("De boete is € 1.250.", "De boete is 1250,00 EUR."),
        ("U hebt 14 dagen.", "U hebt veertien kalenderdagen."),
        ("Vous avez vingt et un jours.", "Vous avez 21 jours."),
        ("It takes twenty-five days.", "It takes ２５ days."),
        ("Open van 9.30 tot 17 uur.", "Open van 9u30 tot 17:00."),
        ("Passez le 1er mars 2026.", "Passez le 01/03/2026."),
        ("It is on May 5.", "It is on 5 May, and you may come."),
        ("Binnen een week.", "Binnen 1 week."),
        ("Ga naar https://politie.be/x.", "Meer op politie.be/x/"),
        ("1. Bel 101.\n2. Wacht buiten.", "- Bel 101.\n- Wacht buiten."),
        ("Bel 101 bij gevaar. Bel 112 bij brand.", "Bel 112 bij brand. Bel 101 bij gevaar."),
        ("Kom zonder afspraak.", "U hebt geen afspraak nodig: kom gerust."),
        ("Wij helpen u.", "Beste Sam, aarzel niet om te bellen. Fijne zondag nog, duizendmaal dank!"),
        ("Kommen Sie heute.", "Kommen Sie noch heute."),
        ("Neem uw identiteitskaart.", "Neem uw pas."),
    ],
)
def test_reply_when_it_says_the_same_otherwise_says_nothing(vetted, outgoing):
    """Another spelling of the same number, date or address, other words, another order of sentences."""
    assert told(vetted, outgoing) == []


def test_reply_when_made_friendlier_says_nothing(replies):
    """Synonyms, paragraphs in another order, a greeting, thanks, a wish."""
    rng = random.Random(1)

    assert [
        e.outgoing for e in (rephrased(rng, rng.choice(replies)) for _ in range(SAMPLE)) if e.drift().differences
    ] == []


# What is not


@pytest.mark.parametrize("kind", EDITS)
def test_edit_when_it_changes_what_is_said_is_seen(kind, replies):
    """Of a sample of each kind of edit none is missed; `python -m bench.drift` makes ten thousand."""
    rng = random.Random(f"suite:{kind}")
    edits = (EDITS[kind](rng, rng.choice(replies)) for _ in range(SAMPLE))

    assert [(edit.vetted, edit.outgoing) for edit in edits if not edit.seen] == []


@pytest.mark.parametrize(
    ("vetted", "outgoing", "expected"),
    [
        ("Bel 101.", "Bel.", [("phone", "lost", "", "101")]),
        ("Bel 078 170 170.", "Bel 078 170 171.", [("phone", "changed", "078 170 171", "078 170 170")]),
        ("U hebt 14 dagen.", "U hebt 1\u200b5 dagen.", [("number", "changed", "1\u200b5 dagen", "14 dagen")]),
        ("Het kost 58 euro.", "Het kost 58 dollar.", [("amount", "changed", "58 dollar", "58 euro")]),
        ("Kom op dinsdag.", "Kom op donderdag.", [("date", "changed", "donderdag", "dinsdag")]),
        ("Kom op 15 maart 2026.", "Kom op 15 maart.", [("date", "changed", "15 maart", "15 maart 2026")]),
        ("Kom om 14u30.", "Kom om 15u30.", [("date", "changed", "15u30", "14u30")]),
        ("Molenstraat 1", "Kerkstraat 1", [("address", "changed", "Kerkstraat 1", "Molenstraat 1")]),
        (
            "Zie https://politie.be/x",
            "Zie https://p\u043elitie.be/x",
            [
                ("link", "changed", "https://p\u043elitie.be/x", "https://politie.be/x"),
            ],
        ),
        (
            "Mail info@politie.be.",
            "Mail inf0@politie.be.",
            [("email", "changed", "inf0@politie.be", "info@politie.be")],
        ),
        ("You don’t pay.", "You pay.", [("negation", "lost", "", "don’t")]),
        ("U mag parkeren.", "U mag n\u0456et parkeren.", [("negation", "added", "n\u0456et", "")]),
        ("De E40 is dicht.", "De E41 is dicht.", [("number", "changed", "E41", "E40")]),
    ],
)
def test_edit_when_told_says_what_stood_there(vetted, outgoing, expected):
    """The kind, what happened, what stands there now and what belongs there."""
    assert told(vetted, outgoing) == expected


@pytest.mark.parametrize(
    ("vetted", "outgoing"),
    [
        ("Betaal binnen 14 dagen, betwist binnen 30 dagen.", "Betaal binnen 30 dagen, betwist binnen 14 dagen."),
        ("Breng 3 foto's en 2 getuigen mee.", "Breng 2 foto's en 3 getuigen mee."),
        ("Bel 101 voor politie en 112 voor brand.", "Bel 112 voor politie en 101 voor brand."),
        ("U mag niet parkeren. U mag stilstaan.", "U mag parkeren. U mag niet stilstaan."),
    ],
)
def test_facts_when_they_changed_places_are_two_differences(vetted, outgoing):
    """Every number and word is still there, and it says something else."""
    assert len(told(vetted, outgoing)) == 2


def test_fixed_passage_when_touched_is_told_and_white_space_is_not():
    """Word for word, whatever marks the channel puts in it; a passage that this text does not have is no matter."""
    vetted, locked = (
        "Lees dit. Wij vragen *nooit* je pincode. Tot ziens.",
        ["Wij vragen **nooit** je pincode", "Anders"],
    )
    said = "Wij vragen *nooit* je pincode"

    assert told(vetted, vetted.replace("vragen ", "vragen\n "), locked=locked) == []
    assert told(vetted, vetted.replace("je", "uw"), locked=locked) == [
        ("locked", "changed", said.replace("je", "uw"), said)
    ]
    assert ("locked", "lost", "", said) in told(vetted, "Lees dit. Tot ziens.", locked=locked)


def test_personal_data_when_public_is_told_and_a_greeting_is_not():
    """What the vetted text has, what stands in a greeting or signature, and a private reply say nothing."""
    vetted = "Wij zijn in Molenstraat 1, 1000 Wilgenrijk."
    personal = "Dag mevrouw Peeters,\n\n" + vetted + " Mevrouw Janssens zag het ook.\n\nGroeten, An"

    assert [one[2] for one in told(vetted, personal, public=True) if one[0] == "personal_data"] == ["Janssens"]
    assert told(vetted, personal) == []


def test_around_when_the_product_put_it_there_is_allowed():
    """The hours notice may stand there, be left out or be touched up; a number in it does not excuse another."""
    around = "Dag Sam,\nOnze kantoren zijn open van 9 tot 17 uur, niet op zondag."
    vetted, hours = "Bel 101.", around.splitlines()[1]

    assert told(vetted, f"Dag Sam,\n\n{vetted}\n\n{hours}", around=around) == told(vetted, vetted, around=around) == []
    assert told(vetted, f"{vetted} {hours} Bel ook 102.", around=around) == [("phone", "added", "102", "")]
    assert told(vetted, f"{hours}", around=around) == [("phone", "lost", "", "101")]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.booleans())
def test_drift_when_given_any_two_texts_points_into_the_outgoing_one(vetted, outgoing, public):
    """Whatever people paste: every span is the text that is told, and a text never differs from itself."""
    found = drift(vetted, outgoing, public=public, locked=[vetted], around=outgoing[:9])

    assert all(outgoing[d.start : d.end] == d.text for d in found.differences)
    assert 0 <= found.percent <= 100
    assert drift(outgoing, outgoing, public=public, locked=[vetted, outgoing]) == Drift((), 0)


def test_kinds_when_asked_are_sorted_and_each_once():
    """What the record keeps of a drift."""
    found = drift("Bel 101.", "Bel 102 of 103 op https://a.be.")

    assert found.kinds == (DriftKind.LINK, DriftKind.PHONE)
    assert found.percent > 0
