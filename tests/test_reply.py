"""The room reply: the right text, filled in once, and never more than may go out."""

from dataclasses import replace

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbengine.article import Article, Audience, Header, Variant, VariantName
from kbengine.channels import CHANNELS, count, fits, limit_of
from kbengine.errors import WrongState
from kbengine.markup import blocks, check, to_html, urls
from kbengine.reply import Placeholder, choose_variant, compose, fill, placeholder_problems, placeholders, split

HEADER = Header(Audience.PUBLIC, "onthaal", (), 6)
FACTS = {"zone_phone": "02 123 45 67", "site_url": "https://www.politie.be/5998"}
PUBLIC = [channel for channel in CHANNELS.values() if channel.public]
DIRECT = [channel for channel in CHANNELS.values() if not channel.public]
NASTY = "{{7*7}} ${7*7} {v.__class__} %(x)s <b>Jan</b> [klik](https://evil.example)"


def article(default="", short="", private="", internal="", header=HEADER):
    """An answer with the variants that are given."""
    texts = {"default": default, "short": short, "private": private, "internal": internal}
    variants = tuple(Variant(VariantName(name), text, 1) for name, text in texts.items() if text)
    return Article("fiets-gestolen", "nl", "diefstal", "Fiets gestolen", variants, header)


def reply(text, channel="facebook", facts=FACTS, blanks=None, citizen=None, prefix=""):
    """The reply of an answer with one text."""
    return compose(article(text), HEADER, CHANNELS[channel], facts, blanks or {}, citizen or {}, prefix)


def problem_codes(text):
    """The codes of all placeholder problems of a text."""
    return [problem.code for problem in placeholder_problems(text, FACTS, "fiche.nl.md", 1)]


# Placeholders


def test_placeholders_reads_the_grammar():
    """Kind, name, fallback and place; an empty fallback is one."""
    text = "{fact:a_1} {blank:b|hier} {citizen:name|}"
    expected = (
        Placeholder("fact", "a_1", None, 0, 10),
        Placeholder("blank", "b", "hier", 11, 25),
        Placeholder("citizen", "name", "", 26, 41),
    )
    assert expected == placeholders(text)


@pytest.mark.parametrize(
    "text",
    [
        *("{fact:}", "{fact:A}", "{fact:1a}", "{fact: a}", "{ fact:a}", "{fact:a", "fact:a}", "{a}", "{{7*7}}", "${a}"),
        *("{fact:" + "a" * 41 + "}", "{fact:a|b|c}", "{fact:a|{blank:b}", "{blank:a|een\ntwee}", "{v.__x__}", "%(a)s"),
    ],
)
def test_placeholders_reads_nothing_else(text):
    """One fixed grammar, no template language."""
    assert [found.name for found in placeholders(text) if found.name != "b"] == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{fact:onbekend}", "reply.fact-unknown"),
        ("{citizen:address}", "reply.citizen-unknown"),
        ("{env:path}", "reply.placeholder-kind"),
        ("{Fact:zone_phone}", "reply.placeholder-kind"),
        ("Bel {fact:zone_phone", "reply.placeholder-broken"),
        ("Bel fact:zone_phone}", "reply.placeholder-broken"),
        ("{fact:}", "reply.placeholder-broken"),
        ("{{7*7}}", "reply.placeholder-broken"),
        ("{blank:a|een {fact:zone_phone} twee}", "reply.placeholder-broken"),
    ],
)
def test_placeholder_problems_names_the_line(text, code):
    """What will not be filled in is said when it is written."""
    (problem,) = placeholder_problems(f"Dag\n\n{text}", FACTS, "fiche.nl.md", 8)
    assert (problem.code, problem.level, problem.file, problem.line) == (code, "error", "fiche.nl.md", 10)
    assert problem.message and problem.hint and problem.fields["placeholder"] in text


def test_placeholder_problems_has_nothing_to_say_about_good_ones():
    """Known facts, any blank, the citizen's two names, also in a link."""
    text = "{fact:zone_phone} {blank:om_het_even} {citizen:first_name|} {citizen:name} [x]({fact:site_url})"
    assert problem_codes(text) == []
    assert check(text, "f", 1) == ()


