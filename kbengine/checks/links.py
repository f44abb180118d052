"""The rules about web addresses in a text that goes out; nothing is fetched."""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit

from kbengine.article import Fact
from kbengine.checks.prose import Address, addresses, outgoing
from kbengine.checks.scope import Found, Scope, Text
from kbengine.errors import Level
from kbengine.markup import urls

_TABLES = tomllib.loads(Path(__file__).with_name("links.toml").read_text("utf-8"))
_SHORTENERS, _TRACKING, _SECRETS, _INTERNAL = (
    frozenset(_TABLES[name].split()) for name in ("shorteners", "tracking", "secrets", "internal")
)
# In whatever language the text is.
_EMPTY_WORDS = frozenset(words for some in _TABLES["empty"].values() for words in some)
_SHARE = re.compile(r"file:|smb:|\\\\", re.IGNORECASE)
_BROKEN = re.compile(
    r"https?://+https?:|https?:/(?!/)|https?:(?!/)|https?//|https?:///|(?:hhtps?|htt?ps?|ttps?|htps?)(?<!https)(?<!http):"
    r"|www[,;]|www\.\.|https?://[^/\s]*\.\.|https?://(?:$|[./])",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"\.(?:jpe?g|png|gif|webp|svg|bmp|avif|heic|tiff?)$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_NOTHING = SplitResult("", "", "", "", "")
Rule = Callable[[Address], Iterator[Found]]


def in_texts(rule: Rule) -> Callable[[Scope, Text], Iterator[Found]]:
    """A rule about an address, as one about a text: at the line of every address that goes out with it."""

    def over(_scope: Scope, text: Text) -> Iterator[Found]:
        for variant in outgoing(text):
            for address in addresses(variant.text):
                for found in rule(address):
                    yield Found(variant.line + address.line, found.message, found.hint, found.fields)

    return over


def of_fact(rule: Rule, fact: Fact) -> Iterator[Found]:
    """What a rule about an address finds in a value that is one."""
    for value in fact.values.values() if fact.kind == "url" else ():
        yield from rule(Address(value.strip(), "", 0))


def insecure(address: Address) -> Iterator[Found]:
    """An address without the s of https."""
    if address.target.lower().startswith("http://") and not _is_internal(address.target):
        better = "https" + address.target[4:]
        yield _found(
            f"{address.target} is not safe on the way.", f"See whether {better} works.", address.target, better
        )


def malformed(address: Address) -> Iterator[Found]:
    """An address that no browser opens."""
    target = _PLACEHOLDER.sub("x", address.target)
    web = target.lower().startswith(("http://", "https://"))
    if _BROKEN.search(target) or (web and not _is_internal(target) and not _has_ending(_host(target))):
        yield _found(f"{address.target} opens nothing.", "Copy the address from the browser.", address.target)


def credentials(address: Address) -> Iterator[Found]:
    """An address that lets whoever has it in: a password, token or session stands in it."""
    parts = _parts(address.target)
    bare = _with_query(parts, lambda name, value: not (value and name.lower() in _SECRETS))
    if "@" in parts.netloc or parts.query != bare.query:
        shown = urlunsplit(bare._replace(netloc=parts.netloc.rpartition("@")[2]))
        yield _found(f"{shown} stands here with a password or token.", f"Write {shown}.", shown, shown)


def shortener(address: Address) -> Iterator[Found]:
    """An address that hides where it leads."""
    if _host(address.target) in _SHORTENERS:
        hint = "Open it, and write the address that it leads to."
        yield _found(f"{address.target} hides where it leads.", hint, address.target)


def tracking(address: Address) -> Iterator[Found]:
    """An address that tells who sent somebody there."""
    parts = _parts(address.target)
    bare = _with_query(parts, lambda name, _: name.lower() not in _TRACKING and not name.lower().startswith("utm_"))
    if parts.query != bare.query:
        shown = urlunsplit(bare)
        yield _found(f"{address.target} follows who opens it.", f"Write {shown}.", address.target, shown)


def _with_query(parts: SplitResult, kept: Callable[[str, str], bool]) -> SplitResult:
    """An address with those parameters that are kept, as they were written."""
    pieces = [piece for piece in parts.query.split("&") if kept(piece.partition("=")[0], piece.partition("=")[2])]
    return parts._replace(query="&".join(pieces))


def internal_host(address: Address) -> Iterator[Found]:
    """An address that only colleagues can open."""
    if _SHARE.match(address.target) or (_is_internal(address.target) and not _BROKEN.search(address.target)):
        hint = "Write the public address, or move the sentence to the internal part."
        yield _found(f"{address.target} is an address within the house.", hint, address.target)


def image(address: Address) -> Iterator[Found]:
    """An address of an image: no channel shows it, and a citizen gets a bare file from elsewhere."""
    if _IMAGE.search(_parts(address.target).path):
        hint = "Say in words what it shows, or link the page that it stands on."
        yield _found(f"{address.target} is an image.", hint, address.target)


def says_here(address: Address) -> Iterator[Found]:
    """A link of which the words do not say where it leads."""
    words = " ".join(address.words.strip(" .…:!→*_").casefold().replace("’", "'").split())
    if words in _EMPTY_WORDS:
        hint = "Let the words say what stands there: [online aangifte](…)."
        yield Found(0, f"A link says only {address.words!r}.", hint, {"words": address.words})


def _found(message: str, hint: str, shown: str, better: str = "") -> Found:
    return Found(0, message, hint, {"address": shown, "better": better or "–"})


def _parts(target: str) -> SplitResult:
    """The parts of a web address; of one of another kind nothing."""
    try:
        if target.lower().startswith(("mailto:", "tel:")):
            return _NOTHING
        return urlsplit(target if "://" in target else f"https://{target}")
    except ValueError:
        return _NOTHING


def _host(target: str) -> str:
    """The name of the site, in small letters and without www; "" when there is none."""
    host = _parts(target).netloc.rpartition("@")[2]
    host = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return host.lower().removeprefix("www.").rstrip(".")


def _is_internal(target: str) -> bool:
    host = _host(target)
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        labels = host.split(".")
        named = labels[-1] in _INTERNAL or ".".join(labels[-2:]) in _INTERNAL
        # A name of one part is found only by who is in the same house.
        if "{" in host:
            return False  # what a value fills in
        return named or (target.lower().startswith(("http://", "https://")) and host != "" and len(labels) == 1)


def _has_ending(host: str) -> bool:
    """Whether a host's name ends as one can; the endings kept for examples are as good."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host.endswith((".example", ".test")) or bool(urls(f"https://{host}/"))
    return True


# Each rule with its code, and how it is given when a zone says nothing.
ADDRESSES: Sequence[tuple[str, Level, Rule]] = (
    ("link.insecure", "warning", insecure),
    ("link.malformed", "error", malformed),
    ("link.credentials", "error", credentials),
    ("link.shortener", "warning", shortener),
    ("link.tracking", "warning", tracking),
    ("link.internal-host", "error", internal_host),
    ("link.image", "warning", image),
    ("link.says-here", "warning", says_here),
)
