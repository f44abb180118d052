"""Curations: the register as it is read, which messages meet one, and what the desk does with it at that moment."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from kbengine.article import Kind, Ref, read_curations, read_synonyms, with_table
from kbengine.cli import main
from kbengine.engine import CurationForm, SynonymForm
from kbengine.engine.curation import Curator
from kbengine.errors import Conflict, InvalidDocument, NotAllowed
from kbengine.history import Move, State
from kbengine.journal import create
from kbengine.period import NO_TERMS

REF, SYNONYMS = Ref(Kind.CURATIONS, "curations"), Ref(Kind.SYNONYMS, "synonyms")
TZ = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
NOISE, FINE, BIKE = "nachtlawaai", "verkeersboete-betalen", "fiets-gestolen"
MARKET = """\
[kerstmarkt]
words = ["kerstmarkt parkeren", "marché de noël"]
pin = "parkeerverbod"
reason = "Het plein is afgesloten."
until = "2027-01-06"
"""


def table(name="proef", words='["zeppelin"]', target='pin = "nachtlawaai"', until="", reason="Tijdelijk."):
    return f'[{name}]\nwords = {words}\n{target}\nreason = "{reason}"\nuntil = "{until}"\n'


def day(**ahead):
    """A day from now, as a file writes it."""
    return (datetime.now(UTC) + timedelta(**ahead)).astimezone(TZ).date().isoformat()


@pytest.mark.parametrize(
    ("text", "codes", "line"),
    [
        (MARKET, [], 0),
        ("a = 1\n", ["curation.table"], 1),
        (MARKET.replace("[kerst", "[Kerst"), ["curation.name"], 1),
        (MARKET.replace("reason", "why"), ["curation.unknown-key", "curation.reason"], 4),
        (MARKET.replace('"kerstmarkt parkeren"', '"?!"'), ["curation.words"], 2),
        (MARKET.replace('["kerstmarkt parkeren", "marché de noël"]', "[]"), ["curation.words"], 2),
        (MARKET + 'hold_back = "nachtlawaai"\n', ["curation.target"], 3),
        (MARKET.replace('pin = "parkeerverbod"\n', ""), ["curation.target"], 1),
        (MARKET.replace("afgesloten", "a" * 300), ["curation.reason"], 4),
        (MARKET.replace("2027-01-06", "2027-02-30"), ["curation.until"], 5),
        (MARKET.replace('until = "2027-01-06"\n', ""), ["curation.until"], 1),
        (MARKET.replace("2027-01-06", "2027-01-06 12:00"), ["curation.until"], 5),
    ],
)
def test_register_when_it_is_wrong_says_where(text, codes, line):
    """Every problem names its code and the line of its key; what has a problem does not count."""
    curations, problems = read_curations(text, "curations.toml")

    assert [problem.code for problem in problems] == codes
    assert [problem.line for problem in problems][:1] == ([line] if codes else [])
    assert len(curations) == (0 if codes else 1)


GROUPS = read_synonyms(
    '[kerst]\nnl = ["kerstmarkt"]\nfr = ["marché de noël"]\nde = ["Weihnachtsmarkt"]\n'
    '[parkeren]\nnl = ["parkeren"]\nfr = ["garer"]\nde = ["parken"]\n',
    "",
)[0]


@pytest.mark.parametrize(
    ("message", "lang", "groups", "met"),
    [
        ("Waar kan ik PARKEREN voor de kerstmarkten?", "nl", (), True),
        ("waar is de kerstmarkt", "nl", (), False),
        ("le marche noel, c'est où", "fr", (), True),
        ("où se garer au marché de noël", "fr", GROUPS, True),
        ("Wo kann man beim Weihnachtsmarkt parken", "de", GROUPS, True),
        ("Weihnachtsmarkt", "de", GROUPS, True),
        ("parken", "de", GROUPS, False),
        ("Weihnachtsmarkt parken", "de", (), False),
        ("", "nl", GROUPS, False),
    ],
)
def test_curator_when_all_the_words_of_one_text_occur_is_met(message, lang, groups, met):
    """Words by their stem in any order, small ones left out; a synonym in any language will do, also of a phrase."""
    found = Curator(read_curations(MARKET, "")[0], groups).met(message, lang, NOW, TZ)

    assert [one.curation.name for one in found] == (["kerstmarkt"] if met else [])


@pytest.mark.parametrize(
    ("now", "met"),
    [("2027-01-06T22:59:59+00:00", True), ("2027-01-06T23:00:00+00:00", False)],
)
def test_curator_when_the_last_day_is_over_stops(now, met):
    """The day named is the last whole day, in the zone's own time."""
    curator = Curator(read_curations(MARKET, "")[0], ())

    assert bool(curator.met("kerstmarkt parkeren", "nl", datetime.fromisoformat(now), TZ)) is met


