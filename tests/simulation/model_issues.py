"""The issue side in memory: what the adapter before Jira makes of its server's ways."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from syncer.core.records import Cause, CommentDraft, Mark, Option, Record, Side, StepResult, Unknown
from tests.simulation.model import RESOLUTION, ModelPort
from tests.simulation.rows import Remark, Row

SKEW = timedelta(minutes=10)
"""Entries of the changelog that are so much older than asked for count too."""


class ModelIssues(ModelPort):
    """Marks are a property, a label to search for and a link to be seen; queries know minutes; there is a changelog."""

    def step_results(self) -> Iterator[StepResult]:
        return iter(())

    def reads_result(self, step_result_id: str, incident_id: str) -> bool | None:
        return None

    def _record(self, row: Row) -> Record:
        final = self.server.time.now() - row.updated_at >= RESOLUTION
        return Record(
            Side.ISSUE,
            row.id,
            row.key,
            f"{self.server.flavour.url}{row.key}",
            dict(row.values),
            comments=self._comments(row),
            mark=row.mark or row.claim,
            stamp=self.server.stamp_of(row.updated_at, row) if final else None,
            updated_at=row.updated_at,
            shows_mark=row.shown if row.mark is not None else None,
            results=frozenset(row.results),
            dissolved=row.dissolved,
        )

    def _in_part(self, record: Record) -> Record:
        return replace(record, shows_mark=None, results=None)

    def _answered(self, record: Record) -> Record:
        return replace(record, comments=None)

    def _hidden(self) -> Unknown:
        return Unknown("there is no such issue, or this account may not see it", Cause.MISSING)

    def _reaching(self, since: datetime) -> datetime:
        return since.replace(second=0, microsecond=0)

    def _edited(self, row: Row, since: datetime, until: datetime) -> frozenset[str]:
        theirs = [names for at, who, names in row.edits if at >= since - SKEW and who == "person"]
        return frozenset().union(*theirs)

    def _new_option(self, kind: Literal["version", "component"], name: str) -> Option:
        return self.server.add_option(kind, name)

    def _left_of(self, mark: Mark) -> Mark | None:
        return mark

    def _remember(self, row: Row, mark: Mark) -> None:
        """What stays of the mark remembers it already."""

    def _take_away(self, row: Row, remark: Remark, notice: CommentDraft) -> None:
        self.server.delete_comment(row, remark.id, "us")
