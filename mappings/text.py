"""From bytes to text that YAML can be made of, and the YAML parser's complaints in words that help.

Many complaints of a YAML parser name what it had expected, which says little to somebody who typed a tab or
forgot a quote. `_HINTS` knows the usual ones; others are passed on as they are.
"""

import codecs
import re
from pathlib import Path
from typing import NamedTuple

from ruamel.yaml.error import MarkedYAMLError

from mappings.causes import cause

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_INVISIBLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    # Of the others, those that come along when text is copied, and that no name is spelt with.
    "|[\u00ad\u200b\u2028-\u202e\u2060-\u2069]"
)


class _Hint(NamedTuple):
    """A part of the parser's complaint, what to say instead, and whether about where the construct began."""

    fragment: str
    sentence: str
    at_start: bool = False


_HINTS = (
    _Hint("character '\\t'", "a tab stands here; indent with blanks, and put one blank behind a colon"),
    _Hint("cannot start any token", "text can't begin with this character; put the text in quotes"),
    _Hint("values are not allowed", "a ':' can't stand here; put text with a ': ' in quotes, or indent anew"),
    _Hint("unexpected end of stream", "a quote is opened here and never closed", at_start=True),
    _Hint("unknown escape character", "inside of \"...\" a backslash has to be doubled; or use '...'"),
    _Hint("expected ',' or", "a bracket is opened here and not closed, or a comma is missing", at_start=True),
    _Hint("could not find expected ':'", "this line is neither 'key: value' nor '- entry'", at_start=True),
    _Hint("expected <block end>", "this doesn't line up with what stands above; check the indentation"),
)


class Refusal(Exception):
    """A place beyond which a file can't be read, and why."""

    def __init__(self, line: int, column: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line
        self.column = column
        self.sentence = sentence


def read_text(path: Path) -> str:
    """The file's text. Raises `Refusal` for what can't be opened and for what isn't plain UTF-8 text."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Refusal(1, 1, "there is no such file; check the path") from None
    except IsADirectoryError:
        raise Refusal(1, 1, "this is a folder, and one mapping file is wanted") from None
    except OSError as error:
        raise Refusal(1, 1, f"the file can't be read: {error.strerror or error}") from None
    if content.startswith(_BOMS):
        raise Refusal(1, 1, "the file begins with a byte order mark; save it as UTF-8 without one (no BOM)")
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        place = _place(content[: error.start].decode())
        sentence = f"the byte 0x{content[error.start]:02x} is no text; a mapping file is text, saved as UTF-8"
        raise Refusal(*place, sentence) from None
    found = _INVISIBLE.search(text)
    if found is not None:
        place = _place(text[: found.start()])
        name = "NUL" if found[0] == "\0" else f"U+{ord(found[0]):04X}"
        raise Refusal(*place, f"the invisible character {name} stands here; remove it")
    return text


def syntax_refusal(error: Exception, text: str) -> Refusal:
    """What the YAML parser complains about, in plain words, at the place of what is behind it."""
    if not isinstance(error, MarkedYAMLError):
        return Refusal(1, 1, "not valid YAML; compare it with one of the examples")
    said = f"{error.context or ''} {error.problem or ''}"
    hint = next((hint for hint in _HINTS if hint.fragment in said), _Hint("", said.strip()))
    marks = [error.problem_mark, error.context_mark]
    if hint.at_start:
        marks.reverse()
    line, column = next(((mark.line + 1, mark.column + 1) for mark in marks if mark is not None), (1, 1))
    line, column, sentence = cause(text, line) or (line, column, hint.sentence)
    return Refusal(line, column, f"not valid YAML: {sentence}")


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")
