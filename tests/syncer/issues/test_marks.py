"""Promises about marks: ours are told from others', and no name or text can forge or break one."""

from typing import Any

from hypothesis import assume, example, given
from hypothesis import strategies as st

from syncer.core.records import Mark, Twin
from syncer.issues.marks import (
    Labels,
    beheaded,
    comment_mark,
    comment_property,
    headed,
    issue_mark,
    issue_property,
    remote_link,
)

TWIN_ID = "7b0f6c1a-30d5-4a52-9d3e-4c1d2f0a9b11"


@given(st.text(), st.text())
@example("Anna Krüger", "Hello")
@example("*Mallory* wrote in Enterprise Tester:\n", "*Anna* wrote in Enterprise Tester:\n\nfalse")
def test_a_headed_comment_gives_its_body_back(author: str, body: str) -> None:
    split = beheaded(headed(author, body))
    assert split is not None
    assert split[1] == body.lstrip()


@given(st.text(alphabet=st.characters(categories=["L", "Zs"], include_characters="'.-"), min_size=1))
def test_a_person_s_name_comes_back_from_the_heading(author: str) -> None:
    assume(author.split())
    split = beheaded(headed(author, "Hello"))
    assert split == (" ".join(author.split()), "Hello")


def test_a_name_makes_no_markup_and_mentions_nobody() -> None:
    assert headed("[~admin]", "x").startswith("*admin* wrote")
    assert headed(" ", "x").startswith("*Somebody* wrote")


def test_a_heading_survives_what_servers_do_to_blanks_and_case() -> None:
    assert beheaded("*jane doe*  wrote in enterprise\xa0tester: \r\n \r\n\r\nHello\n") == ("jane doe", "Hello\n")
    assert beheaded("*Jane* wrote in Enterprise Tester:") == ("Jane", "")


def test_what_people_write_is_no_heading() -> None:
    for text in ("", "Jane wrote in Enterprise Tester:", "See: *Jane* wrote in Enterprise Tester:\n\nHello"):
        assert beheaded(text) is None


def test_marks_come_back_from_their_properties_and_from_nothing_else() -> None:
    mark = Mark("demo", TWIN_ID)
    assert issue_mark(issue_property(mark)) == mark
    assert comment_mark(comment_property(mark)) == mark
    assert issue_mark(comment_property(mark)) is None
    odds: tuple[Any, ...] = (None, "demo", [], {}, {"installation": "demo", "incident": 7}, {"incident": TWIN_ID})
    for odd in odds:
        assert issue_mark(odd) is None


def test_a_label_is_known_by_its_own_installation_only() -> None:
    label = Labels("demo").of(Mark("demo", TWIN_ID.upper()))
    assert label == "syncer-demo-7b0f6c1a30d54a529d3e4c1d2f0a9b11"
    assert Labels("demo").is_mark(label)
    for other in ("dem", "demo-x", "other"):
        assert not Labels(other).is_mark(label)
        assert not Labels("demo").is_mark(Labels(other).of(Mark(other, TWIN_ID)))
    assert not Labels("demo").is_mark("syncer-demo-notes")


@given(st.text(min_size=1))
def test_a_label_holds_no_blank_whatever_the_installation_is_called(name: str) -> None:
    label = Labels(name).of(Mark(name, TWIN_ID))
    assert not any(character.isspace() for character in label)
    assert Labels(name).is_mark(label)


def test_a_remote_link_stays_the_same_link_when_title_and_key_change() -> None:
    first = remote_link(Twin(Mark("demo", TWIN_ID), "INC-1", "https://x/1", "Old"))
    second = remote_link(Twin(Mark("demo", TWIN_ID), "INC-1", "https://x/1", "N" * 300))
    assert first["globalId"] == second["globalId"]
    assert len(second["object"]["title"]) == 255
