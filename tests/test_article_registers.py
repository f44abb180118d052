"""Facts, question files and the zone's policy: read strictly, every problem with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kbengine.article
from kbengine.article import FACT_KINDS, Fact, local_time, read_facts, read_questions, read_zone, toml_text, write_fact

PHONE = """\
[zone_phone]
kind = "phone"
value = "016 00 00 00"
label = "Telefoon [zone_email] van de zone"
owner = "onthaal"
source = "https://www.politie.be/5441"
"""
EMAIL = PHONE.replace("[zone_phone]", "[zone_email]")


def found(result):
    """The code and line of every problem of what a reader gives."""
    return [(problem.code, problem.line) for problem in result[1]]


def changed(key, line):
    """The register with one line of its fact replaced, or taken out."""
    return re.sub(rf"^{key} = .*\n", line and line + "\n", PHONE, flags=re.MULTILINE)


def test_read_facts_when_good_are_complete():
    """A fact has all that its table says, a period only when there is one."""
    text = f'{PHONE}from = 2026-01-01\nuntil = "2026-06-30 18:00"\n'
    (fact,), problems = read_facts(text, "facts.toml")
    assert problems == ()
    assert (fact.name, fact.kind, fact.owner) == ("zone_phone", "phone", "onthaal")
    assert (local_time("2026-01-01"), local_time("2026-06-30 18:00")) == (fact.valid_from, fact.valid_until)


@pytest.mark.parametrize(
    ("value", "lang", "expected"),
    [
        ('"overal"', "de", "overal"),
        ('{ nl = "ja", fr = "oui" }', "fr", "oui"),
        ('{ nl = "ja", fr = "oui" }', "de", "ja"),
        ('{ fr = "oui" }', "de", "oui"),
    ],
)
def test_fact_value_when_asked_in_a_language(value, lang, expected):
    """A language's own value, else the one for all, else the first language's, else any."""
    (fact,), _ = read_facts(changed("value", f"value = {value}"), "facts.toml")
    assert expected == fact.value(lang, "nl")


FACTS = {
    'x = "los"\n' + PHONE: [("fact.table", 1)],
    PHONE + "\n[Zone]\n": [("fact.name", 8)] + [("fact.missing", 8)] * 3 + [("fact.kind", 8), ("fact.value", 8)],
    PHONE + EMAIL.replace("zone_email", "2e_nummer"): [("fact.name", 7)],
    PHONE + EMAIL.replace("zone_email", "a" * 41): [("fact.name", 7)],
    PHONE + '\n["zone phone"]' + EMAIL.removeprefix("[zone_email]"): [("fact.name", 8)],
    EMAIL + PHONE + 'status = "validated"\n': [("fact.unknown-key", 7)],
    PHONE + EMAIL + 'note = "x"\n': [("fact.unknown-key", 7)],
    changed("label", ""): [("fact.missing", 1)],
    changed("owner", 'owner = " "'): [("fact.missing", 1)],
    changed("source", "source = 1"): [("fact.missing", 1)],
    changed("kind", ""): [("fact.kind", 1)],
    changed("kind", 'kind = "fax"'): [("fact.kind", 1)],
    changed("kind", 'kind = ["phone"]'): [("fact.kind", 1)],
    changed("value", ""): [("fact.value", 1)],
    PHONE + 'was = "070 344 344"\n': [("fact.was", 1)],
    PHONE + 'was = ["070 344 344", " "]\n': [("fact.was", 1)],
    changed("value", 'value = ""'): [("fact.value", 1)],
    changed("value", "value = 101"): [("fact.value", 1)],
    changed("value", "value = {}"): [("fact.value", 1)],
    changed("value", 'value = { nl = "ja", es = "sí" }'): [("fact.value", 1)],
    changed("value", 'value = { nl = "ja", fr = " " }'): [("fact.value", 1)],
    PHONE + 'from = "2026-02-30"\n': [("fact.period", 1)],
    PHONE + "until = 20261130\n": [("fact.period", 1)],
    PHONE + "until = 18:00:00\n": [("fact.period", 1)],
    PHONE + "from = 2026-05-02\nuntil = 2026-05-01\n": [("fact.period", 1)],
    PHONE + "from = 2026-05-01\nuntil = 2026-05-01\n": [],
    PHONE + "from = 2026-02-30\n": [("toml.syntax", 7)],
    PHONE + PHONE: [("toml.syntax", 7)],
    PHONE + 'owner = "twee"\n': [("toml.syntax", 7)],
    PHONE + 'until = "2026\n': [("toml.syntax", 7)],
    PHONE + "x = [1,\n\n": [("toml.syntax", 7)],
    PHONE + "x = " + "[" * 5_000 + "\n": [("toml.syntax", 1)],
    PHONE + "x = " + "9" * 5_000 + "\n": [("toml.syntax", 1)],
    "\ufeff" + PHONE: [("toml.syntax", 1)],
    PHONE + "\x00\n": [("toml.syntax", 7)],
}


@pytest.mark.parametrize(("text", "expected"), FACTS.items(), ids=range(len(FACTS)))
def test_read_facts_when_broken(text, expected):
    """Each way of being wrong gives its problems on the line of the fact's table."""
    assert expected == found(read_facts(text, "facts.toml"))


