"""Values that went stale: what was once true of something, typed by hand, or said otherwise than the register."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cast import article_text

from kbengine.article import Kind, Questions, Ref, read_article, read_facts, write_fact
from kbengine.checks import Text, check_articles, folder_scope
from kbengine.checks.stale import stale_registers
from kbengine.folder import read_folder

KB = Path(__file__).parent.parent / "kb"
STALE = {"fact.old-value", "fact.by-hand", "fact.contradicted"}
FEE = """\
[fine_fee]
kind = "amount"
value = "€ 10,02"
label = "Bijdrage op een verkeersboete"
owner = "verkeer"
source = "https://www.politie.be/5418/nieuws/is-jouw-fiets-in-orde-lichten-aan-veilig-op-de-baan"
was = ["€ 8,84"]

[night_hours]
kind = "hours"
value = { nl = "van 22 tot 6 uur", fr = "de 22 à 6 heures" }
label = "Nachtlawaai: nacht"
owner = "buurtwerking"
source = "zone"
was = ["van 22 tot 7 uur"]
"""


@pytest.fixture(scope="module")
def starter():
    """The starter texts with their values, and two values that they do not have."""
    folder = read_folder(KB)
    scope = folder_scope(folder, folder.zone)
    more, problems = read_facts(FEE, "facts.toml")
    assert problems == ()
    return replace(scope, facts=dict(scope.facts) | {fact.name: fact for fact in more})


@pytest.fixture
def found(starter):
    """The stale values that the checks find in one answer on its own: (code, fact), by title, text and language."""

    def look(title, body, lang="nl"):
        slug = "proef"
        lead = read_article(article_text(title=title, body="Tekst."), Ref(Kind.ARTICLE, slug, "nl"), "t", "a", "nl")
        text = article_text(title=title, body=body) if lang == "nl" else f"---\ntitle: {title}\n---\n{body}\n"
        read = read_article(text, Ref(Kind.ARTICLE, slug, lang), "t", "proef.md", "nl")
        assert read.problems == ()
        texts = [Text("proef.md", read.article, lead.article.header)]
        texts += [Text("nl.md", lead.article, lead.article.header)] if lang != "nl" else []
        problems = check_articles(replace(starter, articles=tuple(texts)))
        return [(p.code, p.fields["fact"]) for p in problems if p.code in STALE]

    return look


OLD = [
    ("GAS-boete", "De boete is hoogstens € 350.", "nl", "gas_max"),
    ("GAS-boete", "De boete is hoogstens 350 euro.", "nl", "gas_max"),
    ("Sluikstort", "Dat kost tot 250,00 EUR.", "nl", "gas_max"),
    ("GAS-boete", "L'amende va jusqu'à 350 euros.", "fr", "gas_max"),
    ("GAS-boete", "Die Geldbuße beträgt höchstens 350 €.", "de", "gas_max"),
    ("Bankkaart kwijt", "Bel Card Stop op 070 344 344.", "nl", "card_stop_phone"),
    ("Bankkaart kwijt", "Bel **070/344.344** meteen.", "nl", "card_stop_phone"),
    ("Bankkaart kwijt", "Call +32 70 344 344 at once.", "en", "card_stop_phone"),
    ("Bankkaart kwijt", "Bel 0032 70 34 43 44.", "nl", "card_stop_phone"),
    ("Boete betalen", "Betaal op verkeersboetes.be.", "nl", "fines_url"),
    ("Boete betalen", "Payez sur [le site](https://www.verkeersboetes.be/fr/payer).", "fr", "fines_url"),
    ("Boete betalen", "Er komt 8,84 euro bij.", "nl", "fine_fee"),
    ("Boete betalen", "You pay €8.84 more.", "en", "fine_fee"),
    ("Voorwerp gevonden", "Wij bewaren het zes maanden.", "nl", "found_claim_term"),
    ("Voorwerp gevonden", "Nous le gardons 6 mois.", "fr", "found_claim_term"),
    ("Identiteitskaart terug", "Binnen 7 dagen kan ze weer werken.", "nl", "eid_block"),
    ("Identiteitskaart terug", "Within seven days it can work again.", "en", "eid_block"),
    ("Drone vliegen", "Vlieg hoogstens 10 m hoog.", "nl", "drone_height"),
    ("Drone vliegen", "Höchstens zehn Meter hoch.", "de", "drone_height"),
    ("Nachtlawaai", "De nacht is van 22 tot 7 uur.", "nl", "night_hours"),
    ("Nachtlawaai", "Stilte tussen 22u en 7u.", "nl", "night_hours"),
]


@pytest.mark.parametrize(("title", "body", "lang", "fact"), OLD)
def test_old_value_when_it_stands_in_a_text_is_an_error(found, title, body, lang, fact):
    """What a value once was is found in every language and however it is written."""
    assert ("fact.old-value", fact) in found(title, body, lang)


@pytest.mark.parametrize(
    "part", ["## Kort\nBel 070 344 344.", "## Privé\nBel 070 344 344.", "## Intern\nBel 070 344 344."]
)
def test_old_value_when_it_stands_in_a_variant_is_an_error(found, part):
    """Each variant is read, the internal one too."""
    assert found("Bankkaart", f"Blokkeer je kaart.\n\n{part}") == [("fact.old-value", "card_stop_phone")]


def test_old_value_when_the_internal_part_says_that_it_is_old_is_let_pass(found):
    """An agent may be told what a citizen still has in mind; in what goes out nothing excuses it."""
    told = "070 344 344 is vervangen."
    assert found("Bankkaart", f"Blokkeer je kaart.\n\n## Intern\n{told}") == []
    assert found("Bankkaart", told) == [("fact.old-value", "card_stop_phone")]


def test_old_value_when_it_means_nothing_by_itself_is_found_only_near_its_subject(found):
    """Six months and ten metres are of many things."""
    assert found("Fiets gestolen", "De verzekering betaalt binnen zes maanden. Zet je fiets 10 meter verder.") == []


def test_old_value_when_it_stands_in_questions_or_another_value_is_an_error(starter):
    """What people ask with an old number, and a value that repeats one, are found too; a citizen may say it is old."""
    (other,), _ = read_facts(write_fact(replace(starter.facts["drug_line"], values={"": "070/34.43.44"})), "f")
    asked = ("wat is 070 344 344", "070 344 344 werkt niet")
    questions = (("questions/kaart.toml", Questions("kaart", {"nl": asked})),)
    problems = stale_registers(replace(starter, questions=questions, facts=dict(starter.facts) | {"drug_line": other}))
    assert [(p.code, p.file) for p in problems] == [
        ("fact.old-value", "questions/kaart.toml"),
        ("fact.old-value", "facts.toml"),
    ]


@pytest.mark.parametrize(
    ("title", "body", "lang", "fact"),
    [
        ("Bankkaart", "Bel 078/170.170.", "nl", "card_stop_phone"),
        ("Gsm achter het stuur", "Je betaalt 116 euro.", "nl", "fine_degree_2"),
        ("Gsm achter het stuur", "Vous payez 116,00 €.", "fr", "fine_degree_2"),
        ("Vuurwerk", "Sinds 27/05/2019 is dat verboden.", "nl", "fireworks_ban_since"),
        ("Vuurwerk", "Banned since May 27, 2019.", "en", "fireworks_ban_since"),
        ("Unia", "Meld het op www.unia.be of aan INFO@unia.be.", "nl", "unia_url"),
        ("Nieuwe code", "Hij begint op 1 september 2026.", "nl", "road_code_first_date"),
        ("Loket", "Kom naar Wilgenplein 1, Wilgendorp.", "nl", "zone_desk_address"),
    ],
)
def test_value_when_typed_by_hand_is_named(found, title, body, lang, fact):
    """A value that the register holds is found however it is written."""
    assert ("fact.by-hand", fact) in found(title, body, lang)


@pytest.mark.parametrize(
    ("title", "body", "fact"),
    [
        ("GAS-boete", "Een GAS-boete voor meerderjarigen is hoogstens 400 euro.", "gas_max"),
        ("E-step", "De minimumleeftijd voor een e-step is 15 jaar.", "e_step_age"),
        ("Alcohol", "In het bloed is de grens 0,6 promille alcohol.", "alcohol_limit"),
    ],
)
def test_value_when_said_otherwise_is_a_contradiction(found, title, body, fact):
    """A sentence about what a value is about, with another number, is told."""
    assert found(title, body) == [("fact.contradicted", fact)]


def test_value_when_a_translation_says_it_otherwise_is_a_contradiction(starter):
    """The Dutch text shows the value; a French one, or another variant, that has an amount by hand instead is told."""
    dutch = "De boete is hoogstens {fact:gas_max}.\n\n## Kort\nHoogstens 420 euro."
    lead = read_article(article_text(title="Proef", body=dutch), Ref(Kind.ARTICLE, "proef", "nl"), "t", "a", "nl")
    french = "---\ntitle: Essai\n---\nAu maximum 450 euros.\n"
    other = read_article(french, Ref(Kind.ARTICLE, "proef", "fr"), "t", "b", "nl")
    texts = (Text("nl.md", lead.article, lead.article.header), Text("fr.md", other.article, lead.article.header))
    facts = {name: starter.facts[name] for name in ("gas_max", "gas_max_minor")}
    problems = check_articles(replace(starter, articles=texts, facts=facts))

    found = [(p.file, p.fields["fact"]) for p in problems if p.code == "fact.contradicted"]
    assert found == [("fr.md", "gas_max"), ("nl.md", "gas_max")]


def test_starter_texts_when_checked_hold_nothing_stale(starter):
    """Few alarms: on the starter texts none."""
    problems = [*check_articles(starter), *stale_registers(starter)]
    assert [str(problem) for problem in problems if problem.code in STALE] == []


DESK = """\
[towing]
kind = "amount"
value = "€ 1.310"
label = "Takelkosten"
owner = "verkeer"
source = "zone"
was = ["€ 1.250,75", "€ 1.150"]

