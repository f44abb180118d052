"""The agent's door: vetted answers or the reason why not, danger first, and nothing kept of the citizen."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kbengine.article import Kind, Ref
from kbengine.channels import CHANNELS
from kbengine.errors import Conflict, NotFound, TooLarge, WrongState
from kbengine.history import Move, State
from kbengine.period import NO_TERMS

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
STOLEN = "mijn fiets is gestolen aan het station"
KNIFE = "er staat een man met een mes aan mijn deur"
DROPPED = "mijn zeppelin is uit de kazematten ontsnapt"
CANARY = "kanariepietsoftwarewoord"


def slugs(advice):
    return [suggestion.slug for suggestion in advice.suggestions]


@pytest.fixture
def desk(engine):
    return engine.desk


# --- what is offered ---


def test_message_when_known_offers_the_vetted_text_for_the_channel(desk):
    """The first suggestion is the right one, marked as an example, within the channel's limit, and says why."""
    first = desk.advise(STOLEN, "x").suggestions[0]

    assert (first.slug, first.number, first.not_on_channel) == ("fiets-gestolen", 1, "")
    assert first.reply.text.startswith("[VOORBEELD] ")
    assert first.reply.fits
    assert {word for word, _ in first.words} & {"fiets", "gestolen"}


@pytest.mark.parametrize("message", [STOLEN, KNIFE, DROPPED, "", "*a* OR status:draft", "я не понимаю"])
def test_message_when_asked_again_gives_the_same_advice(desk, message):
    """Same message, same edition, same moment: same suggestions, same order, same reasons."""
    first, second = desk.advise(message, "facebook"), desk.advise(message, "facebook")

    assert first.suggestions == second.suggestions
    assert (first.ranked, first.abstained, first.danger) == (second.ranked, second.abstained, second.danger)


def test_message_when_about_nothing_we_know_is_not_answered(desk):
    """Nothing above the line: no suggestion, and the reason."""
    advice = desk.advise("welke kleur hebben de gordijnen van de paus", "facebook")

    assert (slugs(advice), advice.abstained != "", advice.not_live) == ([], True, ())


def test_message_when_its_answer_is_not_live_names_it_without_its_text(hamlet):
    """An answer that waits for a second person is named: title, state, owner; its text is not there."""
    hamlet.save("zeppelin-weg", title="Zeppelin ontsnapt uit de kazematten", default=f"{CANARY} vliegt.")
    hamlet.engine.build()
    advice = hamlet.engine.desk.advise(DROPPED, "facebook")
    named = advice.not_live[0]

    assert (advice.abstained, slugs(advice)) == ("not-live", [])
    assert (named.slug, named.title, named.state) == (
        "zeppelin-weg",
        "Zeppelin ontsnapt uit de kazematten",
        State.DRAFT,
    )
    assert CANARY not in repr(advice)


def test_message_when_only_an_internal_answer_fits_offers_nothing_to_send(hamlet):
    """An internal answer has its own box; what stands under the line does not slip in behind it."""
    title = "Zeppelin ontsnapt uit de kazematten"
    hamlet.publish("zeppelin-weg", title=title, audience="internal", default="Bel.", build=True)
    advice = hamlet.engine.desk.advise(DROPPED, "facebook")

    assert [suggestion.slug for suggestion in advice.internal] == ["zeppelin-weg"]
    assert [suggestion.reply for suggestion in advice.internal] == [None]
    assert (slugs(advice), advice.abstained) == ([], "internal-only")


def test_message_when_an_edition_was_never_built_says_so(hamlet):
    """Without an index nothing is offered, and the reason is not that there is no answer."""
    for path in hamlet.engine.settings.editions.iterdir():
        path.unlink() if path.is_file() else None

    assert hamlet.engine.desk.advise(STOLEN, "facebook").abstained == "not-built"


@pytest.mark.parametrize("lang", ["nl", "fr", "en", "de"])
def test_answer_when_there_is_none_in_the_language_is_in_the_first(desk, lang):
    """A zone replies in its own language: a translation is for reading, and where there is none nothing is lost."""
    found = desk.advise(STOLEN, "email", answer_lang=lang).suggestions[0]

    assert (found.slug, found.lang, found.reply.ready) == ("fiets-gestolen", "nl", True)
    translated = Path(__file__).parent.parent / "kb" / "articles" / "diefstal" / f"fiets-gestolen.{lang}.md"
    assert bool(found.aid) == (lang != "nl" and translated.exists())


