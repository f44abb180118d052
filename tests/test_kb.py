"""The example knowledge base: what it holds, and that nobody can mistake it for a real zone's."""

from __future__ import annotations

import json
import os
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from kbengine.article import Audience, VariantName
from kbengine.folder import read_decisions, read_folder
from kbengine.history import Move
from kbengine.language import tokens

ROOT = Path(__file__).parent.parent
KB = ROOT / "kb"
FOLDER = read_folder(KB)
ARTICLES = {(article.slug, article.lang): article for _, article in FOLDER.articles}
LEADING = {slug: article for (slug, lang), article in ARTICLES.items() if lang == "nl"}
QUESTIONS = {questions.slug: questions for _, questions in FOLDER.questions}
ASKED = [(q.slug, text) for q in QUESTIONS.values() for texts in q.asked.values() for text in texts]
THEMES = {"aangifte", "diefstal", "gemeente", "gevaar", "intern", "nood", "online", "overlast", "politie", "verkeer"}
PUBLIC = sorted(slug for slug, article in LEADING.items() if article.header.audience is Audience.PUBLIC)
# Reserved for examples: the top-level domain (RFC 2606), and subscriber numbers that begin with 0.
NOBODY = re.compile(r"\.example\b|\b0\d? 000 00 \d\d\b")
MESSAGES = Path(os.environ.get("KB_EVAL_MESSAGES", ROOT.parent / "shared" / "eval" / "dev_messages.jsonl"))


def test_example_when_counted_covers_every_theme():
    """Sixteen articles over ten themes, of which three or more in a second language."""
    translated = {slug for slug, lang in ARTICLES if lang != "nl"}

    assert len(LEADING) == 16
    assert {article.theme for article in LEADING.values()} == THEMES
    assert len(translated) >= 3


@pytest.mark.parametrize("slug", PUBLIC)
def test_public_article_when_read_has_a_short_variant_in_each_language(slug):
    """Every public answer has something for the channels with little room."""
    without = [lang for (name, lang), a in ARTICLES.items() if name == slug and a.variant(VariantName.SHORT) is None]

    assert without == []


@pytest.mark.parametrize("slug", sorted(LEADING))
def test_article_when_asked_for_has_ten_dutch_questions(slug):
    """Each article comes with ten ways in which people ask it, and every language it is written in."""
    asked = QUESTIONS[slug].asked
    languages = {lang for name, lang in ARTICLES if name == slug}

    assert len(set(asked["nl"])) >= 10
    assert languages <= set(asked)


@pytest.mark.parametrize("slug", sorted(LEADING))
def test_locked_passage_when_named_stands_in_every_language(slug):
    """What must survive word for word does, in the translations too."""
    absent = [
        (lang, passage)
        for (name, lang), article in ARTICLES.items()
        for passage in LEADING[slug].header.locked
        if name == slug and passage not in "\n".join(variant.text for variant in article.variants)
    ]

    assert absent == []


@pytest.mark.parametrize(("slug", "lang"), sorted(ARTICLES))
def test_article_when_read_types_no_number_or_address_by_hand(slug, lang):
    """Telephone numbers and e-mail addresses come from the register, where they are kept once."""
    text = "\n".join(variant.text for variant in ARTICLES[slug, lang].variants)
    bare = re.sub(r"https?://\S+|\{[^}]*\}", " ", text)

    assert re.findall(r"\S+@\S+|\+\d[\d ./]{7,}|\b0\d{1,3}[ ./]?\d{2,3}(?:[ ./]?\d{2}){2}\b", bare) == []
    assert re.findall(r"\b(?:101|112|1813|1722|078|070)\b", bare) == []


ZONE_FACTS = [fact for fact in FOLDER.facts if fact.name.startswith("zone_")]


@pytest.mark.parametrize("fact", [f for f in ZONE_FACTS if f.kind in ("phone", "url")], ids=lambda fact: fact.name)
def test_zone_value_when_dialled_reaches_nobody(fact):
    """The example zone's numbers and addresses are reserved ones: nobody gets a call because of a demo."""
    assert all(NOBODY.search(value) for value in fact.values.values())


def test_zone_value_when_an_address_is_of_the_example_zone():
    """Whatever looks like an e-mail or web address of the zone ends in .example."""
    values = [value for fact in ZONE_FACTS for value in fact.values.values()]
    addresses = [word for value in values for word in re.findall(r"\S+@\S+|https?://\S+", value)]

    assert [word for word in addresses if ".example" not in word] == []


def test_zone_when_read_is_marked_as_an_example():
    """The zone says of itself that it does not exist."""
    assert FOLDER.zone.example
    assert {person.login for person in FOLDER.zone.example_people} == {"agent", "editor", "validator", "administrator"}


@pytest.mark.parametrize("slug", sorted(LEADING))
def test_source_when_named_can_be_looked_up(slug):
    """Every answer names where it was read."""
    assert all(re.match(r"https?://\w", source) for source in LEADING[slug].header.sources)


def test_example_decision_when_written_is_about_a_text_that_is_there():
    """Each decision names the digest of a text as it now is: run script/example-decisions after a change."""
    digests = {str(item.ref): item.digest for item in FOLDER.items}
    stale = {decision.ref for decision in read_decisions(KB) if digests.get(decision.ref) != decision.digest}

    assert sorted(stale) == []


def test_recalled_article_when_nobody_read_a_source_is_not_validated():
    """What is only remembered waits for a person, also in the example."""
    recalled = {slug for slug, article in LEADING.items() if article.header.certainty == "recalled"}
    validated = {decision.ref for decision in read_decisions(KB) if decision.move is Move.VALIDATE}

    assert {slug for slug in recalled if f"article/{slug}.nl" in validated} == set()


def test_question_when_written_stands_once():
    """No two articles claim the same question, and none refuses its own."""
    places = defaultdict(set)
    for slug, text in ASKED:
        places[tokens(text)].add(slug)
    refused = [
        (q.slug, text) for q in QUESTIONS.values() for text in q.not_asked if q.slug in places.get(tokens(text), ())
    ]

    assert [sorted(slugs) for slugs in places.values() if len(slugs) > 1] == []
    assert refused == []


@cache
def messages():
    if not MESSAGES.is_file():
        pytest.skip("no labelled messages here: set KB_EVAL_MESSAGES to their file")
    return [json.loads(line)["text"] for line in MESSAGES.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_question_when_compared_is_none_of_the_messages_it_is_measured_on():
    """What the suggestions learn from is not, and not nearly, what they are scored on."""
    measured = [(text, frozenset(tokens(text))) for text in messages()]
    refused = [text for questions in QUESTIONS.values() for text in questions.not_asked]
    near = [
        (question, message)
        for question in [*(text for _, text in ASKED), *refused]
        for words in [frozenset(tokens(question))]
        for message, others in measured
        if _alike(words, others) > 0.8
    ]

    assert near == []


def _alike(one, other):
    """The share of the words of both that both have."""
    return len(one & other) / max(len(one | other), 1)
