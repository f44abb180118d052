"""What other services handle: the register, its page and form, the check, and what the desk says of a message."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from web_app import Visitor, engine_of

from kbengine.article import LANGUAGES, Kind, Questions, Ref, Referral, Zone, read_referrals, write_referral
from kbengine.checks import Scope, check
from kbengine.engine import ReferralForm
from kbengine.history import Move

pytest_plugins = ["web_fixtures"]

REFERRALS = Ref(Kind.REFERRALS, "referrals")
ASKED = (
    "de ballonvaart is afgelast wie betaalt terug", "mijn luchtballon ticket is vervallen", "waar stijgt de ballon op",
    "hoe laat vertrekt de ballonvaart zondag", "kan ik een luchtballon huren voor een feest",
    "ballonvaart bon gekregen en niet kunnen gebruiken", "is een ballonvaart veilig met kinderen",
)  # fmt: skip
BALLOONS = Referral("ballonvaart", "Ballonvaarten", "de organisator van de vlucht", {"nl": ASKED})
FORM = {
    "before": "", "name": "ballonvaart", "subject": "Ballonvaarten", "service": "de organisator van de vlucht",
    "nl": "\n".join(ASKED), "fr": "", "en": "", "de": "",
}  # fmt: skip
MESSAGE = "ons luchtballon ticket is vervallen, wie betaalt dat terug"


def test_referral_when_written_reads_back_as_it_was() -> None:
    assert read_referrals(write_referral(BALLOONS), "referrals.toml") == ((BALLOONS,), ())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("huisvuil = 1\n", "referrals.table", 1),
        ('["Huis Vuil"]\nsubject = "H"\nservice = "d"\nnl = ["x"]\n', "referrals.name", 1),
        ('[huisvuil]\nsubject = "H"\nnl = ["x"]\n', "referrals.text", 1),
        ('[huisvuil]\nsubject = "H"\nservice = "a\\nb"\nnl = ["x"]\n', "referrals.text", 3),
        ('[huisvuil]\nsubject = "H"\nservice = "d"\nnl = ["x"]\nes = ["y"]\n', "referrals.key", 5),
        ('[huisvuil]\nsubject = "H"\nservice = "d"\nnl = "x"\n', "referrals.list", 4),
        ('[huisvuil]\nsubject = "H"\nservice = "d"\nnl = []\n', "referrals.empty", 1),
        ('[a]\nsubject = "H"\nservice = "d"\nnl = ["x"\n', "toml.syntax", 4),
    ],
)
def test_referral_when_badly_written_is_a_problem_with_its_line(text: str, code: str, line: int) -> None:
    found = read_referrals(text, "referrals.toml")
    assert [(problem.code, problem.line) for problem in found[1]] == [(code, line)]
    assert found[0] == ()


def test_message_when_an_article_answers_it_is_not_referred(zone: Zone) -> None:
    """The same words, whatever signs stand between them; the line is that of the subject."""
    asked = Questions("fiets-gestolen", {"nl": ("Mijn fiets is weg!",)})
    referral = Referral("ballonvaart", "Ballonvaarten", "de organisator", {"nl": ("mijn fiets is weg",)})
    text = "# wie doet wat\n" + write_referral(referral)
    scope = Scope(zone, (), {}, (("q.toml", asked),), referrals=(referral,), referrals_text=text)
    assert [(p.file, p.line, p.level) for p in check(scope) if p.code == "referrals.answered"] == [
        ("referrals.toml", 2, "error")
    ]


@pytest.fixture
def zone(app: Flask) -> Zone:
    return engine_of(app).zone


def saved(app: Flask, editor: Visitor, **typed: str) -> None:
    base = str(len(engine_of(app).room.store.journal.history(REFERRALS).revisions))
    assert editor.post("/doorverwijzingen/onderwerp", {**FORM, "base": base, "then": "submit", **typed}).location


def vouched(app: Flask) -> None:
    engine = engine_of(app)
    line = engine.editing.lines(REFERRALS)[0]
    engine.editing.move(engine.people.by_login("validator"), REFERRALS, line.number, line.digest, Move.VALIDATE)
    engine.build()


def test_subject_when_vouched_for_is_named_with_who_handles_it(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """From the form over the queue to the desk: nothing is offered, and the agent sees whom to name."""
    editor = visit("editor")
    saved(app, editor)
    assert "nog te valideren" in editor.page("/doorverwijzingen")
    assert "/doorverwijzingen" in visit("validator").page("/ter-validatie")
    assert engine_of(app).desk.advise(MESSAGE, "facebook").referred is None

    vouched(app)
    advice = engine_of(app).desk.advise(MESSAGE, "facebook")
    assert advice.referred is not None and advice.abstained == "referred"
    assert (advice.referred.subject, advice.referred.service) == ("Ballonvaarten", "de organisator van de vlucht")
    assert {"luchtballon", "ticket"} & set(advice.referred.words)
    page = visit("agent").post("/", {"message": MESSAGE, "channel": "facebook"}).text
    assert "Ballonvaarten" in page and "de organisator van de vlucht" in page


def test_subject_when_removed_and_vouched_for_is_named_no_more(app: Flask, visit: Callable[[str], Visitor]) -> None:
    editor = visit("editor")
    saved(app, editor)
    vouched(app)
    base = str(len(engine_of(app).room.store.journal.history(REFERRALS).revisions))
    editor.post("/registers/weg", {"kind": "referrals", "name": "ballonvaart", "base": base})
    vouched(app)
    assert engine_of(app).desk.advise(MESSAGE, "facebook").referred is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"subject": " "}, "ontbreekt subject"),
        ({"nl": ""}, "staat geen enkel bericht"),
        ({"name": "Lucht Ballon"}, "kan niet gebruikt worden"),
    ],
)
def test_form_when_it_cannot_be_kept_says_why_and_loses_nothing(
    visit: Callable[[str], Visitor], typed: dict[str, str], said: str
) -> None:
    answer = visit("editor").post("/doorverwijzingen/onderwerp", {**FORM, "base": "0", **typed})
    assert answer.status_code == 422
    assert said in answer.text and "de organisator van de vlucht" in answer.text


def test_form_when_somebody_was_first_shows_both(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """The second who changes the same subject sees what the first one kept."""
    editor = visit("editor")
    saved(app, editor)
    base = str(len(engine_of(app).room.store.journal.history(REFERRALS).revisions))
    saved(app, editor, before="ballonvaart", service="de luchthaven")
    answer = visit("validator").post(
        "/doorverwijzingen/onderwerp", {**FORM, "before": "ballonvaart", "service": "de weerdienst", "base": base}
    )
    assert answer.status_code == 409
    assert "de luchthaven" in answer.text and "de weerdienst" in answer.text


def test_change_when_foreseen_names_the_questions_it_would_silence(app: Flask) -> None:
    """A subject made of an article's own questions would keep them from their answer: the queue says so first."""
    engine = engine_of(app)
    catalog, now = engine.room.read()
    asked = next(a for a in catalog.answers.values() if a.article.slug == "fiets-gestolen").questions
    assert asked is not None and now <= datetime.now(UTC)
    typed = dict.fromkeys(LANGUAGES, "") | {"nl": "\n".join(f"{text} toch" for text in asked.asked["nl"])}
    editor = engine.people.by_login("editor")
    base = len(engine.room.store.journal.history(REFERRALS).revisions)
    form = ReferralForm("", "fietsen", "Fietsen", "de fietsenmaker", typed, base)
    number = engine.registers.save_referral(editor, form)
    foreseen = engine.effects.of(REFERRALS, number)
    assert any(effect.after.slug == "fiets-gestolen" for effect in foreseen.effects)
