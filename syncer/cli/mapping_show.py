"""`syncer mapping show`: mapping files as tables, from the files alone."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from mappings import Mapping, load_mappings
from mappings.fields import COMPUTED
from mappings.kinds import (
    AutomapField,
    Chosen,
    ComponentsField,
    Computed,
    CopyField,
    FieldMapping,
    IncidentText,
    SetField,
    StatusField,
    TableField,
    TemplateField,
    UsersField,
    VersionsField,
)
from mappings.policies import DeletionPolicy, Direction
from syncer.cli.console import out, row, say, table
from syncer.cli.session import Session
from syncer.core.actions import excerpt

ARROWS = {Direction.TO_ISSUE: "->", Direction.TO_INCIDENT: "<-", Direction.BOTH: "<->"}


def show(session: Session, path: Path | None, *, as_json: bool) -> int:
    """Raises `MappingError` with all that is wrong with the files."""
    mappings = load_mappings(path or session.settings().mappings)
    if as_json:
        print(json.dumps([described(mapping) for mapping in mappings], indent=2, ensure_ascii=False))
        return 0
    console = out()
    for number, mapping in enumerate(mappings):
        if number:
            say(console)
        _show(console, described(mapping))
    return 0


def described(mapping: Mapping) -> dict[str, Any]:
    """A mapping as data: what is in effect, not only what is written."""
    return {
        "project_link": mapping.name,
        "file": mapping.document.file if mapping.document else None,
        "incidents": mapping.incidents.model_dump(exclude_none=True),
        "issues": mapping.issues.model_dump(exclude_none=True),
        "direction": mapping.direction.value,
        "conflict": mapping.conflict.value,
        "comments": mapping.comments.direction.value,
        "comments_hold": mapping.comments.incident_text.value,
        "versions": {"rows": len(mapping.versions.values), "create": mapping.versions.create},
        "deletions": {
            "incident": _deletion(mapping, "incident"),
            "issue": _deletion(mapping, "issue"),
            "comments": mapping.deletions.comments.value,
        },
        "fields": [_field(mapping, place, each) for place, each in enumerate(mapping.fields)],
    }


def _deletion(mapping: Mapping, gone: Any) -> str:
    policy = mapping.deletions.policy(gone)
    closed = f" as {mapping.deletions.close_status(gone)}" if policy is DeletionPolicy.CLOSE else ""
    return f"{policy.value}{closed}"


def _field(mapping: Mapping, place: int, each: FieldMapping) -> dict[str, Any]:
    direction = mapping.direction_of(each)
    if isinstance(each, Computed):
        direction = Direction.TO_ISSUE if each.target == "issue" else Direction.TO_INCIDENT
    return {
        "incident": each.incident,
        "direction": direction.value,
        "issue": each.issue,
        "kind": each.kind,
        "essentials": list(_essentials(each)),
        "conflict": _conflict(mapping, each, direction),
        "line": mapping.place(("fields", place)),
    }


def _conflict(mapping: Mapping, each: FieldMapping, direction: Direction) -> str | None:
    """Who wins; nobody where only one side is carried, and sets of one kind merge element by element."""
    if direction is not Direction.BOTH:
        return None
    merges = isinstance(each, ComponentsField | VersionsField)
    return "merged" if merges else mapping.conflict_of(each).value


def _essentials(each: FieldMapping) -> Iterator[str]:
    """What a person wants to know of a field besides its kind."""
    match each:
        case CopyField():
            yield from ["HTML in Enterprise Tester"] if each.incident_text is IncidentText.HTML else []
            yield from [f"{each.issue_text.value} text in Jira"] if each.issue_text else []
        case TableField() | AutomapField() | StatusField():
            yield from _rows(len(each.values))
        case UsersField():
            yield from _rows(len(each.users))
        case ComponentsField():
            yield from _rows(len(each.components))
            yield from ["creates what Jira lacks"] if each.create else []
        case SetField():
            yield f"set to '{each.value}'"
        case TemplateField():
            yield f"from template '{excerpt(each.template)}'"
    if isinstance(each, Chosen):
        yield from _defaults(each)
    if isinstance(each, StatusField):
        yield from (f"transitions: {name} = {value}" for name, value in each.transition_fields.items())
    yield from ["if empty"] if getattr(each, "if_empty", False) else []
    yield from ["only adds"] if getattr(each, "only_add", False) else []
    yield from ["read only"] if each.read_only else []
    yield from [f"when {each.when}"] if each.when is not None else []


def _rows(count: int) -> Iterator[str]:
    if count:
        yield f"{count} row{'s' if count > 1 else ''}"


def _defaults(each: Chosen) -> Iterator[str]:
    for name, side in ((each.default.incident, "incident"), (each.default.issue, "issue")):
        if name is not None:
            yield f"else {side} '{name}'"
    if each.unmapped is not None:
        yield f"unmapped: {each.unmapped.value}"


def _show(console: Console, told: dict[str, Any]) -> None:
    grid = table(console, _title(told), "incident", "", "issue", "kind", "conflict", "line")
    for each in told["fields"]:
        named = [] if each["kind"] in COMPUTED else [each["kind"]]
        kind = ", ".join([*named, *each["essentials"]])
        arrow = ARROWS[Direction(each["direction"])]
        row(grid, each["incident"] or "", arrow, each["issue"] or "", kind, each["conflict"] or "-", each["line"])
    console.print(grid)
    say(console, "; ".join(_rest(told)))


def _title(told: dict[str, Any]) -> str:
    arrow = ARROWS[Direction(told["direction"])]
    sides = f"{told['incidents']['project']} {arrow} {told['issues']['project']}"
    return f"{told['project_link']}: {sides}, conflict: {told['conflict']}"


def _rest(told: dict[str, Any]) -> Iterator[str]:
    """What concerns the link as a whole, below its fields."""
    for side in ("incidents", "issues"):
        project = told[side]
        yield from (f"{side} only with {project[key]}" for key in ("only", "when") if key in project)
    yield f"new issues are {told['issues']['type']}" if "type" in told["issues"] else "new issues get a mapped type"
    hold = " (HTML)" if told["comments_hold"] == IncidentText.HTML else ""
    yield f"comments {ARROWS[Direction(told['comments'])]}{hold}"
    versions = told["versions"]
    ways = [*_rows(versions["rows"]), "by name", *(["created where Jira lacks them"] if versions["create"] else [])]
    yield f"versions: {', '.join(ways)}"
    deletions = told["deletions"]
    yield f"deleted incident: {deletions['incident']}, issue: {deletions['issue']}, comment: {deletions['comments']}"
