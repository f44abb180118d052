"""Syllables and reading ease: words counted one by one, and texts that everybody calls easy or hard."""

from __future__ import annotations

import pytest

from kbengine.article.checked import READING
from kbengine.language import LANGUAGES, reading_ease, syllables, words_of

# A word and how many syllables it has, as a dictionary divides it.
COUNTED = {
    "nl": """
aangifte=3 politie=3 fiets=1 gestolen=3 gemeente=3 loket=2 online=2 website=2 station=3 informatie=4 nieuw=1
nieuwe=2 bureau=2 eeuw=1 zeeën=2 ideeën=3 museum=3 theater=3 geïnformeerd=4 coördinatie=5 beëdigd=3 financiële=5
financieel=4 januari=4 individueel=5 video=3 sociaal=3 jij=1 bijvoorbeeld=3 draaien=2 mooie=2 moeite=2 buurt=1
buurman=2 geluidsoverlast=5 verkeersboete=4 rijbewijs=3 identiteitskaart=5 slachtoffer=3 slachtofferbejegening=7
interieur=4 chauffeur=2 toilet=2 smartphone=2 phishing=2 team=1 facebook=2 whatsapp=2 e-mail=2 baby=2 privacy=3
universiteit=5 vereniging=4 wijkagent=3 nummerplaat=3 zone=2 politiezone=5 gsm=1 PV=2 112=3 yoghurt=2 knieën=2
industrie=3 beide=2 gebeuren=3 buiten=2 kwijt=1 oorlog=2 auto=2 takelen=3 vrouw=1 u=1 service=2 mobile=2 update=2
mybike=2 itsme=2 onmiddellijk=4 verzekeringsmaatschappij=7 dringend=2 bellen=2 meldpunt=2 vermissing=3 woning=2
inbraak=2
""",
    "fr": """
police=2 plainte=1 déclaration=4 vélo=2 volé=2 commune=2 maison=2 voiture=2 accueil=2 ligne=1 ouvrier=3 oublier=3
client=2 bien=1 lieu=1 oui=1 nuit=1 vidéo=3 européen=4 aéroport=4 réel=2 pays=2 payer=2 voyage=2 ennuyer=3 naïf=2
août=1 année=2 vie=1 rue=1 aide=1 peuvent=1 doivent=1 trouvent=1 étaient=2 finissent=2 prennent=1 attendent=2
souvent=2 document=3 argent=2 accident=3 urgence=2 sécurité=4 aujourd'hui=3 fille=1 famille=2 appareil=3 meilleur=2
juillet=2 guichet=2 langue=1 banque=1 que=1 le=1 les=1 notre=1 numéro=3 identité=4 carte=1 violence=2 menace=2
témoin=2 voisin=2 bruit=1 amende=2 paiement=2 enquête=2 travail=2 gratuit=2 message=2 téléphone=3 environ=3
questions=2 possible=2 personnes=2
""",
    "en": """
police=2 report=2 bicycle=3 stolen=2 online=2 people=2 something=2 someone=2 statement=2 every=2 everyone=3 area=3
idea=3 create=2 science=2 quiet=2 client=2 society=4 video=3 station=2 information=4 serious=3 region=2 table=2
people's=2 called=1 reported=3 wanted=2 closes=2 changes=2 watches=2 comes=1 takes=1 filed=1 agreed=2 make=1 home=1
little=2 being=2 studying=3 fruit=1 question=2 insurance=3 emergency=4 neighbour=2 noise=1 identity=4 card=1
driving=2 licence=2 municipality=6 website=2 address=2 fine=1 appeal=2 quickly=2 safely=2 homepage=2 before=2
business=2 situation=4 language=2 guide=1 victim=2 parked=1 vehicle=3 violence=3 immediately=5 office=2 opening=3
hours=1 please=1 available=4 free=1 the=1 we=1
""",
    "de": """
Polizei=3 Anzeige=3 Fahrrad=2 gestohlen=3 Gemeinde=3 Schalter=2 online=2 Familie=4 Linie=3 Ferien=3 Belgien=3
Medien=3 Industrie=3 Energie=3 Station=3 aktuell=3 Theater=3 Museum=3 beenden=3 geehrt=2 geeignet=3 Idee=2 Ideen=3
Steuer=2 Feuer=2 bauen=2 Feier=2 ziehen=2 zuerst=2 Beamte=3 geändert=3 Gebäude=3 Häuser=2 Ausweis=2
Personalausweis=5 Quittung=2 Nachbar=2 Lärm=1 Straße=2 Auto=2 Unfall=2 Zeuge=2 Opfer=2 Führerschein=3 Versicherung=4
bezahlen=3 kostenlos=3 Notruf=2 sofort=2 jetzt=1 Ihnen=2 können=2 müssen=2 heute=2 See=1 leer=1 Zoo=1 neu=1
Bußgeld=2 Rathaus=2 E-Mail=2 Website=2 Information=5 Situation=5 Verwaltung=3 öffnen=2 Uhr=1 Sie=1 die=1 zwei=1
Prozent=2 Bescheid=2 Gewalt=2
""",
}
EASY = {
    "nl": ("Is je fiets weg?", "Kom naar ons loket.", "Wij helpen je."),
    "fr": ("Ton vélo est volé ?", "Viens chez nous.", "On va t'aider."),
    "en": ("Is your bike gone?", "Come to our desk.", "We will help you."),
    "de": ("Ist dein Rad weg?", "Komm zu uns.", "Wir helfen dir."),
}
HARD = {
    "nl": "De belanghebbende dient overeenkomstig de reglementaire bepalingen onverwijld aangifte te doen.",
    "fr": "L'intéressé procède immédiatement aux déclarations conformément aux dispositions réglementaires.",
    "en": "Interested individuals immediately initiate notification procedures pursuant to applicable regulations.",
    "de": "Die Beteiligten veranlassen unverzüglich die Anzeigenerstattung entsprechend den Verwaltungsvorschriften.",
}