def test_suggestion_when_its_review_comes_near_says_so(house):
    """In its last month an answer is still offered, with a mark."""
    before = house.engine.desk.advise(STOLEN, "facebook").suggestions[0]
    house.wait(seconds=(before.end - house.engine.now()).total_seconds() - 20 * 86_400)

    after = house.engine.desk.advise(STOLEN, "facebook").suggestions[0]
    assert (before.review_due, after.review_due) == (False, True)


# --- what is never offered ---


def hide_draft(hamlet):
    hamlet.save("zeppelin-weg", title="Zeppelin ontsnapt uit de kazematten", default=CANARY)


def hide_in_review(hamlet):
    hide_draft(hamlet)
    hamlet.move("editor", Move.SUBMIT, Ref(Kind.ARTICLE, "zeppelin-weg", "nl"))


def hide_scheduled(hamlet):
    title, day = "Zeppelin ontsnapt uit de kazematten", hamlet.engine.now().date()
    hamlet.publish("zeppelin-weg", title=title, default=CANARY, valid_from=str(day + timedelta(days=60)))


def _live(hamlet, **typed):
    title = "Zeppelin ontsnapt uit de kazematten"
    ref = hamlet.publish("zeppelin-weg", title=title, default=CANARY, build=True, **typed)
    if "audience" not in typed:
        assert CANARY in repr(hamlet.engine.desk.advise(DROPPED, "email").suggestions)
    return ref


def hide_expired(hamlet):
    day = hamlet.engine.now().astimezone(hamlet.engine.tz).date()
    _live(hamlet, valid_until=str(day))
    hamlet.wait(days=2)


def hide_held(hamlet):
    hamlet.move("validator", Move.HOLD, _live(hamlet))


def hide_archived(hamlet):
    hamlet.move("editor", Move.ARCHIVE, _live(hamlet))


def hide_internal(hamlet):
    _live(hamlet, audience="internal")


def hide_replaced(hamlet):
    _live(hamlet)
    hamlet.publish("zeppelin-weg", default="Iets anders.")


HIDDEN = [hide_draft, hide_in_review, hide_scheduled, hide_expired, hide_held, hide_archived, hide_internal]


@pytest.mark.parametrize("hide", [*HIDDEN, hide_replaced], ids=lambda hide: hide.__name__)
@pytest.mark.parametrize("fresh", [True, False], ids=["built", "old index"])
def test_text_when_it_may_not_go_out_goes_nowhere(hamlet, hide, fresh):
    """No suggestion, reply or copy holds it on any channel, whether the index knows already or not."""
    hide(hamlet)
    if fresh:
        hamlet.engine.build()
    out = []
    for channel in CHANNELS:
        advice = hamlet.engine.desk.advise(DROPPED, channel)
        out += [advice.suggestions, [suggestion.reply for suggestion in advice.internal], advice.not_live]
        out.append(_said(hamlet, channel))

    assert CANARY not in repr(out)


def _said(house, channel):
    try:
        page = house.reply("zeppelin-weg", channel)
        return house.hand_out("zeppelin-weg", channel, number=page.number)
    except (NotFound, WrongState) as error:
        return str(error)


@pytest.mark.parametrize("hide", HIDDEN[:6], ids=lambda hide: hide.__name__)
def test_text_when_not_live_cannot_be_copied(hamlet, hide):
    """Asked for by name it is refused, at that very moment."""
    hide(hamlet)
    with pytest.raises(NotFound, match="has no live text"):
        hamlet.hand_out("zeppelin-weg", "email")


@pytest.mark.parametrize("channel", [name for name, channel in CHANNELS.items() if channel.public])
def test_private_text_when_asked_on_a_public_channel_is_refused(hamlet, channel):
    """A text for a direct message never goes under a public post: not the article, and not the variant."""
    hamlet.publish("geheim-een", audience="private", default=CANARY)
    hamlet.publish("geheim-twee", default="Openbaar.", private=CANARY, internal=CANARY)

    with pytest.raises(WrongState, match="is for a private message"):
        hamlet.reply("geheim-een", channel)
    assert CANARY not in hamlet.reply("geheim-twee", channel).reply.text


