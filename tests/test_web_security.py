"""Who may come in, and what goes out with every answer."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask
from web_app import ANSWER, FETCH, OWN, Visitor, code_of, engine_of, new_link, sign_in, token_in

from kbengine.history import Role
from kbengine.settings import Settings
from web import create_app, security
from web.security import HEADERS, OPEN, PERMISSIONS, SAFE, check_permissions

pytest_plugins = ["web_fixtures"]

PATHS = {
    "static": "/static/css/base.css",
    "account.health": "/gezond",
    "account.welcome": "/aanmelden",
    "account.arrive": "/in/geen-link",
    "account.sign_in": "/in/geen-link",
    "account.sign_out": "/afmelden",
    "account.enter": "/aanmelden",
    "account.state": "/sessie",
    "account.stay": "/nog-bezig",
    "account.lock": "/vergrendelen",
    "account.unlock": "/ontgrendelen",
    "account.mine": "/mijn-account",
    "account.change": "/mijn-account/wachtwoord",
    "account.new_token": "/mijn-account/token",
    "account.end_token": "/mijn-account/token/einde",
    "people.overview": "/mensen",
    "people.add": "/mensen",
    "people.roles": "/mensen/rollen",
    "people.access": "/mensen/toegang",
    "people.link": "/mensen/link",
    "people.erase": "/mensen/wissen",
    "desk.start": "/",
    "desk.advise": "/",
    "desk.reply": "/antwoord",
    "desk.copy": "/kopieer",
    "desk.take_back": "/niet-gebruikt",
    "day.show": "/dagantwoord",
    "day.write": "/dagantwoord",
    "day.link": "/dagantwoord/link",
    "day.read": "/dag/geen-link",
    "day.decide": "/dag/geen-link",
    "crisis.show": "/crisis",
    "crisis.turn": "/crisis",
    "learning.lesson": "/leren/formulering/fiets-gestolen",
    "learning.keep": "/leren/bewaren",
    "learning.dismiss": "/past-niet/fiets-gestolen/nl",
    "learning.noted": "/leren/genoteerd",
    "learning.overview": "/leren",
    "learning.phrase": "/leren/1",
    "learning.decide": "/leren/1",
    "learning.gap": "/leren/vraag/1",
    "marks.lesson": "/gevaar/noteer/miss",
    "marks.keep": "/gevaar/bewaar",
    "marks.noted": "/gevaar/genoteerd",
    "marks.overview": "/gevaar",
    "marks.drop": "/gevaar/1",
    "reading.search": "/zoeken",
    "reading.overview": "/fiches",
    "reading.article": "/fiche/fiets-gestolen/nl",
    "reading.revision": "/fiche/fiets-gestolen/nl/versie/1",
    "history.difference": "/fiche/fiets-gestolen/nl/verschil?oud=1&nieuw=1",
    "history.beside": "/fiche/fiets-gestolen/nl/naast/fr",
    "history.note": "/notities",
    "history.handle": "/notities/1",
    "editor.new": "/nieuw",
    "editor.edit": "/fiche/fiets-gestolen/nl/bewerken",
    "editor.preview": "/bewerken/voorbeeld",
    "editor.save": "/bewerken",
    "unsaved.keep": "/bewerken/klad",
    "unsaved.overview": "/kladjes",
    "unsaved.drop": "/kladjes/weg",
    "editor.questions": "/vragen/fiets-gestolen",
    "editor.save_questions": "/vragen/fiets-gestolen",
    "registers.synonyms": "/synoniemen",
    "registers.group": "/synoniemen/groep",
    "registers.save_group": "/synoniemen/groep",
    "registers.curations": "/sturing",
    "registers.curation": "/sturing/regel",
    "registers.save_curation": "/sturing/regel",
    "registers.remove": "/registers/weg",
    "referrals.overview": "/doorverwijzingen",
    "referrals.subject": "/doorverwijzingen/onderwerp",
    "referrals.save": "/doorverwijzingen/onderwerp",
    "facts.overview": "/vaste-waarden",
    "facts.value": "/vaste-waarden/waarde",
    "facts.save": "/vaste-waarden/waarde",
    "facts.impact": "/invloed",
    "facts.recall": "/invloed",
    "neighbours.overview": "/buren",
    "neighbours.show": "/fiche/fiets-gestolen/nl/buren",
    "neighbours.glance": "/fiche/fiets-gestolen/nl/buren/kort",
    "neighbours.typed": "/bewerken/buren",
    "neighbours.note": "/fiche/fiets-gestolen/nl/buren/blijft",
    "neighbours.forget": "/fiche/fiets-gestolen/nl/buren/opnieuw",
    "names.rename": "/hernoemen/fiets-gestolen",
    "names.do_rename": "/hernoemen/fiets-gestolen",
    "names.merge": "/samenvoegen/fiets-gestolen",
    "names.do_merge": "/samenvoegen/fiets-gestolen",
    "bulk.plan": "/fiches/samen",
    "bulk.do": "/fiches/samen/doen",
    "kinds.show": "/soorten",
    "kinds.edit": "/soorten/tekst",
    "kinds.save": "/soorten/tekst",
    "line.show": "/drempel",
    "start.show": "/start",
    "start.sign": "/start",
    "start.progress": "/start/stand",
    "start.lay_out": "/start/stand",
    "effects.show": "/gevolgen",
    "review.show": "/te-valideren",
    "review.decide": "/te-valideren",
    "due.show": "/te-herzien",
    "due.confirm": "/te-herzien",
    "due.address": "/te-herzien/agenda",
    "due.feed": "/agenda/geen.ics",
    "vouching.show": "/wie-valideert",
    "vouching.away": "/wie-valideert/afwezig",
    "vouching.alone": "/wie-valideert/alleen",
    "clock.show": "/klok",
    "clock.confirm": "/klok",
    "editor.queue": "/ter-validatie",
    "editor.move": "/besluit",
    "api.suggest": "/api/v1/suggest",
    "api.search": "/api/v1/search?q=fiets",
    "api.answers": "/api/v1/answers",
    "api.answer": "/api/v1/answers/fiets-gestolen/nl?channel=facebook",
}
# A browser asks these, with a session; programs ask the rest, with a token: see test_web_api.
PAGES = [endpoint for endpoint in PATHS if not endpoint.startswith("api.")]
POSTED = (
    "account.sign_in",
    "account.sign_out",
    "account.enter",
    "account.stay",
    "account.lock",
    "account.unlock",
    "account.change",
    "account.new_token",
    "account.end_token",
    "people.add",
    "people.roles",
    "people.access",
    "people.link",
    "people.erase",
    "desk.advise",
    "desk.reply",
    "desk.copy",
    "desk.take_back",
    "day.write",
    "day.link",
    "day.decide",
    "crisis.turn",
    "start.sign",
    "start.lay_out",
    "learning.lesson",
    "learning.keep",
    "learning.dismiss",
    "learning.decide",
    "learning.gap",
    "marks.lesson",
    "marks.keep",
    "marks.drop",
    "facts.save",
    "facts.recall",
    "kinds.save",
    "editor.preview",
    "editor.save",
    "unsaved.keep",
    "unsaved.drop",
    "editor.save_questions",
    "registers.save_group",
    "referrals.save",
    "neighbours.glance",
    "neighbours.typed",
    "neighbours.note",
    "neighbours.forget",
    "names.do_rename",
    "names.do_merge",
    "bulk.plan",
    "bulk.do",
    "registers.save_curation",
    "registers.remove",
    "effects.show",
    "history.note",
    "history.handle",
    "review.decide",
    "due.confirm",
    "due.address",
    "vouching.away",
    "vouching.alone",
    "clock.confirm",
    "editor.move",
)
FOREIGN = {
    "another site": {"Sec-Fetch-Site": "cross-site"},
    "a sister site": {"Sec-Fetch-Site": "same-site"},
    "nothing said": {},
    "a foreign origin": {"Origin": "https://evil.example"},
    "an origin of nowhere": {"Origin": "null"},
    "our name on another port": {"Origin": "http://localhost:9999"},
    "a foreign origin that says it is ours": {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
}
NO_TOKEN = {"none": "", "another's": "x" * 43, "not even text": "é\x00"}


def ask(visitor: Visitor, endpoint: str) -> object:
    """Ask for a route as our own script would; a form holds a field too many, so that nothing is changed by it."""
    if endpoint in POSTED:
        return visitor.post(PATHS[endpoint], {"surplus": "1"}, headers=FETCH)
    return visitor.get(PATHS[endpoint], headers=FETCH)


@pytest.mark.parametrize("login", ["", *sorted(Role)])
@pytest.mark.parametrize("endpoint", PAGES)
def test_route_when_asked_by_a_role_follows_the_table(crew: dict[str, Visitor], endpoint: str, login: str) -> None:
    """Every route lets in exactly who the table names."""
    allowed = PERMISSIONS[endpoint]

    code = code_of(ask(crew[login], endpoint))

    if allowed == OPEN or (login and Role(login) in allowed):
        assert code not in ("page.role", "session.none")
    else:
        assert code == ("page.role" if login else "session.none")


def test_routes_when_listed_are_all_tried_here(shared_app: Flask) -> None:
    """No route escapes the tests: the paths above are those of the app."""
    methods = {rule.endpoint: rule.methods for rule in shared_app.url_map.iter_rules()}

    assert set(PATHS) == set(methods)
    posted = {endpoint for endpoint, known in methods.items() if not known & SAFE - {"OPTIONS"}}
    assert set(POSTED) == posted & set(PAGES)


def test_app_when_a_route_has_no_permission_does_not_start(demo: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A view that nobody thought about is served to nobody."""
    fewer = {endpoint: roles for endpoint, roles in PERMISSIONS.items() if endpoint != "editor.move"}
    monkeypatch.setattr(security, "PERMISSIONS", fewer)

    with pytest.raises(RuntimeError, match=r"editor\.move"):
        create_app(demo)


