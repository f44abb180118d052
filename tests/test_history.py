"""What changed, how much, and what that asks of translations: two people, a real store, the same in every door."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from conftest import House, article

from kbengine.article import Kind, Ref
from kbengine.cli import main
from kbengine.errors import InvalidDocument, NotAllowed, NotFound, WrongState
from kbengine.history import Move, Role, State, Weight
from kbengine.journal import backup, open_store, restore

BIKE, BIKE_FR = article("fiets-gestolen"), article("fiets-gestolen", "fr")
FRENCH = {"title": "Vélo volé", "default": "Venez ou appelez {fact:zone_phone}."}


def change(house: House, weight: Weight | None, *, validated: bool = True, **typed: str) -> None:
    """The editor changes the Dutch text and says how much; the validator vouches for it."""
    house.save("fiets-gestolen", **typed)
    newest = house.engine.editing.lines(BIKE)[0]
    about = (BIKE, newest.number, newest.digest)
    house.engine.editing.move(house.people["editor"], *about, Move.SUBMIT, weight=weight)
    if validated:
        house.engine.editing.move(house.people["validator"], *about, Move.VALIDATE)


def translated(house: House) -> None:
    """A French text, written and vouched for; its answers may be given in French too."""
    house.publish("fiets-gestolen", "fr", **FRENCH)


def renew(house: House, ref: Ref) -> None:
    """The validator read the translation again: it still holds."""
    live = house.engine.reading.article(ref.slug, ref.lang).live_number
    line = next(line for line in house.engine.editing.lines(ref) if line.number == live)
    house.engine.editing.move(house.people["validator"], ref, line.number, line.digest, Move.RENEW)


def kb(house: House, *arguments: str) -> str:
    """A command on this house, as somebody types it."""
    done = CliRunner().invoke(main, ["--home", str(house.engine.settings.home), *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def token(house: House, login: str) -> str:
    """A token of this person's own."""
    return house.engine.people.new_token(house.people[login])


# The weight of a change


def test_weight_when_a_first_text_is_sent_is_not_asked(hamlet):
    """There is nothing it changes; nor does a translation, or a question file, say how much it does."""
    hamlet.save("nieuw-onderwerp", default="Een nieuw antwoord.")
    assert hamlet.engine.editing.expected_weight(article("nieuw-onderwerp")) is None
    translated(hamlet)
    assert hamlet.engine.editing.expected_weight(BIKE_FR) is None
    assert hamlet.engine.editing.expected_weight(Ref(Kind.QUESTIONS, "fiets-gestolen")) is None
    assert {line.weight for line in hamlet.engine.editing.lines(BIKE_FR)} == {None}


def test_weight_when_nobody_says_is_medium_and_what_was_said_of_a_returned_text_stays(hamlet):
    """A text that comes back changes the live one as much as it did before, until its editor says otherwise."""
    change(hamlet, None, validated=False, default="Kom langs met je papieren.")
    assert hamlet.engine.editing.lines(BIKE)[0].weight is Weight.MEDIUM
    hamlet.move("validator", Move.RETURN, BIKE)
    hamlet.move("editor", Move.SUBMIT, BIKE)
    change_again = hamlet.engine.editing.lines(BIKE)[0]
    hamlet.engine.editing.move(hamlet.people["validator"], BIKE, 2, change_again.digest, Move.RETURN, "Nee.")
    hamlet.engine.editing.move(hamlet.people["editor"], BIKE, 2, change_again.digest, Move.SUBMIT, weight=Weight.MAJOR)
    hamlet.engine.editing.move(hamlet.people["validator"], BIKE, 2, change_again.digest, Move.RETURN, "Nee.")
    assert hamlet.engine.editing.expected_weight(BIKE) is Weight.MAJOR
    change(hamlet, None, default="Kom langs met je papieren en je sleutels.")
    assert hamlet.engine.editing.lines(BIKE)[0].weight is Weight.MAJOR
    assert hamlet.engine.editing.expected_weight(BIKE) is Weight.MEDIUM


