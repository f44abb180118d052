"""Messages to suggestions or silence, over a small zone's answers."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kbengine.errors import StoreMissing
from kbengine.language import LANGUAGES, Analyzer
from kbengine.suggest import BELOW_LINE, NO_WORDS, NOT_LIVE, NOTHING_SIMILAR, SuggestionIndex, Topic, build
from kbengine.suggest.asking import Asked, ask
from kbengine.suggest.calibration import UNTAUGHT, Calibration, Example, calibrate
from kbengine.suggest.cells import Cells, Written
from kbengine.suggest.evidence import SIGNALS
from kbengine.suggest.features import Reader
from kbengine.suggest.texts import Text, read_texts

ASKED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "alcohol-limiet": {
        "nl": (
            "hoeveel pinten mag ik drinken als ik nog moet rijden",
            "vanaf hoeveel promille ben ik strafbaar",
            "is er een lagere alcohollimiet voor chauffeurs",
            "mag ik rijden na twee glazen wijn",
            "wat kost een positieve ademtest",
            "hoelang blijft alcohol in mijn bloed",
        ),
        "fr": (
            "combien de verres puis-je boire avant de conduire",
            "quelle est la limite d'alcool au volant",
        ),
    },
    "drone-vliegen": {
        "nl": (
            "mag ik met mijn drone boven de markt vliegen",
            "heb ik een vergunning nodig voor een drone",
            "de buren vliegen met een drone boven mijn tuin",
            "waar mag ik mijn drone laten opstijgen",
            "moet ik mijn drone registreren",
        ),
        "en": ("can I fly my drone over the town", "do I need a licence for a drone"),
    },
    "fiets-gestolen": {
        "nl": (
            "mijn fiets is gestolen aan het station",
            "mijn velo is gepikt, wat nu",
            "hoe doe ik aangifte van fietsdiefstal",
            "hebben jullie mijn gestolen fiets gevonden",
            "mijn elektrische fiets is weg uit de fietsenstalling",
            "fietsslot doorgeknipt en fiets verdwenen",
        ),
        "fr": ("on m'a volé mon vélo", "mon vélo a disparu devant la gare"),
        "en": ("my bike was stolen", "someone took my bicycle from the rack"),
        "de": ("mein Fahrrad wurde gestohlen", "wo melde ich ein gestohlenes Fahrrad"),
    },
    "nachtlawaai": {
        "nl": (
            "de buren spelen elke nacht luide muziek",
            "wat kan ik doen tegen nachtlawaai",
            "tot hoe laat mag een feestje duren",
            "lawaai van een café houdt mij wakker",
            "vanaf welk uur is het nachtlawaai",
            "mijn bovenbuur maakt kabaal om drie uur 's nachts",
        ),
        "fr": ("mes voisins font du bruit toute la nuit", "tapage nocturne chez les voisins"),
    },
    "verkeersboete-betalen": {
        "nl": (
            "hoe betaal ik mijn verkeersboete",
            "ik ben geflitst, wanneer krijg ik de boete",
            "kan ik mijn boete in schijven betalen",
            "ik heb mijn boete al betaald maar krijg een herinnering",
            "op welk rekeningnummer betaal ik mijn boete",
            "ik ga niet akkoord met mijn boete voor te snel rijden",
        ),
        "fr": ("comment payer mon amende", "j'ai reçu une amende pour excès de vitesse"),
        "en": ("how do I pay a speeding fine", "where can I pay my traffic fine"),
    },
    "wijkinspecteur-vinden": {
        "nl": (
            "wie is mijn wijkinspecteur",
            "hoe bereik ik de wijkagent van mijn straat",
            "ik wil een afspraak met mijn wijkagent",
            "welke inspecteur doet de Kerkstraat",
            "komt de wijkagent langs voor mijn adreswijziging",
        ),
        "de": ("wer ist mein Revierinspektor",),
    },
}
TITLES = {
    "alcohol-limiet": "Alcohol achter het stuur",
    "drone-vliegen": "Vliegen met een drone",
    "fiets-gestolen": "Fiets gestolen",
    "nachtlawaai": "Nachtlawaai",
    "verkeersboete-betalen": "Verkeersboete betalen",
    "wijkinspecteur-vinden": "Mijn wijkinspecteur vinden",
}
ANSWERS = {
    "fiets-gestolen": "Doe aangifte via Police-on-web of in het politiekantoor. Noteer het framenummer van je fiets.",
    "nachtlawaai": "Stoort het lawaai nu? Bel 101. Tussen 22 en 6 uur is nachtlawaai strafbaar.",
    "verkeersboete-betalen": "Betaal via verkeersboeten.be met de code op de brief.",
}


def topics() -> list[Topic]:
    """The zone's topics, all live."""
    return [
        Topic(slug, {"nl": title}, ASKED[slug], {"nl": ANSWERS[slug]} if slug in ANSWERS else {})
        for slug, title in TITLES.items()
    ]


