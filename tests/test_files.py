"""People who write in files: what changed where, compared in three; nothing of anybody is lost on the way."""

from __future__ import annotations

import json
import shutil

import pytest
from conftest import House
from test_cli import Shell, said

from kbengine.article import Kind, Ref
from kbengine.engine import Files
from kbengine.errors import InvalidDocument, StoreError
from kbengine.folder import Take
from kbengine.history import Move, Revision

BIKE = Ref(Kind.ARTICLE, "fiets-gestolen", "nl")
NOISE = Ref(Kind.ARTICLE, "nachtlawaai", "nl")
PHONE = Ref(Kind.FACT, "zone_phone")
BIKE_FILE = "articles/diefstal/fiets-gestolen.nl.md"
ASIDE = ".kb/mine/" + BIKE_FILE


class Desk:
    """An editor with a checked-out folder of texts beside a small demo house."""

    def __init__(self, house: House, root):
        self.house, self.root = house, root
        self.files: Files = house.engine.files

    def bring_in(self, *only, login="editor", **how):
        return self.files.bring_in(self.house.people[login], self.root, only=only, **how)

    def export(self, **how):
        return self.files.export(self.root, drafts=True, **how)

    def text(self, file=BIKE_FILE):
        return (self.root / file).read_text(encoding="utf-8")

    def change(self, old, new, file=BIKE_FILE):
        assert old in self.text(file)
        (self.root / file).write_text(self.text(file).replace(old, new), encoding="utf-8")

    def newest(self, ref=BIKE) -> Revision:
        return self.house.engine.room.store.journal.history(ref).latest

    def in_store(self, body, login="second"):
        """Somebody changes the article on the page."""
        self.house.save("fiets-gestolen", login=login, default=body)


@pytest.fixture
def desk(hamlet: House, tmp_path):
    """A folder exported a moment ago."""
    made = Desk(hamlet, tmp_path / "texts")
    made.export()
    return made


def codes(done):
    return [(problem.code, problem.file) for problem in done.told]


# --- which side changed ---


def test_import_when_nothing_changed_writes_nothing(desk):
    """A folder that was just exported is in step."""
    head = desk.house.engine.room.store.journal.head()
    done = desk.bring_in()

    assert (done.drafts, done.told, done.whole) == ((), (), True)
    assert desk.house.engine.room.store.journal.head() == head


def test_import_when_only_the_file_changed_drafts_it_again_and_again(desk):
    """Each edit of a file is a revision of whoever imports it, also one that goes back to an older text."""
    before = desk.text()
    for number, body in ((2, "Eerst."), (3, "Dan.")):
        (desk.root / BIKE_FILE).write_text(before.replace("Kom langs", f"{body} Kom langs"), encoding="utf-8")
        assert [(one.ref, one.number) for one in desk.bring_in().drafts] == [(BIKE, number)]
    (desk.root / BIKE_FILE).write_text(before, encoding="utf-8")

    assert [one.number for one in desk.bring_in().drafts] == [4]
    assert desk.newest().author == desk.house.people["editor"].id


def test_import_when_only_the_store_changed_says_so_and_leaves_both(desk):
    """A file that nobody touched does not cover what somebody wrote on the page."""
    before = desk.text()
    desk.in_store("Op de pagina geschreven.")
    done = desk.bring_in()

    assert (codes(done), done.whole) == ([("import.newer", BIKE_FILE)], True)
    assert "revision 2, by Tweede redacteur" in done.told[0].message
    assert (desk.text(), desk.newest().number) == (before, 2)


