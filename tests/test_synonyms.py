"""Synonyms: the register as it is read, the concepts it compiles to, and what they do for whoever asks."""

from __future__ import annotations

import numpy as np
import pytest

from kbengine.article import Audience, Kind, Ref, SynonymGroup, read_synonyms, write_synonyms
from kbengine.folder import export_folder, read_folder
from kbengine.history import Move
from kbengine.language import Concepts, tokens
from kbengine.period import NO_TERMS
from kbengine.search import Document, SearchIndex, write_index
from kbengine.suggest import SuggestionIndex, Topic, build
from kbengine.suggest.features import CONCEPT, PAIR, Reader

TEXT = """\
# Wat hetzelfde betekent
[boete]
nl = ["boete", "prent", "dwangsom", "pv", "onmiddellijke inning", "inning"]
fr = ["amende", "contredanse", "procès-verbal"]
en = ["fine", "parking ticket"]

[beslag]
nl = ["in beslag genomen", "afgepakt"]
de = ["Beschlagnahme"]
"""
GROUPS = read_synonyms(TEXT, "synonyms.toml")[0]
CONCEPTS = Concepts.of(GROUPS)
REF = Ref(Kind.SYNONYMS, "synonyms")


def named(text, lang="nl", concepts=CONCEPTS):
    """What a text names, each with the word it begins at."""
    words = tokens(text)
    return [(group, words[place]) for group, place in concepts.named(words, lang)]


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("ik kreeg twee BOETES", "nl", [("boete", "boetes")]),
        ("een pv en een bekeuring en prenten", "nl", [("boete", "pv"), ("boete", "bekeuring"), ("boete", "prenten")]),
        ("een onmiddellijke inning ontvangen", "nl", [("boete", "onmiddellijke")]),
        ("de inning is onmiddellijk", "nl", [("boete", "inning")]),
        ("ze hebben mijn step in beslag genomen", "nl", [("beslag", "in")]),
        ("beslag genomen", "nl", []),
        ("j'ai payé l'amende", "fr", [("boete", "l'amende")]),
        ("un PROCES verbal", "fr", [("boete", "proces")]),
        ("where do I pay parking tickets", "en", [("boete", "parking")]),
        ("de fine fleur", "nl", []),
        ("", "nl", []),
    ],
)
def test_concepts_when_a_text_names_a_group_say_which_and_where(text, lang, expected):
    """Words by their stem, phrases as consecutive words with their small ones, in the text's own language."""
    assert named(text, lang) == expected


def test_concepts_when_a_word_is_a_compound_find_its_part():
    """A compound names what its parts name, where the rest of it is a known word too."""
    parking = Concepts.of(GROUPS, {"nl": frozenset({"parker"})})

    assert named("mijn parkeerboete", "nl", parking) == [("boete", "parkeerboete")]
    assert named("mijn xyzboete", "nl", parking) == []


def test_concepts_when_a_phrase_is_said_as_the_street_does_are_named():
    """Small words inside a phrase are read as the street spells them."""
    mine = Concepts.of([SynonymGroup("boete-van-een-ander", {"nl": ("niet mijn boete",)})])

    assert named("da's nie mijne boete", concepts=mine) == [("boete-van-een-ander", "nie")]
    assert named("geen mijn boete", concepts=mine) == []


def test_concepts_when_a_synonym_is_all_small_words_leave_it_out():
    """What stands in every message names nothing."""
    assert named("kan ik het", concepts=Concepts.of([SynonymGroup("kan", {"nl": ("kan ik",)})])) == []


@pytest.mark.parametrize(
    ("text", "codes", "line"),
    [
        ('[Boete]\nnl = ["a"]\n', ["synonyms.name"], 1),
        ('boete = ["a"]\n', ["synonyms.table"], 1),
        ('[boete]\nnl = ["a"]\nes = ["multa"]\n', ["synonyms.language"], 3),
        ('[een]\nnl = ["a"]\n[twee]\nfr = ["b"]\nnl = "a"\n', ["synonyms.list"], 5),
        ('[boete]\nnl = [""]\n', ["synonyms.list"], 2),
        ("[boete]\nnl = []\n", ["synonyms.empty"], 1),
        (f'[boete]\nnl = ["{"a" * 81}"]\n', ["synonyms.too-long"], 2),
        ('[een]\nnl = ["De  Kat"]\n[twee]\nnl = ["poes", "de kat"]\n', ["synonyms.twice"], 4),
        ('[een]\nnl = ["kat"]\n[twee]\nfr = ["kat"]\n', [], 0),
        ('[een]\nnl = ["kat"\n', ["toml.syntax"], 2),
    ],
)
def test_register_when_it_is_wrong_says_where(text, codes, line):
    """Every problem names its code and the line of its table or key."""
    problems = read_synonyms(text, "synonyms.toml")[1]

    assert [(problem.code, problem.line) for problem in problems] == [(code, line) for code in codes]