# --- at the desk ---


def save(house, text, ref=REF):
    """Save a register as the editor would from a file, and have it vouched for."""
    with house.engine.room.store.journal.write() as writer:
        writer.save(ref, text, "", house.people["editor"].id, NO_TERMS, len(writer.history(ref).revisions))
    house.vouch(ref)


def advise(house, message, **options):
    return house.engine.desk.advise(message, "facebook", counted=False, **options)


STOLEN = "mijn fiets is gestolen aan het station"


def test_pin_when_met_stands_first_and_says_why(hamlet):
    """A pinned answer leads whatever the index thinks, marked; the others follow as they were."""
    before = [found.slug for found in advise(hamlet, STOLEN).suggestions]
    save(hamlet, table(words='["fiets station"]', until=day(days=5)))
    after = advise(hamlet, STOLEN)
    pinned = after.suggestions[0]

    assert before[0] == BIKE
    assert [found.slug for found in after.suggestions] == [NOISE, *(slug for slug in before if slug != NOISE)]
    assert (pinned.pinned.reason, pinned.reply.copyable) == ("Tijdelijk.", True)
    assert [found.pinned for found in after.suggestions[1:]] == [None] * (len(after.suggestions) - 1)


def test_pin_when_nothing_else_is_found_ends_the_silence(hamlet):
    """Words that no article has lead to the pinned answer, until its last day is over."""
    silent = advise(hamlet, "wat met de zeppelin")
    save(hamlet, table(until=day(days=5)))
    pinned = advise(hamlet, "wat met de zeppelin")
    hamlet.wait(days=6)
    over = advise(hamlet, "wat met de zeppelin")

    assert [bool(found.abstained) for found in (silent, pinned, over)] == [True, False, True]
    assert [found.slug for found in pinned.suggestions][:1] == [NOISE]


def test_hold_back_when_met_names_what_is_missing(hamlet):
    """The answer that would have been first is not offered, and the desk says which, why and until when."""
    save(hamlet, table(words='["fiets"]', target='hold_back = "fiets-gestolen"', until=day(days=5)))
    advice = advise(hamlet, "mijn fiets is gejat")

    assert BIKE not in [found.slug for found in advice.suggestions]
    assert advice.abstained == "held-back"
    assert [(held.slug, held.title, held.steering.reason) for held in advice.held_back] == [
        (BIKE, "fiets gestolen", "Tijdelijk.")
    ]
    assert advise(hamlet, "hoe betaal ik mijn boete").held_back == ()


def test_curation_when_it_pins_and_holds_back_holds_back(hamlet):
    """Of two curations that disagree, the careful one counts."""
    held = table("een", '["zeppelin"]', 'hold_back = "nachtlawaai"', day(days=5))
    save(hamlet, held + table("twee", '["zeppelin"]', until=day(days=5)))

    assert advise(hamlet, "wat met de zeppelin").suggestions == ()


def test_pin_when_its_answer_is_not_live_changes_nothing(hamlet):
    """No curation reaches a text that is not live; the check says that the pin has no aim."""
    before = advise(hamlet, STOLEN).suggestions
    save(hamlet, table(words='["fiets"]', until=day(days=5)))
    fine = hamlet.engine.registers.problems()
    hamlet.move("editor", Move.HOLD, Ref(Kind.ARTICLE, NOISE, "nl"))

    assert fine == ()
    assert advise(hamlet, STOLEN).suggestions[0].slug == before[0].slug
    assert [problem.code for problem in hamlet.engine.registers.problems()] == ["curation.not-live"]


