"""docs/mapping.md: every key of a mapping file, made of the model itself, so that it can't say anything else.

`python -m mappings.reference > docs/mapping.md` writes the page again after the model has changed.
"""

import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from mappings.deletions import Deletions
from mappings.fields import INCIDENT_FIELDS, ISSUE_FIELDS, FieldSpec
from mappings.kinds import FIELD_KINDS, Default, Entry, Row
from mappings.mappable import FIELDS, KINDS, Mappable
from mappings.model import Comments, IncidentProject, IssueProject, Mapping, Schedule, Versions

HEAD = """# Every key of a mapping file

How to come by a first mapping file is in [mappings/README.md](../mappings/README.md). This page is the reference: it is
made of the program's own model (`python -m mappings.reference`), and a test holds the two together.
"""

BLOCKS: tuple[tuple[str, str, type[BaseModel], str], ...] = (
    ("The file", "A file links one project of Enterprise Tester with one of Jira.", Mapping, ""),
    (
        "incidents",
        "The project in Enterprise Tester.",
        IncidentProject,
        "incidents:\n  project: Web Shop\n  mark_field: Jira key\n  only: Status != Rejected\n"
        "  when: incident.Priority in ['High', 'Critical']",
    ),
    (
        "issues",
        "The project in Jira.",
        IssueProject,
        "issues:\n  project: WEB\n  type: Bug\n  only: labels = from-testing\n  when: issue.issuetype != 'Epic'",
    ),
    (
        "comments",
        "The comments of linked records.",
        Comments,
        "comments:\n  direction: to_issue\n  incident_text: html",
    ),
    (
        "versions",
        "Which versions are the same, for all fields of versions.",
        Versions,
        'versions:\n  create: true\n  values:\n    - {incident: Release 1, issue: "1.0"}',
    ),
    (
        "deletions",
        "What follows when something is deleted ([more](deletions.md)).",
        Deletions,
        "deletions:\n  incident: close\n  close_issue_as: Done\n  issue: unlink\n  comments: notice\n"
        "  at_most: 10\n  at_most_percent: 10\n  exempt: 3",
    ),
    (
        "schedule",
        "When this project link is looked at; what is left out is as `SYNCER_SCHEDULE__...` says for all.",
        Schedule,
        "schedule:\n  every_seconds: 300\n  census_every_seconds: 86400",
    ),
)
"""The blocks of a file: heading, what it is about, its model, an example."""

KIND_EXAMPLES = {
    "copy": "Custom field: formatted text",
    "automap": "Priority",
    "table": "Type",
    "status": "Status, by the workflow's transitions",
    "users": "Assignee",
    "components": "Components",
    "versions": "Fixed versions",
    "labels": "Labels",
    "set": "Set field to value if empty, in the issue",
    "template": "Text made of several fields",
}
"""The row of `mappings.mappable` that shows each kind."""

_EXPRESSIONS = """## Conditions and templates

Both see the record as people do: `incident.Priority` is the name of the priority, a set is a list of names, a custom
field of an incident is `incident.FieldValues.Cycle` or `incident.FieldValues["Found on"]`, one of an issue
`issue.customfield_10010`. `key` and `url` are there beside the fields. A template is a text with `{{ ... }}` in it, a
condition is what could stand between them; both are written in the language of Jinja, less what could run for ever or
eat memory: no loops, no assignments, no calls. At load each is tried once in a process of its own. One that fails for a
record parks its field, with its line.

```yaml
when: incident.Type == 'Defect' and 'Windows' in incident.FieldValues.Platforms
template: "{{ incident.key }}{% if incident.FieldValues.Cycle %}, cycle {{ incident.FieldValues.Cycle }}{% endif %}"
```
"""


def reference() -> str:
    """The page."""
    return "\n".join([HEAD, *_mappable(), *_fields(), *_blocks(), *_kinds(), _EXPRESSIONS])


