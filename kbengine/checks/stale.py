"""The rules about values that went stale: typed by hand, said otherwise than the register, or what a value once was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kbengine.article import Fact, VariantName
from kbengine.checks.scope import Scope, Text
from kbengine.errors import Problem
from kbengine.folder import FACTS_FILE
from kbengine.language import analyzer, tokens
from kbengine.reply import Said, facts_in, placeholders, said

Key = tuple[str, ...]

_SENTENCE_END = re.compile(r"(?<=[.!?…])(?<!\bu\.)(?<!\du\.)\s|\n")
# A text may name an old value to say that it is one: for the agent who meets it, or as people ask about it.
_SAYS_SO = re.compile(
    r"vervangen|vroeger|voorheen|niet meer(?! dan)|bestaat niet|werkt niet|\boude?\b|\brempla|\bancien|n'existe plus"
    r"|ne (?:marche|fonctionne) p|\bold\b|replaced|no longer|does(?:n't| not) work|früher|\balte?[nrs]?\b|ersetzt"
    r"|nicht mehr|funktioniert nicht",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """One sentence of a variant: what it says, and the values that it and its variant (`shown`) show.

    `told`: where it stands says that something is old.
    """

    text: str
    line: int
    lang: str
    said: tuple[Said, ...]
    facts: frozenset[str]
    told: bool
    shown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Held:
    """What a fact says: the keys of its value in each language, with what each begins with; the terms of its label, and
    of what that is about."""

    fact: Fact
    keys: frozenset[tuple[Key, ...]]
    firsts: frozenset[Key]
    shapes: tuple[Key, ...]
    distinctive: bool
    terms: frozenset[str]
    subject: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Old:
    """What a fact was: how it was written, as the zone's first language reads it, and its words."""

    fact: Fact
    text: str
    said: tuple[Said, ...]
    words: tuple[str, ...]
    subject: frozenset[str]


def stale_articles(scope: Scope) -> Iterator[Problem]:
    """Values typed by hand, and values that contradict or are older than the register, in every article."""
    held = tuple(_hold(fact, scope.zone.first_lang) for fact in scope.facts.values())
    titles, users, olds = _titles(scope), _users(scope), _olds(scope)
    for text in scope.articles:
        about = _terms(titles.get(text.article.slug, text.article.title), scope.zone.first_lang)
        used = users.get(text.article.slug, frozenset())
        yield from _old_titles(text, olds, about, used)
        for sentence in _sentences(text):
            old = tuple(_old(olds, sentence, about, used))
            yield from (_old_problem(text.file, sentence.line, one) for one in old)
            typed = _typed(held, sentence, about)
            yield from _by_hand(text.file, sentence, typed)
            if not old and not typed and not sentence.told:
                yield from _contradicted(text.file, sentence, held, about, used - sentence.shown)


def _old_titles(text: Text, olds: Sequence[_Old], about: frozenset[str], used: frozenset[str]) -> Iterator[Problem]:
    """Old values in a title, which is read by agents and in public, and holds no placeholders."""
    title, lang = text.article.title, text.article.lang
    told = bool(_SAYS_SO.search(title))
    for old in _old(olds, _Sentence(title, 1, lang, said(title, lang), frozenset(), told), about, used):
        yield replace(_old_problem(text.file, 1, old), hint="Correct the title.")


def stale_registers(scope: Scope) -> Iterator[Problem]:
    """Old values in question files and in other facts."""
    titles, users, olds = _titles(scope), _users(scope), _olds(scope)
    for file, questions in scope.questions:
        about = _terms(titles.get(questions.slug, ""), scope.zone.first_lang)
        asked = [(lang, one) for lang, texts in questions.asked.items() for one in texts]
        asked += [(scope.zone.first_lang, one) for one in questions.not_asked]
        for lang, one in asked:
            sentence = _Sentence(
                one, scope.line_of(file, one), lang, said(one, lang), frozenset(), bool(_SAYS_SO.search(one))
            )
            found = _old(olds, sentence, about, users.get(questions.slug, frozenset()))
            yield from (_old_problem(file, sentence.line, old) for old in found)
    for fact in scope.facts.values():
        about = _terms(fact.label, scope.zone.first_lang)
        for lang, value in fact.values.items():
            read = lang or scope.zone.first_lang
            sentence = _Sentence(value, 1, read, said(value, read), frozenset(), told=False)
            for old in _old(olds, sentence, about, frozenset()):
                yield replace(_old_problem(FACTS_FILE, 1, old), hint=f"Correct the value of {fact.name}.")


