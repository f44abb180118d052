"""The table of rules: a copy of some of the example texts with each fault planted once, and what they let stand."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from test_checks import DANGER

from kbengine.checks import TABLE, check, folder_scope
from kbengine.folder import read_folder

KB = Path(__file__).parent.parent / "kb"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
BIKE, DESK, LATE = "diefstal/fiets-gestolen", "aangifte/aangifte-aan-het-loket", "overlast/nachtlawaai"
TAKEN = (
    *("diefstal/fiets-gestolen", "diefstal/gsm-gestolen", "diefstal/auto-gestolen", "diefstal/rijbewijs-verloren"),
    *("overlast/gas-boete", "verkeer/voertuig-getakeld", "verkeer/verkeersboete-betalen", "intern/intern-persvragen"),
    *("diefstal/identiteitskaart-verloren-docstop", "politie/persvraag", "online/slachtoffer-internetfraude"),
)
# Rules over other articles than these few, or over what only a whole knowledge base has.
ELSEWHERE = ("danger.", "neighbours.", "referral", "kinds.")
HARD = (
    "Overeenkomstig de toepasselijke reglementaire bepalingen dienaangaande verwittigt de verantwoordelijke"
    " administratie onverwijld iedere belanghebbende verzekeringsmaatschappij. Doe dat meteen."
    " Onontvankelijkheidsverklaringen betreffende ongerechtvaardigde verkeersbelastingen veronderstellen"
    " voorafgaandelijke gerechtelijke tussenkomst. Ongemotiveerde bezwaarschriften blijven onbeantwoord."
)
LONG = "Wij lezen elk bericht en wij zeggen dan " + "of het kan en " * 8 + "of het niet kan."
FACTS = """
[oud_tarief]
kind = "amount"
value = "€ 999"
label = "Oud tarief"
owner = "onthaal"
source = "zone"
until = "2026-06-30"

[nieuw_tarief]
kind = "amount"
value = "€ 998"
label = "Nieuw tarief"
owner = "onthaal"
source = "zone"
from = "2027-01-01"