def _mappable() -> Iterator[str]:
    yield "## What can be mapped\n"
    yield "Each row was carried both ways, or the one way that it has, between two servers by a test."
    yield "*ET* marks what Enterprise Tester's own synchronizer maps as well. Comments and step-result links need no"
    yield "entry: comments follow the block `comments`, and each step result that an incident is linked with is shown"
    yield "on its issue.\n"
    for title, rows in (("Fields", FIELDS), ("Kinds of mapping", KINDS)):
        yield f"### {title}\n"
        for row in rows:
            yield _shown(row)


def _shown(row: Mappable) -> str:
    return f"**{row.name}**{' (ET)' if row.own else ''}\n\n```yaml\n{row.entry}\n```\n"


def _fields() -> Iterator[str]:
    yield "## Fields\n"
    yield "Custom fields come on top: `FieldValues.<name>` of incidents, `customfield_<number>` of issues.\n"
    for title, table in (("Incident", INCIDENT_FIELDS.values()), ("Issue", ISSUE_FIELDS.values())):
        yield f"| {title} | holds | kinds |"
        yield "|---|---|---|"
        yield from (_field_row(spec) for spec in table)
        yield ""


def _field_row(spec: FieldSpec) -> str:
    noun = f"{spec.noun}, only the server writes it" if spec.read_only else spec.noun
    return f"| `{spec.name}` | {noun} | {_listed(spec.kinds)} |"


def _blocks() -> Iterator[str]:
    for name, about, model, example in BLOCKS:
        yield f"## {name}\n" if name[0].isupper() else f"## `{name}`\n"
        yield f"{about}\n"
        yield from _keys(model, ())
        if example:
            yield f"\n```yaml\n{example}\n```"
        yield ""


def _kinds() -> Iterator[str]:
    yield "## One entry of `fields`\n"
    yield "These keys are the same for all kinds:\n"
    yield from _keys(Entry, ())
    yield "\nA row is `{incident: ..., issue: ...}`; a default is the same, and may give one of the two alone.\n"
    entries = {row.name: row.entry for row in (*FIELDS, *KINDS)}
    for kind, model in FIELD_KINDS.items():
        yield f"### kind `{kind}`\n"
        yield f"{(model.__doc__ or '').strip()}\n"
        yield from _keys(model, Entry.model_fields)
        yield f"\n```yaml\n{entries[KIND_EXAMPLES[kind]]}\n```\n"


def _keys(model: type[BaseModel], beside: Iterable[str]) -> Iterator[str]:
    yield "| key | needed | allowed | when left out | means |"
    yield "|---|---|---|---|---|"
    for name, field in model.model_fields.items():
        if name not in beside:
            yield f"| {' | '.join((f'`{name}`', *_told(model, name, field)))} |"


def _told(model: type[BaseModel], name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    needed = field.is_required() and (model, name) != (Mapping, "name")
    default = "" if needed or field.default in (None, (), {}) or isinstance(field.default, BaseModel) else field.default
    shown = {True: "`true`", False: "`false`"}.get(default) if isinstance(default, bool) else default and f"`{default}`"
    about = " ".join((field.description or "").split()).replace("|", "\\|")
    if name == "kind":
        return "yes", f"`{field.default}`", "", about
    return "yes" if needed else "", _allowed(field.annotation), str(shown or ""), about


def _allowed(annotation: Any) -> str:
    parts = [_bare(part) for part in (get_args(annotation) or (annotation,)) if part is not NoneType]
    for part in parts:
        if isinstance(part, type) and issubclass(part, StrEnum):
            return _listed(member.value for member in part)
        if part is bool:
            return "`true`, `false`"
        if part is Row:
            return "rows"
        if part is Default:
            return "a default"
        if part in (int, float):
            return "a number"
        if isinstance(part, type) and issubclass(part, BaseModel):
            return "a block"
    return "text" if str in parts else "entries"


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


if __name__ == "__main__":
    sys.stdout.write(reference())