def opened(directory: Path, held: list[Topic]) -> SuggestionIndex:
    """An index of these topics, built and opened."""
    build(held, directory)
    return SuggestionIndex.open(directory)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SuggestionIndex:
    """The index of the zone's topics."""
    return opened(tmp_path_factory.mktemp("suggest"), topics())


@pytest.mark.parametrize(
    ("message", "slug", "lang"),
    [
        ("ze hebben gisteren mijn velo gestolen", "fiets-gestolen", "nl"),
        ("mijn fietst is gestole ant station", "fiets-gestolen", "nl"),
        ("On m'a volé mon vélo hier soir devant la gare, que faire ?", "fiets-gestolen", "fr"),
        ("Mein Fahrrad ist gestohlen, was muss ich tun?", "fiets-gestolen", "de"),
        ("hello, where do I pay the fine for speeding?", "verkeersboete-betalen", "en"),
        ("kzou mijn boete in 3 schijven willen betalen", "verkeersboete-betalen", "nl"),
        ("die van hierboven spelen weer luide muziek om 2u snachts", "nachtlawaai", "nl"),
        ("fietsdiefstallen aan het station", "fiets-gestolen", "nl"),
        ("wie is de wijkagent van de Dorpsstraat?", "wijkinspecteur-vinden", "nl"),
        ("hoeveel glazen wijn mag ik drinken als ik moet rijden", "alcohol-limiet", "nl"),
    ],
)
def test_rank_when_a_topic_is_asked(index: SuggestionIndex, message: str, slug: str, lang: str) -> None:
    """The topic asked for stands first and above the line, whatever the language or spelling."""
    ranking = index.rank(message)
    assert (ranking.matches[0].slug, ranking.reason, ranking.lang) == (slug, "", lang)
    assert ranking.matches[0].confidence >= index.line == ranking.line


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("", NO_WORDS),
        ("   \n ", NO_WORDS),
        ("🚓🚓", NO_WORDS),
        ("hallo", NO_WORDS),
        ("zwembad abonnement kinderen", NOTHING_SIMILAR),
        ("status:draft OR *:*", NOTHING_SIMILAR),
        ("wanneer is het zwembad open", NOTHING_SIMILAR),
    ],
)
def test_rank_when_nothing_fits(index: SuggestionIndex, message: str, reason: str) -> None:
    """Silence comes with its reason."""
    assert index.rank(message).reason == reason


def test_rank_when_nothing_is_sure_enough(index: SuggestionIndex) -> None:
    """What resembles the message stands there, but under the line."""
    strict = replace(index, _calibration=replace(index._calibration, line=1.0)).rank("wat met een gestolen boete")
    assert (strict.reason, bool(strict.matches)) == (BELOW_LINE, True)


def test_rank_when_asked_twice(index: SuggestionIndex) -> None:
    """The same message gives the same ranking to the last digit."""
    message = "mijn fiets is gestolen en ik kreeg een boete van de wijkagent"
    assert index.rank(message) == index.rank(message)


def test_rank_when_matches_come_back(index: SuggestionIndex) -> None:
    """Matches are ordered by score, then slug; confidence never rises on the way down and stays within 0 and 1."""
    matches = index.rank("mijn fiets is gestolen en ik kreeg een boete van de wijkagent", limit=6).matches
    assert [m.slug for m in matches] == [m.slug for m in sorted(matches, key=lambda m: (-m.score, m.slug))]
    confidences = [match.confidence for match in matches]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 <= confidence <= 1 for confidence in confidences)


@pytest.mark.parametrize("limit", [1, 3])
def test_rank_when_limited(index: SuggestionIndex, limit: int) -> None:
    """No more than the limit comes back, and the first does not depend on it."""
    message = "mijn fiets is gestolen en ik kreeg een boete van de wijkagent"
    matches = index.rank(message, limit=limit).matches
    assert index.rank(message).matches[:limit] == matches


