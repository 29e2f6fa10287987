"""Texts that people write, and texts that nobody should: strategies for the tests of text conversion."""

import html

from hypothesis import strategies as st

PIECES = [
    "word", "a", "Z1", "ü", "漢", "😀", " ", "  ", "\n", "\n\n", "\t", "\r\n", ".", ",", ":", ";", "?", "??", "-",
    "--", "----", "- ", "* ", "# ", "*", "_", "+", "^", "~", "%", "@", "!", "|", "||", "(", ")", "[", "]", "{",
    "}", "{{", "}}", "<b>", "&", "&amp;", "&#42;", "\\", "\\\\", "/", "'", '"', "=", "#", "h1. ", "bq. ",
    "http://x.de/a", "https://a.b/c_d", "ftp://x", "mailto:a@b.c", "a@b.de", "{code}", "{noformat}", "{quote}",
    "{color:red}", "{panel}", "{*}", "[~joe]", "[a|http://x.de]", "!x.png!", "!http://x.de/a.png!", ":)", ":D",
    ";)", "(x)", "(/)", "(on)", "f(x)", "C:\\dir", "snake_case", "ABC-1", "\u2060", "\u00a0", "\u2028", "\uff5c",
    "\uff01", "\x00", "\x07", "\ud800",
]  # fmt: skip
"""Bits out of which markup and other accidents come together."""

TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
    st.text(max_size=40),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Po", "Ps"]), max_size=20),
)

_SIGNS = [each for each in PIECES if each.isprintable() and each.strip() and each.isascii()]
WORDS = st.lists(st.sampled_from(_SIGNS), min_size=1, max_size=4).map("".join)
"""Text without blanks, and without what stands in for other signs."""
_URLS = st.sampled_from(["http://x.de/", "http://x.de/a_b-c?d=e&f=(g)", "https://a.b/~c/#d", "mailto:a@b.de"])
_PLAIN_WORDS = st.sampled_from(["one", "two", "Fällen", "3", "(four)"])


def _in(tag: str, inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return inside.map(lambda text: f"<{tag}>{text}</{tag}>")


def _listed(tag: str, inside: st.SearchStrategy[str], wrapped: str) -> st.SearchStrategy[str]:
    items = st.lists(_in(wrapped, inside), min_size=1, max_size=3)
    return items.map(lambda found: f"<{tag}>{''.join(found)}</{tag}>")


_TEXT = WORDS.map(html.escape)
_CODE = _in("code", _TEXT)
_LINKS = st.tuples(_URLS, _TEXT).map(lambda each: f'<a href="{html.escape(each[0])}">{each[1]}</a>')
_PICTURES = st.tuples(st.sampled_from(["http://x.de/a.png", "https://a.b/c?d=1"]), _PLAIN_WORDS).map(
    lambda each: f' <img src="{each[0]}" alt="{each[1].strip("()")}"> '
)
_RUNS = st.recursive(
    st.one_of(_TEXT, _LINKS),
    lambda inside: st.one_of(
        *(_in(tag, inside) for tag in ("b", "i", "u", "s", "sup")),
        st.tuples(inside, inside).map(" ".join),
        st.tuples(inside, inside).map("".join),
    ),
    max_leaves=4,
)
LINES = st.lists(st.one_of(_RUNS, _CODE, _PICTURES), min_size=1, max_size=3).map(lambda found: " ".join(found).strip())
_PARAGRAPHS = _in("p", st.lists(LINES, min_size=1, max_size=2).map("<br>".join))
_LIST_TAGS = st.sampled_from(["ul", "ol"])
_LISTS = st.recursive(
    _LIST_TAGS.flatmap(lambda tag: _listed(tag, LINES, "li")),
    lambda inside: _LIST_TAGS.flatmap(lambda tag: _listed(tag, st.tuples(LINES, inside).map("".join), "li")),
    max_leaves=3,
)
_CELLS = st.one_of(_in("td", LINES), _in("th", LINES.filter(lambda line: "<b>" not in line)))
_TABLES = st.integers(1, 3).flatmap(
    lambda width: _listed("table", st.lists(_CELLS, min_size=width, max_size=width).map("".join), "tr")
)
_VERBATIM = st.lists(st.sampled_from([*_SIGNS, " ", "\n", "\t", "\n\n"]), min_size=1, max_size=8).map(
    lambda found: f"<pre>x{html.escape(''.join(found))}x</pre>"
)
_QUOTES = _in("blockquote", st.lists(st.one_of(_PARAGRAPHS, _LISTS, _VERBATIM), min_size=1, max_size=2).map("".join))
_HEADINGS = st.integers(1, 6).flatmap(lambda level: _in(f"h{level}", LINES))
_BLOCKS = st.one_of(_PARAGRAPHS, _LISTS, _HEADINGS, _TABLES, _VERBATIM, _QUOTES, st.just("<hr>"))
DOCUMENTS = st.lists(_BLOCKS, min_size=1, max_size=4).map("\n".join)
"""HTML of all that can be carried, one thing as likely as the other."""

_TAGS = [
    "<p>", "</p>", "<b>", "</b>", "<i>", "</u>", "<u>", "<ul>", "<ol>", "<li>", "</li>", "</ul>", "<table>",
    "<tr>", "<td>", "<th>", "</table>", "<blockquote>", "</blockquote>", "<pre>", "</pre>", "<code>", "</code>",
    "<h2>", "</h2>", "<br>", "<hr>", '<a href="http://x.de">', '<a href="/rel">', "</a>",
    '<img src="http://x.de/a b.png" alt="x|y">', "<img>", "<sub>", "<sup>", "</sup>", "<div>", "</div>",
    "<select><p>", "<!--", "-->", "<script>", "</script>", "&nbsp;", "&lt;", "&", "<", ">", "<b", '"', "&#0;",
    "&#x110000;", "<svg>", "<style>", "<td", "<font color=red>", "<caption>",
]  # fmt: skip
JUNK = st.lists(st.sampled_from([*_TAGS, *PIECES]), max_size=25).map("".join)
"""What calls itself HTML."""
