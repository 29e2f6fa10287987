"""ORDER BY. What it leaves open, and a query without it, comes newest id first."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.jql.syntax import Sort
from syncer.sandbox.jira.records import Issue

_NEVER = datetime.min.replace(tzinfo=UTC)
SortKey = Callable[[Issue], Any]


def ordered(issues: Iterable[Issue], order: tuple[Sort, ...]) -> list[Issue]:
    """The issues in the order asked for. Raises JiraError 400 for a field that can't be sorted by."""
    result = sorted(issues, key=lambda issue: int(issue.id), reverse=True)
    # Sorting is stable, so the least important field comes first.
    for sort in reversed(order):
        key = _KEYS.get(sort.field.lower())
        if key is None:
            raise JiraError(400, f"Not able to sort using field '{sort.field}'.")
        result.sort(key=key, reverse=sort.descending)
    return result


def _by_key(issue: Issue) -> tuple[str, int]:
    project, _, number = issue.key.rpartition("-")
    return project, int(number)


def _moment(field: str) -> SortKey:
    return lambda issue: issue.moment(field) or _NEVER


def _text(field: str) -> SortKey:
    return lambda issue: issue.text(field).casefold()


def _rank(issue: Issue) -> int:
    """The most urgent priority is the greatest."""
    return -int(issue.text("priority") or "9")


_KEYS: dict[str, SortKey] = {
    "key": _by_key,
    "id": _by_key,
    "issuekey": _by_key,
    "created": _moment("created"),
    "updated": _moment("updated"),
    "priority": _rank,
    "status": _text("status"),
    "summary": _text("summary"),
    "assignee": _text("assignee"),
    "reporter": _text("reporter"),
    "issuetype": _text("issuetype"),
    "project": _text("project"),
    "duedate": _text("duedate"),
}
