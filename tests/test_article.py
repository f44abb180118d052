"""An article's file, read strictly: every problem with its line, and what is written reads back."""

from __future__ import annotations

import re
import time
import unicodedata
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cast import ARTICLE, article_text
from hypothesis import given, settings
from hypothesis import strategies as st

import kbengine.article
from kbengine.article import (
    HEADINGS,
    MAX_FILE_BYTES,
    Article,
    Audience,
    Header,
    Kind,
    LocalTime,
    Ref,
    Variant,
    VariantName,
    canonical,
    decode,
    digest,
    local_time,
    local_time_text,
    read_article,
    write_article,
)
from kbengine.article.header import read_header
from kbengine.errors import InvalidDocument

FILE = "fiets-gestolen.nl.md"


def read(text, ref=ARTICLE, theme="diefstal"):
    """Read a file in a zone whose first language is Dutch."""
    return read_article(text, ref, theme, FILE, "nl")


def found(text, ref=ARTICLE, theme="diefstal"):
    """The code and line of every problem."""
    return [(problem.code, problem.line) for problem in read(text, ref, theme).problems]


BOMB = "\n".join(
    ["a0: &a0 [x, x, x, x, x, x, x, x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 8))]
)

# What is wrong, and the code and line of every problem it gives.
BROKEN = {
    # the file
    "": [("header.missing", 1)],
    "Gewoon een tekst.\n": [("header.missing", 1)],
    "\ufeff" + article_text(): [("header.missing", 1)],
    " ---\ntitle: x\n---\nx\n": [("header.missing", 1)],
    "+++\ntitle = 'x'\n+++\nx\n": [("header.missing", 1)],
    '{"title": "x"}\n': [("header.missing", 1)],
    "---\n": [("header.unclosed", 1)],
    "---\ntitle: x\naudience: public\n\nTekst.\n": [("header.unclosed", 5)],
    article_text(body="x" * MAX_FILE_BYTES): [("file.too-large", 1)],
    article_text(title="x" * 100_000): [("file.too-large", 1)],
    article_text(body="Een \ud800 teken."): [("file.encoding", 8)],
    article_text(title="\udfff"): [("file.encoding", 2)],
    # the header as YAML
    article_text(tags=f"[{'a, ' * 6_000}]"): [("header.too-large", 1)],
    article_text(tags=f"[{'a,' * 5_000}]"): [("header.too-large", 7)],
    article_text("a: " + "[" * 15_000): [("header.too-large", 1)],
    article_text("a: " + "{b: " * 201): [("header.too-large", 1)],
    article_text(*(f"k{n}: x" for n in range(70))): [("header.too-large", 2)],
    article_text("- " * 3_000 + "x"): [("header.too-large", 7)],
    article_text("tags: " + "[" * 150): [("header.syntax", 7)],
    article_text("- " * 900 + "x"): [("header.syntax", 7)],
    f"---\n{'- ' * 900}x\n---\nTekst.\n": [("header.syntax", 2)],
    article_text(title="'Fiets"): [("header.syntax", 2)],
    article_text(sources="[https://a.be"): [("header.syntax", 5)],
    article_text(sources="[https://a.be/?q=1]"): [("header.syntax", 5)],
    article_text(title="Fiets: gestolen"): [("header.syntax", 2)],
    article_text(title="@fiets"): [("header.syntax", 2)],
    article_text(title="x\x07"): [("header.syntax", 2)],
    "---\n- title\n- audience\n---\nTekst.\n": [("header.syntax", 2)],
    article_text(title='!!python/object/apply:os.system ["touch /tmp/kb-pwned"]'): [("header.tag", 2)],
    article_text(title="!!str x"): [("header.tag", 2)],
    article_text(title="&a Fiets", owner="*a"): [("header.anchor", 2), ("header.anchor", 4)],
    article_text(BOMB): [("header.anchor", 7)] + [("header.anchor", 7 + n) for n in range(1, 8) for _ in range(10)],
    "---\n%YAML 1.1\n--- x\n---\nTekst.\n": [("header.directive", 2), ("header.document", 3)],
    article_text("...", "owner: verkeer"): [("header.document", 7)],
    article_text("# later nakijken"): [("header.comment", 7)],
    article_text(title="Fiets # gestolen"): [("header.comment", 2)],
    article_text(title='"Les in C# en F#" # geheim # echt'): [("header.comment", 2)],
    article_text(title=">- # geheim\n  Fiets"): [("header.comment", 2)],
    article_text("# een", "x: rood", "# twee"): [
        ("header.comment", 7),
        ("header.unknown-key", 8),
        ("header.comment", 9),
    ],
    article_text("tags: {a: b}"): [("header.not-text", 7)],
    article_text(sources="[[https://a.be]]"): [("header.not-text", 5)],
    article_text(tags=f"[{', '.join('ab' for _ in range(101))}]"): [("header.not-text", 7)],
    article_text('"": x'): [("header.not-text", 7)],
    article_text("? [a, b]\n: x"): [("header.not-text", 7)],
    article_text('"a\\e[2Jb": x'): [("header.not-text", 7)],
    article_text("audience: internal", "owner: x"): [("header.duplicate-key", 7), ("header.duplicate-key", 8)],
    article_text(title="Fiets\u2028audience: internal"): [("header.syntax", 2)],
    article_text("\ufefftags: x", "\u2028partner: x"): [("header.not-text", 7), ("header.not-text", 8)],
    article_text(title="Fiets\u0085gestolen", review_months="0"): [("header.value", 2), ("header.value", 6)],
    # its keys
    article_text("status: approved"): [("header.state-in-file", 7)],
    article_text("kleur: rood"): [("header.unknown-key", 7)],
    article_text("visibility: internal"): [("header.unknown-key", 7)],
    article_text(title=None): [("header.missing-key", 1)],
    "---\n---\nTekst.\n": [("header.missing-key", 1)] * 5,
    article_text("valid_from: 2026-05-02", "valid_until: 2026-05-01"): [("header.period", 8)],
    article_text("valid_from: 2026-05-01 18:00", "valid_until: 2026-05-01 18:00"): [("header.period", 8)],
    # the text
    article_text(body=""): [("body.empty", 8)],
    article_text(body=" \n\n## Kort\nKort."): [("body.empty", 8)],
    article_text(body="Tekst.\n\n## Kort\nEen.\n\n## KORT ##\nTwee."): [("body.variant-twice", 13)],
    article_text(body="Tekst.\n# Kop"): [("body.heading", 9)],
    article_text(body="Tekst.\n## Extra\nMeer."): [("body.heading", 9)],
    article_text(body="Tekst.\n### Kort\nKort."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n###### Diep"): [("body.heading", 9)],
    article_text(body="Tekst.\n##Extra"): [("body.heading", 9)],
    article_text(body="Kop\n===\nTekst.\nKop\n---"): [("body.heading", 9), ("body.heading", 12)],
    article_text(body="Tekst.\n## Court\nBref."): [("body.heading", 9)],
    article_text(body="Tekst.\n**Kort**\nKort."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n\n__Privé:__\n\n**intern**:\ny"): [
        ("body.bold-heading", 10),
        ("body.bold-heading", 12),
    ],
    article_text(body="Tekst.\n##Intern\nGeheim."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n  ## Intern\nGeheim."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n#Intern\nGeheim."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n> ## Intern:\nGeheim."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n- **Intern**\nGeheim."): [("body.bold-heading", 9)],
    article_text(body="Tekst.\n*Intern*\nGeheim."): [("body.bold-heading", 9)],
}


@pytest.mark.parametrize(("text", "expected"), BROKEN.items(), ids=range(len(BROKEN)))
def test_read_article_when_broken(text, expected):
    """Each way of being wrong gives its problems, each on the line where it stands, and no article."""
    assert expected == found(text)
    assert read(text).article is None


NAMES = [
    (Ref(Kind.ARTICLE, "Fiets", "nl"), "diefstal", ["name.bad"]),
    (Ref(Kind.ARTICLE, "../fiets", "nl"), "diefstal", ["name.bad"]),
    (Ref(Kind.ARTICLE, "fiets\n", "nl"), "diefstal", ["name.bad"]),
    (Ref(Kind.ARTICLE, "-rf", "nl"), "diefstal", ["name.bad"]),
    (Ref(Kind.ARTICLE, "f" * 81, "nl"), "diefstal", ["name.bad"]),
    (Ref(Kind.ARTICLE, "", "nl"), "", ["name.bad", "name.bad"]),
    (Ref(Kind.ARTICLE, "fiets", "nl"), "..", ["name.bad"]),
    (Ref(Kind.ARTICLE, "fiets--weg", "nl"), "diefstal", ["name.bad"]),
    (Ref(Kind.ARTICLE, "fiets", "nl"), "diefstal/2", ["name.bad"]),
]


@pytest.mark.parametrize(("ref", "theme", "expected"), NAMES)
def test_read_article_when_name_is_bad(ref, theme, expected):
    """A slug or theme is small letters, digits and single hyphens, so a path stays inside its folder."""
    assert [(code, 0) for code in expected] == found(article_text(), ref, theme)


def test_read_article_when_language_is_unknown():
    """An unknown language is a problem of the name and never stops the reading of the rest."""
    text = "---\ntitle: Bici\n---\nTexto.\n## Kort\nUno.\n## Kort\nDos.\n"
    assert found(text, Ref(Kind.ARTICLE, "fiets", "es")) == [("name.language", 0), ("body.variant-twice", 7)]


DECODED = [
    (b"\xef\xbb\xbf---\naudience: internal\n---\nx\n", "file.bom", "byte-order mark"),
    (b"---\ntitle: Priv\xe9\n---\nx\n", "file.encoding", "Byte 15 is not UTF-8"),
    (b"\xff\xd8\xff\xe0\x00\x10JFIF", "file.encoding", "Byte 0 is not UTF-8"),
    ("---\ntitle: x\n---\nx\n".encode("utf-16"), "file.encoding", "Byte 0 is not UTF-8"),
    (b"\xed\xa0\x80", "file.encoding", "Byte 0 is not UTF-8"),
    (b"x" * (MAX_FILE_BYTES + 1), "file.too-large", "over 20000 bytes"),
    (bytes(50_000_000), "file.too-large", "over 20000 bytes"),
]


@pytest.mark.parametrize(("data", "code", "said"), DECODED, ids=range(len(DECODED)))
def test_decode_when_bytes_are_no_text(data, code, said):
    """Bytes that are no UTF-8 text are refused, naming the byte (N01, N17, N18)."""
    with pytest.raises(InvalidDocument, match=said) as refused:
        decode(data, FILE)
    assert [(code, 1)] == [(problem.code, problem.line) for problem in refused.value.problems]


def test_codes_when_searched_in_the_source_are_all_tested():
    """No problem code of the reader is without a case in these tables."""
    folder = Path(kbengine.article.__file__).parent
    source = "".join((folder / name).read_text() for name in ("fields.py", "header.py", "parse.py"))
    codes = set(re.findall(r'"((?:file|header|name|body)\.[a-z-]+)"', source))
    tested = {code for problems in BROKEN.values() for code, _ in problems}
    tested |= {code for *_, names in NAMES for code in names} | {code for _, code, _ in DECODED}
    assert codes == tested | {"name.language", "header.in-translation"}


def test_problems_when_a_file_has_many_come_all_at_once():
    """One reading finds what is wrong in the header and in the text, in the order of the lines."""
    text = article_text(
        "kleur: rood",
        "state: live",
        "tags: {a: b}",
        "title: Nog",
        owner="Onthaal!",
        review_months="nooit",
        body="# x",
    )
    expected = [
        ("header.value", 4),
        ("header.value", 6),
        ("header.unknown-key", 7),
        ("header.state-in-file", 8),
        ("header.not-text", 9),
        ("header.duplicate-key", 10),
        ("body.heading", 12),
    ]
    assert expected == found(text)


def test_problem_when_key_stands_twice_names_both_lines():
    """A duplicate key names the first line and the second, so neither wins silently (N05)."""
    (problem,) = read(article_text("audience: internal")).problems
    assert problem.message == "The key audience stands on line 3 and again on line 7."
    assert str(problem).startswith(f"{FILE}:7: error header.duplicate-key: ")


@pytest.mark.parametrize("text", [*BROKEN, article_text("a: " + "- " * 7_500)], ids=range(len(BROKEN) + 1))
def test_read_article_when_hostile_is_quick(text):
    """Nothing that a file may hold takes long: bombs, nesting, runs of one sign."""
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("run", ["#", "*", "_", " ", "#a", "- ", "> ", "[", "<", "**a", "\n#", "\n**"])
def test_read_article_when_text_repeats_a_sign_is_quick(run):
    """No run of signs in a text makes the search for headings slow."""
    text = article_text(body="Tekst.\n## " + (run * 19_000)[:19_000] + "x")
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "key",
    ["status", "state", "validated", "validated_by", "validated_at", "validator", "approved", "approved_by", "digest"],
)
def test_state_when_written_in_a_file_is_never_read(key):
    """A file cannot say that it is validated: the key is refused and nothing of it remains (N03)."""
    parsed = read(article_text(f"{key}: {'0' * 64}"))
    assert parsed.article is None
    assert "a person decides" in parsed.problems[0].message


@given(st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=20), st.text("abc01: ", max_size=20))
def test_header_when_key_is_any_word_has_no_state(key, value):
    """Whatever key a file brings, it is a known one, or refused."""
    parsed = read(article_text(f'{key}: "{value}"'))
    assert parsed.article is None or key in Header.__dataclass_fields__


VALUES = [
    # key, as written in the file, what it means
    ("title", "NO", "NO"),
    ("title", "1.0", "1.0"),
    ("title", "2026-02-30", "2026-02-30"),
    ("title", "null", "null"),
    ("title", '"a: b # c"', "a: b # c"),
    ("title", "C# voor beginners", "C# voor beginners"),
    ("title", "＜script＞alert(1)＜/script＞", "＜script＞alert(1)＜/script＞"),
    ("title", "<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("title", '"e\\u0301te"', "e\u0301te"),
    ("tags", "[yes, off, NULL, 1.0]", ("yes", "off", "NULL", "1.0")),
    ("tags", "fiets", ("fiets",)),
    ("tags", "[]", ()),
    ("tags", "", ()),
    ("tags", "\n  - a\n  - b", ("a", "b")),
    ("audience", "internal", Audience.INTERNAL),
    ("review_months", "60", 60),
    ("valid_from", "2026-05-01", LocalTime(datetime(2026, 5, 1), has_time=False)),
    ("valid_from", "2026-05-01 18:30", LocalTime(datetime(2026, 5, 1, 18, 30), has_time=True)),
    ("valid_from", "2026-05-01T18:30", LocalTime(datetime(2026, 5, 1, 18, 30), has_time=True)),
    ("crisis", "true", True),
    ("crisis", "false", False),
    ("urgency", "act-now", "act-now"),
    ("certainty", "recalled", "recalled"),
    ("tone", "sensitive", "sensitive"),
    ("purpose", "ask-back", "ask-back"),
    ("aim", "prevention", "prevention"),
    ("canonical_url", "https://www.politie.be/5441", "https://www.politie.be/5441"),
    ("partner", "Card Stop", "Card Stop"),
    ("locked", '["bel 101", "dag, nacht"]', ("bel 101", "dag, nacht")),
    ("channels", "[facebook, x]", ("facebook", "x")),
]


@pytest.mark.parametrize(("key", "written", "expected"), VALUES)
def test_value_when_written_is_read_as_its_key_says(key, written, expected):
    """Every scalar is text first, and becomes what its key means, never what YAML guesses (N08)."""
    article = read(article_text(**{key: written})).article
    assert article is not None
    assert expected == (article.title if key == "title" else getattr(article.header, key))


def test_period_when_it_ends_on_the_day_it_starts_holds():
    """`valid_until` includes its day, so an evening that starts at six lasts until midnight."""
    assert found(article_text("valid_from: 2026-05-01 18:00", "valid_until: 2026-05-01")) == []


REFUSED = {
    "title": ['""', "'  '", "x" * 121, "|\n  a", "[a]"],
    "partner": ['"a\\u202eb"', '"a\\u200bb"', '"a\\0b"', '"a\\nb"', '"a\\u2028b"', "x" * 2_001],
    "audience": ["Public", "yes", "", "[public]", "approved"],
    "owner": ["Onthaal", "on thaal", "", "../x"],
    "sources": ["", "[]", '["a\\u202eb"]', "x" * 2_001],
    "review_months": ["0", "61", "-1", "1.5", "zes", "６", "", "1e1", "²"],
    "valid_until": ["2026-02-30", "2026-13-01", "2026-1-3", "30/11/2026", "morgen", "", "20261130"],
    "valid_from": ["2026-11-30 18:00:00", "2026-11-30 18:00Z", "2026-11-30 24:00", "9999-12-31", "２０２６-01-01"],
    "urgency": ["high", ""],
    "certainty": ["sure"],
    "tone": ["streng"],
    "purpose": ["sell"],
    "aim": ["x"],
    "crisis": ["yes", "True", "1", ""],
    "canonical_url": [
        "javascript:alert(1)",
        "//evil.example",
        "www.politie.be",
        "ftp://a.be",
        "https://",
        "https:///x",
    ],
    "tags": ['["a\\tb"]', '["\\x1b[2J"]'],
}


@pytest.mark.parametrize(("key", "written"), [(key, value) for key, values in REFUSED.items() for value in values])
def test_value_when_its_key_cannot_take_it(key, written):
    """A value outside its key's list is refused, with the key and what it may be (N07, N09, N13)."""
    problems = read(article_text(**{key: written})).problems
    assert [problem.code for problem in problems] == ["header.value"]
    assert key == problems[0].fields["key"]
    assert problems[0].fields["expected"] in problems[0].hint


def test_translation_when_it_has_more_than_a_title():
    """A translation's header is its title; what the first language's file says is refused on its line."""
    french = Ref(Kind.ARTICLE, "fiets-gestolen", "fr")
    assert [("header.in-translation", line) for line in (3, 4, 5, 6)] == found(article_text(), french)
    assert found("---\ntitle: Vélo\nkleur: x\n---\nTexte.\n", french) == [("header.unknown-key", 3)]
    assert found("---\ntitle: Vélo\nstatus: live\n---\nTexte.\n", french) == [("header.state-in-file", 3)]


@pytest.mark.parametrize("lang", HEADINGS)
def test_variants_when_headed_in_their_language(lang):
    """The level-2 headings of a language cut the text in variants, each with the line where it begins."""
    names = HEADINGS[lang]
    body = "\nGewoon.\n" + "".join(f"\n## {heading.upper()} ##\n\nTekst {name}.\n" for name, heading in names.items())
    article = read(f"---\ntitle: T\n---\n{body}", Ref(Kind.ARTICLE, "a", lang)).article if lang != "nl" else None
    article = article or read(article_text(body=body)).article
    first = 5 if lang != "nl" else 9
    lines = [first, first + 4, first + 8, first + 12]
    assert ["Gewoon.", *(f"Tekst {name}." for name in names)] == [variant.text for variant in article.variants]
    assert lines == [variant.line for variant in article.variants]


@pytest.mark.parametrize(
    "body",
    [
        "#mijnzone",
        "**Bel 101** bij nood.",
        "Intern",
        "Kort: bel 101.",
        "- **Kort en goed**",
        "* Intern",
        "1. Bel 101",
        "Een\n\n---\n\nTwee",
        "Kort\n-",
        "`## Kort`",
        "[[[[<<<<",
        "＜script＞",
    ],
)
def test_text_when_it_only_resembles_a_heading_is_kept(body):
    """Hashtags, lists, bold sentences and rules are text and stay as they are (N12)."""
    article = read(article_text(body=body)).article
    assert article is not None
    assert [body] == [variant.text for variant in article.variants]


@pytest.mark.parametrize(
    "bad", ["2026-02-30", "2026-1-3", "", " 2026-01-03", "2026-01-03\n", "2026-01-03 7:00", "1899-12-31", "3000-01-01"]
)
def test_local_time_when_text_is_no_day(bad):
    """Only a day that exists, written one way, is a local time."""
    with pytest.raises(ValueError, match=r"^$|\d|out of range"):
        local_time(bad)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31)), st.booleans())