def _sentences(text: Text) -> Iterator[_Sentence]:
    lang = text.article.lang
    for variant in text.article.variants:
        start, found = 0, said(variant.text, lang)
        shown = frozenset(p.name for p in placeholders(variant.text))
        for end in [*(match.start() for match in _SENTENCE_END.finditer(variant.text)), len(variant.text)]:
            here = tuple(one for one in found if start <= one.start < end)
            part = variant.text[start:end]
            if here or part.strip():
                line = variant.line + variant.text.count("\n", 0, here[0].start if here else start)
                facts = frozenset(facts_in(part))
                told = variant.name is VariantName.INTERNAL and _told(variant.text, start, end)
                yield _Sentence(part, line, lang, here, facts, told, shown)
            start = end


def _told(text: str, start: int, end: int) -> bool:
    """Whether the line of a sentence says that something in it is old."""
    last = text.find("\n", max(end, start + 1))
    return bool(_SAYS_SO.search(text, text.rfind("\n", 0, end) + 1, last if last >= 0 else len(text)))


def _titles(scope: Scope) -> dict[str, str]:
    """The title in the first language of each article, by slug."""
    return {text.article.slug: text.article.title for text in scope.articles if text.article.header is not None}


def _users(scope: Scope) -> dict[str, frozenset[str]]:
    """The names of the values that an article shows in whatever language, by slug."""
    users: dict[str, frozenset[str]] = {}
    for text in scope.articles:
        names = facts_in(*(variant.text for variant in text.article.variants))
        users[text.article.slug] = users.get(text.article.slug, frozenset()).union(names)
    return users


@lru_cache(maxsize=20_000)
def _terms(text: str, lang: str) -> frozenset[str]:
    return frozenset(term.term for term in analyzer(lang).terms(text))


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    return tokens(text)


def _hold(fact: Fact, first: str) -> _Held:
    read = [said(value, lang or first) for lang, value in fact.values.items()]
    keys = frozenset(tuple(one.key for one in some) for some in read if some)
    some = read[0]
    distinctive = bool(some) and all(one.distinctive for one in some)
    shapes = tuple(one.shape for one in some)
    firsts = frozenset(key[0] for key in keys)
    return _Held(fact, keys, firsts, shapes, distinctive, _terms(fact.label, first), _subject(fact, first))


def _subject(fact: Fact, first: str) -> frozenset[str]:
    """The terms of what a value is about: its label up to the colon."""
    return _terms(fact.label.partition(":")[0], first)


def _olds(scope: Scope) -> tuple[_Old, ...]:
    first = scope.zone.first_lang
    return tuple(
        _Old(fact, old, said(old, first), tokens(old), _subject(fact, first))
        for fact in scope.facts.values()
        for old in fact.was
    )


def _run(keys: Sequence[Key], wanted: Sequence[Key]) -> int:
    """Where the wanted keys stand one after the other, -1 when they do not."""
    last = len(keys) - len(wanted)
    return next((at for at in range(last + 1) if tuple(keys[at : at + len(wanted)]) == tuple(wanted)), -1)


def _about(terms: frozenset[str], here: frozenset[str], share: float) -> float:
    """Which share of the terms stands there, 0 when it is less than asked."""
    part = len(terms & here) / len(terms) if terms else 0
    return part if part >= share else 0


