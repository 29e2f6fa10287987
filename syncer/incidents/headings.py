"""How our marks look to people, and how they are recognised again: in a custom field and above a comment.

    TEST-12 [syncer:demo:10012]                     the custom field: key, installation, id of the issue

    Jane Doe wrote in Jira [syncer:demo:10234]:     the comment: author, installation, id of Jira's comment

    It happens twice.                               what Jane Doe wrote

Servers change texts when they store them. A heading is recognised in other letter case, with blanks and line ends
changed, and wrapped in HTML; what stands below it is given back as the server holds it.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from syncer.core.records import Mark

_MARK = r"\[\s*+syncer:(?P<installation>[^\]:\s]{1,200}):(?P<twin>[^\]:\s]{1,200})\s*\]"
_IN_FIELD = re.compile(_MARK, re.IGNORECASE)
_DISSOLVED = re.compile(_MARK.replace("syncer:", "syncer-dissolved:", 1), re.IGNORECASE)
# Possessive quantifiers: a comment of a hundred thousand blanks must cost no more than reading it once.
_HEADING = re.compile(
    r"\s*+(?P<opened>(?:<\w[^<>]{0,100}>\s*+)*+)"
    rf"(?P<author>[^\s\[\]<>][^\n\[\]<>]{{0,199}}?)\s++wrote\s++in\s++Jira\s++{_MARK}:?",
    re.IGNORECASE,
)
_PLAIN_GAP = re.compile(r"(?:[^\S\n]*\n){0,2}")
_HTML_GAP = re.compile(r"(?:\s|&nbsp;|</\w+\s*>|<br\s*/?>)*", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(\w+)")


@dataclass(frozen=True, slots=True)
class Headed:
    """A mirrored comment taken apart."""

    author: str
    mark: Mark
    body: str


def mark_text(key: str, mark: Mark) -> str:
    """What the custom field shows: the issue's key for people, then the mark."""
    return f"{key} {_bracketed(mark)}".strip()


def read_mark(text: str | None, installation: str) -> Mark | None:
    """The mark in a text of `mark_text`; our own installation in its own spelling, others as they stand."""
    found = _IN_FIELD.search(text or "")
    return _mark(found, installation) if found else None


def dissolved_text(key: str, mark: Mark) -> str:
    """What the custom field says once the issue was deleted: for people, and for a process that lost its state DB."""
    return f"{key} was deleted {_bracketed(mark).replace('syncer:', 'syncer-dissolved:', 1)}"


def read_dissolved(text: str | None, installation: str) -> Mark | None:
    """The mark in a text of `dissolved_text`."""
    found = _DISSOLVED.search(text or "")
    return None if found is None else _mark(found, installation)


def with_heading(author: str, mark: Mark, body: str) -> str:
    """The body of a mirrored comment with author and mark above it."""
    name = " ".join(re.sub(r"[\[\]<>]", " ", author).split())[:200].strip() or "Somebody"
    return f"{name} wrote in Jira {_bracketed(mark)}:\n\n{body}"


def take_apart(text: str, installation: str) -> Headed | None:
    """The reverse of `with_heading`; `None` for a comment that carries no heading at its top."""
    found = _HEADING.match(text)
    if found is None:
        return None
    below = text[found.end() :]
    if found["opened"] or below.lstrip(" \t").startswith("<"):
        gap = _HTML_GAP.match(below)
        closed = [name for slash, name in _TAG.findall(gap[0] if gap else "") if slash]
        below = _still_open(found["opened"], closed) + below[gap.end() if gap else 0 :]
    else:
        below = _PLAIN_GAP.sub("", below, count=1)
    return Headed(" ".join(found["author"].split()), _mark(found, installation), below)


def _still_open(opened: str, closed: list[str]) -> str:
    """The tags before the heading that were not closed right after it: they belong to the body as well."""
    tags = re.findall(r"<\w[^<>]*>", opened)
    for name in closed:
        if tags and (tag := _TAG.match(tags[-1])) and tag[2].lower() == name.lower():
            tags.pop()
    return "".join(tags)


def _bracketed(mark: Mark) -> str:
    return f"[syncer:{quote(mark.installation, safe='')}:{quote(mark.twin_id, safe='')}]"


def _mark(found: re.Match[str], installation: str) -> Mark:
    named = unquote(found["installation"])
    ours = named.casefold() == installation.casefold()
    return Mark(installation if ours else named, unquote(found["twin"]))
