"""What a page shows and what a form asks for, in the same words for both servers.

Each server has a `Side`: it reads and changes its model, and knows nothing of HTTP. A `Site` serves any side.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from syncer.sandbox.pages.controls import Control, Form
from syncer.sandbox.pages.rich import Html


class Refusal(Exception):
    """What was asked for isn't done; the message is one sentence for the person who asked."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Look:
    """How a server presents itself. `root` is the path in front of all pages, `record` the one of a record."""

    name: str
    style: Literal["tester", "jira"]
    noun: str
    nouns: str
    root: str
    record: str
    newcomer: str
    """Login of whom a visitor is taken for until they choose."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way to another record or page. `deed` is what removes it, with `value` naming it there; None: nothing does."""

    text: str
    href: str | None
    note: str = ""
    deed: str | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One record in the list."""

    id: str
    key: str
    title: str
    status: str
    priority: str
    who: str
    when: datetime
    twins: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Fact:
    """One field with a value; `Html` is shown as HTML, anything else as text."""

    name: str
    shown: str | Html


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment; `edited` is who changed it last and when, None where nobody did."""

    id: str
    who: str
    when: datetime
    body: str
    shown: str | Html
    edited: tuple[str, datetime] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """A change of a record: who, when, what."""

    who: str
    when: datetime
    what: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picker:
    """A small form of its own beside the record: a deed, what it is called, what it asks for."""

    deed: str
    title: str
    button: str
    controls: Sequence[Control]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record with all that its page shows; moves with the newest first."""

    id: str
    key: str
    title: str
    facts: Sequence[Fact]
    texts: Sequence[Fact]
    moves: Sequence[Move]
    comments: Sequence[Remark]
    links: Sequence[Link]
    left_by_programs: Mapping[str, str]
    pickers: Sequence[Picker]
    controls: Sequence[Control]


@dataclass(frozen=True, slots=True)
class Aside:
    """Something else that has a page: to be read only."""

    title: str
    facts: Sequence[Fact]
    links: Sequence[Link]


class Side(Protocol):
    """One server as the people in front of it see it. Everything but `look` raises `Refusal`."""

    @property
    def look(self) -> Look: ...

    @property
    def lock(self) -> AbstractContextManager[Any]:
        """Held while a page is made or a form is carried out."""

    @property
    def hosts(self) -> frozenset[str]:
        """Names under which browsers reach the server."""

    def people(self) -> Mapping[str, str]:
        """Logins and names of those a visitor may be."""

    def found(self, words: Sequence[str]) -> tuple[list[str], int]:
        """Ids of the records that hold all these words, those changed last first; and how many records there are."""

    def row(self, record_id: str) -> Row: ...

    def record(self, record_id: str) -> Record: ...

    def aside(self, thing_id: str) -> Aside: ...

    def blank(self) -> Sequence[Control]:
        """The form of a new record."""

    def create(self, who: str, form: Form) -> str:
        """A new record by that person; returns its id."""

    def do(self, deed: str, record_id: str, who: str, form: Form) -> None:
        """Carry out what a form of the record's page asks for."""
