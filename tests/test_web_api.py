"""What other programs get: the desk and what is live, by a token, and never anything that is not live now."""

from __future__ import annotations

import hashlib
import json
import logging
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import House, article
from flask import Flask
from homes import copy_home
from test_engine_desk import CANARY, DROPPED, HIDDEN, hide_held, hide_internal, hide_replaced
from test_web_security import PAGES, PATHS
from web_app import DANGER, STOLEN, Visitor, code_of, engine_of, sign_in
from werkzeug.test import TestResponse

from kbengine.cli import main
from kbengine.errors import NotAllowed
from kbengine.history import Move, Role, Scope
from kbengine.settings import Settings
from web import bearer, create_app
from web.bearer import SCOPES, Rate
from web.messages import MESSAGES
from web.security import HEADERS, PERMISSIONS

pytest_plugins = ["web_fixtures"]

PAPER = (Path(__file__).parent.parent / "docs" / "api.md").read_text(encoding="utf-8")
API = {endpoint: path for endpoint, path in PATHS.items() if endpoint not in PAGES}
SUGGEST = "/api/v1/suggest"
BOTH = frozenset({Scope.SUGGEST, Scope.READ})


@dataclass
class Program:
    """A program with a token, "" for none."""

    app: Flask
    token: str

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    def get(self, path: str, **more: Any) -> TestResponse:
        """Ask for an address."""
        return self.app.test_client().get(path, headers=self.headers(), **more)

    def send(self, body: bytes) -> TestResponse:
        """Send a body to suggest, whatever it is."""
        return self.app.test_client().post(SUGGEST, data=body, headers=self.headers())

    def ask(self, message: str, channel: str = "facebook", **more: str) -> Any:
        """What suggest says of a message."""
        answer = self.send(json.dumps({"message": message, "channel": channel, **more}).encode())
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def call(self, endpoint: str) -> TestResponse:
        """Ask an endpoint for something that is there."""
        if endpoint == "api.suggest":
            return self.send(json.dumps({"message": STOLEN, "channel": "facebook"}).encode())
        return self.get(API[endpoint])


def program(app: Flask, login: str, scopes: frozenset[Scope] = BOTH) -> Program:
    """A program of somebody; a reader is made when asked for."""
    people = engine_of(app).people
    if login == "reader" and all(person.login != login for person in people.all()):
        people.add(login, "Lezer (voorbeeld)", frozenset({Role.READER}))
    return Program(app, people.new_token(people.by_login(login), "postvak", scopes))


@pytest.fixture
def agent(shared_app: Flask) -> Program:
    """An agent's program at the shared pages."""
    return program(shared_app, "agent")


@dataclass(frozen=True)
class Town(House):
    """A small demo house, and the app that serves it."""

    app: Flask


@pytest.fixture
def town(hamlet_master: Path, tmp_path: Path) -> Iterator[Town]:
    """A small demo house with people in it, behind its app."""
    app = create_app(Settings(home=copy_home(hamlet_master, tmp_path / "hamlet")))
    engine = engine_of(app)
    engine.people.add("second", "Tweede redacteur", frozenset({Role.EDITOR}))
    yield Town(engine, {person.login: person for person in engine.people.all()}, app)
    engine.close()


# --- what it gives ---


def test_suggest_when_asked_gives_what_the_desk_gives(agent: Program, shared_app: Flask) -> None:
    """The answer for the channel in its parts, each counted, with who vouches for it and by which words."""
    value = agent.ask(STOLEN, "x", initials="AB")
    first = value["suggestions"][0]
    desk = engine_of(shared_app).desk.advise(STOLEN, "x", initials="AB", counted=False).suggestions[0]

    assert (first["slug"], first["lang"], first["owner"]) == ("fiets-gestolen", "nl", desk.owner)
    assert first["reply"]["parts"] == list(desk.reply.parts)
    assert first["reply"]["counts"] == [desk.reply.count]
    assert first["words"] == [list(pair) for pair in desk.words]
    assert first["validated_at"] == desk.validated_at.isoformat()
    assert (value["danger"], value["abstained"], value["kind"]["kind"]) == (None, "", "question")