@pytest.mark.parametrize("weight", Weight)
def test_weight_when_the_change_is_validated_asks_of_a_translation_what_it_should(hamlet, weight):
    """Small asks nothing, medium is told on the article's page, major makes the translation due, once it is live."""
    translated(hamlet)
    change(hamlet, weight, validated=False, default="Kom langs met je papieren.")
    page = hamlet.engine.reading.article("fiets-gestolen", "fr")
    assert page.behind is None
    assert hamlet.engine.translations.due() == ()

    hamlet.move("validator", Move.VALIDATE, BIKE)
    behind = hamlet.engine.reading.article("fiets-gestolen", "fr").behind
    assert (behind.old, behind.new, behind.weight) == (1, 2, weight)
    assert [line.ref for line in hamlet.engine.translations.due()] == ([BIKE_FR] if weight is Weight.MAJOR else [])
    listed = {line.ref: line.behind for line in hamlet.engine.reading.overview()}
    assert (listed[BIKE_FR], listed[BIKE]) == (behind, None)
    assert hamlet.engine.reading.article("fiets-gestolen", "nl").overtaken == (("fr", behind),)
    assert hamlet.engine.room.store.verify() == hamlet.engine.room.store.journal.head()


def test_due_when_several_changes_came_is_told_by_the_heaviest_and_since_when(hamlet):
    """Two small ones after a major one do not make it small; the comparison spans them all."""
    translated(hamlet)
    change(hamlet, Weight.SMALL, default="Kom langs, of bel {fact:zone_phone}.")
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    since = hamlet.engine.now()
    hamlet.wait(days=3)
    change(hamlet, Weight.SMALL, default="Doe aangifte op het internet.")
    behind = hamlet.engine.reading.article("fiets-gestolen", "fr").behind
    assert (behind.old, behind.new, behind.due) == (1, 4, True)
    assert abs(behind.since - since) < timedelta(minutes=1)
    change_of_it = hamlet.engine.comparing.overtaken(BIKE_FR)
    assert (change_of_it.ref, change_of_it.old.number, change_of_it.new.number) == (BIKE, 1, 4)


@pytest.mark.parametrize("how", ["renewed", "validated"])
def test_due_when_the_translation_is_looked_at_again_is_over(hamlet, how):
    """Saying that it still holds is enough; so is a new text. An older vouching is not."""
    translated(hamlet)
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    assert [line.mine for line in hamlet.engine.translations.due(hamlet.people["validator"])] == [True]
    assert [line.mine for line in hamlet.engine.translations.due(hamlet.people["editor"])] == [False]
    if how == "renewed":
        renew(hamlet, BIKE_FR)
    else:
        hamlet.save("fiets-gestolen", "fr", default="Portez plainte en ligne.")
        hamlet.move("editor", Move.SUBMIT, BIKE_FR)
        assert hamlet.engine.translations.due()[0].pending is State.IN_REVIEW
        hamlet.move("validator", Move.VALIDATE, BIKE_FR)
    assert hamlet.engine.translations.due() == ()
    assert hamlet.engine.comparing.overtaken(BIKE_FR) is None


def test_due_when_the_same_text_is_validated_again_or_the_translation_is_out_of_use_is_not(hamlet):
    """A hold that is lifted changes no word; an archived translation is nobody's work."""
    translated(hamlet)
    hamlet.move("editor", Move.HOLD, BIKE)
    hamlet.move("validator", Move.VALIDATE, BIKE)
    assert hamlet.engine.reading.article("fiets-gestolen", "fr").behind is None
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    hamlet.move("editor", Move.ARCHIVE, BIKE_FR)
    assert hamlet.engine.translations.due() == ()


