"""Signing in, the lock, fresh proofs, one's own account and the administrator's page, over a real store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from homes import new_store
from web_app import FETCH, OWN, Visitor, code_of, engine_of, sign_in, token_in

from kbengine.history import Role
from kbengine.journal import attempts, passwords
from kbengine.journal.sessions import IDLE_TERM, PROOF_TERM
from kbengine.settings import Settings
from web import create_app
from web.proof import ALWAYS
from web.security import PERMISSIONS

pytest_plugins = ["web_fixtures"]

GOOD = "drie natte paraplu's"
OTHER = "vier droge regenlaarzen"
LATER = timedelta(seconds=30)


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The pages of a real store that holds nothing yet but ada, its administrator; hashes are light."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    store = new_store(tmp_path / "home" / "store", demo=False)
    store.accounts.add("ada", "Ada Maes", frozenset({Role.ADMINISTRATOR}))
    store.close()
    made = create_app(Settings(home=tmp_path / "home"))
    yield made
    engine_of(made).close()


def come_in(app: Flask, login: str, password: str = GOOD) -> Visitor:
    """Somebody who opened their link and chose a password."""
    people = engine_of(app).people
    path = "/in/" + people.new_link(people.by_login(login))
    visitor = Visitor(app.test_client())
    visitor.token = token_in(visitor.page(path))
    assert visitor.post(path, {"new": password, "again": password}).status_code == 303
    visitor.token = token_in(visitor.page("/mijn-account"))
    return visitor


def enter(app: Flask, login: str, password: str) -> tuple[int, str, Visitor]:
    """Try the form: its status, what it says, and the visitor."""
    visitor = Visitor(app.test_client())
    answer = visitor.post("/aanmelden", {"login": login, "password": password})
    said = re.search(r'role="alert">(.*?)</div>', answer.text, re.DOTALL)
    return answer.status_code, re.sub(r"<[^>]+>|\s+", " ", said.group(1)).strip() if said else "", visitor


# Coming in


def test_link_when_opened_in_a_real_store_asks_for_a_password(real: Flask) -> None:
    """It signs nobody in by itself, and says why a password will not do; the link stays good."""
    people = engine_of(real).people
    path = "/in/" + people.new_link(people.by_login("ada"))
    visitor = Visitor(real.test_client())
    visitor.token = token_in(visitor.page(path))

    for new, again, status in (("kort", "kort", 401), (GOOD, OTHER, 401), ("AdaMaes-2026", "AdaMaes-2026", 401)):
        answer = visitor.post(path, {"new": new, "again": again})
        assert (answer.status_code, new in answer.text) == (status, False)
    assert visitor.get("/mijn-account").status_code == 303
    assert visitor.post(path).status_code == 422  # nor without one
    assert visitor.post(path, {"new": GOOD, "again": GOOD}).headers["Location"] == "/"


def test_form_when_right_opens_a_new_session(real: Flask) -> None:
    """Login and password open the desk, and a planted cookie opens nothing."""
    come_in(real, "ada")
    planted = engine_of(real).people.visit()
    visitor = Visitor(real.test_client())
    visitor.client.set_cookie("kb_session", planted)
    token = engine_of(real).people.session(planted).csrf
    answer = visitor.post("/aanmelden", {"login": "ADA", "password": GOOD}, token=token)

    assert answer.headers["Location"] == "/"
    assert visitor.cookie() != planted
    assert engine_of(real).people.session(planted) is None


def test_form_when_wrong_says_the_same_of_everybody(real: Flask) -> None:
    """No status, no word and no page tells whether a login exists."""
    come_in(real, "ada")
    engine_of(real).people.add("bob", "Bob", frozenset())
    told = {enter(real, login, "een fout wachtwoord")[:2] for login in ("ada", "bob", "niemand", "%", "x" * 900)}

    assert len(told) == 1
    assert next(iter(told))[0] == 401


def test_form_when_tried_often_makes_wait_whatever_a_header_says(real: Flask) -> None:
    """A forged address is no other address; the page says how long to wait."""
    come_in(real, "ada")
    visitor = Visitor(real.test_client())
    for n in range(attempts.FREE + 1):
        headers = {**OWN, "X-Forwarded-For": f"198.51.100.{n}", "Forwarded": f"for=198.51.100.{n}"}
        last = visitor.post("/aanmelden", {"login": "ada", "password": f"fout woord {n}"}, headers=headers)

    assert last.status_code == 429
    assert re.search(r"Wacht \d+ seconden", last.text)


def test_form_when_sent_from_another_site_is_refused(real: Flask) -> None:
    """Nobody is signed in as somebody else by a page elsewhere."""
    come_in(real, "ada")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = real.test_client().post("/aanmelden", data={"login": "ada", "password": GOOD}, headers=headers)
        assert answer.status_code == 403


def test_password_when_enormous_is_refused(real: Flask) -> None:
    """Ten megabytes are not read."""
    assert enter(real, "ada", "x" * 10_000_000)[0] == 413


def test_store_when_fresh_answers_a_stranger_with_the_door_only(real: Flask) -> None:
    """There is no page to set up, restore or make an account without one."""
    stranger = Visitor(real.test_client())
    open_ones = [
        rule.rule
        for rule in real.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and "<" not in rule.rule and stranger.get(rule.rule).status_code == 200
    ]

    assert sorted(open_ones) == ["/aanmelden", "/gezond", "/sessie"]


# Lock and proof


def test_page_when_the_session_locked_waits_for_the_password(real: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read or done any more; a wrong password opens nothing, the right one goes back to the page."""
    ada = come_in(real, "ada")
    engine_of(real).people.lock(ada.cookie())
    locked = ada.get("/fiches?thema=x")
    assert (locked.status_code, 'type="password"' in locked.text) == (401, True)
    assert code_of(ada.post("/nog-bezig", headers=FETCH)) == "session.locked"
    assert ada.get("/sessie").get_json()["left"] == 0
    back = {"back": "/fiches?thema=x"}

    assert ada.post("/ontgrendelen", {**back, "proof": OTHER}).status_code == 401
    assert ada.post("/ontgrendelen", {**back, "proof": GOOD}).headers["Location"] == "/fiches?thema=x"
    assert ada.get("/fiches").status_code == 200


