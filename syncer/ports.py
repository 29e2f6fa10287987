"""The one contract that both sides' adapters fulfil, bound to one project.

Every method may raise `Unavailable` (nothing was done) and `Denied`. A method that writes may raise `Rejected`,
`Missing`, and, when its request left and no answer came back, `InDoubt`. No method repeats a create by itself.
The suite in `tests/contract` states the promises below and runs against every adapter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from mappings.values import Values
from syncer.core.records import (
    Catalogue,
    Comment,
    CommentDraft,
    Draft,
    Listed,
    Mark,
    Observation,
    Option,
    Record,
    Side,
    StepResult,
    Twin,
)
from syncer.errors import SideError


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `syncer check`: `ok` is False where a person has to do something, said in `sentence`."""

    ok: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be possible on a side: to write records, to delete them, to add versions or components. `filled` are
    the fields that new records get from the mapping."""

    writes: bool
    deletes: bool = False
    creates_options: bool = False
    filled: frozenset[str] = frozenset()


class Port(Protocol):
    """One project on one side."""

    @property
    def side(self) -> Side: ...

    def check(self, needs: Needs) -> Iterator[Finding]:
        """Server, credentials, project, permissions as far as the server tells them, and what the mapping needs.

        Never raises a `SideError`: what goes wrong is a finding."""
        ...

    def catalogue(self) -> Catalogue:
        """The project's options of every kind, read now. Raises `Missing` for an unknown project."""
        ...

    def survey(self) -> Catalogue:
        """The catalogue with all fields and the options of all custom fields: more requests, for admins' tools."""
        ...

    def clock(self) -> datetime | None:
        """The time by the server's clock, never ahead of it; `None` where it doesn't tell it. Ours may be wrong."""
        ...

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        """Pages of the records in scope; with `since` (server's time) at least those updated then or later.

        A page that fails raises: there are no short listings. Ids may repeat when the set moves between pages."""
        ...

    def ids(self) -> Iterator[Sequence[str]]:
        """Pages of the ids of all records in scope, as long as the server gives them: who is there, and not what they
        hold. A page that fails raises, and ids may repeat, as with `listed`."""
        ...

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        """Each id once, as it is now, by id and never from an index; comments included.

        What takes a request for each record may be left out where it is not asked for as a `whole`: then `shows_mark`
        and `results` are not observed. 403, 404 and what can't be read are `Unknown` with a reason. Raises only when
        the whole side fails."""
        ...

    def create(self, draft: Draft) -> Record:
        """Create a record that carries its mark from birth, and read back what the server made of its fields.

        A status in `draft.values` is left out where the server gives new records a status of its own."""
        ...

    @property
    def most_at_once(self) -> int:
        """How many records are created with one request at most."""
        ...

    def create_all(self, drafts: Sequence[Draft]) -> Sequence[Record | SideError]:
        """Create up to `most_at_once` records, as `create` does one; an error instead of each that was not created, or
        of which that is in doubt. Raises what concerns them all."""
        ...

    def update(self, record_id: str, changes: Values) -> Record:
        """Write the given fields and nothing else; return the record as the server now holds it, of which no more than
        its fields need be observed. The caller has just read the record.

        A field that can't be set makes the whole call `Rejected` with nothing changed, except that a status is
        changed last and by itself."""
        ...

    def add_comment(self, record_id: str, draft: CommentDraft) -> Comment: ...

    def edit_comment(self, record_id: str, comment_id: str, draft: CommentDraft) -> Comment: ...

    def write_mark(self, record: Record, twin: Twin) -> None:
        """Make the mark on an existing record say `twin`; doing it again changes nothing. What was observed of the
        record need not be asked for again."""
        ...

    def delete(self, record_id: str) -> None:
        """Delete the record for good; one that is gone already is no error."""
        ...

    def find(self, mark: Mark, since: datetime) -> Record | None:
        """The record that carries `mark`, created at or after `since`; `None` when none is listed (indexes lag).

        Of several the one that was created first: the others are clones, where those carry it too."""
        ...

    def edited_by_others(self, record_id: str, since: datetime, until: datetime) -> frozenset[str]:
        """Fields that somebody else may have edited since; all mapped fields where the server can't tell.

        `until` (server's time) is by when all that we know to have asked for was done: where only the last one to save
        is told, and that was us, but later, others may have come between."""
        ...

    def create_option(self, kind: Literal["version", "component"], name: str) -> Option:
        """Add a version or component, or give the one of that name that is there already.

        Raises `Rejected` on a side that can't."""
        ...

    def remove_mark(self, record_id: str, mark: Mark) -> None:
        """Take off all that marks the record as the twin of `mark`; foreign marks stay, none there is no error."""
        ...

    def remember_dissolved(self, record_id: str, mark: Mark, key: str) -> None:
        """After the twin `key` was deleted: leave what keeps the record from being mirrored anew, should the state DB
        be lost. It comes back as `Record.dissolved` once the mark is taken off, which leaves it there."""
        ...

    def delete_comment(self, record_id: str, comment_id: str, notice: CommentDraft) -> None:
        """Delete a comment that we mirrored; where the server can't, edit it to `notice`.

        One that is gone already is no error."""
        ...

    def hides_single_records(self) -> bool:
        """Whether one record could be hidden from us, with the answer of a deleted one, while its siblings are not."""
        ...

    def step_results(self) -> Iterator[StepResult]:
        """All step-result links of the project's incidents; empty on a side that has no such links of its own.

        A page that fails raises: there are no short lists."""
        ...

    def reads_result(self, step_result_id: str, incident_id: str) -> bool | None:
        """Whether that step-result link stands, by the link itself; `None` when it can't be told."""
        ...

    def show_result(self, record_id: str, result: StepResult) -> str:
        """Link the record with a step result, and give the link's own id; doing it again changes nothing."""
        ...

    def hide_result(self, record_id: str, step_result_id: str) -> None:
        """Remove that link; one that is gone already is no error."""
        ...

    def close(self) -> None: ...
