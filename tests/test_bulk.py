"""One move on many articles: what would happen first, each text by itself, and what changed meanwhile left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from web_app import Visitor, engine_of

from kbengine.cli import main
from kbengine.engine import Act, BulkFilter, Fate, Wanted
from kbengine.errors import NotFound, WorkflowError
from kbengine.history import State

pytest_plugins = ["web_fixtures"]


def plan(house, login, act, *slugs, **said):
    """What would happen, as (text, fate, code)."""
    lines = house.engine.bulk.plan(house.people[login], slugs, Wanted(Act(act), **said))
    return [(str(line.ref), line.fate.value, line.error.code if line.error else "") for line in lines]


def act(house, login, name, *slugs, between=lambda: None, **said):
    """Look, let something happen, act: as (text, fate, code)."""
    bulk, wanted, person = house.engine.bulk, Wanted(Act(name), **said), house.people[login]
    picked = [line.picked for line in bulk.plan(person, slugs, wanted) if line.fate is Fate.WILL]
    between()
    return [
        (str(line.ref), line.fate.value, line.error.code if line.error else "")
        for line in bulk.act(person, picked, wanted)
    ]


def test_plan_when_texts_differ_says_for_each_what_or_why_not(hamlet):
    """A draft goes, one with errors does not, one that is live has nothing to be sent; nothing is written."""
    hamlet.save("brug", default="Open.")
    hamlet.save("brug", "fr", title="Le pont", default="Ouvert.")
    hamlet.save("dijk", default="Bel {fact:onbekend}.")
    head = hamlet.engine.room.store.journal.head()

    assert plan(hamlet, "editor", "submit", "brug", "dijk", "nachtlawaai") == [
        ("article/brug.nl", "will", ""),
        ("article/brug.fr", "will", ""),
        ("article/dijk.nl", "not", "submit.problems"),
        ("article/nachtlawaai.nl", "idle", "move.state"),
    ]
    assert hamlet.engine.room.store.journal.head() == head
    with pytest.raises(NotFound):
        plan(hamlet, "editor", "hold", "bestaat-niet")


def test_plan_when_a_right_is_missing_names_who_could(hamlet):
    """Nobody says of their own text that it still holds, in bulk neither."""
    hamlet.publish("brug", default="Open.")
    line = hamlet.engine.bulk.plan(hamlet.people["editor"], ["brug"], Wanted(Act.RENEW))[0]

    assert (line.fate, line.error.code, line.error.fields["who"]) == (Fate.NOT, "move.role", "Vera")
    assert plan(hamlet, "validator", "renew", "brug") == [("article/brug.nl", "will", "")]


def test_act_when_some_changed_meanwhile_leaves_those_and_does_the_rest(hamlet):
    """Each has its own decision; what somebody wrote or decided since stays as it is, and is named."""
    hamlet.publish("brug", default="Open.")
    hamlet.publish("brug", "fr", title="Le pont", default="Ouvert.")
    hamlet.publish("dijk", default="Hoog.")
    before = hamlet.engine.room.store.journal.head().seq

    done = act(
        *(hamlet, "editor", "archive", "brug", "dijk"),
        reason="Afgebroken.",
        between=lambda: hamlet.save("dijk", login="second", default="Lager."),
    )
    assert done == [
        ("article/brug.nl", "will", ""),
        ("article/brug.fr", "will", ""),
        ("article/dijk.nl", "not", "bulk.changed"),
    ]
    assert hamlet.engine.room.store.journal.head().seq == before + 3
    page = hamlet.engine.reading.article("brug", "nl")
    assert (page.state, page.events[0].reason) == (State.ARCHIVED, "Afgebroken.")
    assert hamlet.engine.reading.article("dijk", "nl").live_number == 1
    hamlet.engine.room.store.verify()
    assert act(hamlet, "editor", "archive", "brug", reason="Nog eens.") == []


def test_act_when_it_needs_a_reason_does_nothing_without(hamlet):
    """Not one of them."""
    head = hamlet.engine.room.store.journal.head()
    with pytest.raises(WorkflowError, match="say why"):
        act(hamlet, "editor", "hold", "nachtlawaai", "fiets-gestolen", reason="  ")
    assert hamlet.engine.room.store.journal.head() == head


def test_act_when_renewed_together_lets_them_come_back_on_several_days(hamlet):
    """A sitting on one afternoon is not one day of work half a year later."""
    slugs = [f"brug-{n}" for n in range(4)]
    for slug in slugs:
        hamlet.publish(slug, default="Open.", review_months="6")
    hamlet.wait(days=170)
    assert {fate for _, fate, _ in act(hamlet, "validator", "renew", *slugs)} == {"will"}

    ends = {hamlet.engine.reading.article(slug, "nl").end.date() for slug in slugs}
    assert len(ends) == 4


def test_owner_when_there_is_nothing_to_change_says_so(hamlet):
    """It is of that service already, or there is no such service."""
    found = plan(hamlet, "editor", "owner", "nachtlawaai", owner="onthaal")
    assert found == [("article/nachtlawaai.nl", "idle", "bulk.owner-same")]
    with pytest.raises(NotFound):
        plan(hamlet, "editor", "owner", "nachtlawaai", owner="verkeer")


def test_owner_when_given_to_another_service_is_a_new_version(house):
    """Sent to be validated at once where nobody was writing, else kept in what they write; other keys stay."""
    house.save("nachtlawaai", default="Half klaar.", login="second")
    found = act(house, "editor", "owner", "fiets-gestolen", "nachtlawaai", owner="verkeer")

    assert found == [("article/fiets-gestolen.nl", "will", ""), ("article/nachtlawaai.nl", "will", "")]
    lines = {slug: house.engine.reading.article(slug, "nl") for slug in ("fiets-gestolen", "nachtlawaai")}
    assert [lines[slug].latest.state for slug in lines] == [State.IN_REVIEW, State.DRAFT]
    assert [lines[slug].live_number for slug in lines] == [1, 1]
    form = house.engine.editing.form("nachtlawaai", "nl")
    assert (form.owner, form.default.strip()) == ("verkeer", "Half klaar.")
    assert plan(house, "editor", "owner", "fiets-gestolen", owner="onthaal")[0][1:] == ("not", "bulk.owner-state")


def test_filter_when_several_things_are_asked_takes_what_is_all_of_it(house):
    """Theme, service by key or by name, and state; a name that no article has is an error."""
    chosen = house.engine.bulk.chosen
    assert "fiets-gestolen" in chosen(BulkFilter(theme="diefstal"))
    assert chosen(BulkFilter(owner="verkeer")) == chosen(BulkFilter(owner="Verkeer"))
    assert chosen(BulkFilter(theme="diefstal", state="in review")) == ()
    with pytest.raises(NotFound):
        chosen(BulkFilter(slugs=("bestaat-niet",)))


def test_pages_when_articles_are_chosen_show_first_and_act_after(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """From the list to the summary to the result; what was not shown is not touched, and a double is refused."""
    editor, engine = visit("editor"), engine_of(app)
    assert 'name="pick:nachtlawaai"' in editor.page("/fiches")
    assert 'name="pick:' not in visit("agent").page("/fiches")
    sent = {"act": "archive", "stand": "", "pick:nachtlawaai": "1", "pick:stormschade-1722": "1", "owner": "verkeer"}
    shown = editor.post("/fiches/samen", sent).get_data(as_text=True)
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="([^"]+)"', shown))
    assert {"seen:article/nachtlawaai.nl@1", "seen:article/stormschade-1722.nl@1"} <= set(seen)

    act = {"act": "archive", "move": "archive", "stand": "", "owner": "verkeer", **seen}
    refused = editor.post("/fiches/samen/doen", act)
    assert refused.status_code == 422
    assert engine.reading.article("nachtlawaai", "nl").live_number == 1

    done = editor.post("/fiches/samen/doen", {**act, "reason": "Niet meer van ons."})
    assert f"{len(seen)} teksten gedaan" in done.get_data(as_text=True)
    assert engine.reading.article("nachtlawaai", "nl").state is State.ARCHIVED
    again = editor.post("/fiches/samen/doen", {**act, "reason": "Niet meer van ons."}).get_data(as_text=True)
    assert "0 teksten gedaan" in again
    assert "veranderde nadat je het overzicht zag" in again


def test_pages_when_odd_things_are_sent_refuse_them(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Nothing chosen, an act that is none, a text that is none, an agent."""
    editor = visit("editor")
    assert editor.post("/fiches/samen", {"act": "archive", "stand": ""}).status_code == 422
    assert editor.post("/fiches/samen", {"act": "validate", "stand": "", "pick:nachtlawaai": "1"}).status_code == 422
    assert editor.post("/fiches/samen", {"act": "hold", "stand": "", "pick:niets": "1"}).status_code == 404
    odd = {"act": "hold", "move": "hold", "stand": "", "reason": "x", "seen:article/niets.nl@1": "0"}
    assert "bestaat niet" in editor.post("/fiches/samen/doen", odd).get_data(as_text=True)
    assert visit("agent").post("/fiches/samen", {"act": "hold", "stand": "", "alle": "1"}).status_code == 403


