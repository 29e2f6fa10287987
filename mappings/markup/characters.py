"""Characters that need care whatever the markup, and the one that shields the others.

U+2060, the word joiner, is invisible and no blank, so it keeps a blank at a line's beginning from being trimmed, and
parts what together would be markup where Jira knows no escape. Ours stands alone; one that somebody wrote is
doubled. So a run of them says which of them are whose, and the text comes back as it was.
"""

import re

JOINER = "\N{WORD JOINER}"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_STAND_INS = dict(zip("｜［］！＊＿＋－～＾", "|[]!*_+-~^", strict=True))  # noqa: RUF001 (they have to look alike)
_SHIELDED = re.compile(f"([{''.join(_STAND_INS)}]?)({JOINER}+)")
STAND_IN = {plain: wide for wide, plain in _STAND_INS.items()}
"""What takes the place of a character where no escape works; a joiner behind it says that it is a stand-in."""


def readable(text: str) -> str:
    """The text with LF for line ends of every kind and without what is no character, such as NUL.

    Neither an HTML parser written in Rust nor Jira's database takes those.
    """
    return _NO_TEXT.sub("", _LINE_ENDS.sub("\n", _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)))


def tidy(text: str) -> str:
    """A plain text as it comes back from Jira: without blanks at lines' ends and round it, one empty line in a row."""
    lines = "\n".join(line.rstrip() for line in readable(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def one_line(text: str) -> str:
    """The text in a single line, blanks round a line end taken together."""
    return re.sub(r"\s+", lambda found: " " if "\n" in found[0] else found[0], readable(text)).strip()


def doubled(text: str) -> str:
    """The text with somebody's own joiners told from ours."""
    return text.replace(JOINER, JOINER * 2)


def unshielded(text: str) -> str:
    """The text without our joiners, and with what they stand for."""

    def put(found: re.Match[str]) -> str:
        wide, joiners = found[1], len(found[2])
        return (_STAND_INS[wide] if wide and joiners % 2 else wide) + JOINER * (joiners // 2)

    return _SHIELDED.sub(put, text) if JOINER in text else text


def size(text: str) -> int:
    """How long the text is for Jira, which counts UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
