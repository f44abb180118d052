"""Edits of a vetted reply: of each kind that must be seen, and harmless ones. Made of replies and a small grammar."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kbengine.reply import Drift, DriftKind, drift

Random = random.Random


@dataclass(frozen=True, slots=True)
class Composed:
    """One text as it goes out on a channel; `locked` are its article's fixed passages."""

    slug: str
    lang: str
    channel: str
    public: bool
    text: str
    locked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """A vetted text and what somebody made of it; `kinds` are those of which at least one must be told."""

    vetted: str
    outgoing: str
    kinds: frozenset[DriftKind]
    locked: tuple[str, ...] = ()
    public: bool = False

    def drift(self) -> Drift:
        """What is told of it."""
        return drift(self.vetted, self.outgoing, locked=self.locked, public=self.public)

    @property
    def seen(self) -> bool:
        """Whether it is told, as one of those kinds."""
        return bool(self.kinds & set(self.drift().kinds))


# In each sentence X is what is edited; one a language.
_SAID: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "number": {
        "nl": ("Dat duurt X dagen.", "Breng X foto's mee.", "Het is X km rijden.", "U krijgt X weken de tijd."),
        "fr": ("Cela dure X jours.", "Apportez X photos.", "Vous avez X semaines."),
        "en": ("That takes X days.", "Bring X photos.", "You have X weeks."),
        "de": ("Das dauert X Tage.", "Bringen Sie X Fotos mit.", "Sie haben X Wochen Zeit."),
    },
    "phone": {
        "nl": ("Bel X.", "Bel ons op X, dag en nacht.", "Ons nummer is X"),
        "fr": ("Appelez le X.", "Notre numéro est le X, jour et nuit."),
        "en": ("Call X.", "Our number is X, day and night."),
        "de": ("Rufen Sie X an.", "Unsere Nummer ist X."),
    },
    "amount": {
        "nl": ("Dat kost X.", "De boete bedraagt X per dag."),
        "fr": ("Cela coûte X.", "L'amende est de X par jour."),
        "en": ("It costs X.", "The fine is X a day."),
        "de": ("Das kostet X.", "Das Bußgeld beträgt X pro Tag."),
    },
    "date": {
        "nl": ("Kom op X langs.", "Dat geldt vanaf X."),
        "fr": ("Passez le X.", "Cela vaut à partir du X."),
        "en": ("Come on X.", "That holds from X."),
        "de": ("Kommen Sie am X.", "Das gilt ab dem X."),
    },
    "time": {
        "nl": ("Wij zijn open tot X.", "Kom om X."),
        "fr": ("Nous sommes ouverts jusqu'à X.", "Venez à X."),
        "en": ("We are open until X.", "Come at X."),
        "de": ("Wir haben bis X geöffnet.", "Kommen Sie um X."),
    },
    "address": {
        "nl": ("U vindt ons in de X.", "Het kantoor ligt in X, naast het station."),
        "fr": ("Vous nous trouvez X.", "Le bureau est situé X, près de la gare."),
        "en": ("You find us at X.", "The office is at X, beside the station."),
        "de": ("Sie finden uns in der X.", "Das Büro liegt in der X, neben dem Bahnhof."),
    },
    "link": {
        "nl": ("Lees meer op X.", "Ga naar X en vul het formulier in."),
        "fr": ("Lisez plus sur X.", "Allez sur X et remplissez le formulaire."),
        "en": ("Read more at X.", "Go to X and fill in the form."),
        "de": ("Mehr lesen Sie auf X.", "Gehen Sie auf X und füllen Sie das Formular aus."),
    },
    "email": {
        "nl": ("Mail naar X.", "Stuur de foto's naar X en vermeld uw naam."),
        "fr": ("Écrivez à X.", "Envoyez les photos à X."),
        "en": ("Write to X.", "Send the photos to X."),
        "de": ("Schreiben Sie an X.", "Senden Sie die Fotos an X."),
    },
}
_DENIED: Final[Mapping[str, Sequence[tuple[str, str]]]] = {
    "nl": (
        ("U mag daar niet parkeren.", "U mag daar parkeren."),
        ("Dat kost geen geld.", "Dat kost geld."),
        ("U moet nooit uw code geven.", "U moet uw code geven."),
        ("Niemand van ons vraagt dat.", "Iemand van ons vraagt dat."),
        ("U kan langskomen zonder afspraak.", "U kan langskomen met afspraak."),
        ("U moet niets meebrengen.", "U moet iets meebrengen."),
    ),
    "fr": (
        ("Vous ne pouvez pas y stationner.", "Vous pouvez y stationner."),
        ("Ne donnez jamais votre code.", "Donnez votre code."),
        ("Venez sans rendez-vous.", "Venez avec rendez-vous."),
        ("Cela n'a aucun effet.", "Cela a un effet."),
        ("Vous ne devez plus payer.", "Vous devez payer."),
    ),
    "en": (
        ("You don't have to pay.", "You have to pay."),
        ("You may not park there.", "You may park there."),
        ("Never give your code.", "Give your code."),
        ("Come without an appointment.", "Come with an appointment."),
        ("You can't stay there.", "You can stay there."),
        ("You needn’t come.", "You need to come."),
    ),
    "de": (
        ("Sie dürfen dort nicht parken.", "Sie dürfen dort parken."),
        ("Sie brauchen keinen Termin.", "Sie brauchen einen Termin."),
        ("Kommen Sie ohne Termin.", "Kommen Sie mit Termin."),
        ("Geben Sie nie Ihren Code.", "Geben Sie Ihren Code."),
    ),
}
_WORDED: Final = {
    "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf veertien vijftien twintig vijfentwintig honderd",
    "fr": "deux trois quatre cinq six sept huit dix onze douze quinze vingt vingt-cinq trente cent quatre-vingts",
    "en": "two three four five six seven eight nine ten eleven twelve fifteen twenty twenty-five thirty fifty",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf fünfzehn zwanzig fünfundzwanzig dreißig",
}
_MONTHS: Final = {
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_WEEKDAYS: Final = {
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
}
_STREETS: Final = {
    "nl": ("Wilgenlaan", "Korte Molenstraat", "Stationsplein", "Oude Steenweg"),
    "fr": ("rue du Moulin", "avenue de la Gare", "place des Saules"),
    "en": ("Wilgenlaan", "Korte Molenstraat", "Stationsplein"),
    "de": ("Mühlenstraße", "Bahnhofstraße", "Weidenallee"),
}
_HOSTS: Final = ("www.wilgenrijk.example.be", "politie.be", "wilgenrijk.brussels", "policeonweb.belgium.be")
_NAMES: Final = ("info", "aangifte", "onthaal.noord", "sam")
_SCRIPTS: Final = (0xFF10, 0x0660, 0x06F0, 0x0966, 0x1D7CE)


def _other(rng: Random, make: Callable[[], str], than: str) -> str:
    while (made := make()) == than:
        pass
    return made


def _with(rng: Random, base: Composed, sentence: str) -> tuple[str, str]:
    """The reply round a sentence: before it and after it."""
    places = [0] if base.text.startswith("[") else []
    places = [match.end() for match in re.finditer(r"[.!?]\s+|\n+", base.text)] or [len(base.text)]
    place = rng.choice(places)
    before, after = base.text[:place], base.text[place:]
    return before + (" " if before and not before[-1].isspace() else ""), " " + after


def _lang(base: Composed) -> str:
    return base.lang


def _change(rng: Random, base: Composed, what: str, make: Callable[[], str], kinds: frozenset[DriftKind]) -> Edit:
    """A sentence with one thing of a kind: that became another, was lost, or came with the sentence."""
    sentence = rng.choice(_SAID[what][_lang(base)])
    before, after = _with(rng, base, sentence)
    first = make()
    one = sentence.replace("X", first)
    way = rng.choice(("changed", "changed", "lost", "added"))
    if way == "changed":
        other = sentence.replace("X", _other(rng, make, first))
        return Edit(before + one + after, before + other + after, kinds)
    with_it, without = before + one + after, before.rstrip(" ") + after
    return Edit(with_it, without, kinds) if way == "lost" else Edit(without, with_it, kinds)


def _digit(rng: Random, text: str) -> str:
    """The text with one digit changed into another, now and then of another script; a list's own numbers apart."""
    skipped = {
        n for match in re.finditer(r"^ *\d+[.)] |^\[[A-Z]+\] \(\d+/\d+\) ", text, re.M) for n in range(*match.span())
    }
    places = [n for n, sign in enumerate(text) if sign.isdecimal() and n not in skipped]
    if not places:
        return text
    place = rng.choice(places)
    digit = rng.choice([n for n in range(10) if n != int(text[place])])
    script = rng.choice((0x30, 0x30, 0x30, *_SCRIPTS))
    return text[:place] + chr(script + digit) + text[place + 1 :]


def _number(rng: Random, base: Composed) -> Edit:
    every = frozenset(DriftKind)
    text = _digit(rng, base.text)
    if text != base.text and rng.random() < 0.5:
        return Edit(base.text, text, every - {DriftKind.NEGATION, DriftKind.LOCKED, DriftKind.PERSONAL_DATA})
    worded = rng.random() < 0.5
    words = _WORDED[_lang(base)].split()
    return _change(rng, base, "number", lambda: rng.choice(words) if worded else str(rng.randint(2, 99)), _NUMBERS)


_NUMBERS: Final = frozenset({DriftKind.NUMBER, DriftKind.PHONE, DriftKind.DATE})


def _hidden(rng: Random, base: Composed) -> Edit:
    """A number changed behind signs that are not seen, in another script, or beside look-alikes."""
    sentence = rng.choice(_SAID["number"][_lang(base)])
    before, after = _with(rng, base, sentence)
    old, new = str(rng.randint(10, 99)), ""
    while not new or new == old:
        new = str(rng.randint(10, 99))
    script = rng.choice((0x30, *_SCRIPTS))
    shown = rng.choice(("", "\u200b", "\u2060", "\xad", "\ufeff", "\u200d")).join(chr(script + int(n)) for n in new)
    return Edit(before + sentence.replace("X", old) + after, before + sentence.replace("X", shown) + after, _NUMBERS)


def _swapped(rng: Random, base: Composed) -> Edit:
    """Two numbers that changed places."""
    one, other = rng.sample(range(2, 99), 2)
    patterns = {
        "nl": ("U hebt A dagen om te betalen en B dagen om te betwisten.", "Betaal A euro binnen B dagen."),
        "fr": ("Vous avez A jours pour payer et B jours pour contester.", "Payez A euros dans les B jours."),
        "en": ("You have A days to pay and B days to appeal.", "Pay A euros within B days."),
        "de": ("Sie haben A Tage zum Zahlen und B Tage für den Einspruch.", "Zahlen Sie A Euro binnen B Tagen."),
    }
    sentence = rng.choice(patterns[_lang(base)])
    before, after = _with(rng, base, sentence)
    made = [sentence.replace("A", str(a), 1).replace("B", str(b), 1) for a, b in ((one, other), (other, one))]
    if "Binnen" in sentence or sentence.startswith("Betaal"):
        made = [
            sentence.replace("A euro", f"{a} euro").replace("B dagen", f"{b} dagen")
            for a, b in ((one, other), (other, one))
        ]
    return Edit(before + made[0] + after, before + made[1] + after, frozenset({DriftKind.NUMBER, DriftKind.AMOUNT}))


def _phone(rng: Random, base: Composed) -> Edit:
    def make() -> str:
        digits = "0" + rng.choice(("2", "3", "9", "78", "471", "800")) + "".join(rng.choices("0123456789", k=6))
        digits = digits.ljust(9, str(rng.randint(0, 9)))
        shape = rng.choice((" ", "/", ".", ""))
        grouped = shape.join((digits[:3], digits[3:5], digits[5:7], digits[7:])) if shape else digits
        return rng.choice((grouped, grouped, "+32 " + digits[1:3] + " " + digits[3:]))

    return _change(rng, base, "phone", make, frozenset({DriftKind.PHONE}))


def _amount(rng: Random, base: Composed) -> Edit:
    def make() -> str:
        value = rng.randint(2, 4_000)
        cents = rng.choice(("", ",50", ",25"))
        return rng.choice((f"€ {value}{cents}", f"{value}{cents} euro", f"€{value}{cents}", f"{value} EUR"))

    edit = _change(rng, base, "amount", make, frozenset({DriftKind.AMOUNT}))
    return edit if _really(edit, r"[^\d,]") else _amount(rng, base)


def _really(edit: Edit, spelling: str) -> bool:
    """Whether more than the spelling differs."""
    return re.sub(spelling, "", edit.vetted) != re.sub(spelling, "", edit.outgoing)


def _date(rng: Random, base: Composed) -> Edit:
    months, days = _MONTHS[_lang(base)].split(), _WEEKDAYS[_lang(base)].split()
    shape = rng.randint(0, 4)

    def make() -> str:
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2024, 2031)
        if shape == 0:
            return f"{day:02}/{month:02}/{year}"
        if shape == 1:
            return f"{day}-{month}-{year}"
        if shape == 2:
            return rng.choice(days)
        return f"{day} {months[month - 1]}" + (f" {year}" if shape == 3 else "")

    if rng.random() < 0.3:
        shown = rng.choice(("H:M", "HuM", "HhM", "H.M uur"))

        def clock() -> str:
            return shown.replace("H", str(rng.randint(1, 23))).replace("M", f"{rng.randint(0, 59):02}")

        return _change(rng, base, "time", clock, frozenset({DriftKind.DATE}))
    return _change(rng, base, "date", make, frozenset({DriftKind.DATE}))