def test_due_when_it_waits_is_laid_before_who_may_sign_and_mailed_to_them(hamlet):
    """The review, and the day's mail, name it and why; who wrote it is not asked."""
    translated(hamlet)
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    review = hamlet.engine.reviewing.review(hamlet.people["validator"], f"{BIKE_FR}@1")
    assert (review.waiting.ref, review.waiting.behind.new) == (BIKE_FR, 2)
    assert review.leading.ref == BIKE
    hamlet.engine.room.store.reminders.set_address(hamlet.people["validator"], "vera@voorbeeld.example")
    (digest,) = hamlet.engine.reminding.digests()
    assert "Vélo volé: vertaling, de eerste taal zegt nu iets anders" in digest.text


def decided(house: House, table: str) -> None:
    """The zone's policy with one more table, vouched for."""
    zone = Ref(Kind.ZONE, "zone")
    with house.engine.room.store.journal.write() as writer:
        latest = writer.history(zone).latest
        text = latest.text.replace("[owners]", f"{table}\n\n[owners]")
        writer.save(zone, text, "", house.people["editor"].id, latest.terms, latest.number)
    house.vouch(zone)


def test_desk_when_a_due_translation_is_offered_tells_the_agent(hamlet):
    """The answer is still offered, or stands there to read by: it is the agent who must know."""
    translated(hamlet)
    hamlet.ask("fiets-gestolen", "mijn fiets is gestolen", "fiets gepikt aan het station", "velo weg")
    french = {"answer_lang": "fr", "counted": False}
    assert hamlet.engine.desk.advise("mijn fiets is gestolen", "facebook", **french).suggestions[0].behind is None
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    offered = hamlet.engine.desk.advise("mijn fiets is gestolen", "facebook", **french).suggestions[0]
    assert (offered.lang, offered.behind, offered.aid_behind.due) == ("nl", None, True)
    decided(hamlet, '[reply]\nlanguages = ["nl", "fr"]')
    offered = hamlet.engine.desk.advise("mijn fiets is gestolen", "facebook", **french).suggestions[0]
    assert (offered.lang, offered.behind.due) == ("fr", True)
    dutch = hamlet.engine.desk.advise("mijn fiets is gestolen", "facebook", counted=False).suggestions[0]
    assert (dutch.lang, dutch.behind) == ("nl", None)


def test_policy_when_it_holds_takes_a_due_translation_out_until_somebody_looked(hamlet):
    """With `major = "hold"` only the first language goes out; saying that the translation holds brings it back."""
    decided(hamlet, '[translations]\nmajor = "hold"')
    translated(hamlet)
    change(hamlet, Weight.MEDIUM, default="Kom langs met je papieren.")
    assert hamlet.engine.reading.article("fiets-gestolen", "fr").live_number == 1
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    page = hamlet.engine.reading.article("fiets-gestolen", "fr")
    assert (page.live_number, page.state) == (0, State.ON_HOLD)
    assert not hamlet.engine.translations.due()[0].live
    catalog, now = hamlet.engine.room.read()
    assert catalog.in_language("fiets-gestolen", "fr", now).article.lang == "nl"

    hamlet.engine.editing.move(
        hamlet.people["validator"], BIKE_FR, 1, hamlet.engine.editing.lines(BIKE_FR)[0].digest, Move.RENEW
    )
    assert hamlet.engine.reading.article("fiets-gestolen", "fr").live_number == 1


def test_weight_when_its_period_begins_later_counts_from_then(hamlet):
    """The agent is told once the new text goes out, not before; who translates is told at once."""
    translated(hamlet)
    begins = (hamlet.engine.now() + timedelta(days=10)).date().isoformat()
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.", valid_from=begins)
    behind = hamlet.engine.translations.due()[0].behind
    assert behind.since > hamlet.engine.now()
    hamlet.wait(days=11)
    assert behind.since < hamlet.engine.now()


