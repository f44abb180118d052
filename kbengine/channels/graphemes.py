"""How many signs a reader sees: extended grapheme clusters of Unicode's annex 29."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

PICTURE = (
    "[\u203c\u2049\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)

_PICTURE = re.compile(f"{PICTURE}|[\xa9\xae\u2122]")
_EXTENDS = re.compile("[\u200c\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
# One letter a sign: r n c for what always stands alone, e z s for what hangs on, R for half a flag, P for a picture,
# L V T G H for Korean, o for all else.
_CLUSTER = re.compile(r"rn|[rnc]|(?:RR|P(?:e*zP)*|L*(?:GV*|H|V+)T*|L+|T+|.)[ezs]*")
_ALONE = {"\r": "r", "\n": "n", "\u200d": "z"}
_KOREAN = (
    ("L", 0x1100, 0x115F),
    ("V", 0x1160, 0x11A7),
    ("T", 0x11A8, 0x11FF),
    ("L", 0xA960, 0xA97C),
    ("V", 0xD7B0, 0xD7C6),
    ("T", 0xD7CB, 0xD7FB),
)
_SYLLABLES = range(0xAC00, 0xD7A4)
_SYLLABLES_A_VOWEL = 28
_KINDS = {"Mn": "e", "Me": "e", "Mc": "s", "Cc": "c", "Cf": "c", "Zl": "c", "Zp": "c"}


def graphemes(text: str) -> int:
    """The number of grapheme clusters."""
    return len(_CLUSTER.findall("".join(map(_kind, text))))


@lru_cache(maxsize=4_096)
def _kind(sign: str) -> str:
    if sign in _ALONE:
        return _ALONE[sign]
    if "\U0001f1e6" <= sign <= "\U0001f1ff":
        return "R"
    if _EXTENDS.match(sign):
        return "e"
    if _PICTURE.match(sign):
        return "P"
    code = ord(sign)
    if code in _SYLLABLES:
        return "G" if (code - _SYLLABLES.start) % _SYLLABLES_A_VOWEL == 0 else "H"
    korean = next((kind for kind, first, last in _KOREAN if first <= code <= last), None)
    return korean or _KINDS.get(unicodedata.category(sign), "o")
