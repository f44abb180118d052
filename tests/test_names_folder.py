"""Names in a folder of texts: a store made from it knows them, and a folder from before a rename still fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import article

from kbengine.engine import Engine
from kbengine.history import Role
from kbengine.journal import create
from kbengine.settings import Settings

pytest_plugins = ["town"]


@pytest.fixture
def empty(tmp_path):
    """An empty store with an editor in it."""
    settings = Settings(home=tmp_path / "empty")
    create(settings.store, demo=True).close()
    engine = Engine.open(settings)
    engine.people.add("eva", "Eva", frozenset({Role.EDITOR}))
    yield engine
    engine.close()


def files(root: Path) -> set[str]:
    """The articles and question files of a folder."""
    return {path.name for place in ("articles/*/*.md", "questions/*.toml") for path in root.glob(place)}


def test_export_when_imported_elsewhere_keeps_names_and_where_they_lead(town, empty, tmp_path):
    """Files have the names of now; a chain of names and a merge lead on in the new store, and again out of it."""
    town.engine.renaming.rename(town.people["editor"], "brug", "brug-open")
    town.engine.renaming.rename(town.people["editor"], "brug-open", "de-brug")
    town.engine.renaming.merge(town.people["editor"], "dijk", "de-brug")
    town.engine.files.export(tmp_path / "out")
    assert {"de-brug.nl.md", "de-brug.fr.md", "de-brug.toml"} <= files(tmp_path / "out")
    assert not {"brug.nl.md", "dijk.nl.md", "brug.toml"} & files(tmp_path / "out")

    eva = empty.people.by_login("eva")
    done = empty.files.bring_in(eva, tmp_path / "out")
    assert done.whole
    leads = {name: empty.renaming.leads(name) for name in ("brug", "brug-open", "dijk", "de-brug")}
    assert set(leads.values()) == {"de-brug"}
    assert empty.reading.article("brug", "fr").ref == article("de-brug", "fr")
    assert empty.files.bring_in(eva, tmp_path / "out").drafts == ()
    before = (tmp_path / "out" / "names.toml").read_bytes()
    empty.files.export(tmp_path / "again", drafts=True)
    assert (tmp_path / "again" / "names.toml").read_bytes() == before
    empty.room.store.verify()


def test_import_when_the_folder_is_of_before_a_rename_is_the_same_article(town, tmp_path):
    """Its files are no new texts; what was changed in one becomes a draft of the article under its name of now."""
    root, editor = tmp_path / "kb", town.people["editor"]
    town.engine.files.export(root, drafts=True)
    town.engine.renaming.rename(editor, "brug", "brug-open")
    assert town.engine.files.bring_in(editor, root).drafts == ()
    old = next(root.glob("articles/*/brug.nl.md"))
    old.write_text(old.read_text().replace("dicht", "weer open"))
    drafts = town.engine.files.bring_in(editor, root).drafts
    assert len(drafts) == 1
    assert [line.number for line in town.engine.editing.lines(article("brug-open"))] == [3, 2, 1]

    town.engine.files.export(root, drafts=True)
    assert {"brug-open.nl.md", "brug-open.toml"} <= files(root)
    assert not {"brug.nl.md", "brug.fr.md", "brug.toml"} & files(root)
    assert town.engine.files.bring_in(editor, root).drafts == ()


def test_import_when_names_lead_nowhere_or_are_no_names_says_so(town, tmp_path):
    """Told as warnings and errors with their file; the rest goes in, and nothing that exists is taken over."""
    root, editor = tmp_path / "kb", town.people["editor"]
    town.engine.files.export(root, drafts=True)
    (root / "names.toml").write_text('[renamed]\nsluis = "niets"\nbrug = "dijk"\nbrugje = "brug"\n[anders]\nx = "y"\n')
    told = {problem.code for problem in town.engine.files.bring_in(editor, root).told}
    assert told == {"names.table", "names.not-led"}
    assert [town.engine.renaming.leads(name) for name in ("brug", "brugje", "sluis")] == ["brug", "brug", "sluis"]
