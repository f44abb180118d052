"""What a request carries: the engine, the session, the person; the one place that unpacks Flask's globals."""

from __future__ import annotations

from typing import cast

from flask import current_app, g, request
from werkzeug.routing import MapAdapter

from kbengine.article import Zone
from kbengine.engine import Engine, Person, Session

FETCH = "fetch"
# The field of a form that proves it is of this session.
TOKEN = "csrf_token"  # noqa: S105
API = "/api/"


def engine() -> Engine:
    """The engine of this app."""
    return cast(Engine, current_app.extensions["kbengine"])


def zone() -> Zone:
    """The zone's policy, the same for the whole request."""
    if "zone" not in g:
        g.zone = engine().zone
    return cast(Zone, g.zone)


def session() -> Session | None:
    """The browser's session, or None."""
    return cast("Session | None", g.get("session"))


def visitor() -> Person | None:
    """Who is signed in, or whose program asks the API, or None."""
    found = session()
    return found.person if found else cast("Person | None", g.get("program"))


def person() -> Person:
    """Who is signed in, on a page that the permission table keeps for people who are."""
    found = visitor()
    if found is None:
        raise RuntimeError(f"{request.endpoint} is open, so it cannot count on a person")
    return found


def router() -> MapAdapter:
    """Which view answers a path of this app."""
    return current_app.url_map.bind(request.host)


def on_api() -> bool:
    """Whether the address is one of the API, there or not."""
    return request.path.startswith(API)


def bearer() -> str:
    """The token that a request carries in its header, "" without one."""
    given = request.authorization
    return (given.token or "") if given is not None and given.type == "bearer" else ""


def for_program() -> bool:
    """Whether a program asks, our own script or another: errors are JSON then."""
    return is_fetch() or on_api() or bool(bearer())


def is_fetch() -> bool:
    """Whether our own script asks: errors are JSON then, and nothing is redirected."""
    return request.headers.get("X-Requested-With") == FETCH
