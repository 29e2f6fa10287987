"""Who edited what: the changelog, read from its end.

Cloud pages it, oldest first (GET /issue/{id}/changelog); Data Center gives all of it with the issue.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from syncer.issues.fields import CUSTOM
from syncer.issues.scope import Scope
from syncer.issues.shapes import moment, person_id

Json: TypeAlias = Any

SKEW = timedelta(minutes=10)
"""How far our clock may be ahead of Jira's; entries that much older than asked for count too."""

PAGE = 100
FIELDS = {
    "summary": "summary",
    "description": "description",
    "environment": "environment",
    "duedate": "duedate",
    "due date": "duedate",
    "reporter": "reporter",
    "issue type": "issuetype",
    "issuetype": "issuetype",
    "status": "status",
    "priority": "priority",
    "resolution": "resolution",
    "assignee": "assignee",
    "labels": "labels",
    "component": "components",
    "components": "components",
    "version": "versions",
    "versions": "versions",
    "fix version": "fixVersions",
    "fixversions": "fixVersions",
}
"""The changelog's own names, in lower case; Cloud gives the field's id besides."""


def edited_by_others(scope: Scope, issue_id: str, since: datetime) -> frozenset[str]:
    """Mapped fields that an account other than ours edited after `since`, or shortly before."""
    earliest, me = since - SKEW, scope.client.me
    edited: set[str] = set()
    for entry in _entries(scope, issue_id, earliest):
        if moment(entry["created"]) >= earliest and person_id(entry.get("author")) != me:
            for item in entry.get("items", ()):
                edited |= _fields(scope, item)
    return frozenset(edited & scope.fields)


def _entries(scope: Scope, issue_id: str, earliest: datetime) -> Iterator[Json]:
    """At least all entries from `earliest` on."""
    if not scope.client.deployment.cloud:
        issue = scope.client.get("issue", issue_id, fields="id", expand="changelog")
        yield from issue["changelog"]["histories"]
        return
    page = _page(scope, issue_id, 0)
    total = int(page["total"])
    if total <= len(page["values"]):
        yield from page["values"]
        return
    end, known_enough = total, False
    while end > 0 and not known_enough:
        # Backwards by what a page of this server holds, so that no page comes short.
        start = max(0, end - len(page["values"]))
        entries = _page(scope, issue_id, start)["values"][: end - start]
        yield from entries
        end, known_enough = start, moment(entries[0]["created"]) < earliest


def _page(scope: Scope, issue_id: str, start: int) -> Json:
    return scope.client.get("issue", issue_id, "changelog", startAt=start, maxResults=PAGE)


def _fields(scope: Scope, item: Json) -> set[str]:
    """The field that an entry is about, by our name. A custom field that can't be told stands for all of them."""
    name = str(item.get("fieldId") or item.get("field") or "")
    if name.startswith(CUSTOM):
        return {name}
    if item.get("fieldtype") == "custom":
        named = {field.id for field in scope.custom_fields.values() if field.name == item.get("field")}
        return named or {field for field in scope.fields if field.startswith(CUSTOM)}
    return {FIELDS[told] for told in (name.lower(), str(item.get("field")).lower()) if told in FIELDS}
