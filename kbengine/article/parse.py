"""File text -> Article, with all problems of the file at once; canonical text and digest."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from kbengine.article.fields import SLUG, read_fields
from kbengine.article.header import read_header, split
from kbengine.article.values import Article, Ref, Variant, VariantName
from kbengine.errors import InvalidDocument, Problem

MAX_FILE_BYTES = 20_000
BYTE_ORDER_MARK = "\ufeff"
LANGUAGES = ("nl", "fr", "en", "de")

HEADINGS: Mapping[str, Mapping[VariantName, str]] = {
    "nl": {VariantName.SHORT: "Kort", VariantName.PRIVATE: "Privé", VariantName.INTERNAL: "Intern"},
    "fr": {VariantName.SHORT: "Court", VariantName.PRIVATE: "Privé", VariantName.INTERNAL: "Interne"},
    "en": {VariantName.SHORT: "Short", VariantName.PRIVATE: "Private", VariantName.INTERNAL: "Internal"},
    "de": {VariantName.SHORT: "Kurz", VariantName.PRIVATE: "Privat", VariantName.INTERNAL: "Intern"},
}
OTHER_HEADING = re.compile(r"#{1,6}[ \t]+\S.*|#{2,}.*")
UNDERLINE = re.compile(r"(=+|-+)[ \t]*")
# A variant's name in bold or italics, indented, or with its ## too close: its text would join the one above it.
LOOKALIKE = re.compile(r"[ \t>+-]*(#+[ \t]*|[*_]+)(?=[^\s*_#])(?P<name>[^*_#]{1,40})[ \t:#*_]*")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a file: the article, or None when an error stands in the way; every problem."""

    article: Article | None
    problems: tuple[Problem, ...]


def decode(data: bytes, file: str, *, limited: bool = True) -> str:
    """Bytes of a file as canonical text; raises InvalidDocument naming the byte that is not UTF-8.

    A register (`limited=False`) holds many texts and may be fifty times as large.
    """
    most = MAX_FILE_BYTES if limited else 50 * MAX_FILE_BYTES
    if len(data) > most:
        raise _unreadable("file.too-large", file, f"The file is over {most} bytes.", "Split or shorten it.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"Byte {error.start} is not UTF-8."
        raise _unreadable("file.encoding", file, message, "Save the file as UTF-8.") from None
    if text.startswith(BYTE_ORDER_MARK):
        raise _unreadable("file.bom", file, "The file begins with a byte-order mark.", "Save it as UTF-8 without one.")
    return canonical(text)


def _unreadable(code: str, file: str, message: str, hint: str) -> InvalidDocument:
    return InvalidDocument(code, message, hint, [Problem(code, "error", file, 1, message, hint)], file=file)


def canonical(text: str) -> str:
    """The form that is stored, compared and digested: NFC, LF, no space at line ends, one newline at the end."""
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).strip("\n") + "\n"


def digest(ref: Ref, text: str) -> str:
    """SHA-256 (64 hex digits) over kind, slug, language and canonical text."""
    named = f"{ref.kind.value}\n{ref.slug}\n{ref.lang}\n\n{canonical(text)}"
    return hashlib.sha256(named.encode()).hexdigest()


def read_article(text: str, ref: Ref, theme: str, file: str, first_lang: str) -> Parsed:
    """Read one article file; problems name the line in the file. Never raises on what a file may hold."""
    text = canonical(text)
    problems = list(_names(ref, theme, file))
    try:
        size = len(text.encode())
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        message, hint = "Half a character (a lone surrogate) cannot be stored.", "Type it again."
        return Parsed(None, (Problem("file.encoding", "error", file, line, message, hint),))
    if size > MAX_FILE_BYTES:
        hint = "Split or shorten it."
        too_large = Problem("file.too-large", "error", file, 1, f"The file is over {MAX_FILE_BYTES} bytes.", hint)
        return Parsed(None, (too_large,))
    parts = split(text, file)
    if parts.problems:
        return Parsed(None, (*problems, *parts.problems))
    entries, header_problems = read_header(parts.header, file)
    problems += header_problems
    title, header, field_problems = read_fields(entries, file, translation=ref.lang != first_lang)
    # A key that is there but cannot be read is not missing, and in a header that cannot be read none is.
    unread = {problem.fields.get("key") for problem in header_problems}
    lost = bool(header_problems) and not entries
    problems += [p for p in field_problems if p.code != "header.missing-key" or not (lost or p.fields["key"] in unread)]
    variants, body_problems = read_variants(parts.body, ref.lang, file, parts.body_line)
    problems += body_problems
    if any(problem.level == "error" for problem in problems):
        return Parsed(None, tuple(sorted(problems, key=lambda problem: problem.line)))
    return Parsed(Article(ref.slug, ref.lang, theme, title, variants, header), tuple(problems))