def test_group_when_it_is_wrong_leaves_the_others():
    """One bad group costs nobody else their synonyms; a word in two groups costs nothing at all."""
    groups, _ = read_synonyms('[een]\nnl = ["kat"]\n[twee]\nnl = ["kat"]\n[drie]\nxx = ["kat"]\n', "f")

    assert [group.name for group in groups] == ["een", "twee"]


def test_group_when_written_is_read_back():
    """What a form writes is what was meant, quotes and all."""
    group = SynonymGroup("zakgeld", {"nl": ('"poen"', "a\\b"), "fr": ("l'argent",)})

    assert read_synonyms(write_synonyms(group), "f")[0] == (group,)


TOPICS = [
    Topic("boete", {"nl": "Boete betalen"}, {"nl": ("hoe betaal ik mijn boete", "waar betaal ik een verkeersboete")}),
    Topic("fiets", {"nl": "Fiets gestolen"}, {"nl": ("mijn fiets is weg", "wie heeft mijn fiets gezien")}),
    Topic("lawaai", {"nl": "Nachtlawaai"}, {"nl": ("de buren maken lawaai", "muziek om drie uur 's nachts")}),
]


@pytest.mark.parametrize(
    ("message", "lang"),
    [("une contredanse", "fr"), ("een dwangsom onder mijn wisser", "nl"), ("a parking ticket", "en")],
)
def test_suggestion_when_asked_in_other_words_is_found(tmp_path, message, lang):
    """A synonym leads to a Dutch-only article, also from a language that no article is written in."""
    build(TOPICS, tmp_path / "without")
    build(TOPICS, tmp_path / "with", synonyms=GROUPS)
    first = SuggestionIndex.open(tmp_path / "with").rank(message, lang).matches[0]
    without = SuggestionIndex.open(tmp_path / "without").rank(message, lang).matches

    assert first.slug == "boete"
    assert not any(match.slug == "boete" and match.confidence > first.confidence / 2 for match in without)
    assert {word for word, _ in first.words} & {"contredanse", "dwangsom", "parking"}


def document(slug, lang, title, text):
    return Document(slug, lang, "verkeer", "onthaal", Audience.PUBLIC, title, text)


def named_by(first, second):
    """Of two texts the groups that each names, and the pairs, of words and of groups."""
    reader = Reader({}, Concepts.of([*GROUPS, SynonymGroup("auto", {"nl": ("auto", "wagen")})]))
    readings = [reader.read(text, "nl") for text in (first, second)]
    groups = [set(one.keys[one.kinds == CONCEPT].tolist()) for one in readings]
    pairs = [set(one.keys[one.kinds == PAIR].tolist()) for one in readings]
    return groups, pairs


def test_groups_when_a_text_names_two_near_each_other_are_a_feature_of_their_own():
    """In other words and the other order it is the same; far apart, or one alone, it is not there."""
    groups, pairs = named_by("een prent op mijn wagen", "de auto heeft een dwangsom")
    far = named_by("een prent op mijn wagen", "de auto " + "staat daar " * 6 + "een dwangsom")[1]

    assert groups[0] == groups[1]
    assert len(groups[0]) == 2
    assert len(pairs[0] & pairs[1]) == 1
    assert far[0] & far[1] == set()


def test_groups_when_many_texts_are_read_together_stay_in_their_own():
    """Read one by one or together, a text has the same features: none with a group that the next one names."""
    reader = Reader({}, CONCEPTS)
    texts = [("een boete", "nl"), ("afgepakt en een pv", "nl"), ("in beslag genomen", "nl")]
    together = list(reader.read_all(texts))

    assert [one.keys.tolist() for one in together] == [reader.read(*text).keys.tolist() for text in texts]
    assert [np.count_nonzero(one.kinds == CONCEPT) for one in together] == [1, 2, 1]


