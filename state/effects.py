"""What settling an intent changes in the state DB: frozen values, applied together or not at all.

| about | effects |
|---|---|
| the link | `NewLink`, `SetMarked`, `SetKeys`, `Bury`, `KeepApart`, `Exhume` |
| what was agreed | `SetBaseline`, `SetStamp` |
| comments | `NewCommentLink`, `SetCommentDigest`, `DropCommentLink` |
| step results | `NewResultLink`, `DropResultLink` |
| versions | `NewVersionLink`, `DropVersionLink` |
| what waits | `Park`, `Unpark`, `ForgetDecision` |
| what wasn't there | `NoteAbsence`, `ForgetAbsence` |

A `New...` or `Set...` that doesn't fit what is stored is a StateError; dropping what isn't there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from state.rows import Baseline, BothSides, FieldValues, SideName


@dataclass(frozen=True, slots=True)
class NewLink:
    """Link an incident and an issue. Neither may be linked already in that project link."""

    project_link: str
    incident_id: str
    issue_id: str
    incident_key: str
    issue_key: str
    marked: frozenset[SideName]
    created_at: datetime
    baselines: Mapping[SideName, Baseline] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetBaseline:
    """Record what one side holds. Fields that `values` lacks keep their baseline, as `keep_stamp` keeps the stamp."""

    link_id: int
    side: SideName
    values: FieldValues
    stamp: str | None
    keep_stamp: bool = False


@dataclass(frozen=True, slots=True)
class SetStamp:
    """Record the revision at which one side was looked at in full; its values stay."""

    link_id: int
    side: SideName
    stamp: str | None


@dataclass(frozen=True, slots=True)
class SetMarked:
    """Our mark is known to stand on that side."""

    link_id: int
    side: SideName


@dataclass(frozen=True, slots=True)
class SetKeys:
    """The keys to show; they change when a record moves to another project."""

    link_id: int
    incident_key: str
    issue_key: str


@dataclass(frozen=True, slots=True)
class NewCommentLink:
    """Couple a comment with its mirror. Neither may be coupled already in that link."""

    link_id: int
    owner: SideName
    incident_comment_id: str
    issue_comment_id: str
    incident_digest: str
    issue_digest: str


@dataclass(frozen=True, slots=True)
class SetCommentDigest:
    """What that side's server now holds as the comment's body."""

    comment_link_id: int
    side: SideName
    digest: str


@dataclass(frozen=True, slots=True)
class DropCommentLink:
    """Forget that the two comments belong together."""

    comment_link_id: int


@dataclass(frozen=True, slots=True)
class NewResultLink:
    """Couple a step-result link with the remote link that shows it. The step result may not be coupled already."""

    link_id: int
    step_result_id: str
    global_id: str


@dataclass(frozen=True, slots=True)
class DropResultLink:
    """Forget that the step-result link and the remote link belong together."""

    result_link_id: int


@dataclass(frozen=True, slots=True)
class NewVersionLink:
    """Couple two versions. Neither may be coupled already in that project link."""

    project_link: str
    incident_version_id: str
    issue_version_id: str


@dataclass(frozen=True, slots=True)
class DropVersionLink:
    """Forget that the two versions are the same."""

    project_link: str
    incident_version_id: str
    issue_version_id: str


@dataclass(frozen=True, slots=True)
class Bury:
    """Dissolve a link: it goes with all that is kept of it and of its records, a tombstone stays.

    That is: baselines, comment and step-result links, and what of either record is parked or was found missing.
    """

    link_id: int
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeepApart:
    """Remember a link that was dissolved before this state DB knew of it: a tombstone without a burial.

    What of either record is parked or was found missing goes. Doing it again changes nothing.
    """

    project_link: str
    incident_id: str
    issue_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Exhume:
    """Take a tombstone away: a person wants the two records to be linked again."""

    project_link: str
    incident_id: str
    issue_id: str


@dataclass(frozen=True, slots=True)
class Park:
    """Let an item wait. Parked again, it keeps its `since`, counts one try more, and takes the newer reason.

    `code` is one word for the kind of `reason`, for programs to go by. `tries` is how many were known when it was tried
    now: where fewer are stored, a person has asked meanwhile that it be tried at once, and it stays due. `both` is what
    the sides of a conflict hold.
    """

    project_link: str
    side: SideName
    record_id: str
    record_key: str
    item: str
    reason: str
    code: str
    at: datetime
    next_try_at: datetime
    tries: int = 0
    both: BothSides | None = None


@dataclass(frozen=True, slots=True)
class Unpark:
    """The item waits no longer; with `item` None, nothing of the record does."""

    project_link: str
    side: SideName
    record_id: str
    item: str | None


@dataclass(frozen=True, slots=True)
class ForgetDecision:
    """What a person decided in the conflict of that field was carried out, or came to nothing."""

    link_id: int
    item: str


@dataclass(frozen=True, slots=True)
class NoteAbsence:
    """An item wasn't there. Noted again, it keeps its `first_seen_at`, counts one look more, and takes the cause."""

    project_link: str
    side: SideName
    record_id: str
    item: str
    cause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ForgetAbsence:
    """The item is there, or is looked for no longer; with `item` None, nothing of the record is missing."""

    project_link: str
    side: SideName
    record_id: str
    item: str | None


LinkEffect: TypeAlias = SetBaseline | SetStamp | SetMarked | SetKeys | Bury | KeepApart | Exhume
CouplingEffect: TypeAlias = (
    NewCommentLink
    | SetCommentDigest
    | DropCommentLink
    | NewResultLink
    | DropResultLink
    | NewVersionLink
    | DropVersionLink
)
ItemEffect: TypeAlias = Park | Unpark | ForgetDecision | NoteAbsence | ForgetAbsence

Effect: TypeAlias = NewLink | LinkEffect | CouplingEffect | ItemEffect
