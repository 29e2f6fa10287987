"""Wiki text comes back from Cloud as Cloud writes it, and stays like that."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.sandbox.jira.wiki import normalised, rendered
from tests.syncer.sandbox.jira.jira_server import Site

PIECES = [
    "{color:red}", "{color}", "{code}", "{code:java}", "{noformat}", "{panel:title=T}", "{panel}",
    "||A||B||", "||", "|", "bq. q", "bq. ", "- ", "-- ", "* ", "\n", "\n\n", "\r\n", " ", "\t",
    "http://x.de/a?b=1", "https://x",
    ":)", "(y)", ";)", ":P", r"\{x\}", r"\{code\}", "\\", "{", "}", "[~jdoe]", "[a|http://x]",
    "[", "]", "h1. T", "h2. ", "a", "ü", "*", "!", "x.", "~", r"\{", r"\}",
    "http://", "(", ")", ":", "accountid:",
]  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "held"),
    [
        ("{color:red}x{color}", "{color:#ff0000}x{color}"),
        ("{code}int x;{code}", "{code:java}int x;{code}"),
        ("||A||B||\n|1|2|", "||*A*||*B*||\n|1|2|"),
        ("bq. so be it", "{quote}so be it{quote}"),
        ("- a\n-- b\n- c", "* a\n** b\n* c"),
        ("see http://example.com/a?b=1.", "see [http://example.com/a?b=1|http://example.com/a?b=1]."),
        ("[~jdoe] knows", "[~accountid:jdoe] knows"),
        ("fine :) (y)", "fine \N{SLIGHTLY SMILING FACE} \N{THUMBS UP SIGN}"),
        ("{panel:title=Note|borderColor=red}\nx{panel}", "{panel:bgColor=#deebff}\n*Note*\nx{panel}"),
        (r"a \{b\} c", "a {b} c"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("h2. Title\ntext", "h2. Title\n\ntext"),
        ("a  \r\nb\t\r\n", "a\nb"),
    ],
)
def test_cloud_writes_these_its_own_way(sent: str, held: str) -> None:
    assert normalised(sent) == held


@pytest.mark.parametrize(
    "text",
    [
        "plain text, with *bold* and _italic_ and -struck- words",
        "* a\n** b\n* c",
        "# one\n# two",
        "[a page|http://example.com/] and [http://example.com/]",
        "{noformat}\n- not a list :)\n\n\n\nhttp://x\n{noformat}",
        "{code:python}\nx = {}\n\n\n\n- 1\n{code}",
        "|a|b|\n|c|d|",
        "a - b -- c, 1-2; C:\\dir; {{mono}}; --- ",
        r"\{code\} stays escaped",
        "----",
    ],
)
def test_the_stable_subset_survives(text: str) -> None:
    assert normalised(text) == text.strip()


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=15).map("".join), st.text(max_size=60)))
def test_what_has_been_stored_once_is_not_changed_again(text: str) -> None:
    held = normalised(text)
    assert normalised(held) == held


@pytest.mark.parametrize(
    "piece", ["{code:x}", "{code}", "[", "||", r"\{", "{panel:title=", "http://a", " ", "- ", "h1. "]
)
def test_the_longest_hostile_text_is_stored_quickly(piece: str) -> None:
    started = time.monotonic()
    normalised(piece * (32_767 // len(piece)))
    assert time.monotonic() - started < 5


def test_rendering_leaves_no_markup_in() -> None:
    assert rendered("<b>&\nx") == "<p>&lt;b&gt;&amp;<br/>x</p>"
    assert rendered(None) == ""


def test_cloud_converts_descriptions_and_comments_and_data_center_does_not(site: Site) -> None:
    client = site.client()
    client.put("issue/TEST-1", json={"fields": {"description": "- a\r\n- b", "customfield_10011": "- c"}})
    shown = client.get("issue/TEST-1").json()["fields"]
    assert shown["description"] == ("* a\n* b" if site.model.cloud else "- a\n- b")
    assert shown["customfield_10011"] == "- c"
    comment = client.post("issue/TEST-1/comment", json={"body": "- a :)"}).json()
    assert comment["body"] == ("* a \N{SLIGHTLY SMILING FACE}" if site.model.cloud else "- a :)")


@pytest.mark.parametrize(
    ("mode", "held"),
    [("wiki", "* A"), ("none", "\n- A \n"), ("trim", "- A"), ("lower", "\n- a \n")],
)
def test_every_way_of_storing_text_can_be_switched_on(site: Site, mode: str, held: str) -> None:
    site.model.behaviour.normalise = mode  # type: ignore[assignment]  # a parameter of the test
    issue = site.model.edit("TEST-1", by="joeb", description="\r\n- A \n", summary=" Loud ")
    assert issue.fields["description"] == held
    assert issue.fields["summary"] == ("loud" if mode == "lower" else "Loud")
