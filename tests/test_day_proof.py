"""Day answers in a real store: a link that an agent passed on decides only with the password of whom it is for."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import select, update
from test_web_day import FORM, link_in, only, phone
from web_app import Visitor, code_of, engine_of, new_link, token_in

from kbengine.errors import SignInError
from kbengine.history import Move
from kbengine.journal import open_store, passwords
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.sessions import PROOF_TERM
from kbengine.settings import Settings
from web import create_app

GOOD = {"agent": "drie natte paraplu's", "validator": "vier droge regenlaarzen"}


@pytest.fixture
def app(hamlet_master: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The pages of the hamlet as a real store, whose people have passwords; hashes are light."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    shutil.copytree(hamlet_master, tmp_path / "home")
    store = open_store(tmp_path / "home" / "store")
    with writing(store.engine) as connection:
        connection.execute(update(t.store).where(t.store.c.key == "demo").values(value="no"))
    store.close()
    made = create_app(Settings(home=tmp_path / "home"))
    yield made
    engine_of(made).close()


def come_in(app: Flask, login: str) -> Visitor:
    """Somebody who chose a password, and is signed in."""
    visitor, path = Visitor(app.test_client()), new_link(app, login)
    visitor.token = token_in(visitor.page(path))
    assert visitor.post(path, {"new": GOOD[login], "again": GOOD[login]}).status_code == 303
    visitor.token = token_in(visitor.page("/fiches"))
    return visitor


@pytest.fixture
def agent(app: Flask) -> Visitor:
    """Who writes."""
    return come_in(app, "agent")


@pytest.fixture
def path(app: Flask, agent: Visitor) -> str:
    """The link that the agent sees; the validator has a password and is signed in nowhere."""
    come_in(app, "validator").post("/afmelden")
    return link_in(agent.post("/dagantwoord", FORM).text)


def said_in_chain(app: Flask) -> str:
    """By what the last decision was proven, as the journal has it."""
    store = engine_of(app).room.store
    with store.engine.begin() as connection:
        body = connection.execute(select(t.entries.c.body).order_by(t.entries.c.seq.desc()).limit(1)).scalar()
    return str(json.loads(body or "{}").get("via", ""))


def test_link_when_its_author_opens_it_elsewhere_decides_nothing(app: Flask, path: str) -> None:
    """On a telephone of their own, signed in as nobody, the agent has the link and not the password."""
    author = phone(app, path)
    for password in ("", GOOD["agent"], GOOD["validator"] + "!"):
        answer = author.post(path, {"said": "ja", "password": password})
        assert answer.status_code == 401
        assert FORM["text"] in answer.text
    assert author.post(path, {"said": "nee", "note": "Ik was het niet."}).status_code == 401
    assert only(app).live == 0
    with pytest.raises(SignInError):
        engine_of(app).day.decide(path.removeprefix("/dag/"), Move.VALIDATE, "")


def test_link_when_the_password_is_right_decides_once(app: Flask, path: str) -> None:
    """One password and one press; the history says by what it was proven."""
    validator = phone(app, path)
    assert "Wachtwoord van Vera" in validator.page(path)
    answer = validator.post(path, {"said": "ja", "login": "validator", "password": GOOD["validator"]})

    assert (answer.status_code, only(app).live, said_in_chain(app)) == (200, 1, "day-link-proven")
    assert GOOD["validator"] not in answer.text


def test_link_when_guessed_at_is_slowed_like_signing_in(app: Flask, path: str) -> None:
    """Guessing here is guessing at the door: it waits."""
    author = phone(app, path)
    codes = [author.post(path, {"said": "ja", "password": f"gok {n}"}).status_code for n in range(8)]

    assert 429 in codes
    assert only(app).live == 0


def test_link_when_its_person_is_signed_in_asks_no_more(app: Flask, agent: Visitor, path: str) -> None:
    """A session that just showed who it is needs no second proof; one of long ago does, and another's does."""
    validator = come_in(app, "validator")
    assert 'name="password"' not in validator.page(path)
    engine = engine_of(app)
    with writing(engine.room.store.engine) as connection:
        old = t.instant_text(engine.now() - PROOF_TERM)
        connection.execute(update(t.sessions).values(proven=old))
    assert 'name="password"' in validator.page(path)
    assert validator.post(path, {"said": "ja"}).status_code == 401
    assert code_of(agent.post(path, {"said": "ja"}, {"Sec-Fetch-Site": "same-origin", "X-Requested-With": "fetch"}))
    assert only(app).live == 0
    answer = validator.post(path, {"said": "nee", "note": "De Rozenwijk.", "password": GOOD["validator"]})

    assert answer.status_code == 200
    assert "De Rozenwijk." in only(app).note
