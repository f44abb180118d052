"""A small town with an article that has a history; a plugin of the tests of names."""

from __future__ import annotations

import pytest
from conftest import House
from homes import copy_home

from kbengine.engine import Engine
from kbengine.history import Role
from kbengine.settings import Settings


@pytest.fixture(scope="module")
def built(hamlet_master, tmp_path_factory):
    """The home of an article with a history: validated in two languages, with a newer draft, asked for and used."""
    home = copy_home(hamlet_master, tmp_path_factory.mktemp("town") / "home")
    engine = Engine.open(Settings(home=home))
    engine.people.add("second", "Tweede redacteur", frozenset({Role.EDITOR}))
    made = House(engine, {person.login: person for person in engine.people.all()})
    made.publish("brug", default="De brug is open.")
    made.publish("brug", "fr", title="Le pont", default="Le pont est ouvert.")
    made.publish("dijk", default="De dijk is hoog.")
    made.ask("brug", "is de brug open", "mag ik over de brug")
    made.hand_out("brug")
    made.save("brug", default="De brug is dicht.")
    engine.close()
    return home


@pytest.fixture
def town(built, tmp_path):
    """That town, with people at work in it."""
    engine = Engine.open(Settings(home=copy_home(built, tmp_path / "town")))
    yield House(engine, {person.login: person for person in engine.people.all()})
    engine.close()
