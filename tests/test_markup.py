"""The room markup: what an answer may hold, and that nothing else ever comes out of it."""

import contextlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kbengine.errors import TooLarge
from kbengine.markup import (
    MAX_BYTES,
    Bold,
    Break,
    Italic,
    Link,
    ListBlock,
    ListItem,
    Paragraph,
    PlainStyle,
    Text,
    blocks,
    check,
    clean,
    safe_target,
    to_html,
    to_plain,
    urls,
)

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li"}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}}
SCHEMES = ("https:", "http:", "mailto:", "tel:")

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>klik</a>",
    "[klik](javascript:alert(1))",
    "[klik](JaVaScRiPt:alert(1))",
    "[klik](java\tscript:alert(1))",
    "[klik](java&#115;cript:alert(1))",
    "[klik](&#x6A;avascript:alert(1))",
    "[klik](javascript&colon;alert(1))",
    "[klik](%6aavascript:alert(1))",
    "[klik](data:text/html;base64,PHNjcmlwdD4=)",
    "[klik](vbscript:msgbox(1))",
    "[klik](<javascript:alert(1)>)",
    "[klik](//evil.example)",
    "[klik](\\\\evil.example)",
    "[klik](https:evil.example)",
    '[klik](https://x.be" onmouseover="alert(1))',
    "[klik](https://x.be \"t\" onclick='alert(1)')",
    "[klik][ref]\n\n[ref]: javascript:alert(1)",
    "![](https://tracker.example/p.gif?z=1)",
    "![alt](x){onerror=alert(1)}",
    "<javascript:alert(1)>",
    "<https://evil.example/?<script>>",
    "<style>*{background:url(//evil.example)}</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<form action=//evil.example><button>x</button></form>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "</p><script>alert(1)</script><p>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "`<script>alert(1)</script>`",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "**<b onclick=alert(1)>**_<i>_",
    "[<img src=x onerror=alert(1)>](https://x.be)",
    "[![x](javascript:alert(1))](https://x.be)",
    "\x02klzzwxh:0000\x03 \x02wzxhzdk:0\x03",
    "{{7*7}} ${7*7} {v.__class__} %(x)s",
    "[a](https://a.be/[b](javascript:alert(1)))",
    "- <script>\n- [x](data:,x)\n  1. <svg onload=1>",
]

SPELLINGS = [
    *("javascript:x", "JAVASCRIPT:x", "java\nscript:x", "java\tscript:x", "java\x00script:x", " javascript:x"),
    *("javascript://x.be/%0aalert(1)", "&#106;avascript:x", "&#x6a;avascript:x", "&#0000106avascript:x"),
    *("javascript&colon;x", "javascript&#58;x", "javascript%3Ax", "%6a%61vascript:x", "%256aavascript:x"),
    *("vbscript:x", "data:text/html,x", "data:,x", "file:///etc/passwd", "ftp://x.be", "blob:https://x.be"),
    *("//x.be", "/pad", "pad", "#anker", "?x", "\\\\x.be", "https:\\\\x.be", "https:/x.be", "https:x.be", "https://"),
    *("https:///x", "http://\u202ex.be", "https://x.be/a b", 'https://x.be/"x', "https://x.be/<x>", "tel:x", "mailto:"),
    *("view-source:https://x.be", "feed:https://x.be", "jar:https://x.be!/x", "\u200bhttps://x.be", "", "{fact:x}"),
]


def elements(html):
    """Every element a browser would make of it, as (tag, attributes)."""
    tree = html5lib.parseFragment(html)
    return [
        (element.tag.removeprefix(NAMESPACE), dict(element.attrib)) for element in tree.iter() if element is not tree
    ]


def assert_harmless(html):
    """Only allowed tags, attributes and schemes."""
    for tag, attributes in elements(html):
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set())
        assert attributes.get("href", "https:").lower().startswith(SCHEMES)


def paragraph(text):
    """The inline values of a text that is one paragraph."""
    (block,) = blocks(text)
    assert isinstance(block, Paragraph)
    return block.content


def codes(text):
    """The codes of all problems of a text."""
    return [problem.code for problem in check(text, "fiche.nl.md", 1)]


# What an answer knows


def test_blocks_are_frozen():
    """Nobody changes a block that others share."""
    with pytest.raises(FrozenInstanceError, match="text"):
        Text("a").text = "b"


