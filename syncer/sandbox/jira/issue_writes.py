"""Every change of an issue: it lands in the fields, the history, `updated` and the search index together.

Values arrive here checked (`validation`); what is decided here is what Jira decides by itself: resolution
dates, default values, who may not be orphaned.
"""

from dataclasses import replace
from typing import Any

from syncer.sandbox.jira.catalogue import DEFAULT_PRIORITY, DONE, RESOLVED, TO_DO
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.fields import FIELDS, MULTI
from syncer.sandbox.jira.history import changes
from syncer.sandbox.jira.records import Change, ChangeItem, Issue, Project, Values
from syncer.sandbox.jira.store import Store
from syncer.sandbox.jira.workflow import Transition


def create_issue(store: Store, by: str, values: Values, properties: dict[str, Any]) -> Issue:
    """A new issue in To Do, reported by whoever creates it unless the values say otherwise."""
    now = store.now()
    stored = [field for field in FIELDS if field.kind not in ("comments", "category")]
    empty: Values = {field.id: () if field.kind in MULTI else None for field in stored}
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
    items = changes(store, issue.fields, values)
    if items:
        issue.fields.update(values)
        _finish(store, issue, by, items)


def take_transition(store: Store, issue: Issue, by: str, transition: Transition, values: Values) -> None:
    """Enter the transition's status with what its screen was given; entering Done resolves, leaving it clears that."""
    done = transition.target == DONE
    resolution = values.get("resolution", RESOLVED.id) if done else None
    issue.fields["resolutiondate"] = store.now() if done else None
    change_issue(store, issue, by, {**values, "status": transition.target.id, "resolution": resolution})


def move_issue(store: Store, issue: Issue, by: str, project: Project) -> None:
    """Move an issue into another project: same id, new key; what belongs to the old one is left behind."""
    values: Values = {"project": project.id, "components": (), "versions": (), "fixVersions": ()}
    items = changes(store, issue.fields, values)
    new_key = store.next_key(project, issue.id)
    items.append(ChangeItem("Key", "issuekey", False, None, issue.key, None, new_key))
    issue.key = new_key
    issue.fields.update(values)
    _finish(store, issue, by, items)


def clone_issue(store: Store, original: Issue, by: str) -> Issue:
    """A new issue with what its original shows on the create screen; Assumed: without history and comments."""
    values: Values = {field.id: original.fields[field.id] for field in FIELDS if "create" in field.screens}
    values["summary"] = f"CLONE - {original.text('summary')}"
    properties = original.properties if store.behaviour.clone_copies_properties else {}
    clone = create_issue(store, by, values, properties)
    for link in original.remote_links.values() if store.behaviour.clone_copies_remote_links else ():
        copied = replace(link, id=store.next_id("remote link"))
        clone.remote_links[copied.id] = copied
    return clone


def archive_issue(store: Store, issue: Issue, by: str | None) -> None:
    """Put an issue away, or bring it back where nobody is named. Assumed: `updated` doesn't move."""
    issue.fields["archiveddate"] = None if by is None else store.now()
    issue.fields["archivedby"] = by
    touch(store, issue, moves_updated=False)


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
        for link in [each for each in store.issue_links.values() if one.id in (each.inward, each.outward)]:
            del store.issue_links[link.id]
        store.index.drop(one.id, store.now())


def touch(store: Store, issue: Issue, moves_updated: bool = True) -> None:
    """To be called after each write: search has to learn of it, and `updated` moves where it does."""
    now = store.now()
    if moves_updated:
        issue.fields["updated"] = now
    store.index.note(issue, now)


def _finish(store: Store, issue: Issue, by: str, items: list[ChangeItem]) -> None:
    now = store.now()
    issue.history.append(Change(store.next_id("change"), by, now, tuple(items)))
    issue.fields["updated"] = now
    store.index.note(issue, now)
