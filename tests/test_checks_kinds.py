"""The rules about the kinds of message and the building blocks they name."""

from __future__ import annotations

from dataclasses import replace

from cast import article_text

from kbengine.article import Kind, Ref, read_article, read_zone
from kbengine.checks import Scope, Text, check, check_ranking

ZONE = read_zone('name = "Gehucht"\n[owners]\nonthaal = "Onthaal"\n[danger]\n', "zone.toml")[0]
KINDS = """[[kind]]
kind = "thanks"
nl = ["bedankt"]
[act.thanks]
act = "answer"
nl = "Dank."
hand_over_to = "niemand"
blocks = ["dank", "fiets-gestolen"]
[[example]]
text = "bedankt"
expect = "press"
"""


def text(slug: str, **keys: str) -> Text:
    ref = Ref(Kind.ARTICLE, slug, "nl")
    article = read_article(article_text(body="Graag gedaan.", **keys), ref, "thema", f"{slug}.nl.md", "nl").article
    assert article is not None
    return Text(f"{slug}.nl.md", article, article.header)


def scope(*texts: Text) -> Scope:
    assert ZONE is not None
    return Scope(ZONE, texts, {}, kinds=KINDS)


def codes(of: Scope) -> set[tuple[str, str]]:
    return {(problem.code, problem.file) for problem in check(of)}


def test_block_when_it_has_no_questions_is_no_problem() -> None:
    """An article answers questions that somebody wrote; a building block needs none, and takes no part in ranking."""
    both = scope(text("fiets-gestolen"), text("dank", block_for="[thanks]"))
    missing = {file for code, file in codes(both) if code == "questions.missing"}
    assert missing == {"fiets-gestolen.nl.md"}
    assert check_ranking(both) == ()


def test_kinds_when_checked_run_their_examples_and_look_at_their_blocks() -> None:
    """A wrong example and an unknown service are errors; of a block that is none one is warned."""
    found = [p for p in check(scope(text("fiets-gestolen"), text("dank", block_for="[thanks]"))) if "kinds" in p.file]
    assert [(p.code, p.level, p.line) for p in found if p.code != "kinds.no-act"] == [
        ("owner.unknown", "error", 7),
        ("kinds.block", "warning", 8),
        ("kinds.example", "error", 10),
    ]
    assert len([p for p in found if p.code == "kinds.no-act"]) == 9


def test_kinds_when_there_are_none_are_no_problem() -> None:
    """A zone begins without them."""
    assert not [code for code, _ in codes(replace(scope(), kinds="")) if code.startswith("kinds")]


def test_block_for_when_unknown_is_a_problem_of_the_header() -> None:
    """A block is for kinds that exist."""
    ref = Ref(Kind.ARTICLE, "dank", "nl")
    problems = read_article(article_text(block_for="[gossip]"), ref, "thema", "dank.nl.md", "nl").problems
    assert [(p.code, p.fields["key"]) for p in problems] == [("header.value", "block_for")]