# Filling in


def test_compose_fills_in_facts_blanks_and_names():
    """The whole of it, once."""
    text = "Dag {citizen:first_name|burger}, bel **{fact:zone_phone}** over de {blank:straat}."
    found = reply(text, "whatsapp", blanks={"straat": "Kerkstraat"}, citizen={"first_name": "Noor"})
    assert found.text == "Dag Noor, bel *02 123 45 67* over de Kerkstraat."
    assert (found.open_blanks, found.facts_used, found.missing_facts) == ((), ("zone_phone",), ())
    assert found.copyable


def test_compose_fills_in_a_link_target():
    """An address that is a fact, with a path behind it."""
    assert reply("[site]({fact:site_url}/a)").text == "site: https://www.politie.be/5998/a"
    assert reply("[site]({fact:site_url})").facts_used == ("site_url",)


@pytest.mark.parametrize("value", ["javascript:alert(1)", "www.politie.be", "https://x.be/a b", "{fact:site_url}", ""])
def test_compose_leaves_only_the_text_when_a_fact_is_no_address(value):
    """A value that is no safe address leads nowhere, and the reply is not copied."""
    found = reply("Zie [site]({fact:site_url}).", facts={"site_url": value})
    assert found.text == "Zie site."
    assert (found.missing_facts, found.copyable) == (("site_url",), False)


def test_compose_shows_what_is_missing():
    """Between brackets, in order, each once; never copied."""
    found = reply("{blank:de_straat} {blank:nr} {blank:nr} {fact:weg} {citizen:name}", "email")
    assert found.text == "[de straat] [nr] [nr] [weg] [name]"
    assert (found.open_blanks, found.missing_facts) == (("de_straat", "nr", "name"), ("weg",))
    assert not found.copyable


@pytest.mark.parametrize("value", ["", "  ", "\n", "\u200b"])
def test_compose_leaves_a_blank_open_when_nothing_is_filled_in(value):
    """White space is nothing."""
    assert reply("In de {blank:straat}.", blanks={"straat": value}).open_blanks == ("straat",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dag {citizen:first_name|}, hallo", "Dag, hallo"),
        ("Beste {citizen:name|burger}", "Beste burger"),
        ("{citizen:first_name|} bedankt", "bedankt"),
        ("{citizen:first_name|}, bedankt", ", bedankt"),
        ("bij {blank:plaats|ons} of {fact:geen|bel 101}", "bij ons of bel 101"),
        ("{blank:x|**niet vet** [x](https://x.be)}", "**niet vet** [x](https://x.be)"),
    ],
)
def test_compose_takes_the_fallback_when_there_is_no_value(text, expected):
    """A fallback is text; an empty one takes the space before it along."""
    found = reply(text)
    assert (found.text, found.copyable) == (expected, True)


@pytest.mark.parametrize("channel", CHANNELS)
def test_compose_takes_a_hostile_name_literally(channel):
    """N23: a citizen's name is text, on every channel."""
    found = reply("Dag {citizen:name}, {blank:x}", channel, citizen={"name": NASTY}, blanks={"x": "{fact:zone_phone}"})
    assert found.text == f"Dag {NASTY}, {{fact:zone_phone}}"
    assert (found.facts_used, found.copyable) == ((), True)


def test_fill_takes_a_hostile_name_literally_in_html():
    """N23: no tag and no link comes of it on a page either."""
    html = to_html(fill(blocks("Dag **{citizen:name}**"), FACTS, citizen={"name": NASTY}).blocks)
    tree = html5lib.parseFragment(html)
    assert [element.tag.rpartition("}")[2] for element in tree.iter()][1:] == ["p", "strong"]
    assert "".join(tree.itertext()) == f"Dag {NASTY}"


@given(st.text())
@settings(deadline=None)
def test_fill_adds_no_tags_and_no_lines_whatever_the_value(value):
    """F4: no new tags, links or line breaks."""
    html = to_html(fill(blocks("Dag {citizen:name|x}."), {}, citizen={"name": value}).blocks)
    assert [element.tag.rpartition("}")[2] for element in html5lib.parseFragment(html).iter()][1:] == ["p"]
    found = reply("Dag {citizen:name|x}.", citizen={"name": value})
    assert len(found.text.splitlines()) == 1
    assert len(found.text) <= 5 + 200