def test_search_when_asked_in_other_words_finds_and_marks_them(tmp_path):
    """A search by a synonym finds the text that says it otherwise, and marks it; of one language when that is asked."""
    documents = [
        document("boete", "nl", "Verkeer", "Betaal uw boete online."),
        document("fiets", "nl", "Fiets", "Uw fiets is weg."),
        document("amende", "fr", "Trafic", "Payez votre amende en ligne."),
    ]
    write_index(documents, tmp_path / "index", synonyms=GROUPS)
    search = SearchIndex.open(tmp_path / "index")
    hits = search.search("dwangsom", frozenset(Audience)).hits

    assert {hit.slug: hit.snippet for hit in hits} == {
        "boete": "Betaal uw \x02boete\x03 online.",
        "amende": "Payez votre \x02amende\x03 en ligne.",
    }
    assert [hit.slug for hit in search.search("dwangsom", frozenset(Audience), "fr").hits] == ["amende"]


def test_index_when_the_synonyms_change_is_updated(tmp_path):
    """An index made from the one before knows the new groups and forgets the old."""
    documents = [document(f"fiche-{n}", "nl", "Titel", f"woord{n} ergens") for n in range(6)]
    documents.append(document("boete", "nl", "Verkeer", "Betaal uw boete."))
    write_index(documents, tmp_path / "one", synonyms=GROUPS)
    money = [SynonymGroup("boete", {"nl": ("boete", "knaken")})]
    write_index(documents, tmp_path / "two", tmp_path / "one", money)
    search = SearchIndex.open(tmp_path / "two")

    assert [hit.slug for hit in search.search("knaken", frozenset(Audience)).hits] == ["boete"]
    assert search.search("dwangsom", frozenset(Audience)).hits == ()


def save(house, text):
    """Save the register as the editor would from a file."""
    with house.engine.room.store.journal.write() as writer:
        base = len(writer.history(REF).revisions)
        writer.save(REF, text, "", house.people["editor"].id, NO_TERMS, base)


def groups_of(house):
    return [group.name for group in house.engine.room.read()[0].synonyms]


def test_synonyms_when_vouched_for_count_and_when_held_do_not(hamlet):
    """A draft counts for nothing, and no older text takes the place of one that is held."""
    save(hamlet, TEXT)
    drafted = groups_of(hamlet)
    hamlet.vouch(REF)
    vouched = groups_of(hamlet)
    save(hamlet, TEXT.replace("[beslag]", "[anders]"))
    changed = groups_of(hamlet)
    hamlet.vouch(REF)
    renewed = groups_of(hamlet)
    hamlet.move("editor", Move.HOLD, REF)

    assert (drafted, vouched, changed) == ([], ["boete", "beslag"], ["boete", "beslag"])
    assert (renewed, groups_of(hamlet)) == (["boete", "anders"], [])


def test_desk_when_the_synonyms_are_vouched_for_offers_by_them(hamlet):
    """A French message meets the Dutch answer once the edition knows the words."""
    save(hamlet, '[boete]\nnl = ["verkeersboete"]\nfr = ["contredanse"]\n')
    hamlet.vouch(REF)
    hamlet.engine.build()
    ranked = hamlet.engine.desk.advise("une contredanse", "facebook", "fr", counted=False).ranked

    assert ranked[0][0] == "verkeersboete-betalen"


def test_register_when_exported_comes_back_the_same(hamlet, tmp_path):
    """Out to a folder and in again: one file, nothing lost, problems of the file named."""
    save(hamlet, TEXT)
    hamlet.vouch(REF)
    texts = hamlet.engine.reading.live_texts()
    export_folder(tmp_path, texts, "head")
    item = next(item for item in read_folder(tmp_path).items if item.ref == REF)
    (tmp_path / "synonyms.toml").write_text('[Fout]\nnl = ["a"]\n', encoding="utf-8")

    assert (item.file, item.text) == ("synonyms.toml", TEXT)
    assert "synonyms.name" in [problem.code for problem in read_folder(tmp_path).problems]
