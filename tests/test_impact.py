"""What a change would touch, told before it is made."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from kbengine.article import Kind, Ref
from kbengine.cli import main
from kbengine.errors import NotFound
from kbengine.journal import Copy

BIKE, FINE, NOISE = "fiets-gestolen", "verkeersboete-betalen", "nachtlawaai"


def hand_out(house, slug=BIKE, days=0, part=1):
    """Keep a copy of some days ago."""
    at = house.engine.now() - timedelta(days=days)
    house.engine.room.store.usage.log_copy(Copy(at, slug, "nl", 1, "facebook", {"zone_phone": 1}, part=part))


def shell(house, *line):
    return CliRunner(env={"KB_HOME": str(house.engine.settings.home)}).invoke(main, ["impact", *line])


def test_value_when_it_would_change_names_every_answer_and_how_often_it_went_out(hamlet):
    """Each answer with the value, in its languages and variants; of a reply in parts the first, of 90 days."""
    for days, part in ((1, 1), (2, 1), (2, 2), (91, 1)):
        hand_out(hamlet, days=days, part=part)
    hand_out(hamlet, FINE)
    found = hamlet.engine.impact.of("fact:zone_phone")

    assert [(one.ref.slug, one.live, one.variants, one.times) for one in found.touched] == [
        (BIKE, True, ("default",), 2),
        (FINE, True, ("default",), 1),
        (NOISE, True, ("default",), 0),
    ]
    assert (found.value, found.live, found.times, found.languages, found.problems) == (
        "03 000 00 01",
        3,
        3,
        ("nl",),
        (),
    )


def test_value_when_the_new_one_is_too_long_tells_the_limits_that_break(hamlet):
    """What would no longer fit a channel is told before anybody saves it."""
    hamlet.publish(BIKE, default="Kom langs of bel {fact:zone_phone}. " + "Breng je bewijs mee. " * 11)
    found = hamlet.engine.impact.of("fact:zone_phone", "03 000 00 01, elke werkdag van negen tot zeventien uur")

    assert {problem.fields["article"] for problem in found.problems} == {f"{BIKE}.nl"}
    assert {problem.code for problem in found.problems} == {"fact.split"}


def test_tag_when_a_law_changes_names_its_articles(hamlet):
    """Every article with the tag, and no other."""
    ref = Ref(Kind.ARTICLE, FINE, "nl")
    with hamlet.engine.room.store.journal.write() as writer:
        before = writer.history(ref).latest
        text = before.text.replace("certainty:", "tags: [wegcode-1975]\ncertainty:")
        writer.save(ref, text, before.theme, hamlet.people["editor"].id, before.terms, before.number)
    hamlet.vouch(ref)

    assert [one.ref.slug for one in hamlet.engine.impact.of("tag:wegcode-1975").touched] == [FINE]
    assert hamlet.engine.impact.tags() == (("wegcode-1975", 1),)


def test_source_when_it_moves_names_answers_and_values_from_it(hamlet):
    """Pages under the address count, however it is written; of a value from there also the answers that show it."""
    found = hamlet.engine.impact.of("source:http://www.politie.be")
    assert {one.ref.slug for one in found.touched} == {BIKE, FINE, NOISE}
    assert [name for name, _ in hamlet.engine.impact.of("source:de zone").facts] == ["zone_phone"]


@pytest.mark.parametrize(
    "asked", ["", "fact:", "value:zone_phone", "fact:geen", "tag:geen", "source:x.be", "article:x"]
)
def test_impact_when_nothing_is_meant_says_so(hamlet, asked):
    """A name that nothing has is an error, never an empty list that reads as safe."""
    with pytest.raises(NotFound, match=r"depends? on|depend on"):
        hamlet.engine.impact.of(asked)


def test_command_when_asked_prints_a_table_and_one_object(hamlet):
    """For people and for machines the same figures."""
    hand_out(hamlet)
    done = shell(hamlet, f"article:{BIKE}", "--json")
    lines = done.output.splitlines()

    assert done.exit_code == 0
    assert lines[-2] == "1 texts (nl), 1 live, 1 times handed out in 90 days, 0 limits."
    found = json.loads(lines[-1])
    assert (found["live"], found["times"], found["touched"][0]["ref"]["slug"]) == (1, 1, BIKE)
    assert shell(hamlet, "tag:geen").exit_code == 1
