"""The door for learning: a message stripped and shown, kept only when confirmed, and what editors make of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from kbengine.article import Kind, Ref
from kbengine.edition import Builder
from kbengine.engine.lessons import Lesson
from kbengine.errors import Conflict, InvalidDocument, KBError, NotAllowed, NotFound, TooLarge
from kbengine.history import Move

BIKE, FINE = "fiets-gestolen", "verkeersboete-betalen"
DIALECT = "amai zotte kadee die mijne ijzeren ezel gepoetst heeft"
ASKED = Ref(Kind.QUESTIONS, BIKE)


def marked(lesson: Lesson) -> list[str]:
    """What the lesson marks as perhaps a name."""
    return [text for text, unknown in lesson.passages if unknown]


def taught(hamlet: Any, text: str = DIALECT, login: str = "agent", slug: str = BIKE) -> tuple[int, str]:
    """A phrase that somebody confirmed: its number, and its text as an editor sees it."""
    hamlet.engine.learning.keep_phrase(hamlet.people[login], slug, "nl", text)
    phrase = hamlet.engine.learning.waiting(hamlet.people["editor"])[-1].phrase
    return phrase.id, phrase.text


def offered(hamlet: Any, message: str) -> list[str]:
    """What the desk offers for a message."""
    return [item.slug for item in hamlet.engine.desk.advise(message, "facebook", counted=False).suggestions]


# What is shown before anything is kept


def test_lesson_when_shown_holds_no_personal_data_and_marks_names(hamlet: Any) -> None:
    """The zone's own number stays, a citizen's goes; a capital that no article explains is marked."""
    message = "Gisteren heeft Karel mijn fiets gepikt in de Kerkstraat 12.\nBel 0470 12 34 56, of is het 03 000 00 01?"
    lesson = hamlet.engine.learning.lesson(message, BIKE)

    assert (
        lesson.text == "Gisteren heeft Karel mijn fiets gepikt in de [adres]. Bel [telefoon], of is het 03 000 00 01?"
    )
    assert "".join(text for text, _ in lesson.passages) == lesson.text
    assert (marked(lesson), lesson.lang, lesson.slug) == (["Karel"], "nl", BIKE)


def test_lesson_when_shown_offers_likely_articles_first_and_then_all(hamlet: Any) -> None:
    """An article that is not live, or is not there, is none of them."""
    learning = hamlet.engine.learning
    hamlet.move("editor", Move.HOLD, Ref(Kind.ARTICLE, FINE, "nl"))
    lesson = learning.lesson("mijn fiets is weg", "bestaat-niet", "fr")

    assert lesson.near[0] == (BIKE, "fiets gestolen")
    assert [slug for slug, _ in lesson.others] == [BIKE, "nachtlawaai"]
    assert (lesson.slug, lesson.lang) == ("", "fr")


def test_lesson_when_the_message_is_too_long_is_refused(hamlet: Any) -> None:
    """As at the desk."""
    with pytest.raises(TooLarge):
        hamlet.engine.learning.lesson("a" * 20_001)


def test_lesson_when_shown_keeps_nothing(hamlet: Any) -> None:
    """Looking is not storing."""
    hamlet.engine.learning.lesson(DIALECT, BIKE)

    assert hamlet.engine.learning.waiting(hamlet.people["editor"]) == ()
    assert hamlet.engine.learning.gaps() == ()


# What is confirmed


def test_phrase_when_confirmed_is_one_line_without_words_in_brackets(hamlet: Any) -> None:
    """A word such as [telefoon] would only draw other messages to this article."""
    _, text = taught(hamlet, " mijn fiets is weg,\nbel [telefoon] in\u200b [adres] ")

    assert text == "mijn fiets is weg, bel in"


REFUSED = [
    ("", "nl", BIKE, "phrase.length"),
    ("[telefoon] ?!", "nl", BIKE, "phrase.length"),
    ("a" * 601, "nl", BIKE, "phrase.length"),
    ("mijn fiets is weg, bel 0470 12 34 56", "nl", BIKE, "phrase.personal"),
    ("mijn fiets is weg", "xx", BIKE, "language.unknown"),
    ("mijn fiets is weg", "nl", "bestaat-niet", "answer.not-live"),
]


@pytest.mark.parametrize(("text", "lang", "slug", "code"), REFUSED)
def test_phrase_when_it_cannot_be_kept_is_refused(hamlet: Any, text: str, lang: str, slug: str, code: str) -> None:
    """Nothing is kept of it, whatever was confirmed."""
    learning, agent = hamlet.engine.learning, hamlet.people["agent"]
    with pytest.raises(KBError) as refused:
        learning.keep_phrase(agent, slug, lang, text)

    assert refused.value.code == code
    assert learning.waiting(agent) == ()


def test_phrase_when_a_capital_may_be_a_name_is_for_the_person_to_say(hamlet: Any) -> None:
    """What is uncertain was marked; who confirms it, keeps it."""
    assert taught(hamlet, "ik ben Belg en mijn fiets is weg")[1] == "ik ben Belg en mijn fiets is weg"


def test_phrase_when_asked_or_waiting_already_is_refused(hamlet: Any) -> None:
    """The same words are learned once."""
    listed = hamlet.engine.reading.article(BIKE, "nl").questions["nl"][0]
    taught(hamlet)
    for text in (listed, DIALECT.upper()):
        with pytest.raises(Conflict) as refused:
            taught(hamlet, text)
        assert refused.value.code == "phrase.known"


def test_gap_when_kept_waits_for_editors(hamlet: Any) -> None:
    """Without an article, and without a person."""
    hamlet.engine.learning.keep_gap("nl", "waar koop ik een hond, groeten [naam]")
    (gap,) = hamlet.engine.learning.gaps()

    assert (gap.text, gap.lang) == ("waar koop ik een hond, groeten", "nl")
    assert gap.expires - gap.at == timedelta(days=90)


# What editors make of it


def test_phrase_when_accepted_finds_its_article(hamlet: Any) -> None:
    """Not before somebody accepted it; then the next same message is suggested with it, by its very words."""
    assert BIKE not in offered(hamlet, DIALECT)
    id, text = taught(hamlet)
    hamlet.engine.build()
    assert BIKE not in offered(hamlet, DIALECT)
    hamlet.engine.learning.accept(hamlet.people["editor"], id, text)
    hamlet.engine.build()

    assert offered(hamlet, DIALECT)[0] == BIKE
    assert text in hamlet.engine.reading.article(BIKE, "nl").questions["nl"]
    assert hamlet.engine.room.store.verify().seq > 0


def test_phrase_when_shown_says_what_it_finds_and_who_may_accept(hamlet: Any) -> None:
    """Its teacher by name, the questions it comes beside, and for an author that somebody else must."""
    id, _ = taught(hamlet, "velo foetsie", login="editor")
    own = hamlet.engine.learning.decision(hamlet.people["editor"], id)
    others = hamlet.engine.learning.decision(hamlet.people["second"], id)

    assert (own.waiting.may_accept, others.waiting.may_accept) == (False, True)
    assert (own.waiting.teacher, own.waiting.title) == (hamlet.people["editor"].name, "fiets gestolen")
    assert own.asked == hamlet.engine.reading.article(BIKE, "nl").questions["nl"]
    assert own.finds[0][:2] == (BIKE, "fiets gestolen")
    assert own.refused is None


def test_phrase_when_it_would_take_the_question_of_another_says_so(hamlet: Any) -> None:
    """What gets worse is told before anybody accepts, with what it finds now and then; the record is as it was."""
    stolen = "mijn velo is gepikt aan het station"
    hamlet.ask(BIKE, stolen, "fiets gestolen", "hoe doe ik aangifte van fietsdiefstal", "mijn fiets is weg")
    before = hamlet.engine.room.store.journal.head()
    id, _ = taught(hamlet, f"{stolen}, wat nu", slug="nachtlawaai")
    decision = hamlet.engine.learning.decision(hamlet.people["editor"], id)
    worse = next(effect for effect in decision.worse if effect.after.text == stolen)

    assert (worse.before.slug, worse.before.first, worse.after.first) == (BIKE, BIKE, "nachtlawaai")
    assert decision.titles[worse.after.slug] == "fiets gestolen"
    assert hamlet.engine.room.store.journal.head() == before


def test_phrase_when_its_file_waits_for_validation_says_so_beforehand(hamlet: Any) -> None:
    """The page tells before the key does, and the key refuses as well."""
    id, text = taught(hamlet)
    base = hamlet.engine.editing.questions_text(BIKE)[1]
    hamlet.engine.editing.save_questions(hamlet.people["editor"], BIKE, 'nl = ["velo weg"]\n', base)
    decision = hamlet.engine.learning.decision(hamlet.people["second"], id)

    assert decision.refused is not None
    assert decision.refused.code == "phrase.pending"
    with pytest.raises(Conflict, match="waits to be vouched for"):
        hamlet.engine.learning.accept(hamlet.people["second"], id, text)


def test_phrase_when_changed_is_anothers_to_accept(hamlet: Any) -> None:
    """An editor who changes it has a hand in it; the change is held to the same rules."""
    learning, people = hamlet.engine.learning, hamlet.people
    id, text = taught(hamlet)
    with pytest.raises(InvalidDocument):
        learning.change(people["editor"], id, text, "bel 0470 12 34 56 over mijn fiets")
    learning.change(people["editor"], id, text, "die kadee heeft mijne\nijzeren ezel gepoetst")
    changed = "die kadee heeft mijne ijzeren ezel gepoetst"
    with pytest.raises(NotAllowed, match="hand"):
        learning.accept(people["editor"], id, changed)
    learning.accept(people["second"], id, changed)

    newest = hamlet.engine.editing.lines(ASKED)[0]
    assert (newest.author, newest.state) == (people["editor"].name, "validated")


@pytest.mark.parametrize("act", ["accept", "change", "decline", "file_gap", "drop_gap"])
def test_decision_when_an_agent_makes_it_is_refused(hamlet: Any, act: str) -> None:
    """Agents keep; editors decide."""
    id, text = taught(hamlet)
    hamlet.engine.learning.keep_gap("nl", text)
    more = {"change": ["iets anders"], "file_gap": [BIKE]}.get(act, [])
    with pytest.raises(NotAllowed):
        getattr(hamlet.engine.learning, act)(hamlet.people["agent"], id, text, *more)

    assert len(hamlet.engine.learning.waiting(hamlet.people["agent"])) == len(hamlet.engine.learning.gaps()) == 1


def test_gap_when_filed_waits_as_a_phrase_and_when_dropped_is_gone(hamlet: Any) -> None:
    """Who files it is its teacher; an article that is not live takes none."""
    learning, editor = hamlet.engine.learning, hamlet.people["editor"]
    for text in ("velo gevonden", "hond gevonden"):
        learning.keep_gap("nl", text)
    one, other = learning.gaps()
    with pytest.raises(NotFound):
        learning.file_gap(editor, one.id, one.text, "bestaat-niet")
    learning.file_gap(editor, one.id, one.text, BIKE)
    learning.drop_gap(editor, other.id, other.text)

    (waiting,) = learning.waiting(editor)
    assert (waiting.phrase.text, waiting.teacher, waiting.may_accept) == ("velo gevonden", editor.name, False)
    assert learning.gaps() == ()


# Dismissals


def test_answer_when_dismissed_however_often_is_still_offered(hamlet: Any) -> None:
    """It is counted for the editors, and changes nothing that is suggested."""
    message = "mijn fiets is gestolen"
    before = hamlet.engine.desk.advise(message, "facebook", counted=False)
    for _ in range(30):
        hamlet.engine.learning.dismiss(BIKE, "fr", "facebook")
    hamlet.engine.build()
    after = hamlet.engine.desk.advise(message, "facebook", counted=False)

    assert [(item.slug, item.confidence) for item in after.suggestions] == [
        (item.slug, item.confidence) for item in before.suggestions
    ]
    (line,) = hamlet.engine.learning.dismissed()
    assert (line.slug, line.lang, line.title, line.count) == (BIKE, "nl", "fiets gestolen", 30)


@pytest.mark.parametrize(("slug", "channel"), [("bestaat-niet", "facebook"), (BIKE, "postduif")])
def test_dismissal_when_of_nothing_known_is_refused(hamlet: Any, slug: str, channel: str) -> None:
    """Nothing that somebody makes up gets into the table."""
    with pytest.raises(NotFound):
        hamlet.engine.learning.dismiss(slug, "nl", channel)

    assert hamlet.engine.learning.dismissed() == ()


# Terms


def test_builder_when_it_watches_deletes_what_is_past_its_term(hamlet: Any) -> None:
    """Also what was kept after it started."""
    store, rounds = hamlet.engine.room.store, iter(range(3))

    def stop() -> bool:
        turn = next(rounds)
        if turn == 0:
            taught(hamlet)
            store.advance_clock(timedelta(days=91))
        return turn == 2

    Builder(store, hamlet.engine.settings).watch(stop)

    assert DIALECT.encode() not in (store.directory / "journal.db").read_bytes()
