"""The door for who writes and who vouches: nothing typed is lost, and nobody vouches for their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kbengine.article import Kind, Ref, read_article
from kbengine.errors import Conflict, InvalidDocument, NotAllowed, NotFound, WorkflowError, WrongState
from kbengine.folder import article_terms
from kbengine.history import Move, State

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
ASKED = Ref(Kind.QUESTIONS, "fiets-gestolen")
EVERYTHING = """\
---
title: "Alles: erop en eraan"
audience: public
owner: onthaal
sources: [https://www.politie.be/1, https://www.politie.be/2]
review_months: 7
valid_from: 2026-01-01 18:00
valid_until: 2099-12-31
channels: [facebook, email]
urgency: today
locked: [bel 101, "kom, of niet"]
certainty: verified
canonical_url: https://www.politie.be/alles
tags: [fiets, "a, b"]
partner: stad
tone: sensitive
purpose: ask-back
aim: aftermath
---
Altijd: bel 101.

1. kom, of niet
2. {fact:zone_phone}

## Kort
Kort.

## Privé
Onder ons, {citizen:first_name|}.

## Intern
Voor ons.
"""


@pytest.fixture
def editing(hamlet):
    return hamlet.engine.editing


def text_of(hamlet, ref, number=0):
    history = hamlet.engine.room.store.journal.history(ref)
    return history.revisions[number - 1].text


def write_down(hamlet, ref, text):
    """A revision as an import would make it."""
    terms = article_terms(read_article(text, ref, "diefstal", "", "nl").article)
    with hamlet.engine.room.store.journal.write() as writer:
        base = len(writer.history(ref).revisions)
        writer.save(ref, text, "diefstal", hamlet.people["second"].id, terms, base)


# --- the form ---


def test_form_when_saved_untouched_is_no_new_revision(hamlet, editing):
    """Opening a text and pressing save changes nothing."""
    assert editing.save(hamlet.people["editor"], editing.form("fiets-gestolen", "nl")) == 1


def test_form_when_opened_and_saved_keeps_every_key(hamlet, editing):
    """The form shows some keys; those it does not show stay byte for byte what they were."""
    ref = Ref(Kind.ARTICLE, "alles", "nl")
    write_down(hamlet, ref, EVERYTHING)
    editing.save(hamlet.people["editor"], editing.form("alles", "nl"))
    editing.save(hamlet.people["editor"], replace(editing.form("alles", "nl"), title="Anders"))
    before, after = text_of(hamlet, ref, 1), text_of(hamlet, ref)

    assert sorted(after.splitlines()) == sorted(before.replace('"Alles: erop en eraan"', "Anders").splitlines())


@pytest.mark.parametrize(
    ("box", "typed", "kept"),
    [
        ("title", "Wat: nu? # 1", "Wat: nu? # 1"),
        ("title", '"tussen" \\ aanhaling', '"tussen" \\ aanhaling'),
        ("default", "een\r\ntwee  \r\n\r\ndrie", "een\ntwee\n\ndrie"),
        ("default", "1. een\n2. twee\n\n- los", "1. een\n2. twee\n\n- los"),
        ("short", "  kort  ", "  kort"),
        ("sources", "https://a.be/1\n https://a.be/2", "https://a.be/1\nhttps://a.be/2"),
        ("valid_until", "2099-12-31 18:00", "2099-12-31 18:00"),
        ("default", "e\u0301\u00e9n", "één"),
    ],
)
def test_box_when_typed_in_comes_back(hamlet, editing, box, typed, kept):
    """What was typed is what the form shows the next time, but for line ends and spaces nobody sees."""
    hamlet.save("fiets-gestolen", **{box: typed})

    assert getattr(editing.form("fiets-gestolen", "nl"), box) == kept


def test_form_when_the_language_is_new_begins_empty(hamlet, editing):
    """A translation starts without text, under its article's name and theme."""
    form = editing.form("fiets-gestolen", "fr")

    assert (form.slug, form.lang, form.theme, form.base) == ("fiets-gestolen", "fr", "diefstal", 0)
    assert (form.title, form.default, form.short) == ("", "", "")


def test_translation_when_saved_holds_title_and_text_only(hamlet):
    """The header stays with the first language."""
    ref = hamlet.save("fiets-gestolen", "fr", title="Vélo volé", default="Portez plainte.")

    assert text_of(hamlet, ref) == "---\ntitle: Vélo volé\n---\nPortez plainte.\n"


def test_theme_when_only_that_changed_is_saved(hamlet, editing):
    """Moving an article to another theme is a change, which somebody must vouch for."""
    ref = hamlet.save("fiets-gestolen", theme="verkeer")

    assert editing.form("fiets-gestolen", "nl").theme == "verkeer"
    assert [(line.number, line.state) for line in editing.lines(ref)] == [(2, State.DRAFT), (1, State.VALIDATED)]


@pytest.mark.parametrize("slug", ["geen", "../../etc/passwd", ""])
def test_form_when_there_is_no_article_is_refused(editing, slug):
    """A name that nobody gave is not found, and is not made by looking."""
    with pytest.raises(NotFound, match="There is no article"):
        editing.form(slug, "nl")


# --- saving ---


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"slug": "Fiets Weg"}, "slug.bad"),
        ({"slug": "../x"}, "slug.bad"),
        ({"theme": "../../etc"}, "name.bad"),
        ({"theme": ""}, "name.bad"),
        ({"title": ""}, "header.missing-key"),
        ({"sources": ""}, "header.missing-key"),
        ({"default": ""}, "body.empty"),
        ({"review_months": "veel"}, "header.value"),
        ({"valid_until": "2026-02-30"}, "header.value"),
        ({"valid_from": "2026-03-01", "valid_until": "2026-02-01"}, "header.period"),
        ({"default": "## Titel\ntekst"}, "body.heading"),
        ({"default": "## Kort\ntekst", "short": "nog een"}, "body.variant-twice"),
        ({"title": "half \ud800"}, "file.encoding"),
        ({"default": "x" * 20_001}, "file.too-large"),
    ],
)
def test_text_when_it_cannot_be_read_is_not_kept(hamlet, editing, typed, code):
    """A form that would be no article is refused with its problems; nothing is written."""
    head = hamlet.engine.room.store.journal.head()
    with pytest.raises(InvalidDocument, match="cannot be") as refused:
        editing.save(hamlet.people["editor"], replace(hamlet.form("nieuw", default="Tekst."), **typed))

    assert code in {refused.value.code, *(problem.code for problem in refused.value.problems)}
    assert hamlet.engine.room.store.journal.head() == head