@pytest.mark.parametrize(
    "back",
    ["//evil.example/", "https://evil.example", "/\\evil.example", "/bestaat-niet", "javascript:1", "", "/\r\nx"],
)
def test_page_to_go_back_to_when_it_is_not_ours_is_the_start(real: Flask, back: str) -> None:
    """The lock is no way to be sent elsewhere."""
    ada = come_in(real, "ada")

    assert ada.post("/ontgrendelen", {"proof": GOOD, "back": back}).headers["Location"] == "/"


def test_form_when_the_session_locked_meanwhile_is_not_lost(real: Flask) -> None:
    """What was sent stands in the page that asks for the password, and is done once it was given."""
    ada = come_in(real, "ada")
    engine_of(real).people.lock(ada.cookie())
    sent = {"label": 'rapport "op" maandag\nen <b>dinsdag</b>'}
    asked = ada.post("/mijn-account/token", sent)
    assert asked.status_code == 401
    assert 'value="rapport &#34;op&#34; maandag' in asked.text
    assert engine_of(real).people.tokens(engine_of(real).people.by_login("ada")) == ()

    done = ada.post("/mijn-account/token", {**sent, "proof": GOOD})
    assert done.status_code == 200
    assert re.search(r'value="kb_[\w-]{43}"', done.text)


def test_lock_when_asked_for_holds_in_every_window(real: Flask) -> None:
    """Who leaves the desk locks it with a button."""
    ada = come_in(real, "ada")
    ada.post("/vergrendelen")

    assert ada.get("/fiches").status_code == 401
    assert ada.post("/afmelden").status_code == 303  # and somebody else may still take over


def test_looking_when_nobody_acts_does_not_keep_a_session_open(app: Flask) -> None:
    """A script that asks every few minutes how long is left prolongs nothing; typing does."""
    visitor = sign_in(app, "agent")
    for _ in range(7):
        engine_of(app).room.store.advance_clock(IDLE_TERM / 6)
        visitor.get("/sessie")
        visitor.get("/gezond")
    assert visitor.get("/").status_code == 401

    assert visitor.post("/ontgrendelen", {"proof": "", "back": "/"}).status_code == 303
    for _ in range(7):
        engine_of(app).room.store.advance_clock(IDLE_TERM / 6)
        assert visitor.post("/nog-bezig", headers=FETCH).status_code == 200
    assert visitor.get("/").status_code == 200


def waiting(app: Flask) -> dict[str, str]:
    """A decision on a text that is in review, as the form sends it."""
    engine = engine_of(app)
    validator = engine.people.by_login("validator")
    item = next(item for item in engine.editing.queue(validator) if "validate" in item.moves)
    digest = next(line.digest for line in engine.editing.lines(item.ref) if line.number == item.number)
    named = {"kind": item.ref.kind.value, "slug": item.ref.slug, "lang": item.ref.lang, "number": str(item.number)}
    return {**named, "digest": digest, "move": "validate", "back": "queue", "reason": ""}


