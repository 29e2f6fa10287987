"""Wiki text as the HTML that Jira shows: `renderedFields` and `renderedBody`.

What is finished is kept aside, under a number between two characters that stand in no text, so that later rules don't
look at it again.
"""

import html
import re
from collections.abc import Callable
from itertools import groupby

from syncer.sandbox.jira.wiki import line_ends
from syncer.sandbox.jira.wiki_lines import Kept, inline

_VERBATIM = re.compile(
    r"(?<!\\)(?:\{noformat(?::[^}\n]*)?\}(?P<noformat>.*?)\{noformat\}"
    r"|\{code(?::(?P<language>[^}\n]*))?\}(?P<code>.*?)\{code\})",
    re.DOTALL,
)
_QUOTE = re.compile(r"(?<!\\)\{quote\}((?:(?!\{quote\}).)*)\{quote\}", re.DOTALL)
_PANEL = re.compile(r"(?<!\\)\{panel(?::(?P<how>[^}\n]*))?\}(?P<text>(?:(?!\{panel).)*)\{panel\}", re.DOTALL)
_HEADING = re.compile(r"[ \t]*h([1-6])\.[ \t]+(.*)")
_ITEM = re.compile(r"[ \t]*([*#]+|-{1,3})[ \t]+(.*)")
_RULE = re.compile(r"[ \t]*-{4,5}[ \t]*")
_CELL = re.compile(r"(\|\|?)([^|]*)")
_DEEPEST = 20


def rendered(text: str | None) -> str:
    """The HTML of a wiki text, nothing for nothing."""
    kept = Kept()
    text = kept.free(line_ends(text or ""))
    text = _VERBATIM.sub(lambda found: kept.block(_verbatim(found)), text)
    for macro, show in ((_QUOTE, _quote), (_PANEL, _panel)):
        text = macro.sub(lambda found, show=show: kept.block(show(kept, found)), text)  # type: ignore[misc]
    return kept.whole(_Blocks(kept).html(text))


def _verbatim(found: re.Match[str]) -> str:
    kind, text = ("preformatted", found["noformat"]) if found["code"] is None else ("code", found["code"])
    language = f' class="code-{html.escape(found["language"] or "java")}"' if kind == "code" else ""
    return (
        f'<div class="{kind} panel" style="border-width: 1px;"><div class="{kind}Content panelContent">\n'
        f"<pre{language}>{html.escape(text.strip(), quote=False)}</pre>\n</div></div>"
    )


def _quote(kept: Kept, found: re.Match[str]) -> str:
    return f"<blockquote>{_Blocks(kept).html(found[1])}</blockquote>"


def _panel(kept: Kept, found: re.Match[str]) -> str:
    title = re.search(r"(?:\A|\|)title=([^|]*)", found["how"] or "")
    header = f'<div class="panelHeader"><b>{inline(kept, title[1])}</b></div>' if title else ""
    body = _Blocks(kept).html(found["text"])
    return f'<div class="panel">{header}<div class="panelContent">\n{body}\n</div></div>'


class _Blocks:
    """One run through the lines of a text."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self._shown: list[str] = []
        self._lines: list[str] = []
        self._items: list[tuple[str, list[str]]] = []
        self._rows: list[str] = []

    def html(self, text: str) -> str:
        for line in text.split("\n"):
            self._line(line)
        self._end()
        return "\n".join(self._shown)

    def _line(self, line: str) -> None:
        if not line.strip():
            self._end()
        elif heading := _HEADING.fullmatch(line):
            self._alone(f"<h{heading[1]}>{inline(self._kept, heading[2])}</h{heading[1]}>")
        elif line.startswith("bq. "):
            self._alone(f"<blockquote><p>{inline(self._kept, line[4:])}</p></blockquote>")
        elif _RULE.fullmatch(line):
            self._alone("<hr/>")
        elif item := _ITEM.fullmatch(line):
            self._end(but="items")
            self._items.append((item[1].replace("-", "*")[:_DEEPEST], [item[2]]))
        elif self._items:
            self._items[-1][1].append(line)
        elif line.lstrip(" \t").startswith("|"):
            self._end(but="rows")
            self._rows.append(self._row(line.strip(" \t")))
        else:
            self._end(but="lines")
            self._text(line)

    def _alone(self, shown: str) -> None:
        self._end()
        self._shown.append(shown)

    def _text(self, line: str) -> None:
        """A line of a paragraph; a block in it stands alone."""
        for place, piece in enumerate(self._kept.around_blocks(line)):
            if place % 2:
                self._alone(piece)
            elif piece.strip(" \t"):
                self._lines.append(piece)

    def _row(self, line: str) -> str:
        shown = []
        for bars, cell in _CELL.findall(self._kept.without_links(self._kept.without_escapes(line))):
            kind = ("th", "confluenceTh") if bars == "||" else ("td", "confluenceTd")
            shown.append(f"<{kind[0]} class='{kind[1]}'>{inline(self._kept, cell.strip())}</{kind[0]}>")
        closed = line.endswith("|")
        return f"<tr>\n{''.join(shown[:-1] if closed and len(shown) > 1 else shown)}\n</tr>"

    def _end(self, but: str = "") -> None:
        """Close what is open, unless it goes on."""
        if self._lines and but != "lines":
            text = inline(self._kept, "\n".join(line.strip(" \t") for line in self._lines))
            self._shown.append(f"<p>{text}</p>")
            self._lines = []
        if self._items and but != "items":
            self._shown.append(_list(self._items, 0, self._item))
            self._items = []
        if self._rows and but != "rows":
            rows = "".join(self._rows)
            table = f"<table class='confluenceTable'><tbody>\n{rows}</tbody></table>"
            self._shown.append(f"<div class='table-wrap'>\n{table}\n</div>")
            self._rows = []

    def _item(self, lines: list[str]) -> str:
        return inline(self._kept, "\n".join(line.strip(" \t") for line in lines))


def _list(items: list[tuple[str, list[str]]], depth: int, show: Callable[[list[str]], str]) -> str:
    """Items whose signs agree up to `depth`, as lists; what has more signs stands inside of the item before it."""
    shown = []
    for sign, group in groupby(items, key=lambda item: item[0][depth]):
        entries: list[tuple[str, list[tuple[str, list[str]]]]] = []
        for item in group:
            if len(item[0]) == depth + 1:
                entries.append((show(item[1]), []))
            else:
                entries = entries or [("", [])]
                entries[-1][1].append(item)
        tag = "ol" if sign == "#" else 'ul class="alternate" type="square"'
        inside = "".join(f"\t<li>{text}{_list(more, depth + 1, show)}</li>\n" for text, more in entries)
        shown.append(f"<{tag}>\n{inside}</{tag[:2]}>")
    return "\n".join(shown)
