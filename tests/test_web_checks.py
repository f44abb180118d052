"""What an editor sees of the checks while writing: the words, the box and the line."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from test_web_editing import typed
from web_app import Visitor, engine_of

pytest_plugins = ["web_fixtures"]

FAULTY = """Dag {citizen:first_name}, kom langs met je papieren.

Neem uw brief mee, en klik [hier](https://bit.ly/x).
Vraag naar Jan Peeters op 0478 12 34 56."""


def test_preview_when_a_text_reads_badly_says_what_where_and_how(app: Flask, visit: Callable[[str], Visitor]) -> None:
    """Each in its box, at its line in that box, with what to do."""
    page = visit("editor").post("/bewerken/voorbeeld", typed(app, private=FAULTY)).text
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    for said in (
        "Niets vervangt {citizen:first_name} als de naam niet bekend is.",
        "Schrijf {citizen:first_name|}, met achter het streepje wat er dan staat, of niets. Privébericht, regel 1",
        "Spreek de burger op één manier aan. Privébericht, regel 1",
        "Een link zegt alleen „hier”.",
        "Laat de woorden zeggen waar je uitkomt: [online aangifte](…). Privébericht, regel 3",
        "https://bit.ly/x verbergt waar het naartoe leidt.",
        "lijkt een persoonsgegeven (telefoon), en deze tekst gaat naar buiten.",
        "Privébericht, regel 4 · text.personal-data",
    ):
        assert said in shown


def test_preview_when_the_words_are_internal_leaves_them_alone(app: Flask) -> None:
    """The same words in the internal box are nobody's business; said outside too, they are."""
    ours = "Zeg nooit dat de ploeg van de nacht pas om zeven uur terug is."
    form = engine_of(app).editing.form("fiets-gestolen", "nl")
    kept = typed(app, internal=f"{FAULTY}\n{ours}", private=f"Dag, kom langs.\n{ours}")
    changed = type(form)(**{name: kept[name] for name in form.__slots__ if name != "base"}, base=form.base)
    found = [(p.code, p.fields["box"], p.line) for p in engine_of(app).editing.preview(changed).problems]

    assert found == [("text.repeats-internal", "private", 2)]