def test_validating_when_the_last_proof_is_old_asks_first(app: Flask) -> None:
    """After a quarter of an hour nothing is validated before its person showed who they are; then it is, at once."""
    visitor = sign_in(app, "validator")
    decision = waiting(app)
    engine_of(app).room.store.advance_clock(PROOF_TERM + LATER)

    assert code_of(visitor.post("/besluit", decision, headers=FETCH)) == "session.stale"
    asked = visitor.post("/besluit", decision)
    assert (asked.status_code, decision["digest"] in asked.text) == (401, True)
    assert waiting(app) == decision
    assert visitor.post("/besluit", {**decision, "proof": ""}).status_code == 303
    assert engine_of(app).people.session(visitor.cookie()).proven


def test_proof_when_the_session_ended_meanwhile_is_on_no_page(app: Flask) -> None:
    """What was typed comes back on the page; the password that was sent with it does not."""
    visitor = sign_in(app, "validator")
    decision = {**waiting(app), "move": "return", "reason": "Bron ontbreekt"}
    engine_of(app).people.sign_out(visitor.cookie())
    answer = visitor.post("/besluit", {**decision, "proof": GOOD})

    assert answer.status_code == 401
    assert ("Bron ontbreekt" in answer.text, "paraplu" in answer.text) == (True, False)


def test_other_moves_when_the_last_proof_is_old_go_through(app: Flask) -> None:
    """Sending back, holding and flagging protect: they wait for nothing."""
    visitor = sign_in(app, "validator")
    decision = waiting(app)
    engine_of(app).room.store.advance_clock(PROOF_TERM + LATER)

    assert visitor.post("/besluit", {**decision, "move": "return", "reason": "Bron ontbreekt"}).status_code == 303


@pytest.mark.parametrize("endpoint", sorted(ALWAYS))
def test_who_gets_in_when_the_last_proof_is_old_asks_first(app: Flask, endpoint: str) -> None:
    """Accounts, links, roles, tokens and vouching are decided on by somebody who was just seen."""
    who = next(role for role in ("administrator", "validator") if role in PERMISSIONS[endpoint])
    visitor = sign_in(app, who)
    engine_of(app).room.store.advance_clock(PROOF_TERM + LATER)
    with app.test_request_context():
        path = app.url_map.bind("localhost").build(endpoint)

    assert code_of(visitor.post(path, {"login": "agent"}, headers=FETCH)) == "session.stale"


def test_phrase_when_accepted_long_after_the_last_proof_asks_first(app: Flask) -> None:
    """Accepting a phrase vouches for its article's questions; letting it go does not."""
    visitor = sign_in(app, "editor")
    engine_of(app).room.store.advance_clock(PROOF_TERM + LATER)
    codes = [code_of(visitor.post("/leren/9", {"seen": "x", "then": then}, FETCH)) for then in ("accept", "decline")]

    assert codes == ["session.stale", "phrase.gone"]


# One's own account


def test_password_when_changed_ends_every_other_session(real: Flask) -> None:
    """Here one goes on, with another cookie; elsewhere one signs in again."""
    come_in(real, "ada")
    here, there = (enter(real, "ada", GOOD)[2] for _ in range(2))
    here.token = token_in(here.page("/mijn-account"))
    before = here.cookie()
    form = {"old": GOOD, "new": OTHER, "again": OTHER}
    assert here.post("/mijn-account/wachtwoord", {**form, "old": "fout woord hier"}).status_code == 401
    assert here.post("/mijn-account/wachtwoord", form).status_code == 303

    assert here.cookie() != before
    assert here.get("/mijn-account").status_code == 200
    assert there.get("/mijn-account").status_code == 303
    assert (enter(real, "ada", GOOD)[0], enter(real, "ada", OTHER)[0]) == (401, 303)


def test_token_when_made_is_shown_once(real: Flask) -> None:
    """The page that makes it shows it, the list never; it works, and ends by a button."""
    ada = come_in(real, "ada")
    shown = re.search(r'value="(kb_[\w-]{43})"', ada.post("/mijn-account/token", {"label": "rapport"}).text).group(1)
    page = ada.page("/mijn-account")
    assert (shown in page, "rapport" in page) == (False, True)
    assert engine_of(real).people.by_token(shown).login == "ada"
    id = re.search(r'name="id" value="(\w+)"', page).group(1)
    ada.post("/mijn-account/token/einde", {"id": id})

    assert engine_of(real).people.tokens(engine_of(real).people.by_login("ada")) == ()
    assert code_of(ada.post("/mijn-account/token/einde", {"id": id}, headers=FETCH)) == "token.unknown"