def test_suggest_when_a_blank_is_open_says_which(town: Town) -> None:
    """What a person has to fill in is named, and the reply is not ready."""
    town.publish("fiets-gestolen", default="Kom langs in {blank:straat}.")
    reply = program(town.app, "agent").ask(STOLEN)["suggestions"][0]["reply"]

    assert (reply["blanks"], reply["open_blanks"], reply["ready"]) == (["straat"], ["straat"], False)


def test_suggest_when_danger_is_smelled_says_so_first(agent: Program) -> None:
    """It is the first thing in the object, with the numbers and whether to answer at all."""
    value = agent.ask(DANGER, "x")

    assert next(iter(value)) == "danger"
    assert value["danger"]["danger"]["level"] == "E1"
    assert ["Politie", "101"] in value["danger"]["numbers"]
    assert value["danger"]["replies"] is True and "101" in value["danger"]["text"]


def test_suggest_when_there_is_no_answer_says_why(agent: Program, shared_app: Flask) -> None:
    """A reason, in Dutch too, and who handles it when that is known; no suggestion."""
    referral = engine_of(shared_app).room.read()[0].referrals[0]
    value, referred = agent.ask("Wat is de wortel van 2 maal pi?"), agent.ask(referral.asked["nl"][0])

    assert value["suggestions"] == referred["suggestions"] == []
    assert value["abstained"] in ("below-line", "nothing-similar") and value["abstained_text"].endswith(".")
    assert (referred["abstained"], referred["referred"]["service"]) == ("referred", referral.service)


def test_suggest_when_an_answer_is_not_live_names_it(town: Town) -> None:
    """Its title, state and owner, so that somebody can be asked; never its text."""
    hide_held(town)
    (named,) = program(town.app, "agent").ask(DROPPED)["not_live"]

    assert (named["slug"], named["state"], named["owner"]) == ("zeppelin-weg", "on hold", "Onthaal")


def test_suggest_when_another_language_is_wanted_gives_it_to_read_by(agent: Program) -> None:
    """A French message is recognised; the answer goes out in the zone's language, with a translation as an aid."""
    value = agent.ask("On a volé mon vélo devant la gare, que faire ?", "email")
    said = agent.ask(STOLEN, "email", lang="nl", answer_lang="fr")

    assert (value["lang"], value["answer_lang"], value["suggestions"][0]["slug"]) == ("fr", "fr", "fiets-gestolen")
    assert (said["lang"], said["answer_lang"], said["suggestions"][0]["slug"]) == ("nl", "fr", "fiets-gestolen")


def test_suggest_when_asked_on_the_command_line_has_the_same_shape(agent: Program, shared_app: Flask) -> None:
    """There is one shape: what the API adds is the reason in Dutch."""
    home = str(engine_of(shared_app).settings.home)
    line = CliRunner().invoke(main, ["--home", home, "suggest", STOLEN, "--json"]).output.splitlines()[-1]
    typed, asked = json.loads(line), agent.ask(STOLEN)

    assert list(asked) == [*typed, "abstained_text"]
    assert asked["suggestions"] == typed["suggestions"]


def test_suggest_when_asked_is_counted_as_at_the_desk(town: Town) -> None:
    """One message more in the day's tally of its channel, answered or not."""
    asking = program(town.app, "agent")
    asking.ask(STOLEN, "whatsapp")
    asking.ask("blabla qwerty", "whatsapp")
    tallies = town.engine.room.store.usage.tallies()

    assert sorted((*key[1:], count) for key, count in tallies.items()) == [
        ("whatsapp", "abstained", 1),
        ("whatsapp", "suggested", 1),
    ]


