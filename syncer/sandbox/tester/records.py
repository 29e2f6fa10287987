"""The records of the sandbox's Enterprise Tester: frozen values, replaced as a whole by each save.

Because a saved record is never changed afterwards, an old listing is simply an old reference: that is how
a lagging index is told apart from the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

PickKind = Literal["Priority", "IncidentStatus", "IncidentType", "IncidentResolution", "Version", "Component"]


@dataclass(frozen=True, slots=True)
class User:
    """A person with an account; `enabled` is False for those who have left."""

    id: str
    login: str
    first_name: str
    last_name: str
    email: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class PickValue:
    """One value of a pick list of the project."""

    id: str
    kind: PickKind
    text: str
    sort_order: int
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ExternalLink:
    """A project link of Enterprise Tester's own synchronizer."""

    id: str
    name: str
    system_id: str
    system_name: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `updated_at` is None while nobody has edited it. People are user ids."""

    id: str
    body: str
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime | None = None
    ticket_comment_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident. People and pick-list values are ids, times are UTC in whole seconds.

    Custom fields are kept as `custom` says, by name; those without a value are absent."""

    id: str
    number: int
    summary: str
    description: str | None = None
    assigned_to: str | None = None
    priority: str | None = None
    status: str | None = None
    type: str | None = None
    resolution: str | None = None
    affected_versions: tuple[str, ...] = ()
    fixed_versions: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    external_links: tuple[str, ...] = ()
    field_values: Mapping[str, Any] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    version_number: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What came out of one step of a script run."""

    id: str
    run_id: str
    number: int
    description: str
    expected: str
    actual: str
    outcome: str
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptRun:
    """One run of a test script by one person."""

    id: str
    number: int
    name: str
    status: str
    assigned_to: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemEvent:
    """One line of the server's synchronization log."""

    id: str
    occurred_at: datetime
    message: str
    type: str
    source: str
    level: str
    link_id: str | None = None
    entity_type: str | None = None
    entity_id: str | None = None
