"""What a zone makes of the checks: off, warning or error, what cannot be milder, and what is refused with its line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_checks import BIKE, CLEAN, article_text
from test_docs import EDITORS, codes_in, table
from test_folder import ZONE, plant

from kbengine.article import PROMISED, SWITCHABLE, promise, read_zone
from kbengine.checks import TABLE, check, folder_scope
from kbengine.folder import read_folder
from web.messages import explain

TWO_FAULTS = {BIKE: article_text(body="Zie https://bit.ly/x en http://www.voorbeeldgemeente.be, {citizen:name|}.")}
LEVELS = {"fout": "error", "waarschuwing": "warning", "let op": "warning"}
# Of texts that are read one way in a folder and another in a store.
SOMETIMES = {"state.expired"}


def found(root, policy):
    """What the checks find in a folder with two faults under a policy: (code, level)."""
    tree = CLEAN | TWO_FAULTS | {"zone.toml": CLEAN["zone.toml"] + policy}
    folder = read_folder(plant(root, tree))
    assert folder.problems == ()
    return [(p.code, p.level) for p in check(folder_scope(folder, folder.zone)) if p.code.startswith("link.")]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param("", [("link.insecure", "warning"), ("link.shortener", "warning")], id="nothing said"),
        pytest.param('[checks]\nlink.shortener = "off"\n', [("link.insecure", "warning")], id="off"),
        pytest.param(
            '[checks]\n"link.shortener" = "error"\nlink.insecure = "warning"\n',
            [("link.insecure", "warning"), ("link.shortener", "error")],
            id="quoted or not",
        ),
        pytest.param('[checks.link]\nshortener = "off"\ninsecure = "off"\n', [], id="a table of a family"),
    ],
)
def test_policy_when_a_zone_speaks_is_followed(tmp_path, policy, expected):
    """A code that is off is not told, one that is switched has its new level."""
    assert found(tmp_path, policy) == expected


def test_policy_when_it_sets_measures_is_read():
    """The least ease of a language, the longest sentence and the languages that are wanted."""
    text = ZONE + (
        "[checks]\nlongest_sentence = 20\n[checks.reading]\nfr = 70\n"
        '[[checks.wanted]]\nlanguages = ["fr"]\naudience = "public"\n'
    )
    policy = read_zone(text, "zone.toml")[0].checks

    assert (policy.longest_sentence, policy.reading["fr"], policy.reading["nl"]) == (20, 70, 60)
    assert [(wish.languages, wish.audience, wish.tags) for wish in policy.wanted] == [(("fr",), "public", ())]


def test_measures_when_stricter_find_more(tmp_path):
    """What a zone asks of sentences and reading is what texts are held to."""
    tree = CLEAN | {BIKE: article_text(body="De politie bekijkt elke melding van overlast. " * 6)}
    strict = "[checks]\nlongest_sentence = 10\n[checks.reading]\nnl = 100\n"
    aside = {"text.no-short", "danger.plan-article"}
    folder = read_folder(plant(tmp_path, tree | {"zone.toml": tree["zone.toml"] + strict}))
    scope = folder_scope(folder, folder.zone)

    assert {p.code for p in check(scope)} - aside == {"text.hard-to-read"}
    lax = replace(folder.zone, checks=replace(folder.zone.checks, reading={"nl": 0.0}, longest_sentence=10))
    assert {p.code for p in check(replace(scope, zone=lax))} - aside == set()


@pytest.mark.parametrize(
    ("line", "code", "fields"),
    [
        ('text.long-sentense = "off"', "checks.unknown", {"near": "text.long-sentence"}),
        ('fact.by-hnd = "off"', "checks.unknown", {"near": "fact.by-hand"}),
        ('bla = "off"', "checks.unknown", {"near": "–"}),
        ('"link.image" = "uit"', "checks.word", {"word": "uit"}),
        ("link.image = false", "checks.word", {"word": "False"}),
        ('"text.personal-data" = "off"', "checks.promised", {"why": "privacy"}),
        ('placeholder.ended = "off"', "checks.promised", {"why": "period"}),
        ('header.value = "off"', "checks.promised", {"why": "structure"}),
        ('owner.unknown = "warning"', "checks.promised", {"why": "vouching"}),
        ('danger.example = "warning"', "checks.promised", {"why": "danger"}),
        ("longest_sentence = 3", "zone.checks", {"part": "longest_sentence"}),
        ("reading = { nl = 900 }", "zone.checks", {"part": "reading"}),
        ('wanted = [{ languages = ["es"] }]', "zone.checks", {"part": "wanted"}),
    ],
)
def test_policy_when_it_cannot_be_is_refused_at_its_line(line, code, fields):
    """What nobody knows, what is no word, and what a promise rests on: which, why, and what is meant."""
    text = ZONE + f'# de controles\n[checks]\nlink.tracking = "off"\n{line}\n'
    zone, problems = read_zone(text, "zone.toml")

    assert zone is None
    assert [(p.code, p.line) for p in problems] == [(code, text.count("\n"))]
    assert fields.items() <= dict(problems[0].fields).items()
    assert "%(" not in " ".join(explain(code, problems[0].fields))


@pytest.mark.parametrize("code", ["text.personal-data", "placeholder.ended", "recalled.check"])
def test_policy_when_it_makes_a_promise_stricter_is_taken(code):
    """What cannot be milder can be an error."""
    assert read_zone(f'{ZONE}[checks]\n{code} = "error"\n', "zone.toml")[1] == ()


def test_codes_when_told_to_editors_are_known_to_the_policy():
    """Every code of the editors' table can be switched or keeps a promise, and has there the level it is given at."""
    rows = [(code, LEVELS[row[1]]) for row in table(EDITORS, "code", "soort", "wat je doet")[1:] if row[1] in LEVELS
            for code in codes_in(row[0])]  # fmt: skip

    assert [code for code, _ in rows if code not in SWITCHABLE and promise(code) is None and "." in code] == []
    assert [(code, level) for code, level in rows if SWITCHABLE.get(code, level) != level] == []
    assert sorted(SWITCHABLE.keys() - {code for code, _ in rows}) == []


def test_table_when_it_gives_a_level_gives_that_of_the_policy():
    """The level of each rule is what the policy says it is when a zone says nothing."""
    assert [c.code for c in TABLE if c.code not in PROMISED and SWITCHABLE[c.code] != c.level] == []
    assert [c.code for c in TABLE if c.code not in PROMISED and c.code not in SWITCHABLE] == []