def test_search_when_asked_gives_live_answers_by_words(agent: Program) -> None:
    """Hits with a plain snippet; in a language when asked."""
    value = agent.get("/api/v1/search?q=fiets&lang=nl").get_json()

    assert value["hits"][0]["slug"] == "fiets-gestolen"
    assert {hit["lang"] for hit in value["hits"]} == {"nl"}
    assert "\x02" not in json.dumps(value) and "\\u0002" not in json.dumps(value)


def test_answers_when_listed_are_those_that_an_answer_can_be_asked_of(agent: Program) -> None:
    """Each row says who vouches until when, and its address is there."""
    rows = agent.get("/api/v1/answers").get_json()["answers"]
    mine = next(row for row in rows if (row["slug"], row["lang"]) == ("fiets-gestolen", "nl"))
    value = agent.get("/api/v1/answers/fiets-gestolen/nl?channel=facebook").get_json()

    assert {row["slug"] for row in rows} >= {"fiets-gestolen", "nachtlawaai"}
    assert value["answer"] == mine and "nl" in mine["langs"] and mine["validated_at"] and mine["end"]
    assert value["reply"]["parts"] and value["sources"]
    assert set(value["facts"]) == set(value["reply"]["facts_used"])
    assert all(text in value["reply"]["text"] for text in value["facts"].values())


def test_answer_when_it_may_not_go_on_the_channel_is_refused(town: Town) -> None:
    """What is for a direct message goes under no public post."""
    town.publish("geheim-een", audience="private", default=CANARY)
    asking = program(town.app, "agent")

    refused = asking.get("/api/v1/answers/geheim-een/nl?channel=facebook")
    assert (refused.status_code, code_of(refused)) == (409, "reply.private-on-public")
    assert CANARY in asking.get("/api/v1/answers/geheim-een/nl?channel=whatsapp").text


# --- what it refuses ---

GOOD = {"message": STOLEN, "channel": "facebook"}
REFUSED: Mapping[str, tuple[bytes, int, str]] = {
    "nothing": (b"", 422, "api.json"),
    "not JSON": (b"message=fiets", 422, "api.json"),
    "not UTF-8": (b'{"message": "\xff\xfe\xff"}', 422, "api.json"),
    "a list": (b"[]", 422, "api.json"),
    "a list of pairs": (b'[["message", "x"]]', 422, "api.json"),
    "a text": (b'"fiets"', 422, "api.json"),
    "too deep": (b"[" * 100_000, 422, "api.json"),
    "unknown key": (json.dumps({**GOOD, "role": "administrator"}).encode(), 422, "api.field"),
    "missing key": (b'{"message": "fiets"}', 422, "api.field"),
    "twice": (b'{"message": "a", "message": "b", "channel": "x"}', 422, "api.field"),
    "number": (json.dumps({**GOOD, "message": 1}).encode(), 422, "api.field"),
    "object": (json.dumps({**GOOD, "message": {"a": 1}}).encode(), 422, "api.field"),
    "null": (json.dumps({**GOOD, "lang": None}).encode(), 422, "api.field"),
    "half a sign": (b'{"message": "\\ud800", "channel": "x"}', 422, "api.field"),
    "empty": (json.dumps({**GOOD, "message": " \n"}).encode(), 422, "api.empty"),
    "unknown channel": (json.dumps({**GOOD, "channel": "telegram"}).encode(), 404, "channel.unknown"),
    "unknown language": (json.dumps({**GOOD, "answer_lang": "es"}).encode(), 404, "language.unknown"),
    "too long": (json.dumps({**GOOD, "message": "x" * 20_001}).encode(), 413, "message.too-long"),
    "too large": (json.dumps({**GOOD, "message": "x" * 300_000}).encode(), 413, "http.413"),
}