def _names(ref: Ref, theme: str, file: str) -> list[Problem]:
    problems = []
    for what, name in (("slug", ref.slug), ("theme", theme)):
        if not SLUG.fullmatch(name) or len(name) > 80:
            hint = "Use small letters, digits and single hyphens, at most 80."
            problems.append(Problem("name.bad", "error", file, 0, f"The {what} {name!r} is not a name.", hint))
    if ref.lang not in LANGUAGES:
        hint = "End the name in .nl.md, .fr.md, .en.md or .de.md."
        problems.append(Problem("name.language", "error", file, 0, f"The language {ref.lang!r} is unknown.", hint))
    return problems


def read_variants(body: str, lang: str, file: str, first_line: int) -> tuple[tuple[Variant, ...], list[Problem]]:
    """The variants of a body, cut at its level-2 headings; a default text is required."""
    names = {heading.casefold(): name for name, heading in HEADINGS.get(lang, HEADINGS["nl"]).items()}
    problems: list[Problem] = []
    sections: list[tuple[VariantName, int, list[str]]] = [(VariantName.DEFAULT, first_line, [])]
    previous = ""
    for number, line in enumerate(body.split("\n"), first_line):
        name = names.get(line[2:].rstrip(" \t#").strip().casefold()) if line.startswith(("## ", "##\t")) else None
        if name is not None:
            if any(name is seen for seen, _, _ in sections):
                problems.append(_twice(name, lang, number, file))
            sections.append((name, number + 1, []))
        else:
            problems += _heading_problem(line, previous, names, lang, number, file)
            sections[-1][2].append(line)
        previous = line
    variants = tuple(_variant(name, line, lines) for name, line, lines in sections if "".join(lines).strip())
    if not any(variant.name is VariantName.DEFAULT for variant in variants):
        message, hint = "There is no answer.", "Write the answer under the header, before the first heading."
        problems.append(Problem("body.empty", "error", file, first_line, message, hint))
    return variants, problems


def _variant(name: VariantName, line: int, lines: list[str]) -> Variant:
    blank = next(n for n, text in enumerate(lines) if text.strip())
    return Variant(name, "\n".join(lines).strip("\n"), line + blank)


def _twice(name: VariantName, lang: str, line: int, file: str) -> Problem:
    heading = HEADINGS.get(lang, HEADINGS["nl"])[name]
    return Problem(
        "body.variant-twice",
        "error",
        file,
        line,
        f"The heading {heading} stands twice.",
        "Join the two texts.",
    )


def _heading_problem(
    line: str, previous: str, names: Mapping[str, VariantName], lang: str, number: int, file: str
) -> list[Problem]:
    """A heading that is none of the variants', or a bold line that means to be one."""
    allowed = ", ".join(f"## {heading}" for heading in HEADINGS.get(lang, HEADINGS["nl"]).values())
    lookalike = LOOKALIKE.fullmatch(line)
    if lookalike and lookalike["name"].strip(" \t:").casefold() in names:
        message = f"The line {line.strip()!r} looks like a heading."
        return [Problem("body.bold-heading", "error", file, number, message, f"Write it as one of {allowed}.")]
    underlined = bool(UNDERLINE.fullmatch(line)) and bool(previous.strip()) and len(line) > 2
    if OTHER_HEADING.fullmatch(line) or underlined:
        message = "A heading that names no variant."
        return [Problem("body.heading", "error", file, number, message, f"Only {allowed} are read.")]
    return []
