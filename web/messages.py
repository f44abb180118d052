"""What the engine's codes say in the interface: what is wrong, and what to do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

from web import words
from web.messages_api import API_MESSAGES
from web.messages_bulk import BULK_MESSAGES
from web.messages_channels import CHANNEL_MESSAGES
from web.messages_checks import CHECK_MESSAGES, PROMISES
from web.messages_copied import COPIED_MESSAGES
from web.messages_danger import DANGER_MESSAGES
from web.messages_day import DAY_MESSAGES
from web.messages_due import DUE_MESSAGES
from web.messages_facts import FACT_MESSAGES
from web.messages_history import HISTORY_MESSAGES
from web.messages_kinds import KINDS_MESSAGES
from web.messages_learning import LEARNING_MESSAGES
from web.messages_names import NAMES_MESSAGES
from web.messages_neighbours import NEIGHBOUR_MESSAGES
from web.messages_people import PEOPLE_MESSAGES
from web.messages_ranking import RANKING_MESSAGES
from web.messages_referrals import REFERRAL_MESSAGES
from web.messages_registers import REGISTER_MESSAGES
from web.messages_replies import REPLY_MESSAGES
from web.messages_starter import STARTER_MESSAGES
from web.messages_store import STORE_MESSAGES
from web.messages_unsaved import UNSAVED_MESSAGES
from web.messages_vouching import VOUCHING_MESSAGES

_RELOAD: Final = _("Laad de pagina opnieuw en probeer het nog eens.")
_BY_HAND: Final = _("Vraag de beheerder; dit staat in een bestand dat niet via een formulier geschreven wordt.")
_PHRASES: Final = _("Bovenaan kb/danger.toml staat hoe je een zinsdeel schrijft.")

# Code of an error or problem -> (what is wrong, what to do). `%(name)s` are the fields that come with it.
MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    # the pages themselves
    "http.400": (_("Dit verzoek kan niet gelezen worden."), _RELOAD),
    "http.404": (_("Deze pagina bestaat niet."), _("Kijk het adres na, of zoek de fiche op.")),
    "http.405": (_("Dit kan niet op dit adres."), _("Ga terug en gebruik de knop op de pagina.")),
    "http.413": (_("Dit is te groot om te verwerken."), _("Kort het in en probeer het nog eens.")),
    "http.500": (
        _("Er ging iets mis aan onze kant. Er is niets bewaard."),
        _("Probeer het nog eens. Lukt het niet, geef de beheerder dan nummer %(number)s."),
    ),
    "form.field": (_("Het formulier klopt niet (veld %(field)s)."), _RELOAD),
    "message.too-long": (
        _("Dit bericht is te lang: er worden hoogstens 20.000 tekens gelezen."),
        _("Plak alleen het deel waarop je antwoordt."),
    ),
    "page.role": (_("Deze pagina is niet voor jouw rol."), _("Heb je ze nodig? Vraag het aan de beheerder.")),
    "request.foreign": (_("Dit verzoek komt niet van onze eigen pagina's."), _RELOAD),
    "request.token": (_("Dit formulier hoort niet bij je huidige sessie."), _RELOAD),
    "session.none": (_("Je bent niet (meer) aangemeld."), _("Open een nieuwe aanmeldlink.")),
    "ref.unknown": (_("Deze tekst bestaat niet."), _("Open hem vanuit een lijst.")),
    # people
    "link.bad": (
        _("Deze aanmeldlink is al gebruikt of niet meer geldig."),
        _("Vraag de beheerder een nieuwe; een link werkt één keer, binnen 72 uur."),
    ),
    "token.bad": (_("Dit token is niet (meer) geldig."), _("Vraag de beheerder een nieuw.")),
    "person.login": (_("Deze aanmeldnaam kan niet gebruikt worden."), _("Kies een andere naam.")),
    "person.exists": (_("Er is al iemand met deze aanmeldnaam."), _("Kies een andere naam.")),
    "person.unknown": (_("Er is niemand met deze aanmeldnaam."), _("Kijk de naam na.")),
    # moves
    "move.period-over": (_("De periode van deze versie is voorbij."), _("Bewaar haar met een latere einddatum.")),
    "move.review-before-start": (
        _("Deze versie zou moeten herzien worden nog voor ze geldig wordt."),
        _("Maak de begindatum vroeger of de herzieningstermijn langer."),
    ),
    "move.reason": (_("Zeg erbij waarom."), _("Eén zin is genoeg.")),
    "move.reason-long": (_("Deze reden is te lang."), _("Hou het bij enkele zinnen.")),
    "revision.changed": (_("De tekst is intussen een andere dan die je zag."), _("Lees hem opnieuw en beslis dan.")),
    "revision.newer": (
        _("Iemand anders was eerst: er is een nieuwere versie."),
        _("Lees die versie en ga daarop verder."),
    ),
    "revision.unknown": (_("Deze versie bestaat niet."), _("Kijk in de geschiedenis van de fiche.")),
    # replies
    "channel.unknown": (_("Dit kanaal is niet bekend."), _("Kies een kanaal uit de lijst.")),
    **{code: (what, _("Kies een ander kanaal of een andere fiche.")) for code, what in words.NOT_ON_CHANNEL.items()},
    "answer.not-live": (_("Deze fiche heeft nu geen gevalideerde tekst."), _("Op haar pagina staat waarom.")),
    "answer.changed": (_("Dit antwoord werd intussen vervangen."), _("Zoek opnieuw en lees de nieuwe tekst.")),
    "reply.not-ready": (_("Dit antwoord kan nog niet gekopieerd worden."), _("Vul eerst in wat nog open staat.")),
    "text.unreadable": (
        _("Deze versie kan niet getoond worden."),
        _("Vraag de beheerder om haar opnieuw in te lezen."),
    ),
    "query.too-long": (_("Dit is te lang om te zoeken."), _("Gebruik enkele woorden.")),
    "text.unknown": (_("Deze tekst bestaat niet."), _("Kijk in de lijst van fiches.")),
    "language.unknown": (_("Deze taal is niet bekend."), _("Kies een taal uit de lijst.")),
    "reply.fact-unknown": (_("Er is geen vaste waarde %(placeholder)s."), _("Kies er een uit de lijst.")),
    "reply.citizen-unknown": (
        _("Van de burger is geen %(placeholder)s bekend."),
        _("Alleen de voornaam of de naam kan: {citizen:first_name|daar}."),
    ),
    "reply.placeholder-kind": (
        _("%(placeholder)s is geen soort waarde."),
        _("Gebruik de knoppen om een waarde in te voegen."),
    ),
    "reply.placeholder-broken": (
        _("Een accolade die bij geen enkele waarde hoort: %(placeholder)s"),
        _("Gebruik de knoppen om een waarde in te voegen, of haal de accolade weg."),
    ),
    # an answer's text
    "markup.image": (_("Een afbeelding."), _("Laat ze weg: geen enkel kanaal neemt ze mee.")),
    "markup.heading": (_("Een tussentitel."), _("Schrijf er een zin van; elk vak is al een variant.")),
    "markup.html": (_("HTML zou getoond worden zoals het er staat."), _("Schrijf de tekst zelf.")),
    "markup.code": (_("Code, of een regel die met vier spaties begint."), _("Haal de tekens of de spaties weg.")),
    "markup.table": (_("Een tabel."), _("Maak er een lijst van; geen enkel kanaal toont tabellen.")),
    "markup.quote": (_("Een citaat met >."), _("Gebruik aanhalingstekens.")),
    "markup.rule": (_("Een scheidingslijn."), _("Laat een lege regel.")),
    "markup.reference": (_("Een link met een verwijzing."), _("Schrijf [tekst](https://adres) in de zin.")),
    "markup.link": (
        _("Deze link kan niet gebruikt worden: %(target)s"),
        _("Schrijf [tekst](https://adres), zonder spaties in het adres."),
    ),
    "markup.hidden": (_("Onzichtbare tekens (%(characters)s)."), _("Wis ze en typ de woorden ernaast opnieuw.")),
    "markup.bold-heading": (_("Een vette regel die op een titel lijkt: %(text)s"), _("Maak er een zin van.")),
    "markup.too-large": (_("De tekst is te lang."), _("Splits of kort hem in.")),
    "markup.brackets": (_("Te veel haken [ of < in één alinea."), _("Haal ze weg of begin een nieuwe alinea.")),
    "markup.too-deep": (_("De opmaak zit te diep in elkaar."), _("Gebruik minder niveaus.")),
    "body.empty": (_("Er is geen gewoon antwoord."), _("Schrijf de tekst in het vak Gewoon.")),
    "body.heading": (_("Een titel die geen variant noemt."), _("Haal de titel weg; elk vak is al een variant.")),
    "body.bold-heading": (
        _("Een vette regel die op de naam van een variant lijkt."),
        _("Zet de tekst in het juiste vak."),
    ),
    "body.variant-twice": (_("Dezelfde variant staat er twee keer."), _("Voeg de twee teksten samen.")),
    "audience.short": (
        _("De korte variant is voor openbare kanalen, maar deze fiche is niet openbaar."),
        _("Haal de korte variant weg, of maak de fiche openbaar."),
    ),
    "locked.absent": (_("Een vaste passage staat niet meer woordelijk in de tekst."), _("Zet ze terug zoals ze was.")),
    # an answer's header
    "header.missing-key": (_("Vul dit veld in: %(key)s."), _("Zonder kan de fiche niet bewaard worden.")),
    "header.value": (_("De waarde bij %(key)s kan niet gebruikt worden."), _("Kijk het veld na.")),
    "header.period": (_("De einddatum ligt voor de begindatum."), _("Wissel ze om of verbeter er een.")),
    "header.unknown-key": (_("Het veld %(key)s is niet bekend."), _BY_HAND),
    "header.state-in-file": (_("%(key)s komt nooit uit een bestand: een persoon beslist."), _("Haal het veld weg.")),
    "header.in-translation": (_("Het veld %(key)s staat bij de eerste taal."), _("Verander het daar.")),
    **{
        f"header.{code}": (_("De kop van dit bestand kan niet gelezen worden."), _BY_HAND)
        for code in (
            "anchor",
            "comment",
            "directive",
            "document",
            "duplicate-key",
            "hidden",
            "line-end",
            "missing",
            "not-text",
            "syntax",
            "tag",
            "too-large",
            "unclosed",
        )
    },
    "name.bad": (
        _("De korte naam of het thema kan niet gebruikt worden."),
        _("Kleine letters, cijfers en koppeltekens."),
    ),
    "name.language": (_("Deze taal is niet bekend."), _("Kies een taal uit de lijst.")),
    "owner.unknown": (_("Deze eigenaar is niet bekend."), _("Kies een dienst uit de lijst.")),
    "language.no-first": (
        _("Deze fiche bestaat nog niet in de eerste taal van de zone."),
        _("Schrijf die eerst: wat daar bovenaan staat, telt voor elke taal."),
    ),
    "slug.bad": (
        _("De korte naam kan niet gebruikt worden."),
        _("Gebruik kleine letters, cijfers en koppeltekens, zoals fiets-gestolen."),
    ),
    "article.unreadable": (_("Deze tekst kan nog niet bewaard worden."), _("Kijk de aandachtspunten na.")),
    "submit.problems": (_("Deze tekst kan nog niet ter validatie."), _("Kijk de fouten na.")),
    # facts
    "fact.no-language": (
        _("Een vaste waarde heeft geen tekst in deze taal."),
        _("Vraag de eigenaar om ze aan te vullen."),
    ),
    **{
        f"fact.{code}": (_("De vaste waarde %(fact)s kan niet gebruikt worden."), _BY_HAND)
        for code in ("kind", "table", "unknown-key")
    },
    # how people ask it
    "questions.unreadable": (_("Deze vragen kunnen nog niet bewaard worden."), _("Kijk de aandachtspunten na.")),
    "questions.list": (
        _("%(key)s is geen lijst van korte vragen."),
        _('Schrijf nl = ["…", "…"], hoogstens 600 tekens elk.'),
    ),
    "questions.unknown-key": (_("%(key)s is niet bekend."), _("Gebruik nl, fr, en, de of not.")),
    "questions.no-article": (_("Bij deze vragen hoort geen fiche."), _("Maak eerst de fiche.")),
    "toml.syntax": (
        _("Dit bestand kan niet gelezen worden."),
        _("Kijk of er een aanhalingsteken, komma of haak ontbreekt."),
    ),
    **API_MESSAGES,
    **BULK_MESSAGES,
    **CHANNEL_MESSAGES,
    **CHECK_MESSAGES,
    **COPIED_MESSAGES,
    **STARTER_MESSAGES,
    **UNSAVED_MESSAGES,
    **DAY_MESSAGES,
    **VOUCHING_MESSAGES,
    **REFERRAL_MESSAGES,
    **REGISTER_MESSAGES,
    **NEIGHBOUR_MESSAGES,
    **RANKING_MESSAGES,
    **FACT_MESSAGES,
    **KINDS_MESSAGES,
    **DUE_MESSAGES,
    **HISTORY_MESSAGES,
    **LEARNING_MESSAGES,
    **NAMES_MESSAGES,
    **PEOPLE_MESSAGES,
    **REPLY_MESSAGES,
    **DANGER_MESSAGES,
    # danger cues, zone, files and the store: an administrator's, yet never a bare code
    **{
        f"danger-{code}": (_("De gevaarsignalen kunnen zo niet gebruikt worden."), _PHRASES)
        for code in (
            "emoji",
            "empty",
            "invalid",
            "key",
            "name",
            "phrase",
            "shape",
            "spelling",
            "toml",
            "value",
            "words",
        )
    },
    "state.expired": (
        _("Dit is vervallen en staat niet meer in de stand."),
        _("Kijk na of het nog klopt en valideer opnieuw."),
    ),
    "danger.missing": (_("Er zijn geen gevaarsignalen."), _BY_HAND),
    "danger.example": (_("Een voorbeeldbericht geeft een ander niveau dan het moet."), _PHRASES),
    **{
        f"zone.{key}": (_("In zone.toml klopt iets niet: %(key)s."), _BY_HAND)
        for key in ("name", "languages", "timezone", "owners", "danger", "channels", "suggest", "example_people")
    },
    **{
        f"file.{code}": (_("Een bestand kan niet gelezen worden."), _BY_HAND)
        for code in ("bom", "encoding", "link", "too-large")
    },
    **{
        code: (_("Teksten konden niet ingelezen worden."), _BY_HAND)
        for code in (
            "decisions.line",
            "folder.missing",
            "import.example",
            "import.example-values",
            "import.problems",
            "seed.real",
            "seed.zone",
        )
    },
    **STORE_MESSAGES,
}

_WORDS: Final[Mapping[str, words.Words]] = {
    "state": words.STATES,
    "move": words.MOVES,
    "roles": words.ROLES,
    "who": {**words.ROLES, "nobody": _("niemand; vraag het aan de beheerder")},
    "from": words.STATES,
    "channel": words.CHANNELS,
    "key": words.FIELDS,
    "kinds": words.DRIFT_KINDS,
    "wanted": words.LANGUAGES,
    "why": PROMISES,
}


def explain(code: str, fields: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong and what to do, filled in; an unknown code is shown as it is, so that it can be reported."""
    what, hint = MESSAGES.get(code, (_("Dit lukt niet (%(code)s)."), _RELOAD))
    shown = {name: ", ".join(_word(name, part) for part in value.split(", ")) for name, value in fields.items()}
    filled = defaultdict(str, shown, code=code)
    return str(what) % filled, str(hint) % filled


def _word(name: str, value: str) -> str:
    return str(_WORDS.get(name, {}).get(value, value))