def test_import_when_both_changed_is_a_conflict_with_line_revisions_and_name(desk):
    """Neither is overwritten, the rest goes in, and the store's text lies ready to be compared."""
    desk.in_store("Op de pagina geschreven.")
    desk.change("Kom langs", "In het bestand: kom langs")
    desk.change("Kom langs", "Stil! Kom langs", "articles/overlast/nachtlawaai.nl.md")
    mine = desk.text()
    done = desk.bring_in()
    clash = done.told[0]

    assert [one.ref for one in done.drafts] == [NOISE]
    assert (clash.code, clash.file, clash.level) == ("import.conflict", BIKE_FILE, "error")
    assert "Kom langs".lower() in mine.splitlines()[clash.line - 1].lower()
    assert (clash.fields["base"], clash.fields["store"], clash.fields["by"]) == ("1", "2", "Tweede redacteur")
    assert (desk.text(), desk.newest().number) == (mine, 2)
    assert (desk.root / clash.fields["side"]).read_text(encoding="utf-8") == desk.newest().text
    assert codes(desk.bring_in()) == codes(done)


def test_import_when_nobody_knows_the_base_is_a_conflict_unless_the_store_had_the_text(desk, tmp_path):
    """A bare copy of the folder: old texts are known for what they are, a changed one is not guessed at."""
    desk.in_store("Op de pagina geschreven.")
    copy = Desk(desk.house, tmp_path / "copy")
    shutil.copytree(desk.root, copy.root, ignore=shutil.ignore_patterns(".kb"))
    copy.change("Kom langs", "Gokje: kom langs", "articles/overlast/nachtlawaai.nl.md")
    done = copy.bring_in()

    assert sorted(codes(done)) == [
        ("import.newer", BIKE_FILE),
        ("import.no-base", "articles/overlast/nachtlawaai.nl.md"),
    ]
    assert desk.newest(NOISE).number == 1


def test_import_when_a_colleague_pulls_what_was_imported_elsewhere_is_in_step(desk, tmp_path):
    """Two clones of one folder: what came in from one is no change of the other once git brought it there."""
    clone = Desk(desk.house, tmp_path / "clone")
    shutil.copytree(desk.root, clone.root)
    desk.change("Kom langs", "Versie twee: kom langs")
    desk.bring_in()
    shutil.copy(desk.root / BIKE_FILE, clone.root / BIKE_FILE)
    desk.change("Versie twee", "Versie drie")
    desk.bring_in(login="second")

    assert codes(clone.bring_in()) == [("import.newer", BIKE_FILE)]
    clone.change("Versie twee", "Versie vier")
    assert codes(clone.bring_in()) == [("import.conflict", BIKE_FILE)]


def test_import_when_a_fact_clashes_names_its_line_and_takes_the_others(desk):
    """Values are compared one by one, in whatever order their register holds them."""
    facts = desk.text("facts.toml")
    more = "\n" + facts.replace("zone_phone", "zone_press").replace("03 000 00 01", "03 000 00 09")
    (desk.root / "facts.toml").write_text(f"# onze waarden\n{facts}{more}".replace("00 01", "00 02"), encoding="utf-8")
    with desk.house.engine.room.store.journal.write() as writer:
        text, terms = desk.newest(PHONE).text.replace("00 01", "00 03"), desk.newest(PHONE).terms
        writer.save(PHONE, text, "", desk.house.people["second"].id, terms, 1)
    done = desk.bring_in()

    assert [str(one.ref) for one in done.drafts] == ["fact/zone_press"]
    assert [(one.code, one.file, one.line) for one in done.told] == [("import.conflict", "facts.toml", 2)]


# --- settling ---


@pytest.fixture
def clash(desk):
    """The article changed in the file at its end, and in the store at its title."""
    desk.change("Kom langs", "In het bestand: kom langs")
    newest = desk.newest()
    with desk.house.engine.room.store.journal.write() as writer:
        text = newest.text.replace("title: fiets gestolen", "title: Fiets kwijt")
        writer.save(BIKE, text, newest.theme, desk.house.people["second"].id, newest.terms, 1)
    assert codes(desk.bring_in()) == [("import.conflict", BIKE_FILE)]
    return desk


