"""A visitor of the pages, who keeps a cookie and a token; what the tests of the pages share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kbengine.engine import Engine
from kbengine.history import Role

OWN = {"Sec-Fetch-Site": "same-origin"}
FETCH = {**OWN, "X-Requested-With": "fetch"}
STOLEN = "mijn fiets is gestolen"
DANGER = "Help, er staat nu iemand met een mes aan onze deur!"
ANSWER = {"slug": "fiets-gestolen", "lang": "nl", "channel": "facebook", "number": "1", "first_name": ""}


@dataclass
class Visitor:
    """Somebody at a browser: keeps the cookie and the token of their session."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, headers: Mapping[str, str] = OWN) -> TestResponse:
        """Open a page."""
        return self.client.get(path, headers=headers, buffered=True)

    def post(
        self,
        path: str,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] = OWN,
        token: str | None = None,
    ) -> TestResponse:
        """Send a form with the session's token, or with another one."""
        sent = {"csrf_token": self.token if token is None else token, **(data or {})}
        return self.client.post(path, data=sent, headers=headers)

    def page(self, path: str) -> str:
        """The text of a page that must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def cookie(self) -> str:
        """The session's secret, as the browser keeps it."""
        kept = self.client.get_cookie("kb_session")
        return kept.value if kept else ""


def engine_of(app: Flask) -> Engine:
    """The engine behind an app."""
    engine: Engine = app.extensions["kbengine"]
    return engine


def token_in(page: str) -> str:
    """The session's token as a page carries it, empty when it has none."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return found.group(1) if found else ""


def code_of(answer: TestResponse) -> str:
    """The code of a refusal, "" when it was none."""
    return str((answer.get_json(silent=True) or {}).get("error", {}).get("code", ""))


def new_link(app: Flask, login: str) -> str:
    """The path of a one-time link; a reader is made when asked for."""
    people = engine_of(app).people
    if login == "reader" and all(person.login != login for person in people.all()):
        people.add(login, "Lezer (voorbeeld)", frozenset({Role.READER}))
    return "/in/" + people.new_link(people.by_login(login))


def sign_in(app: Flask, login: str) -> Visitor:
    """Somebody who came in by a one-time link; "" is somebody who did not."""
    visitor = Visitor(app.test_client())
    if login:
        path = new_link(app, login)
        visitor.token = token_in(visitor.page(path))
        assert visitor.post(path).status_code == 303
        visitor.token = token_in(visitor.page("/fiches"))
    return visitor