def test_blocks_reads_bold_italic_and_links():
    """The three kinds of inline markup, also in each other."""
    expected = (
        Text("Bel "),
        Bold((Text("nu "), Italic((Text("echt"),)))),
        Text(" of "),
        Link((Text("kijk"),), "https://www.politie.be/a_b_c"),
        Text("."),
    )
    assert expected == paragraph("Bel **nu _echt_** of [kijk](https://www.politie.be/a_b_c).")


def test_blocks_keeps_a_line_break():
    """One line break is a break, an empty line a new paragraph."""
    expected = (Paragraph((Text("een"), Break(), Text("twee"))), Paragraph((Text("drie"),)))
    assert expected == blocks("een\ntwee\n\n\ndrie\n")


def test_blocks_keeps_bold_over_a_line_break():
    """Emphasis may run over the end of a line."""
    assert (Bold((Text("een"), Break(), Text("twee"))),) == paragraph("**een\ntwee**")


def test_blocks_reads_a_list_right_under_a_line():
    """An editor need not leave a line empty above a list."""
    expected = (
        Paragraph((Text("Doe dit:"),)),
        ListBlock(False, 0, (ListItem((Text("bel"),)), ListItem((Text("wacht"),)))),
    )
    assert expected == blocks("Doe dit:\n- bel\n- wacht")


def test_blocks_nests_a_list_one_level():
    """Points under a point, and no deeper: a third level joins the second."""
    nested = ListBlock(False, 0, (ListItem((Text("b"),)), ListItem((Text("c"),))))
    expected = (ListBlock(False, 0, (ListItem((Text("a"),), (nested,)), ListItem((Text("d"),)))),)
    assert expected == blocks("- a\n  - b\n      - c\n- d")


def test_blocks_joins_a_list_over_empty_lines():
    """Air between points does not end the list; an indented paragraph belongs to its point."""
    (block,) = blocks("1. a\n\n   meer\n\n2. b")
    assert ListItem((Text("a"), Break(), Break(), Text("meer"))) == block.items[0]
    assert len(block.items) == 2


@pytest.mark.parametrize(
    "text",
    [
        "101. Bel de politie",
        "Bij nood:\n101. Bel de politie",
        "101. Politie\n112. Brand",
        "1. a\n1. b\n1. c",
        "3. a\n4. b\n9. c",
        "007. Bond",
        "2026. Dat was het jaar.",
        "1986\\. Dat was het jaar.",
        "+32 2 123 45 67",
        "1) een",
        "12345678901. te lang",
        "- a\n  5. b\n  7. c",
    ],
)
def test_plain_keeps_every_number_at_the_start_of_a_line(text):
    """Phone numbers and years are never renumbered."""
    assert text.replace("\\", "") == to_plain(blocks(text)).replace("\n\n", "\n")


def test_html_starts_a_list_at_its_number():
    """A browser numbers as the editor did."""
    assert (
        to_html(blocks("101. Politie\n112. Brand"))
        == '<ol start="101"><li>Politie</li></ol><ol start="112"><li>Brand</li></ol>'
    )
    assert to_html(blocks("1. a\n2. b")) == "<ol><li>a</li><li>b</li></ol>"


@pytest.mark.parametrize(
    "placeholder",
    ["{fact:police_on_web_url}", "{blank:de_straat_hier}", "{citizen:first_name|}", "{blank:x|**of** [zo](x) _a_}"],
)
def test_blocks_leaves_a_placeholder_alone(placeholder):
    """Underscores, stars and brackets in a placeholder are no markup."""
    assert (Text(f"a {placeholder} b "), Bold((Text(placeholder),))) == paragraph(
        f"a {placeholder} b **{placeholder}**"
    )


@pytest.mark.parametrize("target", ["{fact:site_url}", "{fact:site_url}/pad_x_y", "https://x.be/{fact:a_b_c}"])
def test_blocks_keeps_a_fact_in_a_link_target(target):
    """An address may be a fixed value."""
    assert (Link((Text("site"),), target),) == paragraph(f"[site]({target})")


@pytest.mark.parametrize("target", ["{blank:x}", "{citizen:name}", "https://x.be/{blank:x}", "javascript:{fact:x}"])
def test_blocks_refuses_what_is_typed_as_a_link_target(target):
    """An agent or a citizen never decides where our link leads."""
    assert (Text(f"[site]({target})"),) == paragraph(f"[site]({target})")


