"""A whole issue as JSON: the fields that were asked for, and whatever is expanded."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from syncer.sandbox.jira.fields import FIELD_BY_ID, FIELDS
from syncer.sandbox.jira.records import Change, ChangeItem, Issue
from syncer.sandbox.jira.views.comments import inlined
from syncer.sandbox.jira.views.fields import field_json
from syncer.sandbox.jira.views.meta import transitions
from syncer.sandbox.jira.views.surroundings import NOT_NAVIGABLE, surroundings
from syncer.sandbox.jira.views.viewer import Json, Viewer
from syncer.sandbox.jira.wiki_html import rendered

EXPANDABLE = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"
MOST_HISTORY = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks of each issue; `inline` limits what search puts into one."""

    fields: tuple[str, ...]
    expand: frozenset[str] = frozenset()
    properties: tuple[str, ...] = ()
    inline: int | None = None


def chosen_fields(names: Iterable[str], around: Iterable[str]) -> list[str]:
    """Field ids for a `fields` parameter: ids, `*all`, `*navigable` (no comments), `-id` to leave one out.

    `around` are the names of what is shown beside the fields."""
    names = list(names)
    everything = [*(field.id for field in FIELDS), *around]
    if all(name.startswith("-") for name in names):
        names = ["*all", *names]
    chosen: dict[str, None] = {}
    for name in names:
        if name == "*all":
            chosen.update(dict.fromkeys(everything))
        elif name == "*navigable":
            chosen.update(dict.fromkeys(one for one in everything if one != "comment" and one not in NOT_NAVIGABLE))
        elif name.startswith("-"):
            chosen.pop(name.removeprefix("-"), None)
        elif name in everything:
            chosen[name] = None
    return list(chosen)


def issue_json(viewer: Viewer, issue: Issue, wanted: Wanted) -> Json:
    """An issue; one of which only the id is asked shows nothing else."""
    if wanted.fields == ("id",) and not wanted.expand and not wanted.properties:
        return {"id": issue.id}
    around = surroundings(viewer)
    chosen = chosen_fields(wanted.fields, around)
    names = [name for name in chosen if name in FIELD_BY_ID]
    shown: Json = {
        "expand": EXPANDABLE,
        "id": issue.id,
        "self": viewer.url(f"issue/{issue.id}"),
        "key": issue.key,
    }
    if chosen:
        beside = {name: around[name](viewer, issue) for name in chosen if name in around}
        shown["fields"] = {**{name: _field(viewer, issue, name, wanted.inline) for name in names}, **beside}
    if wanted.properties:
        shown["properties"] = _properties(issue, wanted.properties)
    if "renderedFields" in wanted.expand:
        shown["renderedFields"] = {name: _rendered(viewer, issue, name, wanted.inline) for name in names}
    if "names" in wanted.expand:
        shown["names"] = {name: FIELD_BY_ID[name].name for name in names}
    if "transitions" in wanted.expand:
        shown["transitions"] = transitions(viewer, issue, with_fields="transitions.fields" in wanted.expand)
    if "changelog" in wanted.expand:
        shown["changelog"] = _inlined_history(viewer, issue, wanted.inline)
    return shown


def change_json(viewer: Viewer, change: Change) -> Json:
    """One entry of the changelog."""
    return {
        "id": change.id,
        "author": viewer.person(change.author),
        "created": viewer.time(change.created),
        "items": [_item_json(viewer, item) for item in change.items],
    }


def _item_json(viewer: Viewer, item: ChangeItem) -> Json:
    shown: Json = {"field": item.field, "fieldtype": "custom" if item.custom else "jira"}
    if viewer.store.cloud:
        shown["fieldId"] = item.field_id
    return {**shown, "from": item.old, "fromString": item.old_text, "to": item.new, "toString": item.new_text}


def _inlined_history(viewer: Viewer, issue: Issue, inline: int | None) -> Json:
    """Cloud shows the newest entries first and not all of them; Data Center all, oldest first."""
    entries = issue.history
    if viewer.store.cloud:
        most = MOST_HISTORY if inline is None else inline
        entries = entries[::-1][:most]
    return {
        "startAt": 0,
        "maxResults": len(entries),
        "total": len(issue.history),
        "histories": [change_json(viewer, one) for one in entries],
    }


def _field(viewer: Viewer, issue: Issue, name: str, inline: int | None) -> Any:
    if name == "comment":
        return inlined(viewer, issue, inline)
    return field_json(viewer, issue, FIELD_BY_ID[name])


def _rendered(viewer: Viewer, issue: Issue, name: str, inline: int | None) -> Any:
    if name == "comment":
        return inlined(viewer, issue, inline, html=True)
    return rendered(issue.text(name)) if FIELD_BY_ID[name].kind == "text" else None


def _properties(issue: Issue, names: tuple[str, ...]) -> Json:
    if "*all" in names:
        return dict(issue.properties)
    return {name: issue.properties[name] for name in names if name in issue.properties}
