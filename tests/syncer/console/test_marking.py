"""Differences are marked so that both texts can be read off them, whatever the texts are."""

from hypothesis import given
from hypothesis import strategies as st

from syncer.console.marking import MOST_WORDS, Piece, marked

TEXTS = st.text(st.sampled_from("ab \n<&é"), max_size=40)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_off_the_marks(before: str, after: str) -> None:
    pieces = marked(before, after)
    assert "".join(each.text for each in pieces if each.tone != "gone") == after
    if before != after:
        assert "".join(each.text for each in pieces if each.tone != "new").split() == before.split()


def test_a_changed_word_is_marked_and_the_others_are_not() -> None:
    assert marked("the lamp is on", "the lamp is off") == (
        Piece("same", "the lamp is "),
        Piece("gone", "on"),
        Piece("new", "off"),
    )


def test_texts_of_many_thousand_words_are_shown_whole() -> None:
    long = "word " * MOST_WORDS
    assert marked("before", long) == (Piece("new", long),)
