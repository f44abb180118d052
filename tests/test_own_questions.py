"""The knowledge base's own questions as a test of its ranking, and what every line would cost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kbengine.suggest import SuggestionIndex, Topic, build, compare, judged, own_results, stray
from kbengine.suggest import own as own_module
from kbengine.suggest.asking import ask, ask_all
from kbengine.suggest.build import Compiled
from kbengine.suggest.refused import Refusals

ASKED = {
    "alcohol-limiet": (
        "hoeveel pinten mag ik drinken als ik nog moet rijden",
        "vanaf hoeveel promille ben ik strafbaar",
        "mag ik rijden na twee glazen wijn",
        "wat kost een positieve ademtest",
        "hoelang blijft alcohol in mijn bloed",
        "is er een lagere alcohollimiet voor chauffeurs",
    ),
    "fiets-gestolen": (
        "mijn fiets is gestolen aan het station",
        "mijn velo is gepikt, wat nu",
        "hoe doe ik aangifte van fietsdiefstal",
        "hebben jullie mijn gestolen fiets gevonden",
        "mijn elektrische fiets is weg uit de fietsenstalling",
        "fietsslot doorgeknipt en fiets verdwenen",
    ),
    "nachtlawaai": (
        "de buren spelen elke nacht luide muziek",
        "wat kan ik doen tegen nachtlawaai",
        "tot hoe laat mag een feestje duren",
        "lawaai van een café houdt mij wakker",
        "vanaf welk uur is het nachtlawaai",
        "mijn bovenbuur maakt kabaal om drie uur 's nachts",
    ),
    "verkeersboete-betalen": (
        "hoe betaal ik mijn verkeersboete",
        "ik ben geflitst, wanneer krijg ik de boete",
        "kan ik mijn boete in schijven betalen",
        "op welk rekeningnummer betaal ik mijn boete",
        "ik ga niet akkoord met mijn boete voor te snel rijden",
        "ik heb mijn boete al betaald maar krijg een herinnering",
    ),
}
TITLES = {
    "alcohol-limiet": "Alcohol achter het stuur",
    "fiets-gestolen": "Fiets gestolen",
    "nachtlawaai": "Nachtlawaai",
    "verkeersboete-betalen": "Verkeersboete betalen",
}


def topics(**changed: Topic) -> list[Topic]:
    """A small zone's topics, some of them changed; names with _ for -."""
    plain = {slug: Topic(slug, {"nl": TITLES[slug]}, {"nl": asked}, {}) for slug, asked in ASKED.items()}
    return list((plain | {name.replace("_", "-"): topic for name, topic in changed.items()}).values())


def topic(slug: str, *asked: str, title: str = "", refused: tuple[str, ...] = ()) -> Topic:
    """A topic with only these questions."""
    return Topic(slug, {"nl": title or TITLES.get(slug, slug.replace("-", " "))}, {"nl": asked}, {}, not_asked=refused)


def test_own_when_asked_of_an_index_without_the_question(tmp_path: Path) -> None:
    """A question finds exactly what it finds in an index that never held it."""
    whole = own_results(topics())
    left = ASKED["fiets-gestolen"][0]
    build(topics(fiets_gestolen=topic("fiets-gestolen", *ASKED["fiets-gestolen"][1:])), tmp_path)
    found = SuggestionIndex.open(tmp_path).rank(left, "nl", 1).matches[0]

    mine = next(result for result in whole if result.text == left)
    assert (mine.slug, mine.lang, mine.kind, mine.first) == ("fiets-gestolen", "nl", "asked", found.slug)
    # The weights are learned anew without it, so that only the order is the same to the last digit.
    assert mine.confidence == pytest.approx(found.confidence, abs=0.1)


