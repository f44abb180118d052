"""What was handed out: counted, taken back, told when it was corrected; never the text."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from web_app import engine_of, sign_in

from kbengine.article import Kind, Ref
from kbengine.cli import main
from kbengine.errors import NotFound
from kbengine.history import Move
from kbengine.journal import Copy
from web import create_app

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
PHONE = Ref(Kind.FACT, "zone_phone")


def log(house, slug="fiets-gestolen", **more):
    """Keep a copy of this moment; returns its id."""
    copy = Copy(house.engine.now(), slug, "nl", 1, "facebook", {"zone_phone": 1})
    return house.engine.room.store.usage.log_copy(replace(copy, **more))


def correct(house):
    """A second validated revision of the bike's article."""
    house.publish("fiets-gestolen", default="Kom langs met een bewijs, of bel {fact:zone_phone}.")


def change_value(house, number="03 000 00 02"):
    """A second validated revision of the telephone number."""
    store, people = house.engine.room.store, house.people
    with store.journal.write() as writer:
        before = writer.history(PHONE).latest
        text = before.text.replace("03 000 00 01", number)
        writer.save(PHONE, text, before.theme, people["editor"].id, before.terms, before.number)
    house.vouch(PHONE)


def shell(house, line):
    """What a command prints, and its last line as JSON."""
    found = CliRunner(env={"KB_HOME": str(house.engine.settings.home)}).invoke(main, line.split())
    assert found.exit_code == 0, found.output
    return found.output


def test_copy_when_kept_comes_back_whole_with_an_id(hamlet):
    """Everything that is said of a copy is kept, and no field could hold a text."""
    more = {"kinds": ("link", "number"), "percent": 12, "part": 2, "parts": 3, "second": True}
    kept = log(hamlet, **more)
    [copy] = hamlet.engine.room.store.usage.copies("fiets-gestolen")

    assert (copy.id, {name: getattr(copy, name) for name in more}) == (kept, more)
    assert {"text", "message", "person"} & {field.name for field in fields(Copy)} == set()


def test_copy_when_not_used_is_taken_back_once_and_within_a_day(hamlet):
    """It no longer counts; a second time, or after a day, there is nothing to take back."""
    young, old = log(hamlet), log(hamlet)
    hamlet.engine.copies.take_back(young)
    with pytest.raises(NotFound, match="no copy"):
        hamlet.engine.copies.take_back(young)
    hamlet.wait(hours=25)
    with pytest.raises(NotFound, match="no copy"):
        hamlet.engine.copies.take_back(old)

    assert [line.times for line in hamlet.engine.copies.used("fiets-gestolen")] == [1]


def test_used_when_counted_tells_revisions_channels_and_values_apart(hamlet):
    """A reply in parts counts once; what differed and who agreed is counted with it."""
    log(hamlet)
    log(hamlet, kinds=("number",), percent=3, second=True)
    for part in (1, 2, 3):
        log(hamlet, channel="x", part=part, parts=3)
    log(hamlet, facts={"zone_phone": 2})
    lines = hamlet.engine.copies.used("fiets-gestolen")

    assert [(line.channel, line.values, line.times, line.edited, line.second) for line in lines] == [
        ("facebook", {"zone_phone": 1}, 2, 1, 1),
        ("facebook", {"zone_phone": 2}, 1, 0, 0),
        ("x", {"zone_phone": 1}, 1, 0, 0),
    ]


def test_used_when_asked_by_day_goes_by_the_days_of_the_zone(hamlet):
    """Both days count whole; an article that never was is no empty list."""
    log(hamlet)
    today = hamlet.engine.now().astimezone(hamlet.engine.tz).date()
    copies, day = hamlet.engine.copies, timedelta(days=1)

    assert [len(copies.used("", *days)) for days in ((today, today), (today + day, None), (None, today - day))] == [
        1,
        0,
        0,
    ]
    with pytest.raises(NotFound, match="zeppelin"):
        copies.used("zeppelin")


def test_before_when_the_article_was_corrected_says_how_often_the_old_text_went_out(hamlet):
    """Only what went out before the newer revision counts, in that language."""
    first, _ = log(hamlet), hamlet.wait(hours=1)
    log(hamlet)
    log(hamlet, lang="fr")
    correct(hamlet)
    log(hamlet, number=2)
    [old] = hamlet.engine.copies.before(BIKE, 2)

    assert first
    assert (old.number, old.values, old.times) == (1, (), 2)
    assert old.last - old.first >= timedelta(hours=1)
    assert hamlet.engine.copies.before(BIKE, 1) == ()


def test_before_when_a_value_changed_names_it_at_every_article_with_it(hamlet):
    """A corrected number makes the texts old in which it stood, though their article did not change."""
    log(hamlet)
    log(hamlet, "nachtlawaai", facts={})
    change_value(hamlet)
    copies = hamlet.engine.copies

    assert [(old.values, old.times) for old in copies.before(BIKE, 1)] == [(("zone_phone",), 1)]
    assert copies.before(Ref(Kind.ARTICLE, "nachtlawaai", "nl"), 1) == ()
    assert [(old.number, old.times) for old in copies.before(PHONE, 2)] == [(1, 1)]


def test_purge_when_copies_are_past_their_term_deletes_them(hamlet):
    """Kept as long as the settings say, and no longer."""
    log(hamlet)
    hamlet.wait(days=20)
    log(hamlet)
    store = hamlet.engine.room.store
    store.purge(timedelta(days=19))
    kept = len(store.usage.copies())
    store.purge(timedelta(0))

    assert (kept, store.usage.copies()) == (1, ())


def test_page_and_queue_when_a_text_was_corrected_say_how_often_the_old_one_went_out(hamlet):
    """The article's page after the correction, and the queue before it, name revision, count and moments."""
    log(hamlet)
    hamlet.wait(hours=2)
    log(hamlet)
    hamlet.move("editor", Move.SUBMIT, hamlet.save("fiets-gestolen", default="Kom langs."))
    app = create_app(hamlet.engine.settings)
    visitor = sign_in(app, "validator")
    page, queue = visitor.page("/fiche/fiets-gestolen/nl"), visitor.page("/ter-validatie")
    hamlet.move("validator", Move.VALIDATE, BIKE)
    corrected = visitor.page("/fiche/fiets-gestolen/nl")
    engine_of(app).close()

    said = "Versie 1 is 2 keer meegegeven, tussen "
    assert [said in text for text in (page, queue, corrected)] == [False, True, True]


def test_kb_copied_when_asked_prints_a_table_and_one_json_object(hamlet):
    """How often, which revision, which values, which channels."""
    log(hamlet)
    log(hamlet, channel="email", kinds=("link",))
    output = shell(hamlet, "copied --article fiets-gestolen --from 2020-01-01 --json")
    told = json.loads(output.splitlines()[-1])

    assert "zone_phone 1" in output
    assert "Handed out 2 times." in output
    assert (told["times"], [line["channel"] for line in told["lines"]]) == (2, ["email", "facebook"])
    assert shell(hamlet, "copied --to 2020-01-01") == "Handed out 0 times.\n"


def test_before_when_nothing_went_out_is_nothing(hamlet):
    """No line without a copy, and none for what is handed out to nobody."""
    correct(hamlet)

    assert hamlet.engine.copies.before(BIKE, 2) == ()
    assert hamlet.engine.copies.before(Ref(Kind.ZONE, "zone"), 9) == ()