def test_words_when_a_match_is_explained(index: SuggestionIndex) -> None:
    """The words are the message's own, as written there, strongest first, and together no more than the whole."""
    match = index.rank("Gisteren is mijn VELO gepikt").matches[0]
    words = [word for word, _ in match.words]
    weights = [weight for _, weight in match.words]
    assert set(words) <= {"gisteren", "velo", "gepikt"}
    assert words[0] in ("velo", "gepikt")
    assert weights == sorted(weights, reverse=True)
    assert 0 < sum(weights) <= 1.001


def test_rank_when_the_agent_says_the_language(index: SuggestionIndex) -> None:
    """What a person says about the language goes before what the machine thinks."""
    assert index.rank("velo", lang="fr").lang == "fr"


def test_rank_when_no_topic_speaks_the_language(tmp_path: Path) -> None:
    """A message in a language without texts is still read, by the topics' own language."""
    english = opened(
        tmp_path,
        [Topic(slug, questions={"en": asked["en"]}) for slug, asked in ASKED.items() if "en" in asked],
    )
    assert english.languages == ("en",)
    ranking = english.rank("Ist mein drone licence hier richtig und gut?")
    assert (ranking.lang, ranking.matches[0].slug) == ("de", "drone-vliegen")


def test_rank_when_best_is_not_live(tmp_path: Path) -> None:
    """A topic that is not live competes and is named; it does not make room for a wrong one."""
    held = [replace(topic, live=topic.slug != "fiets-gestolen") for topic in topics()]
    ranking = opened(tmp_path, held).rank("mijn fiets is gestolen aan het station")
    assert (ranking.matches[0].slug, ranking.matches[0].live, ranking.reason) == (
        "fiets-gestolen",
        False,
        NOT_LIVE,
    )


def test_rank_when_one_article_is_stuffed_with_words(tmp_path: Path) -> None:
    """An answer that repeats every word of the others does not win their messages."""
    everything = " ".join(question for asked in ASKED.values() for question in asked["nl"])
    stuffed = [
        *topics(),
        Topic("alles", {"nl": "Alles"}, {"nl": ("alles over alles",)}, {"nl": everything * 20}),
    ]
    index = opened(tmp_path, stuffed)
    asked = [(slug, question) for slug in TITLES for question in ASKED[slug]["nl"]]
    won = [question for slug, question in asked if index.rank(question).matches[0].slug == "alles"]
    assert len(won) <= len(asked) // 20


@pytest.mark.parametrize(
    "message",
    [
        "status:draft OR *:* AND title:[a TO z] NOT (fiets",
        "a" * 1_000_000,
        "🚓" * 200_000,
        " ".join(f"woord{number}x" for number in range(1_000)),
        "mijn fiets is gestolen " * 50_000,
        "\ud800 mijn fiets \udfff gestolen",
        "e" + "\u0301" * 1_000_000,
        "1." * 500_000,
        "a'" * 500_000,
        "\x00" * 1_000,
    ],
    ids=lambda message: ascii(message[:12]),
)
def test_rank_when_message_is_hostile(index: SuggestionIndex, message: str) -> None:
    """Any message has an answer, soon."""
    begun = time.perf_counter()
    assert index.rank(message).line == index.line
    assert time.perf_counter() - begun < 5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(), st.sampled_from([None, *LANGUAGES]))
def test_rank_when_message_is_anything(index: SuggestionIndex, message: str, lang: str | None) -> None:
    """A ranking is complete, repeatable and in order for every text there is."""
    ranking = index.rank(message, lang)
    assert ranking == index.rank(message, lang)
    assert ranking.reason in ("", NO_WORDS, NOTHING_SIMILAR, BELOW_LINE)
    assert (ranking.reason == "") == bool(ranking.matches and ranking.matches[0].confidence >= index.line)


def test_rank_when_only_the_beginning_is_read(index: SuggestionIndex) -> None:
    """What stands after the first 20,000 characters does not count."""
    message = "mijn fiets is gestolen " + "." * 20_000
    assert index.rank(message + " verkeersboete betalen") == index.rank(message)


def test_build_when_done_twice(tmp_path: Path) -> None:
    """The same topics, in any order, give the same bytes."""
    build(topics(), tmp_path / "one")
    build(topics()[::-1], tmp_path / "two")
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert {"suggest.json", "keys.npy", "weights.npy"} <= one.keys()


