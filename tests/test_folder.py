"""Texts cross between a folder and the journal as drafts; what cannot cross is named, and nothing is half done."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cast import article_text
from homes import new_store

from kbengine.article import Kind, Ref, digest
from kbengine.engine import Engine
from kbengine.errors import ChainBroken, InvalidDocument, KBError, NotFound, StoreError, WorkflowError, WrongStore
from kbengine.folder import (
    export_folder,
    import_folder,
    latest_texts,
    read_common,
    read_decisions,
    read_folder,
    seed_demo,
    write_common,
)
from kbengine.history import Role
from kbengine.journal import exists
from kbengine.settings import Settings

KB = Path(__file__).parent.parent / "kb"
NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
ZONE = 'name = "Zone Testdal"\nlanguages = ["nl", "fr"]\n\n[owners]\nonthaal = "Onthaal"\n'
EXAMPLE_ZONE = (
    'name = "Zone Voorbeeld"\nexample = true\n\n[owners]\nonthaal = "Onthaal"\n\n'
    '[example_people.editor]\nname = "Ed"\nroles = ["editor"]\n'
    '[example_people.validator]\nname = "Val"\nroles = ["validator"]\n'
)
FACT = '[zone_phone]\nkind = "phone"\nvalue = "014 11 22 33"\nlabel = "Nummer"\nowner = "onthaal"\nsource = "zone"\n'
BIKE = "articles/diefstal/fiets-gestolen.nl.md"
BIKE_REF = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
SMALL = {"zone.toml": ZONE, "facts.toml": FACT, BIKE: article_text()}


def plant(root, tree):
    """A folder from a dict of file names and texts."""
    for name, text in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


@pytest.fixture
def store(tmp_path):
    """An empty real store with one editor in it."""
    made = new_store(tmp_path / "store", demo=False)
    made.accounts.add("ann", "Ann", frozenset({Role.EDITOR}))
    yield made
    made.close()


@pytest.fixture
def demo_store(tmp_path):
    """An empty demo store."""
    made = new_store(tmp_path / "demo", demo=True)
    yield made
    made.close()


def bring_in(store, root):
    known = read_common(root, store.origin())
    done = import_folder(store, read_folder(root), store.accounts.by_login("ann"), known=known)
    write_common(root, store.origin(), known | done.common)
    return done


def files(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def codes(root):
    return {(problem.code, problem.file) for problem in read_folder(root).problems}


# --- reading ---


def test_folder_when_it_has_no_zone_is_no_folder_of_texts(tmp_path):
    """Without zone.toml nobody meant this folder."""
    with pytest.raises(NotFound, match="not a folder of texts"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("articles/diefstal/x.nl.md", b"\xff\xd8\xff\xe0JFIF", "file.encoding"),
        ("articles/diefstal/x.nl.md", b"", "header.missing"),
        ("articles/diefstal/x.nl.md", b"---\n", "header.unclosed"),
        ("articles/diefstal/x.nl.md", b"\xef\xbb\xbf" + article_text().encode(), "file.bom"),
        ("articles/diefstal/x.nl.md", b"x" * 20_001, "file.too-large"),
        ("articles/diefstal/x.nl.md", article_text().replace("public", "publiek"), "header.value"),
        ("articles/diefstal/geen-taal.md", article_text(), "name.language"),
        ("articles/diefstal/.md", article_text(), "name.bad"),
        ("articles/diefstal/-rf.nl.md", article_text(), "name.bad"),
        ("articles/diefstal/..%2f..%2fx.nl.md", article_text(), "name.bad"),
        ("articles/diefstal/a\nb.nl.md", article_text(), "name.bad"),
        (f"articles/diefstal/{'a' * 249}.nl.md", article_text(), "name.bad"),
        ("articles/Diefstal Twee/x.nl.md", article_text(), "name.bad"),
        ("articles/x.nl.md", article_text(), "file.misplaced"),
        ("articles/diefstal/diep/x.nl.md", article_text(), "file.misplaced"),
        ("questions/Slecht.toml", 'nl = ["wat"]', "name.bad"),
        ("questions/diep/x.toml", 'nl = ["wat"]', "file.misplaced"),
        ("questions/x.toml", "nl = [", "toml.syntax"),
        ("facts.toml", "[zone_phone", "toml.syntax"),
        ("zone.toml", "name = 7", "zone.name"),
    ],
)
def test_file_when_it_cannot_be_read_is_named(tmp_path, name, text, code):
    """One bad file is a problem with its name, never a crash and never passed over in silence."""
    assert (code, name) in codes(plant(tmp_path, SMALL | {name: text}))


def test_file_when_it_is_a_folder_is_named(tmp_path):
    """A folder with a text's name is a problem too."""
    (plant(tmp_path, SMALL) / "articles/diefstal/x.nl.md").mkdir()

    assert codes(tmp_path) == {("file.unreadable", "articles/diefstal/x.nl.md")}