def _typed(held: Sequence[_Held], sentence: _Sentence, about: frozenset[str]) -> list[tuple[_Held, Said, Said]]:
    """The values of the register that a sentence has by hand: of two alike the one whose label it shares most with."""
    keys = [one.key for one in sentence.said]
    if not keys:
        return []
    there = frozenset(keys)
    here = about | _terms(sentence.text, sentence.lang)
    found: dict[int, tuple[float, _Held, Said, Said]] = {}
    for one in held:
        # Few of the values that there are have anything in common with a sentence.
        if there.isdisjoint(one.firsts):
            continue
        near = _about(one.terms, here, 0)
        if not one.distinctive and (near < 0.5 or len(one.terms & here) < 2):
            continue
        for wanted in one.keys:
            at = _run(keys, wanted)
            if at >= 0 and (at not in found or near > found[at][0]):
                found[at] = (near, one, sentence.said[at], sentence.said[at + len(wanted) - 1])
    return [rest for _, *rest in found.values()]  # type: ignore[misc]


def _by_hand(file: str, sentence: _Sentence, typed: Sequence[tuple[_Held, Said, Said]]) -> Iterator[Problem]:
    for one, _, _ in typed:
        name = one.fact.name
        message = f"A value is typed by hand; the register holds it as {name} ({one.fact.label})."
        fields = {"fact": name, "label": one.fact.label}
        yield Problem("fact.by-hand", "warning", file, sentence.line, message, f"Write {{fact:{name}}}.", fields)


def _contradicted(
    file: str, sentence: _Sentence, held: Sequence[_Held], about: frozenset[str], elsewhere: frozenset[str]
) -> Iterator[Problem]:
    """The value that a sentence says otherwise: its label says what the sentence is about, or another text of the
    same answer shows it (`elsewhere`) and this one does not."""
    shapes = [one.shape for one in sentence.said]
    if not shapes:
        return
    said_here = _terms(sentence.text, sentence.lang)
    here, near = about | said_here, []
    for one in held:
        if not one.shapes or one.shapes[0] not in shapes or one.fact.name in sentence.facts:
            continue
        if _run(shapes, one.shapes) < 0:
            continue
        named = said_here & one.subject
        like = _about(one.terms, here, 0.5) if named and len(one.terms & here) > 1 else 0
        if like or (one.fact.name in elsewhere and one.distinctive and one.fact.kind == "amount"):
            near.append((like, one))
    if near:
        one = max(near, key=lambda pair: pair[0])[1]
        name, at = one.fact.name, _run(shapes, one.shapes)
        typed = sentence.text.strip()
        message = f"Another value than {name} ({one.fact.label}) stands here: {typed[:80]!r}."
        fields = {"fact": name, "label": one.fact.label, "text": typed[:80], "place": str(at)}
        hint = f"Write {{fact:{name}}}, or say more clearly what else it is."
        yield Problem("fact.contradicted", "warning", file, sentence.line, message, hint, fields)


def _old(olds: Sequence[_Old], sentence: _Sentence, about: frozenset[str], used: frozenset[str]) -> Iterator[_Old]:
    """The values that a sentence says as they were."""
    if sentence.told:
        return
    for old in olds:
        if not _says(sentence, old):
            continue
        # One that means nothing by itself, as "6 maanden", counts only where it is near.
        alone = not old.said or all(one.distinctive for one in old.said) or old.fact.name in used
        if alone or (about | _terms(sentence.text, sentence.lang)) & old.subject:
            yield old


def _says(sentence: _Sentence, old: _Old) -> bool:
    """Whether a sentence has an old value."""
    if not old.said:
        words = _words(sentence.text)
        return old.words[0] in words and _run([(word,) for word in words], [(word,) for word in old.words]) >= 0
    if all(one.key[0] == "link" for one in old.said):
        return any(_under(one.key, old.said[0].key) for one in sentence.said)
    return _run([one.key for one in sentence.said], [one.key for one in old.said]) >= 0


def _under(key: Key, old: Key) -> bool:
    """Whether an address is the old one or a page of it."""
    return key[0] == "link" and (key[1] == old[1] or key[1].startswith((old[1] + "/", old[1] + "?")))


def _old_problem(file: str, line: int, old: _Old) -> Problem:
    name, label = old.fact.name, old.fact.label
    message = f"{old.text!r} is what {name} ({label}) was before."
    fields = {"fact": name, "label": label, "old": old.text}
    return Problem("fact.old-value", "error", file, line, message, f"Write {{fact:{name}}}.", fields)
