"""The room channels: every channel counts and formats as it does in the outside world."""

import json
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbengine.channels import CHANNELS, USUAL, Sms, channel, count, fits, limit_of, render, sms
from kbengine.errors import NotFound
from kbengine.markup import blocks

X = CHANNELS["x"]
# Counted by others: script/channel-vectors says how.
LENGTHS = json.loads((Path(__file__).parent / "vectors/lengths.json").read_text(encoding="utf-8"))


def test_channels_when_none_is_chosen_are_those_of_the_team():
    """The eight ways in which a citizen is answered, under their own ids."""
    expected = {"facebook", "messenger", "instagram", "instagram_dm", "x", "x_dm", "whatsapp", "email"}
    assert expected == set(USUAL)
    assert tuple(CHANNELS)[: len(USUAL)] == USUAL
    assert all(id == found.id for id, found in CHANNELS.items())


def test_channels_are_public_where_anybody_reads_along():
    """What is between two people is a message, a mail or a text message; all else is in the open."""
    direct = {"messenger", "instagram_dm", "x_dm", "linkedin_dm", "whatsapp", "email", "sms"}
    assert direct == {found.id for found in CHANNELS.values() if not found.public}


@pytest.mark.parametrize(
    ("id", "limit", "advised"),
    [
        ("facebook", 8_000, None),
        ("messenger", 2_000, None),
        ("instagram", 2_200, 300),
        ("instagram_dm", 1_000, None),
        ("x", 280, None),
        ("x_dm", 10_000, None),
        ("whatsapp", 4_096, 1_600),
        ("email", None, None),
        ("facebook_post", 63_206, None),
        ("instagram_post", 2_200, None),
        ("bluesky", 300, None),
        ("mastodon", 500, None),
        ("threads", 500, None),
        ("linkedin", 1_250, None),
        ("linkedin_post", 3_000, None),
        ("linkedin_dm", 1_900, None),
        ("youtube", 10_000, None),
        ("tiktok", 150, None),
        ("tiktok_post", 4_000, None),
        ("hoplr", 1_000, None),
        ("nextdoor", None, None),
        ("sms", 160, None),
    ],
)
def test_channels_have_their_limits(id, limit, advised):
    """What the platform refuses, and what is wise."""
    assert (limit, advised) == (channel(id).limit, channel(id).advised)


def test_channels_name_their_source():
    """A limit without a source and a date is a guess."""
    assert all(found.label and found.source and found.source_date >= "2026" for found in CHANNELS.values())


def test_channels_with_a_window_say_how_long_a_citizen_may_be_answered():
    """A day after their last message; a person who answers has a week where Meta says so. Each with its source."""
    windows = {id: found.window for id, found in CHANNELS.items() if found.window}
    assert {id: (window.hours, window.by_person) for id, window in windows.items()} == {
        "messenger": (24, 168),
        "instagram_dm": (24, 168),
        "whatsapp": (24, 24),
    }
    assert all(window.source.startswith("https://") and window.source_date >= "2026" for window in windows.values())


def test_posts_say_how_much_of_them_is_seen_at_once():
    """What a telephone shows before somebody asks for more."""
    seen = {id: found.visible for id, found in CHANNELS.items() if found.visible}
    assert seen == {"facebook_post": 150, "instagram_post": 125, "linkedin_post": 210}


def test_channels_cannot_be_changed_in_place():
    """A zone replaces a value; nobody edits the shared one."""
    with pytest.raises(TypeError, match="item assignment"):
        CHANNELS["x"] = CHANNELS["email"]


def test_channel_says_what_is_known_when_unknown():
    """The message helps."""
    with pytest.raises(NotFound, match=r"no channel 'fax'\. Known: facebook"):
        channel("fax")


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("België", 6),
        ("€ 58", 5),
        ("Bel 101!", 8),
        ("👮", 2),
        ("👩🏽\u200d🚒", 2),
        ("https://www.politie.be/5998/een/heel/lang/adres", 23),
        ("Ja…", 4),
        ("“Nee”", 5),
    ],
)
def test_count_on_x_agrees_with_the_vectors(text, weight):
    """The vectors of twitter-text's config v3."""
    assert weight == count(text, X)


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("help.nu nee.be", 47),
        ("politie.be", 23),
        ("Zie politie.be.", 28),
        ("https://www.politie.be/a, en https://x.be", 23 + 5 + 23),
        ("info@politie.be", 15),
        ("mailto:a@b.be", 13),
        ("🇧🇪", 2),
        ("🇧🇪🇳🇱", 4),
        ("1\ufe0f\u20e3", 2),
        ("☎\ufe0f", 2),
        ("❤\ufe0f\u200d🔥", 2),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
        ("👍🏿👍🏿", 4),
        ("e\u0301\u0301", 2),
        ("©", 1),
        ("©\ufe0f", 2),
        ("→•", 4),
        ("Привет", 6),
        ("漢字", 4),
        ("a\nb", 3),
        ("101 #112*", 9),
    ],
)
def test_count_on_x_weighs_addresses_emoji_and_signs(text, weight):
    """23 an address, 2 an emoji however composed, else 1 or 2."""
    assert weight == count(text, X)