[volgsite]
kind = "url"
value = "https://www.voorbeeldgemeente.example/?fbclid=abc"
label = "Een site die volgt"
owner = "onthaal"
source = "zone"
"""
CODES = (
    ("text.hard-to-read", "verkeer/voertuig-getakeld.nl", "## Privé", HARD),
    ("text.mixed-address", "diefstal/auto-gestolen.nl", "---", "Neem uw sleutels mee."),
    ("text.mixed-address", "diefstal/auto-gestolen.fr", "---", "Prends ta carte grise."),
    ("text.mixed-address", "diefstal/auto-gestolen.de", "---", "Danach rufen wir dich zurück."),
    ("text.personal-data", "verkeer/voertuig-getakeld.nl", "---", "Vraag dan naar Jan Peeters op 0478 12 34 56."),
    ("placeholder.ended", "verkeer/verkeersboete-betalen.nl", "---", "Dat kost {fact:oud_tarief}."),
    ("placeholder.not-started", "verkeer/verkeersboete-betalen.fr", "---", "Cela coûte {fact:nieuw_tarief}."),
    ("placeholder.no-fallback", "diefstal/rijbewijs-verloren.nl", "---", "Tot dan, {citizen:name}."),
    ("link.insecure", "diefstal/rijbewijs-verloren.fr", "---", "Voir http://www.voorbeeldgemeente.be/permis."),
    ("link.malformed", "diefstal/fiets-gestolen.nl", "## Privé", "Zie https:/www.voorbeeldgemeente.be."),
    ("link.credentials", "diefstal/fiets-gestolen.fr", "## Privé", "Voir https://a.be/doc?id=4&token=9f8e7d."),
    ("link.shortener", "diefstal/fiets-gestolen.en", "## Private", "See [our page](https://bit.ly/3xYz)."),
    (
        "link.tracking",
        "diefstal/fiets-gestolen.de",
        "## Privat",
        "Siehe https://www.a.be/x?id=1&utm_source=fb&gclid=2.",
    ),
    ("link.internal-host", "overlast/gas-boete.nl", "---", "Zie http://intranet/gas of https://files.zone.local/gas."),
    ("link.image", "politie/persvraag.nl", "---", "De kaart: https://www.voorbeeldgemeente.be/kaart.PNG"),
    ("link.says-here", "diefstal/gsm-gestolen.fr", "---", "Cliquez [ici](https://www.voorbeeldgemeente.be/gsm)."),
    ("text.long-sentence", "online/slachtoffer-internetfraude.nl", "---", LONG),
)


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """A folder with some of the example articles and their questions, and the values and policy of all of them."""
    root = tmp_path_factory.mktemp("copied")
    for name in TAKEN:
        for path in (KB / "articles").glob(f"{name}.*.md"):
            (root / "articles" / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, root / "articles" / path.parent.name)
        asked = KB / "questions" / f"{name.partition('/')[2]}.toml"
        (root / "questions").mkdir(exist_ok=True)
        shutil.copy(asked, root / "questions") if asked.is_file() else None
    shutil.copy(KB / "zone.toml", root)
    (root / "facts.toml").write_text((KB / "facts.toml").read_text("utf-8") + FACTS.partition("[volgsite]")[0], "utf-8")
    (root / "danger.toml").write_text(DANGER, "utf-8")
    return root


@pytest.fixture
def folder(copied, tmp_path):
    """That folder, to be changed."""
    return Path(shutil.copytree(copied, tmp_path / "kb"))


def found(root):
    """What the checks find, but for what only a whole knowledge base can satisfy: (code, file, line)."""
    folder = read_folder(root)
    assert folder.problems == (), folder.problems
    problems = check(folder_scope(folder, folder.zone, NOW))
    return {(p.code, p.file, p.line) for p in problems if not p.code.startswith(ELSEWHERE)}


def plant(root, name, heading, sentence):
    """A sentence at the end of the last line of a part of an article; the file, and that line."""
    path = root / "articles" / f"{name}.md"
    lines = path.read_text("utf-8").split("\n")
    start = len(lines) - 1 - lines[::-1].index(heading)
    end = next((at for at in range(start + 1, len(lines)) if lines[at].startswith("## ")), len(lines))
    at = next(at for at in reversed(range(start, end)) if lines[at].strip())
    lines[at] += f" {sentence}"
    path.write_text("\n".join(lines), "utf-8")
    return path.relative_to(root).as_posix(), at + 1


def test_texts_when_copied_as_they_are_have_no_fault(copied):
    """The texts that faults are planted in below are clean, in all four languages."""
    assert found(copied) == set()


def test_faults_when_planted_each_once_are_all_found_where_they_stand(folder):
    """Every code at its line, and nothing else anywhere."""
    planted = {(code, *plant(folder, *where)) for code, *where in CODES}
    said = (folder / "articles/diefstal/auto-gestolen.nl.md").read_text("utf-8").partition("## Intern\n")[2]
    ours = max((line.partition(". ")[2] for line in said.split("\n")), key=len)
    planted.add(("text.repeats-internal", *plant(folder, "diefstal/identiteitskaart-verloren-docstop.nl", "---", ours)))

    assert found(folder) == planted


def test_check_when_in_the_table_has_a_planted_fault():
    """No rule of the table is without a fault of its own in these tests."""
    planted = {code for code, *_ in CODES} | {"text.repeats-internal", "language.missing"}

    assert {check.code for check in TABLE} == planted


def test_short_text_when_taken_away_is_missed(folder):
    """A public answer that is too long for a channel of the zone and has no short text, is told where it begins."""
    path = folder / "articles/verkeer/voertuig-getakeld.nl.md"
    before, _, after = path.read_text("utf-8").partition("## Kort\n")
    path.write_text(before + "## Privé\n" + after.partition("## Privé\n")[2], "utf-8")
    first = before.split("\n---\n")[0].count("\n") + 3

    assert {one for one in found(folder) if one[0] != "limit.split"} == {
        ("text.no-short", "articles/verkeer/voertuig-getakeld.nl.md", first)
    }


def test_question_when_asked_in_another_order_is_the_same(folder):
    """Two questions with the same words in another order or form are told once, at the second."""
    asked = folder / "questions/gsm-gestolen.toml"
    twice = 'nl = [\n  "ticket zonder gsm, app betalen",\n  "betalen app: gsm zonder tickets",'
    asked.write_text(asked.read_text("utf-8").replace("nl = [", twice, 1), "utf-8")

    assert found(folder) == {("questions.same", "questions/gsm-gestolen.toml", 3)}


def test_language_when_the_zone_wants_it_is_missed(folder):
    """An article that the zone wants in German is told where it has none, and only there."""
    zone = folder / "zone.toml"
    wish = '\n[[checks.wanted]]\nlanguages = ["de"]\naudience = "public"\ntags = ["fiets", "pers"]\n'
    zone.write_text(zone.read_text("utf-8") + wish, "utf-8")

    assert found(folder) == {("language.missing", "articles/politie/persvraag.nl.md", 1)}


def test_address_when_it_is_a_value_is_checked_too(folder):
    """A value that is an address is held to the same rules as one in a text."""
    facts = folder / "facts.toml"
    facts.write_text(facts.read_text("utf-8") + "[volgsite]" + FACTS.partition("[volgsite]")[2], "utf-8")

    line = facts.read_text("utf-8").split("fbclid")[0].count("\n") + 1

    assert found(folder) == {("link.tracking", "facts.toml", line)}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        pytest.param("nl", "Het is open tot 17 u. Daar rijd je hoogstens 30 km/u.", id="hours"),
        pytest.param("nl", "De brief heet „Uw rechten als slachtoffer”. Lees hem.", id="a title in quotes"),
        pytest.param("nl", "Het loket van Mijn Burgerprofiel is *Uw dossier*.", id="a title in italics"),
        pytest.param("nl", "Kies op [Wij helpen u](https://www.voorbeeldgemeente.be/hulp) een dag.", id="a link"),
        pytest.param("fr", "Prenez un rendez-vous. Le ton reste calme.", id="rendez-vous"),
        pytest.param("de", "Bringen Sie alles mit. Die Karten verlieren sie oft.", id="sie and Sie"),
        pytest.param("nl", "Meer op www.voorbeeldgemeente.be/x?id=1&lang=nl, bel 101 of 112.", id="a plain address"),
        pytest.param(
            "nl", "Dat kan bv. bij dr. Maes. Op 21 nov. 2026 kan het niet.".replace("Maes", "wacht"), id="short"
        ),
    ],
)
def test_rule_when_a_text_only_looks_wrong_is_silent(folder, name, sentence):
    """What the rules were told to leave aside raises no alarm."""
    headings = {"nl": "## Privé", "fr": "## Privé", "de": "## Privat"}
    plant(folder, f"diefstal/fiets-gestolen.{name}", headings[name], sentence)

    assert {one for one in found(folder) if not one[0].startswith("fact.")} == set()


def test_internal_text_when_it_names_people_and_intranets_is_left_alone(folder):
    """What never goes out is not held to the rules for what does."""
    ours = "Zie http://intranet/x, [hier](https://bit.ly/1), en vraag uw dienst naar Jan Peeters, 0478 12 34 56."
    plant(folder, "intern/intern-persvragen.nl", "---", ours)
    plant(folder, "diefstal/fiets-gestolen.nl", "## Intern", ours)

    assert found(folder) == set()
