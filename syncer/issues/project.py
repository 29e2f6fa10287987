"""The issue side's adapter: `syncer.ports.Port` over one Jira project. Everything that is done is done elsewhere."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
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
    Record,
    Side,
    StepResult,
    Twin,
)
from syncer.errors import Missing, Rejected, SideError
from syncer.issues import births, catalogue, checks, history
from syncer.issues.births import MOST_AT_ONCE
from syncer.issues.client import JiraClient
from syncer.issues.comment_writing import CommentWriter
from syncer.issues.comments import Comments
from syncer.issues.marks import Labels, result_global_id, result_link
from syncer.issues.reading import Reader
from syncer.issues.remote_links import RemoteLinks
from syncer.issues.scope import Scope
from syncer.issues.screens import Screens
from syncer.issues.search import PAGE_OF_IDS, minutes_ago, pages, quoted
from syncer.issues.shapes import moment
from syncer.issues.ways import Ways
from syncer.issues.writing import Writer
from syncer.ports import Finding, Needs


class IssueProject:
    """One Jira project. `only` is a JQL condition, `issue_type` the name of the type of new issues,
    `fields` the mapped issue fields, `transition_fields` words by field id for what transitions demand."""

    def __init__(
        self,
        client: JiraClient,
        *,
        project: str,
        only: str | None,
        issue_type: str | None,
        installation: str,
        fields: Collection[str],
        transition_fields: Mapping[str, str],
    ) -> None:
        self._client = client
        self._issue_type = issue_type
        self._scope = Scope(client, project, only, Labels(installation), frozenset(fields))
        self._screens = Screens(self._scope)
        self._links = RemoteLinks(self._scope)
        comments = Comments(self._scope)
        self._comments = CommentWriter(self._scope, comments)
        self._reader = Reader(self._scope, comments, self._links)
        self._ways = Ways(self._scope)
        self._writer = Writer(
            self._scope,
            self._reader,
            self._links,
            issue_type=issue_type,
            transition_fields=dict(transition_fields),
        )

    @property
    def side(self) -> Side:
        return Side.ISSUE

    def check(self, needs: Needs) -> Iterator[Finding]:
        return checks.check(self._scope, self._issue_type, needs)

    def catalogue(self) -> Catalogue:
        """Of the fields only the custom ones that are mapped; a mapping without any costs nothing for them."""
        return catalogue.catalogue(self._scope, self._screens)

    def survey(self) -> Catalogue:
        """The catalogue with all fields of the project and the options of all custom ones, for an administrator."""
        return catalogue.survey(self._scope, self._screens)

    def unreachable(self, status_ids: Collection[str]) -> Iterator[tuple[str, str, str]]:
        """Those of the statuses into which no issue can be brought, as issue type, status and a sentence.

        The type is empty for a status that no workflow of the project has. What no issue shows isn't told."""
        return self._ways.unreachable(status_ids)

    def demands(self, status_id: str) -> Iterator[str]:
        """A sentence for each transition into the status whose screen demands what the mapping doesn't give."""
        mapped = {"resolution": "mapped"} if "resolution" in self._scope.fields else {}
        return self._ways.demands(status_id, self._writer.given(mapped))

    def clock(self) -> datetime:
        """Asked now, since servers' clocks are set anew too; a listing that is begun at once need not ask again."""
        return self._client.now()

    def listed(self, since: datetime | None) -> Iterator[Sequence[Listed]]:
        """Newest first, as far as the index is up to date.

        Whatever leaves its place while pages are read goes to the front, and what grows too old for a bound that is
        counted from now goes off the end: neither pulls another issue over the edge of a page that was read already."""
        lately = () if since is None else (f"updated >= {minutes_ago(since, self._client.about_now())}",)
        for page in pages(self._client, self._newest_first(*lately), "updated"):
            yield [
                Listed(
                    id=issue["id"],
                    key=issue["key"],
                    updated_at=moment(issue["fields"]["updated"]),
                    stamp=issue["fields"]["updated"],
                )
                for issue in page
            ]

    def ids(self) -> Iterator[Sequence[str]]:
        """Newest first as well, and in pages many times as long: nothing but ids is asked for."""
        for page in pages(self._client, self._newest_first(), "id", size=PAGE_OF_IDS):
            yield [issue["id"] for issue in page]

    def _newest_first(self, *clauses: str) -> str:
        narrowed = (f"({self._scope.only})",) if self._scope.only else ()
        return self._scope.jql(*narrowed, *clauses, order="updated DESC, key DESC")

    def read(self, ids: Iterable[str], *, whole: bool = True) -> Iterator[tuple[str, Observation]]:
        return self._reader.read(ids, whole=whole)

    def create(self, draft: Draft) -> Record:
        return self._writer.create(draft)

    @property
    def most_at_once(self) -> int:
        return MOST_AT_ONCE

    def create_all(self, drafts: Sequence[Draft]) -> Sequence[Record | SideError]:
        return births.create_all(self._client, self._writer, self._reader, drafts)

    def update(self, record_id: str, changes: Values) -> Record:
        return self._writer.update(record_id, changes)

    def add_comment(self, record_id: str, draft: CommentDraft) -> Comment:
        return self._comments.add(record_id, draft)

    def edit_comment(self, record_id: str, comment_id: str, draft: CommentDraft) -> Comment:
        return self._comments.edit(record_id, comment_id, draft)

    def write_mark(self, record: Record, twin: Twin) -> None:
        self._writer.write_mark(record, twin)

    def delete(self, record_id: str) -> None:
        self._writer.delete(record_id)

    def find(self, mark: Mark, since: datetime) -> Record | None:
        """By the label, as properties can't be searched for; the property confirms it, as a clone copies labels."""
        born = f"created >= {minutes_ago(since, self._client.now())}"
        jql = self._scope.jql(f"labels = {quoted(self._scope.labels.of(mark))}", born)
        for page in pages(self._client, jql, "created"):
            for issue in page:
                try:
                    if self._reader.born_as(issue["id"]) == mark:
                        return self._reader.one(issue["id"])
                except (Missing, Rejected):
                    continue  # deleted or moved away, which the index doesn't know yet
        return None

    def edited_by_others(self, record_id: str, since: datetime, until: datetime) -> frozenset[str]:
        """The changelog tells it of each edit, whoever saved last, and however late."""
        return history.edited_by_others(self._scope, record_id, since)

    def create_option(self, kind: Literal["version", "component"], name: str) -> Option:
        return catalogue.create_option(self._scope, kind, name)

    def remove_mark(self, record_id: str, mark: Mark) -> None:
        self._writer.remove_mark(record_id, mark)

    def remember_dissolved(self, record_id: str, mark: Mark, key: str) -> None:
        """What `remove_mark` leaves of the property remembers it already."""

    def delete_comment(self, record_id: str, comment_id: str, notice: CommentDraft) -> None:
        """Jira can delete, so of the notice only the mark is needed."""
        self._comments.delete(record_id, comment_id, notice.mark)

    def hides_single_records(self) -> bool:
        return self._scope.hides_single_records()

    def step_results(self) -> Iterator[StepResult]:
        """None: step results are linked with incidents, and shown on issues (`Record.results`)."""
        return iter(())

    def reads_result(self, step_result_id: str, incident_id: str) -> bool | None:
        return None

    def show_result(self, record_id: str, result: StepResult) -> str:
        self._links.put(record_id, result_link(self._scope.labels.installation, result))
        return result_global_id(self._scope.labels.installation, result.id)

    def hide_result(self, record_id: str, step_result_id: str) -> None:
        self._links.remove(record_id, result_global_id(self._scope.labels.installation, step_result_id))

    def close(self) -> None:
        self._client.close()
