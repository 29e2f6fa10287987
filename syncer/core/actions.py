"""The actions: what can be intended, each a frozen value that prints itself in one sentence.

The sentence goes to logs and history, and so holds no text that people wrote and no names of people; a plan that is
shown adds the fields' values from the changes.

Actions that write to a server carry all that the executor needs and all that a recovery needs to tell, from what
it finds there, whether the write took place. The others only change the state DB.

| action | writes | then the state DB holds |
|---|---|---|
| CreateOption | a version or component | - (the next catalogue shows it) |
| PairVersions | nothing | the version link |
| CreateRecord | an incident or issue | the link, both baselines |
| Adopt | nothing | the link of two records whose marks point at each other |
| UpdateRecord | fields | both baselines of those fields |
| AddComment, EditComment | a comment | the comment link with both digests |
| LinkComment | nothing | the comment link |
| WriteMark | our mark | that the side is marked |
| DeleteComment | removes a comment, or puts a notice in its place | no comment link |
| ShowResult, HideResult | adds or removes a step-result link | the result link, or none |
| RemoveMark | takes our mark off | - |
| DeleteRecord | removes a record | - (the `Bury` after it) |
| DropComment, LinkResult, DropResult | nothing | the comment or result link, or none |
| Agree | nothing | both baselines of fields that fit |
| EndDecision | nothing | no decision in that field's conflict |
| Bury | nothing | a tombstone in the place of the link |
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from mappings.values import Value, Values
from syncer.core.bind import OptionKind
from syncer.core.records import CommentDraft, Side, Twin
from syncer.core.removals import (
    Bury,
    DeleteComment,
    DeleteRecord,
    DropComment,
    DropResult,
    EndDecision,
    HideResult,
    LinkResult,
    RemoveMark,
    ShowResult,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one side: `before` stands there, `after` is to be written, `given` is what the other side holds.

    `item` is the incident field's name, by which the field is known everywhere; `name` is its name on the side
    that is written. `half`: the other side is written too, and nothing is agreed on before it is. The two `shown` texts
    are for people. `decided` is who took this in a conflict, if somebody did.
    """

    item: str
    name: str
    before: Value
    after: Value
    given: Value
    shown_before: str = ""
    shown_after: str = ""
    half: bool = False
    decided: str = ""

    def sentence(self) -> str:
        return f"{self.name}: {excerpt(self.shown_before)} -> {excerpt(self.shown_after)}"


@dataclass(frozen=True, slots=True)
class CreateOption:
    kind_of_option: OptionKind
    name: str

    kind: ClassVar[str] = "create option"
    side: ClassVar[Side] = Side.ISSUE

    def sentence(self) -> str:
        return f"create {self.kind_of_option} '{self.name}' on the issue side"


@dataclass(frozen=True, slots=True)
class PairVersions:
    incident_version_id: str
    issue_version_id: str
    incident_name: str
    issue_name: str

    kind: ClassVar[str] = "pair versions"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"version '{self.incident_name}' and version '{self.issue_name}' are the same"


@dataclass(frozen=True, slots=True)
class CreateRecord:
    """Create the record's twin on `side`; `twin` is the mark that the new record carries from birth."""

    side: Side
    changes: tuple[Change, ...]
    twin: Twin

    kind: ClassVar[str] = "create"

    def sentence(self) -> str:
        return f"create an {self.side} for {self.side.other} {self.twin.key}"


@dataclass(frozen=True, slots=True)
class Adopt:
    """Link two records that carry each other's mark; what they hold is merged in the same cycle."""

    incident_id: str
    issue_id: str
    incident_key: str
    issue_key: str

    kind: ClassVar[str] = "adopt"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"link incident {self.incident_key} and issue {self.issue_key}: their marks name each other"


@dataclass(frozen=True, slots=True)
class UpdateRecord:
    side: Side
    changes: tuple[Change, ...]

    kind: ClassVar[str] = "update"

    def sentence(self) -> str:
        return f"update the {self.side}: " + ", ".join(change.name for change in self.changes)


@dataclass(frozen=True, slots=True)
class AddComment:
    """Mirror a comment to `side`. `draft.mark.twin_id` is the comment that a person wrote on the other side."""

    side: Side
    draft: CommentDraft

    kind: ClassVar[str] = "add comment"

    def sentence(self) -> str:
        return f"add the {self.side.other}'s comment {self.draft.mark.twin_id} to the {self.side}"


@dataclass(frozen=True, slots=True)
class EditComment:
    """Carry the owner's edit of a comment to the one on `side` that we mirrored from it."""

    side: Side
    comment_link_id: int
    comment_id: str
    draft: CommentDraft

    kind: ClassVar[str] = "edit comment"

    def sentence(self) -> str:
        return f"edit the {self.side}'s comment {self.comment_id} after {self.draft.mark.twin_id}"


@dataclass(frozen=True, slots=True)
class LinkComment:
    """A comment that carries our mark and the one that it was mirrored from, found without their comment link."""

    owner: Side
    incident_comment_id: str
    issue_comment_id: str
    incident_digest: str
    issue_digest: str

    kind: ClassVar[str] = "link comment"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"link comment {self.incident_comment_id} and comment {self.issue_comment_id}"


@dataclass(frozen=True, slots=True)
class WriteMark:
    """Make our mark on `side` name its twin; `twin` is `None` where the same plan creates it first."""

    side: Side
    twin: Twin | None

    kind: ClassVar[str] = "mark"

    def sentence(self) -> str:
        twin = f"{self.side.other} {self.twin.key}" if self.twin else f"the new {self.side.other}"
        return f"mark the {self.side} as the twin of {twin}"


@dataclass(frozen=True, slots=True)
class Agree:
    """Record what both sides hold, field by field, as the new baseline."""

    values: Mapping[Side, Values]

    kind: ClassVar[str] = "agree"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return "agree on " + ", ".join(sorted(self.values[Side.INCIDENT]))


Action: TypeAlias = (
    CreateRecord
    | DeleteComment
    | DropComment
    | ShowResult
    | HideResult
    | LinkResult
    | DropResult
    | RemoveMark
    | Adopt
    | UpdateRecord
    | AddComment
    | EditComment
    | LinkComment
    | WriteMark
    | DeleteRecord
    | Agree
    | EndDecision
    | Bury
)
Noted: TypeAlias = Adopt | Agree | LinkComment | DropComment | LinkResult | DropResult | Bury
"""Actions that write nothing to a server."""
CatalogueAction: TypeAlias = CreateOption | PairVersions


def writes(action: Action | CatalogueAction) -> bool:
    """Whether carrying out the action changes anything on a server."""
    return action.side is not None


def removes(action: Action | CatalogueAction) -> bool:
    """Whether the action takes something away from people; a record that goes is one removal, its `Bury`."""
    return isinstance(action, (DeleteComment, HideResult)) or (isinstance(action, Bury) and action.removal)


def excerpt(text: str, limit: int = 60) -> str:
    """The beginning of a text on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def action_item(action: Action) -> str:
    """What waits when the action is refused: "comment <id>", a field's name, or "record"."""
    match action:
        case DeleteComment():
            return f"comment {action.notice.mark.twin_id}"
        case AddComment() | EditComment():
            return f"comment {action.draft.mark.twin_id}"
        case UpdateRecord(changes=(change,)):
            return change.item
        case WriteMark() | RemoveMark():
            return "mark"
        case ShowResult():
            return f"result {action.result.id}"
        case HideResult():
            return f"result {action.step_result_id}"
        case _:
            return "record"