def test_read_facts_when_one_is_broken_keeps_the_others():
    """A fact with a problem is left out, the rest of the register is read."""
    facts, problems = read_facts(PHONE.replace('"phone"', '"fax"') + EMAIL, "facts.toml")
    assert [fact.name for fact in facts] == ["zone_email"]
    assert problems[0].fields == {"fact": "zone_phone"}


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30).filter(str.strip)
MOMENTS = st.none() | st.integers(2000, 2050).map(lambda year: local_time(f"{year}-02-28 12:30"))


@given(
    st.builds(
        Fact,
        name=st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True),
        kind=st.sampled_from(FACT_KINDS),
        values=WORDS.map(lambda text: {"": text})
        | st.dictionaries(st.sampled_from(["nl", "fr", "en"]), WORDS, min_size=1),
        label=WORDS,
        owner=WORDS,
        source=WORDS,
        valid_from=MOMENTS,
        valid_until=st.none(),
    )
)
def test_write_fact_when_read_back_is_the_same(fact):
    """Quotes, backslashes, line ends and control characters survive the register."""
    assert ((fact,), ()) == read_facts(write_fact(fact), "facts.toml")


@pytest.mark.parametrize("text", ['a"b', "a\\b", "a\nb", "a\tb", "a\rb", "\x00\x1f\x7f", "\\u0041", "é🚓"])
def test_toml_text_when_written_reads_back(text):
    """A TOML string holds any text."""
    questions, _ = read_questions(f"nl = [{toml_text('x' + text)}]", "fiets", "fiets.toml")
    assert questions.asked == {"nl": ("x" + text,)}


def test_read_questions_when_good():
    """Questions per language, and messages that must not find the answer."""
    text = 'nl = ["Mijn velo is gepikt!", "fr = x"]\nfr = []\nnot = ["fiets gevonden"]\n'
    questions, problems = read_questions(text, "fiets", "fiets.toml")
    assert problems == ()
    assert questions.asked == {"nl": ("Mijn velo is gepikt!", "fr = x")}
    assert (questions.slug, questions.not_asked) == ("fiets", ("fiets gevonden",))


QUESTIONS = {
    'nl = ["a"]\nes = ["b"]\n': [("questions.unknown-key", 2)],
    'nl = ["l = x"]\nl = ["b"]\n': [("questions.unknown-key", 2)],
    'nl = ["a"]\n"status" = "ok"\n': [("questions.unknown-key", 2)],
    'nl = "a"\n': [("questions.list", 1)],
    'nl = ["x fr = y"]\nfr = [""]\n': [("questions.list", 2)],
    'nl = ["a"]\nfr = [1]\nnot = [" "]\n': [("questions.list", 2), ("questions.list", 3)],
    f'nl = ["{"x" * 601}"]\n': [("questions.list", 1)],
    f'nl = ["{"x" * 600}"]\n': [],
    "[nl]\na = 1\n": [("questions.list", 1)],
    'nl = ["a"\n': [("toml.syntax", 1)],
    "nl = ['a]\n": [("toml.syntax", 1)],
    'nl = ["a"]\nnl = ["b"]\n': [("toml.syntax", 2)],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), QUESTIONS.items(), ids=range(len(QUESTIONS)))
def test_read_questions_when_broken(text, expected):
    """Each key that is unknown or no list of texts is a problem on its line, and the file is not used."""
    result = read_questions(text, "fiets", "fiets.toml")
    assert expected == found(result)
    assert (result[0] is None) is bool(expected)


ZONE = """\
name = "Politiezone Wilgenrijk"
example = true
languages = ["nl", "fr"]
timezone = "Europe/Brussels"

[owners]
onthaal = "Onthaal"

[danger]
police = "101"

[channels]
order = ["facebook", "x"]

[example_people.agent]
name = "Agent (voorbeeld)"
roles = ["agent"]
"""


def test_read_zone_when_good():
    """The policy as the rest of the house takes it."""
    zone, problems = read_zone(ZONE, "zone.toml")
    assert problems == ()
    assert (zone.first_lang, zone.example, zone.timezone.key) == ("nl", True, "Europe/Brussels")
    assert (zone.danger.police, zone.danger.suicide, zone.channels) == ("101", "1813", ("facebook", "x"))
    assert [(person.login, person.roles) for person in zone.example_people] == [("agent", ("agent",))]


