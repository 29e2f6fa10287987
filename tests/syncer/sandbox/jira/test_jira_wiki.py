"""Wiki text comes back from Cloud as Cloud writes it, and stays like that; and Jira shows what it says."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syncer.sandbox.jira.wiki import normalised
from syncer.sandbox.jira.wiki_html import rendered
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
        ("||A|b||[C|http://x]||", "||*A*|b||*[C|http://x]*||"),
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
        "!http://x.de/a.png|alt=plan! and *!http://x.de/b.png!*",
        "* {noformat}a{noformat}\n* b",
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


LINK = 'class="external-link" rel="nofollow noreferrer"'
PANEL = 'style="border-width: 1px;"'


def list_of(kind: str, *items: str) -> str:
    opened = 'ul class="alternate" type="square"' if kind == "ul" else kind
    return "\n".join([f"<{opened}>", *(f"\t<li>{item}</li>" for item in items), f"</{kind}>"])


def image(src: str, alt: str = "") -> str:
    return f'<span class="image-wrap" style=""><img src="{src}" alt="{alt}" style="border: 0px"/></span>'


def face(name: str) -> str:
    src = f"/images/icons/emoticons/{name}.png"
    return f'<img class="emoticon" src="{src}" height="16" width="16" align="absmiddle" alt="" border="0"/>'


@pytest.mark.parametrize(
    ("wiki", "html"),
    [
        ("", ""),
        ("<b>&\nx", "<p>&lt;b&gt;&amp;<br/>\nx</p>"),
        ("one\n\ntwo", "<p>one</p>\n<p>two</p>"),
        ("h2. A *b*\nc", "<h2>A <b>b</b></h2>\n<p>c</p>"),
        ("*b* _i_ +u+ -s- ^1^ ~2~ {{c}} ??q??",
         "<p><b>b</b> <em>i</em> <ins>u</ins> <del>s</del> <sup>1</sup> <sub>2</sub> <tt>c</tt> <cite>q</cite></p>"),
        ("a*b*c 2 * 3 * 4 a-b-c x_y_z a{{b}}c", "<p>a*b*c 2 * 3 * 4 a-b-c x_y_z a{{b}}c</p>"),
        ("a{*}b{*}c {{{}d{}}}e", "<p>a<b>b</b>c <tt>d</tt>e</p>"),
        ("*_both_* and *_over*_", "<p><b><em>both</em></b> and <b>_over</b>_</p>"),
        ("\\*no\\* \\{code} \\[a] a\\\\b C:\\d", "<p>*no* {code} [a] a<br/>b C:\\d</p>"),
        ("a -- b --- c", "<p>a &#8211; b &#8212; c</p>"),
        ("{color:#ff0000}r *b*{color}", '<p><font color="#ff0000">r <b>b</b></font></p>'),
        ("[a|http://x] [http://y]", f'<p><a href="http://x" {LINK}>a</a> <a href="http://y" {LINK}>http://y</a></p>'),
        ("see http://x.de/a.", f'<p>see <a href="http://x.de/a" {LINK}>http://x.de/a</a>.</p>'),
        ("[a|javascript:x()] [b]", "<p>[a|javascript:x()] [b]</p>"),
        ("[~accountid:7] [~joe]",
         '<p><a href="/secure/ViewProfile.jspa?accountId=7" class="user-hover" rel="7">7</a> '
         '<a href="/secure/ViewProfile.jspa?accountId=joe" class="user-hover" rel="joe">joe</a></p>'),
        ("!http://x/a.png|alt=plan! !b.png!",
         f"<p>{image('http://x/a.png', 'plan')} {image('/secure/attachment/b.png')}</p>"),
        (":) f(x)", f"<p>{face('smile')} f{face('error')}</p>"),
        ("a\n----\nb", "<p>a</p>\n<hr/>\n<p>b</p>"),
        ("* a\n** b\n*# c\n* d", list_of("ul", f"a{list_of('ul', 'b')}\n{list_of('ol', 'c')}", "d")),
        ("# a\nmore\n# b", list_of("ol", "a<br/>\nmore", "b")),
        ("||*A*||\n|b \\\\ c|",
         "<div class='table-wrap'>\n<table class='confluenceTable'><tbody>\n<tr>\n"
         "<th class='confluenceTh'><b>A</b></th>\n</tr><tr>\n"
         "<td class='confluenceTd'>b <br/> c</td>\n</tr></tbody></table>\n</div>"),
        ("{noformat}*a*\n\n b{noformat}",
         f'<div class="preformatted panel" {PANEL}><div class="preformattedContent panelContent">\n'
         "<pre>*a*\n\n b</pre>\n</div></div>"),
        ("{code:python}x < {quote}{code}",
         f'<div class="code panel" {PANEL}><div class="codeContent panelContent">\n'
         '<pre class="code-python">x &lt; {quote}</pre>\n</div></div>'),
        ("{quote}a\n\n* b{quote}", f"<blockquote><p>a</p>\n{list_of('ul', 'b')}</blockquote>"),
        ("bq. a", "<blockquote><p>a</p></blockquote>"),
        ("{panel:title=T}\nx{panel}",
         '<div class="panel"><div class="panelHeader"><b>T</b></div>'
         '<div class="panelContent">\n<p>x</p>\n</div></div>'),
        ("{unknown} {code", "<p>{unknown} {code</p>"),
        ("a\u2060b", "<p>a\u2060b</p>"),
    ],
)  # fmt: skip
def test_jira_shows_what_the_markup_says(wiki: str, html: str) -> None:
    assert rendered(wiki) == html


def test_nothing_is_shown_as_nothing() -> None:
    assert rendered(None) == ""


@given(st.one_of(st.lists(st.sampled_from(PIECES), max_size=15).map("".join), st.text(max_size=60)))
def test_whatever_the_text_only_jiras_own_elements_are_shown(text: str) -> None:
    shown = rendered(text)
    assert "\ufdd0" not in shown
    assert {tag.strip("/") for tag in re.findall(r"<(/?\w+)", shown)} <= {
        "p", "br", "b", "em", "ins", "del", "sup", "sub", "cite", "tt", "font", "a", "img", "span", "div", "pre", "hr",
        "blockquote", "ul", "ol", "li", "table", "tbody", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6",
    }  # fmt: skip


@pytest.mark.parametrize(
    "piece",
    ["{code:x}", "{quote}", "{panel:a}", "[", "[a|", "!a", "{{", "{*}", "*a ", "*", "* ", "|", "||a", "\\",
     "{color:red}", "http://", "h1. a\n", "*a\n", "[~", ":)", "\ufdd00\ufdd1", "*_"],
)  # fmt: skip
def test_the_longest_hostile_text_is_shown_quickly(piece: str) -> None:
    started = time.monotonic()
    rendered(piece * (32_767 // len(piece)))
    assert time.monotonic() - started < 5


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