def test_build_when_arrays_are_read_back(tmp_path: Path) -> None:
    """Nothing is pickled, and the arrays are mapped, not copied."""
    index = opened(tmp_path, topics())
    for path in tmp_path.glob("*.npy"):
        assert not np.load(path, allow_pickle=False).dtype.hasobject
    assert isinstance(index._postings.keys.base, np.memmap)


@pytest.mark.parametrize(
    "held", [[], [Topic("leeg")], [Topic("een", {"nl": "Fiets gestolen"})]], ids=["none", "empty", "one"]
)
def test_build_when_there_is_little(tmp_path: Path, held: list[Topic]) -> None:
    """A knowledge base without texts is silent; one with a single title finds it."""
    ranking = opened(tmp_path, held).rank("mijn fiets is gestolen")
    assert [match.slug for match in ranking.matches] == [topic.slug for topic in held if topic.titles]
    assert ranking.line == UNTAUGHT.line


def test_build_when_a_message_must_not_find_a_topic(tmp_path: Path) -> None:
    """What editors say must not find a topic lowers the confidence that it is found with."""
    message = "de wijkagent heeft mijn fiets gestolen in een droom"
    plain = opened(tmp_path / "plain", topics()).rank(message).matches[0]
    warned = [replace(t, not_asked=(message,) * 20 if t.slug == plain.slug else ()) for t in topics()]
    assert opened(tmp_path / "warned", warned).rank(message).matches[0].confidence < plain.confidence


def test_open_when_there_is_no_index(tmp_path: Path) -> None:
    """A missing index is an error with what to do about it."""
    with pytest.raises(StoreMissing, match="Build the edition again"):
        SuggestionIndex.open(tmp_path)


@pytest.mark.parametrize("name", ["keys.npy", "topics.npy"])
@pytest.mark.parametrize("kept", [None, 0, 60])
def test_open_when_an_array_is_lost(tmp_path: Path, name: str, kept: int | None) -> None:
    """An array that is gone or cut short is a missing index, not a wrong answer."""
    build(topics(), tmp_path)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    if kept is not None:
        (tmp_path / name).write_bytes(whole[:kept])
    with pytest.raises(StoreMissing, match="no whole suggestion index"):
        SuggestionIndex.open(tmp_path)


@pytest.mark.parametrize("key", ["format", "analyzer"])
def test_open_when_another_version_made_it(tmp_path: Path, key: str) -> None:
    """Terms of another version would silently not meet: the index is refused."""
    build(topics(), tmp_path)
    meta = json.loads((tmp_path / "suggest.json").read_text("utf-8"))
    (tmp_path / "suggest.json").write_text(json.dumps({**meta, key: "other"}), "utf-8")
    with pytest.raises(StoreMissing, match="another version"):
        SuggestionIndex.open(tmp_path)


QUESTIONS = [(slug, question) for slug in TITLES for question in ASKED[slug]["nl"]]
READER = Reader({})


def written(left_out: str = "") -> list[Written]:
    """The Dutch questions as texts of their topics, one left out."""
    slugs = list(TITLES)
    return [
        Written(slugs.index(slug), "nl", text, 1.0, True, READER.read(text, "nl"))
        for slug, text in QUESTIONS
        if text != left_out
    ]


def cells_of(texts: list[Written]) -> Cells:
    """The cells of texts of the topics."""
    by_topic = [[text for text in texts if text.topic == place] for place in range(len(TITLES))]
    return Cells.joined(
        [read_texts(READER, [Text(t.topic, t.lang, t.text, t.weight, t.asked) for t in some]) for some in by_topic]
    )


def asked(cells: Cells, question: str) -> Asked:
    """A question asked as if it had never been written."""
    text = next(text for text in written() if text.text == question)
    weights = cells.weights()
    return ask(cells, cells.impacts(weights), weights, text)


