"""Where a deployment stands: defaults, changed by the environment, loudly wrong when wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from kbengine.errors import SettingsError
from kbengine.settings import Settings


def test_settings_when_nothing_is_said_are_a_demo_on_this_machine():
    """Out of the box the product keeps to a folder of its own and to this machine."""
    settings = Settings.from_environment({})

    assert settings == Settings()
    assert settings.loopback
    assert settings.home.parts[-2:] == ("var", "demo")


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("KB_HOME", "/srv/kb", Path("/srv/kb")),
        ("KB_SOURCE", "teksten", Path("teksten").absolute()),
        ("KB_HOST", "0.0.0.0", "0.0.0.0"),  # noqa: S104 - a value to read, nothing listens
        ("KB_PORT", "80", 80),
        ("KB_WORKERS", "4", 4),
        ("KB_DATASETTE_PORT", "0", 0),
        ("KB_ENCODER", "modellen/klein", "modellen/klein"),
        ("KB_ENCODER", "", ""),
        ("KB_ENCODER_DOWNLOAD", "Yes", True),
        ("KB_ENCODER_DOWNLOAD", "no", False),
    ],
)
def test_setting_when_in_the_environment_is_taken_over(variable, text, expected):
    """Every field can be set by its name in capitals."""
    name = variable.removeprefix("KB_").lower()

    assert getattr(Settings.from_environment({variable: text}), name) == expected


def test_environment_when_it_holds_other_things_is_not_read():
    """Only KB_ names count, and the token of a person is no setting."""
    assert Settings.from_environment({"PORT": "9", "KB_TOKEN": "kb_x", "kb_port": "7"}) == Settings()


def test_setting_when_unknown_is_refused_with_the_known_ones():
    """A name that was mistyped is an error, not a default."""
    with pytest.raises(SettingsError, match=r"no setting KB_PROT\..*KB_PORT") as refused:
        Settings.from_environment({"KB_PROT": "80"})

    assert refused.value.code == "setting.unknown"


@pytest.mark.parametrize("text", ["", "tachtig", "-1", "8e3", "80.0", "65536", "٨٠", " 80", "0x50"])
def test_port_when_not_a_number_of_a_port_is_refused(text):
    """A port is a whole number from 1 to 65535, in plain digits."""
    with pytest.raises(SettingsError, match=r"KB_PORT is .* whole number"):
        Settings.from_environment({"KB_PORT": text})


@pytest.mark.parametrize("variable", ["KB_PORT", "KB_WORKERS"])
def test_number_when_nothing_could_be_served_with_it_is_refused(variable):
    """No pages on port 0, and none by zero processes; only Datasette can be left out."""
    with pytest.raises(SettingsError, match=f"{variable} is '0'"):
        Settings.from_environment({variable: "0"})


@pytest.mark.parametrize("variable", ["KB_HOME", "KB_SOURCE", "KB_HOST"])
def test_text_when_empty_is_refused(variable):
    """An empty variable is a mistake: read as a path it would be the folder one happens to be in."""
    with pytest.raises(SettingsError, match=f"{variable} is empty"):
        Settings.from_environment({variable: " "})


@pytest.mark.parametrize("text", ["", "ja", "2", "yes please"])
def test_yes_or_no_when_neither_is_refused(text):
    """Whether something may be fetched is never guessed."""
    with pytest.raises(SettingsError, match=r"KB_ENCODER_DOWNLOAD is .* yes or no"):
        Settings.from_environment({"KB_ENCODER_DOWNLOAD": text})


@pytest.mark.parametrize(
    ("host", "loopback", "url"),
    [
        ("127.0.0.1", True, "http://127.0.0.1:8000"),
        ("localhost", True, "http://localhost:8000"),
        ("::1", True, "http://[::1]:8000"),
        ("192.0.2.7", False, "http://192.0.2.7:8000"),
    ],
)
def test_address_when_shown_can_be_followed(host, loopback, url):
    """The addresses of pages and public answers are whole, also for IPv6."""
    settings = Settings(host=host)

    assert (settings.loopback, settings.url) == (loopback, url)
    assert settings.datasette_url == url.replace("8000", "8001")


def test_datasette_when_left_out_has_no_address():
    """Port 0 means that the public answers are not served."""
    assert Settings(datasette_port=0).datasette_url == ""


def test_places_when_asked_stand_in_the_home():
    """The record and everything derived from it are in one folder."""
    settings = Settings(home=Path("/srv/kb"))

    places = (settings.store, settings.editions, settings.tables, settings.corpus, settings.vectors)

    assert {path.parent for path in places} == {settings.home}


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_field_when_listed_says_what_it_is_for(field):
    """Every setting has a help text."""
    assert field.metadata["help"]
