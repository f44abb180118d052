"""The machine's checks: small rules over the texts of a folder or store and their neighbours -> problems.

A rule is a function from a scope to problems. Errors stop a submission; warnings are for the editor to weigh.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbengine.article import (
    Article,
    Audience,
    Fact,
    Header,
    Questions,
    VariantName,
    Zone,
)
from kbengine.channels import CHANNELS
from kbengine.errors import InvalidDocument, KBError, Problem
from kbengine.folder import DANGER_FILE, FACTS_FILE, QUESTIONS, Folder
from kbengine.language import tokens
from kbengine.markup import check as check_markup
from kbengine.reply import compose, placeholder_problems, placeholders
from kbengine.triage import read_cues, triage

FEWEST_QUESTIONS = 10


@dataclass(frozen=True, slots=True)
class Text:
    """An article with where it stands, and the header that counts for it (its first language's)."""

    file: str
    article: Article
    header: Header | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules look at together; `articles` are checked, `neighbours` only known of."""

    zone: Zone
    articles: tuple[Text, ...]
    facts: Mapping[str, Fact]
    questions: tuple[tuple[str, Questions], ...] = ()
    danger: str = ""

    def fact_values(self, lang: str) -> dict[str, str]:
        """Every fact's value in a language."""
        return {name: fact.value(lang, self.zone.first_lang) for name, fact in self.facts.items()}


Rule = Callable[[Scope], Iterator[Problem]]


def folder_scope(folder: Folder, zone: Zone) -> Scope:
    """A folder as the rules see it."""
    headers = {article.slug: article.header for _, article in folder.articles if article.header is not None}
    texts = tuple(Text(file, article, headers.get(article.slug)) for file, article in folder.articles)
    danger = next((item.text for item in folder.items if item.file == DANGER_FILE), "")
    return Scope(zone, texts, {fact.name: fact for fact in folder.facts}, folder.questions, danger)


def check(scope: Scope) -> tuple[Problem, ...]:
    """Every problem that all the rules find, by file and line."""
    return _run(RULES, scope)


def check_articles(scope: Scope) -> tuple[Problem, ...]:
    """Every problem of the articles of a scope; what stands beside them is left alone."""
    return _run(ARTICLE_RULES, scope)


def _run(rules: Sequence[Rule], scope: Scope) -> tuple[Problem, ...]:
    found = [problem for rule in rules for problem in rule(scope)]
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.code)))


