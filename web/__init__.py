"""The pages: Flask over the engine, and nothing deeper."""

from __future__ import annotations

from flask import Flask
from flask_babel import Babel

from kbengine.engine import Engine
from kbengine.settings import Settings
from web import (
    account,
    api,
    bulk,
    clock,
    crisis,
    day,
    desk,
    due,
    editor,
    effects,
    errors,
    facts,
    history,
    kinds,
    learning,
    line,
    marks,
    names,
    neighbours,
    people,
    reading,
    referrals,
    registers,
    rescue,
    review,
    show,
    start,
    unsaved,
    vouching,
)
from web.security import secure

__all__ = ["create_app"]


def create_app(settings: Settings | None = None, *, follow: bool = False) -> Flask:
    """The app of one zone; raises RuntimeError when a route has no permission, StoreError without a store.

    With `follow` it keeps up with decisions and editions also when nobody asks anything.
    """
    settings = settings or Settings.from_environment()
    app = Flask(__name__)
    engine = Engine.open(settings)
    engine.warm()
    if follow:
        engine.follow()
    app.extensions["kbengine"] = engine
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.config["BABEL_DEFAULT_TIMEZONE"] = engine.zone.timezone.key
    Babel(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    for room in (
        desk,
        day,
        learning,
        marks,
        reading,
        history,
        editor,
        unsaved,
        effects,
        neighbours,
        registers,
        referrals,
        facts,
        kinds,
        line,
        crisis,
        clock,
        start,
        vouching,
        review,
        due,
        bulk,
        names,
        account,
        people,
        api,
    ):
        app.register_blueprint(room.blueprint)
    show.register(app, settings)
    errors.register(app)
    rescue.register(app)
    secure(app, settings)
    return app
