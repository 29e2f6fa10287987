"""Who changed what in an issue, from its history and its comments."""

from collections.abc import Callable
from datetime import UTC, datetime

from syncer.sandbox.jira.records import Change, ChangeItem, Issue
from syncer.sandbox.pages.shapes import Move

MOST = 15
_LONG = 80


def moves(issue: Issue, name_of: Callable[[str], str], *, most: int = MOST) -> list[Move]:
    """The last changes, newest first; there is always one, the creation."""
    created = Move(
        name_of(issue.text("creator")), issue.moment("created") or datetime.min.replace(tzinfo=UTC), ["Created"]
    )
    changed = [_change(one, name_of) for one in issue.history[-most:]]
    remarks = [
        Move(
            name_of(one.update_author),
            one.updated,
            ["Comment added" if one.updated == one.created else "Comment edited"],
        )
        for one in issue.comments.values()
    ]
    return sorted((created, *changed, *remarks), key=lambda one: one.when, reverse=True)[:most]


def _change(change: Change, name_of: Callable[[str], str]) -> Move:
    return Move(name_of(change.author), change.created, [_item(one) for one in change.items])


def _item(item: ChangeItem) -> str:
    name = item.field[:1].upper() + item.field[1:]
    old, new = item.old_text or "", item.new_text or ""
    if max(len(old), len(new)) > _LONG:
        return f"{name} changed"
    return f"{name}: {old or 'none'} → {new or 'none'}"