def test_blocks_leaves_the_rest_of_markdown_as_it_stands():
    """No headings, quotes, code, entities or automatic links."""
    for text in ("# kop", "> citaat", "`code`", "&amp; <b>", "<https://x.be>", "[a]: https://x.be", "a | b", "~~x~~"):
        assert (Text(text),) == paragraph(text)


def test_blocks_understands_a_backslash():
    """A star can be a star."""
    assert (Text("*geen* _nadruk_ [x](y)"),) == paragraph(r"\*geen\* \_nadruk\_ \[x](y)")


# Unicode


def test_clean_composes_and_strips():
    """NFC, LF, no hidden characters."""
    assert clean("e\u0301\r\nb\tc\u202e\u200b\x00\u00ad") == "é\nb    c"


def test_clean_never_folds_full_width_signs():
    """NFKC would make a tag of it."""
    assert clean("\uff1cscript\uff1e") == "\uff1cscript\uff1e"


@pytest.mark.parametrize("emoji", ["👩🏽\u200d🚒", "❤️\u200d🔥", "👮", "🇧🇪", "1️⃣", "👨\u200d👩\u200d👧\u200d👦", "☎️"])
def test_clean_keeps_emoji_whole(emoji):
    """The joiner inside an emoji is not hidden text."""
    assert emoji == clean(emoji)
    assert check(emoji, "f", 1) == ()


def test_clean_strips_a_joiner_between_letters():
    """Outside emoji the joiner only hides."""
    assert clean("pol\u200ditie") == "politie"


@given(st.text())
@settings(deadline=None)
def test_clean_is_done_after_one_round(text):
    """Cleaning what is clean changes nothing."""
    assert clean(text) == clean(clean(text))


# Safety


@pytest.mark.parametrize("sample", HOSTILE)
def test_html_is_harmless_when_the_text_is_hostile(sample):
    """Nothing active comes out, wherever in a text it stands."""
    for text in (sample, f"Dag {sample} en **{sample}**", f"- {sample}", f"1. a\n   {sample}"):
        assert_harmless(to_html(blocks(text)))


@pytest.mark.parametrize("sample", HOSTILE)
def test_html_is_harmless_when_blocks_are_made_by_hand(sample):
    """The last word is nh3's, whoever made the blocks."""
    made = (Paragraph((Text(sample), Link((Text(sample),), sample), Bold((Text(sample),)))),)
    assert_harmless(to_html(made))


def test_html_loads_nothing_from_elsewhere():
    """N16: no tracker in an answer, no link without its scheme."""
    html = to_html(blocks("![](https://tracker.example/p.gif?z=1) [x](//evil.example)"))
    assert [tag for tag, _ in elements(html)] == ["p"]


def test_html_marks_a_link():
    """A link says nothing about where it was followed from."""
    expected = '<p><a href="https://x.be/?a=1&amp;b=2" rel="noopener noreferrer">x</a></p>'
    assert expected == to_html(blocks("[x](https://x.be/?a=1&b=2)"))


def test_html_shows_a_link_without_an_address_as_text():
    """A fact that is not filled in yet leads nowhere."""
    assert to_html(blocks("[site]({fact:site_url})")) == "<p>site</p>"


@pytest.mark.parametrize("target", SPELLINGS)
def test_safe_target_refuses_other_spellings(target):
    """Only four schemes, written out."""
    assert not safe_target(target)


@pytest.mark.parametrize(
    "target",
    ["https://x.be", "HTTP://X.be/a?b=c#d", "mailto:info@politie.be?subject=a%20b", "tel:+3224567890", "tel:101"],
)
def test_safe_target_takes_the_four_schemes(target):
    """Also in capitals."""
    assert safe_target(target)


PIECES = [*'ab1.*_[]()<>!`#-&;:/\\{}|" \n\t', "](", "[a](", "https://x.be", "{fact:x}", "</p>", "\n- ", "\n1. "]
MARKUP = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(st.one_of(st.text(max_size=300), MARKUP))
@settings(deadline=None, max_examples=400)
def test_html_has_no_other_tags_whatever_the_text(text):
    """Random text never yields another tag, attribute or scheme."""
    try:
        found = blocks(text)
    except TooLarge:
        return
    assert_harmless(to_html(found))


