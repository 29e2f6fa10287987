"""What a request may set on an issue: the right fields, on the right screen, with values that exist.

All complaints of one request are collected and answered together; nothing is changed then.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from syncer.sandbox.jira.catalogue import SUBTASK, TYPE_BY_ID, IssueType
from syncer.sandbox.jira.errors import FieldError, JiraError
from syncer.sandbox.jira.fields import FIELD_BY_ID, FIELDS, MULTI, Field, Screen, on_screen
from syncer.sandbox.jira.records import Issue, Value, Values
from syncer.sandbox.jira.store import Store
from syncer.sandbox.jira.values import read_element, read_value
from syncer.sandbox.jira.workflow import Transition, workflow_of

VERBS = ("set", "add", "remove")


def for_create(store: Store, fields: Mapping[str, Any], update: Mapping[str, Any]) -> Values:
    """The values of a new issue. Raises JiraError 400 with a message per field."""
    found = _Findings(store, "create")
    project_id = found.read("project", fields.get("project"))
    type_id = found.read("issuetype", fields.get("issuetype"))
    if not isinstance(project_id, str) or not isinstance(type_id, str):
        raise found.refusal()
    found.project_id, found.type = project_id, TYPE_BY_ID[type_id]
    found.required([field for field in FIELDS if field.required], {**fields, **update})
    if found.type.id == SUBTASK.id and not fields.get("parent"):
        found.errors["parent"] = "Issue type is a sub-task but parent issue key or id not specified."
    found.read_all({name: raw for name, raw in fields.items() if name not in found.values}, update, {})
    return found.checked()


def for_edit(store: Store, issue: Issue, fields: Mapping[str, Any], update: Mapping[str, Any]) -> Values:
    """The values that an edit sets. Raises JiraError 400 with a message per field."""
    found = _Findings(store, "edit", issue)
    found.read_all(fields, update, issue.fields)
    new_type = found.values.get("issuetype", issue.text("issuetype"))
    if workflow_of(str(new_type)) != workflow_of(issue.text("issuetype")):
        found.errors["issuetype"] = "The issue type selected is invalid."
    if found.values.get("project", issue.text("project")) != issue.text("project"):
        found.errors["project"] = _not_on_screen("project")
    return found.checked()


def for_transition(store: Store, issue: Issue, transition: Transition, fields: Mapping[str, Any]) -> Values:
    """The values that come with a transition. Raises JiraError 400 with a message per field."""
    found = _Findings(store, "none", issue)
    for name in fields:
        if name not in transition.demands:
            found.errors[name] = _not_on_screen(name)
    for name in transition.demands:
        if fields.get(name) is None:
            found.errors[name] = f"{FIELD_BY_ID[name].name} is required."
        else:
            found.read(name, fields[name])
    return found.checked()


class _Findings:
    """The values read so far and the complaints so far, for one request."""

    def __init__(self, store: Store, screen: Screen, issue: Issue | None = None) -> None:
        self.values: Values = {}
        self.errors: dict[str, str] = {}
        self.project_id = issue.text("project") if issue else ""
        self.type: IssueType | None = TYPE_BY_ID[issue.text("issuetype")] if issue else None
        self._store = store
        self._screen = screen

    def checked(self) -> Values:
        if self.errors:
            raise self.refusal()
        return self.values

    def refusal(self) -> JiraError:
        return JiraError(400, errors=self.errors)

    def required(self, fields: Iterable[Field], given: Mapping[str, Any]) -> None:
        for field in fields:
            if given.get(field.id) is None and field.id == "summary":
                self.errors[field.id] = "You must specify a summary of the issue."

    def read(self, name: str, raw: Any) -> Value:
        """Read one whole field, with its complaint if there is one."""
        try:
            self.values[name] = read_value(self._store, self.project_id, FIELD_BY_ID[name], raw)
        except FieldError as problem:
            self.errors[name] = str(problem)
        return self.values.get(name)

    def read_all(self, fields: Mapping[str, Any], update: Mapping[str, Any], current: Values) -> None:
        """Read `fields` and `update`; `current` is what the verbs `add` and `remove` start from."""
        for name in [*fields, *update]:
            if not self._may_set(name):
                self.errors[name] = _not_on_screen(name)
            elif name in fields and name in update:
                self.errors[name] = f"Field '{name}' cannot appear in both 'fields' and 'update'"
            elif name in fields and name not in self.errors:
                self.read(name, fields[name])
            elif name in update:
                self._operate(FIELD_BY_ID[name], update[name], current.get(name))

    def _may_set(self, name: str) -> bool:
        field = FIELD_BY_ID.get(name)
        return field is not None and self.type is not None and on_screen(field, self._screen, self.type)

    def _operate(self, field: Field, operations: Any, value: Value) -> None:
        try:
            for verb, raw in _steps(field, operations):
                value = self._operated(field, verb, raw, value)
        except FieldError as problem:
            self.errors[field.id] = str(problem)
        else:
            self.values[field.id] = value

    def _operated(self, field: Field, verb: str, raw: Any, value: Value) -> Value:
        if verb == "set":
            return read_value(self._store, self.project_id, field, raw)
        element = read_element(self._store, self.project_id, field, raw)
        left = tuple(one for one in value if one != element) if isinstance(value, tuple) else ()
        return (*left, element) if verb == "add" else left


def _steps(field: Field, operations: Any) -> Iterable[tuple[str, Any]]:
    if not isinstance(operations, list):
        raise FieldError("data was not an array")
    for operation in operations:
        if not isinstance(operation, dict) or len(operation) != 1:
            raise FieldError("expected Object")
        [(verb, raw)] = operation.items()
        if verb not in VERBS or (verb != "set" and field.kind not in MULTI):
            known = ", ".join(field.operations)
            raise FieldError(f"Field does not support operation '{verb}'. Supported operation(s): {known}")
        yield verb, raw


def _not_on_screen(name: str) -> str:
    return f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."
