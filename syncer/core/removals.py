"""The actions by which something goes, and those about step-result links: see `syncer.core.actions` for the table."""

from dataclasses import dataclass
from typing import ClassVar

from syncer.core.records import CommentDraft, Mark, Side, StepResult


@dataclass(frozen=True, slots=True)
class DeleteComment:
    """Take away the comment on `side` that we mirrored; where its server can't, `notice` stands in its place."""

    side: Side
    comment_link_id: int
    comment_id: str
    notice: CommentDraft

    kind: ClassVar[str] = "delete comment"

    def sentence(self) -> str:
        return f"delete the {self.side}'s comment {self.comment_id}: {self.notice.mark.twin_id} was deleted"


@dataclass(frozen=True, slots=True)
class DropComment:
    """Forget a comment link; both comments, as far as they are there, stay."""

    comment_link_id: int
    reason: str

    kind: ClassVar[str] = "drop comment"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"forget a comment link: {self.reason}"


@dataclass(frozen=True, slots=True)
class ShowResult:
    """Show a step-result link of the incident on the issue."""

    result: StepResult

    kind: ClassVar[str] = "show result"
    side: ClassVar[Side] = Side.ISSUE

    def sentence(self) -> str:
        return f"show step result {self.result.id} on the issue"


@dataclass(frozen=True, slots=True)
class HideResult:
    """Take away a step-result link on `side`, because it was removed on the other."""

    side: Side
    result_link_id: int
    step_result_id: str

    kind: ClassVar[str] = "hide result"

    def sentence(self) -> str:
        return f"remove the link to step result {self.step_result_id} from the {self.side}"


@dataclass(frozen=True, slots=True)
class LinkResult:
    """A step-result link that the issue shows already, found without its row."""

    step_result_id: str

    kind: ClassVar[str] = "link result"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"step result {self.step_result_id} is shown on the issue already"


@dataclass(frozen=True, slots=True)
class DropResult:
    """Forget a step-result link; what is left of it stays."""

    result_link_id: int
    step_result_id: str
    reason: str = "it is gone on both sides"

    kind: ClassVar[str] = "drop result"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"forget the link to step result {self.step_result_id}: {self.reason}"


@dataclass(frozen=True, slots=True)
class RemoveMark:
    """Take our mark off `side`; what people see of the record is theirs alone from then on.

    `deleted_key` is what the twin was called, where it was deleted and can't remember the link itself."""

    side: Side
    mark: Mark
    deleted_key: str | None = None

    kind: ClassVar[str] = "unmark"

    def sentence(self) -> str:
        return f"take the mark off the {self.side}"


@dataclass(frozen=True, slots=True)
class DeleteRecord:
    side: Side
    record_id: str
    key: str
    reason: str

    kind: ClassVar[str] = "delete"

    def sentence(self) -> str:
        return f"delete the {self.side} {self.key}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Bury:
    """Dissolve the link for good. `removal` is False where nothing is taken from anybody by that."""

    reason: str
    removal: bool = True

    kind: ClassVar[str] = "bury"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"dissolve the link: {self.reason}"


@dataclass(frozen=True, slots=True)
class EndDecision:
    """Forget what a person decided in a field's conflict: it is void."""

    item: str
    choice: Side
    reason: str

    kind: ClassVar[str] = "end decision"
    side: ClassVar[None] = None

    def sentence(self) -> str:
        return f"forget the decision to take the {self.choice}'s {self.item}: {self.reason}"
