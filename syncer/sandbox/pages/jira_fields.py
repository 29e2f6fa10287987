"""The fields of issues in forms and on pages: to people's words, and back into what a request holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from syncer.sandbox.jira.catalogue import NAMES, PRIORITIES, RESOLUTIONS, SUBTASK, TYPE_BY_ID, TYPES
from syncer.sandbox.jira.fields import FIELD_BY_ID, FIELDS, MULTI, Field, Screen, on_screen
from syncer.sandbox.jira.records import Issue, Value
from syncer.sandbox.jira.store import Store
from syncer.sandbox.pages.controls import Control

NONE = ("", "none")
NEW = ("summary", "description", "issuetype", "priority", "labels")
"""What the form of a new issue asks for; the rest is edited afterwards."""

_TIME_HINT = "as in 2026-11-22T08:00:00.000+0000"
_HINTS = {"text": "wiki markup or plain text", "labels": "words, with blanks between them", "moment": _TIME_HINT}


def controls(store: Store, issue: Issue) -> list[Control]:
    """All inputs of the edit screen, with what the issue holds."""
    return [_control(store, field, issue) for field in _on("edit", issue)]


def blank(store: Store) -> list[Control]:
    """The inputs of a new issue."""
    projects = [(one.id, f"{one.name} ({one.key})") for one in store.visible_projects()]
    types = [(one.id, one.name) for one in TYPES if not one.subtask]
    asked = [FIELD_BY_ID[name] for name in NEW if name != "issuetype"]
    return [
        Control("project", "Project", "choice", (projects[0][0],) if projects else (), projects),
        Control("issuetype", "Issue Type", "choice", (types[0][0],), types),
        *(_control(store, field, None) for field in asked),
    ]


def resolution_control() -> Control:
    options = [(one.id, one.name) for one in RESOLUTIONS]
    return Control("resolution", "Resolution", "choice", (options[0][0],), options, hint="for those that ask for one")


def sent(store: Store, given: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    """The `fields` of a request for what was given in controls."""
    return {name: _sent(store, FIELD_BY_ID[name], values) for name, values in given.items()}


def told(store: Store, field: Field, value: Value) -> str:
    """A kept value for people, "" for none. What is gone since is told by its id."""
    if isinstance(value, tuple):
        return (" " if field.kind == "labels" else ", ").join(_element(store, field, one) for one in value)
    if value is None:
        return ""
    text = str(value)
    match field.kind:
        case "user":
            return store.users[text].display_name
        case "number":
            return _plain(value)
        case "moment":
            return text[:19]
        case "option":
            return _element(store, field, text)
        case "cascade":
            return dict(_paths(field)).get(text, text)
        case "project":
            return store.projects[text].name
        case "parent":
            return store.issues[text].key if text in store.issues else text
    return NAMES.get(field.kind, {}).get(text, text)


def _on(screen: Screen, issue: Issue) -> Sequence[Field]:
    kind = TYPE_BY_ID[issue.text("issuetype")]
    return [field for field in FIELDS if on_screen(field, screen, kind) and field.id not in ("project", "parent")]


def _control(store: Store, field: Field, issue: Issue | None) -> Control:
    held = issue.fields.get(field.id) if issue else None
    hint = _HINTS.get(field.kind, "")
    if field.kind in MULTI and field.kind != "labels":
        project = issue.text("project") if issue else ""
        options = _elements(store, field, project)
        chosen = tuple(value for value, _ in options if isinstance(held, tuple) and value in held)
        return Control(field.id, field.name, "many", chosen, options)
    choices = _choices(store, field, issue)
    if choices:
        return Control(field.id, field.name, "choice", _value(held), choices)
    kind: Any = {"text": "area", "date": "date"}.get(field.kind, "line")
    return Control(field.id, field.name, kind, _value(_typed(field, held)), hint=hint, required=field.id == "summary")


def _typed(field: Field, held: Value) -> str | None:
    """What a person would have typed to get this value."""
    if field.kind == "labels" and isinstance(held, tuple):
        return " ".join(held)
    if held is None or isinstance(held, tuple | str):
        return held if isinstance(held, str) else None
    if isinstance(held, float):
        return _plain(held)
    return f"{held:%Y-%m-%dT%H:%M:%S}.{held.microsecond // 1000:03d}{held:%z}"


def _plain(number: Value) -> str:
    """2 and not 2.0."""
    return str(int(number)) if isinstance(number, float) and number.is_integer() else str(number)


def _choices(store: Store, field: Field, issue: Issue | None) -> list[tuple[str, str]]:
    match field.kind:
        case "priority":
            return [(one.id, one.name) for one in PRIORITIES]
        case "issuetype":
            subtask = issue is not None and issue.text("issuetype") == SUBTASK.id
            return [(one.id, one.name) for one in TYPES if one.subtask == subtask]
        case "user":
            return [NONE, *((user.login, user.display_name) for user in store.users.values())]
        case "option":
            return [NONE, *((one.id, one.value) for one in field.options)]
        case "cascade":
            return [NONE, *_paths(field)]
    return []


def _paths(field: Field) -> list[tuple[str, str]]:
    return [
        path
        for top in field.options
        for path in (
            (top.id, top.value),
            *((f"{top.id}/{one.id}", f"{top.value} / {one.value}") for one in top.children),
        )
    ]


def _elements(store: Store, field: Field, project_id: str) -> list[tuple[str, str]]:
    match field.kind:
        case "versions":
            return [(one.id, one.name) for one in store.versions_of(project_id)]
        case "components":
            return [(one.id, one.name) for one in store.components_of(project_id)]
    return [(one.id, one.value) for one in field.options]


def _element(store: Store, field: Field, value: str) -> str:
    match field.kind:
        case "versions":
            return store.versions[value].name if value in store.versions else value
        case "components":
            return store.components[value].name if value in store.components else value
    return next((one.value for one in field.options if one.id == value), value)


def _sent(store: Store, field: Field, values: tuple[str, ...]) -> Any:
    if field.kind == "labels":
        return values[0].split() if values else []
    if field.kind in MULTI:
        return [{"id": one} for one in values]
    if not values:
        return None
    text = values[0]
    match field.kind:
        case "priority" | "issuetype" | "project" | "resolution" | "option":
            return {"id": text}
        case "user":
            user = store.users.get(text)
            return {"accountId" if store.cloud else "name": user.account_id if user and store.cloud else text}
        case "cascade":
            top, _, below = text.partition("/")
            return {"id": top, **({"child": {"id": below}} if below else {})}
        case "number":
            return _number(text)
    return text


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _value(held: Value) -> tuple[str, ...]:
    return (str(held),) if held else ()
