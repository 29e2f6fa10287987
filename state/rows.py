"""The plain values that go into the state DB and come out of it: frozen, typed, free of SQL.

Times are aware datetimes in UTC. Ids are the servers' own immutable ids as text: an incident's GUID in lower
case, an issue's numeric id. Keys are for display only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

SideName: TypeAlias = Literal["incident", "issue"]
FieldValues: TypeAlias = Mapping[str, str | frozenset[str] | None]
HeldKind: TypeAlias = Literal["removals", "mapping"]
Outcome: TypeAlias = Literal["settled", "refused", "in doubt"]


@dataclass(frozen=True, slots=True)
class Link:
    """One incident and one issue known to be the same thing.

    `marked` names the sides on which our mark is known to stand.
    """

    id: int
    project_link: str
    incident_id: str
    issue_id: str
    incident_key: str
    issue_key: str
    marked: frozenset[SideName]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Baseline:
    """What one side of a link held when both sides last agreed, field by field, as its server gave it back.

    A field that is missing was never agreed on. `stamp` is the record's revision when it was last looked at in
    full, `None` where that revision can't be trusted to be final.
    """

    values: FieldValues = field(default_factory=dict)
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class CommentLink:
    """A comment and the one that we mirrored from it. `owner` is the side where a person wrote it.

    The digests are those of the bodies that each side's server held when they last agreed.
    """

    id: int
    link_id: int
    owner: SideName
    incident_comment_id: str
    issue_comment_id: str
    incident_digest: str
    issue_digest: str


@dataclass(frozen=True, slots=True)
class ResultLink:
    """A step-result link of the incident, and the remote link on the issue that shows it, by its `globalId`."""

    id: int
    link_id: int
    step_result_id: str
    global_id: str


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A version of the incident project and one of the issue project that are the same, whatever they are called."""

    project_link: str
    incident_version_id: str
    issue_version_id: str


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A dissolved link, kept for good so that the two records are never linked again by themselves."""

    project_link: str
    incident_id: str
    issue_id: str
    reason: str
    buried_at: datetime


@dataclass(frozen=True, slots=True)
class Wish:
    """What is about to be asked of a server, as it goes into the journal. `payload` may hold sets."""

    kind: str
    link_id: int | None
    incident_id: str | None
    issue_id: str | None
    payload: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Intent:
    """A journalled wish: written before its request leaves, gone once it is settled.

    One that is still here when a cycle starts is in doubt: its request may or may not have been carried out.
    `payload` is JSON-ready and belongs to the executor.
    """

    id: int
    project_link: str
    link_id: int | None
    kind: str
    incident_id: str | None
    issue_id: str | None
    payload: Mapping[str, Any]
    intended_at: datetime


@dataclass(frozen=True, slots=True)
class Parked:
    """One item (a field, a comment, or the whole record) that waits for a person or a fix.

    `side` and `record_id` name the record that is waiting, `item` is "record", "comment <id>" or the incident
    field's name. `reason` is a sentence, `code` one word for its kind. `tries` counts the cycles in which it was
    tried and failed.
    """

    project_link: str
    side: SideName
    record_id: str
    record_key: str
    item: str
    reason: str
    code: str
    since: datetime
    tries: int
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class BothSides:
    """What each side holds in a field that both changed: as people know it, and as digests to know it again by."""

    incident: str
    issue: str
    incident_digest: str
    issue_digest: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word in a conflict: take that side's value, as long as both sides hold what the digests stand for.

    `item` is the field as it is parked.
    """

    link_id: int
    item: str
    choice: SideName
    incident_digest: str
    issue_digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field in conflict: how long it has waited, what both sides hold, and what was decided, if anything was."""

    link: Link
    parked: Parked
    both: BothSides
    decision: Decision | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """What wasn't there when looked for: a record, a comment, our mark or a step-result link.

    `side` and `record_id` name the record that it belongs to, `item` is "record", "comment <id>", "mark" or
    "result <id>". `cause` is that of the last look; `times` counts the looks that found it missing.
    """

    project_link: str
    side: SideName
    record_id: str
    item: str
    cause: str
    first_seen_at: datetime
    last_seen_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Held:
    """A set of actions that is carried out only when a person approves exactly that set, known by its digest.

    `lines` are the plan's own; `held_at` is when this very set was held first.
    """

    project_link: str
    digest: str
    kind: HeldKind
    reason: str
    lines: tuple[str, ...]
    held_at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's word that the set with that digest may be carried out, once."""

    project_link: str
    digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Discard:
    """A person's word that the removal with that digest is not to be carried out."""

    project_link: str
    digest: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One write or decision that was settled (or refused), in the words of its plan line.

    `before` and `after` are what stood there, up to whole records with their comments. `cause` is what led to it,
    `undoes` the id of the entry that it took back. `id` is `None` before the entry is stored, and no part of what
    it says: entries that say the same are equal.
    """

    at: datetime
    project_link: str
    cycle: str
    kind: str
    side: SideName | None
    incident_id: str | None
    issue_id: str | None
    sentence: str
    outcome: Outcome
    detail: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    cause: str = ""
    undoes: int | None = None
    id: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CycleRow:
    """One cycle of one project link: when, how it ended, and how many actions of each kind it settled.

    `finished_at` is `None` while it runs, and for good when the process was killed in it.
    """

    cycle: str
    project_link: str
    started_at: datetime
    finished_at: datetime | None
    outcome: Literal["running", "done", "failed"]
    detail: str
    counts: Mapping[str, int]
