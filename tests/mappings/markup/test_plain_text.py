"""Plain text arrives in Jira, and back, as it was typed."""

import pytest
from hypothesis import given

from mappings.markup import html_from_plain, one_line, plain_from_html, tidy, wiki_from_plain
from syncer.sandbox.jira.wiki import normalised
from syncer.sandbox.jira.wiki_html import rendered
from tests.mappings.markup.writing import TEXTS


@given(TEXTS)
def test_jira_shows_exactly_the_text(text: str) -> None:
    """All but what `tidy` takes away, none of which is seen: line ends of other kinds, blanks at the ends of lines and
    round the whole, more than one empty line in a row, and characters that are none."""
    assert plain_from_html(rendered(wiki_from_plain(text))) == tidy(text)


@given(TEXTS)
def test_jira_keeps_the_markup_as_it_was_sent(text: str) -> None:
    wiki = wiki_from_plain(text)
    assert normalised(wiki) == wiki


@given(TEXTS)
def test_enterprise_tester_shows_exactly_the_text(text: str) -> None:
    assert plain_from_html(html_from_plain(text)) == tidy(text)


@given(TEXTS)
def test_a_single_line_is_single(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1
    assert one_line(text).split() == tidy(text).split()


@pytest.mark.parametrize(
    ("text", "wiki"),
    [
        ("- no list\n# none either", "\\- no list\n\\# none either"),
        ("*not bold* but 2 * 3, snake_case, e-mail", "\\*not bold\\* but 2 * 3, snake_case, e-mail"),
        ("[~joe] and @joe", "\\[\\~joe] and @joe"),
        ("{code} {x}", "\\{\u2060code} \\{\u2060x}"),
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
        ("h1. no title", "h1\u2060. no title"),
        ("fine :) (x)", "fine :\u2060) (\u2060x)"),
        ("C:\\temp\\x and \\\\server", "C:\\temp\\x and \\\u2060\\server"),
        ("see http://x.de/a_b.", "see [http://x.de/a_b|http://x.de/a_b]."),
        ("see http://x.de/(a)", "see http:\u2060//x.de/(a)"),
        ("|a|\n  indented", "\\|a\\|\n\u2060  indented"),
        ("wow! !x.png!", "wow! \\!x.png!"),
        ("a\x00b\r\nc\u2028d", "ab\nc\nd"),
    ],
)
def test_only_what_jira_would_take_for_markup_is_escaped(text: str, wiki: str) -> None:
    assert wiki_from_plain(text) == wiki


def test_a_joiner_that_somebody_wrote_stays() -> None:
    assert (
        plain_from_html(rendered(wiki_from_plain("a\u2060b {\u2060code} \u2060\u2060:)")))
        == "a\u2060b {\u2060code} \u2060\u2060:)"
    )