def test_table_when_it_names_a_route_that_is_gone_is_refused() -> None:
    """A permission for nothing is a mistake as well."""
    with pytest.raises(RuntimeError, match=r"desk\.advise"):
        check_permissions(Flask("bare"))


@pytest.mark.parametrize("path", [*PATHS.values(), "/bestaat-niet", "/static/nee.css", "/static/../x"])
def test_answer_when_sent_has_every_header(crew: dict[str, Visitor], path: str) -> None:
    """Pages, files, redirects and errors carry the same protection."""
    for login in ("", "editor"):
        answer = crew[login].get(path)
        assert {name: answer.headers.get(name) for name in HEADERS} == dict(HEADERS)
        assert answer.headers["Cache-Control"] in ("no-store", "no-cache")
        assert "Strict-Transport-Security" not in answer.headers


def test_page_when_served_is_never_kept(crew: dict[str, Visitor]) -> None:
    """No cache on the way holds a page."""
    assert crew["agent"].get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("endpoint", POSTED)
@pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)
def test_form_when_sent_from_elsewhere_is_refused(
    crew: dict[str, Visitor], endpoint: str, headers: dict[str, str]
) -> None:
    """No other page makes somebody's browser act here."""
    answer = crew["validator"].post(PATHS[endpoint], headers={**headers, "X-Requested-With": "fetch"})

    assert (answer.status_code, code_of(answer)) == (403, "request.foreign")


