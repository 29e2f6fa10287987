"""Marks are found again by the program, whatever a server does to a text, and tell people where it comes from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.core.records import Mark
from syncer.incidents.headings import mark_text, read_mark, take_apart, with_heading

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
IDS = st.text(min_size=1, max_size=20).filter(lambda text: text.isprintable())
MARKS = st.builds(Mark, IDS, IDS)
PLAIN_MARKS = st.builds(Mark, st.from_regex(r"[a-z0-9_.-]{1,12}", fullmatch=True), st.uuids().map(str))
MARK = Mark("demo", "10234")


def test_a_heading_reads_as_a_sentence() -> None:
    text = with_heading("Jane Doe", MARK, "It happens twice.")
    assert text == "Jane Doe wrote in Jira [syncer:demo:10234]:\n\nIt happens twice."
    assert mark_text("TEST-12", Mark("demo", "10012")) == "TEST-12 [syncer:demo:10012]"


@given(author=NAMES, mark=MARKS, body=TEXTS)
def test_what_was_put_together_comes_apart_again(author: str, mark: Mark, body: str) -> None:
    headed = take_apart(with_heading(author, mark, body), mark.installation)
    assert headed is not None
    assert (headed.mark, headed.body) == (mark, body)


@given(key=st.from_regex(r"[A-Z]{2,5}-[0-9]{1,4}", fullmatch=True), mark=MARKS)
def test_a_mark_in_a_field_is_read_again(key: str, mark: Mark) -> None:
    assert read_mark(mark_text(key, mark), mark.installation) == mark


@given(author=NAMES, mark=PLAIN_MARKS, body=st.text("abc .\n", max_size=30).filter(lambda text: text == text.strip()))
def test_letter_case_blanks_and_line_ends_do_not_hide_a_mark(author: str, mark: Mark, body: str) -> None:
    text = with_heading(author, mark, body)
    for changed in (text.lower(), text.upper(), f"\n  {text}\n ", text.replace("\n", "\r\n"), text.strip()):
        headed = take_apart(changed, mark.installation)
        assert headed is not None
        assert (headed.mark.installation, headed.mark.twin_id.lower()) == (mark.installation, mark.twin_id)
        assert headed.body.replace("\r", "").lower().strip() == body


@pytest.mark.parametrize(
    ("stored", "body"),
    [
        ("<p>Jane Doe wrote in Jira [syncer:demo:10234]:</p><p>It happens.</p>", "<p>It happens.</p>"),
        (
            "<div><p>Jane Doe wrote in Jira [syncer:demo:10234]:</p>\n<p>It happens.</p></div>",
            "<div><p>It happens.</p></div>",
        ),
        ("<p>Jane Doe wrote in Jira [syncer:demo:10234]:<br /><br />It happens.</p>", "<p>It happens.</p>"),
        ("Jane Doe wrote in Jira [syncer:demo:10234]:<br/>\n<br/>\nIt happens.", "It happens."),
        ("Jane Doe wrote in Jira [syncer:demo:10234]: It happens.", " It happens."),
        ("Jane Doe wrote in Jira [syncer:demo:10234]:", ""),
    ],
)
def test_a_heading_in_html_is_recognised_and_the_body_stays_balanced(stored: str, body: str) -> None:
    headed = take_apart(stored, "Demo")
    assert headed is not None
    assert (headed.author, headed.mark, headed.body) == ("Jane Doe", Mark("Demo", "10234"), body)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It happens twice.",
        "As Jane Doe wrote in Jira, it happens twice.",
        "I saw this:\n\nJane Doe wrote in Jira [syncer:demo:10234]:\n\nIt happens twice.",
        "> Jane Doe wrote in Jira [syncer:demo:10234]:",
    ],
)
def test_a_persons_own_comment_is_not_taken_for_ours(text: str) -> None:
    assert take_apart(text, "demo") is None


def test_the_mark_of_another_installation_is_told_apart() -> None:
    headed = take_apart(with_heading("Jane", Mark("other", "1"), "Text"), "demo")
    assert headed is not None
    assert headed.mark == Mark("other", "1")


@pytest.mark.parametrize("text", [" " * 200_000, "<p>" * 70_000, "a " * 100_000, "a" * 200_000 + " wrote in Jira"])
def test_a_huge_comment_costs_no_more_than_reading_it(text: str) -> None:
    assert take_apart(text, "demo") is None