def test_language_when_unknown_is_refused(hamlet, editing):
    """Only the four languages can be written in."""
    with pytest.raises(NotFound, match="no language 'xx'"):
        editing.save(hamlet.people["editor"], hamlet.form("fiets-gestolen", "xx", title="T", default="x"))


def test_save_when_somebody_was_first_is_a_conflict(hamlet, editing):
    """The second of two who opened the same text is told, and nothing of the first is overwritten."""
    mine, yours = (editing.form("fiets-gestolen", "nl") for _ in range(2))
    editing.save(hamlet.people["editor"], replace(mine, default="Van mij."))
    with pytest.raises(Conflict, match="revision 2 is newer than 1"):
        editing.save(hamlet.people["second"], replace(yours, default="Van jou."))

    assert editing.form("fiets-gestolen", "nl").default == "Van mij."


def test_save_when_two_make_the_same_new_article_is_a_conflict(hamlet, editing):
    """Two people who think of the same name do not write over each other."""
    form = hamlet.form("nieuw", default="Een.")
    editing.save(hamlet.people["editor"], form)
    with pytest.raises(Conflict, match="revision 1 is newer than 0"):
        editing.save(hamlet.people["second"], replace(form, default="Twee."))


@pytest.mark.parametrize("login", ["agent", "administrator"])
def test_save_when_not_an_editor_is_refused(hamlet, editing, login):
    """Who answers messages or runs the house does not write answers."""
    with pytest.raises(NotAllowed, match="may not save"):
        editing.save(hamlet.people[login], hamlet.form("nieuw", default="Een."))


def test_draft_when_saved_leaves_the_live_text_live(hamlet):
    """The last validated text stays live meanwhile."""
    hamlet.save("fiets-gestolen", default="Een concept.")

    assert hamlet.reply("fiets-gestolen", "email").number == 1


# --- questions ---


def test_questions_when_saved_come_back_as_typed(hamlet, editing):
    """A list of questions is kept as it was typed."""
    text, base = editing.questions_text("fiets-gestolen")
    editing.save_questions(hamlet.people["second"], "fiets-gestolen", text + "# zomer\n", base)

    assert editing.questions_text("fiets-gestolen") == (text + "# zomer\n", 2)


