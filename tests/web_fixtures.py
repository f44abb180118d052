"""The pages over a demo store, and a visitor per role; a plugin of the tests of the pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from homes import copy_home
from web_app import Visitor, engine_of, sign_in

from kbengine.history import Role
from kbengine.settings import Settings
from web import create_app


@pytest.fixture
def app(demo: Settings) -> Iterator[Flask]:
    """The pages over a store of the test's own."""
    made = create_app(demo)
    yield made
    engine_of(made).close()


@pytest.fixture
def visit(app: Flask) -> Callable[[str], Visitor]:
    """Signs somebody in by their role's name."""
    return lambda login: sign_in(app, login)


@pytest.fixture(scope="session")
def shared_app(demo_master: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The pages over one store for every test that changes no text."""
    home = copy_home(demo_master, tmp_path_factory.mktemp("pages") / "home")
    made = create_app(Settings(home=home))
    yield made
    engine_of(made).close()


@pytest.fixture(scope="session")
def crew(shared_app: Flask) -> dict[str, Visitor]:
    """One visitor per role at the shared pages, and "" for nobody in particular."""
    return {login: sign_in(shared_app, login) for login in ("", *sorted(Role))}