def test_local_time_when_written_reads_back(moment, has_time):
    """What the writer makes of a local time is read as the same."""
    moment = moment.replace(second=0, microsecond=0) if has_time else datetime(moment.year, moment.month, moment.day)
    value = LocalTime(moment, has_time)
    assert value == local_time(local_time_text(value))


HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]")
SIGNS = "\"'#:?,[]{}&*!|>%@`\\-_=+~ /€éŒß漢🚓🏳️\u0301\u00a0\ufffe.a0"


def kept(text):
    """A text as the reader keeps it: composed, without invisible signs, without space around it."""
    return HIDDEN.sub("", unicodedata.normalize("NFC", text)).strip()


ONE_LINE = (st.text(SIGNS, max_size=30) | st.text(st.characters(codec="utf-8"), max_size=30)).map(kept)
TITLES = ONE_LINE.filter(lambda text: text and unicodedata.is_normalized("NFC", text))
LISTS = st.lists(TITLES, max_size=4).map(tuple)
MOMENTS = st.none() | st.integers(2000, 2050).map(lambda year: local_time(f"{year}-02-28"))
HEADERS = st.builds(
    Header,
    audience=st.sampled_from(Audience),
    owner=st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True),
    sources=LISTS.filter(len),
    review_months=st.integers(1, 60),
    valid_from=MOMENTS,
    valid_until=st.none(),
    channels=LISTS,
    urgency=st.sampled_from(kbengine.article.URGENCIES),
    locked=LISTS,
    certainty=st.sampled_from(kbengine.article.CERTAINTIES),
    canonical_url=st.sampled_from(["", "https://a.be/?q=1&r=#x", "http://a.be"]),
    tags=LISTS,
    partner=TITLES | st.just(""),
    tone=st.sampled_from(kbengine.article.TONES),
    crisis=st.booleans(),
    purpose=st.sampled_from(kbengine.article.PURPOSES),
    aim=st.sampled_from(("", *kbengine.article.AIMS)),
)
TEXTS = st.lists(st.text(SIGNS, max_size=60) | st.just(""), min_size=1, max_size=6).map(
    lambda lines: canonical("\n".join(lines)).strip("\n")
)


