"""Remote links: put on an issue and taken off it again, by requests and by people."""

from typing import Any

from syncer.sandbox.jira.errors import JiraError
from syncer.sandbox.jira.issue_writes import touch
from syncer.sandbox.jira.records import Issue, RemoteLink
from syncer.sandbox.jira.store import Store

MOST_LINKS = 2000


def put_link(store: Store, issue: Issue, sent: dict[str, Any]) -> tuple[RemoteLink, bool]:
    """The link as it stands now, and whether it is new: one with the same `global_id` is replaced.

    `sent` holds the members of a `RemoteLink` without its id. Raises JiraError 413 for one too many.
    """
    known = next((one for one in issue.remote_links.values() if one.global_id == sent["global_id"]), None)
    new = known is None or sent["global_id"] is None
    if new and len(issue.remote_links) >= MOST_LINKS:
        raise JiraError(413, f"The issue has reached its limit of {MOST_LINKS} remote links.")
    link = RemoteLink(store.next_id("remote link") if known is None or new else known.id, **sent)
    issue.remote_links[link.id] = link
    _touch(store, issue)
    return link, new


def replace_link(store: Store, issue: Issue, link: RemoteLink, sent: dict[str, Any]) -> None:
    """Put `sent`, as in `put_link`, in the place of a link."""
    issue.remote_links[link.id] = RemoteLink(link.id, **sent)
    _touch(store, issue)


def remove_link(store: Store, issue: Issue, link: RemoteLink) -> None:
    del issue.remote_links[link.id]
    _touch(store, issue)


def link_with(issue: Issue, global_id: str) -> RemoteLink:
    """The link with this `globalId`. Raises JiraError 404."""
    for link in issue.remote_links.values():
        if link.global_id == global_id:
            return link
    raise JiraError(404, f"A remote link with the globalId '{global_id}' does not exist on this issue.")


def shown_object(given: dict[str, Any]) -> dict[str, Any]:
    """What a link shows, with the members that Jira adds."""
    return {"icon": {}, "status": {"icon": {}}, **given}


def _touch(store: Store, issue: Issue) -> None:
    touch(store, issue, store.behaviour.remote_link_moves_updated)
