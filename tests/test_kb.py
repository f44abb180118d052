"""The example knowledge base: what it holds, and that nobody can mistake it for a real zone's."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from kbengine.article import Audience, VariantName, read_referrals
from kbengine.channels import CHANNELS
from kbengine.folder import DANGER_FILE, FIRST, KINDS_FILE, REFERRALS_FILE, read_decisions, read_folder
from kbengine.history import Move
from kbengine.language import tokens
from kbengine.reply import compose

ROOT = Path(__file__).parent.parent
KB = ROOT / "kb"
FOLDER = read_folder(KB)
ARTICLES = {(article.slug, article.lang): article for _, article in FOLDER.articles}
LEADING = {slug: article for (slug, lang), article in ARTICLES.items() if lang == "nl"}
QUESTIONS = {questions.slug: questions for _, questions in FOLDER.questions}
ASKED = [(q.slug, text) for q in QUESTIONS.values() for texts in q.asked.values() for text in texts]
BLOCKS = {slug for slug, article in LEADING.items() if article.header.block}
TOPICS = sorted(LEADING.keys() - BLOCKS)
PUBLIC = sorted(slug for slug in TOPICS if LEADING[slug].header.audience is Audience.PUBLIC)
THEMES = {"aangifte", "diefstal", "gemeente", "gevaar", "hulp", "intern", "nood", "online", "overlast", "politie"}
THEMES |= {"preventie", "verkeer", "bouwstenen"}
# How many ways of asking a public topic has in each language; an internal one has Dutch only.
ASKED_AT_LEAST = {"nl": 12, "fr": 5, "en": 5, "de": 3}
X = CHANNELS["x"]
# Reserved for examples: the top-level domain (RFC 2606), and subscriber numbers that begin with 0.
NOBODY = re.compile(r"\.example\b|\b0\d? 000 00 \d\d\b")
MESSAGES = Path(os.environ.get("KB_EVAL_MESSAGES", ROOT.parent / "shared" / "eval" / "dev_messages.jsonl"))


SLUGS = frozenset((Path(__file__).parent / "vectors" / "starter-topics.txt").read_text(encoding="utf-8").split())


def test_starter_set_when_counted_holds_the_128_topics_and_no_other():
    """116 topics for citizens and 12 for agents, over every theme; building blocks stand beside them."""
    internal = {slug for slug in TOPICS if LEADING[slug].header.audience is Audience.INTERNAL}

    assert len(SLUGS) == 128
    assert set(TOPICS) == SLUGS
    assert internal == {slug for slug in SLUGS if slug.startswith("intern-")}
    assert len(internal) == 12
    assert {article.theme for article in LEADING.values()} == THEMES


def test_starter_set_when_told_is_told_as_it_is():
    """The paper names every translated topic with its languages, and the twenty that come first, in their order."""
    paper = (ROOT / "docs" / "starter.md").read_text(encoding="utf-8")
    rows = [row.split(" | ") for row in re.findall(r"^\| (.*) \|$", paper, re.MULTILINE)]
    names = {"Frans": "fr", "Engels": "en", "Duits": "de"}
    told = {
        (slug, names[lang])
        for cells in rows
        if cells[0].split(", ")[0] in names
        for lang in cells[0].split(", ")
        for slug in re.findall(r"`([^`]+)`", cells[1])
    }
    counts = {lang: len([slug for slug, told_lang in told if told_lang == lang]) for lang in names.values()}

    assert told == {(slug, lang) for slug, lang in ARTICLES if lang != "nl" and slug in SLUGS}
    assert counts == {"fr": 40, "en": 40, "de": 15}
    assert tuple(cells[0].strip("`") for cells in rows if cells[0].strip("`") in FIRST) == FIRST


def _on_x(article):
    """The reply on X with the zone's values; blanks are left open."""
    facts = {fact.name: fact.value(article.lang, "nl") for fact in FOLDER.facts}
    return compose(article, LEADING[article.slug].header, X, facts, {}, {})


@pytest.mark.parametrize("slug", PUBLIC)
def test_public_article_when_long_has_a_short_variant_in_each_language(slug):
    """An answer over 280 weighted characters, filled in, has a text for channels with little room, and that fits."""
    found = [article for (name, _), article in ARTICLES.items() if name == slug]
    bare = [(one, replace(one, variants=(one.variant(VariantName.DEFAULT),))) for one in found]
    without = [one.lang for one, default in bare if not _on_x(default).fits and one.variant(VariantName.SHORT) is None]

    assert without == []
    assert [one.lang for one in found if not _on_x(one).fits] == []