@pytest.mark.parametrize("endpoint", POSTED)
@pytest.mark.parametrize("token", NO_TOKEN.values(), ids=NO_TOKEN)
def test_form_when_its_token_is_wrong_is_refused(crew: dict[str, Visitor], endpoint: str, token: str) -> None:
    """A form belongs to one session."""
    answer = crew["validator"].post(PATHS[endpoint], headers=FETCH, token=token)

    assert (answer.status_code, code_of(answer)) == (403, "request.token")


def test_form_when_the_browser_says_only_its_origin_passes(crew: dict[str, Visitor]) -> None:
    """An older browser that sends our own address as Origin is let in."""
    answer = crew["agent"].post("/zoeken", {"text": "fiets"}, headers={"Origin": "http://localhost"})

    assert answer.status_code == 200


def test_search_when_sent_from_elsewhere_is_refused(crew: dict[str, Visitor]) -> None:
    """Also a form that only reads is ours alone."""
    assert crew["agent"].post("/zoeken", {"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_token_when_sent_as_header_counts(crew: dict[str, Visitor]) -> None:
    """Our script sends the token beside the form."""
    headers = {**FETCH, "X-CSRF-Token": crew["agent"].token}

    answer = crew["agent"].client.post("/kopieer", data=ANSWER, headers=headers)

    assert answer.status_code == 200


def test_link_when_only_looked_at_is_not_used_up(app: Flask) -> None:
    """A mail program that opens the link does not spoil it."""
    path = new_link(app, "agent")
    Visitor(app.test_client()).page(path)
    visitor = Visitor(app.test_client())
    visitor.token = token_in(visitor.page(path))

    assert visitor.post(path).status_code == 303


def test_link_when_used_works_once(app: Flask) -> None:
    """A second use opens nothing."""
    path = new_link(app, "agent")
    for status in (303, 401):
        visitor = Visitor(app.test_client())
        visitor.token = token_in(visitor.get(path).text)
        visitor.token = visitor.token or token_in(visitor.page(new_link(app, "editor")))
        assert visitor.post(path).status_code == status


def test_sign_in_when_made_gives_a_new_session(app: Flask) -> None:
    """A cookie that somebody planted before does not become a session."""
    path = new_link(app, "agent")
    visitor = Visitor(app.test_client())
    visitor.token = token_in(visitor.page(path))
    planted = visitor.cookie()
    visitor.post(path)

    assert visitor.cookie() != planted
    assert engine_of(app).people.session(planted) is None


def test_sign_out_when_made_ends_every_copy_of_the_cookie(app: Flask) -> None:
    """A stolen cookie is worth nothing afterwards."""
    visitor = sign_in(app, "agent")
    copied = visitor.cookie()
    visitor.post("/afmelden")
    thief = app.test_client()
    thief.set_cookie("kb_session", copied)

    assert thief.get("/").headers["Location"] == "/aanmelden"


def test_account_when_closed_ends_its_session(app: Flask) -> None:
    """Who is taken out is out at once."""
    visitor = sign_in(app, "agent")
    engine_of(app).people.set_active("agent", False)

    assert visitor.get("/").status_code == 303


def test_cookie_when_set_cannot_be_read_by_scripts(app: Flask) -> None:
    """On a loopback address it has no https to ask for, all else it has."""
    set_cookie = app.test_client().get(new_link(app, "agent")).headers["Set-Cookie"]

    assert set_cookie.startswith("kb_session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_cookie.split("; "))


def test_app_when_reached_over_a_network_asks_for_https(demo: Settings) -> None:
    """Off the loopback the cookie is bound to host and https, and the browser is told to stay there."""
    app = create_app(dataclasses.replace(demo, host="kennisbank.zone.example"))
    answer = app.test_client().get(new_link(app, "agent"), base_url="https://kennisbank.zone.example")
    engine_of(app).close()

    assert answer.headers["Set-Cookie"].startswith("__Host-kb_session=")
    assert "Secure" in answer.headers["Set-Cookie"].split("; ")
    assert answer.headers["Strict-Transport-Security"] == security.HSTS


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example"])
def test_host_when_not_ours_is_refused(shared_app: Flask, host: str) -> None:
    """A request for another name gets no page, whatever a proxy's header says."""
    answer = shared_app.test_client().get("/aanmelden", headers={"Host": host, "X-Forwarded-Host": "localhost"})

    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert HEADERS.items() <= dict(answer.headers).items()


def test_address_to_come_back_to_when_given_is_ignored(crew: dict[str, Visitor]) -> None:
    """Nothing in an address says where to go next."""
    answer = crew[""].get("/?next=//evil.example/", headers=OWN)

    assert answer.headers["Location"] == "/aanmelden"