def test_count_on_x_agrees_with_twitter_text():
    """Its own counter, on replies, addresses, emoji, alphabets, accents and tags."""
    assert {text: weight for text, weight, _ in LENGTHS["texts"]} == {
        text: count(text, X) for text, *_ in LENGTHS["texts"]
    }


def test_count_on_x_takes_each_emoji_for_two_when_it_is_younger_than_the_list():
    """twitter-text knows the emoji of its own year; those after it weigh no more."""
    assert all(2 == count(text, X) < weight for text, weight, _ in LENGTHS["unlisted"])


def test_count_on_instagram_dm_is_in_bytes():
    """An é is two of a thousand."""
    assert count("België", CHANNELS["instagram_dm"]) == 7
    assert count("€", CHANNELS["instagram_dm"]) == 3


def test_count_elsewhere_is_in_characters():
    """One a code point, after NFC."""
    assert count("Belgie\u0308", CHANNELS["facebook"]) == 6
    assert len("https://www.politie.be/5998") == count("https://www.politie.be/5998", CHANNELS["whatsapp"])


def test_count_on_bluesky_agrees_with_an_outside_counter():
    """What a reader sees as one sign; an Indian pair of letters is taken for two, which is never too few."""
    bluesky = CHANNELS["bluesky"]
    rows = LENGTHS["texts"] + LENGTHS["unlisted"]
    differs = {text: (count(text, bluesky), signs) for text, _, signs in rows if count(text, bluesky) != signs}
    assert differs == {"\u0939\u093f\u0928\u094d\u0926\u0940": (3, 2)}


def test_fits_on_bluesky_within_both_its_limits():
    """300 signs, and 3000 bytes: a family of four is one sign of 25 bytes."""
    family = "👨\u200d👩\u200d👧\u200d👦"
    assert [fits("é" * n, CHANNELS["bluesky"]) for n in (300, 301)] == [True, False]
    assert [fits(family * n, CHANNELS["bluesky"]) for n in (120, 121)] == [True, False]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Zie https://www.politie.be/5998/contact.", 4 + 23 + 1),
        ("Zie politie.be", 14),
        ("Dag @noor@social.be, dank", len("Dag @noor, dank")),
        ("mail info@politie.be", 20),
    ],
)
def test_count_on_mastodon_shortens_addresses_and_servers(text, length):
    """23 for an address with a scheme; of a name with its server the name."""
    assert length == count(text, CHANNELS["mastodon"])


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", Sms("gsm-7", 0, 1)),
        ("a" * 160, Sms("gsm-7", 160, 1)),
        ("a" * 161, Sms("gsm-7", 161, 2)),
        ("a" * 306, Sms("gsm-7", 306, 2)),
        ("a" * 307, Sms("gsm-7", 307, 3)),
        ("€" * 80, Sms("gsm-7", 160, 1)),
        ("€" * 81, Sms("gsm-7", 162, 2)),
        ("a" * 152 + "€" + "a" * 152, Sms("gsm-7", 306, 3)),
        ("éèàùìòäöüñßÉÄÖÜÑÇ@£\n", Sms("gsm-7", 20, 1)),
        ("[a]{b}^~|\\", Sms("gsm-7", 18, 1)),
        *[(sign, Sms("ucs-2", 1, 1)) for sign in "ëïêâîôûçáíóú’“”–…"],
        ("ë" * 70, Sms("ucs-2", 70, 1)),
        ("ë" * 71, Sms("ucs-2", 71, 2)),
        ("ë" * 134, Sms("ucs-2", 134, 2)),
        ("ë" * 135, Sms("ucs-2", 135, 3)),
        ("👮" * 35, Sms("ucs-2", 70, 1)),
        ("👮" * 66, Sms("ucs-2", 132, 2)),
        ("👮" * 67, Sms("ucs-2", 134, 3)),
    ],
)
def test_sms_is_sized_as_a_phone_does(text, size):
    """3GPP TS 23.038: 160 and 153 septets, 70 and 67 pairs of bytes; a sign of two places is never halved."""
    assert size == sms(text)


