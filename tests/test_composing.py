"""The gate: what may be copied, in which language, with which changes, and what is kept of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import HAMLET_ZONE, House, vouch

from kbengine.article import read_zone
from kbengine.engine import Agreement, Draft, Engine
from kbengine.errors import Conflict, NotAllowed, NotFound, SignInError, WrongState
from kbengine.settings import Settings

TONE = """
[tone]
initials = true
greeting = { nl = "Dag {citizen:first_name|}," }
sign_off = { nl = "Groeten" }

"""
BIKE = "Kom langs of bel 03 000 00 01."


@pytest.fixture
def house(hamlet_master: Path, tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Makes a small house whose zone says how it speaks."""
    opened = []

    def made(policy: str = TONE) -> House:
        shutil.copytree(hamlet_master.parent / "kb", tmp_path / "kb")
        (tmp_path / "kb" / "zone.toml").write_text(HAMLET_ZONE + policy, encoding="utf-8")
        vouch(tmp_path / "kb")
        engine = Engine.open(Settings(home=tmp_path / "home", source=tmp_path / "kb"), demo=True)
        engine.build()
        opened.append(engine)
        return House(engine, {person.login: person for person in engine.people.all()})

    yield made
    for engine in opened:
        engine.close()


def draft(**more: Any) -> Draft:
    """A draft of the answer about a stolen bicycle."""
    return Draft(**{"answers": (("fiets-gestolen", 1),), "lang": "nl", "channel": "email", **more})


def second_person(policy: str = "second-person") -> str:
    """A zone that asks a second person about a changed text."""
    return f'\n[reply]\ndrift = "{policy}"\n'


def test_reply_when_the_zone_has_a_tone_is_framed_by_it(house: Callable[..., House]) -> None:
    """Greeting, sign-off and initials are the zone's and the agent's; what goes out is what was shown."""
    made = house()
    asked = draft(first_name="Noor", personal="Vervelend!", initials="a.b")

    shown = made.engine.composing.reply(asked)
    handed = made.engine.composing.hand_out(asked)

    assert shown.reply.text == f"[VOORBEELD] Dag Noor,\n\nVervelend!\n\n{BIKE}\n\nGroeten ^AB"
    assert (handed.text, handed.part, handed.parts) == (shown.reply.text, 1, 1)


def test_reply_when_the_zone_says_nothing_has_nothing_round_it(house: Callable[..., House]) -> None:
    """Without a tone an answer is what its article says, and nobody signs."""
    assert house("").reply("fiets-gestolen", initials="AB").reply.text == f"[VOORBEELD] {BIKE}"


def test_language_when_the_zone_does_not_reply_in_it_is_refused(house: Callable[..., House]) -> None:
    """A zone replies in its first language unless it says otherwise; the translation is for reading only."""
    made = house()
    made.publish("fiets-gestolen", "fr", title="Velo vole", default="Passez chez nous.", build=True)

    with pytest.raises(WrongState, match="does not reply in fr"):
        made.hand_out("fiets-gestolen", lang="fr")
    found = made.engine.desk.advise("mijn fiets is gestolen", "facebook", answer_lang="fr").suggestions[0]

    assert (found.lang, found.reply.ready, found.aid) == ("nl", True, "Passez chez nous.")


def test_language_when_the_zone_says_so_goes_out(house: Callable[..., House]) -> None:
    """A zone that replies in French does so in French, greeted as its form asks."""
    made = house('\n[tone]\nform = "u"\n[reply]\nlanguages = ["nl", "fr"]\n')
    made.publish("fiets-gestolen", "fr", title="Velo vole", default="Passez chez nous.")

    assert made.hand_out("fiets-gestolen", lang="fr") == "[VOORBEELD] Bonjour,\n\nPassez chez nous."


def test_urgent_when_asked_of_another_answer_changes_nothing(house: Callable[..., House]) -> None:
    """Only the answers of a danger go out bare and in every language."""
    made = house()
    made.publish("fiets-gestolen", "fr", title="Velo vole", default="Passez chez nous.")
    made.publish("noodnummers-101-112", default="Bel 101.")
    made.publish("noodnummers-101-112", "fr", title="Urgence", default="Appelez le 101.")

    assert made.hand_out("noodnummers-101-112", lang="fr", urgent=True) == "[VOORBEELD] Appelez le 101."
    with pytest.raises(WrongState, match="does not reply in fr"):
        made.hand_out("fiets-gestolen", lang="fr", urgent=True)


def test_answers_when_several_are_each_checked_and_logged(house: Callable[..., House]) -> None:
    """Two answers go out in one reply; one that is not live, or not the one that was read, stops all of it."""
    made = house()
    two = draft(answers=(("nachtlawaai", 1), ("fiets-gestolen", 1)))
    handed = made.engine.composing.hand_out(two)
    copies = [made.engine.room.store.usage.copies(slug)[0] for slug in ("nachtlawaai", "fiets-gestolen")]

    assert handed.text.count(BIKE) == 2
    assert tuple(copy.id for copy in copies) == handed.copies
    assert copies[0].at == copies[1].at
    assert [dict(copy.facts) for copy in copies] == [{"zone_phone": 1}] * 2
    with pytest.raises(Conflict, match="nachtlawaai was replaced"):
        made.engine.composing.hand_out(draft(answers=(("fiets-gestolen", 1), ("nachtlawaai", 7))))
    with pytest.raises(NotFound, match="no live text"):
        made.engine.composing.hand_out(draft(answers=(("fiets-gestolen", 1), ("bestaat-niet", 1))))