def test_compose_cleans_values():
    """Control and bidi marks go, line breaks become a space, 200 characters are kept."""
    found = reply("{blank:a}|{blank:b}", blanks={"a": "x\u202ey\x00\r\n\nz\u2028w", "b": "é" * 300})
    assert found.text == "xy z w|" + "é" * 200


def test_compose_keeps_a_long_fact_whole():
    """What was vouched for is not cut."""
    assert reply("{fact:uren}", facts={"uren": "u" * 500}).text == "u" * 500


# Which variant


@pytest.mark.parametrize("channel", PUBLIC)
def test_choose_takes_default_when_it_fits(channel):
    """A public channel gets the whole answer where there is room."""
    found = choose_variant(article("lang", "kort", "privé", "intern"), channel)
    assert found.name is VariantName.DEFAULT


def test_choose_takes_short_when_default_does_not_fit():
    """X is small."""
    found = article("a" * 281, "kort", "privé")
    assert choose_variant(found, CHANNELS["x"]).name is VariantName.SHORT
    assert choose_variant(found, CHANNELS["facebook"]).name is VariantName.DEFAULT


def test_choose_measures_the_text_filled_in():
    """The value counts, not its placeholder."""
    found = article("a" * 250 + " {fact:lang}", "kort")
    assert choose_variant(found, CHANNELS["x"], facts={"lang": "b" * 20}).name is VariantName.DEFAULT
    assert choose_variant(found, CHANNELS["x"], facts={"lang": "b" * 40}).name is VariantName.SHORT
    assert choose_variant(found, CHANNELS["x"], facts={"lang": "b"}, prefix="c" * 40).name is VariantName.SHORT


@pytest.mark.parametrize("channel", DIRECT)
def test_choose_takes_private_then_default_when_direct(channel):
    """A direct message may ask for details."""
    assert choose_variant(article("gewoon", "kort", "privé"), channel).name is VariantName.PRIVATE
    assert choose_variant(article("gewoon", "kort"), channel).name is VariantName.DEFAULT


def test_choose_looks_at_the_first_languages_header_in_a_translation():
    """A translation has none; without one nothing goes out."""
    translation = article("bonjour", header=None)
    assert choose_variant(translation, CHANNELS["x"]) is None
    assert choose_variant(translation, CHANNELS["x"], HEADER).text == "bonjour"
    assert choose_variant(translation, CHANNELS["x"], replace(HEADER, audience=Audience.PRIVATE)) is None


@pytest.mark.parametrize(
    ("texts", "header", "channel", "code"),
    [
        ({"default": "a"}, {"audience": Audience.PRIVATE}, "facebook", "reply.private-on-public"),
        ({"private": "a"}, {}, "x", "reply.private-on-public"),
        ({"default": "a"}, {"audience": Audience.INTERNAL}, "email", "reply.internal"),
        ({"default": "a"}, {"channels": ("x", "email")}, "facebook", "reply.channel"),
        ({"internal": "a"}, {}, "email", "reply.no-variant"),
        ({"short": "a"}, {}, "email", "reply.no-variant"),
    ],
)
def test_compose_refuses_what_may_not_go_there(texts, header, channel, code):
    """Each refusal has its own code; choosing gives nothing."""
    header = replace(HEADER, **header)
    with pytest.raises(WrongState, match="fiets-gestolen") as refused:
        compose(article(**texts), header, CHANNELS[channel], {}, {}, {})
    assert (refused.value.code, refused.value.fields["channel"]) == (code, channel)
    assert choose_variant(article(**texts), CHANNELS[channel], header) is None


def test_compose_keeps_to_the_channels_of_the_header():
    """Named there, allowed there."""
    header = replace(HEADER, channels=("x", "email"))
    assert compose(article("a"), header, CHANNELS["x"], {}, {}, {}).text == "a"


# Limits


