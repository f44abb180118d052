"""Every rule of the machine's checks, reached with one small folder each."""

from __future__ import annotations

from pathlib import Path

import pytest
from cast import article_text
from test_folder import ZONE, plant

from kbengine.article import NO_ZONE
from kbengine.checks import ARTICLE_RULES, RULES, check, check_articles, check_ranking, folder_scope
from kbengine.folder import read_folder

KB = Path(__file__).parent.parent / "kb"
BIKE = "articles/diefstal/fiets-gestolen.nl.md"
FRENCH = "articles/diefstal/fiets-gestolen.fr.md"
ASKED = "questions/fiets-gestolen.toml"
NUMBERS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien")
TEN = f"nl = [{', '.join(repr(f'vraag {number}') for number in NUMBERS)}]\n"
OTHER = {"articles/diefstal/bromfiets.nl.md": article_text(title="Bromfiets")}
DANGER = """\
[[danger]]
kind = "weapon"
level = "E1"
act = "reply-101"
nl = ["mes"]

[[example]]
text = "hij heeft een mes"
expect = "E1"
"""
FACTS = """
[zone_phone]
kind = "phone"
value = "014 11 22 33"
label = "Nummer"
owner = "onthaal"
source = "zone"

[hours]
kind = "hours"
value = { nl = "van 9 tot 17 uur" }
label = "Uren"
owner = "onthaal"
source = "zone"
"""
CLEAN = {
    "zone.toml": ZONE + '\n[channels]\norder = ["facebook", "x", "email"]\n',
    "facts.toml": FACTS,
    "danger.toml": DANGER,
    BIKE: article_text(body="Doe aangifte, of bel {fact:zone_phone}."),
    ASKED: TEN,
}
# What only a whole knowledge base can satisfy: the articles that danger needs.
WHOLE_HOUSE = {"danger.plan-article"}
TRANSLATED = "---\ntitle: Vélo volé\n---\nPortez plainte.\n"


def problems(root):
    folder = read_folder(root)
    assert folder.problems == ()
    found = check(folder_scope(folder, folder.zone or NO_ZONE))
    return tuple(problem for problem in found if problem.code not in WHOLE_HOUSE)


@pytest.fixture
def found(tmp_path):
    """What the checks find in a clean folder with some files changed: (code, level, file, line)."""

    def look(**changed):
        tree = CLEAN | {name: text for name, text in changed["files"].items() if text is not None}
        for name in [name for name, text in changed["files"].items() if text is None]:
            del tree[name]
        return [(p.code, p.level, p.file, p.line) for p in problems(plant(tmp_path, tree))]

    return look


def test_checks_when_nothing_is_wrong_find_nothing(found):
    """The folder that the cases below change is clean."""
    assert found(files={}) == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({BIKE: article_text(body="Zie <b>hier</b>.")}, ("markup.html", "error", BIKE, 8), id="html"),
        pytest.param(
            {BIKE: article_text(body="a\n\nb {fact:geen}")}, ("reply.fact-unknown", "error", BIKE, 10), id="fact"
        ),
        pytest.param({BIKE: article_text(body="{iets:naam}")}, ("reply.placeholder-kind", "error", BIKE, 8), id="kind"),
        pytest.param({BIKE: article_text(owner="niemand")}, ("owner.unknown", "error", BIKE, 1), id="owner"),
        pytest.param(
            {"facts.toml": FACTS.replace('"onthaal"', '"niemand"', 1)},
            ("owner.unknown", "error", "facts.toml", 1),
            id="fact-owner",
        ),
        pytest.param({BIKE: article_text(channels="[fax]")}, ("channel.unknown", "error", BIKE, 1), id="channel"),
        pytest.param(
            {"articles/diefstal/auto.fr.md": TRANSLATED},
            ("language.no-first", "error", "articles/diefstal/auto.fr.md", 1),
            id="translation-alone",
        ),
        pytest.param({BIKE: article_text(locked='["bel 101"]')}, ("locked.absent", "error", BIKE, 1), id="locked"),
        pytest.param({BIKE: article_text(body="Lang. " * 50)}, ("text.no-short", "warning", BIKE, 8), id="too-long"),
        pytest.param({BIKE: article_text(body="a" * 300)}, ("limit.too-long", "error", BIKE, 8), id="not-to-be-cut"),
        pytest.param(
            {BIKE: article_text(body="b" * 252 + " {blank:naam}")}, ("text.no-short", "warning", BIKE, 8), id="blank"
        ),
        pytest.param(
            {"zone.toml": CLEAN["zone.toml"].replace('"x"', '"x", "fax"')},
            ("channel.unknown", "error", "zone.toml", 0),
            id="channel-of-the-zone",
        ),
        pytest.param(
            {BIKE: article_text(body=f"{'Lang. ' * 50}\n\n## Kort\n{'Kort. ' * 50}")},
            ("limit.split", "warning", BIKE, 11),
            id="short-too-long",
        ),
        pytest.param(
            {BIKE: article_text(audience="private", body="a\n\n## Kort\nb")},
            ("audience.short", "warning", BIKE, 11),
            id="short-not-public",
        ),
        pytest.param(
            {FRENCH: TRANSLATED.replace("plainte.", "plainte, {fact:hours}.")},
            ("fact.no-language", "warning", FRENCH, 4),
            id="fact-language",
        ),
        pytest.param(
            {BIKE: article_text(body="a\n\nBel 014 11.22.33 nu.")}, ("fact.by-hand", "warning", BIKE, 10), id="by-hand"
        ),
        pytest.param(
            {"questions/geen.toml": TEN.replace("vraag", "kwestie")},
            ("questions.no-article", "error", "questions/geen.toml", 1),
            id="questions-alone",
        ),
        pytest.param({ASKED: 'nl = ["een vraag"]\n'}, ("questions.few", "warning", ASKED, 0), id="few-questions"),
        pytest.param({ASKED: None}, ("questions.missing", "warning", BIKE, 0), id="no-questions"),
        pytest.param(
            OTHER | {"questions/bromfiets.toml": TEN.replace("vraag een", "VRAAG: een?").replace("vraag ", "kwestie ")},
            ("questions.duplicate", "error", ASKED, 1),
            id="double-question",
        ),
        pytest.param(
            {ASKED: TEN + 'not = [\n  "iets anders",\n  "Vraag drie!",\n]\n'},
            ("questions.both", "error", ASKED, 4),
            id="asked-and-refused",
        ),
        pytest.param({"danger.toml": None}, ("danger.missing", "error", "danger.toml", 1), id="no-cues"),
        pytest.param(
            {"danger.toml": DANGER.replace('"E1"\nact', '"E9"\nact')},
            ("danger-value", "error", "danger.toml", 3),
            id="bad-cues",
        ),
        pytest.param(
            {"danger.toml": DANGER.replace('expect = "E1"', 'expect = "none"')},
            ("danger.example", "error", "danger.toml", 8),
            id="cue-example",
        ),
    ],
)
def test_rule_when_broken_names_file_and_line(found, files, expected):
    """Each rule finds what it is for, and nothing else does."""
    assert found(files=files) == [expected]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({BIKE: article_text(body=f"{'Lang. ' * 50}\n\n## Kort\nkort")}, id="a short variant fits"),
        pytest.param({BIKE: article_text(audience="private", body="Lang. " * 50)}, id="not for public channels"),
        pytest.param({BIKE: article_text(channels="[email]", body="Lang. " * 50)}, id="not for that channel"),
        pytest.param({BIKE: article_text(body="Sinds 2019-2020 kost dit 58 euro.")}, id="other numbers by hand"),
        pytest.param(
            {BIKE: article_text(locked='["bel {fact:zone_phone}"]', body="x\n\n## Kort\nbel {fact:zone_phone}")},
            id="locked in a variant",
        ),
        pytest.param({FRENCH: TRANSLATED.replace("plainte", "{fact:zone_phone}")}, id="a value for all languages"),
    ],
)
def test_rule_when_kept_is_silent(found, files):
    """What is allowed raises no alarm."""
    assert found(files=files) == []


