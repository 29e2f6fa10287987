"""HTML keeps in Jira what it says, and a second pass changes nothing."""

import pytest
from hypothesis import given

from mappings.markup import clean_html, plain_from_html, wiki_from_html
from syncer.sandbox.jira.wiki import normalised
from syncer.sandbox.jira.wiki_html import rendered
from tests.mappings.markup.meaning import meaning
from tests.mappings.markup.writing import DOCUMENTS, JUNK


@given(DOCUMENTS)
def test_everything_stands_where_it_stood_and_is_set_off_as_it_was(html: str) -> None:
    assert meaning(rendered(wiki_from_html(html))) == meaning(html)


@given(DOCUMENTS)
def test_what_comes_back_for_enterprise_tester_says_the_same(html: str) -> None:
    assert meaning(clean_html(rendered(wiki_from_html(html)))) == meaning(html)


@given(JUNK)
def test_a_second_pass_changes_nothing(html: str) -> None:
    wiki = wiki_from_html(html)
    assert normalised(wiki) == wiki
    assert wiki_from_html(rendered(wiki)) == wiki
    clean = clean_html(html)
    assert clean_html(clean) == clean
    assert wiki_from_html(clean) == wiki
    assert plain_from_html(clean) == plain_from_html(html)


@pytest.mark.parametrize(
    ("html", "wiki"),
    [
        ("<h2>Title</h2><p>one<br>two</p><p>three</p>", "h2. Title\n\none\ntwo\n\nthree"),
        ("<p><b>b</b> <i>i</i> <u>u</u> <s>s</s> <code>c</code></p>", "*b* _i_ +u+ -s- {{c}}"),
        ("x<sup>2</sup>, H<sub>2</sub>O", "x{^}2{^}, H{~}2{~}O"),
        ("<p>re<b>mark</b>able <code>Foo</code>s</p>", "re{*}mark{*}able {{{}Foo{}}}s"),
        ("<b>a <i>b</i></b>", "*a _b_*"),
        ("<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul>", "* a\n*# b\n* c"),
        ("<ul><li>a<pre>x\n\n y</pre></li></ul>", "* a\n{noformat}x\n\n y{noformat}"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "{quote}a\n\nb{quote}"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1|2<br>3</td><td></td></tr></table>",
         "||*A*||*B*||\n|1\uff5c\u20602 \\\\ 3| |"),
        ('<a href="http://x.de/a">here</a> <a href="http://x.de/">http://x.de/</a>',
         "[here|http://x.de/a] [http://x.de/|http://x.de/]"),
        ('<a href="http://x.de/a b|c">[1]</a>', "[\uff3b\u20601\uff3d\u2060|http://x.de/a%20b%7Cc]"),
        ('<img src="http://x.de/a.png" alt="a plan">', "!http://x.de/a.png|alt=a plan!"),
        ("a<hr>b", "a\n\n----\n\nb"),
        ("<p>&nbsp;</p><p> </p><div><div>x</div></div>", "x"),
        ("<blockquote><h2>t</h2><hr>x</blockquote>", "{quote}*t*{quote}\n\n----\n\n{quote}x{quote}"),
    ],
)  # fmt: skip
def test_html_becomes_the_markup_that_jira_keeps(html: str, wiki: str) -> None:
    assert wiki_from_html(html) == wiki


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<ul><li>a<ul><li>b</li></ul></li></ul><ol><li>c</li><li>d</li></ol>", "- a\n  - b\n\n1. c\n2. d"),
        ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", "A | B\n1 | 2"),
        ('<a href="http://x.de/a">here</a>, <a href="mailto:a@b.de">a@b.de</a>', "here (http://x.de/a), a@b.de"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<p>two  blanks\n   and a new line of the source</p>", "two  blanks and a new line of the source"),
        ("<pre>  x\n y</pre>", "x\n y"),
        ('<img src="http://x.de/a.png" alt="plan">', "plan (http://x.de/a.png)"),
        ("<h1>T</h1>a<hr>b", "T\n\na\n\n----\n\nb"),
    ],
)
def test_html_becomes_text_that_reads_well(html: str, text: str) -> None:
    assert plain_from_html(html) == text
