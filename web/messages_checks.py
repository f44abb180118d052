"""What the machine's checks of a text say in the interface, and what a zone may make of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext as _

_BROWSER: Final = _("Kopieer het adres opnieuw uit de adresbalk van je browser.")
_LINE_OUT: Final = _("Haal de regel weg of schrijf een strenger woord.")

CHECK_MESSAGES: Final[Mapping[str, tuple[object, object]]] = {
    "text.hard-to-read": (
        _("Dit leest moeilijk: %(ease)s op 100, en %(least)s is het minste. De moeilijkste zin: „%(text)s”"),
        _("Schrijf kortere zinnen en kortere woorden, te beginnen met die zin."),
    ),
    "text.long-sentence": (
        _("Een zin van %(count)s woorden, hoogstens %(most)s: „%(text)s”"),
        _("Maak er twee zinnen van, of een lijst."),
    ),
    "text.mixed-address": (
        _("Hier staat „%(word)s” en elders „%(other)s”: „%(text)s”"),
        _("Spreek de burger op één manier aan."),
    ),
    "text.personal-data": (
        _("„%(text)s” lijkt een persoonsgegeven (%(kind)s), en deze tekst gaat naar buiten."),
        _("Haal het weg. Is het van een dienst, maak er dan een vaste waarde van."),
    ),
    "text.no-short": (
        _("Er is geen korte tekst, en deze is te lang voor %(channel)s: %(count)s van %(limit)s."),
        _("Schrijf een korte tekst."),
    ),
    "text.repeats-internal": (
        _("Dit staat ook in een tekst die alleen voor collega's is: „%(text)s”"),
        _("Haal het hier weg. Mag iedereen het weten, haal het dan uit de interne tekst."),
    ),
    "language.missing": (
        _("De zone wil deze fiche ook in het %(wanted)s."),
        _("Schrijf of vraag een vertaling."),
    ),
    "placeholder.ended": (
        _("De vaste waarde %(label)s is sinds %(date)s niet meer geldig."),
        _("Kies een waarde die geldt, of laat deze opnieuw valideren."),
    ),
    "placeholder.not-started": (
        _("De vaste waarde %(label)s geldt pas vanaf %(date)s."),
        _("Laat de fiche op die dag beginnen, of zeg wat er intussen staat: {fact:%(fact)s|…}."),
    ),
    "placeholder.no-fallback": (
        _("Niets vervangt {citizen:%(name)s} als de naam niet bekend is."),
        _("Schrijf {citizen:%(name)s|}, met achter het streepje wat er dan staat, of niets."),
    ),
    "link.insecure": (_("%(address)s is niet beveiligd."), _("Kijk of %(better)s ook werkt, en schrijf dat.")),
    "link.malformed": (_("%(address)s opent niets."), _BROWSER),
    "link.credentials": (
        _("In %(address)s staat een wachtwoord, token of sessie: wie het adres heeft, kan erin."),
        _("Schrijf %(better)s."),
    ),
    "link.shortener": (
        _("%(address)s verbergt waar het naartoe leidt."),
        _("Open het, en schrijf het adres waar je uitkomt."),
    ),
    "link.tracking": (_("%(address)s volgt wie het opent."), _("Schrijf %(better)s.")),
    "link.internal-host": (
        _("%(address)s is een adres van ons eigen netwerk: een burger kan het niet openen."),
        _("Schrijf het openbare adres, of zet de zin in het vak Intern."),
    ),
    "link.image": (
        _("%(address)s is een afbeelding van elders."),
        _("Zeg in woorden wat erop staat, of link de pagina waar ze op staat."),
    ),
    "link.says-here": (
        _("Een link zegt alleen „%(words)s”."),
        _("Laat de woorden zeggen waar je uitkomt: [online aangifte](…)."),
    ),
    "questions.few": (_("Er staan weinig manieren waarop mensen dit vragen."), _("Schrijf er minstens tien.")),
    "questions.missing": (_("Nog niemand schreef op hoe mensen dit vragen."), _("Vul de vragen bij deze fiche aan.")),
    "questions.duplicate": (_("Een vraag staat ook bij een andere fiche."), _("Laat ze staan waar het antwoord is.")),
    "questions.same": (
        _("„%(text)s” zegt hetzelfde als „%(same)s” (%(other)s)."),
        _("Hou er één van, bij de fiche die het antwoord heeft."),
    ),
    # [checks] in zone.toml
    "checks.unknown": (_("Geen enkel aandachtspunt heeft de code %(check)s."), _("Bedoelde je %(near)s?")),
    "checks.word": (_("Bij %(check)s staat %(word)s."), _("Schrijf off, warning of error.")),
    "checks.promised": (_("%(check)s kan niet op %(word)s: %(why)s."), _LINE_OUT),
    "zone.checks": (
        _("Onder [checks] klopt %(part)s niet."),
        _("Gebruik een code met haar woord, reading, longest_sentence of wanted."),
    ),
}

# Why a check cannot be milder than it is.
PROMISES: Final[Mapping[str, object]] = {
    "period": _("niets wordt gebruikt buiten zijn periode"),
    "privacy": _("er gaan geen persoonsgegevens naar buiten"),
    "vouching": _("alleen wat gevalideerd is, gaat naar buiten"),
    "channel": _("een kanaal neemt niet meer dan het neemt"),
    "danger": _("gevaar wordt eerst herkend"),
    "structure": _("wat niet gelezen kan worden, kan niet nagekeken of verstuurd worden"),
}