@given(MARKUP)
@settings(deadline=None, max_examples=400)
def test_check_reports_every_link_that_stays_text(text):
    """A text without problems shows no half link to a citizen."""
    try:
        found = blocks(text.replace("\\", ""))
    except TooLarge:
        return
    literal = to_plain(found, PlainStyle()).replace("{fact:x}", "")
    if "](" in literal and "](" in text.replace("{fact:x}", ""):
        assert codes(text.replace("\\", ""))


# Size


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "<" * 201, "- a" + ("\n\n  " + "[" * 199) * 98, "[a](b" * 4_000, "é" * 10_001, "<" * 20_001]
)
def test_blocks_refuses_quickly_when_too_large(text):
    """N10: refused before any work is done on it."""
    started = time.perf_counter()
    with pytest.raises(TooLarge, match="over"):
        blocks(text)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    "text",
    [
        *("*" * 20_000, "*a " * 6_600, "**a *b " * 2_800, "*_" * 10_000, "\\*" * 10_000, "__**a" * 3_000),
        *("[" * 200 + "](" * 9_000, "[a](" * 200 + "(" * 19_000, '[a]("' * 200 + "'" * 18_000, "- " * 10_000),
        *("*a _b " * 1_600 + "_ *" * 3_000, "  - a\n" * 3_000, "1. a\n" * 4_000, "{fact:" * 3_000, "\n" * 20_000),
        *("a\n\n" * 6_000, " " * 20_000, "a" * 20_000, "| " * 10_000, "--|" * 6_000, "`" * 20_000, "- -" * 6_000),
    ],
)
def test_blocks_and_check_are_quick_on_growth_patterns(text):
    """Text within the limits is read, or refused, within seconds."""
    started = time.perf_counter()
    check(text, "f", 1)
    with contextlib.suppress(TooLarge):
        to_html(blocks(text))
    assert time.perf_counter() - started < 30


def test_blocks_refuses_deep_nesting():
    """Emphasis in emphasis in emphasis is nobody's answer."""
    with pytest.raises(TooLarge, match="20 levels"):
        blocks("*a _b " * 100 + "_ *" * 100)


def test_blocks_reads_up_to_the_limit():
    """Exactly 20 kB is not too much."""
    assert (Paragraph((Text("a" * MAX_BYTES),)),) == blocks("a" * MAX_BYTES)


# Plain text


def test_plain_writes_marks_for_whatsapp():
    """Marks stand round each line, and not round an address."""
    style = PlainStyle(bold="*", italic="_")
    assert to_plain(blocks("**nu *echt***"), style) == "*nu _echt_*"
    assert to_plain(blocks("**een\ntwee**"), style) == "*een*\n*twee*"
    assert to_plain(blocks("**[site](https://x.be)**"), style) == "site: https://x.be"


@pytest.mark.parametrize(
    ("text", "full", "short"),
    [
        ("[site](https://www.politie.be/5998/)", "site: https://www.politie.be/5998/", "site (politie.be/5998)"),
        ("[politie.be](https://www.politie.be)", "https://www.politie.be", "politie.be"),
        ("[https://x.be/a](https://x.be/a)", "https://x.be/a", "x.be/a"),
        ("[bel 101](tel:101)", "bel 101: 101", "bel 101 (101)"),
        ("[02/123 45 67](tel:021234567)", "02/123 45 67", "02/123 45 67"),
        ("[mail ons](mailto:a@b.be?subject=x)", "mail ons: a@b.be", "mail ons (a@b.be)"),
        ("[a@b.be](mailto:a@b.be)", "a@b.be", "a@b.be"),
        ("[meer: ](https://x.be)", "meer: https://x.be", "meer:  (x.be)"),
    ],
)
def test_plain_writes_the_address_of_a_link(text, full, short):
    """No address is lost, and none is said twice."""
    assert full == to_plain(blocks(text), PlainStyle())
    assert short == to_plain(blocks(text), PlainStyle(full_links=False))


def test_plain_writes_lists():
    """Points and numbers as the style says, what is under a point indented."""
    text = "Doe:\n- a\n  b\n  1. c\n- d\n\nKlaar"
    assert to_plain(blocks(text), PlainStyle(bullet="• ")) == "Doe:\n\n• a\n  b\n  1. c\n• d\n\nKlaar"