def test_store_when_backed_up_and_restored_keeps_weights_and_notes(hamlet, tmp_path):
    """What was said of a change is in the chain: it comes back with it, and verifies; an export holds none of it."""
    translated(hamlet)
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    hamlet.engine.notes.add(hamlet.people["editor"], BIKE, 2, "Vraag na of de link blijft.")
    backup(hamlet.engine.room.store, tmp_path / "kb.tar")
    restore(tmp_path / "kb.tar", tmp_path / "again" / "store")
    store = open_store(tmp_path / "again" / "store")
    kept = [d.weight for d in store.journal.history(BIKE).decisions if d.move is Move.SUBMIT]
    assert kept == [None, Weight.MAJOR]
    assert [note.text for note in store.notes.of(hamlet.engine.now())] == ["Vraag na of de link blijft."]
    store.verify()
    store.close()
    kb(hamlet, "export", str(tmp_path / "out"))
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file() and b"Vraag na" in path.read_bytes()]
    corpus = hamlet.engine.settings.corpus
    hamlet.engine.build()
    assert corpus.is_file() and b"Vraag na" not in corpus.read_bytes()


# Comparing


def test_pairs_when_somebody_signed_and_something_is_proposed_offer_both(hamlet):
    """The last two, since the own signature, and what is proposed against what is live: none with itself."""
    validator = hamlet.people["validator"]
    assert hamlet.engine.comparing.pairs(BIKE, validator) == ()
    change(hamlet, Weight.SMALL, default="Kom langs met je papieren.")
    hamlet.save("fiets-gestolen", default="Kom langs met papieren.")
    hamlet.save("fiets-gestolen", default="Kom langs met alle papieren.")
    pairs = {pair.why: (pair.old, pair.new) for pair in hamlet.engine.comparing.pairs(BIKE, validator)}
    assert pairs == {"proposed": (2, 4), "signed": (2, 4), "last": (3, 4)}
    assert [pair.why for pair in hamlet.engine.comparing.pairs(BIKE, hamlet.people["second"])] == ["proposed", "last"]


def test_compare_when_header_and_theme_and_values_differ_names_each(hamlet):
    """Keys by name, words by passages, and the value that a text showed then beside that of today."""
    phone = Ref(Kind.FACT, "zone_phone")
    hamlet.save("fiets-gestolen", owner="onthaal", urgency="today", theme="fietsen")
    hamlet.wait(days=1)
    with hamlet.engine.room.store.journal.write() as writer:
        latest = writer.history(phone).latest
        text = latest.text.replace("03 000 00 01", "03 000 00 99")
        writer.save(phone, text, "", hamlet.people["editor"].id, latest.terms, latest.number)
    hamlet.vouch(phone)
    found = hamlet.engine.comparing.compare(BIKE, 1, 2)
    assert found.header_changes == (("urgency", "", "today"), ("theme", "diefstal", "fietsen"))
    assert {passage.op for passage in found.difference} == {"same"}
    assert not found.same
    (value,) = found.values
    assert (value.label, value.old, value.today) == ("Ons nummer", "03 000 00 01", "03 000 00 99")
    assert hamlet.engine.comparing.then(BIKE, 1) == (replace(value, new=value.old),)


@pytest.mark.parametrize(("ref", "old", "new"), [(BIKE, 1, 9), (article("geen"), 1, 1), (BIKE_FR, 1, 1)])
def test_compare_when_there_is_nothing_by_that_name_says_so(hamlet, ref, old, new):
    """What does not exist is not found."""
    with pytest.raises(NotFound, match=r"There is no|has no revision"):
        hamlet.engine.comparing.compare(ref, old, new)


def test_beside_when_two_languages_stand_side_by_side_shows_each_as_it_reads(hamlet):
    """The live texts, or the revisions that are asked for; what the first language changed goes along."""
    translated(hamlet)
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    found = hamlet.engine.comparing.beside("fiets-gestolen", "nl", "fr")
    assert (found.left.line.number, found.right.line.number, found.left.live) == (2, 1, True)
    assert found.right.variants[0].plain == "Venez ou appelez 03 000 00 01."
    assert (found.behind.due, found.change.old.number) == (True, 1)
    assert hamlet.engine.comparing.beside("fiets-gestolen", "nl", "fr", (1, 0)).left.line.number == 1
    with pytest.raises(NotFound):
        hamlet.engine.comparing.beside("fiets-gestolen", "nl", "de")


