"""The search over one edition: what it finds, for whom, and what it does with hostile texts and directories."""

from __future__ import annotations

import os
import pickle
import shutil
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from whoosh import index

from kbengine import search as room
from kbengine.article import Audience
from kbengine.errors import StoreError
from kbengine.search import MARK_END, MARK_START, Document, Hits, SearchIndex, write_index

EVERY = frozenset(Audience)
PUBLIC = frozenset({Audience.PUBLIC})


def document(slug: str, title: str, text: str = "", **fields: object) -> Document:
    plain = Document(slug, "nl", "diefstal", "onthaal", Audience.PUBLIC, title, text)
    return replace(plain, **fields)


BIKE = document(
    "fiets-gestolen",
    "Fiets gestolen",
    "Geef de diefstal van je fiets aan bij ons loket.\n\nStaat je fiets in mybike? Zet hem op gestolen.",
    questions=("mijn velo is gepikt aan het station",),
)
CARD = document("bankkaart", "Bankkaart blokkeren", "Bel Card Stop en geef de diefstal aan.", theme="geld")
NOISE = document("nachtlawaai", "Lawaai van de buren", "Spreek je buur aan of bel ons.", theme="overlast")
BIKE_FR = document("fiets-gestolen", "Vélo volé", "Déclarez le vol de votre vélo au guichet.", lang="fr")
SECRET = document("intern", "Afspraken", "Zeldzaamwoord staat enkel hier.", audience=Audience.INTERNAL)
DIRECT = document("prive", "Dossier opvragen", "Stuur ons je dossiernummer privé.", audience=Audience.PRIVATE)
DOCUMENTS = (BIKE, CARD, NOISE, BIKE_FR, SECRET, DIRECT)


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    directory = tmp_path_factory.mktemp("search") / "index"
    write_index(DOCUMENTS, directory)
    return SearchIndex.open(directory)


def slugs(hits: Hits) -> list[str]:
    return [hit.slug for hit in hits.hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fiets", "fiets-gestolen"),
        ("FIETSEN?", "fiets-gestolen"),
        ("velo gepikt", "fiets-gestolen"),
        ("fietsdiefstal", "fiets-gestolen"),
        ("kaart blokkeren", "bankkaart"),
        ("lawaai van mijn buurman", "nachtlawaai"),
    ],
)
def test_search_when_asked_in_other_forms(search: SearchIndex, text: str, expected: str) -> None:
    """Inflection, street spelling, the questions people ask and the parts of a compound all find the answer."""
    assert expected == search.search(text, EVERY, "nl").hits[0].slug


@pytest.mark.parametrize("text", ["gesto", "bankk", "fiets ges", "blokker"])
def test_search_when_last_word_is_still_typed(search: SearchIndex, text: str) -> None:
    """The beginning of a word finds the documents that have the word, and says so."""
    hit = search.search(text, EVERY, "nl").hits[0]
    assert hit.slug in ("fiets-gestolen", "bankkaart")
    assert text.split()[-1] in hit.terms


def test_search_when_typed_word_begins_a_compound(tmp_path: Path) -> None:
    """What is typed stands for the whole compound, not for the other words it is made of."""
    write_index([document("a", "Belastingbrief"), document("b", "Brief"), document("c", "Belasting")], tmp_path / "i")
    assert sorted(slugs(SearchIndex.open(tmp_path / "i").search("belas", EVERY))) == ["a", "c"]


def test_search_when_word_is_finished(search: SearchIndex) -> None:
    """A word with a space after it is itself, not the beginning of another."""
    assert Hits() == search.search("gesto ", EVERY, "nl", theme="geld")


def test_hit_when_found(search: SearchIndex) -> None:
    """A hit says which words matched, in the order asked, and shows them in plain text."""
    hit = search.search("gestolen fiets morgen", EVERY, "nl").hits[0]
    assert hit.terms == ("gestolen", "fiets")
    assert hit.score > 0
    assert (hit.slug, hit.lang, hit.title, hit.theme) == ("fiets-gestolen", "nl", "Fiets gestolen", "diefstal")
    assert f"{MARK_START}fiets{MARK_END}" in hit.snippet
    assert f"{MARK_START}gestolen{MARK_END}" in hit.snippet


def test_snippet_when_text_is_long(tmp_path: Path) -> None:
    """The snippet is the part with the words, cut between words, whatever marks the text itself holds."""
    text = "vooraf \x02<b> " * 100 + "de lantaarn op de kade is stuk " + "achteraf " * 100
    write_index([document("lang", "Titel", text)], tmp_path / "index")
    snippet = SearchIndex.open(tmp_path / "index").search("lantaarn kade", EVERY).hits[0].snippet
    assert snippet.startswith("…") and snippet.endswith("achteraf…")
    assert f"{MARK_START}lantaarn{MARK_END} op de {MARK_START}kade{MARK_END}" in snippet
    assert (snippet.count(MARK_START), snippet.count(MARK_END)) == (2, 2)
    assert len(snippet) <= 210


