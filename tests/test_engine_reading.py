"""The door for whoever looks something up: search, lists, an article with its history; and what the public sees."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from kbengine.article import Kind, Ref, VariantName
from kbengine.errors import NotFound, TooLarge
from kbengine.folder import export_folder
from kbengine.history import Move, State

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
ZEPPELIN = Ref(Kind.ARTICLE, "zeppelin-weg", "nl")
TITLE = "Zeppelin ontsnapt uit de kazematten"
CANARY = "kanariepietsoftwarewoord"
PAST = ("expired", "held", "archived")
NEVER = ("draft", "in review", "scheduled", "internal", "private")


def hide(hamlet, how):
    """Bring a text into a state in which nobody outside may see it."""
    day = hamlet.engine.now().astimezone(hamlet.engine.tz).date()
    typed = {"title": TITLE, "default": f"{CANARY} vliegt."}
    match how:
        case "draft" | "in review":
            hamlet.save("zeppelin-weg", **typed)
            if how == "in review":
                hamlet.move("editor", Move.SUBMIT, ZEPPELIN)
        case "scheduled":
            hamlet.publish("zeppelin-weg", **typed, valid_from=str(day + timedelta(days=30)))
        case "internal" | "private":
            hamlet.publish("zeppelin-weg", **typed, audience=how)
        case "variants":
            hamlet.publish("zeppelin-weg", title=TITLE, default="Vliegt.", private=CANARY, internal=CANARY)
        case _:
            hamlet.publish("zeppelin-weg", build=True, **typed, valid_until=str(day + timedelta(days=1)))
            if how != "expired":
                hamlet.move("validator", Move.HOLD if how == "held" else Move.ARCHIVE, ZEPPELIN)
            hamlet.wait(days=3)


def found(hamlet, text):
    return [f"{hit.slug}.{hit.lang}" for hit in hamlet.engine.reading.search(text).hits]


# --- search ---


def test_search_when_words_are_known_finds_the_answer(hamlet):
    """A live answer is found by its words, and says which ones."""
    hit = hamlet.engine.reading.search("mijn fiets").hits[0]

    assert (hit.slug, hit.lang) == ("fiets-gestolen", "nl")
    assert "fiets" in hit.terms


def test_search_when_limited_keeps_to_theme_and_language(hamlet):
    """A theme or language that is asked for is the only one that is found."""
    reading = hamlet.engine.reading

    assert [hit.slug for hit in reading.search("bel", theme="overlast").hits] == ["nachtlawaai"]
    assert reading.search("fiets", lang="fr").hits == ()


@pytest.mark.parametrize("text", ["", "   ", "?", "*", "status:draft", "\x00", "zzzzqqqq"])
def test_search_when_there_is_nothing_to_find_finds_nothing(hamlet, text):
    """A search is words, never syntax."""
    assert hamlet.engine.reading.search(text).hits == ()


def test_search_when_too_long_is_refused(hamlet):
    """A whole page is not a search."""
    with pytest.raises(TooLarge, match="at most 4000 characters"):
        hamlet.engine.reading.search("a" * 4_001)


@pytest.mark.parametrize("how", ["draft", "in review", "scheduled", *PAST])
def test_search_when_a_text_is_not_live_does_not_find_it(hamlet, how):
    """Not by its title and not by its words."""
    hide(hamlet, how)
    hamlet.engine.build()

    assert found(hamlet, f"zeppelin {CANARY}") == []


@pytest.mark.parametrize("move", [Move.HOLD, Move.ARCHIVE])
def test_search_when_the_index_is_old_leaves_out_what_was_taken_out(hamlet, move):
    """A hold counts at once, for hits and for their number."""
    hamlet.publish("zeppelin-weg", title=TITLE, default=CANARY, build=True)
    before = hamlet.engine.reading.search(CANARY)
    hamlet.move("validator", move, ZEPPELIN)
    after = hamlet.engine.reading.search(CANARY)

    assert (len(before.hits), before.total) == (1, 1)
    assert (after.hits, after.total) == ((), 0)


def test_search_when_the_index_is_old_shows_no_replaced_text(hamlet):
    """A snippet of a text that is no longer the live one is not shown."""
    hamlet.publish("zeppelin-weg", title=TITLE, default=f"Eerst {CANARY}.", build=True)
    hamlet.publish("zeppelin-weg", default="Nu iets anders.")

    assert CANARY not in repr(hamlet.engine.reading.search("zeppelin"))
    hamlet.engine.build()
    assert found(hamlet, "zeppelin") == ["zeppelin-weg.nl"]


def test_search_when_the_index_is_lost_finds_nothing(hamlet):
    """Without an index there is no answer, and no failure."""
    (hamlet.engine.settings.editions / "current.json").unlink()

    assert hamlet.engine.reading.search("fiets").hits == ()


# --- lists and pages ---


def test_overview_when_read_lists_every_article_with_its_state(hamlet):
    """By theme and title, drafts too; a newer draft stands beside the live text."""
    hamlet.save("fiets-gestolen", default="Nieuw.")
    hamlet.save("zeppelin-weg", title=TITLE, default="Weg.")
    lines = [(line.ref.slug, line.state, line.number, line.pending) for line in hamlet.engine.reading.overview()]

    assert lines == [
        ("fiets-gestolen", State.VALIDATED, 1, State.DRAFT),
        ("zeppelin-weg", State.DRAFT, 1, None),
        ("nachtlawaai", State.VALIDATED, 1, None),
        ("verkeersboete-betalen", State.VALIDATED, 1, None),
    ]


def test_article_when_a_draft_is_newer_shows_the_live_text(hamlet):
    """The page of an article holds what is live; the draft is one line in its history."""
    hamlet.save("fiets-gestolen", default=CANARY)
    page = hamlet.engine.reading.article("fiets-gestolen", "nl", hamlet.people["agent"])

    assert (page.live_number, page.state, page.latest.number) == (1, State.VALIDATED, 2)
    assert CANARY not in repr(page.variants)
    assert "03 000 00 01" in page.variants[0].plain


@pytest.mark.parametrize("how", ["draft", "scheduled", *PAST])
def test_article_when_not_live_shows_no_text(hamlet, how):
    """State and history, without a word that could be taken for the answer."""
    hide(hamlet, how)
    page = hamlet.engine.reading.article("zeppelin-weg", "nl")

    assert (page.live_number, page.variants, page.questions) == (0, (), {})
    assert page.title == TITLE


def test_article_when_its_first_language_is_held_is_on_hold_too(hamlet):
    """A translation does not look valid under a text that was taken out."""
    hamlet.publish("fiets-gestolen", "fr", title="Vélo", default="Portez plainte.")
    hamlet.move("editor", Move.HOLD, BIKE)
    page = hamlet.engine.reading.article("fiets-gestolen", "fr")

    assert (page.state, page.variants) == (State.ON_HOLD, ())
    assert page.languages == (("nl", State.ON_HOLD), ("fr", State.ON_HOLD))


def test_article_when_looked_at_offers_the_moves_of_that_person(hamlet):
    """What somebody may do depends on who it is; a stranger may do nothing."""
    moves = {
        login: hamlet.engine.reading.article("fiets-gestolen", "nl", hamlet.people.get(login)).moves
        for login in ("agent", "editor", "validator", "")
    }

    assert moves == {
        "agent": (Move.FLAG,),
        "editor": (Move.ARCHIVE, Move.HOLD, Move.FLAG),
        "validator": (Move.RENEW, Move.ARCHIVE, Move.HOLD, Move.FLAG),
        "": (),
    }


def test_history_when_read_tells_who_did_what_and_when_it_was_live(hamlet):
    """Newest first, with names, reasons and the time that each text was live."""
    hamlet.publish("fiets-gestolen", default="Tweede.")
    hamlet.move("agent", Move.FLAG, BIKE, "het uur klopt niet")
    page = hamlet.engine.reading.article("fiets-gestolen", "nl")
    second, first = page.revisions

    assert (page.events[0].what, page.events[0].person, page.events[0].reason) == (
        Move.FLAG,
        "Abe",
        "het uur klopt niet",
    )
    assert (second.author, second.live_to, first.live_to) == ("Eva", None, second.live_from)
    assert [flag.reason for flag in page.flags] == ["het uur klopt niet"]


def test_text_when_an_old_revision_is_asked_is_shown_as_it_was(hamlet):
    """History is there for who looks at it: every revision, variant by variant."""
    hamlet.publish("fiets-gestolen", default="Tweede.", short="Kort.")

    assert [view.name for view in hamlet.engine.reading.text(BIKE, 2)] == [VariantName.DEFAULT, VariantName.SHORT]
    assert hamlet.engine.reading.text(BIKE, 1)[0].plain == "Kom langs of bel 03 000 00 01."


def test_difference_when_two_revisions_are_compared_is_word_by_word(hamlet):
    """What came and what went, joined they give both texts."""
    hamlet.save("fiets-gestolen", default="Kom langs of mail ons.")
    passages = hamlet.engine.comparing.compare(BIKE, 1, 2).difference
    new = "".join(passage.text for passage in passages if passage.op != "removed")

    assert new == "Kom langs of mail ons."
    assert {passage.op for passage in passages} == {"same", "added", "removed"}


@pytest.mark.parametrize(
    "look",
    [
        lambda reading: reading.article("geen", "nl"),
        lambda reading: reading.article("fiets-gestolen", "de"),
        lambda reading: reading.text(BIKE, 9),
    ],
)
def test_reading_when_there_is_nothing_by_that_name_says_so(hamlet, look):
    """What does not exist is not found; nothing is made up."""
    with pytest.raises(NotFound, match=r"There is no|has no revision"):
        look(hamlet.engine.reading)


# --- what leaves the house ---


@pytest.mark.parametrize("how", ["draft", "in review", "scheduled", *PAST])
def test_export_when_a_text_is_not_live_leaves_it_out(hamlet, tmp_path, how):
    """The folder of live texts holds no draft and nothing that was taken out."""
    hide(hamlet, how)
    export_folder(tmp_path / "out", hamlet.engine.reading.live_texts(), "0" * 64)
    texts = [path.read_text(encoding="utf-8") for path in (tmp_path / "out").rglob("*") if path.is_file()]

    assert len(texts) > 5
    assert CANARY not in "".join(texts)


@pytest.mark.parametrize("how", [*NEVER, "variants"])
def test_corpus_when_a_text_was_never_public_holds_no_byte_of_it(hamlet, how):
    """Drafts, texts to come, private and internal ones: not in any table, index or free page."""
    hide(hamlet, how)
    hamlet.save("fiets-gestolen", default=f"Concept {CANARY}.")
    hamlet.engine.build()

    assert CANARY.encode() not in hamlet.engine.settings.corpus.read_bytes()


@pytest.mark.parametrize("how", PAST)
def test_corpus_when_a_text_is_over_shows_it_as_history_only(hamlet, how):
    """What was public once is in the history, marked; nobody finds it among the answers."""
    hide(hamlet, how)
    hamlet.engine.build()
    answers = [row["fiche"] for row in rows(hamlet, "antwoorden")]
    past = [row for row in rows(hamlet, "geschiedenis") if row["fiche"] == "zeppelin-weg"]

    assert "zeppelin-weg" not in answers
    assert [(row["geldig_nu"], row["opmerking"]) for row in past] == [("nee", "niet meer geldig")]


def rows(hamlet, view):
    with closing(sqlite3.connect(hamlet.engine.settings.corpus)) as base:
        base.row_factory = sqlite3.Row
        return [dict(row) for row in base.execute(f"select * from {view}")]  # noqa: S608 - a name from this file


def test_corpus_when_built_holds_no_question_person_or_reason(hamlet):
    """How people ask it, who decided and why stay in the house."""
    hamlet.move("agent", Move.FLAG, BIKE, f"reden {CANARY}")
    hamlet.ask("fiets-gestolen", f"vraag {CANARY}")
    content = hamlet.engine.settings.corpus.read_bytes()

    assert [word for word in (CANARY, "Vera", "Eva", "{fact:", "## ") if word.encode() in content] == []
    assert b"03 000 00 01" in content