@pytest.mark.parametrize("name", ["articles/diefstal/x.nl.md", "questions/x.toml", "facts.toml", "zone.toml"])
def test_link_when_met_is_not_followed(tmp_path, name):
    """A symbolic link to a sound text outside the folder is refused, whatever it is called."""
    outside = plant(tmp_path / "elders", {"geheim": SMALL.get(name, article_text())}) / "geheim"
    path = plant(tmp_path / "kb", SMALL) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.symlink_to(outside)

    assert ("file.link", name) in codes(tmp_path / "kb")


def test_link_when_it_stands_for_a_theme_is_not_followed(tmp_path):
    """Nor is a link in the place of a whole folder."""
    plant(tmp_path / "articles-secret", {"x.nl.md": article_text()})
    (plant(tmp_path / "kb", SMALL) / "articles/secret").symlink_to(tmp_path / "articles-secret")

    assert ("file.link", "articles/secret/x.nl.md") in codes(tmp_path / "kb")


def test_text_when_it_stands_under_two_themes_is_named(tmp_path):
    """Two files for one text: only one of them could count, so neither does."""
    again = "articles/verkeer/fiets-gestolen.nl.md"

    assert codes(plant(tmp_path, SMALL | {again: article_text()})) == {("name.twice", again)}


# --- import ---


def test_import_when_new_makes_drafts(tmp_path, store):
    """Every text comes in as a first revision of whoever imports it; nobody has decided on it."""
    done = bring_in(store, plant(tmp_path / "kb", SMALL))
    histories = store.journal.snapshot()[1]

    assert set(done.added) == set(histories)
    assert {len(history.revisions) for history in histories.values()} == {1}
    assert not any(history.decisions for history in histories.values())


def test_import_when_repeated_changes_nothing(tmp_path, store):
    """The same folder twice adds no line."""
    bring_in(store, plant(tmp_path / "kb", SMALL))
    head = store.journal.head()
    done = bring_in(store, tmp_path / "kb")

    assert (done.added, done.older, len(done.unchanged)) == ((), (), 3)
    assert store.journal.head() == head


def test_import_when_another_copy_is_older_names_it_and_keeps_the_newer(tmp_path, store):
    """A text that the store has left behind is known, in a folder that never met this store too, and stays out."""
    bring_in(store, plant(tmp_path / "kb", SMALL))
    bring_in(store, plant(tmp_path / "kb", {BIKE: article_text(body="Nieuwer.")}))
    done = bring_in(store, plant(tmp_path / "copy", SMALL))

    assert done.older == (BIKE_REF,)
    assert "Nieuwer." in store.journal.history(BIKE_REF).latest.text


def test_import_when_only_the_theme_changed_moves_the_text(tmp_path, store):
    """A file that was moved to another theme is a change, though its text is the same."""
    bring_in(store, plant(tmp_path / "kb", SMALL))
    (tmp_path / "kb/articles/diefstal").rename(tmp_path / "kb/articles/verkeer")
    done = bring_in(store, tmp_path / "kb")

    assert done.added == (BIKE_REF,)
    assert store.journal.history(BIKE_REF).latest.theme == "verkeer"


def test_import_when_one_file_is_bad_writes_nothing(tmp_path, store):
    """All problems are told, and no other text has come in."""
    head = store.journal.head()
    with pytest.raises(InvalidDocument, match="1 problems stand in the way") as refused:
        bring_in(store, plant(tmp_path / "kb", SMALL | {"questions/x.toml": "nl = ["}))

    assert [problem.code for problem in refused.value.problems] == ["toml.syntax"]
    assert store.journal.head() == head


def test_import_when_a_header_claims_to_be_approved_is_refused(tmp_path, store):
    """State never comes from a file."""
    text = article_text("status: approved", "approved_by: chef")
    with pytest.raises(InvalidDocument, match="2 problems stand in the way"):
        bring_in(store, plant(tmp_path / "kb", SMALL | {BIKE: text}))