@pytest.mark.parametrize(
    ("take", "number", "title", "body"),
    [
        (Take.FILE, 3, "fiets gestolen", "In het bestand: kom langs"),
        (Take.STORE, 2, "Fiets kwijt", "Kom langs"),
        (Take.MERGED, 3, "Fiets kwijt", "In het bestand: kom langs"),
    ],
)
def test_conflict_when_settled_is_what_was_asked_on_both_sides(clash, take, number, title, body):
    """One side, the other, or both changes in one; afterwards folder and store say the same, and it stays so."""
    mine = clash.text()
    done = clash.bring_in(take=take)

    assert (done.told, clash.newest().number) == ((), number)
    assert clash.text() == clash.newest().text
    assert f"title: {title}" in clash.text()
    assert body in clash.text()
    kept = take is Take.FILE or (clash.root / ASIDE).read_text(encoding="utf-8") == mine
    assert kept, "the file's own text is gone"
    assert (clash.bring_in().drafts, clash.bring_in().told) == ((), ())
    assert not (clash.root / ".kb/store" / BIKE_FILE).exists()


def test_conflict_when_the_same_lines_changed_cannot_be_merged(desk):
    """It says so, and both texts are still there."""
    desk.change("Kom langs", "In het bestand: kom langs")
    desk.in_store("Op de pagina geschreven.")
    mine = desk.text()
    with pytest.raises(InvalidDocument, match="cannot be merged") as refused:
        desk.bring_in(take=Take.MERGED)

    assert [problem.code for problem in refused.value.problems] == ["import.unmerged"]
    assert (desk.text(), desk.newest().number) == (mine, 2)


def test_conflict_when_somebody_saves_while_it_is_settled_is_one_again(clash):
    """What a person never saw is not covered by their choice."""
    clash.bring_in(NOISE)
    clash.in_store("Nog later op de pagina.")
    clash.bring_in(take=Take.FILE)

    assert clash.newest().number == 4
    assert "Nog later" in clash.house.engine.room.store.journal.history(BIKE).revisions[2].text


def test_take_store_when_named_brings_a_deleted_or_changed_file_back(desk):
    """As `git checkout -- FILE` would; what stood there is put aside."""
    before, noise = desk.text(), desk.root / "articles/overlast/nachtlawaai.nl.md"
    desk.change("Kom langs", "Weg ermee")
    noise.unlink()
    done = desk.bring_in(BIKE, NOISE, take=Take.STORE)

    assert (done.drafts, done.told) == ((), ())
    assert (desk.text(), noise.exists()) == (before, True)
    assert "Weg ermee" in (desk.root / ASIDE).read_text(encoding="utf-8")


# --- files that go, move and are renamed ---


def test_import_when_a_file_is_deleted_says_so_until_it_is_out_of_use(desk):
    """A file that went is no decision: the text stays as it was."""
    (desk.root / BIKE_FILE).unlink()
    done = desk.bring_in()

    assert (codes(done), done.drafts, done.whole) == ([("import.gone", BIKE_FILE)], (), True)
    assert desk.house.engine.reading.article("fiets-gestolen", "nl").live_number == 1
    desk.house.move("editor", Move.ARCHIVE, BIKE)
    assert desk.bring_in().told == ()


def test_import_when_a_file_is_renamed_says_what_it_became(desk):
    """The new name is a new draft; the old text stays, and is not archived by itself."""
    (desk.root / BIKE_FILE).rename(desk.root / "articles/diefstal/fiets-weg.nl.md")
    done = desk.bring_in()

    assert [str(one.ref) for one in done.drafts] == ["article/fiets-weg.nl"]
    assert codes(done) == [("import.renamed", BIKE_FILE)]
    assert done.told[0].fields["became"] == "article/fiets-weg.nl"
    assert [decision.move for decision in desk.house.engine.room.store.journal.history(BIKE).decisions][
        -1
    ] == "validate"


