"""Every change of an issue: it lands in the fields, the history, `updated` and the search index together.

Values arrive here checked (`validation`); what is decided here is what Jira decides by itself: resolution
dates, default values, who may not be orphaned.
"""

from typing import Any

from syncer.sandbox.jira.catalogue import DEFAULT_PRIORITY, DONE, RESOLVED, TO_DO, TYPE_BY_ID
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.fields import FIELDS, MULTI
from syncer.sandbox.jira.history import moved, told
from syncer.sandbox.jira.records import Change, ChangeItem, Issue, Project, Value, Values
from syncer.sandbox.jira.store import Store
from syncer.sandbox.jira.workflow import Transition


def create_issue(store: Store, by: str, values: Values, properties: dict[str, Any]) -> Issue:
    """A new issue in To Do, reported by whoever creates it unless the values say otherwise."""
    now = store.now()
    empty: Values = {field.id: () if field.kind in MULTI else None for field in FIELDS if field.kind != "comments"}
    given: Values = {
        **empty,
        "priority": DEFAULT_PRIORITY,
        "reporter": by,
        **values,
        "creator": by,
        "status": TO_DO.id,
        "created": now,
        "updated": now,
    }
    issue_id = store.next_id("issue")
    key = store.next_key(store.projects[str(given["project"])], issue_id)
    issue = Issue(issue_id, key, given, properties=dict(properties))
    store.issues[issue.id] = issue
    store.index.note(issue, now)
    return issue


def change_issue(store: Store, issue: Issue, by: str, values: Values) -> None:
    """Set the fields that move; a write that moves nothing leaves no trace, not even in `updated`."""
    names = moved(issue.fields, values)
    items = [item for name in names for item in told(store, name, issue.fields.get(name), values[name])]
    if not items:
        return
    issue.fields.update({name: values[name] for name in names})
    _log(store, issue, by, items)
    touch(store, issue)


def take_transition(store: Store, issue: Issue, by: str, transition: Transition, values: Values) -> None:
    """Enter the transition's status; entering Done resolves the issue, leaving it clears that."""
    resolution: Value = None
    resolved: Value = None
    if transition.target == DONE:
        resolution = values.get("resolution", RESOLVED.id)
        resolved = store.now()
    issue.fields["resolutiondate"] = resolved
    change_issue(store, issue, by, {"status": transition.target.id, "resolution": resolution})


def move_issue(store: Store, issue: Issue, by: str, project: Project) -> None:
    """Move an issue into another project: same id, new key; what belongs to the old project is left behind."""
    old_key = issue.key
    new_key = store.next_key(project, issue.id)
    nothing: Values = {"components": (), "versions": (), "fixVersions": ()}
    issue.key = new_key
    change_issue(store, issue, by, {"project": project.id, **nothing})
    _log(store, issue, by, [ChangeItem("Key", "issuekey", False, None, old_key, None, new_key)])
    touch(store, issue)


def delete_issue(store: Store, issue: Issue, with_subtasks: bool) -> None:
    """Delete an issue; JiraError 400 if it has sub-tasks that nobody agreed to lose."""
    subtasks = [one for one in store.issues.values() if one.fields.get("parent") == issue.id]
    if subtasks and not with_subtasks:
        text = (
            f"The issue '{issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter "
            "to delete this issue and all its subtasks."
        )
        raise JiraError(400, text)
    for one in (*subtasks, issue):
        del store.issues[one.id]
        store.index.drop(one.id, store.now())


def touch(store: Store, issue: Issue, moves_updated: bool = True) -> None:
    """To be called after each write: search has to learn of it, and `updated` moves where it does."""
    if moves_updated:
        issue.fields["updated"] = store.now()
    store.index.note(issue, store.now())


def is_subtask(issue: Issue) -> bool:
    return TYPE_BY_ID[issue.text("issuetype")].subtask


def _log(store: Store, issue: Issue, by: str, items: list[ChangeItem]) -> None:
    issue.history.append(Change(store.next_id("change"), by, store.now(), tuple(items)))
