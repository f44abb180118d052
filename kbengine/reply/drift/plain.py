"""A text as it is read: without what cannot be seen, look-alikes as the letter they look like, digits as 0 to 9."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from kbengine.markup import HIDDEN

_CLUSTER = re.compile("[^\u0300-\u036f][\u0300-\u036f]*|[\u0300-\u036f]+", re.DOTALL)
# Cyrillic and Greek letters that are drawn as Latin ones, and dashes and apostrophes of all lengths.
_ALIKE: Final = str.maketrans(
    "\u0430\u0432\u0435\u0455\u0456\u0458\u051b\u051d\u043e\u0440\u0441\u0443\u0445\u043a\u043c\u0442\u04bb\u0501\u0261\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u04ae\u03b1\u03bf\u03b9\u03bd\u03c1\u03c4\u03c5\u03ba\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    + "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
    + "\u2019\u2018\u02bc`\u00b4",
    "abesijqwopcyxkmthdgABESIJKMHOPCTXYaoivptukABEZHIKMNOPTYX" + "-" * 8 + "'" * 5,
)
# Texts of these signs alone are read sign by sign; nearly all are.
_USUAL = re.compile("[\x00-\x7f\u00a4\u00ab\u00bb\u00c0-\u00ff\u2013\u2014\u2018\u2019\u201c-\u201e\u20ac]*")
_AS_USUAL: Final = str.maketrans("\t\r\u2013\u2014\u2018\u2019", "  --''")
_SENTENCE_END = re.compile(r"(?<=\w{5}[.!?]) (?=[^\W\da-z_])")
# They turn what is read around; a number they stand in is not read as it was.
TURNS: Final = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
_DROPPED: Final = frozenset("\u200d\ufe0e\ufe0f\u20e3")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text as it is read; its sign n is what `source` has from starts[n] up to ends[n]."""

    text: str
    source: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in `source`."""
        if end > start:
            return self.starts[start], self.ends[end - 1]
        place = self.starts[start] if start < len(self.starts) else len(self.source)
        return place, place

    def raw(self, start: int, end: int) -> str:
        """What stands there in the text as given."""
        first, last = self.span(start, end)
        return self.source[first:last]


def plain(text: str) -> Plain:
    """The text as it is read."""
    if _USUAL.fullmatch(text):
        return Plain(text.translate(_AS_USUAL), text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))
    signs = [(sign, *found.span()) for found in _CLUSTER.finditer(text) for sign in _read(found.group())]
    starts, ends = tuple(start for _, start, _ in signs), tuple(end for _, _, end in signs)
    return Plain("".join(sign for sign, _, _ in signs), text, starts, ends)


def sentences_apart(text: str) -> str:
    """The text with a line end after each sentence, each sign in its place: a town and the next word are no name."""
    return _SENTENCE_END.sub("\n", text)


def _read(cluster: str) -> str:
    """How a letter with its marks is read; nothing when it is not seen."""
    if cluster.isascii():
        return " " if cluster in "\t\r" else cluster
    if cluster in TURNS:
        return cluster
    if cluster in _DROPPED or (len(cluster) == 1 and HIDDEN.match(cluster)):
        return ""
    return "".join(map(_sign, unicodedata.normalize("NFKC", cluster).translate(_ALIKE)))


def _sign(sign: str) -> str:
    if sign.isascii():
        return sign
    digit = unicodedata.digit(sign, -1)
    if digit >= 0:
        return str(digit)
    return " " if sign.isspace() and sign not in "\u2028\u2029" else sign