# Problems


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("![x](https://x.be/a.png)", "markup.image"),
        ("### Kop", "markup.heading"),
        ("=====", "markup.heading"),
        ("Een <b>woord</b>", "markup.html"),
        ("<https://x.be>", "markup.html"),
        ("a&nbsp;b", "markup.html"),
        ("zie `code` hier", "markup.code"),
        ("```", "markup.code"),
        ("    ingesprongen", "markup.code"),
        ("|---|---|", "markup.table"),
        ("> citaat", "markup.quote"),
        ("---", "markup.rule"),
        ("* * *", "markup.rule"),
        ("[a]: https://x.be", "markup.reference"),
        ("[a][b]", "markup.reference"),
        ("[a](javascript:alert(1))", "markup.link"),
        ("[a](java&#115;cript:x)", "markup.link"),
        ("[a](www.politie.be)", "markup.link"),
        ('[a](https://x.be "titel")', "markup.link"),
        ("[a]({blank:adres})", "markup.link"),
        ("**Kort**", "markup.bold-heading"),
        ("**Wat nu?** **Kort:**", None),
        ("a\u202eb", "markup.hidden"),
        ("a\u200bb", "markup.hidden"),
        ("a\x00b", "markup.hidden"),
    ],
)
def test_check_names_the_line(line, code):
    """Each problem says where, what, and what to do."""
    found = check(f"Eerst.\n\n{line}\n\nLaatst.", "fiche.nl.md", 10)
    assert code is None or (code, "fiche.nl.md", 12) in {(p.code, p.file, p.line) for p in found}
    assert all(problem.message and problem.hint for problem in found)
    assert (code is None) == (not found)


@pytest.mark.parametrize(
    "text",
    [
        "Bel **101**. Of kijk op [politie.be]({fact:police_url}).\n\n- a\n- b\n\n101. Bel",
        "5 < 6 en 7 > 6, foto's & meer; <3 #politie foto`s !",
        "**Bel meteen 101.**",
        r"\*geen nadruk\* en \[haakjes\]",
        "{blank:plaats|het <b> `station` ![x]}",
        "- a\n\n    nog bij a",
        "A - B -- C --- D | E",
    ],
)
def test_check_has_nothing_to_say_about_a_good_answer(text):
    """What a webcare team writes is fine."""
    assert codes(text) == []


def test_check_reports_all_problems_in_order():
    """All of them at once, not the first."""
    assert codes("> a\n\n<b>\n\n---") == ["markup.quote", "markup.html", "markup.rule"]


def test_check_finds_the_line_inside_a_paragraph():
    """Also when the link is not on the paragraph's first line."""
    (problem,) = check("een\ntwee [a](ftp://x.be)\ndrie", "f", 1)
    assert (problem.line, problem.fields) == (2, {"target": "ftp://x.be"})


@pytest.mark.parametrize(("text", "code"), [("a" * 20_001, "markup.too-large"), ("[" * 201, "markup.brackets")])
def test_check_reports_a_text_that_is_too_large(text, code):
    """Too large is a problem like another, and the only one."""
    assert [code] == codes(text)


def test_check_reports_deep_nesting():
    """Refused while reading, reported while checking."""
    assert "markup.too-deep" in codes("*a _b " * 100 + "](" + "_ *" * 100)


# Addresses


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("zie https://www.politie.be/a?b=c, of", ["https://www.politie.be/a?b=c"]),
        ("op politie.be.", ["politie.be"]),
        ("stad.gent en x.vlaanderen", ["stad.gent", "x.vlaanderen"]),
        ("mail info@politie.be of mailto:a@b.be", []),
        ("straat.Daarna om 12.30 u., nr. 5.b", []),
    ],
)
def test_urls_finds_addresses(text, expected):
    """With and without https://, no mail addresses, no missing space."""
    assert expected == [text[start:end] for start, end in urls(text)]


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("ab éE1.,:;!?<>&#`~\"'|/()]}{-+\n"), min_size=1, max_size=40))
def test_plain_when_a_paragraph_has_no_signs_is_as_the_parser_reads_it(text):
    text = f"a{text}b"  # it neither begins nor ends a block by itself
    assert to_plain(blocks(f"{text}\\!")) == f"{to_plain(blocks(text))}!"


def test_blocks_when_read_by_many_threads_at_once_are_not_mixed():
    texts = [f"**vet {number}** [link {number}](https://a.be/{number}) \\*{number}\\*" for number in range(40)]
    alone = [blocks.__wrapped__(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(blocks.__wrapped__, texts * 5)) == alone * 5