def _address(rng: Random, base: Composed) -> Edit:
    streets = _STREETS[_lang(base)]

    def make() -> str:
        town = rng.choice(("", f", {rng.randint(1000, 9999)} Wilgenrijk"))
        return f"{rng.choice(streets)} {rng.randint(1, 299)}{rng.choice(('', 'A', ' bus 3'))}{town}"

    return _change(rng, base, "address", make, frozenset({DriftKind.ADDRESS}))


def _link(rng: Random, base: Composed) -> Edit:
    def make() -> str:
        path = "".join(rng.choices("abcdefghijklmnop0123456789-", k=rng.randint(1, 9))).strip("-")
        return f"https://{rng.choice(_HOSTS)}/{rng.choice(('nl/', ''))}{path}"

    return _change(rng, base, "link", make, frozenset({DriftKind.LINK}))


def _email(rng: Random, base: Composed) -> Edit:
    return _change(
        rng,
        base,
        "email",
        lambda: f"{rng.choice(_NAMES)}{rng.randint(1, 99)}@{rng.choice(_HOSTS)}",
        frozenset({DriftKind.EMAIL}),
    )


def _negation(rng: Random, base: Composed) -> Edit:
    pair = rng.choice(_DENIED[_lang(base)])
    before, after = _with(rng, base, pair[0])
    if rng.random() < 0.2:
        return Edit(base.text, before + pair[0] + after, frozenset({DriftKind.NEGATION}))
    old, new = pair if rng.random() < 0.5 else pair[::-1]
    if rng.random() < 0.3:
        old, new = (
            text.translate({ord("e"): "\u0435", ord("o"): "\u043e"}) if text == new else text for text in (old, new)
        )
    return Edit(before + old + after, before + new + after, frozenset({DriftKind.NEGATION}))


