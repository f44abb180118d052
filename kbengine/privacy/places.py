"""Street addresses with a house number, as people write them in Dutch, French, German and English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kbengine.privacy.values import SPACE, WORD_LISTS, Found, Kind

_S: Final = f"[{SPACE}]"
_NAME: Final = r"[^\W\d_][\w'’.-]{1,40}+"
_TITLE: Final = r"[A-ZÀ-ÖØ-Þ][\w'’.-]{0,40}+"
_ENDED: Final = "(?i:(?>" + "|".join(f"(?<={re.escape(end)})" for end in sorted(WORD_LISTS["street_ends"])) + "))"
_BOX: Final = rf"(?>{_S}?,?{_S}?(?i:bus|bte|boîte|boite|box|b)\.?{_S}?[0-9a-zA-Z]{{1,4}}+(?!\w)|)"
_HOUSE: Final = (
    rf"(?>{_S}{{0,2}}+,?{_S}{{0,2}}+(?i:(?:huisnummer|nummer|numéro|nr|n°|no|nº)\.?{_S}{{0,2}}+)?)"
    rf"(?P<house>[0-9]{{1,4}}+)(?![0-9]|[.:,][0-9])(?>{_S}?[a-zA-Z](?!\w)|)(?>[/-][0-9a-zA-Z]{{1,3}}+(?!\w)|){_BOX}"
)
_TOWN: Final = (
    rf"(?>{_S}{{0,2}}+[,-]?{_S}{{0,2}}+(?:[BDFL]-)?[1-9][0-9]{{3,4}}(?!\w)(?>{_S}?[A-Z]{{2}}(?!\w)|)"
    rf"(?:{_S}{{1,2}}+{_TITLE}(?>(?:{_S}{_TITLE}){{0,2}}))?|)"
)
_DUTCH_OR_GERMAN = re.compile(rf"(?<![\w'’.-])(?P<street>{_NAME}){_ENDED}{_HOUSE}{_TOWN}")
_RUE: Final = (
    r"(?<!\w)(?i:(?>rue|avenue|av\.|boulevard|bd\.?|chaussée|place|chemin|allée|quai|impasse|square|route|clos|sentier"
    r"|drève|venelle))"
)
_PARTICLE: Final = rf"(?>(?i:des|du|de|la|les|le|aux|au|sur){_S}{{1,2}}+|(?i:[dl])['’])"
_OF: Final = (
    rf"{_S}{{1,2}}+(?>{_PARTICLE}{{0,3}})(?!(?i:avec|et|en|il|elle|y|depuis|pendant|dans|pour|sont|est|a|où|ou)(?!\w))"
    rf"(?P<of>{_NAME})(?>(?:{_S}(?>{_PARTICLE}?){_TITLE}){{0,3}})"
)
_FRENCH = re.compile(rf"{_RUE}{_OF}{_HOUSE}{_TOWN}")
_NUMBER_FIRST = re.compile(
    rf"(?<![\w.,])(?P<house>[0-9]{{1,4}}+)(?>{_S}?(?i:(?:bis|ter|[a-z])(?!\w))?,?{_S}{{0,2}}){_RUE}{_OF}{_TOWN}"
)
_ENGLISH = re.compile(
    rf"(?<![\w.,])(?P<house>[0-9]{{1,4}}+)[a-zA-Z]?,?{_S}{{1,2}}+(?:{_TITLE}{_S}{{1,2}}+){{1,3}}"
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Square|Drive|Close|Crescent|Court|Terrace|Way|Place)(?!\w)"
)
_WITH_TOWN = re.compile(
    rf"(?<![\w'’.-]){_TITLE}{_S}[0-9]{{1,4}}+[a-zA-Z]?+{_BOX}(?>{_S}?[,-]?{_S}{{0,2}})[1-9][0-9]{{3}}{_S}{_TITLE}"
)
_DUTCH_CODE = re.compile(rf"(?<!\w)[1-9][0-9]{{3}}{_S}?(?!S[ADS])[A-Z]{{2}}[, ]{{1,2}}+[0-9]{{1,4}}+(?!\w)")

_CAPITALS_BEFORE = re.compile(rf"(?<![\w'’.-])(?:{_TITLE}{_S}){{1,3}}$")
_REACH: Final = 60
# What is counted rather than lived at.
_COUNTED = re.compile(
    rf"{_S}{{0,2}}+(?:uur|uren|u(?!\w)|min|minu|sec|da(?:g|gen)(?!\w)|we[e]?k|maand|jaar|jaren|ans?(?!\w)|jours?|heures?"
    r"|keer|maal|fois|times|tage?(?!\w)|stunden|km|kilometer|meter|m(?!\w)|cm|%|€|euro|graden|personen|mensen|man(?!\w)"
    r"|auto|wagens|fiets|brommers|jongeren|kinderen|gasten|voitures|personnes|cars|people|autos|kinder)",
    re.IGNORECASE,
)


def find_addresses(text: str) -> Iterator[Found]:
    """Every address with a house number; one in small letters is uncertain."""
    for match in _DUTCH_OR_GERMAN.finditer(text):
        named = match["street"][:1].isupper()
        common = match["street"].casefold() in WORD_LISTS["no_streets"] and not named
        if not common and (named or not _COUNTED.match(text, match.end("house"))):
            start = _with_capitals(text, match.start()) if named else match.start()
            yield Found(start, match.end(), Kind.ADDRESS, named)
    for pattern in (_FRENCH, _NUMBER_FIRST):
        for match in pattern.finditer(text):
            if pattern is _NUMBER_FIRST or not _COUNTED.match(text, match.end("house")):
                yield Found(match.start(), match.end(), Kind.ADDRESS, match["of"][:1].isupper())
    for pattern in (_ENGLISH, _WITH_TOWN, _DUTCH_CODE):
        yield from (Found(*match.span(), Kind.ADDRESS, True) for match in pattern.finditer(text))


def _with_capitals(text: str, start: int) -> int:
    """Where the capitals before a street's name begin: `Korte Nieuwstraat`."""
    found = _CAPITALS_BEFORE.search(text, max(0, start - _REACH), start)
    return found.start() if found else start