def test_pages_when_texts_still_hold_ask_for_a_fresh_proof(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """To say so is vouching, also of many at once; the summary needs none."""
    validator = visit("validator")
    engine_of(app).room.store.advance_clock(timedelta(minutes=16))
    shown = validator.post("/fiches/samen", {"act": "renew", "stand": "", "pick:nachtlawaai": "1"})
    assert shown.status_code == 200
    seen = dict(re.findall(r'name="(seen:[^"]+)" value="([^"]+)"', shown.get_data(as_text=True)))
    act = {"act": "renew", "move": "renew", "stand": "", **seen}
    assert validator.post("/fiches/samen/doen", act).status_code == 401
    assert "gedaan" in validator.post("/fiches/samen/doen", {**act, "proof": ""}).get_data(as_text=True)


def test_command_when_not_told_yes_only_shows(hamlet):
    """With --yes it acts, and exits 1 when anything was left; without a choice of articles it refuses."""
    kb = ["--home", str(hamlet.engine.settings.home)]
    token = CliRunner().invoke(main, [*kb, "people", "token", "editor"]).stdout.split()[-1]
    hamlet.publish("brug", default="Open.")

    def run(*arguments):
        return CliRunner().invoke(main, [*kb, "bulk", *arguments, "--token", token, "--json"])

    shown = run("archive", "--theme", "diefstal", "--reason", "Weg.")
    lines = json.loads(shown.stdout.splitlines()[-1])
    assert (shown.exit_code, lines["done"]) == (0, False)
    assert {line["text"] for line in lines["lines"]} == {"article/brug.nl", "article/fiets-gestolen.nl"}
    assert hamlet.engine.reading.article("brug", "nl").live_number == 1
    assert run("archive", "--reason", "Weg.").exit_code == 2
    assert run("archive", "--slug", "brug", "--yes").exit_code == 1

    assert run("archive", "--slug", "brug", "--reason", "Weg.", "--yes").exit_code == 0
    assert hamlet.engine.reading.article("brug", "nl").state is State.ARCHIVED
    hamlet.vouch(hamlet.save("brug", default="Toch open."))
    assert run("renew", "--slug", "brug", "--yes").exit_code == 1