def _markup(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        for variant in text.article.variants:
            yield from check_markup(variant.text, text.file, variant.line)


def _placeholders(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        for variant in text.article.variants:
            yield from placeholder_problems(variant.text, scope.facts, text.file, variant.line)


def _owners(scope: Scope) -> Iterator[Problem]:
    known = ", ".join(scope.zone.owners)
    for text in scope.articles:
        header = text.article.header
        if header is not None and header.owner not in scope.zone.owners:
            yield _error("owner.unknown", text.file, f"The owner {header.owner} is unknown.", f"Known: {known}.")


def _fact_owners(scope: Scope) -> Iterator[Problem]:
    hint = f"Known: {', '.join(scope.zone.owners)}."
    for name, fact in scope.facts.items():
        if fact.owner not in scope.zone.owners:
            yield _error("owner.unknown", FACTS_FILE, f"Fact {name}: the owner {fact.owner} is unknown.", hint)


def _channels(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        for name in text.article.header.channels if text.article.header else ():
            if name not in CHANNELS:
                hint = "Known: " + ", ".join(CHANNELS) + "."
                yield _error("channel.unknown", text.file, f"The channel {name} is unknown.", hint)


def _languages(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        if text.header is None:
            first = f"{text.article.slug}.{scope.zone.first_lang}.md"
            hint = "Write that one first: its header counts for every language."
            yield _error("language.no-first", text.file, f"There is no {first}.", hint)


def _locked(scope: Scope) -> Iterator[Problem]:
    for text in scope.articles:
        whole = "\n".join(variant.text for variant in text.article.variants)
        for passage in text.article.header.locked if text.article.header else ():
            if passage not in whole:
                hint = "Copy the passage exactly as it stands in the text, or take it out of `locked`."
                yield _error("locked.absent", text.file, f"The locked passage {passage!r} is not in the text.", hint)


def _limits(scope: Scope) -> Iterator[Problem]:
    """A public answer must fit every public channel, its own length or its short variant's."""
    public = [CHANNELS[name] for name in scope.zone.channels if name in CHANNELS and CHANNELS[name].public]
    for text in scope.articles:
        if text.header is None or text.header.audience is not Audience.PUBLIC:
            continue
        facts = scope.fact_values(text.article.lang)
        for channel in public:
            try:
                reply = compose(text.article, text.header, channel, facts, {}, {})
            except KBError:
                continue  # the markup rule says why, or the header keeps it off this channel
            if not reply.fits:
                size = f"{reply.count} of {reply.limit}"
                message = f"Too long for {channel.label}: {size}."
                hint = "Write or shorten the short variant."
                fields = {"channel": channel.id, "count": str(reply.count), "limit": str(reply.limit)}
                yield Problem(
                    "limit.too-long", "error", text.file, _variant_line(text, reply.variant), message, hint, fields
                )


def _variant_line(text: Text, name: VariantName) -> int:
    variant = text.article.variant(name)
    return variant.line if variant else 0


def _audience(scope: Scope) -> Iterator[Problem]:
    """A private-only answer keeps its text in the private variant or is private as a whole."""
    for text in scope.articles:
        short = text.article.variant(VariantName.SHORT)
        if text.header is None or text.header.audience is Audience.PUBLIC or short is None:
            continue
        message = "A short variant is for public channels, and this answer is not public."
        yield Problem(
            "audience.short", "warning", text.file, short.line, message, "Take it out, or make the answer public."
        )


def _facts_language(scope: Scope) -> Iterator[Problem]:
    """A translation that shows a value written only for another language."""
    for text in scope.articles:
        for variant in text.article.variants:
            for place in placeholders(variant.text):
                fact = scope.facts.get(place.name) if place.kind == "fact" else None
                if fact and not {"", text.article.lang} & set(fact.values):
                    line = variant.line + variant.text.count("\n", 0, place.start)
                    message = f"The value {place.name} has no text in {text.article.lang}."
                    yield Problem("fact.no-language", "warning", text.file, line, message, f"Add it in {FACTS_FILE}.")


def _question_files(scope: Scope) -> Iterator[Problem]:
    slugs = {text.article.slug for text in scope.articles}
    asked = {questions.slug for _, questions in scope.questions}
    for file, questions in scope.questions:
        if questions.slug not in slugs:
            yield _error(
                "questions.no-article", file, f"There is no article {questions.slug}.", "Rename or delete the file."
            )
        first = len(questions.asked.get(scope.zone.first_lang, ()))
        if first < FEWEST_QUESTIONS:
            message = f"Only {first} ways people ask it."
            yield Problem("questions.few", "warning", file, 0, message, f"Write at least {FEWEST_QUESTIONS}.")
    for text in scope.articles:
        if text.article.header is not None and text.article.slug not in asked:
            hint = f"Write {QUESTIONS}/{text.article.slug}.toml."
            yield Problem("questions.missing", "warning", text.file, 0, "Nobody wrote how people ask it.", hint)


def _duplicate_questions(scope: Scope) -> Iterator[Problem]:
    seen: dict[tuple[str, ...], str] = {}
    for file, questions in scope.questions:
        for texts in questions.asked.values():
            for text in texts:
                key = tokens(text)
                other = seen.setdefault(key, file)
                if other != file:
                    message = f"{text!r} also stands in {other}."
                    yield Problem("questions.duplicate", "warning", file, 0, message, "Keep it where the answer is.")


def _cues(scope: Scope) -> Iterator[Problem]:
    if not scope.danger:
        hint = "Without it no message is recognised as danger."
        yield _error("danger.missing", DANGER_FILE, "There are no danger cues.", hint)
        return
    try:
        cues = read_cues(scope.danger, DANGER_FILE)
    except InvalidDocument as error:
        yield from error.problems
        return
    for example in cues.examples:
        danger = triage(example.text, cues).danger
        found = danger.level if danger else "none"
        if found != example.expect:
            message = f"The example must give {example.expect} and gives {found}: {example.text!r}."
            line = scope.danger.count("\n", 0, scope.danger.find(example.text)) + 1
            yield Problem("danger.example", "error", DANGER_FILE, line, message, "Correct the cues or the example.")


def _values_by_hand(scope: Scope) -> Iterator[Problem]:
    """A phone number typed in a text that the register holds as a fact."""
    phones = {re.sub(r"\D", "", value): name for name, fact in scope.facts.items() for value in fact.values.values()}
    for text in scope.articles:
        for variant in text.article.variants:
            for found in re.finditer(r"(?<![\w{:/.-])\+?\d[\d .]{6,16}\d(?![\w}])", variant.text):
                name = phones.get(re.sub(r"\D", "", found.group()))
                if name is not None:
                    line = variant.line + variant.text.count("\n", 0, found.start())
                    message = f"{found.group()!r} is typed by hand; the register holds it."
                    yield Problem("fact.by-hand", "warning", text.file, line, message, f"Write {{fact:{name}}}.")


def _error(code: str, file: str, message: str, hint: str) -> Problem:
    return Problem(code, "error", file, 1, message, hint)


ARTICLE_RULES: Sequence[Rule] = (
    _markup,
    _placeholders,
    _owners,
    _channels,
    _languages,
    _locked,
    _limits,
    _audience,
    _facts_language,
    _values_by_hand,
)
RULES: Sequence[Rule] = (*ARTICLE_RULES, _fact_owners, _question_files, _duplicate_questions, _cues)
