"""Article -> file text, as the editor's form and the export write it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from kbengine.article.parse import HEADINGS, canonical
from kbengine.article.values import Article, Header, LocalTime, VariantName

USUAL = {"urgency": "info", "tone": "neutral", "purpose": "answer"}
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


def write_entries(entries: Mapping[str, str | tuple[str, ...]], variants: Mapping[VariantName, str], lang: str) -> str:
    """A canonical file text from the keys of a header and the texts of a body, both as they were typed."""
    lines = ["---", *(f"{key}: {_written(value)}" for key, value in entries.items()), "---"]
    for name in ORDER:
        text = variants.get(name, "")
        if text.strip():
            lines += [text] if name is VariantName.DEFAULT else ["", f"## {HEADINGS[lang][name]}", text]
    return canonical("\n".join(lines))


def _written(value: str | tuple[str, ...]) -> str:
    return quote(value) if isinstance(value, str) else "[" + ", ".join(quote(item) for item in value) + "]"


def header_entries(header: Header) -> dict[str, str | tuple[str, ...]]:
    """The keys of a header as a file writes them; what is as usual is left out."""
    entries: dict[str, str | tuple[str, ...]] = {
        "audience": header.audience.value,
        "owner": header.owner,
        "sources": header.sources,
        "review_months": str(header.review_months),
        "valid_from": local_time_text(header.valid_from) if header.valid_from else "",
        "valid_until": local_time_text(header.valid_until) if header.valid_until else "",
        "channels": header.channels,
        "urgency": header.urgency,
        "locked": header.locked,
        "certainty": header.certainty,
        "canonical_url": header.canonical_url,
        "tags": header.tags,
        "partner": header.partner,
        "tone": header.tone,
        "crisis": "true" if header.crisis else "",
        "purpose": header.purpose,
        "aim": header.aim,
        "block_for": header.block_for,
    }
    return {key: value for key, value in entries.items() if value and value != USUAL.get(key)}


def write_article(article: Article) -> str:
    """The canonical file text of an article; reading it back gives the same article."""
    entries: dict[str, str | tuple[str, ...]] = {"title": article.title}
    if article.header is not None:
        entries |= header_entries(article.header)
    return write_entries(entries, {variant.name: variant.text for variant in article.variants}, article.lang)