@pytest.mark.parametrize("slug", ["geen-fiche", "../../x", ""])
def test_questions_when_there_is_no_article_are_refused(hamlet, editing, slug):
    """Questions belong to an article: no file can be made beside it, or outside the folder of an export."""
    with pytest.raises(NotFound, match="There is no article"):
        editing.save_questions(hamlet.people["editor"], slug, 'nl = ["wat"]\n', 0)


@pytest.mark.parametrize("text", ["nl = [", "nl = 7", 'es = ["que"]', f'nl = ["{"a" * 601}"]'])
def test_questions_when_they_cannot_be_read_are_refused(hamlet, editing, text):
    """A list that is none is refused with its problems."""
    with pytest.raises(InvalidDocument, match="cannot be kept") as refused:
        editing.save_questions(hamlet.people["editor"], "fiets-gestolen", text, 1)

    assert refused.value.problems


def test_questions_when_written_are_accepted_by_a_second_editor(hamlet, editing):
    """How people ask it needs no service to vouch for it, only a second pair of eyes."""
    editing.save_questions(hamlet.people["editor"], "fiets-gestolen", 'nl = ["waar is mijn velo"]\n', 1)
    hamlet.move("editor", Move.SUBMIT, ASKED)
    with pytest.raises(NotAllowed, match="You had a hand in this text"):
        hamlet.move("editor", Move.VALIDATE, ASKED)
    hamlet.move("second", Move.VALIDATE, ASKED)

    assert editing.lines(ASKED)[0].state is State.VALIDATED


# --- moves ---


def test_submit_when_the_text_has_errors_is_refused_with_all_of_them(hamlet, editing):
    """Everything the checks find stands in the refusal, and the text stays a draft."""
    ref = hamlet.save("nieuw", owner="niemand", default="Zie {fact:geen} en <b>dit</b>.")
    with pytest.raises(InvalidDocument, match="3 problems stand in the way") as refused:
        hamlet.move("editor", Move.SUBMIT, ref)

    codes = {problem.code for problem in refused.value.problems}
    assert codes == {"owner.unknown", "reply.fact-unknown", "markup.html"}
    assert editing.lines(ref)[0].state is State.DRAFT


def test_submit_when_there_are_warnings_only_passes(hamlet, editing):
    """A warning is for the editor to weigh."""
    ref = hamlet.save("nieuw", audience="private", default="Lang.", short="Kort.")
    hamlet.move("editor", Move.SUBMIT, ref)

    assert editing.lines(ref)[0].state is State.IN_REVIEW


def test_validate_when_it_is_your_own_text_is_refused(hamlet):
    """Nobody vouches for a text they had a hand in, also with the right role."""
    ref = hamlet.save("nieuw", login="validator", default="Van mij.")
    hamlet.move("validator", Move.SUBMIT, ref)
    with pytest.raises(NotAllowed, match="somebody else must vouch"):
        hamlet.move("validator", Move.VALIDATE, ref)


def test_validate_when_the_text_changed_meanwhile_is_refused(hamlet, editing):
    """The digest that was read must be the digest that is validated."""
    ref = hamlet.save("nieuw", default="Een.")
    hamlet.move("editor", Move.SUBMIT, ref)
    with pytest.raises(Conflict, match="is not the text you saw"):
        editing.move(hamlet.people["validator"], ref, 1, "0" * 64, Move.VALIDATE)


@pytest.mark.parametrize("move", [Move.RETURN, Move.HOLD, Move.ARCHIVE, Move.FLAG])
def test_move_when_it_needs_a_reason_is_refused_without(hamlet, move):
    """Who takes something out or sends it back says why."""
    with pytest.raises(WorkflowError, match="say why"):
        hamlet.move("validator", move, BIKE, reason="  ")


@pytest.mark.parametrize(
    ("login", "move", "error"),
    [
        ("agent", Move.VALIDATE, NotAllowed),
        ("editor", Move.RENEW, NotAllowed),
        ("administrator", Move.ARCHIVE, NotAllowed),
        ("validator", Move.VALIDATE, WrongState),
        ("editor", Move.SUBMIT, WrongState),
        ("validator", Move.SAVE, WrongState),
    ],
)
def test_move_when_not_possible_leaves_no_line(hamlet, login, move, error):
    """Not for you and not from here are two refusals; neither writes anything."""
    head = hamlet.engine.room.store.journal.head()
    with pytest.raises(error, match=r"may not|cannot"):
        hamlet.move(login, move, BIKE)

    assert hamlet.engine.room.store.journal.head() == head