def _locked(rng: Random, base: Composed) -> Edit:
    words = [match.span() for match in re.finditer(r"(?<=\s)[^\W\d_]{2,}(?=\s)", base.text)]
    if len(words) < 6:
        sentence = rng.choice(_DENIED[_lang(base)])[0]
        base = Composed(
            base.slug, base.lang, base.channel, base.public, f"{base.text} {sentence} {sentence}", base.locked
        )
        words = [match.span() for match in re.finditer(r"(?<=\s)[^\W\d_]{2,}(?=\s)", base.text)]
    first = rng.randrange(0, max(1, len(words) - 4))
    last = min(len(words) - 1, first + rng.randint(1, 4))
    passage = base.text[words[first][0] : words[last][1]]
    start, end = words[rng.randint(first, last)]
    became = rng.choice((base.text[start:end] + "s", "", base.text[start:end].swapcase(), base.text[start : start + 1]))
    text = base.text[:start] + became + base.text[end:]
    if text.count(passage) >= base.text.count(passage):
        return _locked(rng, base)
    return Edit(base.text, text, frozenset({DriftKind.LOCKED}), (passage,))


def _personal(rng: Random, base: Composed) -> Edit:
    def some(signs: str, count: int) -> str:
        return "".join(rng.choices(signs, k=count))

    digits = "0123456789"
    data = (
        f"{rng.choice(_NAMES)}{some(digits, 2)}@mail.example.be",
        f"047{some(digits, 1)} {some(digits, 2)} {some(digits, 2)} {some(digits, 2)}",
        f"Wilgenlaan {rng.randint(1, 99)}",
        f"1-ABC-{some(digits, 3)}",
        f"mevrouw Dewilg{some('abcde', 3)}",
        f"@sam_{some('abcde', 4)}",
        f"facebook.com/sam.{some('abcde', 5)}",
        f"BE{some(digits, 2)} {some(digits, 4)} {some(digits, 4)} {some(digits, 4)}",
    )
    said = {
        "nl": "Wij belden met D.",
        "fr": "Nous avons parlé avec D.",
        "en": "We spoke with D.",
        "de": "Wir sprachen mit D.",
    }
    sentence = said[_lang(base)].replace("D", rng.choice(data))
    return Edit(base.text, f"{base.text}\n\n{sentence} Tot later!", frozenset({DriftKind.PERSONAL_DATA}), public=True)


