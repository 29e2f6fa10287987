"""Reading issues by id, as they are now: never from the index.

Cloud gives a hundred in one request (POST /issue/bulkfetch), Data Center one (GET /issue/{id}), so there several
requests run side by side. Where a bulk fails, its issues are read one after the other: one unreadable issue must not
keep ninety-nine from being mirrored, and a server that is in trouble is not to be hurried.
An issue that a bulk doesn't hold is asked for by itself: whether there is no such issue, which may come to mean that
it was deleted, only its own answer tells.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeAlias

from jira import JIRA

from syncer.core.records import Cause, Mark, Observation, Present, Record, Side, Unknown
from syncer.errors import Denied, Missing, Rejected, SideError, Unavailable
from syncer.issues.answers import concerns_everything
from syncer.issues.comments import Comments, Thread
from syncer.issues.marks import ISSUE_PROPERTY, dissolved_mark, issue_mark
from syncer.issues.remote_links import BARE, UNOBSERVED, RemoteLinks, Shown
from syncer.issues.scope import Scope
from syncer.issues.shapes import moment, observed, people

Json: TypeAlias = Any

BULK = 100
"""The most that Jira Cloud gives at once (Jira REST v2, POST /issue/bulkfetch)."""

RENDERED = "renderedFields"
"""What is to be expanded: the texts of fields and comments as HTML, beside their markup."""

RESOLUTION = timedelta(seconds=1)
"""A revision younger than this could still be followed by another one with the same time."""


class Reader:
    """Reads the issues of one scope."""

    def __init__(self, scope: Scope, comments: Comments, links: RemoteLinks) -> None:
        self._scope = scope
        self._client = scope.client
        self._comments = comments
        self._links = links
        self._fields = sorted({*scope.fields, "project", "updated", "archiveddate", "comment", "labels"})

    def read(self, ids: Iterable[str], *, whole: bool) -> Iterator[tuple[str, Observation]]:
        """Each id once, in the order given; its remote links where it is to be read as a `whole`. Raises only when the
        whole side fails."""
        waiting = iter(dict.fromkeys(ids))
        while chunk := list(islice(waiting, BULK)):
            yield from self._chunk(chunk, whole)

    def born(self, ids: Sequence[str]) -> Iterator[tuple[str, Observation]]:
        """Issues that were made just now: nobody has said a word about them yet, and no link leads anywhere."""
        now = self._client.about_now()
        for issue_id, issue in self._found(ids).items():
            absent = self._why_absent(issue)
            yield issue_id, absent or Present(self._record(issue, None, BARE, now))

    def one(self, issue_id: str, shown: Shown = UNOBSERVED) -> Record:
        """The fields of one issue; its comments aren't observed. Raises what `told` raises, and `Missing`."""
        now = self._client.about_now()
        return self.told(self._get(issue_id), now, shown)

    def told(self, issue: Json, now: datetime, shown: Shown = UNOBSERVED) -> Record:
        """What an answer tells of the fields of one issue, of which it may give more than were asked for; `now` is the
        server's time when it was asked. Raises `Rejected` for an issue that was moved to another project."""
        if (moved := self.moved(issue)) is not None:
            raise Rejected(Side.ISSUE, moved)
        fields = {name: value for name, value in issue["fields"].items() if name in self._fields}
        return self._record({**issue, "fields": fields}, None, shown, now)

    def moved(self, issue: Json) -> str | None:
        """The sentence about an issue that stands in another project now, `None` for one that doesn't."""
        project = issue.get("fields", {}).get("project") or {}
        if str(project.get("id")) == self._scope.project.id:
            return None
        return f"moved to project {project.get('key')} as {issue.get('key')}; it is no longer in {self._scope.key}"

    def _chunk(self, ids: Sequence[str], whole: bool) -> Iterator[tuple[str, Observation]]:
        now = self._client.about_now()
        found = self._found(ids)
        absent = {key: why for key, issue in found.items() if (why := self._why_absent(issue)) is not None}
        here = {key: issue for key, issue in found.items() if key not in absent}
        threads = self._comments.of(list(here.values()))
        shown = self._links.of({key: _mark_of(issue) for key, issue in here.items()}) if whole else {}
        for issue_id in ids:
            seen, links = absent.get(issue_id), shown.get(issue_id, UNOBSERVED)
            yield issue_id, seen or self._observation(here[issue_id], threads[issue_id], links, now)

    def _why_absent(self, issue: Json | SideError) -> Unknown | None:
        if isinstance(issue, SideError):
            return Unknown(_reason(issue), _cause(issue))
        if (moved := self.moved(issue)) is not None:
            return Unknown(moved, Cause.MOVED)
        if issue["fields"].get("archiveddate"):
            return Unknown("it is archived; restore it in Jira to have it mirrored again", Cause.ARCHIVED)
        return None

    def _observation(self, issue: Json, thread: Thread | SideError, shown: Shown, now: datetime) -> Observation:
        if isinstance(thread, SideError):
            return Unknown(f"its comments could not be read: {_reason(thread)}")
        return Present(self._record(issue, thread, shown, now))

    def _found(self, ids: Sequence[str]) -> Mapping[str, Json | SideError]:
        if not self._client.deployment.cloud:
            return self._singly(ids, self._client.connections)
        try:
            found = self._bulk(ids)
        except (Unavailable, Rejected) as problem:
            if concerns_everything(problem):
                raise
            return self._singly(ids, 1)
        left_out = [each for each in ids if each not in found]
        return {**found, **self._singly(left_out, self._client.connections)} if left_out else found

    def _bulk(self, ids: Sequence[str]) -> Mapping[str, Json]:
        body = {
            "issueIdsOrKeys": list(ids),
            "fields": self._fields,
            "properties": [ISSUE_PROPERTY],
            "expand": [RENDERED],
        }
        answer = self._client.fetch(body, "issue", "bulkfetch")
        return {issue["id"]: issue for issue in answer["issues"] if issue["id"] in ids}

    def _singly(self, ids: Sequence[str], side_by_side: int) -> Mapping[str, Json | SideError]:
        with ThreadPoolExecutor(min(side_by_side, len(ids))) as pool:
            found = dict(zip(ids, pool.map(self._get_or_problem, ids), strict=True))
        if all(isinstance(each, Unavailable) for each in found.values()):
            # Is it these issues or all of Jira? A question that concerns no issue tells: it raises if it's all of it.
            self._client.ask(JIRA.server_info)
        return found

    def _get_or_problem(self, issue_id: str) -> Json | SideError:
        try:
            return self._get(issue_id)
        except SideError as problem:
            if concerns_everything(problem):
                raise
            return problem

    def born_as(self, issue_id: str) -> Mark | None:
        """The mark that the issue got from us in its own create, which no clone has."""
        return _mark_of(self._get(issue_id))

    def _get(self, issue_id: str) -> Json:
        fields = ",".join(self._fields)
        return self._client.get("issue", issue_id, fields=fields, properties=ISSUE_PROPERTY, expand=RENDERED)

    def _record(self, issue: Json, thread: Thread, shown: Shown, now: datetime) -> Record:
        fields, key = issue["fields"], issue["key"]
        updated = moment(fields["updated"])
        return Record(
            side=Side.ISSUE,
            id=issue["id"],
            key=key,
            url=self._scope.page_of(key),
            values=observed(issue, self._scope.kinds, self._scope.labels.is_mark, self._scope.page_of(key)),
            comments=thread,
            mark=_mark_of(issue) or self._scope.labels.claim(fields.get("labels") or ()),
            stamp=fields["updated"] if now - updated >= RESOLUTION else None,
            updated_at=updated,
            shows_mark=shown.mark,
            results=shown.results,
            dissolved=dissolved_mark((issue.get("properties") or {}).get(ISSUE_PROPERTY)),
            people=people(fields),
        )


def _mark_of(issue: Json) -> Mark | None:
    return issue_mark((issue.get("properties") or {}).get(ISSUE_PROPERTY))


def _cause(problem: SideError) -> Cause:
    if isinstance(problem, Missing):
        return Cause.MISSING
    return Cause.DENIED if isinstance(problem, Denied) else Cause.UNREADABLE


def _reason(problem: SideError) -> str:
    if isinstance(problem, Missing):
        return "there is no such issue, or this account may not see it"
    return f"it could not be read: {problem}"
