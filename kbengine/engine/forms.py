"""The editor's form <-> the text of an article file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kbengine.article import HEADINGS, WEB_ADDRESS, Article, VariantName, header_entries, write_entries
from kbengine.engine.formed import ArticleForm
from kbengine.errors import NotFound, Problem

FORM_KEYS = (
    *("audience", "owner", "sources", "review_months", "valid_from", "valid_until", "urgency", "tone", "crisis"),
    *("tags", "channels", "locked", "certainty"),
)
# Of these the form holds one on each line.
LIST_KEYS = frozenset({"sources", "tags", "channels", "locked"})
BOXES = {
    VariantName.DEFAULT: "default",
    VariantName.SHORT: "short",
    VariantName.PRIVATE: "private",
    VariantName.INTERNAL: "internal",
}


def form_of(article: Article, base: int) -> ArticleForm:
    """The form that shows an article."""
    header = article.header
    entries = header_entries(header) if header else {}
    texts = {key: _shown(entries.get(key, "")) for key in FORM_KEYS}
    boxes = {box: variant.text if (variant := article.variant(name)) else "" for name, box in BOXES.items()}
    return ArticleForm(
        slug=article.slug, lang=article.lang, theme=article.theme, title=article.title, base=base, **texts, **boxes
    )


def _shown(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def empty_form(lang: str, theme: str, audience: str = "public") -> ArticleForm:
    """The form of an article that does not exist yet."""
    texts = dict.fromkeys((*FORM_KEYS, *BOXES.values()), "")
    texts |= {"audience": audience, "review_months": "12", "urgency": "info", "tone": "neutral"}
    return ArticleForm(slug="", lang=lang, theme=theme, title="", base=0, **texts)


def text_of(form: ArticleForm, before: Article | None, *, translation: bool) -> str:
    """The file text that a form stands for; keys the form does not show stay as they were."""
    entries: dict[str, str | tuple[str, ...]] = {"title": form.title.strip()}
    if not translation:
        if before is not None and before.header is not None:
            entries |= header_entries(before.header)
        for key in FORM_KEYS:
            entries[key] = list_of(key, getattr(form, key)) if key in LIST_KEYS else getattr(form, key).strip()
        entries = {key: value for key, value in entries.items() if value}
    if form.lang not in ("nl", "fr", "en", "de"):
        raise NotFound("language.unknown", f"There is no language {form.lang!r}.", "Choose nl, fr, en or de.")
    boxes = {name: getattr(form, box).replace("\r\n", "\n").strip("\n") for name, box in BOXES.items()}
    return write_entries(entries, boxes, form.lang)


def list_of(key: str, typed: str) -> tuple[str, ...]:
    """What was typed in a box of several values: one a line, addresses also beside each other."""
    lines = [line.strip() for line in typed.replace("\r\n", "\n").split("\n")]
    if key != "sources":
        return tuple(filter(None, lines))
    pieces = ([*line.split()] if all(map(WEB_ADDRESS.fullmatch, line.split())) else [line] for line in lines)
    return tuple(source for found in pieces for source in found if source)


def in_boxes(problems: Iterable[Problem], text: str, lang: str) -> tuple[Problem, ...]:
    """The problems of a form's text, each with the box it stands in (`fields["box"]`) and the line in that box."""
    starts = _box_starts(text, lang)
    return tuple(_in_box(problem, starts) for problem in problems)


def _box_starts(text: str, lang: str) -> list[tuple[int, str]]:
    """The first line of each box in a file text, in the order they stand there."""
    lines = text.split("\n")
    named = {f"## {heading}": BOXES[name] for name, heading in HEADINGS[lang].items()}
    body = lines.index("---", 1) + 2
    found = [(number + 1, named[line]) for number, line in enumerate(lines, 1) if number >= body and line in named]
    return [(body, BOXES[VariantName.DEFAULT]), *found]


def _in_box(problem: Problem, starts: list[tuple[int, str]]) -> Problem:
    before = [(start, box) for start, box in starts if start <= problem.line]
    if not before:
        return replace(problem, line=0)
    start, box = before[-1]
    return replace(problem, line=problem.line - start + 1, fields={**problem.fields, "box": box})
