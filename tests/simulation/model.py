"""Both sides as `syncer.ports.Port` in memory, as far as they are alike. The contract suite holds the models to what
the adapters promise, so that a simulation shows what would happen with real servers."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

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
    Present,
    Record,
    StepResult,
    Twin,
    Unknown,
)
from syncer.errors import Missing, Rejected, SideError, Unavailable
from syncer.ports import Finding, Needs
from tests.simulation.account import Account
from tests.simulation.rows import Remark, Row

RESOLUTION = timedelta(seconds=1)
"""A time younger than this could still be followed by another edit with the same one."""


class ModelPort(Account):
    """One project of a modelled server, as `syncer.ports.Port`."""

    def check(self, needs: Needs) -> Iterator[Finding]:
        try:
            self._ask("check")
        except SideError as error:
            yield Finding(False, str(error))
        else:
            yield Finding(True, f"the model of the {self.side} side is there")

    def catalogue(self) -> Catalogue:
        self._ask("catalogue")
        return Catalogue(self.side, {kind: tuple(options) for kind, options in self.server.options.items()})

    def survey(self) -> Catalogue:
        return self.catalogue()

    def clock(self) -> datetime:
        return self.server.time.now()

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        """Pages from one look at the index; every page but the first repeats the last line of the one before."""
        earliest = None if since is None else self._reaching(since)
        lines: list[Listed] = []
        for start in range(0, max(1, len(self.server.rows)), self.server.page_size):
            self._ask("list")
            if self.server.listings_garbled:
                raise Unavailable(self.side, "the listing is an error page", status=500)
            if start == 0:
                lines = [line for line in self.server.lines() if earliest is None or line.updated_at >= earliest]
            page = lines[max(0, start - 1) : start + self.server.page_size]
            yield page
            if self.faults.odd == "page again":
                self.faults.count("page again")
                yield page

    def ids(self) -> Iterator[Sequence[str]]:
        for page in self.listed(None):
            yield [line.id for line in page]

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        for record_id in dict.fromkeys(ids):
            self._ask(f"read {record_id}")
            if self.faults.odd == "stale" and (late := self._told_late(record_id)) is not None:
                yield record_id, Present(late)
                continue
            why_absent = self._why_absent(record_id)
            told = why_absent or Present(self._told(self.server.rows[record_id]))
            yield record_id, told if whole or isinstance(told, Unknown) else Present(self._in_part(told.record))

    def create(self, draft: Draft) -> Record:
        return self._do("create", lambda: self._made(draft))

    @property
    def most_at_once(self) -> int:
        return self.server.flavour.most_at_once

    def create_all(self, drafts: Sequence[Draft]) -> Sequence[Record | SideError]:
        assert len(drafts) <= self.most_at_once, "asked for more than are created at once"
        return self._do(f"create {len(drafts)}", lambda: [self._made_or_refused(draft) for draft in drafts])

    def _made_or_refused(self, draft: Draft) -> Record | SideError:
        try:
            return self._made(draft)
        except Rejected as refusal:
            return refusal

    def _made(self, draft: Draft) -> Record:
        values = {name: v for name, v in draft.values.items() if name not in self.server.flavour.by_workflow}
        return self._answered(self._told(self.server.create(values, "us", draft.twin.mark)))

    def update(self, record_id: str, changes: Values) -> Record:
        def act() -> Record:
            row = self._held(record_id)
            self.server.edit(row, changes, "us")
            return self._answered(self._in_part(self._told(row)))

        return self._do(f"update {record_id} {sorted(changes)}", act)

    def add_comment(self, record_id: str, draft: CommentDraft) -> Comment:
        def act() -> Comment:
            row = self._held(record_id)
            return self._shown(self.server.comment(row, draft.author, draft.body, "us", draft.mark))

        return self._do("add_comment", act)

    def edit_comment(self, record_id: str, comment_id: str, draft: CommentDraft) -> Comment:
        def act() -> Comment:
            row = self._held(record_id)
            remark = self._remark(row, comment_id)
            remark.author, remark.mark = draft.author, draft.mark
            self.server.edit_comment(row, remark, draft.body, "us")
            return self._shown(remark)

        return self._do(f"edit_comment {comment_id}", act)

    def write_mark(self, record: Record, twin: Twin) -> None:
        def act() -> None:
            row = self._held(record.id)
            if (row.mark, row.shown) != (twin.mark, True):
                self.server.set_mark(row, twin.mark, "us")

        self._do(f"write_mark {record.id}", act)

    def delete(self, record_id: str) -> None:
        def act() -> None:
            try:
                self.server.become(self._held(record_id), "gone", "us")
            except Missing:
                return

        self._do(f"delete {record_id}", act)

    def find(self, mark: Mark, since: datetime) -> Record | None:
        self._ask(f"find {mark.twin_id}")
        carrying = [
            row
            for row, entry in self.server.indexed()
            if entry.claim == mark and row.mark == mark and row.state == "present"
        ]
        found = [row for row in carrying if row.created_at >= self._reaching(since)]
        return self._told(min(found, key=lambda row: (row.created_at, row.id))) if found else None

    def edited_by_others(self, record_id: str, since: datetime, until: datetime) -> frozenset[str]:
        self._ask(f"edited_by_others {record_id}")
        return self._edited(self._held(record_id), since, until)

    def create_option(self, kind: Literal["version", "component"], name: str) -> Option:
        return self._do(f"create_option {name}", lambda: self._new_option(kind, name))

    def remove_mark(self, record_id: str, mark: Mark) -> None:
        def act() -> None:
            row = self._held(record_id)
            if row.mark is not None or row.shown:
                self.server.unmark(row, "us", self._left_of(mark))

        self._do(f"remove_mark {record_id}", act)

    def remember_dissolved(self, record_id: str, mark: Mark, key: str) -> None:
        def act() -> None:
            self._remember(self._held(record_id), mark)

        self._do(f"remember_dissolved {record_id}", act)

    def delete_comment(self, record_id: str, comment_id: str, notice: CommentDraft) -> None:
        def act() -> None:
            try:
                row = self._held(record_id)
                self._take_away(row, self._remark(row, comment_id), notice)
            except Missing:
                return

        self._do(f"delete_comment {comment_id}", act)

    def hides_single_records(self) -> bool:
        self._ask("hides_single_records")
        return self.server.secures_single_records

    def show_result(self, record_id: str, result: StepResult) -> str:
        def act() -> str:
            self._held(record_id).results.add(result.id)
            self.server.step_results[result.id] = (result.title, result.url)
            return f"result:{result.id}"

        return self._do(f"show_result {record_id}", act)

    def hide_result(self, record_id: str, step_result_id: str) -> None:
        def act() -> None:
            self._held(record_id).results.discard(step_result_id)

        self._do(f"hide_result {record_id}", act)

    @abstractmethod
    def step_results(self) -> Iterator[StepResult]: ...

    @abstractmethod
    def reads_result(self, step_result_id: str, incident_id: str) -> bool | None: ...

    def close(self) -> None:
        return None

    @abstractmethod
    def _in_part(self, record: Record) -> Record:
        """What is told of a record that isn't asked for as a whole."""

    @abstractmethod
    def _answered(self, record: Record) -> Record:
        """What the answer to a write tells of it."""

    @abstractmethod
    def _reaching(self, since: datetime) -> datetime:
        """From when on a query for `since` finds."""

    @abstractmethod
    def _edited(self, row: Row, since: datetime, until: datetime) -> frozenset[str]: ...

    @abstractmethod
    def _new_option(self, kind: Literal["version", "component"], name: str) -> Option: ...

    @abstractmethod
    def _left_of(self, mark: Mark) -> Mark | None:
        """What a mark that is taken off leaves."""

    @abstractmethod
    def _remember(self, row: Row, mark: Mark) -> None:
        """Leave word that the link to a record that was deleted was dissolved."""

    @abstractmethod
    def _take_away(self, row: Row, remark: Remark, notice: CommentDraft) -> None: ...