@pytest.mark.parametrize(
    ("name", "text", "match"),
    [
        ("zone.toml", EXAMPLE_ZONE, "example zone cannot enter"),
        ("facts.toml", FACT.replace("014 11 22 33", "03 000 00 01"), "are examples and reach nobody: zone_phone"),
        ("facts.toml", FACT.replace("014 11 22 33", "https://zone.example/x"), "are examples and reach nobody"),
    ],
)
def test_import_when_it_holds_examples_is_refused_by_a_real_store(tmp_path, store, name, text, match):
    """No example zone and no number that reaches nobody gets into a store that people rely on."""
    with pytest.raises(WrongStore, match=match):
        bring_in(store, plant(tmp_path / "kb", SMALL | {name: text}))

    assert store.journal.snapshot()[1] == {}


def test_import_when_decisions_come_along_believes_none(tmp_path, store):
    """A real store takes the texts; what the folder says about them is not even read."""
    line = {"ref": str(BIKE_REF), "digest": "0" * 64, "move": "validate", "by": "ann", "days_ago": 1}
    bring_in(store, plant(tmp_path / "kb", SMALL | {"decisions/x.jsonl": json.dumps(line)}))

    assert store.journal.history(BIKE_REF).decisions == ()


# --- export ---


def export(store, root):
    head, histories = store.journal.snapshot()
    export_folder(root, latest_texts(histories), head.hash)
    return files(root)


def test_export_when_imported_before_gives_the_same_bytes(tmp_path, demo_store):
    """Everything of kb/ comes out as it went in; only the register of facts is put in order."""
    demo_store.accounts.add("ann", "Ann", frozenset({Role.EDITOR}))
    import_folder(demo_store, read_folder(KB), demo_store.accounts.by_login("ann"))
    out = export(demo_store, tmp_path / "out")
    ours = {name: text for name, text in files(KB).items() if not name.startswith("decisions/")}
    changed = {name for name in out.keys() | ours.keys() if out.get(name) != ours.get(name)}

    assert changed == {"facts.toml", "journal-head.txt"}
    assert sorted(map(str, read_folder(tmp_path / "out").facts)) == sorted(map(str, read_folder(KB).facts))


def test_export_when_imported_elsewhere_gives_the_same_bytes(tmp_path, demo_store):
    """Out, into another store and out again: not one byte differs, but for the head."""
    demo_store.accounts.add("ann", "Ann", frozenset({Role.EDITOR}))
    import_folder(demo_store, read_folder(KB), demo_store.accounts.by_login("ann"))
    first = export(demo_store, tmp_path / "first")
    other = new_store(tmp_path / "other", demo=True)
    other.accounts.add("ann", "Ann", frozenset({Role.EDITOR}))
    import_folder(other, read_folder(tmp_path / "first"), other.accounts.by_login("ann"))
    second = export(other, tmp_path / "second")
    other.close()

    assert {n: t for n, t in first.items() if n != "journal-head.txt"} == {
        n: t for n, t in second.items() if n != "journal-head.txt"
    }


def test_export_when_written_carries_a_head_that_verifies(tmp_path, store):
    """The head in the folder is a line of this journal, and of no other."""
    bring_in(store, plant(tmp_path / "kb", SMALL))
    head = export(store, tmp_path / "out")["journal-head.txt"].decode().strip()

    assert store.verify(head).hash == head
    with pytest.raises(ChainBroken, match="no line has the known head"):
        store.verify("f" * 64)


@pytest.mark.parametrize(
    ("ref", "theme"),
    [
        (Ref(Kind.QUESTIONS, "../../x"), ""),
        (Ref(Kind.ARTICLE, "../../../x", "nl"), "diefstal"),
        (Ref(Kind.ARTICLE, "x", "nl"), "../../.."),
    ],
)
def test_export_when_a_name_leads_outside_writes_nothing(tmp_path, ref, theme):
    """Whatever a journal holds, an export stays in its folder."""
    with pytest.raises(StoreError, match="outside"):
        export_folder(tmp_path / "out", [(BIKE_REF, "diefstal", "x\n"), (ref, theme, "x\n")], "0" * 64)

    assert files(tmp_path) == {}


def test_export_when_a_theme_is_a_link_is_refused(tmp_path):
    """A link that somebody put in the folder does not lead the export astray."""
    (tmp_path / "elders").mkdir()
    (tmp_path / "out/articles").mkdir(parents=True)
    (tmp_path / "out/articles/diefstal").symlink_to(tmp_path / "elders")
    with pytest.raises(StoreError, match="outside"):
        export_folder(tmp_path / "out", [(BIKE_REF, "diefstal", "x\n")], "0" * 64)


# --- seeding ---


def seed_tree(**changed):
    """A small example folder whose article was submitted and validated."""
    tree = {"zone.toml": EXAMPLE_ZONE, BIKE: article_text()}
    lines = [
        {"ref": str(BIKE_REF), "digest": digest(BIKE_REF, article_text()), "move": move, "by": by, "days_ago": days}
        | changed
        for move, by, days in (("submit", "editor", 9), ("validate", "validator", 8))
    ]
    return tree | {"decisions/fiets-gestolen.jsonl": "".join(json.dumps(line) + "\n" for line in lines)}