def pairs(lang):
    return [(word, int(count)) for word, _, count in (pair.rpartition("=") for pair in COUNTED[lang].split())]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_syllables_when_counted_are_what_a_dictionary_says(lang):
    """More than sixty words of each language, plain and awkward ones."""
    told = pairs(lang)

    assert [(word, syllables(word, lang)) for word, _ in told] == told
    assert len(told) > 60


def test_syllables_when_a_word_is_no_word_are_one_at_least():
    """A sign has one, a number those of its digits, and an apostrophe adds none."""
    assert [syllables(word, "nl") for word in ("", "1813", "GSM", "foto's", "xyz")] == [1, 4, 3, 2, 1]
    assert syllables("l'accueil", "fr") == 2


@pytest.mark.parametrize(
    ("lang", "ease"),
    [("nl", 206.84 - 0.93 * 4 - 77), ("fr", 207 - 1.015 * 4 - 73.6), ("en", 206.835 - 1.015 * 4 - 84.6), ("de", 117.5)],
)
def test_ease_when_every_word_has_one_syllable_is_the_formula(lang, ease):
    """The constants of each language, on one sentence of four words."""
    assert reading_ease(["Pip pip pip pip."], lang) == pytest.approx(ease)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ease_when_measured_tells_easy_from_hard(lang):
    """What everybody reads is far above what a zone lets pass, what officials write far below; easier is higher."""
    least = READING[lang]

    assert reading_ease([HARD[lang]], lang) < least - 20 < least + 20 < reading_ease(EASY[lang], lang)


def test_ease_when_a_sentence_has_a_colon_counts_two():
    """As Flesch counts; no words at all are easy to read."""
    apart, together = (
        reading_ease(["Kom langs: wij helpen je."], "nl"),
        reading_ease(["Kom langs wij helpen je."], "nl"),
    )

    assert apart > together
    assert reading_ease([], "nl") == reading_ease(["…"], "nl") == 100
    assert words_of("Bel om 14.30 uur, per e-mail of aan 't loket") == (
        *("Bel", "om", "14.30", "uur", "per", "e-mail", "of", "aan", "t", "loket"),
    )