@st.composite
def articles(draw):
    """An article with random texts of which each could stand in a file."""
    texts = {name: draw(TEXTS) for name in VariantName if name is VariantName.DEFAULT or draw(st.booleans())}
    variants = tuple(Variant(name, text) for name, text in texts.items() if text.strip())
    return Article("fiets-gestolen", "nl", "diefstal", draw(TITLES), variants, draw(HEADERS))


@settings(max_examples=400, deadline=None)
@given(articles())
def test_write_article_when_read_back_is_the_same(article):
    """Quotes, colons, #, emoji and marks survive; only a text that reads as a heading or is missing is refused."""
    text = write_article(article)
    parsed = read(text)
    if parsed.article is None:
        assert {problem.code for problem in parsed.problems} <= {"body.heading", "body.empty"}
        return
    assert article == replace(parsed.article, variants=tuple(replace(v, line=0) for v in parsed.article.variants))
    assert text == write_article(parsed.article) == canonical(text)


@pytest.mark.parametrize(
    "title", ["x\naudience: public", "x\u2028owner: y", "x\u0085owner: y", "x\ry: z", "x\ny", "\x00", "\ufeffx"]
)
def test_write_article_when_title_holds_a_line_end_adds_no_key(title):
    """What a form sends as a title stays one value, and is refused as such when it is read."""
    article = read(article_text()).article
    assert [problem.code for problem in read(write_article(replace(article, title=title))).problems] == ["header.value"]