def test_text_when_changed_is_copied_only_when_somebody_saw_the_difference(house: Callable[..., House]) -> None:
    """The first press shows what differs, the second copies that very text and keeps the kind, not the text."""
    made = house()
    changed = draft(text="Kom langs of bel 03 000 00 02.")
    agreed = Agreement(made.people["agent"], changed.text)

    with pytest.raises(Conflict, match="differs from the vetted one") as refused:
        made.engine.composing.hand_out(changed)
    with pytest.raises(Conflict, match="differs from the vetted one"):
        made.engine.composing.hand_out(draft(text="Bel 03 000 00 03."), agreement=agreed)
    made.engine.composing.hand_out(changed, agreement=agreed)
    (copy,) = made.engine.room.store.usage.copies("fiets-gestolen")

    assert refused.value.code == "reply.drift"
    assert (copy.kinds, copy.second) == (("phone",), False)
    assert copy.percent > 0


def test_text_when_changed_without_harm_is_copied_at_once(house: Callable[..., House]) -> None:
    """Another word for the same asks nobody anything; that it was changed is kept as a size."""
    made = house("")
    made.engine.composing.hand_out(draft(text="Spring binnen of bel 03 000 00 01."))
    (copy,) = made.engine.room.store.usage.copies("fiets-gestolen")

    assert copy.kinds == ()
    assert copy.percent > 0


def test_sentence_when_own_may_say_no_but_not_a_number(house: Callable[..., House]) -> None:
    """A negation in the agent's own sentence is theirs; a telephone number that nobody vouched for is shown."""
    made = house()

    assert made.reply("fiets-gestolen", personal="Dat is niet leuk.").drift.differences == ()
    shown = made.reply("fiets-gestolen", "email", personal="Bel mij op 0470 00 00 01.")
    (one,) = shown.drift.differences
    assert (one.kind, one.change, shown.reply.text[one.start : one.end]) == ("phone", "added", "0470 00 00 01")


def test_second_person_when_asked_for_must_be_another_one(house: Callable[..., House]) -> None:
    """Somebody else's own token opens the gate; the agent's, a wrong one and none do not."""
    made = house(second_person())
    composing, people = made.engine.composing, made.engine.people
    changed = draft(text="Kom langs of bel 03 000 00 02.")
    own, other = (people.new_token(made.people[login]) for login in ("agent", "editor"))

    def agreed(token: str) -> Agreement:
        return Agreement(made.people["agent"], changed.text, token)

    with pytest.raises(Conflict, match="second person has to agree"):
        composing.hand_out(changed, agreement=agreed(""))
    with pytest.raises(NotAllowed, match="cannot be the second"):
        composing.hand_out(changed, agreement=agreed(own))
    with pytest.raises(SignInError):
        composing.hand_out(changed, agreement=agreed("kb_onzin"))
    composing.hand_out(changed, agreement=agreed(other))

    assert [copy.second for copy in made.engine.room.store.usage.copies("fiets-gestolen")] == [True]


def test_second_person_when_alone_on_duty_is_a_warning(house: Callable[..., House]) -> None:
    """Nobody is left without an answer at night: what differed is kept, and that nobody agreed."""
    made = house(second_person())
    changed = draft(text="Kom langs of bel 03 000 00 02.")
    made.engine.composing.hand_out(changed, agreement=Agreement(made.people["agent"], changed.text, alone=True))
    (copy,) = made.engine.room.store.usage.copies("fiets-gestolen")

    assert (copy.kinds, copy.second) == (("phone",), False)


def test_parts_when_handed_out_are_each_logged(house: Callable[..., House]) -> None:
    """A text that is too long goes in parts: each is asked for by its number, and logged as one of so many."""
    made = house()
    made.publish("lang", default="Dit is een zin van de fiche. " * 30)
    composing = made.engine.composing
    long = draft(answers=(("lang", 1),), channel="x")
    texts = [composing.hand_out(long, part).text for part in (1, 2)]

    assert texts[0] != texts[1]
    assert sorted((copy.part, copy.parts) for copy in made.engine.room.store.usage.copies("lang"))[0] == (1, 4)
    with pytest.raises(NotFound, match="no part 9"):
        composing.hand_out(long, 9)


def test_zone_when_its_tone_cannot_be_used_says_so() -> None:
    """A wrong word is a problem with its line, never a guess; a greeting names the citizen and nothing else."""
    for wrong, code in (
        ('[tone]\nform = "gij"\n', "zone.tone"),
        ('[tone]\ngreeting = { nl = "Bel {fact:zone_phone}" }\n', "zone.tone"),
        ("[reply]\nlanguages = []\n", "zone.reply"),
        ('[reply]\ndrift = "never"\n', "zone.reply"),
    ):
        found, problems = read_zone(HAMLET_ZONE + wrong, "zone.toml")
        assert (found, [problem.code for problem in problems]) == (None, [code])