def test_checks_when_several_rules_are_broken_tell_all(found):
    """All problems come at once, by file and line."""
    body = "<b>{fact:geen}</b>\n\nBel 014 11 22 33."
    codes = [code for code, *_ in found(files={BIKE: article_text(owner="niemand", body=body), ASKED: None})]

    assert codes == ["questions.missing", "owner.unknown", "markup.html", "reply.fact-unknown", "fact.by-hand"]


def test_checks_when_only_articles_are_asked_leave_the_rest(tmp_path):
    """An editor's own text is not held up by somebody else's question file."""
    tree = CLEAN | {ASKED: 'nl = ["een vraag"]', "danger.toml": "x ="}
    folder = read_folder(plant(tmp_path, tree))

    assert check_articles(folder_scope(folder, folder.zone)) == ()
    assert set(ARTICLE_RULES) < set(RULES)


BIKE_ASKED = """\
nl = [
  "mijn fiets is gestolen aan het station",
  "mijn fiets is weg",
  'fietsdief gezien, wie verwittig ik',
]
not = ["mijn gestolen fiets stond aan het station"]
"""
MOPED_ASKED = """\
nl = ["mijn bromfiets is gestolen", "moet ik mijn bromfiets verzekeren", "helm verplicht op een bromfiets",
  "mijn fiets is gestolen in het station"]
"""


def ranked(root, tree):
    """What the rules about ranking find: (code, level, file, line, the other article)."""
    folder = read_folder(plant(root, CLEAN | OTHER | tree))
    found = check_ranking(folder_scope(folder, folder.zone))
    return [(p.code, p.level, p.file, p.line, p.fields["other"]) for p in found]


def test_ranking_when_another_article_takes_a_question(tmp_path):
    """A question that finds another article is told on its line; an exact double is left to the rule about those."""
    asked = {ASKED: BIKE_ASKED, "questions/bromfiets.toml": MOPED_ASKED}
    double = asked | {"questions/bromfiets.toml": MOPED_ASKED.replace(" in het ", " aan het ")}

    assert ranked(tmp_path / "one", asked) == [
        ("questions.elsewhere", "warning", "questions/bromfiets.toml", 2, "fiets-gestolen")
    ]
    assert ranked(tmp_path / "two", double) == []


def test_ranking_when_a_refused_message_finds_its_article(tmp_path, monkeypatch):
    """Should `not` no longer keep a message from its article, it is an error on the message's line."""
    asked = {ASKED: BIKE_ASKED, "questions/bromfiets.toml": MOPED_ASKED.splitlines()[0] + "]\n"}
    kept = ranked(tmp_path / "one", asked)
    monkeypatch.setattr("kbengine.suggest.refused.Refusals.refuses", lambda *_: False)

    assert kept == []
    assert ranked(tmp_path / "two", asked) == [("questions.not-kept", "error", ASKED, 6, "fiets-gestolen")]


def test_example_when_checked_strictly_is_clean():
    """The knowledge base that the product comes with has no problem and no warning."""
    folder = read_folder(KB)

    assert (problems(KB), check_ranking(folder_scope(folder, folder.zone))) == ((), ())