ANY_TEXT = st.text(st.characters(codec="utf-8") | st.sampled_from(" \t\r\n\u0301"), max_size=80)


@given(ANY_TEXT)
def test_canonical_when_repeated_changes_nothing(text):
    """The canonical text of a canonical text is itself, composed, with LF and one newline at its end."""
    once = canonical(text)
    assert once == canonical(once)
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert once.endswith("\n")


@given(ANY_TEXT, st.data())
def test_digest_when_one_character_changes_differs(text, data):
    """Any change of the canonical text, by one character, is another digest; the rest is the same text."""
    place = data.draw(st.integers(0, len(text)))
    sign = data.draw(st.characters(codec="utf-8"))
    changed = data.draw(st.sampled_from([text[:place] + sign + text[place + 1 :], text[:place] + sign + text[place:]]))
    same = canonical(text) == canonical(changed)
    assert same is (digest(ARTICLE, text) == digest(ARTICLE, changed))


def test_digest_when_kind_slug_or_language_differs():
    """The digest covers what the text is for, so a decision on one text never fits another."""
    refs = [Ref(kind, slug, lang) for kind in Kind for slug in ("a", "b", "a-nl") for lang in ("", "nl", "fr")]
    assert len(refs) == len({digest(ref, "Tekst.\n") for ref in refs})