@pytest.mark.parametrize(("body", "status", "code"), REFUSED.values(), ids=REFUSED)
def test_suggest_when_it_cannot_be_read_says_what_is_wrong(agent: Program, body: bytes, status: int, code: str) -> None:
    """A code, a message and a hint, both in Dutch; the object is closed."""
    answer = agent.send(body)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert set(answer.get_json()["error"]) == {"code", "message", "hint"}
    assert all(answer.get_json()["error"].values())


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/search", 422, "api.field"),
        ("/api/v1/search?q=a&q=b", 422, "api.field"),
        ("/api/v1/search?q=a&token=kb_x", 422, "api.field"),
        ("/api/v1/search?q=" + "x" * 4_001, 413, "query.too-long"),
        ("/api/v1/answers?status=draft", 422, "api.field"),
        ("/api/v1/answers/fiets-gestolen/nl", 422, "api.field"),
        ("/api/v1/answers/fiets-gestolen/nl?channel=nee", 404, "channel.unknown"),
        ("/api/v1/answers/fiets-gestolen/es?channel=x", 404, "language.unknown"),
        ("/api/v1/answers/bestaat-niet/nl?channel=x", 404, "answer.not-live"),
        ("/api/v1/suggest", 405, "http.405"),
        ("/api/v1/nee", 404, "http.404"),
        ("/api/", 404, "http.404"),
    ],
)
def test_address_when_it_is_none_of_ours_is_refused(agent: Program, path: str, status: int, code: str) -> None:
    """Errors are JSON everywhere under /api/, with every header of ours."""
    answer = agent.get(path)

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"


def test_host_when_not_ours_is_refused_as_json(agent: Program) -> None:
    """No other name leads to the API."""
    answer = agent.get("/api/v1/answers", base_url="http://evil.example")

    assert (answer.status_code, code_of(answer)) == (400, "http.400")


# --- who may ask ---


def test_endpoint_when_asked_without_a_good_token_is_refused(town: Town) -> None:
    """Wrong, ended, expired and of a closed account are one answer; none at all is another."""
    people, app = town.engine.people, town.app
    agent, editor = people.by_login("agent"), people.by_login("editor")
    expired = Program(app, people.new_token(agent))
    town.wait(days=91)
    ended, good, closed = (Program(app, people.new_token(who)) for who in (agent, agent, editor))
    people.end_token(agent, hashlib.sha256(ended.token.encode()).hexdigest()[:16])
    people.set_active("editor", False)
    wrong = [Program(app, secret) for secret in ("kb_" + "x" * 43, "é", "kb_")]

    for endpoint in API:
        answers = [one.call(endpoint) for one in (*wrong, expired, ended, closed)]
        told = {(one.status_code, one.text, one.headers["WWW-Authenticate"]) for one in answers}
        assert told == {(401, answers[0].text, "Bearer")} and code_of(answers[0]) == "token.bad"
        none = Program(app, "").call(endpoint)
        assert (none.status_code, code_of(none), none.headers["WWW-Authenticate"]) == (401, "token.none", "Bearer")
        assert good.call(endpoint).status_code in (200, 404)


def test_cookie_when_sent_counts_for_nothing(shared_app: Flask) -> None:
    """A session opens no endpoint; beside a token it is not looked at, and none is made."""
    visitor: Visitor = sign_in(shared_app, "validator")
    headers = {"Sec-Fetch-Site": "same-origin", "X-CSRF-Token": visitor.token}
    for endpoint, path in API.items():
        answer = visitor.client.open(path, method=methods_of(shared_app, endpoint)[0], headers=headers)
        assert (answer.status_code, code_of(answer)) == (401, "token.none")
        assert "Set-Cookie" not in answer.headers
    both = visitor.client.get("/api/v1/answers", headers=program(shared_app, "reader").headers())

    assert both.status_code == 200 and "Set-Cookie" not in both.headers
    assert "internal" not in {row["audience"] for row in both.get_json()["answers"]}


@pytest.mark.parametrize("login", Role)
def test_endpoint_when_asked_by_a_role_follows_the_table(shared_app: Flask, login: str) -> None:
    """A token is its person's: it opens what the table lets them ask."""
    asking = program(shared_app, login)
    answers = {endpoint: asking.call(endpoint) for endpoint in API}

    assert {endpoint: answer.status_code for endpoint, answer in answers.items()} == {
        endpoint: 200 if login in PERMISSIONS[endpoint] else 403 for endpoint in API
    }


