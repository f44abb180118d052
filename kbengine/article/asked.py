"""One question more in a question file; the rest of the file stays as it was written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from kbengine.article.parse import LANGUAGES, canonical
from kbengine.article.register import read_questions, toml_text
from kbengine.article.values import Questions
from kbengine.errors import Conflict, InvalidDocument


def add_question(text: str, slug: str, lang: str, question: str) -> str:
    """A question file with one question more, last in the list of its language; `text` is "" for a new file.

    Raises InvalidDocument (the file, or the file it would become, cannot be read) and Conflict (it is there already).
    """
    before = _read(text, slug)
    listed = before.asked.get(lang, ())
    if asks_the_same(question, listed):
        raise Conflict("phrase.known", f"{slug} has this question already.", "There is nothing to add.", slug=slug)
    wanted = replace(before, asked={**before.asked, lang: (*listed, question)})
    inserted = _inserted(text, lang, question)
    known = inserted and read_questions(inserted, slug, slug)[0] == wanted
    written = canonical(inserted if known else _written(wanted))
    _read(written, slug)
    return written


def join_questions(text: str, other: str, slug: str) -> str:
    """A question file with the questions of another one after its own; `text` is "" for a new file.

    What either asks is no longer refused by the other: the two are one answer now. Raises InvalidDocument.
    """
    before, more = _read(text, slug), _read(other, slug)
    asked = {}
    for lang in LANGUAGES:
        own = before.asked.get(lang, ())
        new = [question for question in dict.fromkeys(more.asked.get(lang, ())) if not asks_the_same(question, own)]
        if own or new:
            asked[lang] = (*own, *new)
    everything = [question for listed in asked.values() for question in listed]
    refused = dict.fromkeys((*before.not_asked, *more.not_asked))
    kept = tuple(question for question in refused if not asks_the_same(question, everything))
    wanted = replace(before, asked=asked, not_asked=kept)
    if wanted == before:
        return canonical(text)
    inserted = text
    for key, listed in (*asked.items(), ("not", kept)):
        known = before.not_asked if key == "not" else before.asked.get(key, ())
        for question in listed:
            if question not in known:
                inserted = _inserted(inserted, key, question) if inserted else ""
    written = canonical(inserted if inserted and _is(inserted, wanted) else _written(wanted))
    _read(written, slug)
    return written


def _is(text: str, wanted: Questions) -> bool:
    return read_questions(text, wanted.slug, wanted.slug)[0] == wanted


def asks_the_same(question: str, listed: Iterable[str]) -> bool:
    """Whether a question is among others, but for capitals and white space."""
    return _plain(question) in map(_plain, listed)


def _plain(question: str) -> str:
    return " ".join(unicodedata.normalize("NFC", question).casefold().split())


def _read(text: str, slug: str) -> Questions:
    questions, problems = read_questions(text, slug, f"{slug}.toml")
    if questions is None:
        raise InvalidDocument("questions.unreadable", "This list cannot be kept yet.", "See the problems.", problems)
    return questions


def _inserted(text: str, lang: str, question: str) -> str:
    """The text with the question on a line of its own before the bracket that closes the list, if it stands so."""
    begin = re.search(rf"^{lang} = \[", text, re.MULTILINE)
    end = text.find("\n]", begin.end() - 1) if begin else -1
    kept = text[:end].rstrip()
    if end < 0 or not kept.endswith((",", "[")):
        return ""
    return f"{kept}\n  {toml_text(question)},{text[end:]}"


def _written(questions: Questions) -> str:
    """A question file as we write one."""
    lists = [(lang, questions.asked.get(lang, ())) for lang in LANGUAGES]
    shown = [(key, texts) for key, texts in (*lists, ("not", questions.not_asked)) if texts]
    return "".join(
        f"{key} = [\n" + "".join(f"  {toml_text(text)},\n" for text in texts) + "]\n" for key, texts in shown
    )
