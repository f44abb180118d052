"""What is refused, in which shape, and what is never told or kept."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask
from web_app import ANSWER, FETCH, OWN, STOLEN, Visitor, code_of, engine_of, sign_in

from kbengine.errors import StoreError
from web.errors import STATUSES
from web.messages import MESSAGES, explain

pytest_plugins = ["web_fixtures"]

CANARY = "kanarie-85073003328-in-de-mijn"


@pytest.mark.parametrize("headers", [OWN, FETCH], ids=["page", "script"])
def test_page_when_not_there_says_so_in_one_shape(crew: dict[str, Visitor], headers: dict[str, str]) -> None:
    """A page for a person, JSON for a script, with the same code."""
    answer = crew["agent"].get("/bestaat-niet", headers=headers)

    assert answer.status_code == 404
    assert "http.404" in answer.text
    if headers is FETCH:
        assert set(answer.get_json()["error"]) == {"code", "message", "hint"}


def test_method_when_wrong_is_named(crew: dict[str, Visitor]) -> None:
    """The answer says which methods there are."""
    answer = crew["agent"].get("/kopieer", headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (405, "http.405")
    assert "POST" in answer.headers["Allow"]


def test_statuses_when_listed_go_from_narrow_to_wide() -> None:
    """No line of the table hides behind a wider one before it."""
    kinds = [kind for kind, _ in STATUSES]

    assert [k for n, k in enumerate(kinds) if any(issubclass(k, before) for before in kinds[:n])] == []


@pytest.mark.parametrize(
    ("path", "data", "code"),
    [
        ("/", {"message": "x" * 20_001, "channel": "facebook"}, "message.too-long"),
        ("/zoeken", {"text": "x" * 4_001}, "query.too-long"),
        ("/", {"message": "x" * 300_000, "channel": "facebook"}, "http.413"),
        ("/", {"message": "x" * 1_100_000, "channel": "facebook"}, "http.413"),
    ],
    ids=["message", "search", "form", "body"],
)
def test_text_when_too_large_is_refused(crew: dict[str, Visitor], path: str, data: dict[str, str], code: str) -> None:
    """Every size has its limit, and the answer says which."""
    answer = crew["agent"].post(path, data, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (413, code)


def test_form_when_it_has_too_many_parts_is_refused(crew: dict[str, Visitor]) -> None:
    """A hundred parts are enough for any form of ours."""
    parts = {f"blank:{n}": "x" for n in range(101)}

    answer = crew["agent"].client.post("/kopieer", data=parts, headers=FETCH, content_type="multipart/form-data")

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "data",
    [{}, {"message": "x"}, {"message": "x", "channel": "x", "role": "administrator"}, {"message": ["x", "y"]}],
    ids=["empty", "missing", "surplus", "twice"],
)
def test_form_when_it_is_not_the_one_we_made_is_refused(crew: dict[str, Visitor], data: dict[str, str]) -> None:
    """A form is closed: each field once, none unknown."""
    answer = crew["agent"].post("/", data, headers=FETCH)

    assert (answer.status_code, code_of(answer)) == (422, "form.field")


@pytest.mark.parametrize("channel", ["telegram", "", "facebook'--", "../etc"])
def test_channel_when_unknown_is_refused(crew: dict[str, Visitor], channel: str) -> None:
    """A channel that does not exist is an answer of 404, not a failure."""
    assert crew["agent"].post("/", {"message": "fiets", "channel": channel}, headers=FETCH).status_code == 404


@pytest.mark.parametrize("number", ["", "-1", "1e3", "½", "9" * 40])
def test_number_when_it_is_none_is_refused(crew: dict[str, Visitor], number: str) -> None:
    """What is not a number never reaches the engine."""
    answer = crew["agent"].post("/kopieer", {**ANSWER, "number": number}, headers=FETCH)

    assert code_of(answer) == "form.field"


@pytest.fixture(params=[RuntimeError, StoreError], ids=["a bug", "a broken store"])
def broken(app: Flask, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Visitor:
    """An agent at pages whose engine fails with a message in its error."""

    def fail(*args: object, **kwargs: object) -> None:
        arguments = ("store.copy", f"{CANARY} in /srv/kb") if request.param is StoreError else (CANARY,)
        raise request.param(*arguments)

    visitor = sign_in(app, "agent")
    monkeypatch.setattr(type(engine_of(app).desk), "advise", fail)
    return visitor


@pytest.mark.parametrize("headers", [OWN, FETCH], ids=["page", "script"])
def test_failure_when_unforeseen_tells_nothing(
    broken: Visitor, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    """Neither the answer nor the log holds what was in the error; both hold its number."""
    with caplog.at_level(logging.DEBUG):
        answer = broken.post("/", {"message": CANARY, "channel": "facebook"}, headers=headers)

    number = caplog.records[-1].getMessage().rpartition("(")[2].rstrip(")")
    assert answer.status_code == 500
    assert number in answer.text
    assert all(word not in answer.text for word in (CANARY, "/srv", "Traceback", "RuntimeError", "StoreError"))
    assert CANARY not in caplog.text


def test_message_when_answered_is_in_no_log_and_no_file(
    app: Flask, visit: Callable[[str], Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    """What a citizen wrote passes through: suggestions, search, blanks, refusals, nothing keeps it."""
    agent = visit("agent")
    with caplog.at_level(logging.DEBUG):
        for channel in ("facebook", "messenger", "nergens"):
            agent.post("/", {"message": f"{STOLEN} {CANARY}", "channel": channel})
        agent.post("/zoeken", {"text": CANARY})
        for path in ("/antwoord", "/kopieer"):
            assert agent.post(path, {**ANSWER, "channel": "messenger", "first_name": CANARY}).status_code == 200
        agent.post("/kopieer", {**ANSWER, "blank:straat": CANARY, "surplus": CANARY})
        agent.get(f"/fiche/{CANARY}/nl")

    home = engine_of(app).settings.home
    assert CANARY not in caplog.text
    assert [path for path in home.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()] == []


@pytest.mark.parametrize("code", MESSAGES)
def test_message_when_filled_in_is_a_sentence(code: str) -> None:
    """Every text can be filled in, also with nothing, and ends as a sentence."""
    what, hint = explain(code, {})

    assert what
    assert hint[-1] in '.!?"'


def test_message_when_its_code_is_unknown_names_the_code(shared_app: Flask) -> None:
    """A code that nobody translated can still be reported."""
    with shared_app.test_request_context("/"):
        assert "iets.nieuws" in explain("iets.nieuws", {})[0]