def test_seed_when_the_text_is_the_one_named_believes_the_decision(tmp_path, demo_store):
    """An example decision counts for exactly the text whose digest it names."""
    seed_demo(demo_store, plant(tmp_path / "kb", seed_tree()), NOW)

    assert [d.move for d in demo_store.journal.history(BIKE_REF).decisions] == ["submit", "validate"]


def test_seed_when_one_byte_differs_believes_nothing(tmp_path, demo_store):
    """A changed text is a draft, whatever the folder says."""
    seed_demo(demo_store, plant(tmp_path / "kb", seed_tree() | {BIKE: article_text(body="Doe aangifte!")}), NOW)

    assert demo_store.journal.history(BIKE_REF).decisions == ()


def test_seed_when_the_decision_is_forbidden_is_refused(tmp_path, demo_store):
    """Also in an example nobody vouches for a text of their own."""
    with pytest.raises(WorkflowError, match="may not validate"):
        seed_demo(demo_store, plant(tmp_path / "kb", seed_tree(by="editor")), NOW)


def test_seed_when_the_store_is_real_is_refused(tmp_path, store):
    """A real store is never filled with examples."""
    with pytest.raises(WrongStore, match="Only a demo store"):
        seed_demo(store, plant(tmp_path / "kb", seed_tree()), NOW)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"7",
        b"\xff",
        b"{}",
        b'{"ref": "a", "digest": "b", "move": "vouch", "by": "c", "days_ago": 1}',
        b'{"ref": "a", "digest": "b", "move": "submit", "by": "c", "days_ago": "gisteren"}',
    ],
)
def test_decision_line_when_it_cannot_be_read_is_named(tmp_path, line):
    """A bad line is one clear refusal with its file and number."""
    with pytest.raises(InvalidDocument, match=r"decisions/x\.jsonl:1 is not a decision"):
        list(read_decisions(plant(tmp_path, {"decisions/x.jsonl": line})))


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"zone.toml": "name = 7"}, r"zone\.toml cannot be read"),
        ({"zone.toml": EXAMPLE_ZONE.replace("example_people.editor", "example_people.ed")}, "have no editor"),
        ({"zone.toml": EXAMPLE_ZONE.replace('"validator"]', '"boss"]')}, "roles that do not exist: boss"),
        ({"questions/x.toml": "nl = ["}, "1 problems stand in the way"),
        (seed_tree(by="iemand"), "nobody is called iemand"),
    ],
)
def test_seed_when_the_folder_is_bad_leaves_nothing(tmp_path, changed, match):
    """A demo that cannot be filled is not there, and is filled once the folder is right."""
    settings = Settings(home=tmp_path / "home", source=plant(tmp_path / "kb", seed_tree() | changed))
    with pytest.raises(InvalidDocument, match=match):
        Engine.open(settings, demo=True)
    assert not exists(settings.store)

    plant(tmp_path / "kb", seed_tree())
    shutil.rmtree(tmp_path / "kb/questions", ignore_errors=True)
    Engine.open(settings, demo=True).close()


def test_seed_when_killed_half_way_starts_again(tmp_path, monkeypatch):
    """Whatever a seeding that died left behind, nobody opens it."""
    settings = Settings(home=tmp_path / "home", source=plant(tmp_path / "kb", seed_tree()))
    monkeypatch.setattr("kbengine.engine.room.seed_demo", _die)
    with pytest.raises(KeyboardInterrupt, match="killed"):
        Engine.open(settings, demo=True)
    assert not exists(settings.store)

    monkeypatch.undo()
    opened = Engine.open(settings, demo=True)
    assert [line.ref for line in opened.reading.overview()] == [BIKE_REF]
    opened.close()


def _die(store, _root, now):
    store.accounts.add("half", "Half", frozenset({Role.EDITOR}), at=now)
    raise KeyboardInterrupt("killed")


def test_seed_when_a_store_folder_holds_something_else_keeps_it(tmp_path):
    """The record is never deleted: a store that lost its database is looked at by a person."""
    settings = Settings(home=tmp_path, source=plant(tmp_path / "kb", seed_tree()))
    kept = plant(settings.store, {"secret": "sleutel"}) / "secret"
    with pytest.raises(KBError, match="no finished store"):
        Engine.open(settings, demo=True)

    assert kept.read_text(encoding="utf-8") == "sleutel"