def test_move_when_the_text_is_unknown_is_refused(hamlet, editing):
    """A move on a text that nobody wrote is not found."""
    with pytest.raises(NotFound, match="has no revision 1"):
        editing.move(hamlet.people["validator"], Ref(Kind.ARTICLE, "geen", "nl"), 1, "0" * 64, Move.HOLD, "weg")


# --- the queue ---


def test_queue_when_a_change_waits_shows_the_difference(hamlet, editing):
    """A validator sees what changed against the live text, without the keys that stayed."""
    ref = hamlet.save("fiets-gestolen", default="Kom zeker langs of bel {fact:zone_phone}.")
    hamlet.move("editor", Move.SUBMIT, ref)
    item = editing.queue(hamlet.people["validator"])[0]

    assert (item.ref, item.number, item.live_number, item.state) == (ref, 2, 1, State.IN_REVIEW)
    assert [p.text for p in item.difference if p.op == "added"] == ["zeker "]
    assert item.header_changes == ()
    assert item.moves == (Move.RETURN, Move.VALIDATE, Move.ARCHIVE)


def test_queue_when_a_header_changed_shows_that_line(hamlet, editing):
    """A changed key is part of what a validator vouches for."""
    ref = hamlet.save("fiets-gestolen", audience="private")
    hamlet.move("editor", Move.SUBMIT, ref)
    item = editing.queue(hamlet.people["validator"])[0]

    assert ("audience", "public", "private") in item.header_changes


def test_queue_when_looked_at_by_the_author_offers_no_validation(hamlet, editing):
    """What somebody may do is computed for that person."""
    ref = hamlet.save("nieuw", login="validator", default="Van mij.")
    hamlet.move("validator", Move.SUBMIT, ref)
    item = next(item for item in editing.queue(hamlet.people["validator"]) if item.ref == ref)

    assert Move.VALIDATE not in item.moves


def test_queue_when_several_wait_stands_in_order(hamlet, editing):
    """First what is to be validated, then what was taken out, then what somebody flagged."""
    hamlet.move("agent", Move.FLAG, Ref(Kind.ARTICLE, "nachtlawaai", "nl"), "het uur klopt niet")
    hamlet.move("editor", Move.HOLD, Ref(Kind.ARTICLE, "verkeersboete-betalen", "nl"), "fout bedrag")
    hamlet.move("editor", Move.SUBMIT, hamlet.save("nieuw", default="Nieuw."))
    found = editing.queue(hamlet.people["validator"])

    assert [item.ref.slug for item in found] == ["nieuw", "verkeersboete-betalen", "nachtlawaai"]
    assert (found[1].reason, found[2].flags[0].reason) == ("fout bedrag", "het uur klopt niet")


def test_queue_when_nothing_waits_is_empty(hamlet, editing):
    """What is live and nobody complained about is not in the way."""
    assert editing.queue(hamlet.people["validator"]) == ()


# --- preview ---


def test_preview_when_the_text_is_sound_shows_each_channel(hamlet, editing):
    """Every channel of the zone, as it would be copied."""
    preview = editing.preview(hamlet.form("nieuw", default="**Kom** {blank:waar}.", private="Onder ons."))
    said = {channel: reply.text for channel, reply in preview.replies}

    assert preview.problems == ()
    assert list(said) == ["facebook", "x", "whatsapp", "email"]
    assert (said["facebook"], said["email"]) == ("[VOORBEELD] Kom [waar].", "[VOORBEELD] Onder ons.")


def test_preview_when_the_text_is_bad_shows_the_problems(hamlet, editing):
    """A form that is no article yet has its problems and no replies."""
    preview = editing.preview(hamlet.form("nieuw", default="", title=""))

    assert {problem.code for problem in preview.problems} == {"body.empty", "header.missing-key"}
    assert preview.replies == ()


def test_preview_when_looked_at_writes_nothing(hamlet, editing):
    """Looking is not saving."""
    head = hamlet.engine.room.store.journal.head()
    editing.preview(hamlet.form("nieuw", default="Tekst."))

    assert hamlet.engine.room.store.journal.head() == head


def test_preview_names_the_box_and_the_line_in_it(engine):
    """A problem in the short text says so, with the line as the editor sees it."""
    form = replace(engine.editing.form("fiets-gestolen", "nl"), short="Bel ons.\nKijk op {fact:bestaat_niet}.")
    problem = engine.editing.preview(form).problems[0]
    assert (problem.code, problem.fields["box"], problem.line) == ("reply.fact-unknown", "short", 2)