def test_danger_when_a_curation_is_met_is_untouched(hamlet):
    """No curation takes a danger notice away or puts one there."""
    message = "er staat iemand met een mes aan de zeppelin"
    before = advise(hamlet, message).danger
    save(hamlet, table(words='["mes"]', target='hold_back = "fiets-gestolen"', until=day(days=5)))

    assert advise(hamlet, message).danger == before


def test_draft_when_nobody_vouched_for_it_steers_nothing(hamlet):
    """Only the validated text counts, and none of it once that is taken out."""
    form = CurationForm("", "proef", "zeppelin", "pin", NOISE, "Tijdelijk.", day(days=5), 0)
    hamlet.engine.registers.save_curation(hamlet.people["editor"], form)
    drafted = advise(hamlet, "de zeppelin").suggestions
    hamlet.vouch(REF)
    vouched = advise(hamlet, "de zeppelin").suggestions
    hamlet.move("editor", Move.HOLD, REF)

    assert (drafted, vouched[0].slug, advise(hamlet, "de zeppelin").suggestions) == ((), NOISE, ())


def test_curation_when_its_words_have_synonyms_meets_them(hamlet):
    """What the synonyms say the same is met, in the language of the message."""
    save(hamlet, '[luchtschip]\nnl = ["zeppelin", "luchtschip"]\nfr = ["dirigeable"]\n', SYNONYMS)
    save(hamlet, table(until=day(days=5)))

    assert [advise(hamlet, m).suggestions[0].slug for m in ("een luchtschip", "le dirigeable")] == [NOISE, NOISE]


# --- what may be vouched for ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (table(until=day(days=370)), "curation.too-far"),
        (table(target='pin = "bestaat-niet"', until=day(days=5)), "curation.unknown"),
    ],
)
def test_submit_when_a_curation_cannot_be_is_refused(hamlet, text, code):
    """More than a year ahead, or an answer that is not there, never reaches a validator."""
    with pytest.raises(InvalidDocument) as caught:
        save(hamlet, text)

    assert [problem.code for problem in caught.value.problems] == [code]


def test_curation_when_over_is_a_warning_only(hamlet):
    """One that is past stands in nobody's way: the others go on being vouched for."""
    save(hamlet, table("oud", until=day(days=-5)) + table("nieuw", until=day(days=5)))

    assert [problem.code for problem in hamlet.engine.registers.problems()] == ["curation.over"]


def test_validator_when_they_wrote_it_cannot_vouch(hamlet):
    """Four eyes: who saved the register does not validate it."""
    with hamlet.engine.room.store.journal.write() as writer:
        writer.save(REF, table(until=day(days=5)), "", hamlet.people["validator"].id, NO_TERMS, 0)
    hamlet.move("validator", Move.SUBMIT, REF)

    with pytest.raises(NotAllowed, match="a hand in this text"):
        hamlet.move("validator", Move.VALIDATE, REF)


# --- by form ---


def group(name, nl, base, before=""):
    return SynonymForm(before, name, {"nl": nl, "fr": "", "en": "", "de": ""}, base)


def test_form_when_saved_changes_its_table_and_nothing_else(hamlet):
    """Comments and other groups stay as somebody wrote them."""
    text = '# bovenaan\n[een]\nnl = ["kat"] # poes\n\n# over twee\n[twee]\nnl = [\n  "hond",\n]\n'
    save(hamlet, text, SYNONYMS)
    editor, registers = hamlet.people["editor"], hamlet.engine.registers
    base = registers.save_synonyms(editor, group("een", "kat\n  Rode   kater \n\nkat", 1, "een"))
    registers.save_synonyms(editor, group("drie", "vis", base))
    newest = hamlet.engine.room.store.journal.history(SYNONYMS).latest.text

    changed = '# bovenaan\n[een]\nnl = ["kat", "Rode kater"]\n\n# over twee\n[twee]\nnl = [\n  "hond",\n]\n'
    assert newest == changed + '\n[drie]\nnl = ["vis"]\n'


