"""The rules about what messages find: the knowledge base's own questions, asked of the index as it would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kbengine.article import Article, VariantName
from kbengine.checks.scope import Scope
from kbengine.errors import Problem
from kbengine.language import tokens
from kbengine.markup import blocks, to_plain
from kbengine.reply import fill
from kbengine.suggest import OwnResult, Topic, referral_topic, stray

_FOUND = (VariantName.DEFAULT, VariantName.SHORT, VariantName.PRIVATE)


def check_ranking(scope: Scope, asked: Callable[[int, int], None] = lambda _done, _all: None) -> tuple[Problem, ...]:
    """Own questions that another article takes, and `not` messages that are offered their article all the same.

    Takes seconds for a hundred articles; `asked` is told how many messages are done, of how many.
    """
    found = _problems(scope, stray(topics(scope), scope.synonyms, asked))
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.code)))


def topics(scope: Scope) -> tuple[Topic, ...]:
    """The articles of a scope as the suggestion index takes them, as if all were live, and what other services handle.

    Building blocks are left out.
    """
    questions = {held.slug: held for _, held in scope.questions}
    by_slug: dict[str, list[Article]] = {}
    for text in scope.articles:
        if text.header is not None and text.header.block:
            continue
        by_slug.setdefault(text.article.slug, []).append(text.article)
    answering = (
        Topic(
            slug,
            {article.lang: article.title for article in articles},
            questions[slug].asked if slug in questions else {},
            {article.lang: _plain(scope, article) for article in articles},
            not_asked=questions[slug].not_asked if slug in questions else (),
        )
        for slug, articles in by_slug.items()
    )
    return (*answering, *map(referral_topic, scope.referrals))


def _plain(scope: Scope, article: Article) -> str:
    facts = scope.fact_values(article.lang)
    shown = (variant for name in _FOUND if (variant := article.variant(name)) is not None)
    return "\n\n".join(to_plain(fill(blocks(variant.text), facts).blocks) for variant in shown)


def _problems(scope: Scope, results: tuple[OwnResult, ...]) -> Iterator[Problem]:
    files = {questions.slug: file for file, questions in scope.questions}
    asked = {
        (questions.slug, tokens(text))
        for _, questions in scope.questions
        for texts in questions.asked.values()
        for text in texts
    }
    for result in results:
        file, fields = files[result.slug], {"text": result.text, "other": result.first}
        line = scope.line_of(file, result.text)
        if result.kind == "not":
            message = f"{result.text!r} stands under `not` and finds this article all the same."
            hint = "Take its words out of these questions, or write them with the article that answers it."
            yield Problem("questions.not-kept", "error", file, line, message, hint, fields)
        elif result.first and (result.first, tokens(result.text)) not in asked:
            message = f"{result.text!r} finds {result.first} first."
            hint = "Say it in other words, write more such questions, or move it to that article."
            yield Problem("questions.elsewhere", "warning", file, line, message, hint, fields)
