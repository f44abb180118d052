"""The rules about what stands beside articles: values, question files, danger cues."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from kbengine.checks.scope import Rule, Scope, problem
from kbengine.checks.stale import stale_registers
from kbengine.checks.table import addresses_of_facts
from kbengine.errors import InvalidDocument, Problem
from kbengine.folder import DANGER_FILE, FACTS_FILE, QUESTIONS, ZONE_FILE
from kbengine.language import analyzer, tokens
from kbengine.triage import read_cues, triage

FEWEST_QUESTIONS = 10
# What a danger is called in danger.toml; whether the file is sound is another rule's to say.
_DANGERS = re.compile(r'^(?:kind|act|level) = "([^"]+)"', re.MULTILINE)


def _fact_owners(scope: Scope) -> Iterator[Problem]:
    hint = f"Known: {', '.join(scope.zone.owners)}."
    for name, fact in scope.facts.items():
        if fact.owner not in scope.zone.owners:
            yield problem("owner.unknown", FACTS_FILE, f"Fact {name}: the owner {fact.owner} is unknown.", hint)


def _addresses(scope: Scope) -> Iterator[Problem]:
    yield from addresses_of_facts(scope, FACTS_FILE)


def _question_files(scope: Scope) -> Iterator[Problem]:
    slugs = {text.article.slug for text in scope.articles}
    asked = {questions.slug for _, questions in scope.questions}
    for file, questions in scope.questions:
        if questions.slug not in slugs:
            yield problem(
                "questions.no-article", file, f"There is no article {questions.slug}.", "Rename or delete the file."
            )
        first = len(questions.asked.get(scope.zone.first_lang, ()))
        if first < FEWEST_QUESTIONS:
            message = f"Only {first} ways people ask it."
            yield Problem("questions.few", "warning", file, 0, message, f"Write at least {FEWEST_QUESTIONS}.")
    for text in scope.articles:
        header = text.article.header
        if header is not None and not header.block and text.article.slug not in asked:
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
                    message, line = f"{text!r} also stands in {other}.", scope.line_of(file, text)
                    hint, fields = "Keep it where the answer is.", {"text": text, "other": other}
                    yield Problem("questions.duplicate", "error", file, line, message, hint, fields)


def _same_questions(scope: Scope) -> Iterator[Problem]:
    """A question that says what another one says, in the same words or in another order or form of them."""
    seen: dict[tuple[str, tuple[str, ...]], tuple[str, str]] = {}
    for file, questions in scope.questions:
        for lang, text in ((lang, text) for lang, texts in questions.asked.items() for text in texts):
            terms = tuple(sorted(term.term for term in analyzer(lang).terms(text)))
            other, same = seen.get((lang, terms), ("", ""))
            if not other:
                seen[lang, terms] = (file, text)
            # The same words in two files are for the rule above.
            elif terms and (other == file or tokens(same) != tokens(text)):
                yield _said_twice(scope, file, text, other, same)


def _said_twice(scope: Scope, file: str, text: str, other: str, same: str) -> Problem:
    message, line = f"{text!r} says the same as {same!r} in {other}.", scope.line_of(file, text)
    hint = "Keep it where the answer is." if other != file else "Keep one of the two."
    fields = {"text": text, "same": same, "other": other}
    return Problem("questions.same", "warning", file, line, message, hint, fields)


def _asked_and_refused(scope: Scope) -> Iterator[Problem]:
    """A question that its own file also refuses: the message would find nothing."""
    for file, questions in scope.questions:
        asked = {tokens(text) for texts in questions.asked.values() for text in texts}
        for text in questions.not_asked:
            if tokens(text) in asked:
                message, line = f"{text!r} stands under `not` and among the questions.", scope.line_of(file, text)
                hint, fields = "Keep one of the two.", {"text": text}
                yield Problem("questions.both", "error", file, line, message, hint, fields)


def _cues(scope: Scope) -> Iterator[Problem]:
    if not scope.danger:
        hint = "Without it no message is recognised as danger."
        yield problem("danger.missing", DANGER_FILE, "There are no danger cues.", hint)
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


def _danger_plan(scope: Scope) -> Iterator[Problem]:
    """What zone.toml says about dangers that the cues do not know, or with articles that nobody wrote."""
    plan = scope.zone.danger
    known = set(_DANGERS.findall(scope.danger))
    for key in sorted({*plan.steps, *plan.alert} - known):
        hint = "Use a kind, act or class of kb/danger.toml."
        message = f"[danger] names {key}, and no danger does."
        yield Problem("danger.plan-key", "warning", ZONE_FILE, 0, message, hint, {"key": key})
    for slug in sorted(plan.articles - {text.article.slug for text in scope.articles}):
        message, hint = f"[danger] needs the article {slug}.", "Write it, or name another one."
        yield Problem("danger.plan-article", "warning", ZONE_FILE, 0, message, hint, {"slug": slug})


REGISTER_RULES: Sequence[Rule] = (
    _fact_owners,
    _question_files,
    _duplicate_questions,
    _same_questions,
    _addresses,
    _asked_and_refused,
    _cues,
    _danger_plan,
    stale_registers,
)
