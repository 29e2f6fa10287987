r"""What Jira Cloud does to wiki text when it stores it: it parses the text and writes it out its own way.

A mirror that takes what it sent for what the server holds will overwrite people's text for ever, so the
sandbox has to be as inconvenient as the original.

| sent                         | held                                     |
|------------------------------|------------------------------------------|
| `{color:red}`                | `{color:#ff0000}`                        |
| `{code}x{code}`              | `{code:java}x{code}`                     |
| `{panel:title=T}`            | `{panel:bgColor=#deebff}`, then `*T*`    |
| `||A||B||`                   | `||*A*||*B*||`                           |
| `bq. q`                      | `{quote}q{quote}`                        |
| `- a`                        | `* a`                                    |
| `http://x`                   | `[http://x|http://x]`                    |
| `[~jdoe]`                    | `[~accountid:jdoe]`                      |
| `:)`                         | an emoji                                 |
| `\{x\}`                      | `{x}`                                    |
| heading, then text           | an empty line between them               |
| three line ends or more      | two                                      |
| CRLF, blanks at a line's end | LF, none                                 |

`{noformat}` and what stands inside `{code}` stay as they are. Normalising twice gives the same as once.
"""

import re
from collections.abc import Callable

_CODE = r"\{code(?::[^}\n]*)?\}.*?\{code\}"
_NOFORMAT = r"\{noformat(?::[^}\n]*)?\}.*?\{noformat\}"
_VERBATIM = re.compile(f"({_CODE}|{_NOFORMAT})", re.DOTALL)
_COLOURS = {
    "red": "#ff0000", "green": "#008000", "blue": "#0000ff", "black": "#000000", "white": "#ffffff",
    "yellow": "#ffff00", "orange": "#ffa500", "purple": "#800080", "grey": "#808080", "gray": "#808080",
}  # fmt: skip
_EMOJI = {
    ":)": "\N{SLIGHTLY SMILING FACE}",
    ":(": "\N{DISAPPOINTED FACE}",
    ":D": "\N{SMILING FACE WITH OPEN MOUTH}",
    ":P": "\N{FACE WITH STUCK-OUT TONGUE}",
    ";)": "\N{WINKING FACE}",
    "(y)": "\N{THUMBS UP SIGN}",
    "(n)": "\N{THUMBS DOWN SIGN}",
    "(/)": "\N{WHITE HEAVY CHECK MARK}",
    "(x)": "\N{CROSS MARK}",
}
_MOST_PASSES = 10


def normalised(text: str) -> str:
    """The text as Jira Cloud holds it."""
    for _ in range(_MOST_PASSES):
        # One rule can make way for another (a bullet before a heading), so: until it is stable.
        again = _pass(text)
        if again == text:
            break
        text = again
    return text


def line_ends(text: str) -> str:
    """CRLF and CR become LF: the one thing that every deployment does."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _pass(text: str) -> str:
    parts = _VERBATIM.split(line_ends(text))
    for place, part in enumerate(parts):
        if place % 2 == 0:
            parts[place] = _free_text(part)
        elif part.startswith("{code}"):
            parts[place] = "{code:java}" + part.removeprefix("{code}")
    return "".join(parts).strip()


def _free_text(text: str) -> str:
    for rule in _BLOCK_RULES:
        text = rule(text)
    return _INLINE.sub(_inline, text)


def _rule(pattern: str, put: str | Callable[[re.Match[str]], str]) -> Callable[[str], str]:
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: compiled.sub(put, text)


_HEADER_CELL = re.compile(
    r"(?<!\|)\|\|((?:\[[^\[\]\n]*\]|\[(?![^\[\]\n]*\])|!https?://[^\s!|]+(?:\|[^!\n]*)?!|[^|\[\n])*?)(?=\|)"
)


def _header_row(row: re.Match[str]) -> str:
    return _HEADER_CELL.sub(_header_cell, row[0])


def _header_cell(cell: re.Match[str]) -> str:
    return cell[0] if _is_bold_or_blank(cell[1]) else f"||*{cell[1].strip()}*"


def _is_bold_or_blank(cell: str) -> bool:
    inner = cell.strip()
    return not inner or (len(inner) > 1 and inner.startswith("*") and inner.endswith("*"))


def _without_trailing_blanks(text: str) -> str:
    """The last line goes on in what is verbatim, or else ends the text, from which blanks are taken anyway."""
    *lines, last = text.split("\n")
    return "\n".join([*(line.rstrip(" \t") for line in lines), last])


_BLOCK_RULES = (
    _without_trailing_blanks,
    _rule(r"^bq\. *(\S.*)$", r"{quote}\1{quote}"),
    _rule(r"^(--?) (?=\S)", lambda found: "*" * len(found[1]) + " "),
    _rule(r"^\|\|.*\|\|$", _header_row),
    _rule(r"\{panel:title=([^|{}\n]*)(?:\|[^{}\n]*)?\}\n?", "{panel:bgColor=#deebff}\n*\\1*\n"),
    _rule(r"\{color:(\w+)\}", lambda found: f"{{color:{_COLOURS.get(found[1].lower(), found[1])}}}"),
    _rule(r"^(h[1-6]\. .*\S)\n(?!\n|\Z)", r"\1" + "\n\n"),
    _rule(r"\n{3,}", "\n\n"),
)
_MACROS = r"(?:code|noformat|panel|color|quote|anchor)\b"
_INLINE = re.compile(
    r"(?P<mention>\[~(?!accountid:)(?P<person>[\w.@-]+)\])"
    r"|(?P<link>\[[^\[\]\n]*\])"
    r"|(?P<image>(?<![^\W_])(?<!\\)!https?://[^\s!|]+(?:\|[^!\n]*)?!)"
    r"|(?P<url>https?://[^\s\[\]{}|<>\"'\\!]*[^\s\[\]{}|<>\"'\\!.,;:?)])"
    rf"|\\\{{(?!{_MACROS})(?P<braced>[^{{}}\\\n]*)\\\}}"
    r"|(?<![\w\\])(?P<emoji>[:;][()DP]|\((?:y|n|/|x)\))(?!\w)"
)


def _inline(found: re.Match[str]) -> str:
    if found["mention"]:
        return f"[~accountid:{found['person']}]"
    if found["url"]:
        return f"[{found['url']}|{found['url']}]"
    if found["braced"] is not None:
        return f"{{{found['braced']}}}"
    return _EMOJI.get(found[0], found[0])