# Notes


def test_note_when_kept_names_who_and_when_until_it_is_dealt_with(hamlet):
    """An editor notes, a validator deals with it; both names stand there, and who comes second changes nothing."""
    notes = hamlet.engine.notes
    note = notes.add(hamlet.people["editor"], BIKE, 1, "  Kijk de link na.  ")
    assert (note.person, note.text, note.handled) == ("Eva", "Kijk de link na.", None)
    done = notes.handle(hamlet.people["validator"], note.id)
    again = notes.handle(hamlet.people["editor"], note.id)
    assert (done.handler, again.handler, again.handled) == ("Vera", "Vera", done.handled)
    assert notes.of([BIKE]) == (done,)
    assert notes.of([BIKE_FR]) == ()


def test_note_when_its_article_gets_another_name_goes_along(hamlet):
    """It stays with its text, whichever name somebody asks by; so does what was said of a change."""
    change(hamlet, Weight.MAJOR, default="Doe aangifte op het net.")
    note = hamlet.engine.notes.add(hamlet.people["editor"], BIKE, 2, "Kijk de link na.")
    hamlet.engine.renaming.rename(hamlet.people["editor"], "fiets-gestolen", "fiets-weg")
    new = article("fiets-weg")
    (found,) = hamlet.engine.notes.of([new])
    assert (found.id, found.ref) == (note.id, new)
    assert hamlet.engine.notes.of([BIKE]) == (found,)
    later = hamlet.engine.notes.add(hamlet.people["editor"], new, 2, "En de titel.")
    assert [one.id for one in hamlet.engine.notes.of([new])] == [note.id, later.id]
    assert hamlet.engine.editing.lines(new)[0].weight is Weight.MAJOR
    assert hamlet.engine.comparing.compare(new, 1, 2).old.number == 1


def test_note_when_its_author_is_erased_keeps_no_name(hamlet):
    """The name goes with the account; the note stays with its text."""
    hamlet.engine.notes.add(hamlet.people["second"], BIKE, 1, "Kijk de link na.")
    hamlet.engine.people.erase("second", hamlet.people["administrator"].id)
    (note,) = hamlet.engine.notes.of([BIKE])
    assert (note.person, note.text) == ("", "Kijk de link na.")


@pytest.mark.parametrize(("days", "handled"), [(366, False), (91, True)])
def test_note_when_its_term_is_over_is_gone(hamlet, days, handled):
    """A year, or ninety days after it was dealt with; then the store forgets it too."""
    note = hamlet.engine.notes.add(hamlet.people["editor"], BIKE, 1, "Kijk de link na.")
    if handled:
        hamlet.engine.notes.handle(hamlet.people["editor"], note.id)
    hamlet.wait(days=days - 2)
    assert len(hamlet.engine.notes.of([BIKE])) == 1
    hamlet.wait(days=2)
    assert hamlet.engine.notes.of([BIKE]) == ()
    with pytest.raises(NotFound, match="no longer kept"):
        hamlet.engine.notes.handle(hamlet.people["editor"], note.id)
    hamlet.engine.room.store.purge()


