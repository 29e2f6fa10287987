"""What Jira shows is made harmless before it goes into Enterprise Tester, and hostile input costs little."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given

from mappings.markup import (
    clean_html,
    cut,
    html_from_plain,
    is_cut,
    plain_from_html,
    split,
    wiki_from_html,
    wiki_from_plain,
)
from tests.mappings.markup.writing import JUNK

JIRA = "https://jira.example.com/browse/ABC-1"


@pytest.mark.parametrize(
    ("html", "clean"),
    [
        ("a<script>alert(1)</script><style>p{}</style>b", "<p>ab</p>"),
        ('<p onclick="x()" style="color:red">a</p>', "<p>a</p>"),
        ('<a href="javascript:x()">a</a><img src="data:image/png;base64,xx" alt="b">', "<p>ab</p>"),
        ('<a href="/secure/x">a</a>', '<p><a href="https://jira.example.com/secure/x">a</a></p>'),
        ('<img src="/secure/attachment/1/a.png" alt="">',
         '<p><img src="https://jira.example.com/secure/attachment/1/a.png" alt=""/></p>'),
        ('<img class="emoticon" src="/emoticons/smile.png" alt=""> <img class="emoticon" src="x" alt=":-|">',
         "<p>\N{SLIGHTLY SMILING FACE} :-|</p>"),
        ('by <a href="/secure/ViewProfile.jspa?accountId=1" class="user-hover">Jane Doe</a>', "<p>by Jane Doe</p>"),
        ('see <a href="/browse/ABC-2" class="issue-link"><del>ABC-2</del></a>', "<p>see ABC-2</p>"),
        ('<div class="code panel"><div><pre class="code-java"><span>int</span> x;</pre></div></div>',
         "<pre>int x;</pre>"),
        ("<section>a</section><section>b</section>", "<p>a</p><p>b</p>"),
    ],
)  # fmt: skip
def test_only_what_says_something_is_left(html: str, clean: str) -> None:
    assert clean_html(html, JIRA) == clean


@given(JUNK)
def test_nothing_that_could_run_gets_through(html: str) -> None:
    tags = {each.split(">")[0].split()[0].strip("/") for each in clean_html(html).split("<")[1:]}
    assert tags <= {
        "p", "br", "strong", "em", "u", "s", "sub", "sup", "code", "pre", "blockquote", "ul", "ol", "li", "table",
        "tbody", "tr", "td", "th", "a", "img", "hr", "h1", "h2", "h3", "h4", "h5", "h6",
    }  # fmt: skip


def test_a_relative_link_leads_nowhere_where_nobody_knows_from_where() -> None:
    assert clean_html('<a href="/x">a</a>') == "<p>a</p>"
    assert clean_html('<a href="/x">a</a>', "no address") == "<p>a</p>"


@pytest.mark.parametrize(
    "text",
    [
        "word " * 200_000,
        "&" * 1_000_000,
        "<!--" * 250_000,
        "<" * 1_000_000,
        " " * 1_000_000,
        "*" * 1_000_000,
        "\u2060" * 1_000_000,
        "http://x.de/" * 80_000,
        "<ul><li>x" * 10_000,
        "<div>" * 10_000 + "x",
        "<b>x</b><i>y</i>" * 15_000,
        "<table>" + "<tr><td>x<td>y" * 10_000,
        "<script>x</script>&#xd800;&bogus;\x00" * 8_000,
        "<a href=http://x.de>x</a> y" * 8_000,
    ],
    ids=lambda text: text[:9].strip(),
)
def test_hostile_text_costs_little_time(text: str) -> None:
    for convert in (wiki_from_html, wiki_from_plain):
        started = time.process_time()
        convert(text)
        assert time.process_time() - started < 2, convert.__name__


def test_hostile_text_is_cut_and_split_in_little_time() -> None:
    for text in ("*" * 100_000, "{noformat}" + "x" * 100_000, "[a|" * 30_000, "{quote}" * 10_001 + "a\n" * 10_000):
        started = time.process_time()
        assert len(cut(text, 32_767)) <= 32_767
        assert all(len(part) <= 32_767 for part in split(text, 32_767))
        assert time.process_time() - started < 2, text[:5]


@pytest.mark.parametrize("convert", [plain_from_html, clean_html, html_from_plain])
def test_a_megabyte_costs_little_time_the_other_way_too(convert: Callable[[str], str]) -> None:
    for text in ("<p>word & <b>more</b>" * 50_000, "<table>" + "<tr><td>x<td>y" * 10_000):
        started = time.process_time()
        convert(text)
        assert time.process_time() - started < 2


def test_what_is_not_looked_at_is_said_to_be_missing() -> None:
    for convert in (wiki_from_html, plain_from_html, clean_html, wiki_from_plain):
        assert is_cut(convert("word " * 100_000)), convert.__name__
        assert not is_cut(convert("word " * 10_000)), convert.__name__


def test_text_in_a_thousand_elements_arrives() -> None:
    assert plain_from_html("<div>" * 10_000 + "deep down") == "deep down"
    assert "deep down" in wiki_from_html("<ul><li>" * 10_000 + "deep down")
