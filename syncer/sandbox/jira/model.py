"""The sandbox's Jira as the people in front of it use it: they create, edit, comment, and move cards.

Demonstrations and tests act through these methods, beside whatever reaches the server over HTTP. They take
values as a person would say them (names, logins) and go through the same checks as a request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from syncer.sandbox import cast
from syncer.sandbox.jira.behaviour import Deployment
from syncer.sandbox.jira.catalogue import RESOLVED, STATUSES
from syncer.sandbox.jira.comment_writes import add_comment, change_comment, delete_comment
from syncer.sandbox.jira.fields import FIELD_BY_ID, Kind
from syncer.sandbox.jira.issue_writes import (
    archive_issue,
    change_issue,
    clone_issue,
    create_issue,
    delete_issue,
    move_issue,
    take_transition,
)
from syncer.sandbox.jira.project_writes import create_version, version_name
from syncer.sandbox.jira.records import Comment, Issue, RemoteLink, Version
from syncer.sandbox.jira.remote_link_writes import link_with, put_link, remove_link, shown_object
from syncer.sandbox.jira.seed import fill
from syncer.sandbox.jira.store import Store
from syncer.sandbox.jira.validation import for_create, for_edit, for_transition
from syncer.sandbox.jira.workflow import path

_REFERRED_BY: dict[Kind, str] = {
    "priority": "name", "issuetype": "name", "resolution": "name", "versions": "name", "components": "name",
    "option": "value", "options": "value", "project": "key", "parent": "key",
}  # fmt: skip


class JiraModel(Store):
    """One Jira site with its starting data, the same for the same deployment, seed and clock.

    Fields are given by id (`priority="High"`, `fixVersions=["2.0"]`, `assignee="annak"`,
    `customfield_10010="Major"`, `customfield_10017="Europe / Germany"`). Raises LookupError for what isn't there,
    JiraError for what isn't allowed.
    """

    def __init__(self, deployment: Deployment, seed: int = 1, *, clock: Callable[[], datetime] | None = None) -> None:
        super().__init__(deployment, seed, clock)
        fill(self, seed)

    def issue(self, id_or_key: str) -> Issue:
        """The issue as it is now, also where it is hidden from requests."""
        found = self.locate(id_or_key)
        if found is None:
            raise LookupError(f"There is no issue {id_or_key!r}: it was never created, or it is deleted.")
        return found

    def create(self, *, by: str, summary: str, **fields: Any) -> Issue:
        """A new Bug in the project TEST, unless `issuetype` or `project` say otherwise."""
        named = {"project": cast.PROJECT_KEY, "issuetype": "Bug", "summary": summary, **fields}
        with self.lock:
            return create_issue(self, by, for_create(self, self._as_sent(named), {}), {})

    def edit(self, id_or_key: str, *, by: str, **fields: Any) -> Issue:
        """Set the given fields."""
        with self._held(id_or_key) as issue:
            change_issue(self, issue, by, for_edit(self, issue, self._as_sent(fields), {}))
            return issue

    def comment(self, id_or_key: str, *, by: str, body: str) -> Comment:
        """A new comment."""
        with self._held(id_or_key) as issue:
            return add_comment(self, issue, by, body)

    def edit_comment(self, id_or_key: str, comment_id: str, *, by: str, body: str) -> Comment:
        with self._held(id_or_key) as issue:
            return change_comment(self, issue, issue.comments[comment_id], by, body=body)

    def delete_comment(self, id_or_key: str, comment_id: str) -> None:
        with self._held(id_or_key) as issue:
            delete_comment(self, issue, issue.comments[comment_id])

    def transition(self, id_or_key: str, status: str, *, by: str, resolution: str = RESOLVED.name) -> Issue:
        """Bring the issue into a status, by as many transitions as that takes."""
        target = next((one for one in STATUSES if one.name == status), None)
        with self._held(id_or_key) as issue:
            steps = path(issue.text("issuetype"), issue.text("status"), target.id) if target else None
            if steps is None:
                raise LookupError(f"No transition leads {issue.key} to a status {status!r}.")
            for step in steps:
                given = self._as_sent(dict.fromkeys(step.demands, resolution))
                take_transition(self, issue, by, step, for_transition(self, issue, step, given))
            return issue

    def move(self, id_or_key: str, project: str, *, by: str) -> Issue:
        """Move the issue into another project: its id stays, its key changes."""
        with self._held(id_or_key) as issue:
            move_issue(self, issue, by, self.project(project))
            return issue

    def clone(self, id_or_key: str, *, by: str) -> Issue:
        """A copy in To Do with an id and a key of its own; the behaviour says what else it takes along."""
        with self._held(id_or_key) as issue:
            return clone_issue(self, issue, by)

    def archive(self, id_or_key: str, *, by: str = "joeb") -> Issue:
        """Put the issue away: read by id only, and not to be changed."""
        with self._held(id_or_key) as issue:
            archive_issue(self, issue, by)
            return issue

    def restore(self, id_or_key: str) -> Issue:
        """Bring an archived issue back."""
        with self._held(id_or_key) as issue:
            archive_issue(self, issue, None)
            return issue

    def add_remote_link(self, id_or_key: str, global_id: str | None, *, url: str, title: str) -> RemoteLink:
        """Put a link to a page elsewhere on the issue, or replace the one with the same global id."""
        sent = {"global_id": global_id, "object": shown_object({"url": url, "title": title})}
        with self._held(id_or_key) as issue:
            return put_link(self, issue, sent)[0]

    def put_in(self, issue: Issue) -> None:
        """Store a ready-made issue as it is, under a number that no later one gets; where the index lags, a search
        doesn't know it."""
        with self.lock:
            project, number = issue.text("project"), int(issue.key.rpartition("-")[2])
            self.issues[issue.id] = issue
            self._issue_of_key[issue.key] = issue.id
            self._last_number[project] = max(self._last_number.get(project, 0), number)

    def remove_remote_link(self, id_or_key: str, global_id: str) -> None:
        """Take the link with this global id off the issue; JiraError if there is none."""
        with self._held(id_or_key) as issue:
            remove_link(self, issue, link_with(issue, global_id))

    def delete(self, id_or_key: str) -> None:
        """Delete the issue with its sub-tasks."""
        with self._held(id_or_key) as issue:
            delete_issue(self, issue, with_subtasks=True)

    def add_version(self, name: str, project: str = cast.PROJECT_KEY) -> Version:
        with self.lock:
            return create_version(self, self.project(project), name)

    def rename_version(self, name: str, new: str, project: str = cast.PROJECT_KEY) -> Version:
        """Rename a version of a project; its id stays."""
        with self.lock:
            project_id = self.project(project).id
            version = next((one for one in self.versions_of(project_id) if one.name == name), None)
            if version is None:
                raise LookupError(f"The project {project} has no version {name!r}.")
            version.name = version_name(self, project_id, new, version.id)
            return version

    @contextmanager
    def _held(self, id_or_key: str) -> Iterator[Issue]:
        with self.lock:
            yield self.issue(id_or_key)

    def _as_sent(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields as a request would hold them."""
        return {name: self._value_as_sent(name, value) for name, value in fields.items()}

    def _value_as_sent(self, name: str, value: Any) -> Any:
        field = FIELD_BY_ID.get(name)
        if field is None or value is None:
            return value
        if isinstance(value, list | tuple | set | frozenset):
            return [self._value_as_sent(name, one) for one in value]
        if field.kind == "user":
            user = self.users.get(value)
            reference = user.account_id if user is not None and self.cloud else value
            return {"accountId" if self.cloud else "name": reference}
        if field.kind == "cascade":
            parent, _, child = value.partition(" / ")
            return {"value": parent, **({"child": {"value": child}} if child else {})}
        return {_REFERRED_BY[field.kind]: value} if field.kind in _REFERRED_BY else value