@pytest.mark.parametrize("slug", TOPICS)
def test_article_when_asked_for_has_questions_in_every_language(slug):
    """Each topic comes with many ways in which people ask it, in the four languages when it is for citizens."""
    needed = ASKED_AT_LEAST if slug in PUBLIC else {"nl": 12}
    asked = {lang: len(set(QUESTIONS[slug].asked.get(lang, ()))) for lang in needed}

    assert {lang: count for lang, count in asked.items() if count < needed[lang]} == {}


def test_building_block_when_asked_for_has_no_questions():
    """A building block is offered by the kind of a message, never by what it is about."""
    assert set(QUESTIONS) == set(TOPICS)


@pytest.mark.parametrize("slug", sorted(LEADING))
def test_locked_passage_when_named_stands_in_every_language(slug):
    """What must survive word for word does; its numbers and addresses in the translations too."""
    absent = [
        (lang, passage)
        for (name, lang), article in ARTICLES.items()
        for passage in LEADING[slug].header.locked
        if name == slug
        and (lang == "nl" or "{" in passage)
        and passage not in "\n".join(variant.text for variant in article.variants)
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


def test_example_decision_when_counted_is_about_every_text():
    """The demo shows all there is: every text was submitted, and all but what is only remembered was validated."""
    decided = defaultdict(set)
    for decision in read_decisions(KB):
        decided[decision.ref].add(decision.move)
    recalled = {slug for slug, article in LEADING.items() if article.header.certainty == "recalled"}
    lacking = [
        str(item.ref)
        for item in FOLDER.items
        if Move.SUBMIT not in decided[str(item.ref)]
        or (item.ref.slug not in recalled and Move.VALIDATE not in decided[str(item.ref)])
    ]

    assert lacking == []


def test_example_answer_when_the_demo_is_fresh_has_not_ended():
    """Who begins with the demo finds every answer in it, for two weeks at least: a month has 28 days or more."""
    ends = {
        decision.ref: 28 * LEADING[slug].header.review_months - decision.days_ago
        for decision in read_decisions(KB)
        for slug in [decision.ref.removeprefix("article/").rpartition(".")[0]]
        if decision.move is Move.VALIDATE and slug in LEADING
    }

    assert len(ends) >= len(TOPICS)
    assert {ref: days for ref, days in ends.items() if days < 14} == {}


def test_recalled_article_when_nobody_read_a_source_is_not_validated():
    """What is only remembered waits for a person, also in the example."""
    recalled = {slug for slug, article in LEADING.items() if article.header.certainty == "recalled"}
    validated = {decision.ref for decision in read_decisions(KB) if decision.move is Move.VALIDATE}

    assert {slug for slug in recalled if f"article/{slug}.nl" in validated} == set()


def test_question_when_written_stands_once():
    """No question stands twice, in one file or in two, and no article refuses its own."""
    places = defaultdict(list)
    for slug, text in ASKED:
        places[tokens(text)].append(slug)
    refused = [
        (q.slug, text) for q in QUESTIONS.values() for text in q.not_asked if q.slug in places.get(tokens(text), ())
    ]

    assert [(" ".join(words), slugs) for words, slugs in places.items() if len(slugs) > 1] == []
    assert refused == []


@cache
def messages():
    if not MESSAGES.is_file():
        pytest.skip("no labelled messages here: set KB_EVAL_MESSAGES to their file")
    return [json.loads(line)["text"] for line in MESSAGES.read_text(encoding="utf-8").splitlines() if line.strip()]


def test_question_when_compared_is_none_of_the_messages_it_is_measured_on():
    """What the suggestions learn from is not, and not nearly, what they are scored on."""
    measured = [(text, frozenset(tokens(text))) for text in messages()]
    near = [
        (question, message)
        for question in [*(text for _, text in ASKED), *_other_sentences()]
        for words in [frozenset(tokens(question))]
        for message, others in measured
        if _alike(words, others) > 0.8
    ]

    assert near == []


def _other_sentences():
    """What stands in the folder beside the questions and reads like a message: refused, an example, another's."""
    examples = [(KB / name).read_text(encoding="utf-8") for name in (DANGER_FILE, KINDS_FILE)]
    written = [example["text"] for text in examples for example in tomllib.loads(text)["example"]]
    referrals = read_referrals((KB / REFERRALS_FILE).read_text(encoding="utf-8"), REFERRALS_FILE)[0]
    written += [text for referral in referrals for texts in referral.asked.values() for text in texts]
    return [*(text for questions in QUESTIONS.values() for text in questions.not_asked), *written]


def _alike(one, other):
    """The share of the words of both that both have."""
    return len(one & other) / max(len(one | other), 1)