def test_compose_says_when_nothing_fits():
    """The shortest there is, and it is not copied."""
    found = compose(article("a" * 300, "b" * 290), HEADER, CHANNELS["x"], {}, {}, {})
    assert (found.variant, found.count, found.limit) == (VariantName.SHORT, 290, 280)
    assert (found.fits, found.copyable) == (False, False)


def test_compose_advises_before_it_forbids():
    """Past what is wise it can still be copied."""
    found = reply("a" * 301, "instagram")
    assert (found.advised_exceeded, found.fits, found.copyable) == (True, True, True)
    assert not reply("a" * 300, "instagram").advised_exceeded


def test_compose_has_no_limit_by_mail():
    """Mail takes all."""
    found = reply("a" * 15_000, "email")
    assert (found.limit, found.fits, found.advised_exceeded) == (None, True, False)


def test_compose_counts_the_prefix():
    """What stands before the answer goes out with it."""
    found = reply("a" * 270, "x", prefix="[VOORBEELD] ")
    assert found.text.startswith("[VOORBEELD] aaa")
    assert (found.count, found.fits) == (282, False)


def test_compose_never_copies_an_empty_text():
    """A prefix alone is no answer."""
    assert not reply("{citizen:name|}", prefix="[VOORBEELD] ").copyable


def test_compose_formats_for_the_channel():
    """Marks on WhatsApp, a typed-over address under a picture."""
    text = "**Bel** of kijk op [onze site]({fact:site_url})"
    assert reply(text, "whatsapp").text == "*Bel* of kijk op onze site: https://www.politie.be/5998"
    assert reply(text, "instagram").text == "Bel of kijk op onze site (politie.be/5998)"


# In parts


def test_compose_gives_one_part_when_it_fits():
    """The text itself, without a number."""
    assert reply("Dag.", "x", prefix="[VOORBEELD] ").parts == ("[VOORBEELD] Dag.",)


def test_compose_cuts_the_short_variant_when_that_is_too_long_too():
    """At the end of a sentence, numbered, with the prefix before each part."""
    first, second = "Een " + "a" * 180 + ".", "Twee " + "b" * 180 + "."
    found = compose(article("c" * 600, f"{first} {second}"), HEADER, CHANNELS["x"], {}, {}, {}, "[VOORBEELD] ")
    assert found.variant is VariantName.SHORT
    assert found.parts == (f"[VOORBEELD] (1/2) {first}", f"[VOORBEELD] (2/2) {second}")
    assert (found.fits, found.copyable) == (False, False)


def test_compose_gives_no_parts_when_it_cannot_be_cut():
    """An address of three hundred bytes stays whole."""
    assert reply("a" * 300, "x").parts == ()


@pytest.mark.parametrize(
    "parts",
    [
        ("Dat weten we.", "Bel dan gewoon 02 123 45 67"),
        ("De boete voor wie iets doet:", "€ 58  000 euro"),
        ("Bel ons op dit nummer:", "+32 (0)2 123 45 67"),
        ("Alles hierover vind je op", "https://x.be/a.b?c=D.E"),
        ("Zo is het.", "Dat zegt art. 5 van de wet dus"),
        ("Doe dit:\n1. Bel je bank meteen", "\n2. Doe dan aangifte"),
    ],
)
def test_split_cuts_where_it_may(parts):
    """Between sentences, else between words; an amount, a number and an address are not cut."""
    narrow = replace(CHANNELS["tiktok"], limit=40)
    first, second = parts
    text = first + second if second.startswith("\n") else f"{first} {second}"
    assert split(text, narrow) == (f"(1/2) {first}", f"(2/2) {second.strip()}")


SENTENCES = st.lists(
    st.sampled_from(
        [
            "Bel 02 123 45 67.",
            "Dat kost € 58!",
            "Zie https://www.politie.be/5998/a,b.c?d=e.",
            "Kijk op politie.be.",
            "👮",
            "\n\n",
        ]
    )
    | st.text(st.sampled_from("abë é.€\n"), max_size=60),
    max_size=60,
).map(" ".join)
LIMITED = [channel for channel in CHANNELS.values() if channel.limit and channel.limit <= 500]
WHOLE = ("02 123 45 67", "€ 58")


