"""Who somebody is and where to reach them: e-mail, profiles, accounts, dates of birth, names that are given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from kbengine.privacy.values import SPACE, WORD_LISTS, Found, Kind

_S: Final = f"[{SPACE}]"
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}+(?:@| ?[(\[](?:at|@)[)\]] ?)[\w-]{1,63}+(?>(?:\.[\w-]{1,63}+){1,4})", re.IGNORECASE
)
_PROFILE = re.compile(
    r"(?<![\w.@-])(?>(?:https?://)?(?:[a-z-]{1,12}+\.)?(?:(?:facebook|instagram|twitter|x|tiktok|snapchat|threads)"
    r"\.(?:com|net)|(?:fb|m|t|wa)\.me|fb\.com|linkedin\.com/(?:in|pub)|youtube\.com/(?:@|user|channel|c/)"
    r"|bsky\.app/profile|strava\.com/athletes)/?)[\w@.%/?=&#~+-]{1,200}+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_][\w.]{1,39}+")
_MONTH: Final = (
    "(?>jan|feb|f[ée]v|maa|mrt|mar|m[äa]r|apr|avr|mei|mai|may|jun|jui|jul|aug|ao[uû]|sep|okt|oct|nov|dec|d[ée]c|dez)"
    "[a-zéû]{0,7}+"
)
_DATE: Final = (
    rf"(?>[0-9]{{1,2}}[./ -][0-9]{{1,2}}[./ -](?:[0-9]{{4}}|[0-9]{{2}})(?![0-9])|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"|[0-9]{{1,2}}+(?>(?:er|st|nd|rd|th|\.)?{_S}?){_MONTH}\.?+{_S}?+[0-9]{{2,4}}"
    rf"|{_MONTH}\.?+{_S}?+[0-9]{{1,2}}+(?>(?:st|nd|rd|th)?,?{_S}?)[0-9]{{4}})"
)
_BIRTH = re.compile(
    r"(?>(?<!\w)(?:geboren|geboortedatum|geb\.?|n[ée](?:\(?e\)?)? le|date de naissance|born|date of birth|dob|birthday"
    r"|verjaardag|geburtsdatum)|°)(?>[^\w\n]{0,4}+(?:(?:is|op|le|on|am|est|ist|was)[^\w\n]{1,3}+)?)"
    rf"(?P<date>{_DATE})",
    re.IGNORECASE,
)

_TELLS = re.compile(
    r"(?<!\w)(?:(?:mijn|m['’]?n|m['’]) naam is|ik heet|ik noem(?: mezelf)?|naam ?:|je m['’]appelle|je me nomme"
    r"|mon nom est|nom ?:|my name is|my name['’]?s|name ?:|ich hei(?:ß|ss)e|mein name ist)(?!\w)",
    re.IGNORECASE,
)
_IS = re.compile(
    r"(?<!\w)(?:ik ben|je suis|i am|i['’]m|ich bin|mevrouw|meneer|mijnheer|de heer|dhr\.?|mevr\.?|mvr\.?"
    r"|monsieur|madame|mme\.?|mr\.?|mrs\.?|ms\.?|herr|frau)(?!\w)",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"(?<!\w)(?:(?:met )?(?:vriendelijke|hartelijke|beste|lieve|warme)? ?groet(?:en|jes)?|mvg|mfg|m\.v\.g\.|gr\.?|grtz"
    r"|grts|hoogachtend|cordialement|bien à vous|(?:meilleures )?salutations(?: distinguées)?"
    r"|(?:kind |best |warm )?regards|(?:yours )?sincerely|cheers"
    r"|(?:mit freundlichen|freundliche|viele|liebe) grü(?:ß|ss)en?|gruß|lg|vg)(?!\w)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?<!\w)(?:bedankt|dank(?: ?[uj]e?)?(?: ?wel)?|thx|merci|thanks|thank you|danke)[ ,.!]{0,4}+\n", re.IGNORECASE
)
_ADDRESSED: Final = re.compile(r"(?<!\w)(?:van|from|von)(?!\w)", re.IGNORECASE)
_GAP = re.compile(rf"[{SPACE}\n,.:;!–-]{{1,8}}+")
_SPACES = re.compile(rf"{_S}{{1,2}}+")
_WORD = re.compile(r"[^\W\d_][\w'’-]{0,39}+")
_LINE_END = re.compile(rf"{_S}{{0,4}}+[.,!)]?{_S}{{0,4}}+(?:\n|$)")
_MOST_WORDS: Final = 4


def find_reachable(text: str) -> Iterator[Found]:
    """E-mail addresses, profile links, accounts, and dates of birth that are said to be one."""
    yield from (Found(match.start(), _bare_end(match), Kind.EMAIL, True) for match in _EMAIL.finditer(text))
    yield from (Found(match.start(), _bare_end(match), Kind.PROFILE, True) for match in _PROFILE.finditer(text))
    yield from (Found(match.start(), _bare_end(match), Kind.HANDLE, True) for match in _HANDLE.finditer(text))
    yield from (Found(*match.span("date"), Kind.BIRTH_DATE, True) for match in _BIRTH.finditer(text))


def _bare_end(match: re.Match[str]) -> int:
    """The end without the full stop of the sentence."""
    return match.end() - (len(match.group()) - len(match.group().rstrip(".?/")))


def find_names(text: str) -> Iterator[Found]:
    """Names that somebody gives: after "mijn naam is" in any letters, elsewhere with a capital or at a line's end."""
    for match in _TELLS.finditer(text):
        yield from _name(text, match.end(), small=True, certain=True)
    for match in _IS.finditer(text):
        if _SPACES.match(text, match.end()):
            certain = not match.group().casefold().startswith(("i", "j"))
            yield from _name(text, match.end(), small=False, certain=certain)
    for pattern in (_CLOSES, _THANKS):
        for match in pattern.finditer(text):
            yield from _signed(text, match.end())


def _signed(text: str, end: int) -> Iterator[Found]:
    """A name under a message: with capitals, or a word or two that fill the rest of the line."""
    addressed = _ADDRESSED.match(text, gap.end()) if (gap := _GAP.match(text, end)) else None
    end = addressed.end() if addressed else end
    if named := list(_name(text, end, small=False, certain=True)):
        yield from named
        return
    yield from (found for found in _name(text, end, small=True, certain=False) if _LINE_END.match(text, found.end))


def _name(text: str, end: int, *, small: bool, certain: bool) -> Iterator[Found]:
    """The name that stands after a place, a full stop or line end between; with `small`, in small letters too."""
    gap = _GAP.match(text, end)
    start = place = gap.end() if gap else end
    words: list[re.Match[str]] = []
    while len(words) < _MOST_WORDS:
        space = _SPACES.match(text, place) if words else None
        word = _WORD.match(text, space.end() if space else place) if space or not words else None
        if word is None or not _goes_on(word.group(), [known.group() for known in words], small):
            break
        words.append(word)
        place = word.end()
    while words and words[-1].group().casefold() in WORD_LISTS["name_particles"]:
        words.pop()
    if words:
        yield Found(start, words[-1].end(), Kind.NAME, certain)


def _goes_on(word: str, words: list[str], small: bool) -> bool:
    """Whether a word is the next one of a name."""
    key = word.casefold()
    if key in WORD_LISTS["name_particles"] and words:
        return True
    if key in WORD_LISTS["no_names"] or (key in WORD_LISTS["name_particles"] and not word[0].isupper()):
        return False
    return word[0].isupper() or (small and len(words) < 2 and not any(known[0].isupper() for known in words))
