r"""What stands inside of a wiki text's lines, as HTML: escapes, marks, links, pictures, mentions and faces.

Jira's own rules, in its order: `\*` is a star unless another backslash stands before it, `*b*` is bold where no letter
or digit stands beside it, `{*}b{*}` is bold anywhere.
"""

import html
import re
from collections.abc import Callable

_ESCAPE = re.compile(r"(?<!\\)\\([-#*_+?^~|%{}\[\]()!@])")
_CODE = re.compile(
    r"\{\{\{\}(?P<forced>(?:[^{}\n]|\}(?!\})|\{(?![{}]))+)\{\}\}\}"
    r"|(?<![^\W_])\{\{(?!\s)(?P<code>(?:[^{}\n]|\}(?!\})|\{(?!\{))+)\}\}(?![^\W_])"
)
_MENTION = re.compile(r"\[~(?:accountid:)?([^\[\]|\n]+)\]")
_SCHEME = r"(?:https?|ftp)://|mailto:|/|\#"
_LINK = re.compile(rf"\[(?:(?P<text>[^\[\]|\n]+)\|)?(?P<url>(?:{_SCHEME})[^\[\]|\s]*)\]")
_URL = re.compile(r"(?:https?|ftp)://[^\s\[\]{}|<>\"'\\!\ufdd0-\ufdd3]*[^\s\[\]{}|<>\"'\\!.,;:?)\ufdd0-\ufdd3]")
_IMAGE = re.compile(r"(?<![^\W_])!(?P<src>https?://[^\s!|]+|[\w.-]+\.\w+)(?:\|(?P<how>[^!\n]*))?!")
_FACES = {
    ":)": "smile", ":(": "sad", ":P": "tongue", ":p": "tongue", ":D": "biggrin", ";)": "wink", "(y)": "thumbs_up",
    "(n)": "thumbs_down", "(i)": "information", "(/)": "check", "(x)": "error", "(!)": "warning", "(+)": "add",
    "(-)": "forbidden", "(?)": "help_16", "(on)": "lightbulb_on", "(off)": "lightbulb", "(*)": "star_yellow",
}  # fmt: skip
_FACE = re.compile(r"[:;]-?[()DPp](?!\w)|\((?:[yni/x!+?*-]|on|off)\)")
_COLOUR = re.compile(r"\{color:(?P<colour>[#\w]+)\}(?P<text>(?:(?!\{color).)*)\{color\}", re.DOTALL)
_DASHES = re.compile(r"(?<=\s)(---?)(?=\s)")
_TAGS = {"*": "b", "_": "em", "+": "ins", "-": "del", "^": "sup", "~": "sub", "??": "cite"}
_SIGN = r"[*_+\-^~]|\?\?"
_MARK = re.compile(
    rf"\{{(?P<force>{_SIGN})\}}(?=\S)(?P<forced>(?:(?!\{{(?P=force)\}})[^\n])+)(?<=\S)\{{(?P=force)\}}"
    rf"|(?<![^\W_])(?P<sign>{_SIGN})(?=\S)(?P<text>(?:(?!(?<![^\W_])(?P=sign))[^\n])+?)(?<=\S)(?P=sign)(?![^\W_])"
)
_DEEPEST = 20


class Kept:
    """What is finished. Blocks stand between other characters than what is part of a line."""

    def __init__(self) -> None:
        self._finished: list[str] = []

    def free(self, text: str) -> str:
        """The text without the characters that are used here."""
        return re.sub("[\ufdd0-\ufdd3]", "\N{REPLACEMENT CHARACTER}", text)

    def piece(self, shown: str) -> str:
        self._finished.append(shown)
        return f"\ufdd0{len(self._finished) - 1}\ufdd1"

    def block(self, shown: str) -> str:
        self._finished.append(shown)
        return f"\ufdd2{len(self._finished) - 1}\ufdd3"

    def around_blocks(self, text: str) -> list[str]:
        """Text, block, text, block, text."""
        return re.split("(\ufdd2\\d+\ufdd3)", text)

    def without_escapes(self, text: str) -> str:
        return _ESCAPE.sub(lambda found: self.piece(html.escape(found[1])), text)

    def without_links(self, text: str) -> str:
        """The text of a row, whose links have bars of their own."""
        text = _LINK.sub(lambda found: self.piece(_link(self, found)), text)
        return _IMAGE.sub(lambda found: self.piece(_image(found)), text)

    def whole(self, shown: str) -> str:
        """The text with all that was kept put back."""

        def put(found: re.Match[str]) -> str:
            return self.whole(self._finished[int(found[1])])

        return re.sub("[\ufdd0\ufdd2](\\d+)[\ufdd1\ufdd3]", put, shown)


def inline(kept: Kept, text: str) -> str:
    """Some lines as HTML."""
    text = kept.without_escapes(text)
    text = text.replace("\\\\", kept.piece("<br/>"))
    rules: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
        (_CODE, lambda found: f"<tt>{html.escape(found['forced'] or found['code'], quote=False)}</tt>"),
        (_MENTION, _mention),
        (_LINK, lambda found: _link(kept, found)),
        (_IMAGE, _image),
        (_URL, lambda found: _anchor(found[0], html.escape(found[0]))),
        (_FACE, _face),
    )
    for pattern, show in rules:
        text = pattern.sub(lambda found, show=show: kept.piece(show(found)), text)  # type: ignore[misc]
    return _marks(kept, html.escape(text, quote=False)).replace("\n", "<br/>\n")


def _marks(kept: Kept, text: str, depth: int = 0) -> str:
    if depth > _DEEPEST:
        return text

    def put(found: re.Match[str]) -> str:
        tag = _TAGS[found["sign"] or found["force"]]
        return kept.piece(f"<{tag}>{_marks(kept, found['text'] or found['forced'], depth + 1)}</{tag}>")

    def colour(found: re.Match[str]) -> str:
        return kept.piece(f'<font color="{found["colour"]}">{_marks(kept, found["text"], depth + 1)}</font>')

    text = _COLOUR.sub(colour, text)
    text = _DASHES.sub(lambda found: kept.piece("&#8212;" if len(found[1]) == 3 else "&#8211;"), text)
    return _MARK.sub(put, text)


def _link(kept: Kept, found: re.Match[str]) -> str:
    url = found["url"]
    text = found["text"] or url.removeprefix("mailto:")
    return _anchor(url, _marks(kept, html.escape(text, quote=False)))


def _anchor(url: str, shown: str) -> str:
    return f'<a href="{html.escape(url)}" class="external-link" rel="nofollow noreferrer">{shown}</a>'


def _mention(found: re.Match[str]) -> str:
    who = html.escape(found[1])
    return f'<a href="/secure/ViewProfile.jspa?accountId={who}" class="user-hover" rel="{who}">{who}</a>'


def _image(found: re.Match[str]) -> str:
    src = found["src"] if "://" in found["src"] else f"/secure/attachment/{found['src']}"
    alt = re.search(r'(?:\A|,) *alt="?([^",]*)', found["how"] or "")
    shown = html.escape(alt[1]) if alt else ""
    return f'<span class="image-wrap" style=""><img src="{html.escape(src)}" alt="{shown}" style="border: 0px"/></span>'


def _face(found: re.Match[str]) -> str:
    face = re.sub(r"\A([:;])-", r"\1", found[0])
    src = f"/images/icons/emoticons/{_FACES.get(face, 'smile')}.png"
    return f'<img class="emoticon" src="{src}" height="16" width="16" align="absmiddle" alt="" border="0"/>'