def test_private_text_when_asked_on_a_direct_channel_goes_out(hamlet):
    """There the private variant is the one that goes; what is for the agent never does."""
    hamlet.publish("geheim-twee", default="Openbaar.", private="Onder ons.", internal=CANARY)

    assert hamlet.reply("geheim-twee", "email").reply.text == "[VOORBEELD] Onder ons."


# --- danger ---


def test_danger_when_smelled_comes_with_words_numbers_and_text(desk):
    """What to do first, with the words that did it and the vetted text."""
    notice = desk.advise(KNIFE, "facebook").danger

    assert {"mes"} <= set(notice.danger.words)
    assert [number for _, number in notice.numbers] == ["101", "112"]
    assert "101" in notice.text


def test_danger_when_somebody_wants_to_die_names_the_line_first(desk):
    """The suicide line stands before the others."""
    assert desk.advise("ik wil dood", "messenger").danger.numbers[0][1] == "1813"


def test_danger_when_every_article_is_archived_still_has_its_numbers(hamlet):
    """The notice does not depend on any text being live."""
    for line in hamlet.engine.reading.overview():
        if line.state is not State.ARCHIVED:
            hamlet.move("editor", Move.ARCHIVE, line.ref)
    notice = hamlet.engine.desk.advise(KNIFE, "facebook").danger

    assert [number for _, number in notice.numbers] == ["101", "112"]
    assert (notice.text, notice.number, notice.steps) == ("", 0, None)
    assert notice.steps_missing == "intern-noodmelding-via-bericht"


@pytest.mark.parametrize("move", [Move.HOLD, Move.ARCHIVE])
def test_danger_when_the_cues_are_taken_out_is_still_seen(hamlet, move):
    """No decision about the cues makes the desk blind."""
    hamlet.move("editor", move, Ref(Kind.DANGER, "danger"))

    assert hamlet.engine.desk.advise(KNIFE, "facebook").danger


def test_danger_when_the_newest_cues_cannot_be_read_is_still_seen(hamlet):
    """A broken text that nobody vouched for does not take the place of one that works."""
    danger = Ref(Kind.DANGER, "danger")
    hamlet.move("editor", Move.ARCHIVE, danger)
    with hamlet.engine.room.store.journal.write() as writer:
        base = writer.history(danger).latest.number
        writer.save(danger, "kapot =", "", hamlet.people["editor"].id, NO_TERMS, base)

    assert hamlet.engine.desk.advise(KNIFE, "facebook").danger


def test_danger_when_the_edition_is_gone_is_still_seen(hamlet):
    """The notice needs no index."""
    (hamlet.engine.settings.editions / "current.json").unlink()

    assert hamlet.engine.desk.advise(KNIFE, "facebook").danger


def test_danger_when_the_message_is_harmless_stays_away(desk):
    """A figure of speech is no alarm."""
    assert desk.advise("dat feest was echt de max, bedankt!", "facebook").danger is None


# --- handing out ---


def copies(engine):
    with closing(sqlite3.connect(engine.settings.store / "journal.db")) as base:
        base.row_factory = sqlite3.Row
        return [dict(row) for row in base.execute("select * from copies")]


def test_copy_when_handed_out_is_logged_without_text_or_person(house):
    """Article, revision, revisions of the values, channel and time are kept, and nothing else."""
    now = house.engine.now()
    text = house.hand_out("fiets-gestolen", first_name="Marie-Kanarie")
    row = copies(house.engine)[0]
    used = house.reply("fiets-gestolen").reply.facts_used

    more = {"kinds", "percent", "part", "parts", "second"}
    assert set(row) == {"id", "at", "slug", "lang", "number", "channel", "facts"} | more
    assert (row["slug"], row["lang"], row["number"], row["channel"]) == ("fiets-gestolen", "nl", 1, "facebook")
    assert json.loads(row["facts"]) == dict.fromkeys(sorted(used), 1)
    assert abs((datetime.fromisoformat(row["at"]) - now).total_seconds()) < 30
    assert "Marie" not in str(row)
    assert text.startswith("[VOORBEELD]")


def test_copy_when_a_newer_text_is_live_is_refused(hamlet):
    """What the agent read is not what would be copied: nothing is, and nothing is logged."""
    hamlet.publish("fiets-gestolen", default="Nieuwe tekst.")
    with pytest.raises(Conflict, match="replaced by revision 2"):
        hamlet.hand_out("fiets-gestolen")

    assert copies(hamlet.engine) == []


