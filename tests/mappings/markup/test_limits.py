"""Long texts: what is cut is marked, and what is split comes together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.markup import cut, is_cut, join, plain_from_html, split, wiki_from_html, wiki_from_plain
from syncer.sandbox.jira.wiki import normalised
from syncer.sandbox.jira.wiki_html import rendered
from tests.mappings.markup.writing import DOCUMENTS, TEXTS

PAGE = "http://et.example.com/incident/1"
LONG = st.lists(st.one_of(DOCUMENTS.map(wiki_from_html), TEXTS.map(wiki_from_plain)), min_size=2, max_size=4).map(
    lambda found: "\n\n".join(each for each in found if each)
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(LONG, st.integers(300, 900))
def test_parts_fit_and_make_the_same_text(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(units(part) <= limit for part in parts)
    assert join(parts) == text
    assert all(part.count("{noformat}") % 2 == 0 and part.count("{quote}") % 2 == 0 for part in parts)


@given(LONG)
def test_a_cut_text_fits_says_so_and_where_all_of_it_is(text: str) -> None:
    text = "\n\n".join([text or "x"] * (1 + 1200 // max(1, len(text))))
    shown = cut(text, 1100, PAGE)
    assert units(shown) <= 1100
    assert is_cut(shown)
    assert normalised(shown) == shown
    assert shown.count("{noformat}") % 2 == 0
    assert shown.count("{quote}") % 2 == 0
    said = plain_from_html(rendered(shown))
    assert is_cut(said)
    assert PAGE in said.splitlines()[-1]


@given(TEXTS.map(wiki_from_plain), st.integers(255, 32_767))
def test_what_fits_is_left_alone(text: str, limit: int) -> None:
    assert cut(text, limit, PAGE) == text
    assert not is_cut(text)


def test_a_line_ends_with_a_short_mark() -> None:
    assert cut("a long summary " * 20, 255) == "a long summary " * 16 + "a long… [cut]"
    assert cut("x" * 300, 255) == "x" * 248 + "… [cut]"
    assert units(cut("😀" * 200, 255)) <= 255
    assert is_cut(cut("x" * 300, 255))


def test_a_text_is_cut_between_paragraphs_if_there_are_any_near() -> None:
    text = "\n\n".join(["word " * 60 + "end"] * 40)
    assert cut(text, 5000).partition("\n\n… (cut here")[0].endswith("end")


def test_a_cut_closes_what_is_open() -> None:
    assert "x{noformat}\n\n…" in cut("{noformat}" + "x\n" * 2000 + "{noformat}", 2000)
    assert "x{quote}\n\n…" in cut("{quote}" + "x\n\n" * 2000 + "x{quote}", 2000)
    assert cut("*" + "bold " * 400 + "x*", 1500).count("*") % 2 == 0


def test_a_number_says_how_a_part_goes_on() -> None:
    parts = split("one " * 100 + "\n\n" + "two\n" * 100 + "three", 400)
    assert [part.partition("\n\n")[0] for part in parts] == ["(1/3)", "(2/3, same line)", "(3/3, next line)"]


def test_an_emoji_is_never_halved() -> None:
    parts = split("😀" * 1000, 301)
    assert all(units(part) <= 301 for part in parts)
    assert join(parts) == "😀" * 1000


def test_parts_without_numbers_are_paragraphs() -> None:
    assert join(["(1/2)\n\none", "two"]) == "one\n\ntwo"
    assert join(["(1/2)\n\nalone"]) == "(1/2)\n\nalone"


def test_parts_too_short_for_text_are_refused() -> None:
    with pytest.raises(ValueError, match="parts of 40 characters are too short; allow at least 100"):
        split("x" * 100, 40)
