"""What the sandbox's Jira remembers: plain records, ids as text, people as logins, times in UTC.

Values inside `Issue.fields` are immutable, so a shallow copy of an issue is a faithful picture of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

Value: TypeAlias = str | float | datetime | tuple[str, ...] | None
Values: TypeAlias = dict[str, Value]


@dataclass(frozen=True, slots=True)
class User:
    """An account; Cloud shows `account_id`, Data Center shows `login` (as `name`) and `key`."""

    login: str
    display_name: str
    email: str
    account_id: str
    key: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Project:
    id: str
    key: str
    name: str
    lead: str


@dataclass(slots=True)
class Version:
    id: str
    project_id: str
    name: str
    description: str = ""
    released: bool = False
    archived: bool = False
    start_date: str | None = None
    release_date: str | None = None


@dataclass(slots=True)
class Component:
    id: str
    project_id: str
    name: str
    description: str = ""
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """Replaced, never changed: an older picture of the issue keeps the older text."""

    id: str
    author: str
    body: str
    created: datetime
    updated: datetime
    update_author: str
    visibility: Mapping[str, str] | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class RemoteLink:
    id: str
    global_id: str | None
    object: dict[str, Any]
    application: dict[str, Any] | None = None
    relationship: str | None = None


@dataclass(frozen=True, slots=True)
class IssueLink:
    """Two issues and how one belongs to the other; `inward` and `outward` are their ids."""

    id: str
    type_id: str
    inward: str
    outward: str


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One field's move: ids in `old` and `new`, what people read in `old_text` and `new_text`."""

    field: str
    field_id: str
    custom: bool
    old: str | None
    old_text: str | None
    new: str | None
    new_text: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the changelog."""

    id: str
    author: str
    created: datetime
    items: tuple[ChangeItem, ...]


@dataclass(slots=True)
class Issue:
    """One issue; `fields` holds every field by its id, absent ones as None or ()."""

    id: str
    key: str
    fields: Values
    properties: dict[str, Any] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    remote_links: dict[str, RemoteLink] = field(default_factory=dict)
    history: list[Change] = field(default_factory=list)

    def text(self, name: str) -> str:
        """A field that holds text or an id; '' where it is empty."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    def ids(self, name: str) -> tuple[str, ...]:
        """A field that holds several; () where it is empty."""
        value = self.fields.get(name)
        return value if isinstance(value, tuple) else ()

    def moment(self, name: str) -> datetime | None:
        value = self.fields.get(name)
        return value if isinstance(value, datetime) else None

    @property
    def archived(self) -> bool:
        """True if it is put away: read by id only, not found and not changed."""
        return self.moment("archiveddate") is not None

    def picture(self) -> "Issue":
        """A copy that later writes don't touch."""
        return replace(
            self,
            fields=dict(self.fields),
            properties=dict(self.properties),
            comments=dict(self.comments),
            history=list(self.history),
        )
