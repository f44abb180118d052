"""What a text under review would do to other answers: seen before anybody vouches for it."""

from __future__ import annotations

from dataclasses import replace
from threading import Barrier, Thread

import pytest

from kbengine.article import Kind, Ref
from kbengine.engine import effect_problems, effects_of, effects_of_phrase
from kbengine.engine.kept import Kept
from kbengine.errors import NotFound
from kbengine.history import Move
from kbengine.suggest import OwnResult, Topic, judged, judged_near

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
NOISE = Ref(Kind.QUESTIONS, "nachtlawaai")
TAKEN = "mijn velo is gepikt aan het station"
ASKED = (TAKEN, "fiets gestolen", "hoe doe ik aangifte van fietsdiefstal", "mijn fiets is weg")
TAKING = (f"{TAKEN}, wat nu", "velo gepikt aan station", "mijn velo is gepikt", "velo is gepikt aan het station")


@pytest.fixture
def bikes(hamlet):
    """A hamlet whose people ask about bikes in few words."""
    hamlet.ask("fiets-gestolen", *ASKED)
    return hamlet


def taking(hamlet):
    """A longer list of questions for nachtlawaai, submitted: its new ones are those of somebody with a stolen bike."""
    text, base = hamlet.engine.editing.questions_text(NOISE.slug)
    more = "".join(f'"{question}", ' for question in TAKING)
    text = text.replace("nl = [", f"nl = [{more}", 1)
    hamlet.engine.editing.save_questions(hamlet.people["editor"], NOISE.slug, text, base)
    hamlet.move("editor", Move.SUBMIT, NOISE)
    return hamlet.engine.editing.lines(NOISE)[0].number


def test_effects_when_a_question_file_takes_the_words_of_another(bikes):
    """The question of the other article that it would take is told, with the article that would be found."""
    foreseen = bikes.engine.effects.of(NOISE, taking(bikes))

    told = [(p.code, p.level, p.file, p.fields) for p in foreseen.problems]
    fields = {"text": TAKEN, "slug": "fiets-gestolen", "other": "nachtlawaai"}
    assert ("ranking.taken", "warning", "questions/nachtlawaai", fields) in told
    assert {effect.after.slug for effect in foreseen.effects} <= {"fiets-gestolen", "verkeersboete-betalen"}
    assert foreseen.titles["fiets-gestolen"] == "fiets gestolen"


def test_effects_when_validated_are_what_was_foreseen(bikes):
    """Who asks afterwards what nobody wrote down finds what was told before; and then nothing more is foreseen."""
    number = taking(bikes)
    assert bikes.engine.effects.of(NOISE, number).problems
    bikes.move("validator", Move.VALIDATE, NOISE)
    assert bikes.engine.effects.of(NOISE, number).effects == ()
    bikes.ask("fiets-gestolen", *ASKED[1:])

    assert bikes.engine.room.shelf.suggest().rank(TAKEN).matches[0].slug == "nachtlawaai"


def test_effects_when_only_a_phrase_is_added(bikes):
    """One more question is looked at in the same way; one that shares nothing with others changes nothing for them."""
    room = bikes.engine.room
    whole = " en ".join([TAKEN, "fiets gestolen", "mijn fiets is weg"])
    found = effect_problems(NOISE, effects_of_phrase(room, "nachtlawaai", "nl", whole))

    assert "fiets-gestolen" in {problem.fields["slug"] for problem in found}
    assert effects_of_phrase(room, "nachtlawaai", "nl", "trommelgeroffel op zolder") == ()
    assert effects_of_phrase(room, "fiets-gestolen", "nl", TAKEN) == ()


def test_effects_when_others_change_places_among_themselves(bikes, monkeypatch):
    """What an article has no part in is not laid at its door; what it pushes under the line from second place is."""
    tie = OwnResult("fiets-gestolen", "nl", "x", "asked", "fiets-gestolen", 0.9, True, True, "verkeersboete-betalen")
    ripple = replace(tie, first="verkeersboete-betalen", right=False, second="fiets-gestolen")
    pushed = replace(tie, text="y", confidence=0.3, offered=False, second="nachtlawaai")
    before = (None, (tie, replace(tie, text="y")))
    monkeypatch.setattr("kbengine.engine.effects.judged", lambda *_, **__: before)
    monkeypatch.setattr("kbengine.engine.effects.judged_near", lambda *_, **__: (ripple, pushed))

    effects = effects_of_phrase(bikes.engine.room, "nachtlawaai", "nl", "trommels")
    assert [effect.after.text for effect in effects] == ["y"]