@pytest.mark.parametrize("text", ["Tekst.", "Tekst.\r\n", "\n\nTekst.  \n\n", "Tekst.\t\r"])
def test_digest_when_only_line_ends_differ_is_the_same(text):
    """Line ends and space that nobody sees make no new text."""
    assert digest(ARTICLE, "Tekst.\n") == digest(ARTICLE, text)


def test_digest_when_an_accent_is_written_in_two_signs_is_the_same():
    """A Mac's é and a keyboard's é are one text."""
    assert digest(ARTICLE, "Privé") == digest(ARTICLE, "Prive\u0301")


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("---\n: #'\"[]{}&*!|>%abc\u2028\x00\ud800"), max_size=80))
def test_read_article_when_text_is_anything_never_raises(text):
    """Whatever a header holds, there is an article or a list of problems."""
    parsed = read(f"---\ntitle: x\n{text}\n---\nTekst.\n")
    assert (parsed.article is None) is bool(parsed.problems)


_SCALAR = st.text(alphabet=st.sampled_from("ab19 /.:-()=+%~?'{}&é,#[]!*|>@"), max_size=7)
_VALUE = st.one_of(
    _SCALAR,
    _SCALAR.map('"{}"'.format),
    st.lists(st.one_of(_SCALAR, _SCALAR.map('"{}"'.format)), max_size=3).map(lambda items: f"[{', '.join(items)}]"),
)


@settings(max_examples=500)
@given(st.lists(_VALUE, min_size=1, max_size=3))
def test_read_header_when_it_is_plain_is_as_yaml_reads_it(values):
    header = "\n".join(f"key_{'abc'[place]}: {value}" for place, value in enumerate(values))
    plain, problems = read_header(header, FILE)
    # An escape in quotes is no plain value: the same lines under it are read by YAML.
    entries, by_yaml = read_header(f'more: "\\x41"\n{header}', FILE)
    entries.pop("more", None)
    assert {key: (entry.value, entry.line + 1) for key, entry in plain.items()} == {
        key: (entry.value, entry.line) for key, entry in entries.items()
    }
    assert [problem.code for problem in problems] == [problem.code for problem in by_yaml]
