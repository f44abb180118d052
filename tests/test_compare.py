"""Two texts compared: joined, the passages give both, whatever their size."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbengine.engine.compare import brief, compare

TEXT = st.text("ab \n", max_size=60)
LINES = ["Doe aangifte aan het onthaal van de zone.", "Neem je identiteitskaart mee, als je die nog hebt.", "kort", ""]
PARAGRAPHS = st.lists(st.sampled_from(LINES), max_size=8).map("\n".join)


@given(TEXT | PARAGRAPHS, TEXT | PARAGRAPHS)
def test_compare_when_joined_gives_both_texts(old: str, new: str) -> None:
    """What stayed and what went is the old text, what stayed and what came the new one; equal texts stay whole."""
    passages = compare(old, new)
    assert "".join(passage.text for passage in passages if passage.op not in ("added", "moved")) == old
    assert "".join(passage.text for passage in passages if passage.op not in ("removed", "left")) == new
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


def test_compare_when_a_paragraph_moved_shows_it_as_moved_and_not_as_new() -> None:
    """What only changed places is said so in both; what was also changed elsewhere is shown by its words."""
    bring, ask, come = LINES[0] + "\n", LINES[1] + "\n", "Kom langs of bel ons.\n"
    found = compare(f"{bring}\n{ask}\n{come}", f"{ask}\n{bring}\n{come.replace('bel', 'mail')}")
    changed = [(passage.op, passage.text) for passage in found if passage.op != "same" and passage.text.strip()]
    assert changed == [("moved", ask), ("left", ask), ("removed", "bel"), ("added", "mail")]


def test_compare_when_a_line_break_became_a_space_keeps_the_words() -> None:
    """Only the space between two words differs; both words stay."""
    found = compare("een twee\ndrie", "een twee drie")
    assert [(passage.op, passage.text) for passage in found] == [
        ("same", "een twee"),
        ("removed", "\n"),
        ("added", " "),
        ("same", "drie"),
    ]


def test_compare_when_two_long_texts_share_nothing_but_small_words_ends_soon() -> None:
    """A stretch with too many equal pairs counts as written anew; joined it is still both texts."""
    old, new = "ja nee " * 2_000, "nee ja ja " * 1_500
    found = compare(old, new)
    assert [passage.op for passage in found] == ["removed", "added"]


def test_brief_when_much_stayed_keeps_what_stands_beside_a_change() -> None:
    """Joined it is still the comparison; of what is far from any change only how much it is stays."""
    lines = [f"Regel {place} van een tekst die lang genoeg is.\n" for place in range(60)]
    changed = [line.replace("lang", "kort") if line.startswith("Regel 30 ") else line for line in lines]
    whole = compare("".join(lines), "".join(changed))
    short = brief(whole)
    assert [passage.op for passage in short] == ["skipped", "same", "removed", "added", "same", "skipped"]
    assert "".join(passage.text for passage in short) == "".join(passage.text for passage in whole)
    assert short[1].text.startswith("Regel 27 ")
    assert brief(compare("een twee", "een drie")) == compare("een twee", "een drie")
