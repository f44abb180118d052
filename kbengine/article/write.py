"""Article -> file text, as the editor's form and the export write it."""

from __future__ import annotations

import re

from kbengine.article.parse import HEADINGS, canonical
from kbengine.article.values import Article, Header, LocalTime, VariantName

MISREAD = (": ", " #", "\\", '"', ",", "[", "]", "{", "}", "?")  # PyYAML ends a plain text in a list at a `?`
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
ORDER = (VariantName.DEFAULT, VariantName.SHORT, VariantName.PRIVATE, VariantName.INTERNAL)


def quote(value: str) -> str:
    """A YAML scalar that reads back as exactly this text; quoted whenever plain could be misread."""
    plain_start = bool(value) and (value[0].isalnum() or value[0] in "/(€") and value[-1] != ":"
    misread = UNPRINTABLE.search(value) or any(sign in value for sign in MISREAD)
    if plain_start and value == value.strip() and not misread:
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + UNPRINTABLE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", escaped) + '"'


def local_time_text(value: LocalTime) -> str:
    """`2026-11-30` or `2026-11-30 18:00`."""
    return value.moment.strftime("%Y-%m-%d %H:%M" if value.has_time else "%Y-%m-%d")


def _header_lines(header: Header) -> list[str]:
    lines = [f"audience: {header.audience.value}", f"owner: {quote(header.owner)}"]
    lines.append(f"sources: {_list(header.sources)}")
    lines.append(f"review_months: {header.review_months}")
    moments = {"valid_from": header.valid_from, "valid_until": header.valid_until}
    lines += [f"{key}: {quote(local_time_text(value))}" for key, value in moments.items() if value]
    lists = {"channels": header.channels, "locked": header.locked, "tags": header.tags}
    lines += [f"{key}: {_list(items)}" for key, items in lists.items() if items]
    texts = {
        "urgency": (header.urgency, "info"),
        "certainty": (header.certainty, ""),
        "canonical_url": (header.canonical_url, ""),
        "partner": (header.partner, ""),
        "tone": (header.tone, "neutral"),
        "purpose": (header.purpose, "answer"),
        "aim": (header.aim, ""),
    }
    lines += [f"{key}: {quote(value)}" for key, (value, usual) in texts.items() if value != usual]
    if header.crisis:
        lines.append("crisis: true")
    return lines


def _list(items: tuple[str, ...]) -> str:
    return "[" + ", ".join(quote(item) for item in items) + "]"


def write_article(article: Article) -> str:
    """The canonical file text of an article; reading it back gives the same article."""
    lines = ["---", f"title: {quote(article.title)}"]
    if article.header is not None:
        lines += _header_lines(article.header)
    lines.append("---")
    for name in ORDER:
        variant = article.variant(name)
        if variant is None:
            continue
        if name is not VariantName.DEFAULT:
            lines += ["", f"## {HEADINGS[article.lang][name]}"]
        lines.append(variant.text)
    return canonical("\n".join(lines))
