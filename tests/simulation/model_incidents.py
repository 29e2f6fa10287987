"""The incident side in memory: what the adapter before Enterprise Tester makes of its server's ways."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Literal

from syncer.core.records import Cause, CommentDraft, Mark, Option, Record, Side, StepResult, Unknown
from syncer.errors import Rejected
from syncer.incidents.listing import CLOCKS_APART
from tests.simulation.model import RESOLUTION, ModelPort
from tests.simulation.rows import Remark, Row


class ModelIncidents(ModelPort):
    """Marks stand in a field, a hidden record answers otherwise than one that is gone, comments are never deleted, and
    there is no history of who edited what."""

    def step_results(self) -> Iterator[StepResult]:
        self._ask("step_results")
        for row in self.server.rows.values():
            for result_id in sorted(row.results) if row.state == "present" else ():
                yield StepResult(result_id, row.id, *self.server.step_results[result_id])

    def reads_result(self, step_result_id: str, incident_id: str) -> bool | None:
        self._ask(f"reads_result {step_result_id}")
        row = self.server.rows.get(incident_id)
        return row is not None and row.state == "present" and step_result_id in row.results

    def _record(self, row: Row) -> Record:
        final = self.server.counts_versions or self.server.time.now() - row.updated_at > RESOLUTION
        return Record(
            Side.INCIDENT,
            row.id,
            row.key,
            f"{self.server.flavour.url}{row.id}",
            dict(row.values),
            comments=self._comments(row),
            mark=row.mark,
            stamp=self.server.stamp_of(row.updated_at, row) if final else None,
            updated_at=row.updated_at,
            # A text about a dissolved link is no mark, and no evidence of a person's removing one either.
            shows_mark=True if row.mark is not None else None if row.dissolved is not None else False,
            dissolved=row.dissolved,
        )

    def _in_part(self, record: Record) -> Record:
        return record

    def _answered(self, record: Record) -> Record:
        return replace(record, comments=record.comments or None)

    def _hidden(self) -> Unknown:
        return Unknown("this account may not see it", Cause.DENIED)

    def _reaching(self, since: datetime) -> datetime:
        return since.replace(microsecond=0)

    def _edited(self, row: Row, since: datetime, until: datetime) -> frozenset[str]:
        unchanged = row.updated_at < since - CLOCKS_APART
        ours = row.saved_by == "us" and row.updated_at <= until
        return frozenset() if ours or unchanged else frozenset(row.values)

    def _new_option(self, kind: Literal["version", "component"], name: str) -> Option:
        raise Rejected(Side.INCIDENT, f"there is no call to create a {kind}: add '{name}' there")

    def _left_of(self, mark: Mark) -> Mark | None:
        return None

    def _remember(self, row: Row, mark: Mark) -> None:
        """In the field of the mark, in its place."""
        self.server.unmark(row, "us", mark)

    def _take_away(self, row: Row, remark: Remark, notice: CommentDraft) -> None:
        remark.author, remark.mark = notice.author, notice.mark
        self.server.edit_comment(row, remark, notice.body, "us")
