"""What the contract suite needs of each side: an adapter, and a person's hands on its server.

Tests take every time from the server and make up nothing by chance, so that recordings can be replayed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from mappings.values import Value, Values
from syncer.core.records import Comment, Draft, Listed, Mark, Present, Record, Twin
from syncer.ports import Port

KINDS = frozenset({"type", "status", "priority", "resolution", "component", "version", "user"})
TWIN_ID = "7b0f6c1a-30d5-4a52-9d3e-4c1d2f0a9b11"


@dataclass(frozen=True, slots=True)
class Fields:
    """The side's own names of the fields that the suite writes; all of them are mapped."""

    title: str
    text: str
    choice: str
    choice_kind: str
    choices: str
    choices_kind: str
    choice_by_default: bool = True
    """False where a new record must be given a value of the choice field."""


class Bench(Protocol):
    """One adapter in front of one server, and the hands of a person on that server.

    What a person does is sent over HTTP as another user, so that it is recorded too. The switches of the
    server (from `lag` on) are no requests: when a recording is replayed they do nothing, as the recorded
    answers hold their effect.
    """

    @property
    def port(self) -> Port:
        """The adapter under test, installation `demo`, with every field of `fields` mapped."""
        ...

    @property
    def fields(self) -> Fields: ...

    @property
    def person(self) -> str:
        """The display name of the person."""
        ...

    @property
    def absent_id(self) -> str:
        """A well-formed id that no record, option or comment has."""
        ...

    @property
    def creates_options(self) -> bool:
        """Whether `create_option` is possible on this side."""
        ...

    def now(self) -> datetime:
        """The server's time, told by the server."""
        ...

    def intruder(self) -> Port:
        """The same adapter with a wrong password."""
        ...

    def person_creates(self, title: str) -> str:
        """Create a record in the project; return its id."""
        ...

    def person_edits(self, record_id: str, changes: Values) -> None: ...

    def person_comments(self, record_id: str, body: str) -> str:
        """Add a comment; return its id."""
        ...

    def rename_option(self, kind: str, option_id: str, name: str) -> None: ...

    def remove(self, record_id: str) -> None:
        """The record is deleted."""
        ...

    def lag(self, seconds: float) -> None:
        """Listings and searches show from now on what stood `seconds` ago."""
        ...

    def hide(self, record_id: str) -> None:
        """The adapter's user may not see the record from now on."""
        ...

    def garble(self, record_id: str) -> None:
        """Reading this record answers with an error page from now on."""
        ...

    def garble_listings(self) -> None:
        """Listings and searches answer with an error page from now on."""
        ...

    def cap_pages(self, size: int) -> None:
        """The server gives at most `size` records or comments a page from now on."""
        ...

    def normalise(self) -> None:
        """The server stores every text in lower case from now on."""
        ...

    def drop_next_answer(self) -> None:
        """The next request that writes is carried out, and its answer is lost. Live servers only."""
        ...

    def stop(self) -> None:
        """The server is gone. Live servers only."""
        ...


def mark(number: int = 1) -> Mark:
    """A mark of the bench's own installation; each number another twin."""
    return Mark("demo", f"{TWIN_ID[:-1]}{number}")


def twin(number: int = 1, key: str = "DEMO-7") -> Twin:
    return Twin(mark(number), key, f"https://other.example/{key}", f"The twin {key}")


def options(bench: Bench, kind: str) -> list[str]:
    """The ids of the active options of a kind, in the server's order."""
    return [option.id for option in bench.port.catalogue().of(kind) if option.active]


def draft(bench: Bench, title: str, number: int = 1) -> Draft:
    values: dict[str, Value] = {bench.fields.title: title, bench.fields.text: "first line\n\nsecond line"}
    if not bench.fields.choice_by_default:
        values[bench.fields.choice] = options(bench, bench.fields.choice_kind)[0]
    return Draft(values, twin(number))


def read(bench: Bench, record_id: str) -> Record:
    """The record as it is now; fails the test when it can't be read."""
    [(given, observation)] = bench.port.read([record_id])
    assert given == record_id
    assert isinstance(observation, Present), observation
    return observation.record


def comments(record: Record) -> tuple[Comment, ...]:
    assert record.comments is not None, "comments must be observed when a record is read by id"
    return record.comments


def as_told(record: Record, told: Record) -> Record:
    """The record with no more of it observed than of the other, and without its stamp."""
    unseen: dict[str, Any] = {
        name: None for name in ("comments", "shows_mark", "results") if getattr(told, name) is None
    }
    return replace(unstamped(record), **unseen)


def unstamped(record: Record) -> Record:
    """The record without its stamp, which may be withheld in the second of an edit and given later."""
    return replace(record, stamp=None)


def listed(bench: Bench, since: datetime | None) -> dict[str, Listed]:
    pages: list[Sequence[Listed]] = list(bench.port.listed(since))
    return {line.id: line for page in pages for line in page}