def test_endpoint_when_the_token_is_not_for_it_is_refused(shared_app: Flask) -> None:
    """Each asks for its scope; one for everything opens all, and one for the API makes no move."""
    assert set(SCOPES) == set(API)
    for scopes in ({Scope.SUGGEST}, {Scope.READ}, {Scope.ALL}):
        asking = program(shared_app, "agent", frozenset(scopes))
        for endpoint in API:
            answer = asking.call(endpoint)
            fits = scopes & {SCOPES[endpoint], Scope.ALL}
            assert (answer.status_code, code_of(answer)) == ((200, "") if fits else (403, "token.scope"))
    with pytest.raises(NotAllowed, match="good for read,suggest"):
        engine_of(shared_app).people.by_token(program(shared_app, "agent").token)


def test_role_when_taken_away_is_gone_with_the_next_request(town: Town) -> None:
    """Nothing of a token is remembered."""
    asking = program(town.app, "agent")
    assert asking.call("api.suggest").status_code == 200
    town.engine.people.set_roles("agent", frozenset({Role.READER}), "ada")

    assert code_of(asking.call("api.suggest")) == "page.role"


def test_page_when_asked_with_a_token_is_refused(shared_app: Flask) -> None:
    """A token opens the API and nothing else, whatever its person may do; a session beside it does not help."""
    visitor = sign_in(shared_app, "administrator")
    headers = {**program(shared_app, "administrator", frozenset({Scope.ALL})).headers(), "Sec-Fetch-Site": "none"}
    for endpoint in (name for name in PAGES if name != "static"):
        for method in methods_of(shared_app, endpoint):
            answer = visitor.client.open(PATHS[endpoint], method=method, headers=headers)
            assert (answer.status_code, code_of(answer)) == (403, "token.page"), endpoint


