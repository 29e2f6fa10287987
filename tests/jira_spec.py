"""Holds requests and answers against Atlassian's own OpenAPI document of Jira Cloud, version 2.

The document is no part of the project: where it is absent, `SpecChecker.load()` gives None and the test
says so.

    spec = SpecChecker.load()
    spec.check_request("POST", "/rest/api/2/issue", {}, body)       AssertionError, if Jira would not know it
    spec.check_response("POST", "/rest/api/2/issue", 201, answer)   AssertionError, if Jira would not say it

Real answers differ from the document in four harmless ways, which are forgiven: times have no colon in
their offset, answers have members that the document doesn't know, a 204 has no body, and /rest/agile is
described elsewhere. Requests get no such mercy. Where the document contradicts its own examples, the
examples are right: remote links come as a list, and both ends of a change may be null.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from tests.jira_spec_schema import FORMATS, REF, Direction, converted_schema, references

DOCUMENT = Path(__file__).parents[2] / "shared" / "specs" / "jira-cloud-v2.json"
ABSENT = f"Atlassian's OpenAPI document of Jira Cloud isn't there: {DOCUMENT}"

Json: TypeAlias = dict[str, Any]
Query: TypeAlias = Mapping[str, Any] | Iterable[tuple[str, Any]]

_NULLABLE = {"ChangeDetails": ("from", "fromString", "to", "toString")}
_ALSO_A_LIST = {("get", "/rest/api/2/issue/{issueIdOrKey}/remotelink")}
_LEAST_ERROR, _NO_CONTENT = 400, 204


@dataclass(frozen=True)
class _Operation:
    """One method of one path; `pattern` matches the paths that it serves."""

    method: str
    template: str
    pattern: re.Pattern[str]
    definition: Json

    @property
    def name(self) -> str:
        return f"{self.method.upper()} {self.template}"


@dataclass
class SpecChecker:
    """The operations and schemas of the document, ready to be asked."""

    operations: list[_Operation]
    schemas: Json
    _validators: dict[tuple[str, str], Draft202012Validator] = field(default_factory=dict)
    _passed: set[bytes] = field(default_factory=set)
    """What was found right already, as digests of schema, direction and value: servers say most things many times."""
    _known: dict[tuple[str, str], _Operation | None] = field(default_factory=dict)

    @classmethod
    @cache
    def load(cls, document: Path = DOCUMENT) -> "SpecChecker | None":
        """The checker, one for a document, or None where that is absent."""
        if not document.exists():
            return None
        spec = json.loads(document.read_text(encoding="utf-8"))
        # A literal segment beats a placeholder: /issue/bulkfetch before /issue/{issueIdOrKey}.
        operations = sorted(_operations(spec["paths"]), key=lambda one: one.template.replace("{", "~"))
        return cls(operations, spec["components"]["schemas"])

    def check_response(self, method: str, path: str, status: int, body: Any) -> None:
        """Assert that Jira could answer like this. `body` is the parsed JSON, None where there is none."""
        if "/rest/agile/" in path:
            return
        operation = self._operation(method, path)
        responses = operation.definition["responses"]
        if status >= _LEAST_ERROR:
            self._check_error(operation, status, body)
            return
        if str(status) not in responses:
            known = ", ".join(responses)
            raise AssertionError(f"{operation.name} answered {status}; the document knows {known}.")
        schema = _content_schema(responses[str(status)])
        if status == _NO_CONTENT or not schema:
            return
        if (operation.method, operation.template) in _ALSO_A_LIST and isinstance(body, list):
            schema = {"type": "array", "items": schema}
        self._check(schema, body, "response", f"{operation.name} answered {status}")

    def check_request(self, method: str, path: str, query: Query, body: Any) -> None:
        """Assert that Jira knows such a request: its parameters, its body, and nothing else."""
        if "/rest/agile/" in path:
            return
        operation = self._operation(method, path)
        self._check_query(operation, query)
        expected = operation.definition.get("requestBody")
        if expected is None:
            assert body is None, f"{operation.name} takes no body, but was sent one."
            return
        if body is None:
            assert not expected.get("required"), f"{operation.name} needs a body, but was sent none."
            return
        self._check(_content_schema(expected), body, "request", f"The body of {operation.name}")

    def knows(self, method: str, path: str) -> bool:
        """Whether the document has such a method of such a path."""
        return "/rest/agile/" in path or self._found(method, path) is not None

    def _operation(self, method: str, path: str) -> _Operation:
        found = self._found(method, path)
        if found is None:
            raise AssertionError(f"The document knows no {method.upper()} {path}.")
        return found

    def _found(self, method: str, path: str) -> _Operation | None:
        asked = (method, path)
        if asked not in self._known:
            self._known[asked] = self._sought(method, path)
        return self._known[asked]

    def _sought(self, method: str, path: str) -> _Operation | None:
        wanted = urlsplit(path).path
        wanted = wanted[max(0, wanted.find("/rest/")) :].replace("/rest/api/latest/", "/rest/api/2/")
        for operation in self.operations:
            if operation.method == method.lower() and operation.pattern.fullmatch(wanted):
                return operation
        return None

    def _check_error(self, operation: _Operation, status: int, body: Any) -> None:
        """Errors have many shapes; Jira's own is recognised by its messages and then has to be whole."""
        if isinstance(body, dict) and "errorMessages" in body:
            self._check({"$ref": f"{REF}ErrorCollection"}, body, "response", f"{operation.name} answered {status}")

    def _check_query(self, operation: _Operation, query: Query) -> None:
        known = {one["name"]: one for one in operation.definition.get("parameters", ()) if one["in"] == "query"}
        sent: dict[str, list[str]] = {}
        for name, value in query.items() if isinstance(query, Mapping) else query:
            values = value if isinstance(value, list | tuple) else [value]
            sent.setdefault(name, []).extend(_as_text(one) for one in values)
        for name, values in sent.items():
            if name not in known:
                allowed = ", ".join(known) or "none"
                raise AssertionError(f"{operation.name} has no parameter {name!r}; it has: {allowed}.")
            self._check_parameter(operation, known[name], values)
        for name, one in known.items():
            assert name in sent or not one.get("required"), f"{operation.name} needs the parameter {name!r}."

    def _check_parameter(self, operation: _Operation, parameter: Json, values: list[str]) -> None:
        schema, what = parameter["schema"], f"Parameter {parameter['name']!r} of {operation.name}"
        if schema.get("type") == "array":
            for value in (part for one in values for part in one.split(",")):
                self._check(schema["items"], _typed(value, schema["items"]), "request", what)
            return
        assert len(values) == 1, f"{what} was sent {len(values)} times."
        self._check(schema, _typed(values[0], schema), "request", what)

    def _check(self, schema: Json, value: Any, direction: Direction, what: str) -> None:
        known = sha256(json.dumps([schema, direction, value]).encode()).digest()
        if known in self._passed:
            return
        errors = sorted(self._validator(schema, direction).iter_errors(value), key=lambda one: list(one.path))
        if errors:
            told = "; ".join(f"{_place(one.absolute_path)}: {one.message[:300]}" for one in errors[:5])
            raise AssertionError(f"{what} differs from the document: {told}")
        self._passed.add(known)

    def _validator(self, schema: Json, direction: Direction) -> Draft202012Validator:
        key = (json.dumps(schema, sort_keys=True), direction)
        if key not in self._validators:
            root = {
                **converted_schema(schema, direction),
                "components": {"schemas": self._reached(schema, direction)},
            }
            self._validators[key] = Draft202012Validator(root, format_checker=FORMATS)
        return self._validators[key]

    def _reached(self, schema: Json, direction: Direction) -> Json:
        """The named schemas that a schema refers to, directly or not."""
        reached: Json = {}
        waiting = list(references(schema))
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached[name] = converted_schema(self.schemas[name], direction)
                for member in _NULLABLE.get(name, ()) if direction == "response" else ():
                    reached[name]["properties"][member]["type"] = ["string", "null"]
                waiting.extend(references(self.schemas[name]))
        return reached


def _operations(paths: Json) -> Iterator[_Operation]:
    for template, item in paths.items():
        parts = re.split(r"\{[^}]+\}", template)
        pattern = re.compile("[^/]+".join(re.escape(part) for part in parts))
        for method in ("get", "put", "post", "delete", "patch"):
            if method in item:
                yield _Operation(method, template, pattern, item[method])


def _content_schema(holder: Json) -> Json:
    """The JSON schema of a response or a request body, {} where anything goes."""
    for content_type, content in holder.get("content", {}).items():
        if "json" in content_type:
            schema: Json = content.get("schema", {})
            return schema
    return {}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _typed(text: str, schema: Json) -> Any:
    """A parameter's text as the type that the schema asks for; the text itself where it can't be that."""
    kind = schema.get("type")
    if kind == "integer" and text.lstrip("-").isdecimal():
        return int(text)
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def _place(path: Iterable[str | int]) -> str:
    return ".".join(str(one) for one in path) or "(all of it)"
