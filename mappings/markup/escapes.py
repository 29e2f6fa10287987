r"""Text as wiki markup that shows it exactly.

A backslash works before the characters of `_ESCAPABLE`, unless another stands before it. Where it doesn't, a joiner
parts what would be markup: `\\` (a line break), `:D`, `h1.`, `&amp;`. Jira Cloud looks again at what stands in marks
and links, with backslashes gone, so there a joiner or a stand-in has to do it too.

A sign between two letters or digits is none, so `snake_case` and `e-mail` stay readable.
"""

import re
from enum import Enum
from functools import lru_cache

from mappings.markup.characters import JOINER, STAND_IN, doubled

_ESCAPABLE = r"\-#*_+?^~|%{}\[\]()!@"
_FIRST = r"\\{}:;&(\[\]|!*_+\-^~#?hb"
"""What a piece of markup begins with; `h` and `b` are for addresses, headings and quotations."""
_SAFE = "[A-Za-z0-9]"
_PART = "\1"
"""One of our joiners, until it is known what stands beside it: two of them would be somebody else's."""
_PARTS = re.compile(f"[{_PART}{JOINER}]+")
_SOMETHING = "\0"
"""Stands for what is beside a piece, so that what has an effect only there, or only elsewhere, is seen."""
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9/.=&%#,;$]|:(?![DPp()|])|\?(?!\?)|(?<=[A-Za-z0-9])[-_+~](?=[A-Za-z0-9]))*[A-Za-z0-9/=#]"
)
_BEHIND_ADDRESS = ".,;:!?)]>'\"" + _SOMETHING
_BARE_LINK = r"\[(?P<bare>https?://[^\[\]|\s]*)\|(?P=bare)\]"
_URL_OF_LINK = r"(?<!\\)(?P<url>\|[^\[\]|\s]*\])"
_PICTURE = r"!https?://[^\s!|]+(?:\|[^!\n]*)?!"
_SIGNS = re.compile(r"[*_+\-^~]")
_NUMBERS = {"_": "%5F", "-": "%2D", "~": "%7E", "*": "%2A"}
_IN_ADDRESS = re.compile(r"[\s\[\]|{}\\^<>\"!]")


class Place(Enum):
    """Where a text stands: markup has other enemies in marks, links, code and cells."""

    FREE = "free"
    MARKED = "marked"
    LINK = "link"
    CODE = "code"


def escaped(
    text: str, place: Place = Place.FREE, *, cell: bool = False, preceded: bool = False, followed: bool = False
) -> str:
    """A piece of a line as wiki markup; what goes before or follows in the line counts."""
    # What a mark begins with begins a line for Jira Cloud, which looks at it apart.
    preceded = preceded and place is Place.FREE
    shown = _SOMETHING * preceded + doubled(text) + _SOMETHING * followed
    shown = _escaped(shown, place, cell, place in (Place.FREE, Place.MARKED))
    shown = _PARTS.sub(lambda found: found[0].replace(_PART, "") + JOINER * (_PART in found[0]), shown)
    return shown[preceded : len(shown) - followed]


def shielded(line: str) -> str:
    """A line of markup whose first blanks Jira doesn't take away."""
    return JOINER + line if line[:1].isspace() else line


def address(url: str) -> str:
    """A URL as it can stand in a link or picture."""
    return _IN_ADDRESS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def is_bare_address(text: str) -> bool:
    """Whether the text is an address of characters that nothing can take for markup."""
    return _ADDRESS.fullmatch(text) is not None


def _escaped(text: str, place: Place, cell: bool, addresses: bool) -> str:
    return _pattern(addresses, place is Place.CODE).sub(lambda found: _shown(found, place, cell), text)