def test_note_when_it_holds_personal_data_is_kept_only_as_it_was_confirmed(hamlet):
    """A number of somebody is warned about, the zone's own is not; another text than was confirmed is asked anew."""
    notes, editor = hamlet.engine.notes, hamlet.people["editor"]
    assert notes.add(editor, BIKE, 1, "Bel 03 000 00 01 eens.").id
    text = "Bel mevrouw terug op 0478 12 34 56."
    with pytest.raises(InvalidDocument, match="personal data") as refused:
        notes.add(editor, BIKE, 1, text)
    assert "0478 12 34 56" in refused.value.fields["found"]
    with pytest.raises(InvalidDocument, match="personal data"):
        notes.add(editor, BIKE, 1, text, "Bel mevrouw.")
    assert notes.add(editor, BIKE, 1, text, text).text == text


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1_001])
def test_note_when_it_says_nothing_or_too_much_is_refused(hamlet, text):
    """A note is one thought."""
    with pytest.raises(InvalidDocument, match=r"empty|at most"):
        hamlet.engine.notes.add(hamlet.people["editor"], BIKE, 1, text)


def test_note_when_an_agent_or_nothing_is_there_is_refused(hamlet):
    """Agents say that a text is wrong; a revision that does not exist carries nothing."""
    with pytest.raises(NotAllowed):
        hamlet.engine.notes.add(hamlet.people["agent"], BIKE, 1, "Kijk de link na.")
    with pytest.raises(NotFound):
        hamlet.engine.notes.add(hamlet.people["editor"], BIKE, 7, "Kijk de link na.")
    note = hamlet.engine.notes.add(hamlet.people["editor"], BIKE, 1, "Kijk de link na.")
    with pytest.raises(NotAllowed):
        hamlet.engine.notes.handle(hamlet.people["agent"], note.id)


# The commands


def test_commands_when_two_people_walk_through_a_change_say_each_step(hamlet):
    """Editor and validator with their own tokens: change, compare, note, due, still holds."""
    hamlet.engine.people.set_roles("second", frozenset({Role.VALIDATOR}), hamlet.people["administrator"].id)
    translated(hamlet)
    hamlet.save("fiets-gestolen", default="Doe aangifte op het net.")
    editor, validator = ("--token", token(hamlet, "editor")), ("--token", token(hamlet, "validator"))
    assert "a major change" in kb(hamlet, "submit", "fiets-gestolen", "--change", "major", *editor)
    shown = kb(hamlet, "diff", "fiets-gestolen", "--proposed")
    assert "[-" in shown and "{+" in shown and "revision 1 -> 2" in shown
    kb(hamlet, "validate", "fiets-gestolen", *validator)
    assert "major" in kb(hamlet, "history", "fiets-gestolen")
    due = json.loads(kb(hamlet, "due", "--json").splitlines()[-1])
    assert [line["text"] for line in due["translations"]] == [str(BIKE_FR)]
    assert "revision 1 -> 2" in kb(hamlet, "diff", "fiets-gestolen.fr", "--leading")
    assert "Note 1" in kb(hamlet, "notes", "add", "fiets-gestolen.fr", "De titel ook?", *editor)
    assert "De titel ook?" in kb(hamlet, "notes", "show", "fiets-gestolen.fr")
    kb(hamlet, "notes", "done", "1", *validator)
    assert "0 notes" in kb(hamlet, "notes", "show")
    kb(hamlet, "renew", "fiets-gestolen.fr", *validator)
    assert "translations" not in kb(hamlet, "due")
    hamlet.save("fiets-gestolen", "fr", default="Portez plainte en ligne.")
    assert "change" not in kb(hamlet, "submit", "fiets-gestolen.fr", *editor)
    assert "all in order" in kb(hamlet, "journal", "verify")


def test_weight_when_two_send_the_same_text_is_the_first_ones(hamlet):
    """The second is told that it was sent; nothing is said twice."""
    change(hamlet, Weight.MAJOR, validated=False, default="Doe aangifte op het net.")
    with pytest.raises(WrongState):
        hamlet.engine.editing.move(
            hamlet.people["second"],
            BIKE,
            2,
            hamlet.engine.editing.lines(BIKE)[0].digest,
            Move.SUBMIT,
            weight=Weight.SMALL,
        )
    assert hamlet.engine.editing.lines(BIKE)[0].weight is Weight.MAJOR
