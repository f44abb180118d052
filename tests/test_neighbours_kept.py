"""What was read of texts and found between them, kept by what they say: never another answer, only sooner."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kbengine.edition import Builder
from kbengine.engine import Engine
from kbengine.neighbours import Field, Near, Readings, Told, is_found, kept_found, save_found
from kbengine.neighbours import readings as readings_module
from kbengine.reply import said

TEXTS = (
    "Wildplakken kost je een boete van 116 euro, plus het opruimen. Dat mag je binnen 14 dagen betwisten.",
    "Wie betrapt wordt op wildplakken, krijgt een boete van 58 euro.\n\n- Betalen doe je online, van 9 tot 12 uur.",
    "Zwemmen in het kanaal is verboden, behalve op zondag in het dok Noord.",
    "Zwemmen in het kanaal mag. Hoe lang? Zo lang je wil!",
)


def read(readings: Readings, number: int, text: str) -> Told:
    """A text as it is read by these readings."""
    spoken = readings.of("nl", text, text, lambda: said(text, "nl"))
    return Told(f"{number}@1", str(number), "nl", f"Regels {number}", (text,), (), (spoken,))


def every(readings: Readings, texts: tuple[str, ...] = TEXTS) -> dict[str, Told]:
    """All of the texts by their keys."""
    return {one.key: one for one in (read(readings, number, text) for number, text in enumerate(texts))}


def test_readings_when_another_process_reads_the_same_are_taken_over_to_the_letter(tmp_path, monkeypatch):
    """What a file holds is what reading again would give, and nothing of it is read again."""
    readings, file = Readings(), tmp_path / "home" / "read.json"
    texts = every(readings)
    readings.save(file)
    monkeypatch.setattr(readings_module, "spoken", lambda *_: pytest.fail("read again"))

    assert every(Readings.open(file)) == texts


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"rules": "of before", "read": {}, "texts": {}}', "\udcff"])
def test_readings_when_the_file_is_no_good_are_read_again(tmp_path: Path, damage: str):
    """Lost, cut short, of another version: as if it had never been there."""
    file = tmp_path / "kept.json"
    file.write_text(damage, "utf-8", "surrogatepass")
    texts = every(Readings.open(file))

    assert texts == every(Readings())
    assert kept_found(file, texts) == ((), frozenset(texts))
    assert not is_found(file, texts)


def test_found_when_nothing_changed_is_what_stands_in_the_file(tmp_path: Path):
    """Sorts, passages and marks, in the same order."""
    texts, file = every(Readings()), tmp_path / "found.json"
    found = Field.of("nl", texts.values()).all()
    save_found(file, texts, found)

    assert [near.what for near in found] == ["amount", "alike", "stance"]
    assert kept_found(file, texts) == (found, frozenset())
    assert is_found(file, texts)


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (0, "Wildplakken kost je een boete van 75 euro, plus het opruimen."),
        (1, "Wie betrapt wordt op wildplakken, krijgt een boete van 116 euro."),
        (3, "Zwemmen in het kanaal is verboden."),
    ],
)
def test_found_when_a_text_changed_is_looked_for_again_with_that_one_only(tmp_path: Path, changed: int, text: str):
    """Another fine is found, one that is the same now is not; what other texts say of each other stays."""
    before, file = every(Readings()), tmp_path / "found.json"
    save_found(file, before, Field.of("nl", before.values()).all())
    texts = every(Readings(), (*TEXTS[:changed], text, *TEXTS[changed + 1 :]))
    kept, others = kept_found(file, texts)
    field = Field.of("nl", texts.values())

    assert others == {f"{changed}@1"}
    assert [_shown(near) for near in field.again(kept, others)] == [_shown(near) for near in field.all()]


def _shown(near: Near) -> tuple[object, ...]:
    """What is found, without how surely: what another text weighs moves that a little."""
    return near.sort, near.one.key, near.other.key, near.what, near.here, near.there


def test_watch_when_a_text_is_saved_writes_down_what_is_found_for_every_process(hamlet):
    """Another process then reads nothing, and finds the same."""
    hamlet.publish("wildplakken", title="Boete voor wildplakken", default=TEXTS[0])
    hamlet.save("affiches", title="Affiches ophangen", default=TEXTS[1])
    settings = hamlet.engine.settings
    stopped = threading.Event()
    prepared = threading.Event()

    def prepare() -> None:
        hamlet.engine.neighbours.prepare()
        prepared.set()

    watching = threading.Thread(
        target=Builder(hamlet.engine.room.store, settings).watch, args=(stopped.is_set, prepare)
    )
    watching.start()
    try:
        assert prepared.wait(60)
    finally:
        stopped.set()
        watching.join()
    other = Engine.open(settings)

    found = [finding.near for *_, finding in other.neighbours.all()]
    other.close()

    assert (settings.neighbours / "found-nl.json").exists()
    assert found[0].what == "amount"
    assert found == [finding.near for *_, finding in hamlet.engine.neighbours.all()]