@given(SENTENCES, st.sampled_from(LIMITED), st.sampled_from(["", "[VOORBEELD] "]))
@settings(deadline=None, max_examples=300)
def test_split_makes_parts_that_fit_and_lose_nothing(text, channel, prefix):
    """Each within the limit and numbered, together every word in order, every number and address whole."""
    parts = split(text, channel, prefix)
    assert all(fits(part, channel) for part in parts)
    if len(parts) < 2:
        assert not parts or parts == (prefix + text,)
        return
    bodies = [part.removeprefix(f"{prefix}({n}/{len(parts)}) ") for n, part in enumerate(parts, 1)]
    assert [prefix + f"({n}/{len(parts)}) " + body for n, body in enumerate(bodies, 1)] == list(parts)
    assert " ".join(bodies).split() == text.split()
    found = [text[start:end] for start, end in urls(text)]
    assert found == [body[start:end] for body in bodies for start, end in urls(body)]
    assert all(text.count(whole) == sum(body.count(whole) for body in bodies) for whole in WHOLE)


# Always

WORDS = st.text(st.sampled_from("ab €é*_[]()\n-1."), max_size=40)
PIECES = st.sampled_from(
    ["{blank:straat}", "{blank:nr|5}", "{fact:zone_phone}", "{fact:weg}", "[x]({fact:site_url})", "{citizen:name|}"]
)
TEXTS = st.lists(WORDS | PIECES, max_size=6).map(" ".join)
HEADERS = st.builds(
    Header,
    st.sampled_from(Audience),
    st.just("onthaal"),
    st.just(()),
    st.just(6),
    channels=st.sampled_from([(), ("x",), ("whatsapp", "facebook")]),
)


def try_compose(found, header, channel, blanks):
    """The reply, or None when it may not go there."""
    try:
        return compose(found, header, channel, FACTS, blanks, {})
    except WrongState:
        return None


@given(TEXTS, TEXTS, TEXTS, HEADERS, st.sampled_from(sorted(CHANNELS)), st.booleans())
@settings(deadline=None, max_examples=300)
def test_private_and_internal_text_stay_where_they_belong(default, short, private, header, id, has_default):
    """Private text on no public channel, internal text and articles nowhere."""
    channel = CHANNELS[id]
    texts = {"short": short, "private": f"GEHEIM {private}", "internal": "INTERN"}
    found = article(default if has_default else "", header=header, **texts)
    made = try_compose(found, header, channel, {})
    chosen = choose_variant(found, channel)
    assert (made is None) == (chosen is None)
    if made is None:
        return
    assert header.audience is not Audience.INTERNAL
    assert made.variant is chosen.name is not VariantName.INTERNAL
    assert "INTERN" not in made.text
    if channel.public:
        assert header.audience is Audience.PUBLIC
        assert "GEHEIM" not in made.text


@given(TEXTS, st.sampled_from(sorted(CHANNELS)), st.dictionaries(st.just("straat"), st.text(max_size=20)))
@settings(deadline=None, max_examples=300)
def test_reply_counts_its_own_text_and_is_complete_when_copied(text, id, blanks):
    """The count is of the final text; an open blank or a missing fact is never copied."""
    channel = CHANNELS[id]
    made = try_compose(article(f"a {text}"), HEADER, channel, blanks)
    assert made.count == count(made.text, channel)
    assert made.limit == limit_of(made.text, channel)
    assert made.fits == (made.limit is None or made.count <= made.limit)
    if made.open_blanks or made.missing_facts or not made.fits:
        assert not made.copyable
    if made.copyable and not blanks:
        assert "[straat]" not in made.text and "[weg]" not in made.text


@given(st.sampled_from(sorted(CHANNELS)), WORDS, WORDS)
@settings(deadline=None)
def test_reply_is_never_copyable_when_a_blank_is_open(id, before, after):
    """Wherever the blank stands."""
    made = reply(f"{before} {{blank:straat}} {after}", id)
    assert made.open_blanks == ("straat",)
    assert not made.copyable