def test_import_when_a_file_is_moved_is_a_draft_that_says_where_it_stood(desk):
    """Another theme is a change of the text; exporting afterwards leaves one file of it."""
    (desk.root / "articles/fietsen").mkdir()
    (desk.root / BIKE_FILE).rename(desk.root / "articles/fietsen/fiets-gestolen.nl.md")
    done = desk.bring_in()
    desk.export()

    assert [(one.file, one.moved_from) for one in done.drafts] == [("articles/fietsen/fiets-gestolen.nl.md", BIKE_FILE)]
    assert done.told == ()
    assert [path.parent.name for path in desk.root.rglob("fiets-gestolen.nl.md")] == ["fietsen"]


def test_export_when_a_text_moved_in_the_store_takes_the_old_file_away(desk):
    """No text stands in two files afterwards, which the next import would stumble over."""
    newest = desk.newest()
    with desk.house.engine.room.store.journal.write() as writer:
        writer.save(BIKE, newest.text, "fietsen", desk.house.people["second"].id, newest.terms, 1)
    desk.export()

    assert [path.parent.name for path in desk.root.rglob("fiets-gestolen.nl.md")] == ["fietsen"]
    assert desk.bring_in().told == ()


# --- files with errors ---


def test_import_when_a_file_is_bad_takes_the_others_only_if_asked(desk):
    """All problems are told; a half import is a choice."""
    desk.change("title:", "titel:")
    desk.change("Kom langs", "Stil! Kom langs", "articles/overlast/nachtlawaai.nl.md")
    with pytest.raises(InvalidDocument, match="stand in the way"):
        desk.bring_in()
    done = desk.bring_in(partial=True)

    assert [one.ref for one in done.drafts] == [NOISE]
    assert {problem.file for problem in done.told} == {BIKE_FILE}
    assert not done.whole


def test_import_when_texts_are_named_looks_at_those_only(desk):
    """Another file's error or change does not stand in the way, and waits."""
    desk.change("title:", "titel:")
    desk.change("Kom langs", "Stil! Kom langs", "articles/overlast/nachtlawaai.nl.md")
    desk.change("Kom langs", "Betaal. Kom langs", "articles/verkeer/verkeersboete-betalen.nl.md")

    assert [one.ref for one in desk.bring_in(NOISE).drafts] == [NOISE]


# --- out ---


def test_export_when_a_file_was_not_imported_names_it_and_writes_nothing(desk):
    """Nothing of anybody is overwritten unasked, and asked it is put aside."""
    desk.change("Kom langs", "Nog niet geïmporteerd: kom langs")
    desk.house.save("nachtlawaai", default="Nieuw in de kluis.")
    with pytest.raises(StoreError, match=BIKE_FILE):
        desk.export()
    assert "Nieuw in de kluis" not in desk.text("articles/overlast/nachtlawaai.nl.md")

    done = desk.export(overwrite=True)
    assert done.aside == (ASIDE,)
    assert "Nog niet" in (desk.root / ASIDE).read_text(encoding="utf-8")
    assert "Nieuw in de kluis" in desk.text("articles/overlast/nachtlawaai.nl.md")
    assert desk.bring_in().told == ()


def test_export_when_a_file_cannot_be_read_does_not_write_over_it(desk):
    """Half-written is somebody's work too."""
    (desk.root / BIKE_FILE).write_bytes(b"---\ntitle: \xff")
    with pytest.raises(StoreError, match="not imported"):
        desk.export()


def test_export_when_values_changed_keeps_the_rest_of_their_register(desk):
    """Comments and the order of facts.toml are somebody's too; only the table that changed is written."""
    (desk.root / "facts.toml").write_text("# van ons\n\n" + desk.text("facts.toml"), encoding="utf-8")
    with desk.house.engine.room.store.journal.write() as writer:
        text, terms = desk.newest(PHONE).text.replace("00 01", "00 03"), desk.newest(PHONE).terms
        writer.save(PHONE, text, "", desk.house.people["second"].id, terms, 1)
    desk.export()

    assert desk.text("facts.toml").startswith("# van ons\n\n[zone_phone]")
    assert "03 000 00 03" in desk.text("facts.toml")


