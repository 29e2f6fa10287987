"""What nobody may do with what can be seen: writes that a switch forbids, and any to an archived issue.

| what is asked for                        | is refused with 403                                      |
|------------------------------------------|----------------------------------------------------------|
| any write                                | where the site is `read_only`                            |
| an issue to be deleted                   | under `delete_forbidden`                                 |
| any link to be read or written           | under `link_issues_forbidden`                            |
| any write to an archived issue           | always. Assumed: with this code                          |

What may not be seen is a 404 before any of this.
"""

from collections.abc import Mapping

from syncer.sandbox.jira.behaviour import JiraBehaviour
from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.records import Issue
from syncer.sandbox.jira.store import Store

READING = ("BROWSE_PROJECTS", "SET_ISSUE_SECURITY")
"""Permissions that a site keeps where it is read only."""

ISSUE = "/issue/{issue}"
REMOTE_LINKS = f"{ISSUE}/remotelink"
ISSUE_LINKS = "/issueLink"


def permitted(behaviour: JiraBehaviour, permission: str) -> bool:
    """True if the switches leave people this project permission."""
    withdrawn = {
        "DELETE_ISSUES": behaviour.delete_forbidden,
        "LINK_ISSUES": behaviour.link_issues_forbidden,
        "SET_ISSUE_SECURITY": behaviour.security_levels_withheld,
    }
    return not withdrawn.get(permission, False) and (permission in READING or not behaviour.read_only)


def check_permitted(store: Store, method: str, route: str, path: Mapping[str, str], *, writes: bool) -> None:
    """Raises JiraError: 404 for an issue that may not be seen, 403 for what nobody may do with it."""
    issue = _named(store, path)
    behaviour = store.behaviour
    if writes and behaviour.read_only:
        raise JiraError(403, "You do not have the permission to change anything here.")
    if (method, route) == ("DELETE", ISSUE) and behaviour.delete_forbidden:
        raise JiraError(403, "You do not have permission to delete issues in this project.")
    if route.startswith((REMOTE_LINKS, ISSUE_LINKS)) and behaviour.link_issues_forbidden:
        raise JiraError(403, "Issue linking is disabled, or you do not have permission to link issues.")
    if writes and issue is not None and issue.archived:
        raise JiraError(403, f"The issue {issue.key} is archived and can't be changed. Restore it first.")


def _named(store: Store, path: Mapping[str, str]) -> Issue | None:
    if "issue" in path:
        return store.visible(path["issue"])
    found = store.find_comment(path["comment"]) if "comment" in path else None
    return None if found is None else found[0]
