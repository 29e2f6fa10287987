"""What every issue shows beside its fields: work, votes, watchers, sub-tasks, links.

A mirror reads none of it. It is here because a real answer has it, and a reader must not stumble over it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from syncer.sandbox.jira.catalogue import STATUS_BY_ID
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.jira.views import catalogue
from syncer.sandbox.jira.views.viewer import Json, Viewer


def _watches(viewer: Viewer, issue: Issue) -> Json:
    return {"self": viewer.url(f"issue/{issue.key}/watchers"), "watchCount": 1, "isWatching": False}


def _votes(viewer: Viewer, issue: Issue) -> Json:
    return {"self": viewer.url(f"issue/{issue.key}/votes"), "votes": 0, "hasVoted": False}


def _subtasks(viewer: Viewer, issue: Issue) -> list[Json]:
    below = [one for one in viewer.store.issues.values() if one.fields.get("parent") == issue.id]
    return [catalogue.short_issue(viewer, one) for one in below if viewer.store.shows(one)]


def _links(viewer: Viewer, issue: Issue) -> list[Json]:
    issues, links = viewer.store.issues, viewer.store.issue_links.values()
    of_it = [one for one in links if issue.id in (one.inward, one.outward)]
    seen = [one for one in of_it if all(viewer.store.shows(issues[end]) for end in (one.inward, one.outward))]
    return [catalogue.issue_link(viewer, one, of=issue) for one in seen]


def _category_changed(viewer: Viewer, issue: Issue) -> str:
    """When the issue came into the category that its status belongs to."""
    category = STATUS_BY_ID[issue.text("status")].category
    for change in reversed(issue.history):
        for item in change.items:
            if item.field_id == "status" and item.old is not None and STATUS_BY_ID[item.old].category != category:
                return viewer.time(change.created)
    created = issue.moment("created")
    assert created is not None, "every issue has been created"
    return viewer.time(created)


_ON_BOTH: Mapping[str, Callable[[Viewer, Issue], Any]] = {
    **{
        name: lambda _viewer, _issue: None
        for name in (
            "timespent", "timeestimate", "timeoriginalestimate", "aggregatetimespent", "aggregatetimeestimate",
            "aggregatetimeoriginalestimate", "lastViewed", "security",
        )
    },
    "workratio": lambda _viewer, _issue: -1,
    "watches": _watches,
    "votes": _votes,
    "issuelinks": _links,
    "subtasks": _subtasks,
    "attachment": lambda _viewer, _issue: [],
    "timetracking": lambda _viewer, _issue: {},
    "progress": lambda _viewer, _issue: {"progress": 0, "total": 0},
    "aggregateprogress": lambda _viewer, _issue: {"progress": 0, "total": 0},
    "worklog": lambda _viewer, _issue: {"startAt": 0, "maxResults": 20, "total": 0, "worklogs": []},
}  # fmt: skip
_ON_CLOUD: Mapping[str, Callable[[Viewer, Issue], Any]] = {"statuscategorychangedate": _category_changed}
NOT_NAVIGABLE = frozenset({"attachment", "timetracking", "worklog"})
"""What a search leaves out unless it is named."""


def surroundings(viewer: Viewer) -> Mapping[str, Callable[[Viewer, Issue], Any]]:
    """How to show each member, by its name, as far as the deployment has it."""
    return {**_ON_BOTH, **_ON_CLOUD} if viewer.store.cloud else _ON_BOTH