def methods_of(app: Flask, endpoint: str) -> list[str]:
    """The methods of a route, without those that every route has."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint]
    return sorted({method for rule in rules for method in rule.methods or ()} - {"HEAD", "OPTIONS"})


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost"])
def test_answer_when_sent_carries_our_headers_and_no_foreign_page_may_read_it(agent: Program, origin: str) -> None:
    """No header of ours lets a page of elsewhere in, and nothing is kept on the way."""
    client = agent.app.test_client()
    for method in ("GET", "OPTIONS"):
        answer = client.open("/api/v1/answers", method=method, headers={**agent.headers(), "Origin": origin})
        assert [name for name in answer.headers if name[0].startswith("Access-Control")] == []
        assert HEADERS.items() <= dict(answer.headers).items()
        assert answer.headers["Cache-Control"] == "no-store"


def test_token_when_it_asks_too_often_waits(shared_app: Flask, agent: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one is told how long; another token goes on."""
    monkeypatch.setattr(bearer, "A_MINUTE", 3)
    monkeypatch.setattr(bearer.time, "monotonic", lambda: 130.0)
    answers = [agent.get("/api/v1/answers") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (code_of(answers[3]), answers[3].headers["Retry-After"]) == ("api.rate", "50")
    assert program(shared_app, "agent").get("/api/v1/answers").status_code == 200


def test_rate_when_a_minute_is_over_begins_again() -> None:
    """So many in one minute, and as many in the next."""
    rate = Rate()
    waits = [rate.take("een", 60.5) for _ in range(bearer.A_MINUTE + 1)]

    assert (waits[-2], waits[-1], rate.take("een", 119.9), rate.take("een", 120.0)) == (0, 60, 1, 0)


# --- what is live, at that second ---


def seen(town: Town, login: str = "agent") -> list[bool]:
    """Where a program sees the article that tests hide: the list, two searches, two replies, two advices."""
    asking = program(town.app, login)
    paths = [f"/api/v1/search?q=zeppelin+{CANARY}", f"/api/v1/search?q={CANARY}"]
    paths += [f"/api/v1/answers/zeppelin-weg/nl?channel={channel}" for channel in ("facebook", "email")]
    bodies = [json.dumps({"message": DROPPED, "channel": channel}).encode() for channel in ("facebook", "email")]
    answers = [*(asking.get(path) for path in paths), *(asking.send(body) for body in bodies)]
    listed = "zeppelin-weg" in asking.get("/api/v1/answers").text
    return [listed, *(CANARY in answer.text for answer in answers)]


@pytest.mark.parametrize("hide", [*HIDDEN, hide_replaced], ids=lambda hide: hide.__name__)
def test_text_when_it_may_not_go_out_is_in_no_answer(town: Town, hide: Callable[[House], None]) -> None:
    """On every endpoint, by the old index and by a new one; what is internal never to a reader."""
    hide(town)
    logins = ("reader",) if hide is hide_internal else ("reader", "agent")
    found = [seen(town, login) for login in logins]
    town.engine.build()
    found += [seen(town, login) for login in logins]

    # What was replaced has another text, which is live.
    assert found == [[hide is hide_replaced, *[False] * 6]] * len(found)


def test_text_when_internal_is_told_by_name_to_who_answers(town: Town) -> None:
    """An agent's program sees that it is there, as at the desk; a reader's meets nothing, not even a refusal of it."""
    hide_internal(town)
    agent_, reader = (program(town.app, login) for login in ("agent", "reader"))
    path = "/api/v1/answers/zeppelin-weg/nl?channel=email"

    assert [one["slug"] for one in agent_.ask(DROPPED)["internal"]] == ["zeppelin-weg"]
    assert [code_of(one.get(path)) for one in (agent_, reader)] == ["reply.internal", "answer.not-live"]
    named = [one.get("/api/v1/answers").text.count("zeppelin-weg") for one in (agent_, reader)]
    assert named == [1, 0]
    assert reader.get(f"/api/v1/search?q={CANARY}").get_json() == reader.get("/api/v1/search?q=qqqq").get_json()


def test_text_when_its_period_begins_and_ends_is_there_to_the_second(town: Town) -> None:
    """Not the second before its start, there from then on, gone at its end; nothing else happens meanwhile."""
    day = town.engine.now().astimezone(town.engine.tz).date()
    typed = {"valid_from": f"{day + timedelta(days=2)} 10:00", "valid_until": f"{day + timedelta(days=3)} 10:00"}
    town.publish("zeppelin-weg", title="Zeppelin ontsnapt uit de kazematten", default=CANARY, **typed)
    terms = town.engine.room.store.journal.history(article("zeppelin-weg")).revisions[-1].terms
    found = []
    for local in (terms.valid_from.moment, terms.valid_until.moment):
        # A demo's clock goes forward by whole seconds.
        for second in (-1, 1):
            moment = local.replace(tzinfo=town.engine.tz) + timedelta(seconds=second)
            town.engine.room.store.advance_clock(moment - town.engine.now())
            town.engine.build()
            found.append(seen(town))

    assert found == [[False] * 7, [True] * 7, [True] * 7, [False] * 7]


def test_text_when_held_is_gone_with_the_next_request(town: Town) -> None:
    """Nothing of an answer is kept between two requests."""
    ref = town.publish("zeppelin-weg", title="Zeppelin ontsnapt uit de kazematten", default=CANARY, build=True)
    assert all(seen(town))
    town.move("validator", Move.HOLD, ref)

    assert not any(seen(town))


# --- what is kept and told ---


def test_message_when_asked_is_in_no_log_and_no_file(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    """It passes through, also when it is refused or asked with a bad token."""
    canary, asking = "kanarie-85073003328-in-de-mijn", program(town.app, "agent")
    with caplog.at_level(logging.DEBUG):
        for channel in ("facebook", "whatsapp", "nergens"):
            asking.send(json.dumps({"message": f"{STOLEN} {canary}", "channel": channel}).encode())
        asking.send(json.dumps({"message": canary, "channel": "x", canary: "x"}).encode())
        asking.get(f"/api/v1/search?q={canary}")
        asking.get(f"/api/v1/answers/{canary}/nl?channel=x")
        Program(town.app, f"kb_{canary}").call("api.suggest")

    home = town.engine.settings.home
    assert canary not in caplog.text and asking.token not in caplog.text
    kept = [path for path in home.rglob("*") if path.is_file() for text in (canary, asking.token)]
    assert [path for path in kept if canary.encode() in path.read_bytes()] == []
    assert [path for path in kept if asking.token.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("error", [RuntimeError, "store"])
def test_failure_when_unforeseen_tells_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Any
) -> None:
    """JSON with a number that stands in the log, also while the store is away; never what was in the error."""
    asking = program(town.app, "agent")
    if error == "store":
        journal = town.engine.settings.store / "journal.db"
        journal.rename(journal.with_suffix(".away"))
        town.engine.room.store.engine.dispose()
    else:

        def fail(*args: object, **kwargs: object) -> None:
            raise RuntimeError(CANARY)

        monkeypatch.setattr(type(town.engine.desk), "advise", fail)
    with caplog.at_level(logging.ERROR):
        answer = asking.call("api.suggest")

    told = answer.get_json()["error"]
    assert (answer.status_code, told["code"]) == (500, "http.500")
    assert re.search(r"[0-9a-f]{8}", told["hint"]).group() in caplog.text
    assert CANARY not in answer.text + caplog.text and "journal" not in answer.text


def test_token_when_made_for_a_program_is_for_that_only(town: Town) -> None:
    """On one's account, and on the command line; what is none of the two is refused."""
    app, visitor = town.app, sign_in(town.app, "agent")
    page = visitor.post("/mijn-account/token", {"label": "postvak", "scope": "api"}).text
    made = Program(app, re.search(r'value="(kb_[\w-]{43})"', page).group(1))
    wrong = visitor.post("/mijn-account/token", {"label": "x", "scope": "admin"})
    home = str(engine_of(app).settings.home)
    line = ["--home", home, "people", "token", "agent", "--scope", "suggest"]
    printed = Program(app, CliRunner().invoke(main, line).output.strip())

    assert "enkel voor de API" in visitor.page("/mijn-account")
    assert made.call("api.suggest").status_code == made.call("api.answers").status_code == 200
    assert wrong.status_code == 422
    assert (printed.call("api.suggest").status_code, code_of(printed.call("api.answers"))) == (200, "token.scope")
    with pytest.raises(NotAllowed):
        engine_of(app).people.by_token(made.token)


# --- the paper ---


def examples() -> list[list[str]]:
    """The arguments of every curl in the paper."""
    return [shlex.split(line)[1:] for line in PAPER.splitlines() if line.startswith("curl ")]


@pytest.mark.parametrize("arguments", examples(), ids=lambda arguments: arguments[-1].rpartition("/")[2])
def test_example_when_typed_works(agent: Program, arguments: list[str]) -> None:
    """What the paper shows is answered, for every endpoint."""
    path = arguments[-1].removeprefix("http://127.0.0.1:8000")
    assert arguments[:3] == ["-s", "-H", "Authorization: Bearer $KB_TOKEN"]
    answer = agent.send(arguments[4].encode()) if "--json" in arguments else agent.get(path)

    assert answer.status_code == 200
    assert len(examples()) == len(API)


def test_paper_when_read_names_every_field_and_code(agent: Program) -> None:
    """No field of an answer is left unexplained, and no code is made up."""
    rows = [line.split("|")[1] for line in PAPER.splitlines() if line.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    value = agent.ask(STOLEN)
    codes = {
        code
        for line in PAPER.splitlines()
        if re.match(r"\| \d{3} ", line)
        for code in re.findall(r"`([a-z-]+\.[a-z0-9-]+)`", line)
    }

    assert set(value) | set(value["suggestions"][0]) <= told
    assert {code for code in codes if code not in MESSAGES} == set()
    assert str(bearer.A_MINUTE) in PAPER