def test_form_when_somebody_changed_another_group_is_kept(hamlet):
    """Two editors at two groups do not stand in each other's way; at one group the second is told."""
    save(hamlet, '[een]\nnl = ["kat"]\n[twee]\nnl = ["hond"]\n', SYNONYMS)
    editor, second, registers = hamlet.people["editor"], hamlet.people["second"], hamlet.engine.registers
    registers.save_synonyms(editor, group("een", "poes", 1, "een"))
    number = registers.save_synonyms(second, group("twee", "teef", 1, "twee"))

    assert number == 3
    with pytest.raises(Conflict, match="een of synonyms/synonyms was changed"):
        registers.save_synonyms(second, group("een", "kater", 1, "een"))
    with pytest.raises(InvalidDocument, match="There is a twee already"):
        registers.save_synonyms(second, group("twee", "nog een", 3))


def test_register_when_listed_says_what_counts_and_what_will(hamlet):
    """A new entry is to come, a removed one still counts, and the page names who vouched."""
    save(hamlet, table("blijft", until=day(days=5)) + table("weg", until=day(days=5)))
    editor, registers = hamlet.people["editor"], hamlet.engine.registers
    form = CurationForm("", "erbij", "zeppelin", "hold_back", BIKE, "Daarom.", day(days=9), 1)
    base = registers.save_curation(editor, form)
    registers.remove(editor, REF, "weg", base)
    page, lines = registers.curations()

    assert {line.curation.name: str(line.standing) for line in lines} == {
        "blijft": "live",
        "erbij": "coming",
        "weg": "going",
    }
    assert (page.number, page.live_number, page.state, page.validated_by) == (3, 1, State.DRAFT, "Vera")


@pytest.mark.parametrize(
    "text", ["een = { nl = ['kat'] }\n[twee]\nnl = ['hond']\n", '[een.nl]\nx = "kat"\n', "kapot ="]
)
def test_form_when_the_register_is_written_otherwise_refuses(text):
    """What cannot be changed without touching the rest is left to a person."""
    with pytest.raises(InvalidDocument, match="no form can change it"):
        with_table(text, "een", '[een]\nnl = ["poes"]\n')


# --- on the command line ---


def test_suggest_when_steered_says_so(hamlet):
    """The command line shows what is pinned and what is held back, for people and for machines."""
    pinned = table("een", until=day(days=5), reason="De zeppelin landt.")
    save(hamlet, pinned + table("twee", '["fiets"]', 'hold_back = "fiets-gestolen"', day(days=5), "Nog na te kijken."))
    home = str(hamlet.engine.settings.home)
    first, second = (CliRunner().invoke(main, ["--home", home, "suggest", m, "--json"]) for m in ("zeppelin", STOLEN))

    assert "Pinned until" in first.output and "De zeppelin landt." in first.output
    assert "Held back until" in second.output and "Nog na te kijken." in second.output
    assert json.loads(first.output.splitlines()[-1])["suggestions"][0]["pinned"]["reason"] == "De zeppelin landt."


def test_check_when_a_curation_has_no_aim_says_so(tmp_path):
    """A folder's curations are checked too: their day, and that their answer exists."""
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb" / "zone.toml").write_text('name = "Z"\n[owners]\nonthaal = "Onthaal"\n', encoding="utf-8")
    (tmp_path / "kb" / "curations.toml").write_text(table(until=day(days=400)), encoding="utf-8")
    create(tmp_path / "home" / "store", demo=False).close()
    result = CliRunner().invoke(main, ["--home", str(tmp_path / "home"), "check", str(tmp_path / "kb")])

    assert result.exit_code == 1
    assert {"curation.too-far", "curation.unknown"} <= set(result.output.replace(":", " ").split())