# The administrator


@pytest.fixture
def ada(real: Flask) -> Visitor:
    """The administrator, signed in."""
    return come_in(real, "ada")


def test_person_when_added_gets_a_link_and_the_roles_ticked(real: Flask, ada: Visitor) -> None:
    """The link on the page lets them choose a password, once."""
    form = {"login": "Eve.Claes", "name": "Eve  Claes", "role:agent": "yes", "role:editor": "yes"}
    page = ada.post("/mensen", form).text
    link = re.search(r'value="http://localhost(/in/[\w-]{43})"', page).group(1)
    eve = engine_of(real).people.by_login("eve.claes")

    assert (eve.name, eve.roles) == ("Eve Claes", {Role.AGENT, Role.EDITOR})
    assert engine_of(real).people.link_person(link.removeprefix("/in/")) == eve
    assert link not in ada.page("/mensen")
    twin = ada.post("/mensen", {**form, "login": "eveclaes"})
    assert (twin.status_code, "Er is al iemand" in twin.text) == (401, True)


@pytest.mark.parametrize("field", ["id", "active", "password", "roles", "role", "is_admin"])
def test_form_when_it_holds_more_than_it_asks_changes_nothing(real: Flask, ada: Visitor, field: str) -> None:
    """No column can be set by adding it to a form, on any page."""
    before = engine_of(real).people.all()
    forms = {
        "/mensen": {"login": "eve", "name": "Eve"},
        "/mensen/rollen": {"login": "ada", "role:administrator": "yes"},
        "/mijn-account/wachtwoord": {"old": GOOD, "new": OTHER, "again": OTHER},
    }
    for path, form in forms.items():
        assert ada.post(path, {**form, field: "administrator"}).status_code == 422
    assert engine_of(real).people.all() == before


def test_roles_when_changed_hold_at_the_next_sign_in(real: Flask, ada: Visitor) -> None:
    """Who was signed in with the old ones is signed out."""
    engine_of(real).people.add("eve", "Eve Claes", frozenset({Role.AGENT}))
    eve = come_in(real, "eve")
    assert ada.post("/mensen/rollen", {"login": "eve", "role:reader": "yes"}).status_code == 303

    assert engine_of(real).people.by_login("eve").roles == {Role.READER}
    assert eve.get("/mijn-account").status_code == 303


def test_access_when_closed_and_opened_needs_a_new_link(real: Flask, ada: Visitor) -> None:
    """Closing ends everything at once; opening again gives nothing back but the password."""
    engine_of(real).people.add("eve", "Eve Claes", frozenset({Role.AGENT}))
    eve = come_in(real, "eve")
    ada.post("/mensen/toegang", {"login": "eve", "open": "no"})
    assert eve.get("/mijn-account").status_code == 303
    assert enter(real, "eve", GOOD)[0] == 401
    ada.post("/mensen/toegang", {"login": "eve", "open": "yes"})

    assert eve.get("/mijn-account").status_code == 303
    assert enter(real, "eve", GOOD)[0] == 303


def test_person_when_erased_is_somebody_on_every_page(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """What an erased editor wrote stays, written by somebody; the record verifies."""
    administrator = visit("administrator")
    name = engine_of(app).people.by_login("editor").name
    assert name in administrator.page("/fiche/fiets-gestolen/nl")
    assert administrator.post("/mensen/wissen", {"login": "editor", "sure": "redacteur"}).status_code == 422
    assert administrator.post("/mensen/wissen", {"login": "editor", "sure": "editor"}).status_code == 303

    page = administrator.page("/fiche/fiets-gestolen/nl")
    assert (name in page, "iemand (gewist)" in page) == (False, True)
    assert name not in administrator.page("/mensen")
    engine_of(app).room.store.verify()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/mensen/toegang", {"open": "no"}),
        ("/mensen/wissen", {"sure": "ada"}),
        ("/mensen/rollen", {"role:reader": "yes"}),
    ],
)
def test_administrator_when_alone_cannot_lock_themselves_out(
    real: Flask, ada: Visitor, path: str, form: dict[str, str]
) -> None:
    """Nobody closes, erases or demotes their own account: one administrator always stays."""
    assert code_of(ada.post(path, {"login": "ada", **form}, headers=FETCH)) == "person.self"
    assert engine_of(real).people.by_login("ada").roles == {Role.ADMINISTRATOR}
