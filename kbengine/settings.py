"""Where a deployment stands: folder, addresses, processes. The only reader of the environment.

What a zone decides is not here but in `zone.toml`, where it is vouched for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kbengine.errors import SettingsError

PREFIX = "KB_"
PROJECT = Path(__file__).resolve().parent.parent
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _setting(default: Any, description: str, least: int = 1, *, shown: bool = True) -> Any:
    return field(default=default, repr=shown, metadata={"help": description, "least": least})


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its default; `KB_HOME`, `KB_PORT` … in the environment change them."""

    home: Path = _setting(PROJECT / "var" / "demo", "folder of one zone's store and editions")
    database: str = _setting(
        "", "PostgreSQL database that holds the record, empty for a file in the home", least=0, shown=False
    )
    source: Path = _setting(PROJECT / "kb", "folder of texts that seeds an empty demo store")
    host: str = _setting("127.0.0.1", "address the pages are served on")
    port: int = _setting(8000, "port of the pages")
    workers: int = _setting(2, "processes that serve pages")
    datasette_port: int = _setting(8001, "port of the public answers in Datasette, 0 for none", least=0)
    copies_days: int = _setting(730, "days that is kept which answers were handed out")
    clock_minutes: int = _setting(5, "minutes by which the clock may jump ahead before nothing new begins")
    clock_days: int = _setting(30, "days after which a machine that starts asks whether its clock is right")
    encoder: str = _setting("", "sentence encoder beside the words: a folder or a hub name, empty for none", least=0)
    encoder_download: bool = _setting(False, "whether an encoder that is not on this machine is fetched: yes or no")
    smtp_host: str = _setting("", "mail server for reminders, empty for none: no mail and no network", least=0)
    smtp_port: int = _setting(587, "port of the mail server")
    smtp_starttls: bool = _setting(True, "whether mail goes encrypted or not at all: yes or no")
    smtp_from: str = _setting("", "address that mail comes from", least=0)
    smtp_user: str = _setting("", "login at the mail server, empty for none; only over an encrypted line", least=0)
    smtp_password: str = _setting("", "password at the mail server", least=0, shown=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The defaults, changed by the environment; raises SettingsError on an unknown name or bad value."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in (os.environ if environment is None else environment).items()
            if name.startswith(PREFIX) and name != PREFIX + "TOKEN"
        }
        return cls().changed(**given)

    def changed(self, **given: object) -> Settings:
        """These settings with some changed; texts are read as the field's type. Raises SettingsError."""
        known = {setting.name: setting for setting in fields(self)}
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in known:
                hint = "Known: " + ", ".join(PREFIX + key.upper() for key in known) + "."
                raise SettingsError("setting.unknown", f"There is no setting {PREFIX}{name.upper()}.", hint)
            values[name] = _read(name, value, type(getattr(self, name)), known[name].metadata["least"])
        return replace(self, **values)

    @property
    def store(self) -> Path:
        """The record; never deleted by the product."""
        return self.home / "store"

    @property
    def editions(self) -> Path:
        """Derived: what is offered and found."""
        return self.home / "editions"

    @property
    def corpus(self) -> Path:
        """Derived: the fixed file that Datasette serves."""
        return self.home / "corpus.db"

    @property
    def neighbours(self) -> Path:
        """Derived: what was read of texts to lay them beside each other, and what is found between them."""
        return self.home / "neighbours"

    @property
    def tables(self) -> Path:
        """Derived: the lemma tables that all processes share."""
        return self.home / "tables"

    @property
    def vectors(self) -> Path:
        """Derived: the vectors of the questions, kept so that one that changed is one that is encoded."""
        return self.home / "vectors.npz"

    @property
    def url(self) -> str:
        """The address of the pages."""
        return "http://" + self.address(self.port)

    @property
    def datasette_url(self) -> str:
        """The address of the public answers, empty when they are not served."""
        return "http://" + self.address(self.datasette_port) if self.datasette_port else ""

    def address(self, port: int) -> str:
        """Host and port as one text; an IPv6 address stands in brackets."""
        return f"[{self.host}]:{port}" if ":" in self.host else f"{self.host}:{port}"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the pages."""
        return self.host in LOOPBACK


def _read(name: str, value: object, kind: type, least: int) -> object:
    text, variable = str(value), PREFIX + name.upper()
    if kind is int:
        if text.isascii() and text.isdigit() and least <= int(text) < 65_536:
            return int(text)
        hint = f"It must be a whole number from {least} to 65535."
        raise SettingsError("setting.value", f"{variable} is {text!r}.", hint)
    if kind is bool:
        if text.lower() in _YES_NO:
            return _YES_NO[text.lower()]
        raise SettingsError("setting.value", f"{variable} is {text!r}.", "It must be yes or no.")
    if not text.strip() and least:
        # Read as a path, an empty text would be the folder somebody happens to stand in.
        raise SettingsError("setting.value", f"{variable} is empty.", "Give it a value, or leave it out.")
    return Path(text).absolute() if issubclass(kind, Path) else text