def test_copy_when_a_blank_is_open_is_refused(hamlet):
    """An open blank blocks copying, and names itself; filled in, it goes."""
    hamlet.publish("met-gat", default="Kom naar {blank:straat}, {citizen:first_name|}.")
    with pytest.raises(WrongState, match="not ready: straat"):
        hamlet.hand_out("met-gat", "email")
    with pytest.raises(WrongState, match="not ready: straat"):
        hamlet.hand_out("met-gat", "email", blanks={"straat": " "})

    filled = hamlet.hand_out("met-gat", "email", blanks={"straat": "de Markt"}, first_name="Jan")
    assert filled == "[VOORBEELD] Kom naar de Markt, Jan."


def test_copy_when_too_long_and_not_to_be_cut_is_refused(hamlet):
    """A blank that makes the text too long blocks it too, where it cannot go out in parts."""
    hamlet.publish("kort", default="{blank:a}{blank:b}")
    with pytest.raises(WrongState, match="cannot be cut to fit the channel"):
        hamlet.hand_out("kort", "x", blanks={"a": "a" * 200, "b": "b" * 200})


def test_value_when_it_holds_a_placeholder_or_code_stays_text(hamlet):
    """What a citizen is called is never filled in, run or read as markup."""
    hamlet.publish("met-naam", default="Dag {citizen:first_name|}, {fact:zone_phone}")
    name = "{fact:zone_phone} ${7*7} {v.__class__} %(x)s <b>Jan</b> [k](https://evil.example)"
    said = hamlet.reply("met-naam", "email", first_name=name).reply.text

    assert name in said


@pytest.mark.parametrize(
    ("message", "channel", "error", "match"),
    [
        ("a" * 20_001, "facebook", TooLarge, "at most 20000 characters"),
        (STOLEN, "fax", NotFound, "fax"),
    ],
)
def test_message_when_it_cannot_be_taken_is_refused(desk, message, channel, error, match):
    """A message that is too long or from nowhere is refused in so many words."""
    with pytest.raises(error, match=match):
        desk.advise(message, channel)


@pytest.mark.parametrize(
    "message",
    [
        "status:draft OR visibility:internal OR *:*",
        " OR ".join(f"*{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"),
        " ".join(f"woord{number}" for number in range(1_500)),
        "a" * 20_000,
        "😀" * 5_000,
        "\ud800 \x00 \x1b[31m \r\n{}",
        "{{7*7}} {citizen.__class__} %s",
    ],
    ids=["fields", "wildcards", "many words", "one word", "emoji", "broken", "code"],
)
def test_message_when_nasty_is_answered_in_time(desk, message):
    """No message stops the desk, or reads as anything but words; a busy machine is not a slow desk."""
    desk.advise("warm", "facebook")
    before = time.process_time()
    desk.advise(message, "facebook")

    assert time.process_time() - before < 1.5


# --- what is kept ---


def test_message_when_answered_is_nowhere_on_disk(house):
    """Not a word of a message is kept: not in the store, the edition or beside them."""
    words = ("zonderlingwoordeen", "zonderlingwoordtwee")
    for channel in CHANNELS:
        house.engine.desk.advise(f"mijn fiets {words[0]} 85.07.30-033.28 {words[1]} {KNIFE}", channel)
    house.hand_out("fiets-gestolen", first_name=words[0])
    house.engine.close()
    found = [path for path in house.engine.settings.home.rglob("*") if path.is_file() and _holds(path, words)]

    assert found == []


def _holds(path, words):
    content = path.read_bytes()
    return any(word.encode() in content for word in (*words, "85.07.30"))


def test_message_when_answered_is_counted_by_day_channel_and_outcome(hamlet):
    """One is added to the day's tally, for what was offered and for what was not; measuring counts nothing."""
    hamlet.engine.desk.advise(STOLEN, "facebook")
    hamlet.engine.desk.advise("", "facebook")
    hamlet.engine.desk.advise(STOLEN, "facebook", counted=False)
    day = hamlet.engine.now().astimezone(hamlet.engine.tz).date().isoformat()

    assert hamlet.engine.room.store.usage.tallies() == {
        (day, "facebook", "suggested"): 1,
        (day, "facebook", "abstained"): 1,
    }
