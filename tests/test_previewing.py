"""What a form would become: how long each box is on each channel it goes to, and what is filled in in it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kbengine.engine import BoxView, Counted, Preview
from kbengine.engine.placed import Place, nearest, places_in

FACTS = {"zone_phone": ("Telefoon van het onthaal", "03 000 00 01"), "zone_hours": ("Openingsuren", "9 tot 17 uur")}


def box(preview: Preview, name: str) -> BoxView:
    """One box of a preview."""
    return next(one for one in preview.boxes if one.box == name)


def standings(preview: Preview, name: str) -> dict[str, str]:
    """How a box does on each channel it goes to."""
    return {one.channel: one.standing for one in box(preview, name).counts}


# --- how long each box is ---


def test_box_when_counted_is_as_long_as_what_goes_out(hamlet):
    """An address weighs 23 on X, and a value counts as it reads today."""
    form = hamlet.form("nieuw", default="Kijk op https://www.politie.be/een/heel/lang/adres of bel {fact:zone_phone}.")
    counted = next(one for one in box(hamlet.engine.editing.preview(form), "default").counts if one.channel == "x")

    assert counted == Counted("x", len("Kijk op  of bel 03 000 00 01.") + 23, 280, "fits", 1)


def test_box_when_blanks_are_open_is_counted_as_long_as_they_get(hamlet):
    """The counter and the check that stops a submission say the same number."""
    form = hamlet.form("nieuw", default="Kom naar {blank:straat}. " * 7 + "x" * 20)
    preview = hamlet.engine.editing.preview(form)
    counted = next(one for one in box(preview, "default").counts if one.channel == "x")
    told = next(problem for problem in preview.problems if problem.fields.get("channel") == "x")

    assert (told.fields["count"], counted.standing) == (str(counted.count), "parts")


@pytest.mark.parametrize(
    ("default", "short", "expected"),
    [
        ("Kort.", "", "fits"),
        ("woord " * 60, "", "parts"),
        ("woord " * 60, "Kort.", "short"),
        ("x" * 300, "", "over"),
        ("woord " * 60, "kort " * 60, "parts"),
    ],
)
def test_box_when_too_long_says_what_becomes_of_it(hamlet, default, short, expected):
    """Whether it goes in parts, not at all, or the short text goes instead."""
    preview = hamlet.engine.editing.preview(hamlet.form("nieuw", default=default, short=short))

    assert standings(preview, "default")["x"] == expected


def test_boxes_when_counted_are_each_on_their_own_channels(hamlet):
    """With a private text the ordinary one is for public channels; what is internal goes nowhere."""
    texts = {"default": "Openbaar.", "short": "Kort.", "private": "Onder ons.", "internal": "Voor ons."}
    preview = hamlet.engine.editing.preview(hamlet.form("nieuw", **texts))

    assert list(standings(preview, "default")) == ["facebook", "x"]
    assert list(standings(preview, "private")) == ["whatsapp", "email"]
    assert list(standings(preview, "short")) == ["x"]
    assert standings(preview, "internal") == {}


def test_form_when_not_whole_yet_shows_its_replies_all_the_same(hamlet):
    """Somebody who begins with the text sees what becomes of it before a title, an owner or a source is there."""
    form = hamlet.form("nieuw", title="", owner="", sources="", default="Bel **{fact:zone_phone}**.")
    form = replace(form, slug="")
    preview = hamlet.engine.editing.preview(form)

    assert dict(preview.replies)["facebook"].text == "[VOORBEELD] Bel 03 000 00 01."
    assert standings(preview, "default")["x"] == "fits"


def test_form_when_kept_off_a_channel_says_why(hamlet):
    """A private answer names the public channels it may not go on, and is not counted for them."""
    preview = hamlet.engine.editing.preview(hamlet.form("nieuw", audience="private", default="Onder ons."))

    assert dict(preview.refused) == {"facebook": "reply.private-on-public", "x": "reply.private-on-public"}
    assert list(standings(preview, "default")) == ["whatsapp", "email"]


@pytest.mark.parametrize("text", ["x" * 30_000, "{" * 4_000, "[a](https://b.be) " * 150, "\u200b \u00ad", "\n\n\n"])
def test_form_when_its_text_is_odd_is_previewed_all_the_same(hamlet, text):
    """Huge, broken or empty: the page that follows one's typing never falls over."""
    preview = hamlet.engine.editing.preview(hamlet.form("nieuw", default=text, short=text))

    assert preview.problems


# --- what is filled in ---


def test_places_when_listed_have_label_and_value_once(hamlet):
    """Each placeholder once, in order, with how often it stands there."""
    text = "Bel {fact:zone_phone}, {citizen:first_name|daar}. {blank:straat} {fact:zone_phone}"

    assert places_in(text, FACTS) == (
        Place("{fact:zone_phone}", "fact", "zone_phone", "Telefoon van het onthaal", "03 000 00 01", count=2),
        Place("{citizen:first_name|daar}", "citizen", "first_name", fallback="daar"),
        Place("{blank:straat}", "blank", "straat"),
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("{fact:zone_fone}", "{fact:zone_phone}"),
        ("{fact: zone_phone}", "{fact:zone_phone}"),
        ("{feit:zone_phone}", "{fact:zone_phone}"),
        ("{Telefoon van het onthaal}", "{fact:zone_phone}"),
        ("{telefoon onthaal}", "{fact:zone_phone}"),
        ("{openingsuur}", "{fact:zone_hours}"),
        ("{citizen:voornaam}", ""),
        ("{citizen:firstname}", "{citizen:first_name|}"),
        ("{blank:Datum afspraak}", "{blank:datum_afspraak}"),
        ("{blank:é}", ""),
        ("{qqqq}", ""),
        ("{}", ""),
    ],
)
def test_place_when_unknown_names_what_was_meant(typed, meant):
    """By its name or by its label, and nothing when nothing comes near."""
    (place,) = places_in(f"Zie {typed} hier", FACTS)

    assert (place.kind, place.written, place.nearest) == ("", typed, meant)
    assert nearest(typed, FACTS) == meant


def test_form_when_previewed_for_somebody_signs_as_they_would(hamlet):
    """The preview is what the desk hands out: with the initials of who looks, where the zone signs."""
    form = replace(hamlet.form("nieuw", default="Kom langs."), audience="public")
    signed = dict(hamlet.engine.editing.preview(form, "RE").replies)["facebook"].text
    tone = hamlet.engine.zone.tone

    assert signed.endswith("^RE") == tone.initials
