"""What a field can hold, in a form that compares, hashes and prints the same wherever it came from.

| a field of shape | is held as |
|---|---|
| text | the string, `None` when empty |
| number | its shortest decimal text, as "3" or "-0.5" |
| date | "2026-11-22" |
| moment | ISO 8601 in UTC with whole seconds, "2026-11-22T14:03:05Z" |
| choice, user | the id of the option on its own side, `None` when nothing is chosen |
| choices (versions, components) | a frozenset of ids, empty when nothing is chosen |
| words (labels) | a frozenset of words |

A member that a server did not send is no value at all: the field is then missing from the record's
values, which is neither empty nor a change.
"""

from collections.abc import Mapping
from typing import TypeAlias

Value: TypeAlias = str | frozenset[str] | None
Values: TypeAlias = Mapping[str, Value]


class Prose(str):
    """A text with what is known beside it: compares, hashes and is stored as its text alone.

    `html` is what the server renders the text to, `page` where people find the record that holds it.
    """

    __slots__ = ("html", "page")

    html: str | None
    page: str | None

    def __new__(cls, text: str, html: str | None = None, page: str | None = None) -> "Prose":
        prose = super().__new__(cls, text)
        prose.html = html
        prose.page = page
        return prose


def rendered(value: Value) -> str | None:
    """What the server renders a text to, `None` where it didn't tell."""
    return value.html if isinstance(value, Prose) else None


def page_of(value: Value) -> str | None:
    """Where people find the record that holds the text, `None` where that isn't known."""
    return value.page if isinstance(value, Prose) else None