EDITS: Final[Mapping[str, Callable[[Random, Composed], Edit]]] = {
    "number": _number,
    "number, hidden": _hidden,
    "number, moved": _swapped,
    "phone": _phone,
    "amount": _amount,
    "date or time": _date,
    "address": _address,
    "link": _link,
    "e-mail": _email,
    "negation": _negation,
    "fixed passage": _locked,
    "personal data": _personal,
}

# A greeting, thanks, a wish, and a warm word: none says anything.
_GREETINGS: Final = {
    "nl": ("Dag Sam,", "Goeiemorgen Sam", "Beste,", "Hallo!", "Dag mevrouw,"),
    "fr": ("Bonjour Sam,", "Bonjour,", "Bonsoir !"),
    "en": ("Hello Sam,", "Good morning,", "Hi!"),
    "de": ("Guten Tag,", "Hallo Sam,", "Liebe Sam,"),
}
_KIND: Final = {
    "nl": (
        "Bedankt voor uw bericht.",
        "Wat vervelend voor u!",
        "Aarzel niet om ons opnieuw te schrijven.",
        "Veel sterkte.",
    ),
    "fr": ("Merci pour votre message.", "Nous comprenons votre inquiétude.", "N'hésitez pas à nous écrire."),
    "en": ("Thanks for your message.", "How annoying for you!", "Please don't hesitate to write to us."),
    "de": ("Danke für Ihre Nachricht.", "Das ist ärgerlich für Sie!", "Zögern Sie nicht, uns zu schreiben."),
}
_WISHES: Final = {
    "nl": ("Fijne dag nog!", "Prettig weekend!", "Met vriendelijke groeten, Sam", "Nog een mooie zondag."),
    "fr": ("Bonne journée !", "Bon dimanche !", "Cordialement, Sam"),
    "en": ("Have a good day!", "Kind regards, Sam", "Have a lovely Sunday."),
    "de": ("Schönen Tag noch!", "Mit freundlichen Grüßen, Sam", "Einen schönen Sonntag."),
}
_SYNONYMS: Final = {
    "nl": "meteen=direct kan=kunt ook=eveneens snel=vlug bellen=telefoneren politie=politiedienst u=jij uw=jouw",
    "fr": "aussi=également vite=rapidement immédiatement=directement vous=tu votre=ton",
    "en": "also=too quickly=fast immediately=straightaway can=may police=officers",
    "de": "auch=ebenfalls schnell=rasch sofort=gleich",
}


def rephrased(rng: Random, base: Composed) -> Edit:
    """The reply in other words, its paragraphs in another order, with a greeting, thanks and a wish."""
    text = base.text
    if base.channel not in ("sms",) and "(1/" not in text and rng.random() < 0.4:
        # What ends in a colon belongs to what follows.
        paragraphs = re.split(r"(?<!:)\n\n", text)
        head, rest = paragraphs[:1], paragraphs[1:]
        rng.shuffle(rest)
        text = "\n\n".join((*head, *rest))
    for pair in _SYNONYMS[_lang(base)].split():
        old, _, new = pair.partition("=")
        if rng.random() < 0.6:
            text = re.sub(rf"(?<![\w./@'’-]){old}(?![\w./@'’-])", new, text)
    lang = _lang(base)
    if rng.random() < 0.6:
        text = f"{text} {rng.choice(_KIND[lang])}"
    if rng.random() < 0.7:
        text = f"{rng.choice(_GREETINGS[lang])}\n\n{text}"
    if rng.random() < 0.7:
        text = f"{text}\n\n{rng.choice(_WISHES[lang])}"
    return Edit(base.text, text, frozenset(), public=base.public)