def test_own_when_asked_twice_in_another_order() -> None:
    """Each question and each `not` once, by slug, and the same whatever order the topics come in."""
    some = topics(nachtlawaai=topic("nachtlawaai", *ASKED["nachtlawaai"], refused=("de kermis staat er weer",)))
    results = own_results(some)

    assert results == own_results(some[::-1])
    assert len(results) == sum(map(len, ASKED.values())) + 1
    assert [result.slug for result in results] == sorted(result.slug for result in results)


def test_own_when_nothing_was_written() -> None:
    """Without topics there is nothing to ask, and a question that shares nothing with the rest finds nothing."""
    lone = [topic("zwembad", "xyzzy", title="Q"), topic("park", "honden aan de leiband", title="W")]

    assert own_results([]) == stray([]) == ()
    assert [(r.first, r.offered, r.standing) for r in own_results(lone) if r.text == "xyzzy"] == [("", False, 1)]


def test_own_when_there_are_too_many_asks_the_same_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part is asked, and one more question changes that part by one at most."""
    monkeypatch.setattr(own_module, "_MOST_ASKED", 10)
    before = {result.text for result in own_results(topics())}
    more = topic("nachtlawaai", *ASKED["nachtlawaai"], "feest in de straat tot vijf uur")
    after = {result.text for result in own_results(topics(nachtlawaai=more))}

    assert len(before) == len(after) == 10
    assert len(before - after) <= 1


def test_compare_when_an_article_takes_the_words_of_another() -> None:
    """A greedy new article takes questions from the one they belong to, the worst first; taken away it takes none."""
    greedy = topic(
        "fietsen-algemeen",
        *(f"{question} fiets gestolen" for question in ASKED["fiets-gestolen"]),
        title="Fiets gestolen of gepikt",
    )
    judge, before = judged(topics())
    after = judged([*topics(), greedy], judge=judge)[1]
    worse = [effect for effect in compare(before, after) if effect.worse]

    assert {effect.after.slug for effect in worse} == {"fiets-gestolen"}
    assert {effect.after.first for effect in worse} >= {"fietsen-algemeen"}
    losses = [effect.before.standing - effect.after.standing for effect in worse]
    assert losses == sorted(losses, reverse=True)
    back = [effect.after.text for effect in compare(after, before) if not effect.worse]
    assert sorted(back) == sorted(effect.before.text for effect in worse)


def test_compare_when_little_moves_says_nothing() -> None:
    """What crosses the line by a hair, as any new text makes it do, is no effect; what crosses by more is one."""
    before = own_results(topics())
    offered = next(result for result in before if result.standing == 3)
    hair = replace(offered, confidence=offered.confidence - 0.01, offered=False)
    fall = replace(offered, confidence=offered.confidence - 0.3, offered=False)

    assert compare(before, before) == compare([offered], [hair]) == ()
    assert [effect.worse for effect in compare([offered], [fall])] == [True]
    assert [effect.worse for effect in compare([fall], [offered])] == [False]


def test_stray_when_a_question_belongs_to_another() -> None:
    """A question in the wrong list is told, with the article that takes it; questions in the right one are not."""
    lost = "ik ben geflitst, wanneer krijg ik de boete"
    wrong = topic("nachtlawaai", *ASKED["nachtlawaai"], lost)

    assert stray(topics()) == ()
    assert [(found.slug, found.text, found.first) for found in stray(topics(nachtlawaai=wrong))] == [
        ("nachtlawaai", lost, "verkeersboete-betalen")
    ]


def test_stray_when_not_finds_its_article_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """No `not` message is offered its article; should the index break that promise, it is told."""
    refused = ("waar kan ik een gestolen fiets aangeven", "hoe betaal ik mijn verkeersboete", "wat eten we vanavond")
    wanted = topics(fiets_gestolen=topic("fiets-gestolen", *ASKED["fiets-gestolen"], refused=refused))
    kept = stray(wanted)
    monkeypatch.setattr(Refusals, "refuses", lambda *_: False)

    assert kept == ()
    assert [(one.kind, one.text, one.first, one.offered) for one in stray(wanted)] == [
        ("not", refused[0], "fiets-gestolen", True)
    ]


def test_stray_when_it_takes_long_tells_how_far_it_is() -> None:
    """Every message done is told, and how many there are."""
    heard: list[tuple[int, int]] = []
    stray(topics(), asked=lambda done, whole: heard.append((done, whole)))

    assert heard == [(done, 24) for done in range(25)]


def test_asked_together_when_topics_are_few_is_what_each_asked_alone_gives() -> None:
    """Of every question the same features, topics near it and weights, its own text left out."""
    compiled = Compiled.of(topics())
    together = ask_all(compiled.cells, compiled._impacts, compiled._weights, [one.text for one in compiled._asked])
    for row, one in zip(compiled._taught, together, strict=True):
        text = compiled.texts[row].read(compiled.reader)
        alone = ask(compiled.cells, compiled._impacts, compiled._weights, text)

        assert text.reading.surfaces == one.text.reading.surfaces
        for name in ("keys", "counts", "places", "kinds"):
            assert getattr(text.reading, name).tolist() == getattr(one.text.reading, name).tolist()
        for name in ("topics", "rows", "known", "parts", "held"):
            assert getattr(alone, name).tolist() == getattr(one, name).tolist()
        assert alone.cells[alone.held].tolist() == one.cells[one.held].tolist()


def test_costs_when_the_line_rises(tmp_path: Path) -> None:
    """A higher line turns offers into silence, right and wrong ones; at no line everything is offered."""
    build(topics(), tmp_path)
    costs = SuggestionIndex.open(tmp_path).costs

    assert [cost.line for cost in costs] == pytest.approx([step / 50 for step in range(51)])
    assert all(cost.right + cost.wrong + cost.silent == pytest.approx(1, abs=1e-5) for cost in costs)
    assert (costs[0].silent, costs[0].missing) == (0, 1)
    for falling in ("right", "wrong", "missing"):
        shares = [getattr(cost, falling) for cost in costs]
        assert shares == sorted(shares, reverse=True)


def test_line_when_more_silence_is_wanted(tmp_path: Path) -> None:
    """The line rises with the share of questions about a missing article that must meet silence, and says which."""
    for name, silent in (("low", 0.8), ("high", 0.99)):
        build(topics(), tmp_path / name, silent=silent)
    low, high = (SuggestionIndex.open(tmp_path / name) for name in ("low", "high"))

    assert (low.silent, high.silent) == (0.8, 0.99)
    assert low.line <= high.line
    assert low.costs == high.costs
    assert next(cost for cost in high.costs if cost.line >= high.line).missing <= 0.01


@pytest.mark.parametrize(
    ("message", "offered"),
    [
        ("mijn gestolen fiets staat te koop, wat nu", False),
        ("mijn gestolen fiets staat te kop, wat nu??", False),
        ("wat nu, mijn gestolen fiets staat te koop", False),
        ("mijn fiets is gestolen, wat nu", True),
        ("mijn velo is gepikt, wat nu", True),
    ],
)
def test_rank_when_an_article_refuses_a_message(tmp_path: Path, message: str, offered: bool) -> None:
    """A message under `not`, or one nearly like it, is not offered the article; what only shares words with it is."""
    refused = ("mijn gestolen fiets staat te koop, wat nu", "mijn velo is gepikt, wat nu")
    build(topics(fiets_gestolen=topic("fiets-gestolen", *ASKED["fiets-gestolen"], refused=refused)), tmp_path)
    build(topics(), tmp_path / "plain")
    ranking, plain = (SuggestionIndex.open(folder).rank(message) for folder in (tmp_path, tmp_path / "plain"))

    assert (plain.matches[0].slug, plain.reason) == ("fiets-gestolen", "")
    assert ("fiets-gestolen" in [match.slug for match in ranking.matches]) is offered