@pytest.mark.parametrize("said", ["silent = 0.39", "silent = 0.99", 'silent = "0.8"', "silent = true", "line = 0.5"])
def test_read_zone_when_silence_is_no_share(said):
    """The line can be moved within reason, and by nothing else."""
    problems = read_zone(f"{ZONE}\n[suggest]\n{said}\n", "zone.toml")[1]
    moved, none = read_zone(f"{ZONE}\n[suggest]\nsilent = 0.9\n", "zone.toml")

    assert [problem.code for problem in problems] == ["zone.suggest"]
    assert (moved.silent, none) == (0.9, ())


def test_read_zone_when_short_is_not_an_example():
    """A name and an owner are enough, and what is not said to be an example is none."""
    zone, _ = read_zone('name = "PZ"\n[owners]\na = "A"\n', "zone.toml")
    assert (zone.example, zone.languages, zone.example_people) == (False, ("nl",), ())


def put(line, new):
    """The policy with one line replaced."""
    assert ZONE.count(line + "\n") == 1
    return ZONE.replace(line + "\n", new + "\n")


ZONES = {
    put('name = "Politiezone Wilgenrijk"', ""): [("zone.name", 1)],
    put('name = "Politiezone Wilgenrijk"', 'name = " "'): [("zone.name", 1)],
    put("example = true", 'example = "true"'): [("zone.example", 2)],
    put("example = true", "kleur = 1"): [("zone.kleur", 2)],
    put('languages = ["nl", "fr"]', "languages = []"): [("zone.languages", 3)],
    put('languages = ["nl", "fr"]', 'languages = "nl"'): [("zone.languages", 3)],
    put('languages = ["nl", "fr"]', 'languages = ["nl", "es"]'): [("zone.languages", 3)],
    put('languages = ["nl", "fr"]', 'languages = [["nl"], {}]'): [("zone.languages", 3)],
    put('timezone = "Europe/Brussels"', 'timezone = "Europe/Wilgenrijk"'): [("zone.timezone", 4)],
    put('timezone = "Europe/Brussels"', 'timezone = "../../etc/passwd"'): [("zone.timezone", 4)],
    put('timezone = "Europe/Brussels"', 'timezone = "Europe"'): [("zone.timezone", 4)],
    put('timezone = "Europe/Brussels"', 'timezone = ""'): [("zone.timezone", 4)],
    put('timezone = "Europe/Brussels"', "timezone = 1"): [("zone.timezone", 4)],
    put('onthaal = "Onthaal"', ""): [("zone.owners", 6)],
    put('onthaal = "Onthaal"', "onthaal = 1"): [("zone.owners", 6)],
    put('police = "101"', 'fire = "112"'): [("zone.danger", 9)],
    put('police = "101"', "police = 101"): [("zone.danger", 9)],
    put('order = ["facebook", "x"]', 'order = "facebook"'): [("zone.channels", 12)],
    put('order = ["facebook", "x"]', "order = [1]"): [("zone.channels", 12)],
    put('example = true\nlanguages = ["nl", "fr"]', 'channels = ["x"]').replace("[channels]\n", "[channels2]\n"): [
        ("zone.channels2", 11),
        ("zone.channels", 2),
    ],
    put('roles = ["agent"]', ""): [("zone.example_people", 15)],
    put('roles = ["agent"]', 'roles = "agent"'): [("zone.example_people", 15)],
    put('roles = ["agent"]', 'roles = ["agent"]\npassword = "x"'): [("zone.example_people", 15)],
    put('roles = ["agent"]', "roles = [1]"): [("zone.example_people", 15)],
    put('name = "Agent (voorbeeld)"', "name = 1"): [("zone.example_people", 15)],
    put("[owners]", "[owners"): [("toml.syntax", 6)],
    "languages = 1\n": [("zone.name", 1), ("zone.languages", 1), ("zone.owners", 1)],
}


@pytest.mark.parametrize(("text", "expected"), ZONES.items(), ids=range(len(ZONES)))
def test_read_zone_when_broken(text, expected):
    """Each key that cannot be used is a problem on its line, and there is no policy."""
    result = read_zone(text, "zone.toml")
    assert expected == found(result)
    assert result[0] is None


def test_codes_when_searched_in_the_source_are_all_tested():
    """No problem code of the registers is without a case in these tables."""
    source = (Path(kbengine.article.__file__).parent / "register.py").read_text()
    codes = set(re.findall(r'"((?:toml|fact|questions)\.[a-z-]+)"', source))
    assert codes == {code for problems in (*FACTS.values(), *QUESTIONS.values()) for code, _ in problems}
