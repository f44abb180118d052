"""The interface's words for the engine's values: states, moves, roles, variants, kinds of danger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

from kbengine.article import Audience, VariantName
from kbengine.channels import CHANNELS as CHANNEL_DATA
from kbengine.engine import Doubt
from kbengine.history import Move, Role, State

Words = Mapping[str, object]

STATES: Final[Words] = {
    State.DRAFT: _("concept"),
    State.IN_REVIEW: _("ter validatie"),
    State.RETURNED: _("teruggestuurd"),
    State.SCHEDULED: _("gepland"),
    State.VALIDATED: _("gevalideerd"),
    State.REVIEW_DUE: _("te herzien"),
    State.SUPERSEDED: _("vervangen"),
    State.EXPIRED: _("vervallen"),
    State.ON_HOLD: _("opgeschort"),
    State.ARCHIVED: _("uit gebruik"),
}
DOUBTS: Final[Words] = {
    Doubt.AHEAD: _("De klok van de server sprong vooruit."),
    Doubt.BACK: _("De klok van de server sprong terug."),
    Doubt.AFTER_START: _("De server startte met een klok die lang na het laatste bekende moment staat."),
    Doubt.APART: _("De server startte met een andere klok dan die van de databank."),
}
STANDINGS: Final[Words] = {
    "live": _("geldig"),
    "coming": _("nog te valideren"),
    "going": _("gaat weg na validatie"),
}
TONES_OF_STANDING: Final[Mapping[str, str]] = {"live": "good", "coming": "care", "going": "bad"}
# What a state is, for its colour and its mark; the word always stands beside it.
TONES_OF_STATE: Final[Mapping[str, str]] = {
    State.VALIDATED: "good",
    State.REVIEW_DUE: "care",
    State.SCHEDULED: "care",
    State.IN_REVIEW: "care",
    State.RETURNED: "bad",
    State.EXPIRED: "bad",
    State.ON_HOLD: "bad",
}
MOVES: Final[Words] = {
    Move.SAVE: _("Bewaren"),
    Move.SUBMIT: _("Ter validatie sturen"),
    Move.RETURN: _("Terugsturen"),
    Move.VALIDATE: _("Valideren"),
    Move.SIGN: _("Eerste handtekening"),
    Move.RENEW: _("Klopt nog"),
    Move.ARCHIVE: _("Uit gebruik nemen"),
    Move.HOLD: _("Opschorten"),
    Move.FLAG: _("Klopt niet"),
}
MOVES_DONE: Final[Words] = {
    Move.SAVE: _("bewaard"),
    Move.SUBMIT: _("ter validatie gestuurd"),
    Move.RETURN: _("teruggestuurd"),
    Move.VALIDATE: _("gevalideerd"),
    Move.SIGN: _("eerste handtekening gezet"),
    Move.RENEW: _("bevestigd: klopt nog"),
    Move.ARCHIVE: _("uit gebruik genomen"),
    Move.HOLD: _("opgeschort"),
    Move.FLAG: _("gemeld: klopt niet"),
}
MOVES_ASKED: Final[Words] = {
    Move.RETURN: _("Wat moet er anders?"),
    Move.ARCHIVE: _("Waarom gaat deze fiche uit gebruik?"),
    Move.HOLD: _("Waarom mag dit voorlopig niet meer buiten?"),
    Move.FLAG: _("Wat klopt er niet?"),
}
ROLES: Final[Words] = {
    Role.READER: _("lezer"),
    Role.AGENT: _("webcaremedewerker"),
    Role.EDITOR: _("redacteur"),
    Role.VALIDATOR: _("validator"),
    Role.ADMINISTRATOR: _("beheerder"),
}
VARIANTS: Final[Words] = {
    VariantName.DEFAULT: _("gewoon"),
    VariantName.SHORT: _("kort"),
    VariantName.PRIVATE: _("privébericht"),
    VariantName.INTERNAL: _("intern, niet versturen"),
}
AUDIENCES: Final[Words] = {
    Audience.PUBLIC: _("openbaar"),
    Audience.PRIVATE: _("enkel privé"),
    Audience.INTERNAL: _("intern"),
}
LANGUAGES: Final[Words] = {
    "nl": _("Nederlands"),
    "fr": _("Frans"),
    "en": _("Engels"),
    "de": _("Duits"),
}
A_TEXT_IN: Final[Words] = {
    "nl": _("een Nederlandse tekst"),
    "fr": _("een Franse tekst"),
    "en": _("een Engelse tekst"),
    "de": _("een Duitse tekst"),
}
URGENCIES: Final[Words] = {
    "info": _("gewone informatie"),
    "today": _("vandaag"),
    "act-now": _("nu handelen"),
    "emergency": _("noodgeval"),
}
TONES: Final[Words] = {
    "neutral": _("neutraal"),
    "light": _("licht"),
    "sensitive": _("gevoelig"),
}
CRISIS: Final[Words] = {
    "false": _("nee"),
    "true": _("ja: staat eerst in een crisis"),
}
DANGER_LEVELS: Final[Words] = {
    "E1": _("Leven in gevaar"),
    "E2": _("Gevaar of misdrijf bezig"),
    "E3": _("Ernstig: vandaag door een mens te bekijken"),
}
DANGER_ACTS: Final[Words] = {
    "reply-101": _("Stuur meteen het antwoord met de noodnummers, en verwittig wie hieronder staat."),
    "suicide-1813": _("Antwoord meteen en warm, met de Zelfmoordlijn, en bel zelf de dispatching."),
    "call-dispatch": _("Stuur niets vanzelf: verwittig wie hieronder staat. Een mens bekijkt dit vandaag."),
    "secure-evidence": _(
        "Antwoord niet. Maak een schermafdruk, bewaar link en account, en verwittig wie hieronder staat."
    ),
}
DANGER_KINDS: Final[Words] = {
    "accident": _("ongeval"),
    "burglary": _("inbraak"),
    "call-for-help": _("noodoproep"),
    "child": _("kind in gevaar"),
    "coercion": _("dwang"),
    "disturbance": _("onrust of ruzie"),
    "drugs": _("overdosis"),
    "drunk-driving": _("dronken achter het stuur"),
    "explosive": _("explosief"),
    "fire": _("brand"),
    "fraud": _("oplichting die bezig is"),
    "gas": _("gas of CO"),
    "intrusion": _("indringer"),
    "kidnapping": _("ontvoering of opsluiting"),
    "medical": _("medische nood"),
    "missing": _("vermissing"),
    "no-answer": _("iemand geeft geen teken van leven"),
    "sexual": _("seksueel geweld"),
    "situation": _("verdachte toestand"),
    "stalking": _("belaging of achtervolging"),
    "suicide": _("zelfdoding"),
    "threat": _("bedreiging"),
    "traffic": _("gevaar op de weg"),
    "violence": _("geweld"),
    "water": _("verdrinking"),
    "weak-signs": _("meerdere tekens samen"),
    "weapon": _("wapen"),
}
# What an agent notes about the danger notice, and what they are told of it.
MARKS: Final[Words] = {
    "miss": _("Gemist gevaar"),
    "false-alarm": _("Vals alarm"),
}
MARKED: Final[Words] = {
    "miss": _("Bewaard als gemist gevaar. Een redacteur kijkt de signalen na."),
    "false-alarm": _("Bewaard als vals alarm. Een redacteur kijkt de signalen na."),
}
ABSTAINED: Final[Words] = {
    "no-words": _("In dit bericht staat geen woord waarop gezocht kan worden."),
    "nothing-similar": _("Geen enkele fiche lijkt op dit bericht."),
    "below-line": _("Sommige fiches lijken erop, maar geen enkele genoeg om ze aan te bieden."),
    "referred": _("Dit lijkt te gaan over iets wat een andere dienst regelt."),
    "not-live": _("De fiche die erop lijkt, is nu niet gevalideerd of niet in haar periode."),
    "held-back": _("De fiche die erop lijkt, is achtergehouden."),
    "internal-only": _("Alleen een interne fiche past bij dit bericht; die gaat niet naar buiten."),
    "not-built": _("De suggesties worden nog opgebouwd. Probeer het over enkele seconden opnieuw."),
}
NOT_ON_CHANNEL: Final[Words] = {
    "reply.internal": _("Deze fiche is intern en gaat op geen enkel kanaal."),
    "reply.private-on-public": _(
        "Dit antwoord mag alleen in een privébericht. Vraag de burger om een privébericht te sturen."
    ),
    "reply.channel": _("Deze fiche is niet bedoeld voor dit kanaal."),
    "reply.no-variant": _("Deze fiche heeft geen tekst voor dit kanaal."),
    "reply.language": _("Er is geen gevalideerde tekst in een taal waarin deze zone antwoordt."),
}
# What a line costs, of own questions: in the legend of its drawing, and over a narrow column.
LINE_COSTS: Final[Words] = {
    "right": _("juiste fiche"),
    "silent": _("stilte"),
    "wrong": _("andere fiche"),
    "missing": _("toch een voorstel, zonder fiche die past"),
}
LINE_COSTS_SHORT: Final[Words] = {
    "right": _("juist"),
    "wrong": _("fout"),
    "silent": _("stilte"),
    "missing": _("toch iets"),
}
CHANNELS: Final[Words] = {channel.id: channel.label for channel in CHANNEL_DATA.values()}
FIELDS: Final[Words] = {
    "title": _("Titel"),
    "theme": _("Thema"),
    "audience": _("Voor wie"),
    "owner": _("Eigenaar"),
    "sources": _("Bronnen"),
    "review_months": _("Herzien om de … maanden"),
    "valid_from": _("Geldig van"),
    "valid_until": _("Geldig tot en met"),
    "urgency": _("Dringendheid"),
    "tone": _("Toon"),
    "channels": _("Kanalen"),
    "locked": _("Vaste passages"),
    "certainty": _("Zekerheid"),
    "canonical_url": _("Webadres"),
    "tags": _("Trefwoorden"),
    "partner": _("Doorverwijzing"),
    "crisis": _("Crisis"),
    "purpose": _("Doel"),
    "aim": _("Fase"),
    "block_for": _("Bouwsteen voor"),
}
CERTAINTIES: Final[Words] = {
    "verified": _("nagekeken"),
    "recalled": _("uit het hoofd"),
}
HEADER_VALUES: Final[Mapping[str, Words]] = {
    "audience": AUDIENCES,
    "urgency": URGENCIES,
    "tone": TONES,
    "crisis": CRISIS,
    "certainty": CERTAINTIES,
}
GROUND: Final[Words] = {
    "zone": _("Beleid van de zone"),
    "danger": _("Gevaarsignalen"),
    "kinds": _("Soorten berichten"),
    "synonyms": _("Synoniemen"),
    "referrals": _("Doorverwijzingen"),
}
HOW_SURE: Final = (
    (0.85, _("past heel goed")),
    (0.65, _("past goed")),
    (0.45, _("past misschien")),
    (0.0, _("past weinig")),
)

DRIFT_KINDS: Final[Words] = {
    "number": _("getal"),
    "phone": _("telefoonnummer"),
    "amount": _("bedrag"),
    "date": _("datum of uur"),
    "address": _("adres"),
    "link": _("link"),
    "email": _("e-mailadres"),
    "negation": _("ontkenning"),
    "locked": _("vaste passage"),
    "personal_data": _("persoonsgegeven"),
}

# What an agent is told of what was noted, and an editor of what they decided.
NOTED: Final[Words] = {
    "phrase": _("Bewaard. Een redacteur kijkt de formulering na."),
    "gap": _("Bewaard als vraag zonder antwoord, voor de redactie."),
    "dismissed": _("Genoteerd: past niet."),
}
LEARNED: Final[Words] = {
    "accept": _("De formulering is aanvaard: ze telt mee bij het volgende bericht."),
    "decline": _("De formulering is geweigerd en verwijderd."),
    "file": _("De vraag wacht nu als formulering van die fiche; iemand anders aanvaardt ze."),
    "drop": _("De vraag is verwijderd."),
}


def label(words: Words, key: str) -> str:
    """The word for a value, or the value itself when the interface does not know it yet."""
    return str(words.get(key, key.replace("-", " ").replace("_", " ")))


def how_sure(confidence: float) -> str:
    """The calibrated number in words; a percentage would promise more than it holds."""
    return str(next(words for least, words in HOW_SURE if confidence >= least or least == 0.0))
