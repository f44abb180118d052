"""What the desk notices beside the subject: kind and act, addressee, personal data, building blocks."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from conftest import House, article

from kbengine.cli import main
from kbengine.engine import Engine, effects_of
from kbengine.errors import Conflict, InvalidDocument, NotAllowed
from kbengine.history import Move
from kbengine.settings import Settings

IBAN = "Mijn rekening is BE68 5390 0754 7034"


def slugs(engine: Engine, message: str, channel: str = "facebook") -> list[str]:
    return [block.slug for block in engine.desk.advise(message, channel, "nl", counted=False).blocks]


def test_advice_when_thanked_offers_the_block_for_it(engine: Engine) -> None:
    """The kind, the words that decided, what was agreed and a text ready to go stand in one advice."""
    advice = engine.desk.advise("Dank je wel voor alles!", "facebook", counted=False)
    assert (advice.kind.kind, advice.kind.words) == ("thanks", ("dank", "je"))
    assert advice.kind.agreed is not None
    assert advice.kind.agreed.act == "answer"
    first = advice.blocks[0]
    assert (first.slug, first.page.reply.ready) == ("bouwsteen-dank", True)
    assert "Graag gedaan!" in first.page.reply.text


def test_advice_when_thanked_with_a_subject_puts_the_block_before_any_answer(engine: Engine) -> None:
    """Who says thanks asks nothing, also when the words resemble a question; danger and a question come first."""
    thanked = engine.desk.advise("Bedankt dat jullie mijn gestolen fiets terugvonden!", "facebook", counted=False)
    asked = engine.desk.advise("Mijn fiets is gestolen, waar doe ik aangifte? Bedankt", "facebook", counted=False)
    assert thanked.kind.kind == "thanks"
    assert thanked.blocks_first
    assert asked.suggestions
    assert not asked.blocks_first


def test_advice_when_complained_about_says_to_whom_it_goes(engine: Engine) -> None:
    """A complaint about us is handed over to the service that the zone names, by its label."""
    agreed = engine.desk.advise("jullie inspecteur was onbeleefd", "facebook", counted=False).kind.agreed
    assert agreed is not None
    assert (agreed.act, agreed.hand_over_to) == ("hand-over", "Intern toezicht")


def test_block_when_written_stands_outside_the_topics(engine: Engine) -> None:
    """Not even its own words find a block among the answers; searching does, and it is handed out as any reply."""
    own = "Iedereen leest mee: haal persoonlijke gegevens uit je reactie, verder in een privébericht"
    advice = engine.desk.advise(own, "facebook", "nl", counted=False)
    assert not [slug for slug, _ in advice.ranked if slug.startswith("bouwsteen")]
    assert not [named.slug for named in advice.not_live if named.slug.startswith("bouwsteen")]
    assert "bouwsteen-naar-privebericht" in [hit.slug for hit in engine.reading.search(own, "nl", None).hits]


def test_block_when_changed_concerns_no_other_answer(house: House) -> None:
    """A new text for a block would move no question of any article, and needs no foresight."""
    ref = house.save("bouwsteen-dank", default="Mijn fiets is gestolen, hoe doe ik aangifte?")
    newest = house.engine.editing.lines(ref)[0]
    text = house.engine.room.store.journal.history(ref).revision(newest.number).text
    assert "block_for: [thanks]" in text
    assert effects_of(house.engine.room, ref, text) == ()


def test_block_when_on_hold_is_not_offered(house: House) -> None:
    """A block is an article like any other: what is not live goes nowhere."""
    assert slugs(house.engine, "merci!")[0] == "bouwsteen-dank"
    house.move("validator", Move.HOLD, article("bouwsteen-dank"))
    assert "bouwsteen-dank" not in slugs(house.engine, "merci!")


def test_personal_data_when_public_is_named_with_the_way_to_private(engine: Engine) -> None:
    """In public the kinds are named and the block for a direct message comes first; the answers stay."""
    message = f"Hoe betaal ik mijn verkeersboete? {IBAN}, gsm 0470 12 34 56"
    advice = engine.desk.advise(message, "facebook", counted=False)
    assert advice.personal is not None
    assert (advice.personal.kinds, advice.personal.certain) == (("iban", "phone"), True)
    assert advice.personal.block == advice.blocks[0].slug == "bouwsteen-naar-privebericht"


@pytest.mark.parametrize(
    ("message", "channel"),
    [(f"{IBAN}", "messenger"), ("Ik bel jullie op 03 000 00 01 of 101", "facebook"), ("Groeten, An", "facebook")],
)
def test_personal_data_when_nobody_else_reads_it_or_it_is_ours_is_no_matter(
    engine: Engine, message: str, channel: str
) -> None:
    """In a direct message, and of our own numbers, nothing is said."""
    assert engine.desk.advise(message, channel, "nl", counted=False).personal is None


def test_personal_data_when_it_may_be_chance_is_said_softly(engine: Engine) -> None:
    """What only looks like a plate is marked as uncertain."""
    advice = engine.desk.advise("code 1ABC234 op de folder", "x", "nl", counted=False)
    assert advice.personal is not None
    assert (advice.personal.kinds, advice.personal.certain) == (("plate",), False)


def test_advice_when_only_a_hashtag_names_us_says_what_was_agreed(engine: Engine) -> None:
    """A message that shouts our name seems not for us, and the answers are there all the same."""
    advice = engine.desk.advise("#pzwilgenrijk mijn fiets is gestolen", "x", counted=False)
    assert advice.elsewhere is not None
    assert (advice.elsewhere.way, advice.elsewhere.sign) == ("hashtag", "#pzwilgenrijk")
    assert advice.elsewhere.agreed is not None
    assert advice.elsewhere.agreed.act == "leave"
    assert advice.suggestions[0].slug == "fiets-gestolen"


def test_advice_when_the_zone_has_no_kinds_is_about_questions(hamlet: House) -> None:
    """Without a register every message is a question, nothing was agreed, and no block exists."""
    advice = hamlet.engine.desk.advise("bedankt!", "facebook", counted=False)
    assert (advice.kind.kind, advice.kind.agreed, advice.blocks) == ("question", None, ())


def test_kinds_when_saved_count_once_vouched_for(house: House) -> None:
    """A change is read by the desk when somebody else validated it, not before."""
    registers = house.engine.registers
    page, text, lines = registers.kinds()
    assert {line.kind for line in lines} >= {"thanks", "not-addressed"}
    changed = text.replace('nl = ["bedankt|', 'nl = ["joepie", "bedankt|', 1)
    registers.save_kinds(house.people["editor"], changed, page.number)
    assert house.engine.desk.advise("joepie", "facebook", "nl", counted=False).kind.kind == "question"
    house.vouch(page.ref)
    assert house.engine.desk.advise("joepie", "facebook", "nl", counted=False).kind.kind == "thanks"


def test_kinds_when_wrong_or_overtaken_are_not_kept(house: House) -> None:
    """A phrase outside the grammar, an example of another kind, an older base and an agent are refused."""
    registers, editor = house.engine.registers, house.people["editor"]
    page, text, _ = registers.kinds()
    with pytest.raises(InvalidDocument) as phrase:
        registers.save_kinds(editor, text + '[[kind]]\nkind = "press"\nnl = ["<niets>"]\n', page.number)
    with pytest.raises(InvalidDocument) as example:
        registers.save_kinds(editor, text + '[[example]]\ntext = "bedankt"\nexpect = "press"\n', page.number)
    codes = {problem.code for error in (phrase, example) for problem in error.value.problems}
    assert codes == {"kinds.cues", "kinds.example"}
    with pytest.raises(Conflict):
        registers.save_kinds(editor, text + "\n# erbij\n", page.number - 1)
    with pytest.raises(NotAllowed):
        registers.save_kinds(house.people["agent"], text, page.number)


def test_suggest_when_asked_on_the_command_line_tells_what_was_noticed(demo: Settings) -> None:
    """Kind, act, addressee, personal data and blocks stand in the text and in the JSON."""
    environment = {"KB_HOME": str(demo.home)}
    arguments = ["suggest", f"#pzwilgenrijk pure geldklopperij. {IBAN}", "--channel", "x", "--json"]
    done = CliRunner().invoke(main, arguments, env=environment, catch_exceptions=False)
    assert "Kind: criticism: answer because of geldklopperij." in done.output
    assert "Seems not to be for us (hashtag #pzwilgenrijk)." in done.output
    assert "Personal data that everybody can read: iban." in done.output
    value = json.loads(done.output.splitlines()[-1])
    assert (value["kind"]["kind"], value["elsewhere"]["way"]) == ("criticism", "hashtag")
    assert (value["personal"]["kinds"], value["blocks"][0]["slug"]) == (["iban"], "bouwsteen-naar-privebericht")
