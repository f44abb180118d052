"""Two texts compared: joined, the passages give both, whatever their size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbengine.engine.compare import compare

TEXT = st.text("ab \n", max_size=60)


@given(TEXT, TEXT)
def test_compare_when_joined_gives_both_texts(old: str, new: str) -> None:
    """What stayed and what went is the old text, what stayed and what came the new one; equal texts stay whole."""
    passages = compare(old, new)
    assert "".join(passage.text for passage in passages if passage.op != "added") == old
    assert "".join(passage.text for passage in passages if passage.op != "removed") == new
    assert all(passage.text for passage in passages)
    assert [passage.op for passage in compare(new, new)] == (["same"] if new else [])


def test_compare_when_one_word_of_a_register_changes_shows_that_word() -> None:
    """Of thousands of lines the one that changed is compared word by word."""
    lines = [f'woord{place} = ["een", "twee {place}"]' for place in range(4_000)]
    changed = [line.replace('"een"', '"drie"') if line.startswith("woord2000 ") else line for line in lines]
    found = compare("\n".join(lines), "\n".join(changed))
    assert [(passage.op, passage.text) for passage in found if passage.op != "same"] == [
        ("removed", '["een",'),
        ("added", '["drie",'),
    ]