@lru_cache
def _pattern(addresses: bool, code: bool) -> re.Pattern[str]:
    # At nearly all places of a text none of these stands: to look for them first takes a fraction of the time.
    return re.compile(
        rf"(?=[{_FIRST}])(?:"
        + "|".join(
            [
                *([rf"(?P<address>(?<![\w{JOINER}])https?://\S+)"] if addresses else []),
                rf"(?P<backslash>\\(?=[\\{_SOMETHING}{_ESCAPABLE}]|https?:|\Z))",
                r"(?P<brace>\{)" if code else r"(?P<brace>\{(?![\s\"'}]))",
                r"(?P<close>\}(?=\}|\Z))",
                r"(?P<parted>:(?=//)|(?<=mailto):(?=\S)|[:;](?=-?[()DPp|])|&(?=#?\w{1,32};)"
                r"|\((?=(?:[yni/x!?+\-*]|on|off|\*[rgby]|flag|flagoff)\)))",
                r"(?P<block>^(?:h[1-6]|bq)(?=\.))",
                r"(?P<bracket>\[)",
                r"(?P<bracketed>\])",
                r"(?P<bar>\|)",
                r"(?P<bang>!(?=[^ ]))",
                rf"(?P<sign>(?<!{_SAFE})[*_+\-^~]|[*_+\-^~](?!{_SAFE})|[*_+\-^~](?=https?:)|^\#|\?(?=\?)|(?<=\?)\?)",
            ]
        )
        + ")"
    )


def _shown(found: re.Match[str], place: Place, cell: bool) -> str:
    sign, inside = found[0], place is not Place.FREE
    # Behind other letters no mark begins anyway, and a joiner there would make a stand-in of some.
    letters = not _before(found).isascii() and not _before(found).isspace()
    part = _PART if place in (Place.MARKED, Place.LINK) and not letters else ""
    match found.lastgroup:
        case "address":
            return _address(found, place, cell)
        case "backslash" | "parted" | "block":
            return sign + _PART
        case "brace":
            return f"\\{sign}{_PART}"
        case "close":
            return sign + _PART if place is Place.CODE else sign
        case "bracketed":
            return _wide(sign) if place is Place.LINK else sign
        case "bar":
            return _wide(sign) if cell or place is Place.LINK else f"{part}\\{sign}"
        case "bracket" | "bang":
            return _wide(sign) if inside else f"\\{sign}"
        case _:
            return sign if _is_alone(found) and not inside else f"{part}\\{sign}"


def _address(found: re.Match[str], place: Place, cell: bool) -> str:
    text, after = found[0], found.string[found.end() : found.end() + 1]
    url = text.rstrip(_BEHIND_ADDRESS)
    # In a mark no sign of marks may stand, whatever is beside it.
    bare = is_bare_address(url) and (place is Place.FREE or not _SIGNS.search(url))
    linked = f"[{url}|{url}]" if bare else ""
    rest = text[len(url) :] if linked else text
    return linked + _escaped(rest + after, place, cell, False).removesuffix(after)


def _before(found: re.Match[str]) -> str:
    return found.string[max(found.start() - 1, 0) : found.start()]


def _is_alone(found: re.Match[str]) -> bool:
    """Whether a sign stands between blanks, as in "2 * 3", and not before all else, where it would make a list."""
    place = found.start() - 1
    if place < 0 or found.string[found.end() : found.end() + 1] not in (" ", "\t") or found.string[place] not in " \t":
        return False
    while place >= 0 and found.string[place] in " \t":
        place -= 1
    return place >= 0


def _wide(sign: str) -> str:
    return STAND_IN[sign] + _PART


def without(markup: str, signs: str, escaped_signs: str) -> str:
    """A piece of markup free of some signs, and of escaped others: as text they have a stand-in, in URLs a number."""

    def put(found: re.Match[str]) -> str:
        if found["sign"]:
            joiners = found["joiners"]
            return STAND_IN[found["sign"][-1]] + JOINER + joiners[len(joiners) % 2 :]
        if found["url"] and signs:
            return re.sub(f"[{re.escape(signs)}]", lambda sign: _NUMBERS.get(sign[0], sign[0]), found[0])
        return found[0]

    every, some = re.escape(signs), re.escape(signs + escaped_signs)
    sign = rf"\\[{some}]|[{every}]" if signs else rf"\\[{some}]"
    return re.sub(rf"{_BARE_LINK}|{_URL_OF_LINK}|{_PICTURE}|(?P<sign>{sign})(?P<joiners>{JOINER}*)", put, markup)