[desk_phone]
kind = "phone"
value = "052 44 10 10"
label = "Loket identiteitskaarten"
owner = "onthaal"
source = "zone"
was = ["052 44 09 09", "0470 12 34 06"]

[desk_hours]
kind = "hours"
value = "van 9 tot 12 uur"
label = "Loket: openingsuren"
owner = "onthaal"
source = "zone"
was = ["9 tot 12.30 uur"]

[permit_term]
kind = "text"
value = "10 tot 14 werkdagen"
label = "Vergunning: termijn"
owner = "onthaal"
source = "zone"
was = ["5 tot 7 werkdagen"]
"""


@pytest.fixture
def desk(starter):
    """The same, over a register of other values."""

    def look(title, body, lang="nl"):
        scope = replace(starter, facts={fact.name: fact for fact in read_facts(DESK, "facts.toml")[0]}, questions=())
        head = '"' + title + '"'
        lead = read_article(article_text(title=head, body="Tekst."), Ref(Kind.ARTICLE, "proef", "nl"), "t", "a", "nl")
        text = article_text(title=head, body=body) if lang == "nl" else f"---\ntitle: Proef\n---\n{body}\n"
        read = read_article(text, Ref(Kind.ARTICLE, "proef", lang), "t", "proef.md", "nl")
        texts = [Text("proef.md", read.article, lead.article.header)]
        texts += [Text("nl.md", lead.article, lead.article.header)] if lang != "nl" else []
        found = check_articles(replace(scope, articles=tuple(texts)))
        return [(p.code, p.fields["fact"]) for p in found if p.code in STALE and p.file == "proef.md"]

    return look


@pytest.mark.parametrize(
    ("title", "body", "lang", "fact"),
    [
        ("Takelen", "Le dépannage coûte 1 250,75 €.", "fr", "towing"),
        ("Takelen", "Cela coûte 1\u202f250,75 euros.", "fr", "towing"),
        ("Takelen", "Reken op € 1 150 voor alles.", "nl", "towing"),
        ("Takelen", "Tussen 1 150 en 2 400 euro.", "nl", "towing"),
        ("Loket", "Bel +32 (0)52 44 09 09.", "nl", "desk_phone"),
        ("Loket", "Appelez le 0032 52 44 09 09.", "fr", "desk_phone"),
        ("Loket", "Stuur een sms naar +32 470 12 34 06.", "nl", "desk_phone"),
        ("Loket", "Open van 9u tot 12u30.", "nl", "desk_hours"),
        ("Loket", "Open 09.00 u. - 12.30 u.", "nl", "desk_hours"),
        ("Loket", "Ouvert de 9 à 12h30.", "fr", "desk_hours"),
        ("Vergunning", "Le délai est de 5 à 7 jours ouvrables.", "fr", "permit_term"),
        ("Vergunning", "It takes 5 to 7 working days.", "en", "permit_term"),
        ("Loket 052/44.09.09", "Bel gerust.", "nl", "desk_phone"),
        ("Loket", "Bel.\n\n## Intern\nReken niet meer dan 1.150 euro.", "nl", "towing"),
    ],
)
def test_old_value_when_written_in_another_way_is_found_all_the_same(desk, title, body, lang, fact):
    """Spaces between thousands, a country before a number, hours in every spelling, other languages, titles."""
    assert desk(title, body, lang) == [("fact.old-value", fact)]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("Takelen", "Bel.\n\n## Intern\nDe takelkosten waren vroeger 1.150 euro."),
        ("Loket", "Bel 101 of 112, in 9200 150 euro meebrengen."),
        ("Het oude nummer van het loket, 052 44 09 09, werkt niet meer", "Bel {fact:desk_phone}."),
    ],
)
def test_value_when_said_to_be_old_or_another_is_let_pass(desk, title, body):
    """What says that something is old is neither an error nor a contradiction; two numbers are not one."""
    assert desk(title, body) == []
