"""What a side holds and what was seen of it: the plain values that adapters give and the core decides on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from mappings.fields import Shape
from mappings.values import Values
from state.rows import SideName


class Side(StrEnum):
    """One of the two sides; `other` is the opposite one."""

    INCIDENT = "incident"
    ISSUE = "issue"

    @property
    def other(self) -> "Side":
        return Side.ISSUE if self is Side.INCIDENT else Side.INCIDENT

    @property
    def word(self) -> SideName:
        """The side's name as the state DB and the mapping know it."""
        return "incident" if self is Side.INCIDENT else "issue"


@dataclass(frozen=True, slots=True)
class Mark:
    """What we leave on a record: the installation that made it and the immutable id of the record's twin."""

    installation: str
    twin_id: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment as its server gave it back.

    `mark` is set on a comment that we mirrored: then `mark.twin_id` is the id of the comment that a person wrote
    on the other side, and `body` is what stands below our heading, without it.
    """

    id: str
    author: str
    body: str
    created_at: datetime | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One incident or one issue as its server gave it back.

    `values` holds the observed fields only, by the side's own field names. `comments` is `None` when they were
    not observed (never: empty). `mark` is `None` where no mark stands. `stamp` is the record's revision, `None`
    when another edit within the clock's resolution could carry the same one. `updated_at` is in the server's time.
    `shows_mark` says whether the mark that people see still names the twin, `None` when that wasn't observed.
    `results` are the ids of the step results that an issue shows, likewise. `dissolved` is the mark of a link that was
    dissolved: what is left of it keeps the two records apart, even after the loss of the state DB. `people` are
    names by id, as far as the server told them along: not everybody who is named on a record is in the catalogue.
    """

    side: Side
    id: str
    key: str
    url: str
    values: Values
    comments: tuple[Comment, ...] | None = None
    mark: Mark | None = None
    stamp: str | None = None
    updated_at: datetime | None = None
    shows_mark: bool | None = None
    results: frozenset[str] | None = None
    dissolved: Mark | None = None
    people: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Present:
    """The record was read."""

    record: Record


@dataclass(frozen=True, slots=True)
class Gone:
    """The record was deleted, by all the evidence that the design's rule 3 asks for.

    `certain` is False where its server could hide a single record from us in the same way: a person must approve.
    """

    evidence: str
    certain: bool = True


class Cause(StrEnum):
    """Why a record couldn't be read by its id."""

    MISSING = "missing"
    DENIED = "denied"
    MOVED = "moved"
    ARCHIVED = "archived"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing can be said of the record this cycle, and so nothing is done to its twin.

    `MISSING` is a 404 by id: the only cause that can become `Gone`, with more evidence.
    """

    reason: str
    cause: Cause = Cause.UNREADABLE


Observation: TypeAlias = Present | Gone | Unknown


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a listing: where to look, not what is there. An index may lag, so values come from reads by id."""

    id: str
    key: str
    updated_at: datetime
    stamp: str


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a catalogue. `aliases` are further names by which it may be found: a login, an e-mail address."""

    id: str
    name: str
    active: bool = True
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """What a server says of one of its fields. `id` is what a mapping calls it, `name` what people do.

    `rich`: texts hold markup, Jira's wiki markup or HTML. `limit`: the longest text. `required`: new records need it.
    `screens`: where it can be written, "create" and "edit"; none for what only the server writes.
    """

    id: str
    name: str
    shape: Shape
    rich: bool = False
    limit: int | None = None
    required: bool = False
    screens: frozenset[str] = frozenset({"create", "edit"})

    @property
    def writable(self) -> bool:
        return bool(self.screens)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The entries that one side's project offers, by kind: type, status, priority, resolution, component, version,
    user, and a custom field's own options under its id. A kind that is missing was not observed.

    `fields` are the project's fields by id, as far as the server tells. `foreign_link` is the name of Enterprise
    Tester's own Jira link where one is active on the project: two programs would overwrite each other."""

    side: Side
    options: Mapping[str, tuple[Option, ...]]
    fields: Mapping[str, FieldInfo] = field(default_factory=dict)
    foreign_link: str | None = None
    _names: Mapping[tuple[str, str], str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {(kind, option.id): option.name for kind, options in self.options.items() for option in options}
        object.__setattr__(self, "_names", names)

    def with_options(self, more: Iterable[tuple[str, Option]]) -> "Catalogue":
        """The same with these options besides, by kind; those that it has already stay as they are."""
        options = dict(self.options)
        for kind, option in more:
            if all(each.id != option.id for each in options.get(kind, ())):
                options[kind] = (*options.get(kind, ()), option)
        return replace(self, options=options)

    def of(self, kind: str) -> tuple[Option, ...]:
        """All options of `kind`, in the server's order; empty when the kind was not observed."""
        return self.options.get(kind, ())

    def name(self, kind: str, option_id: str) -> str:
        """The display name of an option, or its id where the catalogue doesn't have it."""
        return self._names.get((kind, option_id), option_id)


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A comment to be mirrored: its author's name, the body, and the mark naming the comment it comes from.

    The adapter puts a heading with author and mark above the body, and takes it off again when reading. `original` is
    the body as its owner's side holds it, where it was translated.
    """

    author: str
    body: str
    mark: Mark
    created_at: datetime | None = None
    original: str | None = None

    @property
    def owners(self) -> str:
        """The body as the side holds it where it was written."""
        return self.body if self.original is None else self.original


@dataclass(frozen=True, slots=True)
class Twin:
    """What a mark shows to people: the twin's key and page, beside the mark itself."""

    mark: Mark
    key: str
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step-result link of an incident: the result of a test step that the incident was logged for."""

    id: str
    incident_id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A record to be created, with the mark in its own payload so that a lost answer can be resolved by looking."""

    values: Values
    twin: Twin