def test_messages_when_only_those_near_an_article_are_asked_find_what_they_find_among_all():
    """The part that is asked holds every message that the article has any part in, with the same outcome."""
    topics = [
        Topic(slug, {"nl": slug}, {"nl": (f"{slug} kwijt", f"mijn {slug} is weg", f"waar is {slug}")}, live=True)
        for slug in ("fiets", "gsm", "hond", "sleutel", "tas")
    ]
    judge, whole = judged(topics)
    part = judged_near(topics, (), judge, "hond", whole)

    concerned = [one for one in whole if "hond" in (one.first, one.second)]
    assert concerned
    assert [one for one in concerned if one not in part] == []
    assert [one for one in part if one not in whole] == []


def test_effects_when_an_article_is_new(bikes):
    """A text that was never live competes as if it were; its own questions are its own business."""
    text = bikes.engine.room.store.journal.history(BIKE).revisions[-1].text
    new = Ref(Kind.ARTICLE, "velo-gepikt", "nl")
    text = text.replace("fiets gestolen", TAKEN.capitalize()).replace("Kom langs", ". ".join(TAKING))
    effects = effects_of(bikes.engine.room, new, text)

    assert (TAKEN, "velo-gepikt") in [(effect.after.text, effect.after.first) for effect in effects if effect.harmful]
    assert "velo-gepikt" not in {effect.after.slug for effect in effects}


@pytest.mark.parametrize(
    ("ref", "text"),
    [
        (BIKE, "geen kop"),
        (Ref(Kind.ARTICLE, "nieuw", "nl"), "geen kop"),
        (NOISE, "nl = "),
        (Ref(Kind.SYNONYMS, "synonyms"), "x ="),
        (Ref(Kind.ZONE, "zone"), 'name = "Z"'),
        (Ref(Kind.FACT, "zone_phone"), ""),
    ],
)
def test_effects_when_a_text_cannot_be_read_or_is_not_ranked(hamlet, ref, text):
    """Nothing is foreseen of a text of which no suggestion is made; what is wrong with it is told elsewhere."""
    assert effects_of(hamlet.engine.room, ref, text) == ()


def test_effects_when_asked_again_are_not_worked_out_again(bikes, monkeypatch):
    """The second look costs nothing, until something else is validated."""
    number = taking(bikes)
    first = bikes.engine.effects.of(NOISE, number)
    worked: list[int] = []
    monkeypatch.setattr("kbengine.engine.effects.judged", lambda *_, **__: worked.append(1) or (None, ()))
    monkeypatch.setattr("kbengine.engine.effects.judged_near", lambda *_, **__: worked.append(1) or ())

    assert bikes.engine.effects.of(NOISE, number) == first
    assert worked == []
    bikes.publish("lawaai-overdag", default="Bel ons.", short="Bel ons.")
    bikes.engine.effects.of(NOISE, number)
    assert len(worked) == 2


def test_effects_when_the_whole_store_is_checked(bikes):
    """Every text in review is looked at, and how far it is is told; what is live or a draft is not."""
    taking(bikes)
    bikes.save("vuurwerk", title="Vuurwerk afsteken", default="Bel ons.", short="Bel ons.")
    heard: list[tuple[int, int]] = []
    problems = bikes.engine.effects.problems(lambda done, whole: heard.append((done, whole)))

    assert {problem.file for problem in problems} == {"questions/nachtlawaai"}
    assert heard == [(0, 1)]


def test_effects_when_there_is_no_such_revision(hamlet):
    """A revision that was never saved is refused."""
    with pytest.raises(NotFound):
        hamlet.engine.effects.of(NOISE, 9)


def test_kept_when_two_ask_at_once_is_made_once():
    """Who comes second waits for the first, and what fails is tried again."""
    kept, made, gate, got = Kept(), [], Barrier(2), []

    def make():
        made.append(1)
        gate.wait(5)
        return "klaar"

    threads = [Thread(target=lambda: got.append(kept.get("x", make))) for _ in range(2)]
    for thread in threads:
        thread.start()
    gate.wait(5)
    for thread in threads:
        thread.join(5)
    assert (made, got) == ([1], ["klaar", "klaar"])

    with pytest.raises(ZeroDivisionError):
        kept.get("y", lambda: 1 / 0)
    assert kept.get("y", lambda: 2) == 2
