"""What a modelled server holds, and the log of all that ever happened to it: the ground truth of a simulation."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from mappings.values import Value
from syncer.core.records import Mark, Record, Side

Who: TypeAlias = Literal["person", "us"]
State: TypeAlias = Literal["present", "gone", "hidden", "archived", "moved"]
Happening: TypeAlias = Literal[
    "born",
    "clone",
    "read",
    "late read",
    "field",
    "comment",
    "comment gone",
    "restricted",
    "result",
    "mark",
    "unmark",
    "state",
    "amnesia",
    "look begins",
    "look ends",
]


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that happened to one record. `item` is a field's name, a comment's id, a state, or the id of a twin or
    of what a clone was made of.

    What happens to none of them: `amnesia`, when the state DB was lost, or an old one put in its place; and that we
    begin to look at them all, and have come to an end with it."""

    at: datetime
    side: Side
    record_id: str
    what: Happening
    by: Who
    item: str = ""
    value: Value = None


@dataclass(slots=True)
class Remark:
    """One comment. `mark` and `author` are what the adapters find in heading or property."""

    id: str
    author: str
    body: str
    created_at: datetime
    mark: Mark | None = None
    edited_by_people: bool = False
    restricted: bool = False
    """Not for everybody: no port shows it."""
    secret: bool = False
    """Restricted from birth: its words are nobody else's to know."""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the search index says of a record from `at` on (in the world's time)."""

    at: datetime
    updated_at: datetime
    listed: bool
    claim: Mark | None


@dataclass(slots=True)
class Row:
    """One record. `mark` is the truth; `claim` is what a search finds it by, which a clone copies."""

    id: str
    key: str
    values: dict[str, Value]
    created_at: datetime
    updated_at: datetime
    saved_by: Who
    state: State = "present"
    version: int = 1
    mark: Mark | None = None
    claim: Mark | None = None
    dissolved: Mark | None = None
    shown: bool = False
    born_of: str | None = None
    """The id of the record for which we created this one; `None` for what people made."""
    remarks: dict[str, Remark] = field(default_factory=dict)
    results: set[str] = field(default_factory=set)
    edits: list[tuple[datetime, Who, frozenset[str]]] = field(default_factory=list)
    index: list[Indexed] = field(default_factory=list)
    told: Record | None = None
    """What we were told last, as long as we have written nothing since."""
    touched_at: datetime | None = None
    """When somebody did something to it for the first time since we were told."""