def test_search_when_language_is_named(search: SearchIndex) -> None:
    """Only documents in that language, and in all languages when none is named; an unknown one has none."""
    assert {"fr"} == {hit.lang for hit in search.search("vélo", EVERY, "fr").hits}
    assert {"nl", "fr"} == {hit.lang for hit in search.search("velo", EVERY).hits}
    assert Hits() == search.search("velo", EVERY, "xx")


def test_search_when_theme_is_named(search: SearchIndex) -> None:
    """Only documents of that theme count, in the hits and in the total."""
    found = search.search("diefstal", EVERY, "nl", theme="geld")
    assert (slugs(found), found.total) == (["bankkaart"], 1)


def test_search_when_more_found_than_asked(search: SearchIndex) -> None:
    """The total counts what the limit leaves out."""
    found = search.search("diefstal", EVERY, "nl", limit=1)
    assert (len(found.hits), found.total) == (1, 2)


@pytest.mark.parametrize(
    ("text", "audience"),
    [("zeldzaamwoord", Audience.INTERNAL), ("zeldz", Audience.INTERNAL), ("dossiernummer", Audience.PRIVATE)],
)
def test_search_when_audience_is_another(search: SearchIndex, text: str, audience: Audience) -> None:
    """A document is found by the audiences it is for and by nobody else, not even as a word to correct to."""
    assert search.search(text, {audience}, "nl").total == 1
    assert Hits() == search.search(text, EVERY - {audience}, "nl")
    assert Hits() == search.search(text[:-1] + "x ", EVERY - {audience}, "nl")
    assert Hits() == search.search(text, frozenset(), "nl")


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("fietx gestolrn", "nl", "fiets gestolen"),
        ("Waar is mijn Bankkaarx?", "nl", "Waar is mijn bankkaart?"),
        ("Blokkwren (a.u.b.)!", "nl", "blokkeren (a.u.b.)!"),
        ("gichet", "fr", "guichet"),
        ("qqqqqq", None, ""),
    ],
)
def test_corrected_when_nothing_found(search: SearchIndex, text: str, lang: str | None, expected: str) -> None:
    """What may have been meant is offered when it would find something, and nothing else in the text changes."""
    assert expected == search.search(text, PUBLIC, lang).corrected