def test_limit_of_a_text_message_is_that_of_its_alphabet():
    """One ë makes a message of 160 one of 70."""
    found = CHANNELS["sms"]
    assert (limit_of("Belgie", found), limit_of("België", found), limit_of("België", X)) == (160, 70, 280)
    assert [fits("a" * 99 + last, found) for last in "aë"] == [True, False]


@given(st.text(), st.sampled_from(sorted(CHANNELS)))
@settings(deadline=None)
def test_count_does_not_depend_on_the_spelling(text, id):
    """Composed and decomposed letters count the same."""
    decomposed = unicodedata.normalize("NFD", text)
    assert count(unicodedata.normalize("NFC", text), CHANNELS[id]) == count(decomposed, CHANNELS[id])


@given(st.lists(st.sampled_from(["é", "€", "a", "👮", "👩🏽\u200d🚒", "🇧🇪", "1\ufe0f\u20e3"])))
@settings(deadline=None)
def test_count_on_x_is_never_under_the_number_of_signs(signs):
    """Whatever stands beside it, a sign weighs at least one; with a space between them weights add up."""
    expected = sum(count(sign, X) for sign in signs) + max(len(signs) - 1, 0)
    assert expected == count(" ".join(signs), X)


@pytest.mark.parametrize("text", ["a.be " * 4_000, "👮\u200d" * 6_000, "www." * 5_000, "http://" * 2_800, "é" * 20_000])
def test_count_is_quick_when_the_text_is_strange(text):
    """A counter runs at every key."""
    started = time.perf_counter()
    count(text, X)
    assert time.perf_counter() - started < 2


ANSWER = "**Bel** _nu_ [de politie](https://www.politie.be/5998/contact/).\n\n- een\n- twee"


@pytest.mark.parametrize(
    "id", ["facebook", "messenger", "x", "x_dm", "instagram_dm", "email", "bluesky", "linkedin", "sms"]
)
def test_render_writes_plain_text(id):
    """No marks, the whole address."""
    expected = "Bel nu de politie: https://www.politie.be/5998/contact/.\n\n- een\n- twee"
    assert expected == render(blocks(ANSWER), CHANNELS[id])


@pytest.mark.parametrize("id", ["whatsapp", "youtube"])
def test_render_marks_weight_where_the_channel_does(id):
    """WhatsApp's own marks, which YouTube shares."""
    expected = "*Bel* _nu_ de politie: https://www.politie.be/5998/contact/.\n\n- een\n- twee"
    assert expected == render(blocks(ANSWER), CHANNELS[id])


def test_render_shortens_an_address_where_it_cannot_be_followed():
    """A reader types it over: short, and complete."""
    expected = "Bel nu de politie (politie.be/5998/contact).\n\n- een\n- twee"
    assert expected == render(blocks(ANSWER), CHANNELS["instagram"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zie https://www.politie.be/, of politie.be.", "Zie politie.be, of politie.be."),
        ("**https://justonweb.be/fines**: betaal.", "justonweb.be/fines: betaal."),
        (f"[Meer](https://www.politie.be/5998/{'vragen/' * 8})", "Meer (politie.be)"),
        (f"Op https://politie.be/{'a' * 60}?b=1 staat meer.", "Op politie.be staat meer."),
        ("Mail naar info@politie.be.", "Mail naar info@politie.be."),
    ],
)
def test_render_writes_a_bare_address_as_it_is_said_where_it_cannot_be_followed(text, shown):
    """Also the one that a fixed value brings; of an address that nobody would type over, the site."""
    assert render(blocks(text), CHANNELS["tiktok"]) == shown


def test_render_leaves_marks_out_of_a_word_where_they_would_be_read():
    """WhatsApp shows a mark inside a word as a star."""
    text = "on**be**kend, **wel**, **5**de en ***beide***"
    assert render(blocks(text), CHANNELS["whatsapp"]) == "onbekend, *wel*, 5de en *_beide_*"


def test_links_are_clickable_except_under_a_picture():
    """Instagram and TikTok show an address as text."""
    shown = ["instagram", "instagram_post", "tiktok", "tiktok_post"]
    assert shown == [found.id for found in CHANNELS.values() if not found.links_clickable]