def test_export_when_only_live_texts_are_written_brings_no_old_text_back(desk):
    """The live text is older than a draft: an import afterwards says so, and goes back to nothing."""
    desk.in_store("Concept van een ander.")
    desk.files.export(desk.root)
    done = desk.bring_in()

    assert (done.drafts, codes(done)) == ((), [("import.newer", BIKE_FILE)])


def test_folder_when_its_memory_is_of_another_store_is_not_believed(desk):
    """A number of another store says nothing here."""
    memory = desk.root / ".kb/base.json"
    memory.write_text(memory.read_text(encoding="utf-8").replace('"store": "', '"store": "f'), encoding="utf-8")
    desk.change("Kom langs", "Gokje: kom langs")

    assert codes(desk.bring_in()) == [("import.no-base", BIKE_FILE)]


@pytest.mark.parametrize("noise", [b"", b"{", b"[]", b'{"store": 1, "texts": []}', b"\xff"])
def test_folder_when_its_memory_is_broken_loses_nothing(desk, noise):
    """It is as if there were none."""
    desk.change("Kom langs", "Gokje: kom langs")
    (desk.root / ".kb/base.json").write_bytes(noise)

    assert codes(desk.bring_in()) == [("import.no-base", BIKE_FILE)]


def test_folder_when_its_memory_leads_outside_is_refused(desk, tmp_path):
    """A link that came with somebody's clone does not make us write elsewhere."""
    shutil.move(desk.root / ".kb", tmp_path / "elders")
    (desk.root / ".kb").symlink_to(tmp_path / "elders")

    with pytest.raises(StoreError, match="link to somewhere else"):
        desk.bring_in()


# --- as it is typed ---


@pytest.fixture
def shell(hamlet, tmp_path, monkeypatch):
    """A shell in a folder with exported texts."""
    monkeypatch.chdir(tmp_path)
    made = Shell(hamlet, tmp_path)
    assert made.run("export texts --drafts").exit_code == 0
    return made


def test_command_when_both_changed_exits_1_with_the_conflict_and_settles_it(shell):
    """What a person in a shell sees: file and line, both revisions, who; then one word settles it."""
    path = shell.here / "texts" / BIKE_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("Kom langs", "Bestand: kom langs"), encoding="utf-8")
    shell.hamlet.save("fiets-gestolen", login="second", default="Pagina.")
    result = shell.run("import texts --json", "editor")

    assert result.exit_code == 1
    assert (
        f"{BIKE_FILE}:9: error import.conflict: article/fiets-gestolen.nl changed here since revision 1"
        in result.output
    )
    assert (said(result)["conflicts"], said(result)["drafts"]) == (1, [])
    settled = shell.run("import texts fiets-gestolen --take file", "editor")
    assert (settled.exit_code, settled.output.splitlines()[0]) == (0, "draft     article/fiets-gestolen.nl: revision 3")


def test_command_when_an_export_would_lose_something_exits_1(shell):
    """The file is named, and the way out."""
    path = shell.here / "texts" / BIKE_FILE
    path.write_text(path.read_text(encoding="utf-8").replace("Kom langs", "Bestand: kom langs"), encoding="utf-8")
    refused, done = shell.run("export texts --drafts"), shell.run("export texts --drafts --overwrite")

    assert (refused.exit_code, BIKE_FILE in refused.output, "--overwrite" in refused.output) == (1, True, True)
    assert (done.exit_code, ASIDE in done.output) == (0, True)


def test_memory_when_read_by_a_person_has_a_line_for_each_text(shell):
    """It is plain, and git leaves it alone."""
    memory = shell.here / "texts/.kb"
    texts = json.loads((memory / "base.json").read_text(encoding="utf-8"))["texts"]

    assert texts["fact/zone_phone"][1] == "facts.toml"
    assert (memory / ".gitignore").read_text(encoding="utf-8") == "*\n"