HOSTILE = [
    "status:draft OR *:*",
    "status:draft OR visibility:internal OR *:*",
    "politie) OR (audience:internal",
    "audience:internal",
    " OR ".join(f"*{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "*e* AND NOT [a TO z] ^9 ~ \\ \" ' ( ) {fact:x} <b> \x00 \x02 \ud800",
    " ".join(f"woord{number}" for number in range(1000)),
    " ".join(f"{word} fiets" for word in ["diefstal", "lawaai", "buur", "kaart"]) * 500,
    "a" * 1_000_000,
    "ab" * 500_000,
    "[" * 20_000,
    "🚓" * 20_000,
    "",
    "   \n",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_search_when_text_is_hostile(search: SearchIndex, text: str) -> None:
    """No text is syntax: only words count, only for this audience, in bounded time."""
    search.search(text, PUBLIC)
    start = time.perf_counter()
    found = search.search(text, PUBLIC)
    assert time.perf_counter() - start < 5
    assert not {"intern", "prive"} & set(slugs(found))
    assert found.total <= 4


def test_search_when_words_are_operators(tmp_path: Path) -> None:
    """`OR`, `NOT` and a field's name are words like others."""
    write_index([document("a", "Audience internal"), document("b", "Niets")], tmp_path / "index")
    assert slugs(SearchIndex.open(tmp_path / "index").search("audience:internal NOT *", PUBLIC)) == ["a"]


WORDS = (
    *("fiets", "kaart", "buur", "lawaai", "boete", "brief", "loket"),
    *("station", "markt", "school", "brug", "kade", "tram", "fuif", "hond"),
)


def numbered(count: int) -> list[Document]:
    return [
        document(f"d{n}", f"{WORDS[n % 15]} {WORDS[n % 7]}", " ".join(WORDS[(n * k) % 15] for k in range(3 + n % 9)))
        for n in range(count)
    ]


QUERIES = ("fiets kaart", "brug over de kade", "hond", "tram fuif boe", "schoolbrug", "lawaai buur markt loket")


def answers(directory: Path) -> list[Hits]:
    opened = SearchIndex.open(directory)
    return [opened.search(text, EVERY, lang) for text in QUERIES for lang in ("nl", None)]


def test_write_when_updated_many_times(tmp_path: Path) -> None:
    """After every update the results, scores and order too, are those of an index built anew from the same texts."""
    documents = numbered(60)
    write_index(documents, tmp_path / "0")
    for turn in range(1, 21):
        documents = (
            [replace(documents[turn], text=f"{documents[turn].text} nieuwwoord{turn}")]
            + documents[:turn]
            + (documents[turn + 1 :] if turn % 3 else documents[turn + 2 :])
        )
        write_index(documents, tmp_path / str(turn), tmp_path / str(turn - 1))
        write_index(documents, tmp_path / "anew")
        assert answers(tmp_path / "anew") == answers(tmp_path / str(turn))
        assert len(list((tmp_path / str(turn)).iterdir())) <= 20


def test_write_when_little_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what changed is written again."""
    documents = numbered(60)
    write_index(documents, tmp_path / "old")
    monkeypatch.setattr(room, "_build", lambda *_: pytest.fail("built anew"))
    write_index([replace(documents[0], theme="ander"), *documents[1:]], tmp_path / "new", tmp_path / "old")
    assert {"ander", "diefstal"} == {h.theme for h in SearchIndex.open(tmp_path / "new").search("fiets", EVERY).hits}


def test_write_when_document_is_gone(tmp_path: Path) -> None:
    """A document that was taken away or rewritten is found no more, and its words no longer help."""
    write_index([*DOCUMENTS, *numbered(20)], tmp_path / "old")
    changed = replace(CARD, title="Kaart kwijt", text="Bel Card Stop.")
    write_index([BIKE, changed, *numbered(20)], tmp_path / "new", tmp_path / "old")
    opened = SearchIndex.open(tmp_path / "new")
    assert Hits() == opened.search("zeldzaamwoord", EVERY)
    assert Hits() == opened.search("zeldzaamwoort", EVERY)
    assert Hits() == opened.search("blokkeren", EVERY)
    assert [hit.title for hit in opened.search("kwijt", EVERY).hits] == ["Kaart kwijt"]


def test_write_when_a_part_becomes_known(tmp_path: Path) -> None:
    """A text that did not change is found by a part of its compound once another text has that part."""
    letter = document("brief", "Belastingbrief kwijt")
    others = [document("b", "Brief"), document("k", "Kast")]
    write_index([letter, *others], tmp_path / "old")
    tax = document("a", "Belasting betalen")
    write_index([letter, *others, tax], tmp_path / "new", tmp_path / "old")
    write_index([letter, *others, tax], tmp_path / "anew")
    found = SearchIndex.open(tmp_path / "new").search("belasting ", EVERY)
    assert sorted(slugs(found)) == ["a", "brief"]
    assert SearchIndex.open(tmp_path / "anew").search("belasting ", EVERY) == found


@pytest.mark.filterwarnings("ignore:unclosed file")  # Whoosh leaves a table of contents open that it cannot read
@pytest.mark.parametrize("damage", ["missing", "empty", "garbled", "foreign"])
def test_write_when_previous_is_unusable(tmp_path: Path, damage: str) -> None:
    """An index that cannot be used costs time, never an error and never its content."""
    previous = tmp_path / "previous"
    write_index(DOCUMENTS, previous)
    if damage in ("missing", "empty"):
        shutil.rmtree(previous)
    if damage == "empty":
        previous.mkdir(mode=0o700)
    if damage == "garbled":
        for toc in previous.glob("*.toc"):
            toc.write_bytes(b"\x00" * 40)
    if damage == "foreign":
        previous.chmod(0o755)
    write_index([BIKE], tmp_path / "index", previous)
    assert slugs(SearchIndex.open(tmp_path / "index").search("fiets", EVERY)) == ["fiets-gestolen"]


def test_write_when_index_is_there_already(tmp_path: Path) -> None:
    """The new index takes the place of the old one, nothing is left beside it, and only we can enter it."""
    write_index(DOCUMENTS, tmp_path / "index")
    write_index([], tmp_path / "index")
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
    assert Hits() == SearchIndex.open(tmp_path / "index").search("fiets", EVERY)


def test_write_when_it_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails, on a full disk for instance, leaves the old index and nothing else."""
    write_index(DOCUMENTS, tmp_path / "index")

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(room, "_sync", full)
    with pytest.raises(OSError, match="No space"):
        write_index([NOISE], tmp_path / "index")
    assert [path.name for path in tmp_path.iterdir()] == ["index"]
    assert SearchIndex.open(tmp_path / "index").search("diefstal", EVERY).total == 2


def test_write_when_done_is_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file, the directory and the directory it stands in were synced before the call returned."""
    synced: list[str] = []
    monkeypatch.setattr(room, "_sync", lambda path: synced.append(path.name))
    write_index(DOCUMENTS, tmp_path / "index")
    assert {path.name for path in (tmp_path / "index").iterdir()} <= set(synced)
    assert tmp_path.name == synced[-1] and synced[-2].startswith(".index.")


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o702])
def test_open_when_others_may_write(tmp_path: Path, mode: int) -> None:
    """A directory that others can enter is not opened."""
    write_index(DOCUMENTS, tmp_path / "index")
    (tmp_path / "index").chmod(mode)
    with pytest.raises(StoreError, match="others may have written"):
        SearchIndex.open(tmp_path / "index")


class Poison:
    """What a table of contents made by somebody else could do when it is unpickled."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("touch poisoned",)


@pytest.mark.parametrize("how", ["directory", "file", "link", "linked directory"])
def test_open_when_it_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """A directory or file of another owner, or a link, is refused before anything in it is unpickled."""
    monkeypatch.chdir(tmp_path)
    directory = tmp_path / "index"
    write_index(DOCUMENTS, directory)
    toc = next(directory.glob("*.toc"))
    toc.write_bytes(toc.read_bytes()[:36] + pickle.dumps(Poison()))
    if how == "directory":
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
    elif how == "file" and os.geteuid() == 0:
        os.chown(toc, 12345, 12345)
    elif how == "linked directory":
        directory = directory.rename(tmp_path / "elsewhere")
        (tmp_path / "index").symlink_to(directory)
        directory = tmp_path / "index"
    else:
        toc.symlink_to(toc.rename(tmp_path / "toc"))
    with pytest.raises(StoreError, match="others may have written"):
        SearchIndex.open(directory)
    assert not (tmp_path / "poisoned").exists()


def test_open_when_index_is_of_another_analysis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index whose terms were made otherwise is not asked."""
    write_index(DOCUMENTS, tmp_path / "index")
    monkeypatch.setattr(room, "_NAME", "kb0")
    with pytest.raises(StoreError, match="cannot be read"):
        SearchIndex.open(tmp_path / "index")


@pytest.mark.parametrize(("failures", "opens"), [(0, True), (3, True), (4, False)])
def test_open_when_a_file_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int, opens: bool) -> None:
    """A file that a writer took away in between is looked for three times more."""
    write_index(DOCUMENTS, tmp_path / "index")
    real, left = index.open_dir, [FileNotFoundError("gone")] * failures

    def racing(*arguments: object) -> object:
        if left:
            raise left.pop()
        return real(*arguments)

    monkeypatch.setattr(index, "open_dir", racing)
    if opens:
        assert SearchIndex.open(tmp_path / "index").search("lawaai", EVERY).total == 1
    else:
        with pytest.raises(StoreError, match="cannot be read"):
            SearchIndex.open(tmp_path / "index")


def test_search_when_index_was_written_again(tmp_path: Path) -> None:
    """A search sees what was written since it was opened, also what is gone."""
    write_index(DOCUMENTS, tmp_path / "index")
    opened = SearchIndex.open(tmp_path / "index")
    writer = index.open_dir(str(tmp_path / "index"), room._NAME).writer()
    writer.delete_by_term("key", "nachtlawaai.nl")
    writer.commit(merge=False)
    assert Hits() == opened.search("lawaai", EVERY)
    assert opened.search("diefstal", EVERY, "nl").total == 2


def test_search_when_index_was_replaced(tmp_path: Path) -> None:
    """A search sees an index that took the place of the one it opened."""
    write_index(DOCUMENTS, tmp_path / "index")
    opened = SearchIndex.open(tmp_path / "index")
    write_index([BIKE], tmp_path / "index")
    assert Hits() == opened.search("lawaai", EVERY)


def test_search_when_edition_was_cleared_away(tmp_path: Path) -> None:
    """An edition that is open stays searchable after its directory is gone."""
    write_index(DOCUMENTS, tmp_path / "index")
    opened = SearchIndex.open(tmp_path / "index")
    shutil.rmtree(tmp_path / "index")
    assert slugs(opened.search("lawaai", EVERY)) == ["nachtlawaai"]


def test_search_when_threads_share_it(search: SearchIndex) -> None:
    """Threads that share a search get what one alone gets."""
    texts = ["fiets", "diefstal aangeven", "lawaai buur", "gesto", "vélo volé"] * 10
    expected = [search.search(text, EVERY) for text in texts]
    got: list[list[Hits]] = []
    threads = [
        threading.Thread(target=lambda: got.append([search.search(text, EVERY) for text in texts])) for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [expected] * 6 == got


def test_search_when_scores_are_equal(tmp_path: Path) -> None:
    """Equal documents come in the order of their names, whatever order they were written in."""
    same = [document(f"s{n}", "Fiets weg") for n in (3, 1, 2)]
    write_index(same, tmp_path / "index")
    found = SearchIndex.open(tmp_path / "index").search("fiets", EVERY)
    assert slugs(found) == ["s1", "s2", "s3"]
