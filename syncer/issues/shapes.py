"""Jira's JSON and our values: pure translation, both ways, nothing asked and nothing sent.

| field | in JSON | as a value |
|---|---|---|
| summary, description | text or null | text, `None` when empty |
| issuetype, status, priority, resolution | `{"id": ...}` or null | the id |
| assignee | `{"accountId": ...}` on Cloud, `{"name": ...}` on Data Center, or null | that id |
| components, versions, fixVersions | a list of `{"id": ...}` | frozenset of ids |
| labels | a list of texts | frozenset of texts, without our own mark |
| customfield_N | text, a number, an option `{"value": ...}`, or null | text |

A field that is missing in the JSON was not observed, and one of a shape that can't be told as text neither.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from mappings.values import Value, Values

Json: TypeAlias = Any

CHOICES = frozenset({"issuetype", "status", "priority", "resolution"})
SETS = frozenset({"components", "versions", "fixVersions"})
LABELS = "labels"
ASSIGNEE = "assignee"


class UnknownShape(Exception):
    """A custom field's value that has no text of its own."""


def moment(text: str) -> datetime:
    """Jira's time ("2025-07-24T13:05:26.000+0200"), in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def person_id(person: Json) -> str | None:
    """What identifies a person: `accountId` on Cloud, which has no `name`; `name`, the login, on Data Center."""
    if not person:
        return None
    told: str | None = person.get("accountId") or person.get("name")
    return told


def observed(fields: Mapping[str, Json], wanted: Collection[str], is_mark: Callable[[str], bool]) -> Values:
    """The values of the `wanted` fields that are there; labels for which `is_mark` holds are left out."""
    values: dict[str, Value] = {}
    for name in wanted:
        if name in fields:
            try:
                values[name] = _value(name, fields[name], is_mark)
            except UnknownShape:
                continue
    return values


def _value(name: str, held: Json, is_mark: Callable[[str], bool]) -> Value:
    if name in CHOICES:
        return str(held["id"]) if held else None
    if name in SETS:
        return frozenset(str(each["id"]) for each in held or ())
    if name == LABELS:
        return frozenset(label for label in held or () if not is_mark(label))
    if name == ASSIGNEE:
        return person_id(held)
    return _text(held)


def _text(held: Json) -> str | None:
    match held:
        case None | "" | []:
            return None
        case str():
            return held
        case bool():
            return str(held).lower()
        case int() | float():
            return str(int(held)) if held == int(held) else repr(held)
        case {"value": str(told)} | {"name": str(told)} | {"displayName": str(told)}:
            return told
        case [*several]:
            return ", ".join(_text(each) or "" for each in several)
    raise UnknownShape


def writable(values: Values, *, cloud: bool, kinds: Mapping[str, str]) -> dict[str, Json]:
    """`fields` of a create or an edit. `kinds` are the types of custom fields, where they are known."""
    return {name: _written(name, value, cloud, kinds.get(name, "")) for name, value in values.items()}


def _written(name: str, value: Value, cloud: bool, kind: str) -> Json:
    if isinstance(value, frozenset):
        return sorted(value) if name == LABELS else [{"id": option_id} for option_id in sorted(value)]
    if name in SETS or name == LABELS:
        return []
    if name in CHOICES:
        return None if value is None else {"id": value}
    if name == ASSIGNEE:
        # A null inside the object and not in its place: that is what both deployments document for "nobody".
        return {"accountId" if cloud else "name": value}
    return None if value is None else _custom(value, kind)


def _custom(text: str, kind: str) -> Json:
    if kind == "option":
        return {"value": text}
    if kind == "number":
        try:
            return float(text)
        except ValueError:
            return text  # Jira's own refusal names the field better than we could
    return text