@pytest.mark.parametrize(("slug", "question"), QUESTIONS[::5])
def test_ask_when_compared_with_rebuilding(slug: str, question: str) -> None:
    """Taking a question out by subtraction leaves its topic the counts of an index that never held it."""
    whole, rebuilt = cells_of(written()), cells_of(written(left_out=question))
    found = asked(whole, question)
    mean = rebuilt.lengths.mean() / whole.lengths.mean()
    for part, row in zip(found.parts[:, 0], found.rows, strict=True):
        there, known = rebuilt.rows(whole.keys[row : row + 1])
        at, held = rebuilt.find(there, np.array([list(TITLES).index(slug)]))
        # Its rarity and the mean length are those of the whole index, which one question hardly moves.
        expected = rebuilt.weights()[at[0, 0]] / rebuilt.idf[there[0]] if known[0] and held[0, 0] else 0.0
        assert part / whole.idf[row] == pytest.approx(expected, rel=0.02 + abs(1 - mean))


def test_learning_when_a_small_word_leads_astray(tmp_path: Path) -> None:
    """What two topics share says less about either once their own questions have been asked."""
    shared = [("appel", "peer"), ("noot", "vijg"), ("kers", "pruim"), ("druif", "olijf")]
    fruit = [
        Topic(f"{one}-{two}", questions={"nl": tuple(f"{x} {one} {y} {two} kopen" for x in "abcde" for y in "fghij")})
        for one, two in shared
    ]
    index = opened(tmp_path, fruit)
    assert index.rank("ik wil peer kopen").matches[0].slug == "appel-peer"
    assert dict(index.rank("peer kopen").matches[0].words)["peer"] > 0.7


def test_grams_when_they_stand_in_words() -> None:
    """Every gram belongs to one word, the spaces around it included."""
    reading = READER.read("fiets weg", "nl")
    # " fiets " has 7 characters: 5 + 4 + 3 grams; " weg " has 5: 3 + 2 + 1.
    assert np.bincount(reading.places[reading.grams]).tolist() == [12, 6]


def test_words_when_a_compound_is_read() -> None:
    """A compound yields itself and its parts, all of the one word."""
    vocabulary = frozenset(term.term for term in Analyzer("nl").terms("fiets diefstal"))
    reading = Reader({"nl": vocabulary}).read("fietsdiefstal", "nl")
    assert (np.count_nonzero(~reading.grams), set(reading.places.tolist())) == (3, {0})


@pytest.mark.parametrize(
    ("written", "meant"), [("identiteitsksart", True), ("identiteitskaart", False), ("kater", False)]
)
def test_words_when_one_is_misspelt(written: str, meant: bool) -> None:
    """A word that no dictionary has also counts as the known word it is a slip away from."""
    known = frozenset(term.term for term in Analyzer("nl").terms("identiteitskaart water"))
    keys = set(Reader({"nl": known}).read(written, "nl").keys) - set(Reader({}).read(written, "nl").keys)
    assert bool(keys) is meant


def test_words_when_small_words_stand_between() -> None:
    """Words count as neighbours with and without the small words between them; a negation is no small word."""
    one, two, three = (
        set(READER.read(text, "nl").keys) for text in ("fiets gestolen", "fiets is gestolen", "fiets niet gestolen")
    )
    key = (one & two) - set(READER.read("gestolen fiets", "nl").keys)
    assert key
    assert not key & three


def example(strength: float, right: bool, outside: bool = False) -> Example:
    """An example whose first signal says everything."""
    return Example(np.array([strength, *[0.0] * (SIGNALS - 1)]), right, outside)


def test_calibrate_when_signals_tell_right_from_wrong() -> None:
    """Confidence rises with the signal, and the line silences four of five messages from outside."""
    inside = [example(5 + n % 7 / 4, right=True) for n in range(70)]
    outside = [example(1 + n % 10 / 2, right=False, outside=True) for n in range(100)]
    learned = calibrate([*inside, *outside], 0.8)
    assert learned.confidence(inside[0].signals) > 0.5 > learned.confidence(outside[0].signals)
    silenced = [learned.confidence(one.signals) < learned.line for one in outside]
    assert 0.75 <= np.mean(silenced) <= 0.85


def test_calibrate_when_there_is_too_little_to_learn() -> None:
    """A handful of questions teaches nothing; the untaught line holds."""
    assert calibrate([example(1.0, right=True)] * 19) is UNTAUGHT
    assert calibrate([]) is UNTAUGHT


def test_confidence_when_signals_are_extreme() -> None:
    """No signal overflows."""
    sure = Calibration((1.0,), 0.0, 0.5)
    assert (sure.confidence(np.array([1e9])), sure.confidence(np.array([-1e9]))) == pytest.approx((1.0, 0.0))
